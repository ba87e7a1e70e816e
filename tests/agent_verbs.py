"""The acts about agents themselves: people pause them and let them go on."""

from app.commands import agents
from models.vocabulary import Verb
from tests.support import Desk
from tests.verbs import NOT_BY_ROBOT, PERSON, Act, act

NOT_BY_ROBOT |= {Verb.AGENT_PAUSED: PERSON, Verb.AGENT_RESUMED: PERSON}


@act(Verb.AGENT_PAUSED)
def pause_agent(desk: Desk) -> Act:
    agents.pause_agent(desk.store, desk.id, name="Other", actor=PERSON)
    return lambda: agents.pause_agent(desk.store, desk.id, name="Robot", reason="it loops", actor=PERSON)


@act(Verb.AGENT_PAUSED)
def pause_agent_for_another_reason(desk: Desk) -> Act:
    for name in ("Robot", "Other"):
        agents.pause_agent(desk.store, desk.id, name=name, reason="it loops", actor=PERSON)
    return lambda: agents.pause_agent(
        desk.store, desk.board.key.lower(), name="Robot", reason="for the night", actor=PERSON
    )


@act(Verb.AGENT_RESUMED)
def resume_agent(desk: Desk) -> Act:
    for name in ("Robot", "Other"):
        agents.pause_agent(desk.store, desk.id, name=name, reason="it loops", actor=PERSON)
    return lambda: agents.resume_agent(desk.store, desk.id, name="Robot", actor=PERSON)
