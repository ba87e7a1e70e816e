"""The agents of a board: those that acted, hold a claim, or are paused, with what a panel tells of each."""

from datetime import timedelta

import pytest

from app.commands import agents, boards, cards, claims, leases
from app.errors import NotFound
from app.queries import agents as queries
from app.queries.agents import agents_of
from app.store import Store
from app.views import Actor
from models.vocabulary import ActorKind, Via
from tests.support import ANNA, ROBOT, Clock, Desk


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


def robot(number: int) -> Actor:
    return Actor(name=f"Robot {number}", kind=ActorKind.AGENT, via=Via.MCP)


def test_each_with_its_claims_its_last_change_and_its_pause(store: Store, desk: Desk, clock: Clock) -> None:
    other = Desk(store, key="OTHER")
    cards.update_card(store, other.first, changes={"title": "x"}, actor=robot(2))
    claims.claim_card(store, desk.third, actor=robot(1))
    clock.advance(minutes=1)
    claims.claim_card(store, desk.first, actor=robot(1))
    agents.pause_agent(store, desk.id, name="Unheard of", reason="not yet", actor=ANNA)
    agents.pause_agent(store, desk.id, name="Robot", actor=ANNA)
    claims.claim_card(store, desk.second, actor=ANNA)
    first, second, last = agents_of(store, "desk")
    assert (first.name, first.kind, first.claims, first.changes) == ("Robot 1", "agent", ("DESK-1", "DESK-3"), 2)
    assert first.last_seen_at is not None
    assert first.last_seen_at > Clock.START + timedelta(minutes=1)
    assert (second.name, second.claims, second.changes) == ("Robot", (), 1)
    assert second.paused == desk.view.board.paused[1]
    assert (last.name, last.changes, last.last_seen_at) == ("Unheard of", 0, None)
    assert last.paused is not None
    assert last.paused.reason == "not yet"


def test_what_the_board_does_by_itself_is_no_agents(store: Store, clock: Clock) -> None:
    board = boards.create_board(store, name="Quiet", actor=ANNA)
    card = cards.create_card(store, board.id, title="x", actor=ANNA)
    claims.claim_card(store, card.id, actor=ANNA)
    clock.advance(hours=1)
    assert leases.expire_claims(store) == 1
    assert agents_of(store, board.id) == []
    with pytest.raises(NotFound):
        agents_of(store, "NOPE")


def test_a_long_history_shows_the_latest_and_who_is_still_at_work(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "AGENTS_MOST", 3)
    monkeypatch.setattr(queries, "LOOKED_AT", 6)
    claims.claim_card(store, desk.first, actor=ROBOT)
    for number in range(8):
        cards.update_card(store, desk.second, changes={"title": f"{number}"}, actor=robot(number))
    shown = agents_of(store, desk.id)
    assert [agent.name for agent in shown] == ["Robot 7", "Robot 6", "Robot 5", "Robot"]
    assert (shown[-1].claims, shown[-1].last_seen_at, shown[-1].changes) == (("DESK-1",), None, 0)
