"""What a person does to a board with the keyboard and the mouse, and that another window shows it."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import expect

from tests.pages.board_driver import Screen, converge, order_on_server, until
from tests.ui_fixtures import Running

_numbers = itertools.count(1)
Two = tuple[Screen, Screen]


@pytest.fixture
async def board(server: Running) -> dict[str, Any]:
    made = server.board(
        f"Edit {next(_numbers)}",
        columns=[{"name": "A", "kind": "queue"}, {"name": "B", "kind": "active"}, {"name": "C", "kind": "done"}],
    )
    ids = {column["name"]: column["id"] for column in made["columns"]}
    card = server.card(made["board"]["id"], "first", column_id=ids["A"])
    return {**made, "ids": ids, "card": card}


@pytest.fixture
async def screens(open_page: Callable[..., Any], server: Running, board: dict[str, Any]) -> Two:
    return (
        await Screen.open(open_page, server, board, name="Ada"),
        await Screen.open(open_page, server, board, name="Bob"),
    )


async def test_cards_are_typed_one_after_the_other(screens: Two, server: Running, board: dict[str, Any]) -> None:
    one, keyboard = screens[0], screens[0].page.keyboard
    await one.column(board["ids"]["A"]).locator('[data-action="add-last"]').click()
    await one.page.locator("textarea").wait_for()
    for title in ("second", "third <b>bold</b>"):
        await keyboard.type(title)
        await keyboard.press("Enter")
    await until(lambda: _titles(one, board["ids"]["A"], ["first", "second", "third <b>bold</b>"]))
    await keyboard.type("not yet")
    await one.page.locator(".column-name").nth(1).click()
    assert await one.page.locator("textarea").input_value() == "not yet"
    await one.page.locator("textarea").focus()
    await keyboard.press("Escape")
    await one.page.locator("textarea").wait_for(state="detached")
    await converge(screens)


async def test_a_card_that_is_refused_leaves_its_text_in_the_editor(
    screens: Two, server: Running, board: dict[str, Any]
) -> None:
    one = screens[0]
    server.api.patch(f"/columns/{board['ids']['A']}", json={"wip_limit": 1}).raise_for_status()
    await one.column(board["ids"]["A"]).locator('[data-action="add-last"]').click()
    await one.page.locator("textarea").fill("one too many")
    await one.page.keyboard.press("Enter")
    await one.page.get_by_text("A is full (1 of 1): move one out first").wait_for()
    await expect(one.page.locator("textarea")).to_have_value("one too many")


async def test_enter_that_ends_an_input_method_adds_nothing(screens: Two, board: dict[str, Any]) -> None:
    one = screens[0]
    await one.column(board["ids"]["A"]).locator('[data-action="add-first"]').click()
    await one.page.locator("textarea").fill("日本")
    await one.page.locator("textarea").evaluate(
        "(area) => area.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true }))"
    )
    assert await one.page.locator("textarea").input_value() == "日本"
    await one.page.keyboard.press("Enter")
    await until(lambda: _titles(one, board["ids"]["A"], ["日本", "first"]))


async def test_names_are_changed_where_they_stand(screens: Two, server: Running, board: dict[str, Any]) -> None:
    one, two = screens
    await one.column(board["ids"]["B"]).locator(".column-name").dblclick()
    await one.page.locator(".column input").wait_for()
    await one.page.keyboard.type("In work")
    await one.page.keyboard.press("Enter")
    await until(lambda: _says(two.column(board["ids"]["B"]).locator(".column-name"), "In work"))
    await one.page.locator(".board-name").click()
    await one.page.locator(".top input.inline-editor").wait_for()
    await one.page.keyboard.type("Another name")
    await one.page.keyboard.press("Escape")
    await one.page.locator(".board-name").click()
    await one.page.locator(".top input.inline-editor").wait_for()
    await one.page.keyboard.type("A new name")
    await one.page.keyboard.press("Enter")
    await until(lambda: _says(two.page.locator(".board-name"), "A new name"))


async def test_columns_are_added_limited_and_deleted(screens: Two, server: Running, board: dict[str, Any]) -> None:
    one, page = screens[0], screens[0].page
    await page.get_by_role("button", name="Add column").click()
    await page.locator(".board-end input").wait_for()
    await page.keyboard.type("Later")
    await page.keyboard.press("Enter")
    await until(lambda: _named(one, ["A", "B", "C", "Later"]))

    await _menu(one, "B", "Add a column to the left")
    await page.get_by_label("Name", exact=True).fill("Between")
    await page.get_by_role("button", name="Add", exact=True).click()
    await until(lambda: _named(one, ["A", "Between", "B", "C", "Later"]))

    await _menu(one, "A", "Set a limit")
    await page.get_by_label("Limit", exact=True).fill("1")
    await page.get_by_role("button", name="Set the limit").click()
    await until(lambda: _says(one.column(board["ids"]["A"]).locator(".column-count"), "1/1"))

    await _menu(one, "B", "Done: work ends here")
    await one.column(board["ids"]["B"]).locator(".kind.is-done").wait_for()

    await _menu(one, "Between", "Delete the column")
    await until(lambda: _named(one, ["A", "B", "C", "Later"]))

    await _menu(one, "A", "Delete the column")
    await page.get_by_role("button", name="Move the cards and delete").click()
    await until(lambda: _named(one, ["B", "C", "Later"]))
    assert order_on_server(server, one.board_id)[0]["cards"] == [board["card"]["id"]]
    await converge(screens)


async def test_a_column_is_renamed_from_its_menu(screens: Two, board: dict[str, Any]) -> None:
    one, two = screens
    await _menu(one, "A", "Rename")
    await one.page.locator(".q-menu").wait_for(state="detached")
    await one.page.keyboard.type("Ideas")
    await one.page.keyboard.press("Enter")
    await until(lambda: _named(two, ["Ideas", "B", "C"]))


async def test_a_limit_that_cannot_be_is_not_taken(screens: Two, board: dict[str, Any]) -> None:
    one, page = screens[0], screens[0].page
    for wrong in ("0", "-5", "1000"):
        await _menu(one, "A", "Set a limit")
        await page.get_by_label("Limit", exact=True).fill(wrong)
        await page.get_by_role("button", name="Set the limit").click()
        await page.get_by_text("Between 1 and 999, or empty for no limit").wait_for()
        await page.get_by_role("button", name="Cancel").click()
    await until(lambda: _says(one.column(board["ids"]["A"]).locator(".column-count"), "1"))


async def test_a_new_column_is_scrolled_into_view(screens: Two) -> None:
    page = screens[0].page
    await page.set_viewport_size({"width": 700, "height": 600})
    await page.get_by_role("button", name="Add column").click()
    await expect(page.locator(".board-end .inline-editor")).to_be_focused()
    await page.keyboard.type("Later")
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name="Later").wait_for()
    await until(lambda: _in_view(page.locator(".board-end .button"), 700))


async def test_an_archived_card_comes_back_by_undo(screens: Two, board: dict[str, Any]) -> None:
    one, two = screens
    card_id = board["card"]["id"]
    await one.card(card_id).focus()
    await one.page.keyboard.press("Enter")
    await one.page.locator(".card-dialog").get_by_role("button", name="Archive").click()
    await two.card(card_id).wait_for(state="detached")
    await one.page.get_by_role("button", name="Undo").click()
    await two.card(card_id).wait_for()
    await converge(screens)


@pytest.mark.parametrize("key", ["Enter", "Space"])
async def test_a_card_is_opened_by_keyboard(screens: Two, board: dict[str, Any], key: str) -> None:
    one, page = screens[0], screens[0].page
    await one.card(board["card"]["id"]).focus()
    await page.keyboard.press(key)
    await page.locator(".sheet-room:focus").wait_for()
    await page.keyboard.press("Escape")
    await page.locator(".sheet").wait_for(state="detached")
    await page.locator(f'.card:focus[data-card="{board["card"]["id"]}"]').wait_for()


async def test_the_address_names_the_open_card(screens: Two, board: dict[str, Any]) -> None:
    one, ref = screens[0], board["card"]["ref"]
    base = one.page.url
    await one.card(board["card"]["id"]).click()
    await one.page.wait_for_url(f"{base}?card={ref}")
    await one.page.reload()
    await one.page.locator(".card-dialog").get_by_text(ref).wait_for()
    await one.page.locator(".card-dialog").get_by_role("button", name="Close").click()
    await one.page.wait_for_url(base)


async def test_the_line_for_a_first_visit_goes_when_it_was_read(screens: Two) -> None:
    line = screens[0].page.get_by_text("Open this page in a second window")
    await line.wait_for()
    await screens[0].page.get_by_role("button", name="Got it").click()
    await line.wait_for(state="hidden")
    await screens[0].page.reload()
    await screens[0].page.locator(".column").first.wait_for()
    assert not await line.is_visible()


async def _menu(screen: Screen, column: str, item: str) -> None:
    await screen.page.locator(".q-menu, .q-dialog").wait_for(state="detached")
    await screen.page.get_by_label(f"Menu of {column}", exact=True).click()
    await screen.page.get_by_text(item, exact=True).click()


async def _titles(screen: Screen, column_id: int, titles: list[str]) -> bool:
    return await screen.lane(column_id).locator(".face-title").all_inner_texts() == titles


async def _named(screen: Screen, names: list[str]) -> bool:
    return await screen.page.locator(".column-name").all_inner_texts() == names


async def _in_view(locator: Any, width: int) -> bool:
    box = await locator.bounding_box()
    return box is not None and box["x"] + box["width"] <= width


async def _says(locator: Any, text: str) -> bool:
    return await locator.count() == 1 and await locator.inner_text() == text
