"""Signs of life keep leases and silence ends them, whatever time it is and whatever becomes of the database."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.engine import Engine

from app.commands import claims
from app.errors import StoreUnavailable
from app.leases import Leases
from app.store import Store, utc_now
from app.store.clock import DatabaseClock
from app.store.rows import CLAIM
from app.views import ANONYMOUS, SYSTEM, Actor
from models.vocabulary import ActorKind, Verb, Via
from tests.support import ROBOT, Clock, Desk, only, until

OTHER = Actor(name="Other", kind=ActorKind.AGENT, via=Via.MCP)
ON_TWO_SERVERS = only("postgresql")


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


@pytest.fixture
def leases(store: Store) -> Leases:
    return Leases(store)


class Rounds:
    """The pause between two rounds of the sweeper lasts until the test wants another."""

    def __init__(self) -> None:
        self.ended = 0
        self._next = asyncio.Event()

    async def pause(self, seconds: float) -> None:
        self.ended += 1
        await self._next.wait()
        self._next.clear()

    async def another(self) -> None:
        before = self.ended
        self._next.set()
        await until(lambda: self.ended > before)


@pytest.fixture
async def rounds() -> Rounds:
    return Rounds()


@pytest.fixture
async def sweeping(store: Store, rounds: Rounds) -> AsyncIterator[Leases]:
    running = Leases(store, pause=rounds.pause)
    await running.start()
    await until(lambda: rounds.ended)
    yield running
    await running.stop()


def claim(desk: Desk, card: int, seconds: int, actor: Actor = ROBOT) -> None:
    claims.claim_card(desk.store, card, lease_seconds=seconds, actor=actor)


def holder(desk: Desk, card: int) -> str | None:
    held = desk.card(card).claim
    return None if held is None else held.holder


def told(desk: Desk, since: int) -> list[tuple[Verb, str]]:
    return [(change.event, change.actor.name) for change in desk.changes(since)]


async def test_the_silent_lose_their_claims_and_the_others_do_not(
    desk: Desk, clock: Clock, sweeping: Leases, rounds: Rounds
) -> None:
    claim(desk, desk.first, 10)
    claim(desk, desk.second, 10, OTHER)
    before = desk.sequence
    for _ in range(3):
        clock.advance(seconds=4)
        await sweeping.alive(OTHER)
        await rounds.another()
    assert (holder(desk, desk.first), holder(desk, desk.second)) == (None, "Other")
    events = told(desk, before)
    assert events.count((Verb.CLAIM_EXPIRED, SYSTEM.name)) == 1
    assert set(events) == {(Verb.CLAIM_EXPIRED, SYSTEM.name), (Verb.CLAIM_RENEWED, "Other")}


async def test_a_sign_of_life_renews_every_lease_and_tells_only_when_half_is_gone(
    desk: Desk, clock: Clock, leases: Leases
) -> None:
    claim(desk, desk.first, 100)
    claim(desk, desk.second, 1000)
    before = desk.sequence
    clock.advance(seconds=49)
    await leases.alive(ROBOT)
    assert desk.sequence == before
    clock.advance(seconds=2)
    untouched = desk.card(desk.first)
    await leases.alive(ROBOT)
    assert told(desk, before) == [(Verb.CLAIM_RENEWED, "Robot")]
    after = desk.card(desk.first)
    assert after.claim is not None
    assert after.claim.expires_at >= desk.changes(before)[0].at + timedelta(seconds=100)
    assert after.model_copy(update={"claim": untouched.claim}) == untouched
    clock.advance(seconds=990)
    await leases.sweep()
    assert (holder(desk, desk.first), holder(desk, desk.second)) == (None, "Robot")


async def test_what_has_ended_is_not_revived(desk: Desk, clock: Clock, leases: Leases) -> None:
    claim(desk, desk.first, 10)
    clock.advance(seconds=11)
    before = desk.sequence
    await leases.alive(ROBOT)
    await leases.sweep()
    assert told(desk, before) == [(Verb.CLAIM_EXPIRED, SYSTEM.name)]


@only("sqlite")
async def test_many_calls_ask_the_database_seldom_and_strangers_hardly(
    desk: Desk, clock: Clock, leases: Leases
) -> None:
    asked: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        asked.append(statement)

    claim(desk, desk.first, 10)
    event.listen(Engine, "before_cursor_execute", note)
    try:
        for _ in range(20):
            await leases.alive(OTHER)
            await leases.alive(Actor(name=ANONYMOUS, kind=ActorKind.AGENT, via=Via.REST))
        assert len(asked) == 1
        clock.advance(seconds=0.5)
        await leases.alive(ROBOT)
        assert not any(statement.startswith("UPDATE") for statement in asked), "half a second is not worth a write"
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def test_the_shortest_lease_that_is_claimed_after_a_call_is_kept_by_the_next(
    desk: Desk, clock: Clock, leases: Leases
) -> None:
    await leases.alive(ROBOT)
    claim(desk, desk.first, 1)
    for _ in range(10):
        clock.advance(seconds=0.4)
        await leases.alive(ROBOT)
        await leases.sweep()
    assert holder(desk, desk.first) == "Robot"


async def test_one_round_ends_any_number(desk: Desk, clock: Clock, leases: Leases) -> None:
    with desk.store.joining():
        for number in range(60):
            claim(desk, desk.add(f"Card {number}"), 10)
    clock.advance(seconds=11)
    await leases.sweep()
    assert not any(card.claim for card in desk.view.cards.values())


@only("sqlite")
async def test_a_database_that_fails_is_logged_once_and_asked_again(
    desk: Desk,
    clock: Clock,
    sweeping: Leases,
    rounds: Rounds,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*arguments: object) -> None:
        raise StoreUnavailable("the database does not answer")

    claim(desk, desk.first, 10)
    clock.advance(seconds=6)
    with monkeypatch.context() as broken, caplog.at_level(logging.WARNING):
        broken.setattr("app.queries.claims.has_lapsed", fail)
        broken.setattr("app.queries.claims.wants_keeping", fail)
        for _ in range(3):
            await rounds.another()
            await sweeping.alive(ROBOT)
    assert len(caplog.records) == 1
    await sweeping.alive(ROBOT)
    clock.advance(seconds=6)
    await rounds.another()
    assert holder(desk, desk.first) == "Robot"
    clock.advance(seconds=6)
    await rounds.another()
    assert holder(desk, desk.first) is None


@ON_TWO_SERVERS
async def test_a_renewal_that_comes_before_the_end_wins(desk: Desk, clock: Clock, database_url: str) -> None:
    """The other server's sign of life is on its way while this one is about to end the claim."""
    claim(desk, desk.first, 10)
    clock.advance(seconds=11)
    ending = Leases(desk.store)
    other = Store.open(database_url, clock=clock)
    try:
        with other.joining() as unit:
            later = clock() + timedelta(seconds=10)
            unit.connection.execute(CLAIM.update().values(kept_until=later))
            sweeping = asyncio.create_task(ending.sweep())
            await until(lambda: blocked(other))
        await sweeping
    finally:
        other.close()
    assert holder(desk, desk.first) == "Robot"


def blocked(store: Store) -> bool:
    with store.reading() as connection:
        waiting = text(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return bool(connection.execute(waiting).scalar_one())


@ON_TWO_SERVERS
async def test_a_sign_of_life_waits_for_nobody(desk: Desk, clock: Clock, leases: Leases, database_url: str) -> None:
    """A command that is changing the card has its claim locked; it renews the lease itself."""
    claim(desk, desk.first, 100)
    claim(desk, desk.second, 100)
    clock.advance(seconds=10)
    other = Store.open(database_url, clock=clock)
    try:
        with other.joining() as unit:
            unit.connection.execute(CLAIM.update().where(CLAIM.c.card_id == desk.first).values(lease_seconds=100))
            async with asyncio.timeout(5):
                await leases.alive(ROBOT)
    finally:
        other.close()
    with desk.store.reading() as connection:
        kept = dict(connection.execute(select(CLAIM.c.card_id, CLAIM.c.kept_until)).all())
    assert kept[desk.second] - kept[desk.first] > timedelta(seconds=9)


@ON_TWO_SERVERS
def test_where_several_servers_share_a_database_its_clock_counts(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.store.clock.utc_now", lambda: utc_now() - timedelta(hours=1))
    store = Store.open(database_url)
    try:
        assert isinstance(store.clock, DatabaseClock)
        assert abs(store.clock() - utc_now()) < timedelta(minutes=1)
        monkeypatch.setattr("app.store.clock.utc_now", lambda: utc_now() + timedelta(hours=1))
        assert store.clock() - utc_now() > timedelta(hours=1)
        store.set_clock()
        assert abs(store.clock() - utc_now()) < timedelta(minutes=1)
    finally:
        store.close()


def test_a_clock_that_is_given_wins(store: Store, clock: Clock) -> None:
    store.set_clock()
    assert store.clock is clock
