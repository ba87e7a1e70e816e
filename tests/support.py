"""Words that many tests share: actors, a clock that is set, a board with work on it, and what must be equal."""

import asyncio
import itertools
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.commands import boards, cards, columns, comments
from app.feed import Feed
from app.queries import activity
from app.queries import boards as board_queries
from app.store import Store
from app.store.rows import COLUMN
from app.views import Actor, BoardView, CardView, Change, ColumnView
from models.tables import TABLES
from models.types import table_of
from models.vocabulary import ActorKind, ColumnKind, Via

ANNA = Actor(name="Anna", kind=ActorKind.HUMAN, via=Via.UI)
ROBOT = Actor(name="Robot", kind=ActorKind.AGENT, via=Via.REST)


def only(backend: str) -> pytest.MarkDecorator:
    """Run the test on `sqlite` or on `postgresql` alone."""
    return pytest.mark.parametrize("database_url", [backend], indirect=True)


class Clock:
    """Stands where it is set and goes a millisecond further each time it is read."""

    START = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)

    def __init__(self) -> None:
        self._base = self.START
        self._reads = itertools.count()

    def __call__(self) -> datetime:
        return self._base + timedelta(milliseconds=next(self._reads))

    def advance(self, **by: float) -> None:
        self._base += timedelta(**by)


class Desk:
    """A board with work on it: three cards to do, one of at most three in progress, one done, one archived."""

    def __init__(self, store: Store, key: str = "DESK") -> None:
        self.store = store
        with store.joining():  # one transaction: it is quicker
            self._furnish(key)

    def _furnish(self, key: str) -> None:
        store = self.store
        self.board = boards.create_board(
            store,
            name="Release week",
            key=key,
            columns=[
                boards.NewColumn("To do"),
                boards.NewColumn("Doing", ColumnKind.ACTIVE, 3),
                boards.NewColumn("Review", ColumnKind.ACTIVE),
                boards.NewColumn("Done", ColumnKind.DONE),
            ],
            actor=ANNA,
        )
        self.id = self.board.id
        with store.joining() as unit:
            in_order = select(COLUMN.c.id).where(COLUMN.c.board_id == self.id).order_by(COLUMN.c.rank)
            self.todo, self.doing, self.review, self.done = unit.connection.execute(in_order).scalars()
        self.first, self.second, self.third = (self.add(f"Card {word}") for word in ("one", "two", "three"))
        self.busy = self.add("Busy", column_id=self.doing)
        self.finished = self.add("Finished", column_id=self.done)
        self.shelved = self.add("Shelved")
        cards.archive_card(store, self.shelved, actor=ANNA)
        self.remark = comments.add_comment(store, self.first, text="A first thought", actor=ROBOT).id

    @property
    def view(self) -> BoardView:
        return board_queries.snapshot(self.store, self.id)

    @property
    def sequence(self) -> int:
        return self.view.sequence

    def add(self, title: str, **wishes: Any) -> int:
        return cards.create_card(self.store, self.id, title=title, actor=ANNA, **wishes).id

    def card(self, card_id: int) -> CardView:
        return self.view.cards[card_id]

    def column(self, column_id: int) -> ColumnView:
        found = self.view.column(column_id)
        assert found is not None
        return found

    def lane(self, column_id: int) -> list[int]:
        return list(self.view.lanes[column_id])

    def changes(self, since: int = 0) -> list[Change]:
        return activity.changes_after(self.store, self.id, since, 100_000)

    def archive(self) -> None:
        boards.archive_board(self.store, self.id, actor=ANNA)

    def set_limit(self, column_id: int, wip_limit: int) -> None:
        columns.update_column(self.store, column_id, changes={"wip_limit": wip_limit}, actor=ANNA)


def view_before_creation(view: BoardView) -> BoardView:
    """What the first change of a board is applied to: the board without a column and without a change."""
    return BoardView.build(view.board.model_copy(update={"sequence": 0}), [], [])


def assert_same_view(view: BoardView, fresh: BoardView) -> None:
    """Equal in value and in kind of value: a priority that is plain text, say, would serialise otherwise."""
    assert view == fresh
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert view.model_dump(mode="json") == fresh.model_dump(mode="json")


def rows(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that is stored, by table."""
    with store.reading() as connection:
        tables = [table_of(model) for model in TABLES]
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in tables
        }


@contextmanager
def nothing_stored(store: Store) -> Iterator[None]:
    """Not one row differs afterwards, and nobody is told of a change."""
    before, listener = rows(store), store.on_commit
    told: list[Change] = []
    store.on_commit = told.extend
    yield
    store.on_commit = listener
    assert rows(store) == before
    assert told == []


async def until(condition: Callable[[], Any], seconds: float = 10) -> None:
    """Wait for a condition, not for a time: looks again whenever the loop has had a turn."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def until_current(feed: Feed, desk: Desk) -> None:
    """Wait until the feed has heard of what was written past it."""
    last = desk.sequence
    async with asyncio.timeout(10):
        while (await feed.view(desk.id)).sequence < last:  # noqa: ASYNC110
            await asyncio.sleep(0.005)


def assert_gap_free(desk: Desk) -> None:
    """The changes are numbered from 1 on, and lead from nothing to the board as it is."""
    changes = desk.changes()
    assert [change.sequence for change in changes] == list(range(1, desk.sequence + 1))
    view = view_before_creation(desk.view)
    for change in changes:
        view = view.apply(change)
    assert_same_view(view, desk.view)
