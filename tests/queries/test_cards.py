"""One card, pages of cards, and their comments."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.commands import cards, claims, comments, labels, links
from app.errors import InvalidInput, NotFound
from app.queries import cards as card_queries
from app.queries import comments as comment_queries
from app.queries.card_order import Order, cursor_of
from app.store import Store
from models.types import LARGEST_ID
from models.vocabulary import Priority
from tests.support import ANNA, ROBOT, Desk, only


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


@pytest.mark.parametrize("which", [999, 0, LARGEST_ID, "DESK-99", "NONE-1", "DESK", "", "1"])
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


@pytest.mark.parametrize("sort", list(Order))
def test_pages_in_any_order_neither_skip_nor_repeat_while_others_move_cards(desk: Desk, sort: Order) -> None:
    with desk.store.joining():
        for number in range(20):
            due = None if number % 3 == 0 else f"2030-01-{1 + number % 5:02}T00:00:00+00:00"
            desk.add(f"{'Öäz'[number % 3]} {number % 4}", priority=tuple(Priority)[number % 4], due_at=due)
    whole = found(desk, sort=sort, limit=500)
    assert len(set(whole)) == 25
    stop = threading.Event()

    def move_on() -> None:
        while not stop.is_set():
            for card in whole:
                cards.move_card(desk.store, card, to_column=desk.review, actor=ANNA)
                cards.move_card(desk.store, card, to_column=desk.todo, before=desk.second, actor=ANNA)

    with ThreadPoolExecutor(1) as pool:
        moving = pool.submit(move_on)
        try:
            seen, cursor = [], None
            while True:
                page = card_queries.list_cards(desk.store, sort=sort, limit=4, cursor=cursor)
                seen += [card.id for card in page.cards]
                cursor = page.next_cursor
                if cursor is None:
                    break
        finally:
            stop.set()
        moving.result()
    assert seen == whole


def test_each_order_is_what_it_says(desk: Desk) -> None:
    cards.update_card(desk.store, desk.third, changes={"priority": "urgent", "title": "a last one"}, actor=ANNA)
    cards.update_card(desk.store, desk.busy, changes={"due_at": "2030-01-01T00:00:00Z"}, actor=ANNA)
    everything = [desk.first, desk.second, desk.third, desk.busy, desk.finished]
    assert found(desk, sort=Order.OLDEST) == everything
    assert found(desk, sort=Order.NEWEST) == everything[::-1]
    assert found(desk, sort=Order.PRIORITY) == [desk.third, desk.first, desk.second, desk.busy, desk.finished]
    assert found(desk, sort=Order.DUE) == [desk.busy, desk.first, desk.second, desk.third, desk.finished]
    assert found(desk, sort=Order.TITLE) == [desk.third, desk.busy, desk.first, desk.second, desk.finished]


def test_a_cursor_is_for_the_order_it_was_made_in(desk: Desk) -> None:
    cursor = card_queries.list_cards(desk.store, sort=Order.TITLE, limit=1).next_cursor
    with pytest.raises(InvalidInput) as caught:
        card_queries.list_cards(desk.store, sort=Order.DUE, cursor=cursor)
    assert caught.value.data["field"] == "cursor"
    assert "sort=title" in caught.value.detail


def test_cards_are_listed_by_what_is_on_them(desk: Desk) -> None:
    docs = labels.create_label(desk.store, desk.id, name="Döcs", actor=ANNA).id
    labels.add_label(desk.store, desk.second, docs, actor=ANNA)
    other = Desk(desk.store, key="OTHER")
    named_like_it = labels.create_label(desk.store, other.id, name=str(docs), actor=ANNA).id
    labels.add_label(desk.store, other.first, named_like_it, actor=ANNA)
    assert found(desk, label="DÖCS") == [desk.second]
    assert found(desk, label=docs) == found(desk, label=str(docs)) == [desk.second, other.first]
    assert found(desk, label="none") == []
    claims.claim_card(desk.store, desk.third, actor=ROBOT)
    assert found(desk, board_id=desk.id, claimed=True) == [desk.third]
    assert desk.third not in found(desk, board_id=desk.id, claimed=False)
    for blocker in (desk.second, desk.finished):
        links.block_card(desk.store, desk.first, blocker, actor=ANNA)
    links.block_card(desk.store, desk.busy, desk.finished, actor=ANNA)
    assert found(desk, board_id=desk.id, blocked=True) == [desk.first]
    assert found(desk, column_id=desk.todo, blocked=False) == [desk.second, desk.third]
    cards.archive_card(desk.store, desk.second, actor=ANNA)
    assert found(desk, board_id=desk.id, blocked=True) == []


@pytest.mark.parametrize("label", [LARGEST_ID, str(LARGEST_ID + 1), "9" * 18])
def test_a_number_that_is_no_label_finds_nothing(desk: Desk, label: int | str) -> None:
    assert found(desk, label=label) == []


def test_a_search_finds_what_comments_say_and_each_card_once(desk: Desk) -> None:
    for text in ("Die Prüfung fehlt", "noch eine PRÜFUNG"):
        comments.add_comment(desk.store, desk.second, text=text, actor=ROBOT)
    assert found(desk, q="prüfung") == found(desk, q="PRÜFUNG") == [desk.second]
    assert found(desk, q="prüfung", column_id=desk.doing) == []


def test_the_last_page_that_is_just_full_has_no_next(desk: Desk) -> None:
    page = card_queries.list_cards(desk.store, board_id=desk.id, limit=5)
    assert (len(page.cards), page.next_cursor) == (5, None)


@only("sqlite")
@pytest.mark.parametrize(
    "wishes",
    [
        {"limit": 0},
        {"limit": 501},
        *({"cursor": cursor} for cursor in ("", "x", "-1", "9" * 19, "é", "W10", "WzFd", "[]")),
        {"cursor": cursor_of(Order.OLDEST, None, LARGEST_ID + 1)},
        {"cursor": cursor_of(Order.OLDEST, "x", 1)},
        {"cursor": cursor_of(Order.PRIORITY, "soon", 1), "sort": Order.PRIORITY},
        {"cursor": cursor_of(Order.DUE, "2030-01-01", 1), "sort": Order.DUE},
        {"cursor": cursor_of(Order.DUE, "0001-01-01T00:00:00+14:00", 1), "sort": Order.DUE},
        {"cursor": cursor_of(Order.TITLE, "a\x00", 1), "sort": Order.TITLE},
        {"cursor": cursor_of(Order.TITLE, None, 1), "sort": Order.TITLE},
    ],
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
