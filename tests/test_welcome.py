"""The boards that are there before anybody made one."""

import pytest

from app.commands import boards as board_commands
from app.demo import AGENTS, WIP_LIMIT, DemoClock, demo
from app.queries import activity, boards
from app.store import Store, utc_now
from app.welcome import AGENT_CARD, KEY, US, welcome

URL = "http://127.0.0.1:8000"


@pytest.fixture
def clock():
    return DemoClock(utc_now)


@pytest.fixture
def empty(tmp_path, clock):
    store = Store.open(f"sqlite:///{tmp_path / 'boards.db'}", clock=clock)
    yield store
    store.close()


def test_the_welcome_board_is_made_once(empty):
    welcome(empty, URL)
    welcome(empty, URL)

    assert [board.key for board in boards.list_boards(empty)] == [KEY]


@pytest.mark.parametrize("archived", [False, True])
def test_who_has_a_board_needs_no_welcome(empty, archived):
    board = board_commands.create_board(empty, name="Mine", actor=US)
    if archived:
        board_commands.archive_board(empty, board.id, actor=US)

    welcome(empty, URL)

    assert len(boards.list_boards(empty) + boards.list_boards(empty, archived=True)) == 1


def test_the_card_for_agents_tells_how_to_move_that_very_card(empty):
    welcome(empty, URL)

    board = boards.snapshot(empty, KEY)
    card = next(card for card in board.cards.values() if "agent move this card" in card.title)
    assert card.ref == f"{KEY}-{AGENT_CARD}"
    assert f"{URL}/api/v1/cards/{card.ref}/move" in card.description
    assert f'{{"column_id": {board.columns[1].id}}}' in card.description


def test_the_demo_has_a_past_in_order(empty, clock):
    demo(empty, clock)

    board = boards.snapshot(empty, "DEMO")
    changes = activity.changes_after(empty, board.board.id, 0, 1000)
    assert [change.at for change in changes] == sorted(change.at for change in changes)
    assert (changes[-1].at - changes[0].at).days >= 13
    assert changes[-1].at <= utc_now()
    assert all(board.lane(column.id) for column in board.columns)
    assert len(board.lane(board.columns[1].id)) == board.columns[1].wip_limit == WIP_LIMIT
    assert {card.assignee for card in board.cards.values()} == {"Ana", "Ben", "Mei", "Otto", None, *AGENTS}


def test_the_demo_shows_what_agents_and_gates_are(empty, clock):
    demo(empty, clock)

    board = boards.snapshot(empty, "DEMO")
    cards = list(board.cards.values())
    assert {card.claim.holder for card in cards if card.claim and card.progress} == set(AGENTS)
    assert all(card.claim.expires_at > utc_now() for card in cards if card.claim)
    gated = next(column for column in board.columns if column.requires)
    assert any(board.open_blockers(card) for card in cards)
    assert any(not item.done for card in board.lane(board.columns[1].id) for item in card.checklist)
    assert all(item.done for card in board.lane(gated.id) for item in card.checklist)
    assert any(card.due_at for card in cards)
    assert any(card.labels for card in cards)
