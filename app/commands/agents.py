"""People hold an agent up: whatever it writes on the board is refused, until a person lets it go on."""

from collections.abc import Sequence

import orjson
from sqlalchemy import bindparam, update

from app.commands.access import people_only
from app.commands.checks import line
from app.errors import InvalidInput
from app.store import Store
from app.store.rows import BOARD, BOARDS, board_info
from app.store.transaction import Changing, changing
from app.store.transaction import board as board_target
from app.views import Actor, BoardInfo, PausedAgent
from models.card import ASSIGNEE_LENGTH
from models.vocabulary import Verb

REASON_LENGTH = 200
PAUSED_MOST = 100


def pause_agent(store: Store, board: int | str, *, name: str, reason: str = "", actor: Actor) -> BoardInfo:
    """From its next write on, the agent gets AgentPaused with the reason; it may still read. Nobody need have heard of
    an agent of that name yet. Its claims run on, and end by themselves when it does not renew them.

    Raises PeopleOnly, and InvalidInput when a hundred are paused already.
    """
    people_only(actor, "to pause an agent")
    name = line("name", name, ASSIGNEE_LENGTH)
    reason = line("reason", reason, REASON_LENGTH) if not isinstance(reason, str) or reason.strip() else ""
    with changing(store, board_target(board)) as change:
        before = _paused(change, name)
        others = [agent for agent in change.board.paused if agent.name != name]
        if before is None and len(others) >= PAUSED_MOST:
            raise InvalidInput(f"{PAUSED_MOST} agents are paused here already; resume one first", field="name")
        if before is None or before.reason != reason:
            agent = PausedAgent.model_construct(name=name, reason=reason, by=actor.name, at=change.now)
            return _set(change, Verb.AGENT_PAUSED, actor, agent, [*others, agent])
    return _unchanged(store, change)


def resume_agent(store: Store, board: int | str, *, name: str, actor: Actor) -> BoardInfo:
    """Raises PeopleOnly."""
    people_only(actor, "to let a paused agent go on")
    name = line("name", name, ASSIGNEE_LENGTH)
    with changing(store, board_target(board)) as change:
        before = _paused(change, name)
        if before is not None:
            others = [agent for agent in change.board.paused if agent is not before]
            return _set(change, Verb.AGENT_RESUMED, actor, before, others)
    return _unchanged(store, change)


def _paused(change: Changing, name: str) -> PausedAgent | None:
    return next((agent for agent in change.board.paused if agent.name == name), None)


def _set(change: Changing, verb: Verb, actor: Actor, agent: PausedAgent, paused: Sequence[PausedAgent]) -> BoardInfo:
    stored = orjson.dumps([one.model_dump(mode="json") for one in paused]).decode()
    change.connection.execute(_SET, {"board": change.board.id, "agents": stored})
    after = change.board.model_copy(update={"paused": tuple(paused)})
    now = after.model_dump(mode="json")
    changed = {"paused": [change.board.model_dump(mode="json", include={"paused"})["paused"], now["paused"]]}
    change.record(verb, actor, board=now, agent=agent.model_dump(mode="json"), changed=changed)
    return after


def _unchanged(store: Store, change: Changing) -> BoardInfo:
    """The board as it is: in a change that was not recorded, `change.board` stood one sequence ahead."""
    with store.joining() as unit:
        return board_info(unit.connection.execute(_ONE, {"board": change.board.id}).one())


_SET = update(BOARD).where(BOARD.c.id == bindparam("board")).values(paused=bindparam("agents"))
_ONE = BOARDS.where(BOARD.c.id == bindparam("board"))
