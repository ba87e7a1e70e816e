"""The dialog of a card: what it shows, what it saves, and when it closes."""

from collections.abc import AsyncIterator

import pytest

from app.errors import StoreUnavailable
from models.vocabulary import Priority, Verb
from tests.components.dialog_user import Reader, reading, settled
from tests.components.fake_board import FULL, FakeBoard


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    async with reading(FakeBoard()) as reader:
        yield reader


async def test_it_shows_the_card(reader: Reader) -> None:
    for words in ("DEMO-12", "Import the customers", "Reads **CSV**", "agent-7", "Created 5 h ago"):
        await reader.user.should_see(words)
    assert reader.sheet.facts._column.value == 2
    assert reader.sheet.facts._priority.value == Priority.HIGH
    assert reader.dialog.card_id == 12


async def test_a_title_is_saved_by_enter(reader: Reader) -> None:
    reader.type("title", "Import the\ncustomers twice ")
    await reader.press("title", "save")
    assert reader.board.updates == [({"title": "Import the customers twice"}, {"title": "Import the customers"})]
    assert not reader.field("title").editing
    await reader.user.should_see("Import the customers twice")


async def test_a_text_is_saved_when_its_field_is_left(reader: Reader) -> None:
    reader.type("description", "Reads TSV")
    await reader.leave_field("description")
    assert reader.board.card.description == "Reads TSV"
    assert not reader.field("description").editing


async def test_escape_drops_what_was_typed(reader: Reader) -> None:
    reader.type("description", "Oops")
    await reader.press("description", "cancel")
    assert not reader.field("description").editing
    assert reader.board.updates == []


async def test_an_untouched_text_is_not_saved(reader: Reader) -> None:
    reader.edit("description")
    await reader.leave_field("description")
    assert not reader.field("description").editing
    assert reader.board.updates == []


@pytest.mark.parametrize(
    ("title", "words"),
    [("  ", "A card needs a title."), ("x" * 201, "A title has at most 200 characters; this one has 201.")],
)
async def test_a_title_that_cannot_be_is_refused_at_the_field(reader: Reader, title: str, words: str) -> None:
    reader.type("title", title)
    await reader.leave_field("title")
    await reader.user.should_see(words)
    assert reader.field("title").editing
    assert reader.board.updates == []


async def test_a_text_that_is_not_saved_stays_with_the_reason(reader: Reader) -> None:
    reader.board.refuses = StoreUnavailable("The database does not answer.")
    reader.type("description", "Reads TSV")
    await reader.leave_field("description")
    await reader.user.should_see("Not saved. The database does not answer.")
    assert reader.field("description")._editor.value == "Reads TSV"
    reader.board.refuses = None
    await reader.press("description", "save")
    await reader.user.should_not_see("Not saved.")
    assert reader.board.card.description == "Reads TSV"


async def test_the_column_moves_the_card(reader: Reader) -> None:
    with reader.user:
        reader.sheet.facts._column.set_value(1)
    await settled()
    assert reader.board.card.column_id == 1


async def test_a_full_column_puts_the_choice_back_and_says_why(reader: Reader) -> None:
    with reader.user:
        reader.sheet.facts._column.set_value(FULL)
    await settled()
    assert reader.sheet.facts._column.value == 2
    await reader.user.should_see("Blocked is full (3 of 3): move one out first")


async def test_the_priority_is_set(reader: Reader) -> None:
    with reader.user:
        reader.sheet.facts._priority.set_value(Priority.LOW)
    await settled()
    assert reader.board.updates == [({"priority": Priority.LOW}, {"priority": Priority.HIGH})]


async def test_a_priority_that_another_set_meanwhile_is_not_overwritten(reader: Reader) -> None:
    reader.board.tells_at_once = False
    reader.board.change("Bo", priority=Priority.URGENT)
    with reader.user:
        reader.sheet.facts._priority.set_value(Priority.LOW)
    await settled()
    await reader.user.should_see("Another person changed this at the same moment.")
    with reader.user:
        reader.board.tell()
    assert reader.board.card.priority is Priority.URGENT
    assert reader.sheet.facts._priority.value == Priority.URGENT


async def test_a_card_is_assigned_to_oneself(reader: Reader) -> None:
    await reader.click(content="Assign to me")
    assert reader.board.updates == [({"assignee": "Ana"}, {"assignee": "agent-7"})]
    await reader.user.should_not_see("Assign to me")


async def test_names_on_the_board_are_offered_while_typing(reader: Reader) -> None:
    reader.edit("assignee")
    for name in ("Bo", "Chandra", "Nobody"):
        await reader.user.should_see(name)
    reader.type("assignee", "cha")
    await reader.user.should_not_see("Bo")
    offer = next(child for child in reader.field("assignee")._offers.default_slot.children)
    await reader.send(offer, "click")
    assert reader.board.card.assignee == "Chandra"


async def test_an_emptied_assignee_is_nobody(reader: Reader) -> None:
    reader.type("assignee", " ")
    await reader.press("assignee", "save")
    assert reader.board.updates == [({"assignee": None}, {"assignee": "agent-7"})]
    await reader.user.should_see("Nobody")


async def test_archiving_closes_the_dialog(reader: Reader) -> None:
    reader.type("description", "Reads TSV")
    await reader.click(marker="archive-card")
    assert reader.board.card.archived_at is not None
    assert reader.board.card.description == "Reads TSV"
    assert reader.dialog.card_id is None
    assert reader.closed == [12]


async def test_closing_saves_what_is_typed(reader: Reader) -> None:
    reader.type("title", "Better")
    reader.type("description", "Longer")
    await reader.click(marker="close-card")
    assert (reader.board.card.title, reader.board.card.description) == ("Better", "Longer")
    assert reader.closed == [12]
    assert reader.dialog.card_id is None


async def test_it_stays_open_with_a_text_that_cannot_be_saved(reader: Reader) -> None:
    reader.type("title", "")
    await reader.send(reader.sheet.room, "keydown")
    await reader.user.should_see("Title: not saved yet. Save or discard it before you close.")
    assert reader.dialog.card_id == 12
    await reader.click(content="Discard")
    await reader.send(reader.sheet.room, "keydown")
    assert reader.dialog.card_id is None


async def test_a_closed_dialog_leaves_nothing_behind(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("components.card_dialog.SECONDS_TO_FADE", 0.01)
    client = reader.user.client
    assert client is not None
    await reader.dialog.leave()
    await reader.user.should_not_see("Import the customers")
    before = len(client.elements)
    for _ in range(3):
        await reader.open()
        await reader.dialog.leave()
        await reader.user.should_not_see("Import the customers")
    assert len(client.elements) == before


async def test_what_was_typed_is_saved_when_the_browser_is_gone(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("components.card_dialog.SECONDS_TO_COME_BACK", 0)
    reader.type("description", "Half a thought")
    reader.type("title", "")
    client = reader.user.client
    assert client is not None
    client.handle_disconnect(next(iter(client._socket_to_document_id)))
    await settled()
    assert reader.board.updates == [({"description": "Half a thought"}, {"description": "Reads **CSV**"})]
    # Whoever comes back finds the editors as they were, and goes on.
    reader.type("description", "A whole thought")
    await reader.press("description", "save")
    assert reader.board.updates[1:] == [({"description": "A whole thought"}, {"description": "Half a thought"})]


async def test_hostile_text_is_shown_as_text(reader: Reader) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    with reader.user:
        reader.board.change(
            "Bo", title=hostile, description=hostile + "\n\n[link](javascript:alert(1))", assignee=hostile
        )
        reader.board.say(hostile, hostile)
    client = reader.user.client
    assert client is not None
    raw = [element.props["innerHTML"] for element in client.elements.values() if "innerHTML" in element.props]
    assert len(raw) >= 3
    assert not any("<img" in html or 'href="javascript' in html for html in raw)
    await reader.user.should_see(hostile)


async def test_a_card_archived_by_another_says_so_and_can_be_restored(reader: Reader) -> None:
    reader.type("description", "Mine")
    with reader.user:
        reader.board.change("Bo", Verb.CARD_ARCHIVED, archived_at=reader.board.card.created_at)
    await reader.user.should_see("Archived by Bo")
    with reader.user:
        reader.field("title").start()
    assert not reader.field("title").editing
    assert reader.field("description")._editor.value == "Mine"
    await reader.click(content="Restore")
    await reader.user.should_not_see("Archived by Bo")
    reader.edit("title")
