"""The verbs of labels, checklists, links and gates at work, as in `tests.verbs`, whose list these acts join."""

from app.commands import approvals, cards, checklists, columns, labels, links
from models.vocabulary import LabelColour, Requirement, Verb
from tests.support import ANNA, ROBOT, Desk
from tests.verbs import PERSON, Act, act


def a_label(desk: Desk, name: str = "bug", *on: int) -> int:
    label = labels.create_label(desk.store, desk.id, name=name, colour=LabelColour.RED, actor=ANNA)
    for card in on:
        labels.add_label(desk.store, card, label.id, actor=ANNA)
    return label.id


def items(desk: Desk, *texts: str) -> list[int]:
    """Added to the first card."""
    for text in texts:
        card = checklists.add_check_item(desk.store, desk.first, text=text, actor=ANNA)
    return [item.id for item in card.checklist]


@act(Verb.LABEL_CREATED)
def create_label(desk: Desk) -> Act:
    return lambda: labels.create_label(desk.store, desk.id, name="bug", colour=LabelColour.PINK, actor=ROBOT)


@act(Verb.LABEL_UPDATED)
def update_label(desk: Desk) -> Act:
    label = a_label(desk, "bug", desk.first)
    return lambda: labels.update_label(desk.store, label, changes={"name": "Bug", "colour": "teal"}, actor=ROBOT)


@act(Verb.LABEL_DELETED)
def delete_label_of_several_cards(desk: Desk) -> Act:
    label = a_label(desk, "bug", desk.first, desk.finished)
    a_label(desk, "other", desk.first)
    return lambda: labels.delete_label(desk.store, label, actor=ROBOT)


@act(Verb.CARD_LABELED)
def add_label(desk: Desk) -> Act:
    later, label = a_label(desk, "later"), a_label(desk, "bug", desk.first)
    labels.add_label(desk.store, desk.second, label, actor=ANNA)
    return lambda: labels.add_label(desk.store, desk.second, later, actor=ROBOT)


@act(Verb.CARD_UNLABELED)
def remove_label(desk: Desk) -> Act:
    label = a_label(desk, "bug", desk.first, desk.second)
    return lambda: labels.remove_label(desk.store, desk.first, label, actor=ROBOT)


@act(Verb.CHECKLIST_ITEM_ADDED)
def add_check_item(desk: Desk) -> Act:
    one, _ = items(desk, "one", "two")
    ref = desk.card(desk.first).ref
    return lambda: checklists.add_check_item(desk.store, ref, text="between", after=one, actor=ROBOT)


@act(Verb.CHECKLIST_ITEM_CHANGED)
def check_item(desk: Desk) -> Act:
    _, two = items(desk, "one", "two")
    return lambda: checklists.update_check_item(desk.store, two, changes={"text": "2", "done": True}, actor=ROBOT)


@act(Verb.CHECKLIST_ITEM_MOVED)
def move_check_item(desk: Desk) -> Act:
    one, _, three = items(desk, "one", "two", "three")
    return lambda: checklists.move_check_item(desk.store, three, before=one, actor=ROBOT)


@act(Verb.CHECKLIST_ITEM_DELETED)
def delete_check_item(desk: Desk) -> Act:
    one, _ = items(desk, "one", "two")
    return lambda: checklists.delete_check_item(desk.store, one, actor=ROBOT)


@act(Verb.CARD_BLOCKED)
def block_card(desk: Desk) -> Act:
    links.block_card(desk.store, desk.first, desk.finished, actor=ANNA)
    other = desk.card(desk.second).ref.lower()
    return lambda: links.block_card(desk.store, desk.first, other, actor=ROBOT)


@act(Verb.CARD_UNBLOCKED)
def unblock_card(desk: Desk) -> Act:
    links.block_card(desk.store, desk.first, desk.second, actor=ANNA)
    links.block_card(desk.store, desk.first, desk.third, actor=ANNA)
    return lambda: links.unblock_card(desk.store, desk.first, desk.second, actor=ROBOT)


@act(Verb.CARD_DELETED)
def delete_card_that_others_wait_for(desk: Desk) -> Act:
    for card in (desk.first, desk.third, desk.busy):
        links.block_card(desk.store, card, desk.second, actor=ANNA)
    links.block_card(desk.store, desk.first, desk.third, actor=ANNA)
    items(desk, "one")
    return lambda: cards.delete_card(desk.store, desk.second, actor=ROBOT)


@act(Verb.CARD_APPROVED)
def approve_card(desk: Desk) -> Act:
    return lambda: approvals.approve_card(desk.store, desk.first, actor=PERSON)


@act(Verb.APPROVAL_WITHDRAWN)
def withdraw_approval(desk: Desk) -> Act:
    approvals.approve_card(desk.store, desk.first, actor=ANNA)
    return lambda: approvals.withdraw_approval(desk.store, desk.first, actor=PERSON)


@act(Verb.CARD_MOVED)
def move_approved_card_out_of_done(desk: Desk) -> Act:
    approvals.approve_card(desk.store, desk.finished, actor=ANNA)
    return lambda: cards.move_card(desk.store, desk.finished, to_column=desk.review, actor=ROBOT)


@act(Verb.COLUMN_DELETED)
def delete_done_column_with_an_approved_card(desk: Desk) -> Act:
    approvals.approve_card(desk.store, desk.finished, actor=ANNA)
    return lambda: columns.delete_column(desk.store, desk.done, move_cards_to=desk.review, actor=ROBOT)


@act(Verb.CARD_CREATED)
def create_card_with_everything(desk: Desk) -> Act:
    wished = {"labels": [a_label(desk), a_label(desk, "later")], "checklist": ["one", "two"], "estimate": 2.5}
    due = "2030-02-03T12:00:00+02:00"
    return lambda: cards.create_card(desk.store, desk.id, title="New", due_at=due, actor=ROBOT, **wished)


@act(Verb.COLUMN_UPDATED)
def require_an_approval(desk: Desk) -> Act:
    changes = {"requires": [Requirement.APPROVAL, Requirement.CHECKLIST_DONE]}
    return lambda: columns.update_column(desk.store, desk.done, changes=changes, actor=ROBOT)
