"""Checklists: items of a card, in order."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.commands import cards, checklists, claims
from app.errors import CardArchived, CardClaimed, InvalidInput, LeaseLost, NotFound, Refusal
from app.store import Store
from app.store.rows import ITEM
from models.checklist import ITEMS_MOST
from models.rank import LONGEST
from tests.commands.refusing import NOBODY, Attempt, assert_refused, case
from tests.noun_verbs import items
from tests.support import ANNA, ROBOT, Desk, nothing_stored, only

OTHER_ROBOT = ROBOT.model_copy(update={"name": "Other"})


def texts(desk: Desk) -> list[str]:
    return [item.text for item in desk.card(desk.first).checklist]


def test_items_stand_where_they_were_asked_for(desk: Desk) -> None:
    one, two, _ = items(desk, "one", "two", "three")

    def add(text: str, **place: int) -> None:
        card = checklists.add_check_item(desk.store, "desk-1", text=text, actor=ROBOT, **place)
        assert card == desk.card(desk.first)

    add("first", before=one)
    add("between", after=one)
    add("stale", after=NOBODY)
    assert texts(desk) == ["first", "one", "between", "two", "three", "stale"]
    checklists.move_check_item(desk.store, two, before=one, actor=ROBOT)
    assert texts(desk) == ["first", "two", "one", "between", "three", "stale"]
    checklists.move_check_item(desk.store, one, before=NOBODY, actor=ROBOT)
    checklists.delete_check_item(desk.store, two, actor=ANNA)
    assert texts(desk) == ["first", "between", "three", "stale", "one"]


def test_an_item_is_ticked_and_reworded(desk: Desk) -> None:
    one, two = items(desk, "one", "two")
    card = checklists.update_check_item(desk.store, two, changes={"done": True}, actor=ROBOT)
    assert [(item.id, item.text, item.done) for item in card.checklist] == [(one, "one", False), (two, "two", True)]
    card = checklists.update_check_item(desk.store, two, changes={"text": " 2 ", "done": False}, actor=ROBOT)
    assert [(item.text, item.done) for item in card.checklist] == [("one", False), ("2", False)]
    assert card == desk.card(desk.first)
    change = desk.changes()[-1]
    assert change.data["item"] == {"id": two, "text": "2", "done": False}
    assert list(change.data["changed"]) == ["checklist"]


def test_what_changes_nothing_records_nothing(desk: Desk) -> None:
    one, two = items(desk, "one", "two")
    with nothing_stored(desk.store):
        checklists.update_check_item(desk.store, one, changes={"text": "one ", "done": False}, actor=ROBOT)
        checklists.move_check_item(desk.store, one, before=two, actor=ROBOT)
        checklists.move_check_item(desk.store, one, after=one, actor=ROBOT)
        checklists.move_check_item(desk.store, two, actor=ROBOT)


@only("sqlite")
def test_items_swapped_many_times_keep_short_ranks_and_their_order(desk: Desk) -> None:
    order = items(desk, "one", "two", "three", "four")
    with desk.store.joining():
        for _ in range(400):
            checklists.move_check_item(desk.store, order[2], before=order[1], actor=ANNA)
            order[1], order[2] = order[2], order[1]
    assert [item.id for item in desk.card(desk.first).checklist] == order
    with desk.store.reading() as connection:
        assert max(map(len, connection.execute(select(ITEM.c.rank)).scalars())) <= LONGEST


def test_ranks_that_all_lie_before_the_usual_ones_are_dealt_anew_too(store: Store) -> None:
    desk = Desk(store)
    order = items(desk, "one", "two", "three", "four")
    with store.joining() as unit:
        for item, rank in zip(order, ("Zx", "Zx" + "0" * 63 + "1", "Zx1", "Zx2"), strict=True):
            unit.connection.execute(ITEM.update().where(ITEM.c.id == item), {"rank": rank})
    checklists.move_check_item(store, order[3], after=order[0], actor=ANNA)
    assert texts(desk) == ["one", "four", "two", "three"]


@only("sqlite")
def test_any_moves_agree_with_a_plain_list(store: Store) -> None:
    places = st.tuples(st.integers(0, 5), st.sampled_from(["before", "after", "end"]), st.integers(0, 5))
    desk = Desk(store)
    order = items(desk, *"abcdef")

    @settings(max_examples=20)
    @given(st.lists(places, max_size=8))
    def check(moves: list[tuple[int, str, int]]) -> None:
        with store.joining():
            for which, how, near in moves:
                item, anchor = order[which], order[near]
                wish = {how: anchor} if how != "end" else {}
                checklists.move_check_item(store, item, actor=ANNA, **wish)
                if how != "end" and item == anchor:
                    continue
                order.remove(item)
                order.insert(order.index(anchor) + (how == "after") if how != "end" else len(order), item)
        assert [item.id for item in desk.card(desk.first).checklist] == order

    check()


def test_a_claimed_card_is_ticked_by_its_holder_under_its_fence(desk: Desk) -> None:
    [one] = items(desk, "one")
    fence = claims.claim_card(desk.store, desk.first, actor=ROBOT).fence
    with nothing_stored(desk.store):
        for attempt in (
            lambda: checklists.update_check_item(desk.store, one, changes={"done": True}, actor=OTHER_ROBOT),
            lambda: checklists.move_check_item(desk.store, one, actor=OTHER_ROBOT),
            lambda: checklists.delete_check_item(desk.store, one, actor=OTHER_ROBOT),
            lambda: checklists.add_check_item(desk.store, desk.first, text="x", actor=OTHER_ROBOT),
        ):
            with pytest.raises(CardClaimed):
                attempt()
        with pytest.raises(LeaseLost):
            checklists.update_check_item(desk.store, one, changes={"done": True}, actor=ROBOT, fence=fence + 1)
    card = checklists.update_check_item(desk.store, one, changes={"done": True}, actor=ROBOT, fence=fence)
    assert card == desk.card(desk.first), "the lease it renewed is in the answer and in the change"


def test_an_archived_card_keeps_its_checklist_as_it_is(desk: Desk) -> None:
    [one] = items(desk, "one")
    cards.archive_card(desk.store, desk.first, actor=ANNA)
    for attempt in (
        lambda desk: checklists.add_check_item(desk.store, desk.first, text="x", actor=ANNA),
        lambda desk: checklists.update_check_item(desk.store, one, changes={"done": True}, actor=ANNA),
        lambda desk: checklists.move_check_item(desk.store, one, actor=ANNA),
        lambda desk: checklists.delete_check_item(desk.store, one, actor=ANNA),
    ):
        assert_refused(desk, attempt, CardArchived, {"next": "restore_card"})


def test_a_checklist_has_its_most_items_and_no_more(desk: Desk) -> None:
    full = desk.add("full", checklist=["x"] * ITEMS_MOST)
    with nothing_stored(desk.store), pytest.raises(InvalidInput, match="at most 200 items"):
        checklists.add_check_item(desk.store, full, text="one more", actor=ANNA)


def add(**wishes: Any) -> Attempt:
    return lambda desk: checklists.add_check_item(desk.store, desk.first, **{"text": "x", "actor": ANNA, **wishes})


def update(changes: dict[str, Any]) -> Attempt:
    return lambda desk: checklists.update_check_item(
        desk.store, desk.card(desk.first).checklist[0].id, changes=changes, actor=ANNA
    )


@only("sqlite")
@pytest.mark.parametrize(
    ("attempt", "refusal", "data"),
    [
        case("empty", InvalidInput, add(text=" "), field="text"),
        case("long", InvalidInput, add(text="x" * 501), field="text"),
        case("before-and-after", InvalidInput, add(before=1, after=1), field="before"),
        case("update-empty", InvalidInput, update({"text": ""}), field="text"),
        case("done-a-word", InvalidInput, update({"done": "yes"}), field="done", allowed=[True, False]),
        case("done-null", InvalidInput, update({"done": None}), field="done", allowed=[True, False]),
        case("update-id", InvalidInput, update({"id": 1}), field="id", allowed=["text", "done"]),
        case("update-none", NotFound, lambda d: checklists.update_check_item(d.store, NOBODY, changes={}, actor=ANNA)),
        case("move-none", NotFound, lambda desk: checklists.move_check_item(desk.store, NOBODY, actor=ANNA)),
        case("delete-none", NotFound, lambda desk: checklists.delete_check_item(desk.store, NOBODY, actor=ANNA)),
        case("no-card", NotFound, lambda desk: checklists.add_check_item(desk.store, "DESK-99", text="x", actor=ANNA)),
    ],
)
def test_an_item_is_refused_with_a_reason(
    desk: Desk, attempt: Attempt, refusal: type[Refusal], data: dict[str, Any]
) -> None:
    items(desk, "one")
    assert_refused(desk, attempt, refusal, data)
