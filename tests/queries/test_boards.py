"""The list of all boards, and the snapshot of one."""

import pytest

from app.commands import boards, cards
from app.errors import NotFound
from app.queries import boards as board_queries
from app.store import Store
from tests.support import ANNA, Desk


def test_boards_are_listed_by_name_with_their_live_and_done_cards(store: Store) -> None:
    desk = Desk(store)
    for name in ("zebra", "Apple", "apple pie"):
        boards.create_board(store, name=name, actor=ANNA)
    listed = board_queries.list_boards(store)
    assert [board.name for board in listed] == ["Apple", "apple pie", "Release week", "zebra"]
    assert [(board.card_count, board.done_count) for board in listed] == [(0, 0), (0, 0), (5, 1), (0, 0)]
    assert listed[2].model_dump(exclude={"card_count", "done_count"}) == desk.view.board.model_dump()


def test_archived_boards_are_listed_apart(store: Store) -> None:
    desk = Desk(store)
    boards.create_board(store, name="live", actor=ANNA)
    desk.archive()
    assert [board.name for board in board_queries.list_boards(store)] == ["live"]
    assert [board.id for board in board_queries.list_boards(store, archived=True)] == [desk.id]


def test_a_snapshot_holds_the_live_cards_in_order(store: Store) -> None:
    desk = Desk(store)
    cards.move_card(store, desk.third, to_column=desk.todo, before=desk.first, actor=ANNA)
    view = board_queries.snapshot(store, "desk")
    assert view.lanes[desk.todo] == (desk.third, desk.first, desk.second)
    assert [card.id for card in view.lane(desk.todo)] == [desk.third, desk.first, desk.second]
    assert desk.shelved not in view.cards
    assert view.sequence == len(desk.changes())


@pytest.mark.parametrize("which", [999, 0, "NONE", "", "no key at all"])
def test_a_board_that_is_not_there_is_said_to_be_missing(store: Store, which: int | str) -> None:
    Desk(store)
    for query in (board_queries.snapshot, board_queries.find_board):
        with pytest.raises(NotFound):
            query(store, which)
