"""Every verb at work: for each one or more acts on a `Desk`, each of which makes exactly one change."""

from collections.abc import Callable
from typing import Any

import pytest

from app.commands import boards, cards, columns, comments
from app.views import SYSTEM, Actor
from models.vocabulary import ActorKind, ColumnKind, Priority, Verb, Via
from tests.support import ROBOT, Desk

Act = Callable[[], Any]
ACTS: list[tuple[Verb, str, Callable[[Desk], Act]]] = []
PERSON = Actor(name="Bo", kind=ActorKind.HUMAN, via=Via.REST)
NOT_BY_ROBOT: dict[Verb, Actor] = {
    Verb.CARD_APPROVED: PERSON,
    Verb.APPROVAL_WITHDRAWN: PERSON,
    Verb.CLAIM_EXPIRED: SYSTEM,
}
"""Who does it instead."""


def act(verb: Verb) -> Callable[[Callable[[Desk], Act]], Callable[[Desk], Act]]:
    """The function prepares the desk and answers the act itself."""

    def note(prepare: Callable[[Desk], Act]) -> Callable[[Desk], Act]:
        ACTS.append((verb, prepare.__name__, prepare))
        return prepare

    return note


def every_act() -> list[Any]:
    return [pytest.param(verb, prepare, id=f"{verb}-{name}") for verb, name, prepare in ACTS]


@act(Verb.BOARD_RENAMED)
def rename_board(desk: Desk) -> Act:
    return lambda: boards.rename_board(desk.store, desk.id, name="Launch week", actor=ROBOT)


@act(Verb.BOARD_ARCHIVED)
def archive_board(desk: Desk) -> Act:
    return lambda: boards.archive_board(desk.store, desk.id, actor=ROBOT)


@act(Verb.BOARD_RESTORED)
def restore_board(desk: Desk) -> Act:
    desk.archive()
    return lambda: boards.restore_board(desk.store, desk.id, actor=ROBOT)


@act(Verb.COLUMN_CREATED)
def create_column_at_the_end(desk: Desk) -> Act:
    return lambda: columns.create_column(desk.store, desk.id, name="Later", actor=ROBOT)


@act(Verb.COLUMN_CREATED)
def create_column_between(desk: Desk) -> Act:
    return lambda: columns.create_column(
        desk.store, desk.id, name="Ready", kind=ColumnKind.ACTIVE, wip_limit=2, before=desk.doing, actor=ROBOT
    )


@act(Verb.COLUMN_UPDATED)
def rename_column(desk: Desk) -> Act:
    return lambda: columns.update_column(
        desk.store, desk.doing, changes={"name": "Busy", "wip_limit": None}, actor=ROBOT
    )


@act(Verb.COLUMN_UPDATED)
def make_column_done(desk: Desk) -> Act:
    return lambda: columns.update_column(desk.store, desk.todo, changes={"kind": "done"}, actor=ROBOT)


@act(Verb.COLUMN_UPDATED)
def make_column_not_done(desk: Desk) -> Act:
    return lambda: columns.update_column(desk.store, desk.done, changes={"kind": ColumnKind.QUEUE}, actor=ROBOT)


@act(Verb.COLUMN_MOVED)
def move_column_to_the_front(desk: Desk) -> Act:
    return lambda: columns.move_column(desk.store, desk.done, before=desk.todo, actor=ROBOT)


@act(Verb.COLUMN_MOVED)
def move_column_to_the_end(desk: Desk) -> Act:
    return lambda: columns.move_column(desk.store, desk.todo, actor=ROBOT)


@act(Verb.COLUMN_DELETED)
def delete_empty_column(desk: Desk) -> Act:
    return lambda: columns.delete_column(desk.store, desk.review, actor=ROBOT)


@act(Verb.COLUMN_DELETED)
def delete_column_with_cards(desk: Desk) -> Act:
    return lambda: columns.delete_column(desk.store, desk.todo, move_cards_to=desk.done, actor=ROBOT)


@act(Verb.COLUMN_DELETED)
def delete_done_column(desk: Desk) -> Act:
    return lambda: columns.delete_column(desk.store, desk.done, move_cards_to=desk.review, actor=ROBOT)


@act(Verb.COLUMN_DELETED)
def delete_column_of_archived_cards(desk: Desk) -> Act:
    cards.archive_card(desk.store, desk.busy, actor=ROBOT)
    return lambda: columns.delete_column(desk.store, desk.doing, actor=ROBOT)


@act(Verb.CARD_CREATED)
def create_card_at_the_end(desk: Desk) -> Act:
    return lambda: cards.create_card(
        desk.store,
        desk.id,
        title="New",
        description="# Why",
        acceptance_criteria="- it works",
        priority=Priority.HIGH,
        assignee="Bo",
        actor=ROBOT,
    )


@act(Verb.CARD_CREATED)
def create_card_between(desk: Desk) -> Act:
    return lambda: cards.create_card(
        desk.store, desk.board.key.lower(), title="New", column_id=desk.todo, after=desk.first, actor=ROBOT
    )


@act(Verb.CARD_CREATED)
def create_done_card(desk: Desk) -> Act:
    return lambda: cards.create_card(desk.store, desk.id, title="New", column_id=desk.done, actor=ROBOT)


@act(Verb.CARD_UPDATED)
def update_card(desk: Desk) -> Act:
    changes = {
        "title": "Better",
        "description": "x",
        "acceptance_criteria": "y",
        "priority": "urgent",
        "assignee": "Bo",
    }
    return lambda: cards.update_card(desk.store, desk.first, changes=changes, actor=ROBOT)


@act(Verb.CARD_MOVED)
def move_card_within_its_column(desk: Desk) -> Act:
    return lambda: cards.move_card(desk.store, desk.third, to_column=desk.todo, before=desk.first, actor=ROBOT)


@act(Verb.CARD_MOVED)
def move_card_to_another_column(desk: Desk) -> Act:
    return lambda: cards.move_card(
        desk.store, desk.card(desk.second).ref.lower(), to_column=desk.doing, before=desk.busy, actor=ROBOT
    )


@act(Verb.CARD_MOVED)
def move_card_to_done(desk: Desk) -> Act:
    return lambda: cards.move_card(desk.store, desk.first, to_column=desk.done, after=desk.finished, actor=ROBOT)


@act(Verb.CARD_MOVED)
def move_card_out_of_done(desk: Desk) -> Act:
    return lambda: cards.move_card(desk.store, desk.finished, to_column=desk.review, actor=ROBOT)


@act(Verb.CARD_MOVED)
def move_card_within_done(desk: Desk) -> Act:
    desk.add("Finished too", column_id=desk.done)
    return lambda: cards.move_card(desk.store, desk.finished, to_column=desk.done, actor=ROBOT)


@act(Verb.CARD_ARCHIVED)
def archive_card(desk: Desk) -> Act:
    return lambda: cards.archive_card(desk.store, desk.second, actor=ROBOT)


@act(Verb.CARD_RESTORED)
def restore_card(desk: Desk) -> Act:
    return lambda: cards.restore_card(desk.store, desk.shelved, actor=ROBOT)


@act(Verb.CARD_RESTORED)
def restore_done_card(desk: Desk) -> Act:
    cards.archive_card(desk.store, desk.finished, actor=ROBOT)
    return lambda: cards.restore_card(desk.store, desk.finished, actor=ROBOT)


@act(Verb.CARD_DELETED)
def delete_card(desk: Desk) -> Act:
    return lambda: cards.delete_card(desk.store, desk.first, actor=ROBOT)


@act(Verb.CARD_DELETED)
def delete_archived_card(desk: Desk) -> Act:
    return lambda: cards.delete_card(desk.store, desk.shelved, actor=ROBOT)


@act(Verb.COMMENT_ADDED)
def add_comment(desk: Desk) -> Act:
    return lambda: comments.add_comment(desk.store, desk.first, text="More", actor=ROBOT)


@act(Verb.COMMENT_ADDED)
def add_comment_to_an_archived_card(desk: Desk) -> Act:
    return lambda: comments.add_comment(desk.store, desk.shelved, text="More", actor=ROBOT)


@act(Verb.COMMENT_EDITED)
def edit_comment(desk: Desk) -> Act:
    return lambda: comments.edit_comment(desk.store, desk.remark, text="A second thought", actor=ROBOT)


@act(Verb.COMMENT_DELETED)
def delete_comment(desk: Desk) -> Act:
    return lambda: comments.delete_comment(desk.store, desk.remark, actor=ROBOT)


import tests.agent_verbs  # noqa: E402 - its acts join the list
import tests.claim_verbs  # noqa: E402
import tests.noun_verbs  # noqa: E402
import tests.webhook_verbs  # noqa: E402, F401
