"""The page of all boards, as people use it."""

import asyncio
import json
from collections.abc import Callable

from nicegui import ui
from nicegui.testing import User

from app.commands import boards
from app.queries.boards import list_boards
from app.service import Service
from app.views import Actor
from components.inline_editor import InlineEditor


async def test_without_boards_it_says_what_a_board_is(user: User) -> None:
    await user.open("/")
    await user.should_see("No boards yet")
    await user.should_see("New board")


async def test_boards_are_listed_with_their_figures(user: User, service: Service, ada: Actor) -> None:
    await service.store.run(boards.create_board, name="Release week", actor=ada)
    await user.open("/")
    await user.should_see("Release week")
    await user.should_see("no cards yet")
    await user.should_not_see("No boards yet")


async def test_a_board_made_by_another_appears_by_itself(user: User, service: Service, ada: Actor) -> None:
    await user.open("/")
    await user.should_see("No boards yet")
    await service.store.run(boards.create_board, name="Release week", actor=ada)
    await user.should_see("Release week", retries=20)


async def test_a_name_typed_makes_a_board_and_opens_it(user: User, service: Service) -> None:
    await user.open("/")
    await user.should_see("New board", retries=20)
    user.find("New board").click()
    await user.should_see(kind=InlineEditor)
    _type_into_editor(user, "Release week")
    await user.should_see("Ready for QC", retries=20)
    assert [board.name for board in await service.store.read(list_boards)] == ["Release week"]


async def test_a_renamed_board_keeps_its_tile(create_user: Callable[..., User], service: Service, ada: Actor) -> None:
    await service.store.run(boards.create_board, name="Release week", actor=ada)
    first, second = create_user("Ada"), create_user("Bob")
    await first.open("/")
    await second.open("/")
    await first.should_see("Release week")
    first.find(marker="rename").click()
    await first.should_see(kind=InlineEditor)
    _type_into_editor(first, "Release month")
    await first.should_see("Release month", retries=20)
    await second.should_see("Release month", retries=20)
    await second.should_not_see("Release week")


async def test_archiving_can_be_undone(user: User, service: Service, ada: Actor) -> None:
    await service.store.run(boards.create_board, name="Release week", actor=ada)
    await user.open("/")
    await user.should_see("Release week")
    user.find(marker="archive").click()
    await user.should_see("Release week is archived", retries=20)
    await user.should_see("1 archived", retries=20)
    user.find("Undo").click()
    await user.should_not_see("1 archived", retries=20)
    assert [board.name for board in await service.store.read(list_boards)] == ["Release week"]


async def test_an_archived_board_is_restored_from_the_list(user: User, service: Service, ada: Actor) -> None:
    board = await service.store.run(boards.create_board, name="Release week", actor=ada)
    await service.store.run(boards.archive_board, board.id, actor=ada)
    await user.open("/")
    await user.should_see("1 archived")
    user.find("Restore").click()
    await user.should_see("no cards yet", retries=20)
    await user.should_not_see("1 archived", retries=20)


async def test_a_refusal_is_told(user: User, service: Service) -> None:
    await user.open("/")
    await user.should_see("New board", retries=20)
    user.find("New board").click()
    await user.should_see(kind=InlineEditor)
    _type_into_editor(user, "x" * 500)
    await user.should_see(kind=ui.element, marker="notice-bad", retries=20)
    assert await service.store.read(list_boards) == []


async def test_a_name_is_remembered_from_the_cookie(create_user: Callable[..., User]) -> None:
    user = create_user("Grace Hopper")
    await user.open("/")
    await user.should_see("Grace Hopper")
    await user.should_see("GH")


async def test_a_page_that_nobody_looks_at_leaves_nothing_behind(user: User, service: Service) -> None:
    await user.open("/")
    await user.should_see("No boards yet")
    assert len(service.feed._lobby) == 1
    assert user.client is not None
    user.client.delete()
    await _until(lambda: not service.feed._lobby)


async def test_an_address_that_leads_nowhere_leads_home(user: User) -> None:
    answer = await user.http_client.get("/no/such/page")
    assert answer.status_code == 404
    assert "There is no such page." in answer.text
    assert "See all boards" in answer.text


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110  (nothing to wait for says so)
            await asyncio.sleep(0.01)


def _type_into_editor(user: User, text: str) -> None:
    """As if the text were typed and Enter pressed; what the keys do runs in a browser only."""
    (editor,) = user.find(kind=InlineEditor).elements
    listener = next(one for one in editor._event_listeners.values() if one.type == "keydown")
    said = json.dumps({"action": "submit", "text": text})
    assert user.client is not None
    user.client.handle_event({"id": editor.id, "listener_id": listener.id, "args": [said]})
