"""One card, pages of cards, and their comments."""

from typing import Any

import pytest

from app.commands import cards, comments
from app.errors import InvalidInput, NotFound
from app.queries import cards as card_queries
from app.queries import comments as comment_queries
from app.store import Store
from models.vocabulary import Priority
from tests.support import ANNA, ROBOT, Desk


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


def found(desk: Desk, **wishes: Any) -> list[int]:
    return [card.id for card in card_queries.list_cards(desk.store, **wishes).cards]


def test_a_card_is_found_by_id_and_by_ref_even_when_archived(desk: Desk) -> None:
    by_id = card_queries.get_card(desk.store, desk.shelved)
    assert by_id == card_queries.get_card(desk.store, "desk-6")
    assert by_id.archived_at is not None
    assert card_queries.get_card(desk.store, "DESK-1") == desk.card(desk.first)


@pytest.mark.parametrize("which", [999, 0, "DESK-99", "NONE-1", "DESK", "", "1"])
def test_a_card_that_is_not_there_is_said_to_be_missing(desk: Desk, which: int | str) -> None:
    for query in (card_queries.get_card, comment_queries.list_comments):
        with pytest.raises(NotFound):
            query(desk.store, which)  # type: ignore[operator]


def test_cards_are_listed_by_what_they_are(desk: Desk) -> None:
    other = Desk(desk.store, key="OTHER")
    cards.update_card(desk.store, desk.second, changes={"assignee": "Bo", "priority": "high"}, actor=ANNA)
    cards.update_card(desk.store, other.busy, changes={"assignee": "Bo"}, actor=ANNA)
    everything = [desk.first, desk.second, desk.third, desk.busy, desk.finished]
    assert found(desk, board_id=desk.id) == everything
    assert found(desk, column_id=desk.todo) == everything[:3]
    assert found(desk, board_id=desk.id, archived=True) == [desk.shelved]
    assert found(desk, assignee="Bo") == [desk.second, other.busy]
    assert found(desk, assignee="Bo", board_id=other.id) == [other.busy]
    assert found(desk, priority=Priority.HIGH) == [desk.second]
    assert found(desk, assignee="Nobody") == []


@pytest.mark.parametrize(
    ("q", "titles"),
    [
        ("rocket", ["Rocket", "fuel", "pad"]),
        ("ROCKET", ["Rocket", "fuel", "pad"]),
        ("100%", ["100% sure"]),
        ("100_", []),
        ("_", ["snake_case"]),
        ("\\", ["back\\slash"]),
        ("nothing like it", []),
    ],
)
def test_a_search_finds_text_in_titles_descriptions_and_criteria(desk: Desk, q: str, titles: list[str]) -> None:
    desk.add("Rocket")
    desk.add("fuel", description="for the rocket")
    desk.add("pad", acceptance_criteria="holds a Rocket")
    for title in ("100% sure", "1000", "snake_case", "back\\slash"):
        desk.add(title)
    assert [card.title for card in card_queries.list_cards(desk.store, q=q).cards] == titles


@pytest.mark.parametrize("q", ["été à zürich", "ÉTÉ À ZÜRICH", "Été", "ZÜR"])
def test_a_search_does_not_mind_the_case_of_any_letter(desk: Desk, q: str) -> None:
    desk.add("Été à Zürich")
    assert [card.title for card in card_queries.list_cards(desk.store, q=q).cards] == ["Été à Zürich"]


def test_pages_neither_skip_nor_repeat_while_cards_move(desk: Desk) -> None:
    seen: list[int] = []
    cursor = None
    while True:
        page = card_queries.list_cards(desk.store, board_id=desk.id, limit=2, cursor=cursor)
        seen += [card.id for card in page.cards]
        cards.move_card(desk.store, desk.third, to_column=desk.todo, before=desk.first, actor=ANNA)
        cards.move_card(desk.store, desk.third, to_column=desk.done, actor=ANNA)
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == [desk.first, desk.second, desk.third, desk.busy, desk.finished]


def test_the_last_page_that_is_just_full_has_no_next(desk: Desk) -> None:
    page = card_queries.list_cards(desk.store, board_id=desk.id, limit=5)
    assert (len(page.cards), page.next_cursor) == (5, None)


@pytest.mark.parametrize(
    "wishes", [{"limit": 0}, {"limit": 501}, {"cursor": "x"}, {"cursor": "-1"}, {"cursor": "9" * 19}]
)
def test_a_page_that_cannot_be_is_refused(desk: Desk, wishes: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as caught:
        card_queries.list_cards(desk.store, **wishes)
    assert caught.value.data["field"] in wishes


def test_comments_are_listed_oldest_first(desk: Desk) -> None:
    last = comments.add_comment(desk.store, desk.first, text="second", actor=ANNA)
    comments.edit_comment(desk.store, desk.remark, text="first", actor=ROBOT)
    assert [comment.text for comment in comment_queries.list_comments(desk.store, "DESK-1")] == ["first", "second"]
    assert comment_queries.list_comments(desk.store, desk.first)[-1] == last
    assert comment_queries.list_comments(desk.store, desk.second) == []
