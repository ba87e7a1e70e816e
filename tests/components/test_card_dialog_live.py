"""The dialog of a card while others change it: in place, without touching what is being typed, and never in silence."""

from collections.abc import AsyncIterator

import pytest

from app.errors import FieldChanged
from models.vocabulary import Priority, Verb
from tests.components.dialog_user import Reader, reading, settled
from tests.components.fake_board import FakeBoard

MINE, THEIRS = "Mine", "Theirs"


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    async with reading(FakeBoard()) as reader:
        yield reader


def by_bo(reader: Reader, **values: object) -> None:
    with reader.user:
        reader.board.change("Bo", **values)


async def test_changes_by_others_show_in_place(reader: Reader) -> None:
    by_bo(reader, title="New title", description="New text", priority=Priority.URGENT, assignee="Bo", column_id=1)
    for words in ("New title", "New text", "Bo, just now"):
        await reader.user.should_see(words)
    assert reader.sheet.facts._priority.value == Priority.URGENT
    assert reader.sheet.facts._column.value == 1
    assert reader.field("assignee").value == "Bo"


async def test_a_field_changed_while_it_is_edited_keeps_the_text_and_says_so(reader: Reader) -> None:
    reader.type("description", MINE)
    by_bo(reader, description=THEIRS)
    await reader.user.should_see("Bo changed this to:")
    await reader.user.should_see(THEIRS)
    assert reader.field("description")._editor.value == MINE


async def test_it_is_not_saved_before_a_choice(reader: Reader) -> None:
    reader.type("description", MINE)
    by_bo(reader, description=THEIRS)
    await reader.leave_field("description")
    await reader.press("description", "save")
    assert reader.board.updates == []
    assert reader.field("description")._editor.value == MINE
    assert not await reader.dialog.leave()
    await reader.user.should_see("Description: not saved yet.")


async def test_keep_mine_saves_over_what_was_seen(reader: Reader) -> None:
    reader.type("description", MINE)
    by_bo(reader, description=THEIRS)
    await reader.click(content="Keep mine")
    assert reader.board.updates == []
    await reader.press("description", "save")
    assert reader.board.updates == [({"description": MINE}, {"description": THEIRS})]
    assert reader.board.card.description == MINE


async def test_keep_mine_saves_even_the_text_from_before(reader: Reader) -> None:
    before = reader.board.card.description
    reader.type("description", before)
    by_bo(reader, description=THEIRS)
    await reader.click(content="Keep mine")
    await reader.press("description", "save")
    assert reader.board.card.description == before


async def test_a_change_after_keep_mine_asks_again(reader: Reader) -> None:
    reader.type("description", MINE)
    by_bo(reader, description=THEIRS)
    await reader.click(content="Keep mine")
    by_bo(reader, description="Theirs again")
    await reader.press("description", "save")
    assert reader.board.updates == []
    await reader.user.should_see("Theirs again")


async def test_take_theirs_drops_mine(reader: Reader) -> None:
    reader.type("description", MINE)
    by_bo(reader, description=THEIRS)
    await reader.click(content="Take theirs")
    assert not reader.field("description").editing
    assert reader.board.updates == []
    await reader.user.should_see(THEIRS)
    await reader.user.should_not_see("Bo changed this to:")


async def test_an_untouched_editor_gives_way_to_theirs(reader: Reader) -> None:
    reader.edit("description")
    by_bo(reader, description=THEIRS)
    await reader.leave_field("description")
    assert not reader.field("description").editing
    assert reader.board.card.description == THEIRS


async def test_the_question_goes_when_the_other_takes_it_back(reader: Reader) -> None:
    before = reader.board.card.description
    reader.type("description", MINE)
    by_bo(reader, description=THEIRS)
    by_bo(reader, description=before)
    await reader.user.should_not_see("Bo changed this to:")
    await reader.press("description", "save")
    assert reader.board.card.description == MINE


async def test_a_save_that_meets_a_newer_value_asks_too(reader: Reader) -> None:
    reader.board.tells_at_once = False
    reader.type("description", MINE)
    by_bo(reader, description=THEIRS)
    await reader.leave_field("description")
    await reader.user.should_see("Someone changed this to:")
    assert reader.field("description")._editor.value == MINE
    with reader.user:
        reader.board.tell()
    await reader.user.should_see("Bo changed this to:")
    await reader.click(content="Keep mine")
    await reader.press("description", "save")
    assert reader.board.card.description == MINE


async def test_the_choice_wins_even_without_the_news(reader: Reader) -> None:
    reader.board.tells_at_once = False
    reader.type("description", MINE)
    by_bo(reader, description=THEIRS)
    await reader.leave_field("description")
    await reader.click(content="Take theirs")
    await reader.user.should_see(THEIRS)
    assert not reader.field("description").editing


async def test_ones_own_change_coming_back_asks_nothing(reader: Reader) -> None:
    reader.board.tells_at_once = False
    reader.type("description", "First")
    await reader.press("description", "save")
    reader.type("description", "Second")
    await reader.press("description", "save")
    reader.type("description", "Third")
    for _ in range(2):
        with reader.user:
            reader.board.tell(1)
        assert not reader.field("description")._bar.shown
        assert reader.field("description").value == "Second"
    assert reader.field("description")._editor.value == "Third"


async def test_a_change_told_before_its_save_is_answered_asks_nothing(reader: Reader) -> None:
    asked = []
    field = reader.field("description")
    field._bar.show = lambda *told: asked.append(told)
    update = reader.sheet._actions.update

    async def typed_on(*args: object) -> object:
        field._editor.set_value("Mine, longer")
        return await update(*args)

    object.__setattr__(reader.sheet._actions, "update", typed_on)
    reader.type("description", MINE)
    await reader.press("description", "save")
    assert asked == []
    assert field._editor.value == "Mine, longer"


async def test_other_fields_never_clash(reader: Reader) -> None:
    reader.type("description", MINE)
    by_bo(reader, title="New title", acceptance_criteria="All green")
    await reader.user.should_not_see("changed this to:")
    await reader.press("description", "save")
    assert (reader.board.card.title, reader.board.card.description) == ("New title", MINE)


async def test_nothing_is_sent_to_an_editor_while_others_change_the_card(reader: Reader) -> None:
    editor = reader.edit("description")
    with reader.user:
        composer = reader.sheet.comments._composer
    client = reader.user.client
    assert client is not None
    client.outbox.updates.clear()
    for number in range(10):
        by_bo(reader, title=f"Title {number}", description=f"Text {number}", assignee=f"Bot {number}")
        with reader.user:
            reader.board.say("Bo", f"Comment {number}")
    assert client.outbox.updates
    assert not {editor.id, composer.id} & set(client.outbox.updates)
    assert not client.outbox.messages


async def test_two_names_in_a_row_are_each_put_down_to_who_did_it(reader: Reader) -> None:
    reader.board.tells_at_once = False
    reader.type("title", MINE)
    reader.type("description", MINE)
    by_bo(reader, title=THEIRS)
    with reader.user:
        reader.board.change("Chandra", description=THEIRS)
        reader.board.tell()
    await reader.user.should_see("Bo changed this to:")
    await reader.user.should_see("Chandra changed this to:")


async def test_a_window_of_ones_own_is_named_so(reader: Reader) -> None:
    reader.type("description", MINE)
    with reader.user:
        reader.board.change("Ana", description=THEIRS)
    await reader.user.should_see("You, in another window, changed this to:")


async def test_typing_on_while_a_save_is_on_its_way_keeps_the_rest(reader: Reader) -> None:
    field = reader.field("description")
    reader.type("description", "One")
    update = reader.sheet._actions.update

    async def slow(*args: object) -> object:
        card = await update(*args)
        field._editor.set_value("One two")
        return card

    object.__setattr__(reader.sheet._actions, "update", slow)
    await reader.leave_field("description")
    assert reader.board.card.description == "One"
    assert field._editor.value == "One two"
    await reader.press("description", "save")
    assert reader.board.updates[-1] == ({"description": "One two"}, {"description": "One"})


async def test_a_refusal_that_names_an_emptied_field_shows_it_as_empty(reader: Reader) -> None:
    reader.board.refuses = FieldChanged("another changed it", field="assignee", current=None)
    reader.type("assignee", "Bo")
    await reader.press("assignee", "save")
    await reader.user.should_see("nothing (it is empty now)")


async def test_a_deleted_card_says_so(reader: Reader) -> None:
    by_bo(reader, event=Verb.CARD_DELETED)
    await reader.user.should_see("Deleted by Bo")
    assert not reader.sheet._restore.visible


async def test_after_missed_changes_it_shows_what_is_so_now(reader: Reader) -> None:
    reader.board.tells_at_once = False
    reader.type("description", MINE)
    by_bo(reader, title="New title", description=THEIRS)
    said = reader.board.say("Bo", "Missed this?")
    with reader.user:
        reader.dialog.renew(reader.board.view, [said])
    await settled()
    for words in ("New title", "Someone changed this to:", "Missed this?"):
        await reader.user.should_see(words)
    assert reader.field("description")._editor.value == MINE
