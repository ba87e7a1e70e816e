"""Labels: those of a board, and putting them on cards."""

from typing import Any

import pytest

from app.commands import cards, claims, labels
from app.errors import CardArchived, CardClaimed, InvalidInput, LabelTaken, NotFound, Refusal
from app.queries.labels import list_labels
from models.label import LABELS_MOST
from models.vocabulary import LabelColour
from tests.commands.refusing import NOBODY, Attempt, assert_refused, case
from tests.noun_verbs import a_label
from tests.support import ANNA, ROBOT, Clock, Desk, nothing_stored, only

OTHER_ROBOT = ROBOT.model_copy(update={"name": "Other"})


def test_labels_are_listed_by_name(desk: Desk) -> None:
    made = [labels.create_label(desk.store, "desk", name=name, actor=ANNA) for name in ("bug", " A  b ", "Zoo")]
    assert [label.name for label in list_labels(desk.store, "DESK")] == ["A b", "bug", "Zoo"]
    assert made[0] == desk.view.labels[made[0].id]
    assert made[0].colour is LabelColour.GRAY
    with pytest.raises(NotFound):
        list_labels(desk.store, NOBODY)


def test_a_name_is_taken_once_on_a_board_whatever_its_case(desk: Desk, other: Desk) -> None:
    label = a_label(desk, "Été")
    with nothing_stored(desk.store), pytest.raises(LabelTaken) as caught:
        a_label(desk, "ÉTÉ")
    assert caught.value.data == {"field": "name", "label_id": label}
    second = a_label(desk, "y")
    with nothing_stored(desk.store), pytest.raises(LabelTaken):
        labels.update_label(desk.store, second, changes={"name": "éTé"}, actor=ANNA)
    assert labels.update_label(desk.store, label, changes={"name": "ÉTÉ"}, actor=ANNA).name == "ÉTÉ"
    a_label(other, "Été")


def test_a_card_carries_each_label_once(desk: Desk) -> None:
    label = a_label(desk)
    card = labels.add_label(desk.store, desk.first, label, actor=ROBOT)
    assert (card.labels, card.version) == ((label,), 2)
    with nothing_stored(desk.store):
        assert labels.add_label(desk.store, "desk-1", label, actor=ANNA) == card
    assert labels.remove_label(desk.store, desk.first, label, actor=ROBOT).labels == ()
    with nothing_stored(desk.store):
        labels.remove_label(desk.store, desk.first, label, actor=ROBOT)


def test_a_deleted_label_is_off_all_cards_archived_ones_too(desk: Desk) -> None:
    label = a_label(desk, "bug", desk.first, desk.second)
    cards.archive_card(desk.store, desk.second, actor=ANNA)
    assert labels.delete_label(desk.store, label, actor=ROBOT).name == "bug"
    assert desk.view.labels == {}
    assert cards.restore_card(desk.store, desk.second, actor=ANNA).labels == ()


def test_no_agent_deletes_a_label_off_the_card_of_another_at_work(desk: Desk, clock: Clock) -> None:
    label = a_label(desk, "bug", desk.first, desk.second)
    claims.claim_card(desk.store, desk.second, actor=ROBOT)
    with nothing_stored(desk.store), pytest.raises(CardClaimed) as caught:
        labels.delete_label(desk.store, label, actor=OTHER_ROBOT)
    assert (caught.value.data["card"], caught.value.data["holder"]) == ("DESK-2", "Robot")
    labels.delete_label(desk.store, label, actor=ROBOT)
    label = a_label(desk, "bug", desk.first, desk.second)
    labels.delete_label(desk.store, label, actor=ANNA)
    label = a_label(desk, "bug", desk.first, desk.second)
    clock.advance(hours=1)
    labels.delete_label(desk.store, label, actor=OTHER_ROBOT)


def test_a_board_has_its_most_labels_and_no_more(desk: Desk) -> None:
    with desk.store.joining():
        for number in range(LABELS_MOST):
            a_label(desk, f"label {number}")
    with nothing_stored(desk.store), pytest.raises(InvalidInput, match="at most 100 labels"):
        a_label(desk, "one more")


def test_a_label_is_put_on_cards_of_its_board_only(desk: Desk, other: Desk) -> None:
    mine, theirs = a_label(desk), a_label(other)
    for verb in (labels.add_label, labels.remove_label):
        assert_refused(
            desk,
            lambda desk, verb=verb: verb(desk.store, desk.first, theirs, actor=ANNA),
            InvalidInput,
            {"field": "label_id", "allowed": [mine]},
        )


def create(**wishes: Any) -> Attempt:
    return lambda desk: labels.create_label(desk.store, desk.id, **{"name": "New", "actor": ANNA, **wishes})


def update(changes: dict[str, Any]) -> Attempt:
    def attempt(desk: Desk) -> Any:
        [label] = desk.view.labels
        return labels.update_label(desk.store, label, changes=changes, actor=ANNA)

    return attempt


COLOURS = ["gray", "red", "orange", "yellow", "green", "teal", "blue", "purple", "pink"]


@only("sqlite")
@pytest.mark.parametrize(
    ("attempt", "refusal", "data"),
    [
        case("no-name", InvalidInput, create(name=" "), field="name"),
        case("long-name", InvalidInput, create(name="x" * 41), field="name"),
        case("name-no-text", InvalidInput, create(name=None), field="name"),
        case("no-colour", InvalidInput, create(colour="mauve"), field="colour", allowed=COLOURS),
        case("colour-null", InvalidInput, update({"colour": None}), field="colour", allowed=COLOURS),
        case("update-no-name", InvalidInput, update({"name": ""}), field="name"),
        case("update-id", InvalidInput, update({"id": 3}), field="id", allowed=["name", "colour"]),
        case("no-board", NotFound, lambda desk: labels.create_label(desk.store, NOBODY, name="x", actor=ANNA)),
        case("update-none", NotFound, lambda desk: labels.update_label(desk.store, NOBODY, changes={}, actor=ANNA)),
        case("delete-none", NotFound, lambda desk: labels.delete_label(desk.store, NOBODY, actor=ANNA)),
        case("no-card", NotFound, lambda desk: labels.add_label(desk.store, NOBODY, 1, actor=ANNA)),
        case(
            "archived",
            CardArchived,
            lambda desk: labels.add_label(desk.store, desk.shelved, next(iter(desk.view.labels)), actor=ANNA),
        ),
    ],
)
def test_a_label_is_refused_with_a_reason(
    desk: Desk, attempt: Attempt, refusal: type[Refusal], data: dict[str, Any]
) -> None:
    a_label(desk)
    assert_refused(desk, attempt, refusal, data)


def test_what_changes_nothing_records_nothing(desk: Desk) -> None:
    label = a_label(desk)
    with nothing_stored(desk.store):
        labels.update_label(desk.store, label, changes={"name": "bug", "colour": "red"}, actor=ANNA)
