"""Every statement of commands and queries finds its rows by an index: a big history must not slow a small board."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from app.queries import activity, cards, comments
from app.queries import boards as board_queries
from app.queries.agents import agents_of
from app.queries.card_order import Order, cursor_of
from app.queries.undo import plan_undo
from app.store import Store
from models.vocabulary import Priority
from tests.support import Desk, only
from tests.verbs import ACTS

BIG_TABLES = ("card", "activity", "comment", "board_column", "receipt")


@contextmanager
def statements() -> Iterator[dict[str, Any]]:
    """Every statement that runs meanwhile, with one set of its parameters."""
    seen: dict[str, Any] = {}

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        seen[statement] = parameters

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def scans(store: Store, statement: str, parameters: Any) -> list[str]:
    """The steps of the plan that read a big table from end to end."""
    with store.reading() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    return [row.detail for row in plan if row.detail.startswith("SCAN") and row.detail.split()[1] in BIG_TABLES]


def assert_indexed(store: Store, seen: dict[str, Any]) -> None:
    of_data = {s: p for s, p in seen.items() if s.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE")}
    assert of_data
    found = {statement: scans(store, statement, parameters) for statement, parameters in of_data.items()}
    assert {statement: steps for statement, steps in found.items() if steps} == {}


@only("sqlite")
def test_every_verb_finds_its_rows_by_an_index(store: Store) -> None:
    with statements() as seen:
        for number, (_, _, prepare) in enumerate(ACTS, start=1):
            prepare(Desk(store, key=f"D{number}"))()
    assert_indexed(store, seen)


@only("sqlite")
def test_every_query_finds_its_rows_by_an_index(store: Store) -> None:
    desk = Desk(store)
    with statements() as seen:
        board_queries.list_boards(store)
        board_queries.list_boards(store, archived=True)
        board_queries.find_board(store, desk.id)
        board_queries.find_board(store, "desk")
        board_queries.snapshot(store, desk.id)
        cards.get_card(store, desk.first)
        cards.get_card(store, "DESK-1")
        comments.list_comments(store, desk.first)
        activity.changes_after(store, desk.id, 3, 10)
        activity.changes_if_there(store, desk.id, 3, 10)
        activity.sequence_at(store, desk.id, store.clock())
        agents_of(store, desk.id)
        plan_undo(store, "DESK", name="Robot", since=0)
    assert_indexed(store, seen)


@only("sqlite")
def test_a_list_of_cards_finds_them_by_an_index(store: Store) -> None:
    """A search in texts reads every card it could be in, and a list of all cards is all of them."""
    desk = Desk(store)
    filters: list[dict[str, Any]] = [
        {"board_id": desk.id},
        {"board_id": desk.id, "archived": True},
        {"board_id": desk.id, "assignee": "Bo", "priority": Priority.HIGH},
        {"column_id": desk.todo},
        {"column_id": desk.todo, "archived": True},
        {"assignee": "Bo"},
        {"assignee": "Bo", "archived": True},
        {"priority": Priority.HIGH},
    ]
    for wishes in filters:
        with statements() as seen:
            cards.list_cards(store, **wishes)
            cards.list_cards(store, cursor=cursor_of(Order.OLDEST, None, 3), **wishes)
        assert_indexed(store, seen)
