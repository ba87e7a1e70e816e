"""A paused agent writes nothing on the board, whatever it tries; it reads, and people and other boards go on."""

from collections.abc import Callable
from typing import Any

import pytest

from app.commands import agents, boards, cards, claims
from app.commands.agents import PAUSED_MOST
from app.errors import AgentPaused, InvalidInput, PeopleOnly
from app.queries import cards as card_queries
from app.store import Store
from models.vocabulary import Verb
from tests.support import ANNA, ROBOT, Desk, nothing_stored, only
from tests.verbs import NOT_BY_ROBOT, Act, every_act

BY_ROBOT = [one for one in every_act() if one.values[0] not in NOT_BY_ROBOT and "keep_claim_alive" not in one.id]
"""All but its signs of life, which it does not ask for: those are left out in silence."""


def pause(desk: Desk, name: str = "Robot", reason: str = "it loops") -> Any:
    return agents.pause_agent(desk.store, desk.id, name=name, reason=reason, actor=ANNA)


@only("sqlite")
@pytest.mark.parametrize(("verb", "prepare"), BY_ROBOT)
def test_a_paused_agent_is_refused_every_write_until_it_is_resumed(
    desk: Desk, verb: Verb, prepare: Callable[[Desk], Act]
) -> None:
    do = prepare(desk)
    archived = desk.view.board.archived_at is not None
    if archived:
        boards.restore_board(desk.store, desk.id, actor=ANNA)
    pause(desk)
    if archived:
        desk.archive()
    with nothing_stored(desk.store), pytest.raises(AgentPaused) as caught:
        do()
    assert (caught.value.data["by"], caught.value.data["reason"]) == ("Anna", "it loops")
    if not archived:
        agents.resume_agent(desk.store, desk.id, name="Robot", actor=ANNA)
        do()
        assert desk.changes(desk.sequence - 1)[0].event is verb


def test_a_pause_is_for_one_agent_on_one_board(store: Store, desk: Desk, other: Desk) -> None:
    pause(desk, "Somebody yet unknown")
    pause(desk)
    cards.update_card(store, other.first, changes={"title": "x"}, actor=ROBOT)
    namesake = ANNA.model_copy(update={"name": "Robot"})
    cards.update_card(store, desk.first, changes={"title": "x"}, actor=namesake)
    assert card_queries.get_card(store, desk.first).title == "x"
    with pytest.raises(AgentPaused):
        claims.claim_next_card(store, desk.id, actor=ROBOT)
    assert [agent.name for agent in desk.view.board.paused] == ["Somebody yet unknown", "Robot"]


def test_what_changes_nothing_is_not_recorded(store: Store, desk: Desk) -> None:
    agents.resume_agent(store, desk.id, name="Robot", actor=ANNA)
    paused = pause(desk, reason=" it  loops ")
    assert [(agent.reason, agent.by) for agent in paused.paused] == [("it loops", "Anna")]
    with nothing_stored(store):
        assert pause(desk) == desk.view.board
    assert pause(desk, reason="").paused[0].reason == ""
    assert agents.resume_agent(store, desk.id, name=" Robot ", actor=ANNA).paused == ()
    with nothing_stored(store):
        assert agents.resume_agent(store, desk.id, name="Robot", actor=ANNA) == desk.view.board


def test_agents_pause_nobody(store: Store, desk: Desk) -> None:
    pause(desk, "Other")
    with nothing_stored(store):
        for command in (agents.pause_agent, agents.resume_agent):
            with pytest.raises(PeopleOnly):
                command(store, desk.id, name="Other", actor=ROBOT)


def test_names_and_reasons_have_a_measure_and_so_has_their_number(store: Store, desk: Desk) -> None:
    for wrong in ({"name": ""}, {"name": "x" * 61}, {"reason": "x" * 201}, {"reason": 3}):
        with nothing_stored(store), pytest.raises(InvalidInput) as caught:
            agents.pause_agent(store, desk.id, **{"name": "Robot", **wrong}, actor=ANNA)  # type: ignore[arg-type]
        assert caught.value.data["field"] in wrong
    with store.joining():
        for number in range(PAUSED_MOST):
            pause(desk, f"Robot {number}")
    with nothing_stored(store), pytest.raises(InvalidInput):
        pause(desk)
    pause(desk, "Robot 7", "another reason")
