"""A board that is deleted for good leaves nothing behind; an agent deletes none on which others are at work."""

from collections.abc import Callable
from typing import Any

import pytest

from app.commands import agents, boards, claims
from app.errors import AgentPaused, CardClaimed, NotFound
from app.queries import activity
from app.queries import boards as board_queries
from app.store import Store
from app.views import Actor, Change
from models.vocabulary import ActorKind, Verb, Via
from tests import noun_verbs
from tests.support import ANNA, ROBOT, Clock, Desk, nothing_stored, rows
from tests.webhook_verbs import create_webhook

OTHER_ROBOT = Actor(name="Other", kind=ActorKind.AGENT, via=Via.MCP)
TAKE_AWAY: list[Callable[..., Any]] = [boards.delete_board, boards.archive_board]


def test_nothing_of_it_is_left_and_other_boards_are_as_before(store: Store) -> None:
    desk = Desk(store)
    bare = rows(store)
    full = Desk(store, key="FULL")
    for prepare in (noun_verbs.create_card_with_everything, noun_verbs.block_card, create_webhook):
        prepare(full)()
    claims.claim_card(store, full.third, actor=ROBOT)
    tables = ("board", "card", "label", "card_label", "checklist_item", "link", "claim", "webhook", "activity")
    assert all(len(rows(store)[table]) > len(bare[table]) for table in tables)
    last, told = full.view.board, list[Change]()
    store.on_commit = told.extend
    deleted = boards.delete_board(store, "full", actor=ANNA)
    assert rows(store) == bare
    [change] = told
    assert (change.event, change.board_id, change.sequence) == (Verb.BOARD_DELETED, full.id, last.sequence + 1)
    assert (deleted.key, deleted.sequence) == ("FULL", last.sequence + 1)
    assert change.data["board"] == deleted.model_dump(mode="json")
    assert activity.changes_if_there(store, full.id, 0, 10) is None
    assert len(activity.changes_if_there(store, desk.id, 0, 3) or ()) == 3
    assert activity.changes_if_there(store, desk.id, desk.sequence, 3) == []
    with pytest.raises(NotFound):
        board_queries.find_board(store, "FULL")
    again = Desk(store, key="FULL")
    assert again.id > full.id, "its key is free, its number is not given again"


def test_an_archived_board_is_deleted_too(store: Store, desk: Desk) -> None:
    desk.archive()
    assert boards.delete_board(store, desk.id, actor=ROBOT).archived_at is not None
    with pytest.raises(NotFound):
        boards.delete_board(store, desk.id, actor=ANNA)


@pytest.mark.parametrize("take_away", TAKE_AWAY)
def test_an_agent_takes_no_board_from_others_at_work(
    store: Store, desk: Desk, take_away: Callable[..., Any], clock: Clock
) -> None:
    claims.claim_card(store, desk.first, actor=ROBOT)
    claims.claim_card(store, desk.second, lease_seconds=60, actor=OTHER_ROBOT)
    with nothing_stored(store), pytest.raises(CardClaimed) as caught:
        take_away(store, desk.id, actor=ROBOT)
    assert (caught.value.data["card"], caught.value.data["holder"]) == ("DESK-2", "Other")
    clock.advance(seconds=61)  # the other's lease has ended; its own does not stand in the way
    take_away(store, desk.id, actor=ROBOT)


@pytest.mark.parametrize("take_away", TAKE_AWAY)
def test_people_may_always(store: Store, desk: Desk, take_away: Callable[..., Any]) -> None:
    claims.claim_card(store, desk.first, actor=ROBOT)
    take_away(store, desk.id, actor=ANNA)


def test_a_paused_agent_deletes_nothing(store: Store, desk: Desk) -> None:
    agents.pause_agent(store, desk.id, name="Robot", actor=ANNA)
    with nothing_stored(store), pytest.raises(AgentPaused):
        boards.delete_board(store, desk.id, actor=ROBOT)
