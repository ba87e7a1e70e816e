"""The verbs of webhooks at work; `tests.verbs` has the others. People decide where changes are sent."""

from app.commands import webhooks
from models.vocabulary import Verb
from tests.support import Desk
from tests.verbs import NOT_BY_ROBOT, PERSON, Act, act

NOT_BY_ROBOT |= {verb: PERSON for verb in (Verb.WEBHOOK_CREATED, Verb.WEBHOOK_UPDATED, Verb.WEBHOOK_DELETED)}
URL = "https://ci.example.com/kanban?key=k"


def a_webhook(desk: Desk) -> int:
    return webhooks.create_webhook(desk.store, desk.id, url=URL, actor=PERSON).id


@act(Verb.WEBHOOK_CREATED)
def create_webhook(desk: Desk) -> Act:
    return lambda: webhooks.create_webhook(desk.store, desk.id, url=URL, events=["card_moved"], actor=PERSON)


@act(Verb.WEBHOOK_UPDATED)
def update_webhook(desk: Desk) -> Act:
    made = a_webhook(desk)
    changes = {"active": False, "events": ["card_moved"], "url": "https://ci.example.com/other"}
    return lambda: webhooks.update_webhook(desk.store, made, changes=changes, actor=PERSON)


@act(Verb.WEBHOOK_DELETED)
def delete_webhook(desk: Desk) -> Act:
    made = a_webhook(desk)
    return lambda: webhooks.delete_webhook(desk.store, made, actor=PERSON)
