"""Why a card cannot be claimed or moved: what it says is what a try would meet."""

import itertools
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.commands import agents, approvals, boards, cards, checklists, claims, columns, links
from app.errors import GateClosed, NotFound, OwnWork, Refusal
from app.queries.why import NOT_QUEUED, why
from app.store import Store
from app.views import Actor
from models.vocabulary import ColumnKind, Requirement
from tests.support import ANNA, ROBOT, Clock, Desk, only
from tests.verbs import PERSON

OTHER = ROBOT.model_copy(update={"name": "Other"})
NAMELESS = ANNA.model_copy(update={"name": "anonymous"})
COLUMNS = st.tuples(
    st.sampled_from(ColumnKind), st.sets(st.sampled_from(Requirement)), st.sampled_from([None, None, 1, 2])
)
SITUATIONS = st.fixed_dictionaries(
    {
        "columns": st.lists(COLUMNS, min_size=3, max_size=3),
        "at": st.integers(0, 2),
        "items": st.lists(st.booleans(), max_size=3),
        "blockers": st.lists(st.sampled_from(["open", "done", "archived"]), max_size=2),
        "assignee": st.sampled_from([None, "Anna", "Robot"]),
        "worker": st.sampled_from([None, ROBOT, ANNA, PERSON]),
        "still": st.booleans(),
        "lapsed": st.booleans(),
        "approved": st.sampled_from([None, ANNA, PERSON]),
        "fill": st.lists(st.integers(0, 2), max_size=3),
        "archived": st.sampled_from([False, False, False, True]),
        "paused": st.sampled_from([False, False, True]),
        "board_archived": st.sampled_from([False, False, False, True]),
        "actor": st.sampled_from([ROBOT, OTHER, ANNA, PERSON, NAMELESS]),
    }
)
keys = itertools.count(1)


class TriedOnly(Exception):
    """What was tried is taken back."""


def refusal_of(store: Store, attempt: Callable[[], Any]) -> Refusal | None:
    """What a try meets; what it changed is taken back."""
    try:
        with store.joining():
            attempt()
            raise TriedOnly
    except Refusal as refusal:
        return refusal
    except TriedOnly:
        return None


def arranged(store: Store, clock: Clock, given_: dict[str, Any]) -> int:
    """The card in that situation, on a board of its own."""
    finished = [boards.NewColumn("Z", ColumnKind.DONE)]
    board = boards.create_board(store, name="W", key=f"W{next(keys)}", columns=finished, actor=ANNA).id
    lanes = [columns.create_column(store, board, name=f"C{number}", actor=ANNA).id for number in range(3)]

    def add(column: int | None, **wishes: Any) -> int:
        return cards.create_card(store, board, title="x", column_id=column, actor=ANNA, **wishes).id

    card = add(lanes[given_["at"]], checklist=["x"] * len(given_["items"]), assignee=given_["assignee"])
    for column in given_["fill"]:
        add(lanes[column])
    if given_["worker"] is not None:
        claims.claim_card(store, card, actor=given_["worker"])
        if not given_["still"]:
            claims.release_card(store, card, actor=ANNA)
    for how in given_["blockers"]:
        blocker = add(None if how == "done" else lanes[0])
        links.block_card(store, card, blocker, actor=ANNA)
        if how == "archived":
            cards.archive_card(store, blocker, actor=ANNA)
    present = cards.update_card(store, card, changes={}, actor=ANNA)
    for item, done in zip(present.checklist, given_["items"], strict=True):
        checklists.update_check_item(store, item.id, changes={"done": done}, actor=ANNA)
    if given_["approved"] is not None:
        with suppress(OwnWork):
            approvals.approve_card(store, card, actor=given_["approved"])
    for column, (kind, requires, wip_limit) in zip(lanes, given_["columns"], strict=True):
        changes = {"kind": kind, "requires": sorted(requires), "wip_limit": wip_limit}
        columns.update_column(store, column, changes=changes, actor=ANNA)
    if given_["archived"]:
        cards.archive_card(store, card, actor=ANNA)
    if given_["paused"]:
        agents.pause_agent(store, board, name="Other", reason="too quick", actor=ANNA)
    if given_["board_archived"]:
        boards.archive_board(store, board, actor=ANNA)
    if given_["lapsed"]:
        clock.advance(hours=1)
    return card


def agrees(store: Store, clock: Clock, situation: dict[str, Any]) -> None:
    with store.joining():
        card = arranged(store, clock, situation)
    actor: Actor = situation["actor"]
    said = why(store, card, actor=actor)
    assert len(said.moves) == 3
    for move in said.moves:
        met = refusal_of(store, lambda to=move.column_id: cards.move_card(store, card, to_column=to, actor=actor))
        assert move.open == (met is None) == (not move.missing), met
        codes = [lack.requirement for lack in move.missing]
        if isinstance(met, GateClosed):
            lacks = [one.model_dump(mode="json", exclude_none=True) for one in move.missing]
            assert met.data["missing"] == [one for one in lacks if one["requirement"] != "agent_paused"]
        elif met is not None:
            assert ("wip_limit" if met.code == "column_full" else met.code) in codes
    met = refusal_of(store, lambda: claims.claim_card(store, card, actor=actor))
    assert said.claimable == (met is None), met
    if met is not None:
        assert met.code in [reason.code for reason in said.reasons]


def try_out(store: Store, clock: Clock, examples: int) -> None:
    @settings(max_examples=examples)
    @given(SITUATIONS)
    def check(situation: dict[str, Any]) -> None:
        agrees(store, clock, situation)

    check()


@only("sqlite")
def test_it_says_what_a_try_meets(store: Store, clock: Clock) -> None:
    try_out(store, clock, 60)


@only("postgresql")
def test_it_says_what_a_try_meets_on_postgresql_too(store: Store, clock: Clock) -> None:
    try_out(store, clock, 6)


def test_it_is_said_in_words(store: Store) -> None:
    desk = Desk(store)
    links.block_card(store, desk.busy, desk.first, actor=ANNA)
    columns.update_column(store, desk.done, changes={"requires": ["no_open_blockers", "approval"]}, actor=ANNA)
    claim = claims.claim_card(store, desk.busy, lease_seconds=60, actor=ANNA).claim
    assert claim is not None
    until = (claim.claimed_at + timedelta(seconds=60)).isoformat(timespec="seconds").replace("+00:00", "Z")
    said = why(store, "desk-4")
    assert (said.card, said.claimable) == ("DESK-4", False)
    assert [(reason.code, reason.detail) for reason in said.reasons] == [
        ("card_claimed", f"Anna has claimed it until {until}"),
        (NOT_QUEUED, "Doing is no queue: claim_next_card takes it only when asked for that column"),
        ("card_blocked", "it waits for DESK-1"),
    ]
    for_anna = {move.name: [lack.detail for lack in move.missing] for move in why(store, "DESK-4", actor=ANNA).moves}
    assert for_anna == {
        "To do": [],
        "Review": [],
        "Done": ["it waits for DESK-1", "an approval by a person other than Anna"],
    }
    free = why(store, desk.second)
    assert (free.claimable, free.reasons) == (True, ())
    with pytest.raises(NotFound):
        why(store, "DESK-99")
