"""The comments in the dialog of a card: written, edited and deleted by their authors, seen by all at once."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.errors import StoreUnavailable
from components.comment_list import SHOWN_AT_FIRST
from models.vocabulary import ActorKind
from tests.components.dialog_user import Reader, reading
from tests.components.fake_board import FakeBoard


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    async with reading(FakeBoard()) as reader:
        yield reader


def write(reader: Reader, text: str) -> None:
    with reader.user:
        reader.sheet.comments._composer.set_value(text)


async def send(reader: Reader) -> None:
    await reader.click(marker="send-comment")


def order(reader: Reader) -> list[int]:
    elements = {item.element: comment_id for comment_id, item in reader.sheet.comments._items.items()}
    return [elements[child] for child in reader.sheet.comments._list.default_slot.children]


async def test_a_comment_is_sent_and_the_place_is_free_again(reader: Reader) -> None:
    write(reader, "  Looks *good*  ")
    await send(reader)
    assert [comment.text for comment in reader.board.comments.values()] == ["Looks *good*"]
    assert reader.sheet.comments._composer.value == ""
    await reader.user.should_see("Looks *good*")


async def test_keys_send_the_text_they_came_with(reader: Reader) -> None:
    write(reader, "Looks goo")
    await reader.send(reader.sheet.comments._form, "keydown", "Looks good")
    assert [comment.text for comment in reader.board.comments.values()] == ["Looks good"]


async def test_nothing_is_not_sent(reader: Reader) -> None:
    write(reader, "  \n ")
    await send(reader)
    assert reader.board.comments == {}


async def test_a_comment_that_is_not_sent_stays(reader: Reader) -> None:
    reader.board.refuses = StoreUnavailable("The database does not answer.")
    write(reader, "Looks good")
    await send(reader)
    await reader.user.should_see("Not sent. The database does not answer.")
    assert reader.sheet.comments._composer.value == "Looks good"


async def test_a_comment_that_is_too_long_says_how_long(reader: Reader) -> None:
    write(reader, "x" * 20_001)
    await send(reader)
    await reader.user.should_see("A comment has at most 20,000 characters; this one has 20,001.")
    assert reader.board.comments == {}


async def test_an_unsent_comment_is_there_again_when_the_card_is_opened_again(reader: Reader) -> None:
    write(reader, "Half a thought")
    assert await reader.dialog.leave()
    await reader.user.should_see("Your comment on DEMO-12 is not sent.")
    await reader.open()
    assert reader.sheet.comments._composer.value == "Half a thought"


async def test_a_comment_on_its_way_is_not_called_unsent_and_comes_back_when_it_fails(reader: Reader) -> None:
    arrived = asyncio.Event()

    async def slow(_: str) -> None:
        await arrived.wait()
        raise StoreUnavailable("The database does not answer.")

    reader.sheet.comments._on_add = slow
    write(reader, "Looks good")
    await send(reader)
    assert await reader.dialog.leave()
    await reader.user.should_not_see("is not sent")
    arrived.set()
    await reader.user.should_see("Your comment on DEMO-12 was not sent, and is kept with the card.")
    await reader.open()
    assert reader.sheet.comments._composer.value == "Looks good"


async def test_comments_of_others_appear_on_top(reader: Reader) -> None:
    with reader.user:
        reader.board.say("Bo", "First")
        reader.board.say("agent-7", "Second", ActorKind.AGENT)
    await reader.user.should_see("Second")
    assert order(reader) == [2, 1]
    assert reader.sheet.comments._count.text == "2"


async def test_only_ones_own_comments_can_be_changed(reader: Reader) -> None:
    with reader.user:
        reader.board.say("Bo", "His")
        reader.board.say("Ana", "An agent that calls itself Ana", ActorKind.AGENT)
        reader.board.say("Ana", "Mine")
    fields = [comment_id for comment_id, item in reader.sheet.comments._items.items() if item._field is not None]
    assert fields == [3]


async def test_one_edits_ones_own_comment(reader: Reader) -> None:
    with reader.user:
        reader.board.say("Ana", "Mine")
        item = reader.sheet.comments._items[1]
        item._edit()
        item._field._editor.set_value("Mine, better")
    await reader.send(item._field.box, "keydown", ["save", "Mine, better"])
    assert reader.board.comments[1].text == "Mine, better"
    assert not item._field.editing
    await reader.user.should_see("just now, edited")


async def test_an_edited_comment_is_saved_when_the_dialog_closes(reader: Reader) -> None:
    with reader.user:
        reader.board.say("Ana", "Mine")
        item = reader.sheet.comments._items[1]
        item._edit()
        item._field._editor.set_value("Mine, better")
    assert await reader.dialog.leave()
    assert reader.board.comments[1].text == "Mine, better"


async def test_deleting_asks_once(reader: Reader) -> None:
    with reader.user:
        reader.board.say("Ana", "Mine")
    item = reader.sheet.comments._items[1]
    await reader.send(item._asks[1], "click")
    assert reader.board.comments
    await reader.click(content="Delete for good")
    assert reader.board.comments == {}
    assert order(reader) == []


async def test_an_edit_by_another_shows_in_place(reader: Reader) -> None:
    with reader.user:
        reader.board.say("Bo", "Frist")
    await reader.board.actions("Bo").edit_comment(1, "First")
    await reader.user.should_see("First")
    await reader.user.should_not_see("Frist")
    assert order(reader) == [1]


async def test_a_long_talk_opens_with_its_latest_part() -> None:
    board = FakeBoard()
    board.tells_at_once = False
    for number in range(SHOWN_AT_FIRST + 5):
        board.say("Bo", f"Comment {number}")
    async with reading(board) as reader:
        assert len(order(reader)) == SHOWN_AT_FIRST
        await reader.click(content="Show 5 older")
        assert order(reader) == list(range(SHOWN_AT_FIRST + 5, 0, -1))
        assert reader.sheet.comments._count.text == "35"
