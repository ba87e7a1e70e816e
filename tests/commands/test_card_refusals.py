"""What a card is refused, with which reason, and that nothing changes."""

from typing import Any

import pytest

from app.commands import cards
from app.errors import CardArchived, FieldChanged, InvalidInput, NotFound, Refusal, VersionMismatch
from tests.commands.refusing import NOBODY, Attempt, assert_refused, case
from tests.support import ANNA, Desk


def test_a_card_does_not_leave_for_another_board(desk: Desk, other: Desk) -> None:
    for attempt in (
        lambda desk: cards.move_card(desk.store, desk.first, to_column=other.todo, actor=ANNA),
        lambda desk: cards.create_card(desk.store, desk.id, title="x", column_id=other.todo, actor=ANNA),
    ):
        assert_refused(desk, attempt, InvalidInput, {"allowed": lanes(desk)})


def lanes(desk: Desk) -> list[int]:
    return [desk.todo, desk.doing, desk.review, desk.done]


def create(**wishes: Any) -> Attempt:
    return lambda desk: cards.create_card(desk.store, desk.id, **{"title": "New", "actor": ANNA, **wishes})


def update(changes: dict[str, Any], **wishes: Any) -> Attempt:
    return lambda desk: cards.update_card(desk.store, desk.first, changes=changes, actor=ANNA, **wishes)


def on(verb: Any, which: int | str, **wishes: Any) -> Attempt:
    return lambda desk: verb(desk.store, which, actor=ANNA, **wishes)


PRIORITIES = ["urgent", "high", "normal", "low"]
EDITABLE = ["title", "description", "acceptance_criteria", "priority", "assignee", "due_at", "estimate"]
UNKNOWN = (NOBODY, 0, "DESK-99", "NONE-1", "card", "")


@pytest.mark.parametrize(
    ("attempt", "refusal", "data"),
    [
        case("no-title", InvalidInput, create(title=""), field="title"),
        case("long-title", InvalidInput, create(title="x" * 201), field="title"),
        case("title-no-text", InvalidInput, create(title=None), field="title"),
        case("long-description", InvalidInput, create(description="x" * 20_001), field="description"),
        case("description-with-nul", InvalidInput, create(description="a\x00b"), field="description"),
        case("criteria-no-text", InvalidInput, create(acceptance_criteria=None), field="acceptance_criteria"),
        case("long-assignee", InvalidInput, create(assignee="x" * 61), field="assignee"),
        case("no-priority", InvalidInput, create(priority="asap"), field="priority", allowed=PRIORITIES),
        case("priority-by-number", InvalidInput, create(priority=1), field="priority", allowed=PRIORITIES),
        case("priority-a-list", InvalidInput, create(priority=["high"]), field="priority", allowed=PRIORITIES),
        case("estimate-beyond-counting", InvalidInput, create(estimate=10**400), field="estimate"),
        case("before-and-after", InvalidInput, create(before=1, after=1), field="before"),
        case("no-column", InvalidInput, create(column_id=NOBODY), field="column_id", allowed=lanes),
        case("no-board", NotFound, on(cards.create_card, "NONE", title="x")),
        case("update-no-title", InvalidInput, update({"title": " "}), field="title"),
        case("update-no-priority", InvalidInput, update({"priority": None}), field="priority", allowed=PRIORITIES),
        *(
            case(f"update-{field}", InvalidInput, update({field: 1}), field=field, allowed=EDITABLE)
            for field in ("id", "version", "rank", "column_id", "archived_at", "board_id")
        ),
        case("based-on-no-field", InvalidInput, update({"title": "x"}, based_on={"version": 1}), field="version"),
        case(
            "another-version",
            VersionMismatch,
            update({"title": "x"}, expected_version=7),
            card=lambda desk: desk.card(desk.first).model_dump(mode="json"),
        ),
        case(
            "changed-meanwhile",
            FieldChanged,
            update({"title": "x"}, based_on={"title": "Card zero"}),
            field="title",
            current="Card one",
        ),
        case(
            "update-archived",
            CardArchived,
            lambda desk: cards.update_card(desk.store, desk.shelved, changes={"title": "x"}, actor=ANNA),
            next="restore_card",
        ),
        case(
            "move-archived",
            CardArchived,
            lambda desk: cards.move_card(desk.store, desk.shelved, to_column=desk.todo, actor=ANNA),
            next="restore_card",
        ),
        case(
            "move-before-and-after",
            InvalidInput,
            lambda desk: cards.move_card(desk.store, desk.first, to_column=desk.todo, before=1, after=1, actor=ANNA),
            field="before",
        ),
        case(
            "move-to-no-column",
            InvalidInput,
            lambda desk: cards.move_card(desk.store, desk.first, to_column=NOBODY, actor=ANNA),
            allowed=lanes,
        ),
        *(case(f"update-{which!r}", NotFound, on(cards.update_card, which, changes={})) for which in UNKNOWN),
        *(case(f"move-{which!r}", NotFound, on(cards.move_card, which, to_column=1)) for which in UNKNOWN),
        *(case(f"archive-{which!r}", NotFound, on(cards.archive_card, which)) for which in UNKNOWN),
        *(case(f"restore-{which!r}", NotFound, on(cards.restore_card, which)) for which in UNKNOWN),
        *(case(f"delete-{which!r}", NotFound, on(cards.delete_card, which)) for which in UNKNOWN),
    ],
)
def test_a_card_is_refused_with_a_reason(
    desk: Desk, attempt: Attempt, refusal: type[Refusal], data: dict[str, Any]
) -> None:
    assert_refused(desk, attempt, refusal, data)
