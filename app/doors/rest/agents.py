"""The agents of a board over REST: who they are, holding one up, and taking back what one did."""

from typing import Annotated

from fastapi import Query as QueryOf
from fastapi.responses import Response

from app.commands import agents
from app.commands.undo import undo_agent as undo_command
from app.doors.answers import Answer
from app.doors.bodies import Pause
from app.doors.rest.call import Call
from app.doors.rest.refusals import refuses
from app.doors.rest.shapes import UndoQuery
from app.doors.rest.shapes import router as router_for
from app.errors import BoardArchived, PeopleOnly, TooMuch
from app.queries.agents import AgentView, agents_of
from app.queries.undo import UndoPlan, UndoReport, plan_undo
from app.views import BoardInfo

router = router_for("agents")
NO_REASON = Pause()


@router.get("/boards/{board_id}/agents", response_model=list[AgentView])
async def list_agents(call: Call, board_id: int | str) -> Response:
    """Agents that acted on the board lately, hold a claim, or are paused; the latest first."""
    return await call.ask(agents_of, board_id)


@router.put("/boards/{board_id}/agents/{agent_name}/pause", response_model=BoardInfo)
@refuses(BoardArchived, PeopleOnly)
async def pause_agent(call: Call, board_id: int | str, agent_name: str, body: Pause = NO_REASON) -> Response:
    """People only. From its next write on, the agent gets `agent_paused` with the reason."""
    return await call.carry_out(agents.pause_agent, board_id, body=body, name=agent_name)


@router.delete("/boards/{board_id}/agents/{agent_name}/pause", response_model=BoardInfo)
@refuses(BoardArchived, PeopleOnly)
async def resume_agent(call: Call, board_id: int | str, agent_name: str) -> Response:
    """People only. The agent may go on."""
    return await call.carry_out(agents.resume_agent, board_id, name=agent_name)


@router.get("/boards/{board_id}/agents/{agent_name}/undo", response_model=UndoPlan)
@refuses(TooMuch)
async def plan_undo_of_agent(
    call: Call, board_id: int | str, agent_name: str, query: Annotated[UndoQuery, QueryOf()]
) -> Response:
    """What taking back the agent's changes after `since` would do, and what it would leave alone because others have
    worked on it since.
    """
    # it is rehearsed where changes are made, and taken back
    call.spend()
    plan = await call.service.store.run(plan_undo, board_id, name=agent_name, since=query.since)
    return Answer.of(plan).response(200)


@router.post("/boards/{board_id}/agents/{agent_name}/undo", response_model=UndoReport)
@refuses(BoardArchived, PeopleOnly)
async def undo_agent(
    call: Call, board_id: int | str, agent_name: str, query: Annotated[UndoQuery, QueryOf()]
) -> Response:
    """People only. Takes back the agent's changes after `since`; says what was left alone, and why."""
    return await call.carry_out(undo_command, board_id, name=agent_name, since=query.since)
