"""Any verbs in any order by agents and people, while time goes on: leases and fences keep to the rules."""

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from app.commands import boards, cards, claims, comments, leases
from app.errors import CardClaimed, CardDone, NotTheHolder, Refusal
from app.queries import activity
from app.queries import boards as board_queries
from app.store import Store
from app.store.rows import CLAIM
from app.views import Actor
from models.vocabulary import ActorKind, ColumnKind, Verb, Via
from tests.commands.plain_leases import PlainLeases, Refused
from tests.support import ANNA, ROBOT, Clock, assert_same_view, only

OTHER = Actor(name="Other", kind=ActorKind.AGENT, via=Via.MCP)
BO = Actor(name="Bo", kind=ActorKind.HUMAN, via=Via.REST)
ACTORS = st.sampled_from([ROBOT, OTHER, ANNA, BO, ROBOT, OTHER])
WHICH = st.integers(0, 2)
FENCE = st.sampled_from([None, "latest", "older"])
LEASE = st.sampled_from([10, 60])
BUSY = st.sampled_from([None, None, 30])


class Still(Clock):
    """Goes on only when it is told to."""

    def __call__(self) -> datetime:
        return self._base


@pytest.fixture
def clock() -> Clock:
    return Still()


class ClaimRules(RuleBasedStateMachine):
    keys = itertools.count(1)

    def __init__(self, store: Store, clock: Clock) -> None:
        super().__init__()
        self.store, self.clock = store, clock
        self.words = itertools.count()

    @initialize()
    def begin(self) -> None:
        columns = [boards.NewColumn("To do"), boards.NewColumn("Done", ColumnKind.DONE)]
        board = boards.create_board(self.store, name="R", key=f"R{next(self.keys)}", columns=columns, actor=ANNA)
        self.id = board.id
        self.todo = [cards.create_card(self.store, self.id, title="x", actor=ANNA).id for _ in range(3)]
        self.cards = list(self.todo)
        self.view = board_queries.snapshot(self.store, self.id)
        self.done_column = self.view.columns[1].id
        self.plain = PlainLeases(self.cards, self.clock)

    @rule(actor=ACTORS, which=WHICH, lease=LEASE, busy=BUSY)
    def claim(self, actor: Actor, which: int, lease: int, busy: int | None) -> None:
        card = self.cards[which]
        running = self.plain.running(card)
        refused: Refused = None
        if card not in self.todo:
            refused = CardDone
        elif running and running.by != actor and actor.kind is ActorKind.AGENT:
            refused = CardClaimed
        given = self.do(
            refused,
            lambda: claims.claim_card(self.store, card, lease_seconds=lease, busy_for=busy, actor=actor),
        )
        if given:
            self.plain.taken(card, actor, lease, busy)
            assert given.fence == self.plain.fences[card]

    @rule(actor=ACTORS, lease=LEASE)
    def claim_next(self, actor: Actor, lease: int) -> None:
        free = [card for card in self.todo if self.plain.running(card) is None]
        given = self.do(None, lambda: claims.claim_next_card(self.store, self.id, lease_seconds=lease, actor=actor))
        assert (given.id if given else None) == (free[0] if free else None)
        if given:
            self.plain.taken(given.id, actor, lease, None)

    @rule(actor=ACTORS, which=WHICH, fence=FENCE, lease=st.sampled_from([None, 10, 60]), busy=BUSY)
    def renew(self, actor: Actor, which: int, fence: str | None, lease: int | None, busy: int | None) -> None:
        card = self.cards[which]
        carried = self.plain.carried(card, fence)
        renewed = self.do(
            self.plain.as_holder(card, actor, carried),
            lambda: claims.renew_claim(
                self.store, card, lease_seconds=lease, busy_for=busy, actor=actor, fence=carried
            ),
        )
        if renewed:
            held = self.plain.held[card]
            self.plain.heard(card, actor)
            if lease or busy:
                held.lease = lease or held.lease
                held.busy_until = self.clock() + timedelta(seconds=busy) if busy else held.busy_until
                held.ends = self.plain.end(held)

    @rule(actor=ACTORS, which=WHICH, fence=FENCE)
    def report(self, actor: Actor, which: int, fence: str | None) -> None:
        card = self.cards[which]
        carried, text = self.plain.carried(card, fence), f"step {next(self.words)}"
        self.write(
            card,
            actor,
            self.plain.as_holder(card, actor, carried),
            lambda: claims.report_progress(self.store, card, text=text, actor=actor, fence=carried),
        )

    @rule(actor=ACTORS, which=WHICH, fence=FENCE)
    def edit(self, actor: Actor, which: int, fence: str | None) -> None:
        card = self.cards[which]
        carried, title = self.plain.carried(card, fence), f"title {next(self.words)}"
        self.write(
            card,
            actor,
            self.plain.as_guest(card, actor, carried),
            lambda: cards.update_card(self.store, card, changes={"title": title}, actor=actor, fence=carried),
        )

    @rule(actor=ACTORS, which=WHICH, fence=FENCE)
    def comment(self, actor: Actor, which: int, fence: str | None) -> None:
        card = self.cards[which]
        carried = self.plain.carried(card, fence)
        self.write(
            card,
            actor,
            self.plain.as_guest(card, actor, carried, comments=True),
            lambda: comments.add_comment(self.store, card, text="hm", actor=actor, fence=carried),
        )

    @rule(actor=ACTORS, which=WHICH, fence=FENCE)
    def release(self, actor: Actor, which: int, fence: str | None) -> None:
        card = self.cards[which]
        carried, running = self.plain.carried(card, fence), self.plain.running(card)
        refused = self.plain.as_guest(card, actor, carried, comments=True)
        if refused is None and running and running.by != actor and actor.kind is ActorKind.AGENT:
            refused = NotTheHolder
        if self.do(refused, lambda: claims.release_card(self.store, card, actor=actor, fence=carried)):
            ended = self.plain.held.pop(card, None)
            self.plain.expired += ended is not None and running is None

    @rule(actor=ACTORS, which=WHICH, fence=FENCE)
    def finish(self, actor: Actor, which: int, fence: str | None) -> None:
        card = self.cards[which]
        if card not in self.todo:
            self.do(None, lambda: cards.move_card(self.store, card, to_column=self.view.columns[0].id, actor=BO))
            self.todo.append(card)
            return
        carried = self.plain.carried(card, fence)
        if self.do(
            self.plain.as_guest(card, actor, carried),
            lambda: cards.move_card(self.store, card, to_column=self.done_column, actor=actor, fence=carried),
        ):
            self.todo.remove(card)
            self.plain.held.pop(card, None)

    @rule(actor=ACTORS, seconds=st.sampled_from([0, 4, 31]))
    def show_life(self, actor: Actor, seconds: int) -> None:
        self.clock.advance(seconds=seconds)
        self.do(None, lambda: leases.keep_alive(self.store, actor))
        for card in self.cards:
            self.plain.heard(card, actor)
            held = self.plain.running(card)
            if held and held.by == actor:
                claim = self.view.cards[card].claim
                assert claim is not None
                half = timedelta(seconds=held.lease / 2)
                assert claim.expires_at - self.clock() >= half, "who is at work never looks silent"

    @rule(seconds=st.sampled_from([1, 4, 10, 31, 61]))
    def time_goes_on(self, seconds: int) -> None:
        self.clock.advance(seconds=seconds)

    @rule()
    def sweep(self) -> None:
        self.do(None, lambda: leases.expire_claims(self.store))
        ended = [card for card in self.plain.held if self.plain.running(card) is None]
        self.plain.expired += len(ended)
        for card in ended:
            del self.plain.held[card]

    @invariant()
    def what_is_stored_is_what_is_said_here(self) -> None:
        if not hasattr(self, "plain"):
            return
        query = select(CLAIM).where(CLAIM.c.card_id.in_(self.cards))
        with self.store.reading() as connection:
            stored = {row.card_id: row for row in connection.execute(query)}
        assert {
            card: (row.holder, row.kind, row.fence, row.lease_seconds, row.kept_until) for card, row in stored.items()
        } == {
            card: (held.by.name, held.by.kind, held.fence, held.lease, held.ends)
            for card, held in self.plain.held.items()
        }
        for card, held in self.plain.held.items():
            claim = self.view.cards[card].claim
            assert claim is not None
            assert (claim.holder, claim.fence) == (held.by.name, held.fence)
            assert claim.expires_at <= held.ends, "nobody is told more than is true"

    def teardown(self) -> None:
        if not hasattr(self, "plain"):
            return
        changes = activity.changes_after(self.store, self.id, 0, 10_000)
        assert [change.sequence for change in changes] == list(range(1, self.view.sequence + 1))
        for card in self.cards:
            given = [
                change.data["card"]["claim"]["fence"]
                for change in changes
                if claimed(change.event, change.card_id, card)
            ]
            assert given == list(range(1, self.plain.fences[card] + 1)), "fences grow with every claim"
        assert sum(change.event is Verb.CLAIM_EXPIRED for change in changes) == self.plain.expired

    def write(self, card: int, actor: Actor, refused: Refused, command: Callable[[], Any]) -> None:
        if self.do(refused, command):
            self.plain.heard(card, actor)

    def do(self, refused: Refused, command: Callable[[], Any]) -> Any:
        """Run it: it is refused as the rules say and then changes nothing, or its changes lead to the fresh state."""
        before, answer = self.view, None
        try:
            answer = command()
        except Refusal as refusal:
            got: Refused = type(refusal)
        else:
            got = None
        assert got is refused
        self.view = board_queries.snapshot(self.store, self.id)
        changes = activity.changes_after(self.store, self.id, before.sequence, 100)
        assert not (refused and changes)
        for change in changes:
            before = before.apply(change)
        assert_same_view(before, self.view)
        return answer


def claimed(event: Verb, card_id: int | None, card: int) -> bool:
    return event is Verb.CARD_CLAIMED and card_id == card


@only("sqlite")
def test_random_verbs_keep_to_the_rules_of_leases(store: Store, clock: Clock) -> None:
    run_state_machine_as_test(
        lambda: ClaimRules(store, clock),
        settings=settings(max_examples=40, stateful_step_count=30),
    )


@only("postgresql")
def test_random_verbs_keep_to_the_rules_of_leases_on_postgresql_too(store: Store, clock: Clock) -> None:
    run_state_machine_as_test(
        lambda: ClaimRules(store, clock),
        settings=settings(max_examples=5, stateful_step_count=30),
    )
