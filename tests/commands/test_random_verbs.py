"""Any verbs in any order, with stale anchors and refusals: the board, its changes, and plain lists agree."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from app.commands import boards, cards, columns, comments
from app.errors import Refusal
from app.queries import activity
from app.queries import boards as board_queries
from app.store import Store
from app.views import BoardView, Change
from models.vocabulary import ColumnKind
from tests.support import ANNA, ROBOT, assert_same_view, only, view_before_creation

SOME = st.integers(0, 1000)
"""Which of the things there are, counted round and round."""
PLACE = st.sampled_from([None, "before", "after"])


class PlainBoard:
    """What a board is, said in lists: columns in order, and in each its cards in order, archived ones included."""

    def __init__(self, column_ids: list[int]) -> None:
        self.columns = column_ids
        self.lanes: dict[int, list[int]] = {column: [] for column in column_ids}
        self.limits: dict[int, int | None] = dict.fromkeys(column_ids)
        self.archived: set[int] = set()
        self.deleted: list[int] = []
        self.comments: dict[int, int] = {}

    @property
    def cards(self) -> list[int]:
        return [card for column in self.columns for card in self.lanes[column]]

    def live(self, column: int) -> list[int]:
        return [card for card in self.lanes[column] if card not in self.archived]

    def column_of(self, card: int) -> int:
        return next(column for column, lane in self.lanes.items() if card in lane)

    def is_full(self, column: int) -> bool:
        limit = self.limits[column]
        return limit is not None and len(self.live(column)) >= limit


def placed(order: list[int], item: int, how: str | None, anchor: int) -> list[int]:
    others = [other for other in order if other != item]
    if how is None or anchor not in others:
        return [*others, item]
    at = others.index(anchor) + (how == "after")
    return [*others[:at], item, *others[at:]]


class RandomVerbs(RuleBasedStateMachine):
    keys = itertools.count(1)

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store

    @initialize()
    def begin(self) -> None:
        wished = [
            boards.NewColumn("A"),
            boards.NewColumn("B", ColumnKind.ACTIVE),
            boards.NewColumn("C", ColumnKind.DONE),
        ]
        board = boards.create_board(self.store, name="R", key=f"R{next(self.keys)}", columns=wished, actor=ANNA)
        self.id = board.id
        self.view = self.fresh()
        self.plain = PlainBoard([column.id for column in self.view.columns])
        self.states = [view_before_creation(self.view), self.view]

    @rule(column=SOME, how=PLACE, anchor=SOME)
    def create_card(self, column: int, how: str | None, anchor: int) -> None:
        to, near = self.some(self.plain.columns, column), self.some_card(anchor)
        made = self.do(
            not self.plain.is_full(to),
            lambda: cards.create_card(self.store, self.id, title="x", column_id=to, actor=ANNA, **place(how, near)),
        )
        if made:
            self.plain.lanes[to] = placed(self.plain.lanes[to], made.id, how, near)

    @rule(card=SOME, column=SOME, how=PLACE, anchor=SOME)
    def move_card(self, card: int, column: int, how: str | None, anchor: int) -> None:
        to, which, near = self.some(self.plain.columns, column), self.some_card(card), self.some_card(anchor)
        present = which in self.plain.cards
        allowed = present and which not in self.plain.archived
        if allowed and self.plain.column_of(which) != to:
            allowed = not self.plain.is_full(to)
        moved = self.do(
            allowed, lambda: cards.move_card(self.store, which, to_column=to, actor=ANNA, **place(how, near))
        )
        if moved:
            order = placed(self.plain.lanes[to], which, how, near)
            self.plain.lanes[self.plain.column_of(which)].remove(which)
            self.plain.lanes[to] = order

    @rule(card=SOME, title=st.sampled_from(["x", "y", "z"]))
    def update_card(self, card: int, title: str) -> None:
        which = self.some_card(card)
        allowed = which in self.plain.cards and which not in self.plain.archived
        self.do(allowed, lambda: cards.update_card(self.store, which, changes={"title": title}, actor=ROBOT))

    @rule(card=SOME)
    def archive_card(self, card: int) -> None:
        which = self.some_card(card)
        if self.do(which in self.plain.cards, lambda: cards.archive_card(self.store, which, actor=ANNA)):
            self.plain.archived.add(which)

    @rule(card=SOME)
    def restore_card(self, card: int) -> None:
        which = self.some(sorted(self.plain.archived) or self.plain.cards, card)
        archived = which in self.plain.archived
        allowed = which in self.plain.cards and not (archived and self.plain.is_full(self.plain.column_of(which)))
        if self.do(allowed, lambda: cards.restore_card(self.store, which, actor=ANNA)):
            self.plain.archived.discard(which)

    @rule(card=SOME)
    def delete_card(self, card: int) -> None:
        which = self.some_card(card)
        if self.do(which in self.plain.cards, lambda: cards.delete_card(self.store, which, actor=ANNA)):
            self.plain.lanes[self.plain.column_of(which)].remove(which)
            self.plain.archived.discard(which)
            self.plain.deleted.append(which)
            self.plain.comments = {comment: on for comment, on in self.plain.comments.items() if on != which}

    @rule(how=PLACE, anchor=SOME)
    def create_column(self, how: str | None, anchor: int) -> None:
        near = self.some(self.plain.columns, anchor)
        made = self.do(
            len(self.plain.columns) < 50,
            lambda: columns.create_column(self.store, self.id, name="N", actor=ANNA, **place(how, near)),
        )
        if made:
            self.plain.columns = placed(self.plain.columns, made.id, how, near)
            self.plain.lanes[made.id], self.plain.limits[made.id] = [], None

    @rule(column=SOME, how=PLACE, anchor=SOME)
    def move_column(self, column: int, how: str | None, anchor: int) -> None:
        which, near = self.some(self.plain.columns, column), self.some(self.plain.columns, anchor)
        self.do(True, lambda: columns.move_column(self.store, which, actor=ANNA, **place(how, near)))
        self.plain.columns = placed(self.plain.columns, which, how, near)

    @rule(column=SOME, limit=st.sampled_from([None, 1, 2, 5]), kind=st.sampled_from(ColumnKind))
    def update_column(self, column: int, limit: int | None, kind: ColumnKind) -> None:
        which = self.some(self.plain.columns, column)
        changes = {"wip_limit": limit, "kind": kind}
        self.do(True, lambda: columns.update_column(self.store, which, changes=changes, actor=ANNA))
        self.plain.limits[which] = limit

    @rule(column=SOME, onto=SOME, named=st.booleans())
    def delete_column(self, column: int, onto: int, named: bool) -> None:
        which, to = self.some(self.plain.columns, column), self.some(self.plain.columns, onto)
        others = [other for other in self.plain.columns if other != which]
        allowed = bool(others) and (to != which if named else not self.plain.live(which))
        if allowed and named and self.plain.live(which) and self.plain.limits[to] is not None:
            allowed = len(self.plain.live(to)) + len(self.plain.live(which)) <= self.plain.limits[to]
        before = self.view.sequence
        self.do(
            allowed,
            lambda: columns.delete_column(self.store, which, move_cards_to=to if named else None, actor=ANNA) or True,
        )
        if self.view.sequence > before:
            to = to if named else others[max(self.plain.columns.index(which) - 1, 0)]
            self.plain.lanes[to] += self.plain.lanes.pop(which)
            self.plain.columns = others

    @rule(card=SOME)
    def add_comment(self, card: int) -> None:
        which = self.some_card(card)
        made = self.do(
            which in self.plain.cards, lambda: comments.add_comment(self.store, which, text="hm", actor=ANNA)
        )
        if made:
            self.plain.comments[made.id] = which

    @rule(comment=SOME, mine=st.booleans(), deletes=st.booleans())
    def change_comment(self, comment: int, mine: bool, deletes: bool) -> None:
        which, actor = self.some(sorted(self.plain.comments), comment), ANNA if mine else ROBOT
        allowed = mine and which in self.plain.comments
        if deletes:
            if self.do(allowed, lambda: comments.delete_comment(self.store, which, actor=actor)):
                del self.plain.comments[which]
        else:
            self.do(allowed, lambda: comments.edit_comment(self.store, which, text="oh", actor=actor))

    @invariant()
    def the_board_is_what_the_lists_say(self) -> None:
        if hasattr(self, "plain"):
            assert [column.id for column in self.view.columns] == self.plain.columns
            assert {column: list(lane) for column, lane in self.view.lanes.items()} == {
                column: self.plain.live(column) for column in self.plain.columns
            }
            said = [card for card in self.plain.comments.values()]
            for card in self.view.cards.values():
                assert card.comment_count == said.count(card.id)

    def teardown(self) -> None:
        if not hasattr(self, "states"):
            return
        changes = self.changes(0)
        assert [change.sequence for change in changes] == list(range(1, self.view.sequence + 1))
        for state in self.states:
            for change in changes[state.sequence :]:
                state = state.apply(change)
            assert_same_view(state, self.view)

    def do(self, allowed: bool, command: Callable[[], Any]) -> Any:
        """Run it: at most one change, which leads to the fresh state; none at all when it is refused."""
        before = self.view
        try:
            answer = command()
        except Refusal:
            assert not allowed
            answer = None
        else:
            assert allowed
        self.view = self.fresh()
        made = self.changes(before.sequence)
        assert len(made) <= (1 if allowed else 0)
        copy = before.apply(made[0]) if made else before
        assert_same_view(copy, self.view)
        if made:
            self.states.append(self.view)
        return answer

    def fresh(self) -> BoardView:
        return board_queries.snapshot(self.store, self.id)

    def changes(self, since: int) -> list[Change]:
        return activity.changes_after(self.store, self.id, since, 10_000)

    def some(self, things: list[int], which: int) -> int:
        return things[which % len(things)] if things else 0

    def some_card(self, which: int) -> int:
        """A card of the board, or one that was deleted."""
        return self.some([*self.plain.cards, *self.plain.deleted[-2:]], which)


def place(how: str | None, anchor: int) -> dict[str, int]:
    return {how: anchor} if how else {}


def try_out(store: Store, examples: int) -> None:
    run_state_machine_as_test(
        lambda: RandomVerbs(store), settings=settings(max_examples=examples, stateful_step_count=35)
    )


@pytest.mark.timeout(300)
@only("sqlite")
def test_random_verbs_leave_board_changes_and_lists_in_agreement(store: Store) -> None:
    try_out(store, 60)


@only("postgresql")
def test_random_verbs_leave_all_in_agreement_on_postgresql_too(store: Store) -> None:
    try_out(store, 10)
