"""Which agents a board has and what each is doing: at work, silent, paused or idle."""

from datetime import UTC, datetime, timedelta
from typing import Any

from app.views import BoardInfo, BoardView, CardView, ClaimView, ColumnView, PausedAgent
from components.agents_now import AgentNow, State, agents_now, count
from models.vocabulary import ActorKind, ColumnKind
from tests.components.fake_board import CARD

NOW = datetime(2030, 1, 2, 12, tzinfo=UTC)
LEASE = 300


def claim(holder: str, *, heard: float = 0, kind: ActorKind = ActorKind.AGENT, busy: float | None = None) -> ClaimView:
    """`heard` is how many seconds ago the holder was last heard of, `busy` how many it still wants to be left alone."""
    told = NOW - timedelta(seconds=heard)
    return ClaimView(
        holder=holder, kind=kind, fence=1, claimed_at=told, expires_at=told + timedelta(seconds=LEASE),
        busy_until=None if busy is None else NOW + timedelta(seconds=busy), lease_seconds=LEASE,
    )  # fmt: skip


def board(*claims: ClaimView | None, paused: tuple[PausedAgent, ...] = ()) -> BoardView:
    info = BoardInfo(
        id=1, key="DEMO", name="Demo", sequence=1, created_at=NOW, updated_at=NOW, archived_at=None, paused=paused
    )
    column = ColumnView(id=2, board_id=1, name="Doing", kind=ColumnKind.ACTIVE, wip_limit=None, rank="a1")
    return BoardView.build(info, [column], [card(number, one) for number, one in enumerate(claims, start=1)])


def card(number: int, claim: ClaimView | None = None, **values: Any) -> CardView:
    return CARD.model_copy(
        update={"id": number, "ref": f"DEMO-{number}", "rank": f"a{number}", "claim": claim, **values}
    )


def paused(name: str) -> PausedAgent:
    return PausedAgent(name=name, reason="it deletes things", by="Ana", at=NOW)


def states(view: BoardView, **seen: datetime) -> dict[str, State]:
    return {agent.name: agent.state(NOW) for agent in agents_now(view, seen)}


def test_who_let_half_of_its_lease_pass_is_silent() -> None:
    view = board(claim("calm", heard=LEASE / 2 - 1), claim("mute", heard=LEASE / 2 + 1))
    assert states(view) == {"calm": State.WORKING, "mute": State.SILENT}


def test_who_said_to_be_busy_is_at_work_until_then() -> None:
    view = board(claim("busy", heard=LEASE - 1, busy=60), claim("late", heard=LEASE - 1, busy=-60))
    assert states(view) == {"busy": State.WORKING, "late": State.SILENT}


def test_who_is_heard_of_on_one_card_is_at_work() -> None:
    view = board(claim("agent-7", heard=LEASE - 1), claim("agent-7"))
    (agent,) = agents_now(view)
    assert agent.state(NOW) is State.WORKING
    assert [one.ref for one in agent.cards] == ["DEMO-1", "DEMO-2"]
    assert agent.next_silence(NOW) == NOW + timedelta(seconds=LEASE / 2)


def test_a_paused_agent_is_paused_whatever_it_holds() -> None:
    view = board(claim("agent-7"), paused=(paused("agent-7"), paused("other")))
    assert states(view) == {"agent-7": State.PAUSED, "other": State.PAUSED}


def test_those_at_work_come_first_and_people_are_no_agents() -> None:
    view = board(claim("zoe-bot"), None, claim("Ana", kind=ActorKind.HUMAN))
    assert list(states(view, abe=NOW)) == ["zoe-bot", "abe"]


def test_they_are_counted_by_what_they_do() -> None:
    agents = [*agents_now(board(claim("one"), claim("two", heard=LEASE))), AgentNow("three"), AgentNow("four")]
    assert count(agents, NOW) == {State.WORKING: 1, State.SILENT: 1, State.PAUSED: 0, State.IDLE: 2}


def test_a_claim_that_ended_is_seen_to_have_ended() -> None:
    assert states(board(claim("agent-7"))) == {"agent-7": State.WORKING}
    assert states(board(None)) == {}
