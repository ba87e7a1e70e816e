"""What holds for every verb alike: one activity, told after the commit, and one step for every copy of the board."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from app.commands import boards
from app.feed.tail import wire
from app.queries import activity
from app.queries import boards as board_queries
from app.store import Store
from app.views import BoardView, Change
from models.vocabulary import Verb
from tests.support import ANNA, ROBOT, Desk, assert_same_view, view_before_creation
from tests.verbs import ACTS, NOT_BY_ROBOT, Act, every_act

Prepare = Callable[[Desk], Act]


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


@pytest.fixture
def told(store: Store, desk: Desk) -> list[Change]:
    """What the store tells its listener, from the finished desk on."""
    heard: list[Change] = []
    store.on_commit = heard.extend
    return heard


def test_every_verb_is_tried() -> None:
    """A board's first change and its last one are tried on their own: no view comes before, and none after."""
    assert {verb for verb, _, _ in ACTS} | {Verb.BOARD_CREATED, Verb.BOARD_DELETED} == set(Verb)


@pytest.mark.parametrize(("verb", "prepare"), every_act())
def test_a_verb_leaves_one_activity_that_leads_every_copy_to_the_new_state(
    desk: Desk, told: list[Change], verb: Verb, prepare: Prepare
) -> None:
    do = prepare(desk)
    before = desk.view
    told.clear()
    do()
    [change] = desk.changes(before.sequence)
    assert (change.event, change.board_id, change.sequence) == (verb, desk.id, before.sequence + 1)
    assert change.actor == NOT_BY_ROBOT.get(verb, ROBOT)
    after = desk.view
    assert_same_view(before.apply(change), after)
    assert_same_view(before.apply(Change.model_validate(orjson.loads(wire(change)))), after)
    assert told == [change], "what is told after the commit is what was stored"
    assert_same_view(before.apply(told[0]), after)
    assert wire(told[0]) == wire(change)
    assert_says_what_it_did_to_the_card(change, before)


def assert_says_what_it_did_to_the_card(change: Change, before: BoardView) -> None:
    verb = change.event
    if verb.startswith(("board_", "column_", "label_", "agent_", "webhook_")):
        assert change.card_id is None
        return
    card = change.data["card"]
    assert card["id"] == change.card_id
    was = before.cards.get(card["id"])
    for field, (old, new) in change.data["changed"].items():
        assert card[field] == new != old
        assert was is None or timeless(was.model_dump(mode="json")[field]) == timeless(old)
    if verb not in (Verb.CARD_CREATED, Verb.CARD_DELETED, Verb.COMMENT_EDITED):
        assert change.data["changed"]


def timeless(value: Any) -> Any:
    """Of a claim without the end of its lease: what its holder does renews it first."""
    return {key: value[key] for key in value if key != "expires_at"} if isinstance(value, dict) else value


def test_a_new_board_is_change_one_and_carries_its_columns(store: Store) -> None:
    board = boards.create_board(store, name="Fresh start", actor=ROBOT)
    [change] = activity.changes_after(store, board.id, 0, 10)
    assert (change.event, change.sequence, change.actor) == (Verb.BOARD_CREATED, 1, ROBOT)
    fresh = board_queries.snapshot(store, board.id)
    assert_same_view(view_before_creation(fresh).apply(change), fresh)
    assert_same_view(view_before_creation(fresh).apply(Change.model_validate_json(wire(change))), fresh)


def test_a_board_can_be_built_again_from_its_first_change_on(store: Store) -> None:
    for number, (_, _, prepare) in enumerate(ACTS, start=1):
        desk = Desk(store, key=f"D{number}")
        prepare(desk)()
        view = view_before_creation(desk.view)
        for change in desk.changes():
            view = view.apply(change)
        assert_same_view(view, desk.view)


def test_a_change_out_of_turn_is_not_applied(desk: Desk) -> None:
    before = desk.view
    boards.rename_board(desk.store, desk.id, name="Once", actor=ANNA)
    boards.rename_board(desk.store, desk.id, name="Twice", actor=ANNA)
    first, second = desk.changes(before.sequence)
    with pytest.raises(ValueError, match="does not follow"):
        before.apply(second)
    with pytest.raises(ValueError, match="does not follow"):
        before.apply(first).apply(first)
