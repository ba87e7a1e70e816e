"""What the dialog of a card says and does about work: claims, labels, checklist, blockers, approval, and why."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from nicegui import ui

from app.errors import Cycle, FieldChanged, NotFound, OwnWork
from app.views import Approval, CheckItem, Progress
from components.inline_editor import InlineEditor
from models.vocabulary import LabelColour, Requirement, Verb
from tests.components.dialog_user import Reader, reading, settled
from tests.components.fake_board import COLUMNS, FakeBoard

FIRST, SECOND = CheckItem(id=1, text="Write it", done=False), CheckItem(id=2, text="Read it", done=True)


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    async with reading(FakeBoard()) as reader:
        yield reader


def by_bo(reader: Reader, **values: object) -> None:
    with reader.user:
        reader.board.change("Bo", **values)


# Claims.


async def test_a_free_card_is_claimed_and_released(reader: Reader) -> None:
    await reader.click(marker="claim-card")
    assert reader.board.card.claim.holder == "Ana"
    await reader.user.should_not_see(marker="claim-card")
    await reader.user.should_not_see(marker="take-off")
    await reader.click(marker="release-card")
    assert reader.board.card.claim is None
    await reader.user.should_see(marker="claim-card")


async def test_a_guest_is_asked_for_a_name_first(reader: Reader) -> None:
    reader.dialog.viewer_name = "Guest 42"
    by_bo(reader, title="Same card, new title")
    await reader.user.should_not_see(marker="claim-card")


async def test_an_agent_at_work_is_shown_and_taken_off_after_one_question(reader: Reader) -> None:
    with reader.user:
        reader.board.claim("agent-7")
    by_bo(reader, progress=Progress(percent=60, text="Running the tests"))
    for words in ("agent-7", "60 %", "Running the tests", "Take off agent-7"):
        await reader.user.should_see(words)
    await reader.click(marker="take-off")
    assert reader.board.card.claim is not None
    await reader.user.should_see("agent-7 loses the card")
    await reader.click(marker="take-off-now")
    assert reader.board.card.claim is None
    await reader.user.should_see("agent-7 left it at 60\N{NO-BREAK SPACE}%: Running the tests")


async def test_the_question_is_not_carried_over_to_another_claim(reader: Reader) -> None:
    with reader.user:
        reader.board.claim("agent-7")
    await reader.click(marker="take-off")
    with reader.user:
        reader.board.claim("agent-8")
    await reader.user.should_not_see(marker="take-off-now")
    await reader.user.should_see("Take off agent-8")


# Labels.


async def test_labels_are_put_on_and_taken_off(reader: Reader) -> None:
    with reader.user:
        bug = reader.board.label("Bug", LabelColour.RED)
    await reader.click(marker="add-label")
    await reader.click(content="Bug")
    assert reader.board.card.labels == (bug.id,)
    await reader.send(next(iter(reader.user.find(kind=ui.menu).elements)), "hide")
    with reader.user:
        reader.board.label("Defect", LabelColour.RED, bug.id)
    await reader.user.should_see("Defect")
    await reader.click(marker="add-label")
    await reader.sheet.facts._labels._menu._toggle(bug.id)
    assert reader.board.card.labels == ()


async def test_a_new_label_is_made_and_put_on(reader: Reader) -> None:
    await reader.click(marker="add-label")
    with reader.user:
        reader.sheet.facts._labels._menu._name.set_value("  Needs   design ")
        reader.board.label("Others make labels meanwhile")
    await reader.click(marker="create-label")
    assert [label.name for label in reader.board.labels.values()] == ["Others make labels meanwhile", "Needs design"]
    assert reader.board.card.labels == (2,)


# The checklist.


async def test_items_are_added_one_after_the_other(reader: Reader) -> None:
    await reader.click(marker="add-item")
    composer = next(iter(reader.user.find(kind=InlineEditor).elements))
    for text in ("Write it", "Read it"):
        await reader.send(composer, "keydown", {"action": "submit", "text": text})
    assert [item.text for item in reader.board.card.checklist] == ["Write it", "Read it"]
    await reader.user.should_see("0/2")
    assert not composer.is_deleted


async def test_an_item_is_ticked_and_goes_back_when_that_is_refused(reader: Reader) -> None:
    with reader.user:
        reader.board.items("Bo", FIRST, SECOND)
    await reader.user.should_see("1/2")
    box = reader.sheet.checklist._rows[1]._box
    with reader.user:
        box.set_value(True)
    await settled()
    assert reader.board.card.checklist[0].done
    await reader.user.should_see("2/2")
    reader.board.refuses = NotFound("there is no item 1")
    with reader.user:
        box.set_value(False)
    await settled()
    assert box.value is True
    await reader.user.should_see("there is no item 1")


async def test_an_item_is_edited_and_deleted(reader: Reader) -> None:
    with reader.user:
        reader.board.items("Bo", FIRST)
        reader.sheet.checklist._rows[1].field.start()
    field = reader.sheet.checklist._rows[1].field
    await reader.send(field.box, "keydown", ["save", "Write it down"])
    assert reader.board.card.checklist[0].text == "Write it down"
    await reader.click(marker="delete-item")
    assert reader.board.card.checklist == ()
    await reader.user.should_not_see("Write it down")


async def test_an_item_being_edited_outlives_its_deletion_by_another(reader: Reader) -> None:
    with reader.user:
        reader.board.items("Bo", FIRST, SECOND)
        field = reader.sheet.checklist._rows[1].field
        field.start()
        editor = field._editor
        editor.set_value("Write it, with figures")
        reader.board.items("Bo", SECOND)
    assert field._editor is editor
    reader.board.refuses = NotFound("there is no item 1")
    assert not await reader.dialog.leave()
    await reader.user.should_see("Checklist: not saved yet.")
    with reader.user:
        field.cancel()
    assert list(reader.sheet.checklist._rows) == [2]


async def test_others_reorder_and_tick_without_touching_what_is_typed(reader: Reader) -> None:
    with reader.user:
        reader.board.items("Bo", FIRST, SECOND)
        reader.sheet.checklist._rows[2].field.start()
        editor = reader.sheet.checklist._rows[2].field._editor
        reader.user.client.outbox.updates.clear()
        reader.board.items("Bo", FIRST.model_copy(update={"done": True}), SECOND)
    assert editor.id not in reader.user.client.outbox.updates
    with reader.user:
        reader.board.items("Bo", SECOND, FIRST)
    shown = [row for row in reader.sheet.checklist._list.default_slot.children]
    assert shown == [reader.sheet.checklist._rows[2].element, reader.sheet.checklist._rows[1].element]
    assert reader.sheet.checklist._rows[2].field._editor is editor


# Blockers.


async def test_a_blocker_is_found_by_words_added_and_removed(reader: Reader) -> None:
    reader.board.other(30, "Order the boxes", column_id=1)
    reader.board.other(31, "Print the boxes", column_id=3)
    by_bo(reader, title="Any change brings the board along")
    await reader.click(marker="add-blocker")
    with reader.user:
        next(iter(reader.user.find(marker="find-card").elements)).set_value("demo boxes pri")
    await reader.user.should_not_see("Order the boxes")
    await reader.click(content="DEMO-31 Print the boxes")
    assert reader.board.card.blocked_by == (31,)
    await reader.user.should_see("DEMO-31 Print the boxes")
    reader.board.other(31, "Print the boxes", column_id=1)
    with reader.user:
        reader.dialog.apply(reader_change(reader, 31), reader.board.view)
    assert reader.sheet.facts._links._shown[0].word == COLUMNS[0].name
    await reader.click(marker="remove-blocker")
    assert reader.board.card.blocked_by == ()


def reader_change(reader: Reader, card_id: int) -> object:
    """A change of another card."""
    reader.board.tells_at_once = False
    reader.board._record(Verb.CARD_MOVED, "Bo")
    change = reader.board._untold.pop()
    reader.board.tells_at_once = True
    return change.model_copy(update={"card_id": card_id})


async def test_a_circle_is_refused_in_words(reader: Reader) -> None:
    reader.board.other(30, "Order the boxes")
    by_bo(reader, title="Any change")
    reader.board.refuses = Cycle("DEMO-30 waits for DEMO-12 already")
    await reader.click(marker="add-blocker")
    await reader.click(content="DEMO-30 Order the boxes")
    await reader.user.should_see("DEMO-30 waits for DEMO-12 already")


# Approval, due date, estimate, and why.


def requires_approval(board: FakeBoard) -> None:
    board.columns = tuple(column.model_copy(update={"requires": (Requirement.APPROVAL,)}) for column in COLUMNS)


async def test_an_approval_is_given_and_withdrawn(reader: Reader) -> None:
    await reader.user.should_not_see(marker="approve")
    requires_approval(reader.board)
    by_bo(reader, assignee="Bo", column_id=1)
    await reader.click(marker="approve")
    assert reader.board.card.approval.name == "Ana"
    await reader.user.should_see("By Ana, just now")
    await reader.click(marker="withdraw")
    assert reader.board.card.approval is None


async def test_who_worked_is_not_offered_to_approve(reader: Reader) -> None:
    requires_approval(reader.board)
    by_bo(reader, worker="Ana")
    await reader.user.should_see("You worked on it: another person approves")
    await reader.user.should_not_see(marker="approve")


async def test_an_approval_that_no_longer_counts_says_so_and_can_be_given_anew(reader: Reader) -> None:
    requires_approval(reader.board)
    by_bo(reader, worker="Bo", approval=Approval(name="Bo", at=datetime.now(UTC)))
    await reader.user.should_see("It does not count")
    reader.board.refuses = OwnWork("another person approves")
    await reader.click(marker="approve")
    await reader.user.should_see("another person approves")


async def test_due_date_and_estimate_are_set_against_what_was_seen(reader: Reader) -> None:
    due = reader.sheet.facts._due
    await reader.send(due, "blur", "2027-03-04T10:30:00.000Z")
    moment = datetime(2027, 3, 4, 10, 30, tzinfo=UTC)
    assert reader.board.updates[-1] == ({"due_at": moment}, {"due_at": None})
    assert due.kept == "2027-03-04T10:30:00+00:00"
    await reader.send(reader.sheet.facts._estimate, "blur", "2.5")
    assert reader.board.card.estimate == 2.5
    await reader.send(reader.sheet.facts._estimate, "blur", "many")
    assert reader.board.card.estimate == 2.5
    reader.board.refuses = FieldChanged("another changed it", field="due_at", current=None)
    await reader.send(due, "blur", "")
    await reader.user.should_see("Another person changed this at the same moment.")
    assert due.kept == "2027-03-04T10:30:00+00:00"


async def test_why_is_a_line_for_the_open_card_only(reader: Reader) -> None:
    with reader.user:
        reader.dialog.say_why(12, ["Done requires: an approval by a person"])
        reader.dialog.say_why(13, ["Done requires: something else"])
    await reader.user.should_see("Done requires: an approval by a person")
    with reader.user:
        reader.dialog.say_why(12, [])
    await reader.user.should_not_see("Done requires")


async def test_an_archived_card_takes_none_of_it(reader: Reader) -> None:
    with reader.user:
        reader.board.label("Bug")
        reader.board.items("Bo", FIRST)
        reader.board.claim("agent-7")
    by_bo(reader, event=Verb.CARD_ARCHIVED, archived_at=datetime.now(UTC), claim=None)
    for marker in ("claim-card", "take-off", "add-label", "add-item", "delete-item", "add-blocker", "approve"):
        await reader.user.should_not_see(marker=marker)
    assert "disabled" in reader.sheet.facts._due.props
