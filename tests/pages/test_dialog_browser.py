"""The dialog of a card in real browsers: two people in one field, typing that nothing disturbs, keys and focus."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.ui_fixtures import Running


@dataclass
class Open:
    """A card on a board of its own, and the windows on it."""

    server: Running
    board: dict[str, Any]
    card: dict[str, Any]
    open_page: Callable[..., Any]

    async def window(self, name: str, **more: Any) -> Page:
        key = self.board["board"]["key"]
        page = await self.open_page(f"{self.server.base_url}/b/{key}?card={self.card['ref']}", name=name, **more)
        await expect(page.locator(".sheet")).to_be_visible()
        # Quasar gives the focus once its fade is over, which is before anybody can have read the card
        await page.wait_for_function("!document.querySelector('[class*=q-transition]')")
        return page

    def patch(self, **fields: Any) -> None:
        self.server.api.patch(f"/cards/{self.card['id']}", json=fields).raise_for_status()

    def now(self) -> dict[str, Any]:
        return self.server.api.get(f"/cards/{self.card['id']}").raise_for_status().json()


@pytest.fixture
def opened(server: Running, open_page: Callable[..., Any]) -> Open:
    board = server.board()
    card = server.card(board["board"]["id"], "Import the customers", description="Reads **CSV**")
    return Open(server, board, card, open_page)


async def edit(page: Page, label: str, text: str) -> None:
    await page.get_by_role("button", name=f"Edit {label.lower()}").click()
    await page.get_by_label(label, exact=True).fill(text)


async def test_two_people_in_one_field_and_theirs_is_taken(opened: Open) -> None:
    ada, bo = await opened.window("Ada"), await opened.window("Bo")
    await edit(ada, "Description", "Ada's text")
    await edit(bo, "Description", "Bo's text")
    await bo.keyboard.press("Control+Enter")
    await expect(ada.locator(".conflict:visible")).to_contain_text("Bo changed this to:")
    await expect(ada.locator(".conflict:visible")).to_contain_text("Bo's text")
    await expect(ada.get_by_label("Description", exact=True)).to_have_value("Ada's text")
    await ada.keyboard.press("Control+Enter")
    await expect(ada.get_by_label("Description", exact=True)).to_be_focused()
    assert opened.now()["description"] == "Bo's text"
    await ada.locator("button:visible", has_text="Take theirs").click()
    await expect(ada.locator(".prose").first).to_have_text("Bo's text")
    assert opened.now()["description"] == "Bo's text"


async def test_two_people_in_one_field_and_mine_is_kept(opened: Open) -> None:
    ada, bo = await opened.window("Ada"), await opened.window("Bo")
    await edit(ada, "Description", "Ada's text")
    await edit(bo, "Description", "Bo's text")
    await bo.keyboard.press("Control+Enter")
    await ada.locator("button:visible", has_text="Keep mine").click()
    await expect(ada.get_by_label("Description", exact=True)).to_be_focused()
    await ada.keyboard.press("Control+Enter")
    await expect(ada.locator(".conflict:visible")).to_have_count(0)
    await expect(bo.locator(".prose").first).to_have_text("Ada's text")
    assert opened.now()["description"] == "Ada's text"


async def test_different_fields_never_clash(opened: Open) -> None:
    ada, bo = await opened.window("Ada"), await opened.window("Bo")
    await edit(ada, "Description", "Ada's text")
    await bo.locator(".title-view button").click()
    await bo.get_by_label("Title", exact=True).fill("Bo's title")
    await bo.keyboard.press("Enter")
    await expect(ada.locator(".title-view")).to_have_text("Bo's title")
    await expect(ada.locator(".conflict:visible")).to_have_count(0)
    await ada.keyboard.press("Control+Enter")
    await expect(bo.locator(".prose").first).to_have_text("Ada's text")
    assert (opened.now()["title"], opened.now()["description"]) == ("Bo's title", "Ada's text")


async def test_comments_appear_for_the_others(opened: Open) -> None:
    ada, bo = await opened.window("Ada"), await opened.window("Bo")
    await ada.get_by_label("Write a comment").fill("Looks *good*")
    await ada.keyboard.press("Control+Enter")
    await expect(bo.locator(".comment")).to_contain_text("Looks good")
    await expect(bo.locator(".comment-author")).to_have_text("Ada")
    await expect(ada.get_by_label("Write a comment")).to_have_value("")
    await expect(ada.get_by_label("Write a comment")).to_be_focused()
    await expect(bo.get_by_role("button", name="Edit your comment")).to_have_count(0)


async def test_typing_is_not_disturbed_by_what_others_change(opened: Open) -> None:
    ada = await opened.window("Ada")
    await edit(ada, "Description", "Hello world")
    editor = ada.get_by_label("Description", exact=True)
    await editor.evaluate("(e) => { e.setSelectionRange(5, 5); e._same = true; }")
    for number in range(10):
        await ada.keyboard.type(f" {number}")
        opened.patch(title=f"Title {number}", acceptance_criteria=f"Criterion {number}", assignee=f"Bot {number}")
        opened.server.post(f"/cards/{opened.card['id']}/comments", text=f"Comment {number}")
    await expect(ada.locator(".comment")).to_have_count(10)
    await expect(ada.locator(".title-view")).to_have_text("Title 9")
    await ada.keyboard.type("!")
    await expect(editor).to_have_value("Hello 0 1 2 3 4 5 6 7 8 9! world")
    state = "(e) => [e.selectionStart, e._same, document.activeElement === e]"
    assert await editor.evaluate(state) == [len("Hello 0 1 2 3 4 5 6 7 8 9!"), True, True]


async def test_typing_goes_on_in_a_field_that_another_changes(opened: Open) -> None:
    ada = await opened.window("Ada")
    await edit(ada, "Description", "Hello world")
    editor = ada.get_by_label("Description", exact=True)
    await editor.evaluate("(e) => e.setSelectionRange(5, 5)")
    for number in range(5):
        await ada.keyboard.type(f" {number}")
        opened.patch(description=f"Theirs {number}")
    await expect(ada.locator(".conflict-theirs:visible")).to_have_text("Theirs 4")
    await ada.keyboard.type("!")
    await expect(editor).to_have_value("Hello 0 1 2 3 4! world")
    assert await editor.evaluate("(e) => e.selectionStart") == len("Hello 0 1 2 3 4!")


async def test_escape_leaves_the_field_first_and_then_the_card(opened: Open) -> None:
    ada = await opened.window("Ada")
    await edit(ada, "Description", "Oops")
    await ada.keyboard.press("Escape")
    await expect(ada.get_by_label("Description", exact=True)).to_have_count(0)
    await expect(ada.get_by_role("button", name="Edit description")).to_be_focused()
    await ada.keyboard.press("Escape")
    await expect(ada.locator(".sheet")).to_have_count(0)
    await expect(ada.locator(f"[data-card='{opened.card['id']}']")).to_be_focused()
    assert "card=" not in ada.url
    assert opened.now()["description"] == "Reads **CSV**"


async def test_a_click_beside_the_sheet_saves_and_closes(opened: Open) -> None:
    ada = await opened.window("Ada")
    await edit(ada, "Description", "Kept")
    await ada.mouse.click(20, 400)
    await expect(ada.locator(".sheet")).to_have_count(0)
    assert opened.now()["description"] == "Kept"


async def test_a_selection_that_ends_beside_the_sheet_does_not_close_it(opened: Open) -> None:
    ada = await opened.window("Ada")
    await edit(ada, "Description", "A text to select from")
    box = await ada.get_by_label("Description", exact=True).bounding_box()
    assert box is not None
    await ada.mouse.move(box["x"] + 100, box["y"] + 10)
    await ada.mouse.down()
    await ada.mouse.move(20, 400, steps=4)
    await ada.mouse.up()
    await ada.wait_for_timeout(300)
    await expect(ada.get_by_label("Description", exact=True)).to_be_visible()


async def test_leaving_a_field_saves_it(opened: Open) -> None:
    ada = await opened.window("Ada")
    await ada.locator(".title-view button").click()
    await ada.get_by_label("Title", exact=True).fill("Better title")
    await ada.get_by_label("Write a comment").click()
    await expect(ada.locator(".title-view")).to_have_text("Better title")
    await expect(ada.get_by_label("Write a comment")).to_be_focused()
    assert opened.now()["title"] == "Better title"


async def test_the_card_can_be_done_by_keyboard_alone(opened: Open) -> None:
    ada = await opened.window("Ada")
    await ada.locator(".title-view button").focus()
    await ada.keyboard.press("Enter")
    await expect(ada.get_by_label("Title", exact=True)).to_be_focused()
    await ada.keyboard.press("End")
    await ada.keyboard.type(" twice")
    await ada.keyboard.press("Enter")
    await expect(ada.locator(".title-view button")).to_be_focused()
    for _ in range(40):
        await ada.keyboard.press("Tab")
        # The body stands for the browser's own bars, which come between the last and the first stop.
        assert await ada.evaluate("document.activeElement.matches('body, .q-dialog *')")
    assert opened.now()["title"] == "Import the customers twice"


async def test_priority_and_column_are_chosen_from_their_words(opened: Open) -> None:
    ada, bo = await opened.window("Ada"), await opened.window("Bo")
    await ada.get_by_label("Priority").click()
    await ada.locator(".q-menu .q-item", has_text="Urgent").click()
    await expect(bo.locator(".fact-select .priority-word")).to_have_text("Urgent")
    await ada.get_by_label("Column", exact=True).click()
    await ada.locator(".q-menu .q-item", has_text="In Progress").click()
    await expect(bo.locator(".fact-select").first).to_contain_text("In Progress")
    assert opened.now()["priority"] == "urgent"


async def test_escape_in_a_menu_closes_the_menu_only(opened: Open) -> None:
    ada = await opened.window("Ada")
    await ada.get_by_label("Priority").click()
    await expect(ada.locator(".q-menu")).to_be_visible()
    await ada.keyboard.press("Escape")
    await expect(ada.locator(".q-menu")).to_have_count(0)
    await expect(ada.locator(".sheet")).to_be_visible()


async def test_escape_closes_the_card_also_after_a_choice(opened: Open) -> None:
    ada = await opened.window("Ada")
    await ada.get_by_label("Priority").click()
    await ada.locator(".q-menu .q-item", has_text="Urgent").click()
    await expect(ada.locator(".q-menu")).to_have_count(0)
    await ada.keyboard.press("Escape")
    await expect(ada.locator(".sheet")).to_have_count(0)


async def test_escape_closes_a_card_that_has_only_just_opened(opened: Open) -> None:
    ada = await opened.window("Ada")
    await ada.keyboard.press("Escape")
    await expect(ada.locator(".sheet")).to_have_count(0)
    await ada.locator(f'[data-card="{opened.card["id"]}"]').click()
    await ada.locator(".sheet-room").wait_for(state="attached")
    await ada.keyboard.press("Escape")
    await expect(ada.locator(".sheet")).to_have_count(0)


async def test_going_back_closes_the_card_and_going_forward_opens_it(opened: Open) -> None:
    ada = await opened.open_page(f"{opened.server.base_url}/b/{opened.board['board']['key']}", name="Ada")
    sheet, ref = ada.locator(".sheet"), opened.card["ref"]
    for _ in range(2):
        await ada.locator(f'[data-card="{opened.card["id"]}"]').click()
        await expect(sheet).to_be_visible()
        await expect(ada).to_have_url(re.compile(f"card={ref}$"))
        await ada.evaluate("history.back()")
        await expect(sheet).to_have_count(0)
        await expect(ada).to_have_url(re.compile(f"/b/{opened.board['board']['key']}$"))
    await ada.evaluate("history.forward()")
    await expect(sheet).to_be_visible()
    await ada.keyboard.press("Escape")
    await expect(sheet).to_have_count(0)
    await expect(ada).to_have_url(re.compile(f"/b/{opened.board['board']['key']}$"))


async def test_going_back_from_a_text_that_cannot_be_saved_stays_with_it(opened: Open) -> None:
    ada = await opened.open_page(f"{opened.server.base_url}/b/{opened.board['board']['key']}", name="Ada")
    await ada.locator(f'[data-card="{opened.card["id"]}"]').click()
    await edit(ada, "Description", "Ada's text")
    opened.patch(description="by another")
    await expect(ada.get_by_role("button", name="Keep mine")).to_be_visible()
    await ada.evaluate("history.back()")
    await expect(ada).to_have_url(re.compile(f"card={opened.card['ref']}$"))
    await expect(ada.get_by_label("Description", exact=True)).to_have_value("Ada's text")


async def test_a_card_of_an_archived_board_says_so(opened: Open) -> None:
    board = f"/boards/{opened.board['board']['id']}"
    ada = await opened.window("Ada")
    opened.server.api.delete(board).raise_for_status()
    await expect(ada.locator(".sheet-banner")).to_contain_text("The board is archived")
    bo = await opened.window("Bo")
    await expect(bo.locator(".sheet-banner")).to_contain_text("The board is archived")
    opened.server.api.post(f"{board}/restore").raise_for_status()
    await expect(ada.locator(".sheet-banner")).to_be_hidden()
    await expect(bo.locator(".sheet-banner")).to_be_hidden()


async def test_an_offered_name_is_taken_by_mouse(opened: Open) -> None:
    opened.server.card(opened.board["board"]["id"], "Another", assignee="Chandra")
    ada = await opened.window("Ada")
    await ada.locator(".fact-value").click()
    await expect(ada.locator(".name-editor input")).to_be_focused()
    await ada.keyboard.type("cha")
    await expect(ada.locator(".name-offer")).to_have_count(1)
    await ada.locator(".name-offer", has_text="Chandra").click()
    await expect(ada.locator(".fact-value")).to_have_text("CChandra")
    assert opened.now()["assignee"] == "Chandra"


async def test_archiving_offers_to_take_it_back(opened: Open) -> None:
    ada, bo = await opened.window("Ada"), await opened.window("Bo")
    await ada.get_by_role("button", name="Archive").click()
    await expect(ada.locator(".sheet")).to_have_count(0)
    await expect(bo.locator(".sheet-banner")).to_contain_text("Archived by Ada")
    await ada.get_by_role("button", name="Undo").click()
    await expect(bo.locator(".sheet-banner")).to_be_hidden()
    await expect(ada.locator(f"[data-card='{opened.card['id']}']")).to_be_visible()


async def test_what_was_typed_survives_a_closed_window(opened: Open) -> None:
    ada, bo = await opened.window("Ada"), await opened.window("Bo")
    await edit(ada, "Description", "Half a thought")
    await ada.wait_for_timeout(200)
    await ada.close()
    await expect(bo.locator(".prose").first).to_have_text("Half a thought")


async def test_a_phone_gets_the_whole_screen(opened: Open) -> None:
    ada = await opened.window("Ada", width=390, height=844, has_touch=True, color_scheme="dark")
    box = await ada.locator(".sheet").bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"]) == (0, 0, 390)
    assert box["height"] >= 844
    # once the icons have come: until then their names stand there, which are wider
    await ada.wait_for_function("document.querySelector('.sheet-room').scrollWidth <= 390")
    paper = await ada.locator(".sheet").evaluate("(e) => getComputedStyle(e).backgroundColor")
    assert paper == "rgb(35, 41, 50)"


async def test_a_link_is_copied(opened: Open) -> None:
    ada = await opened.window("Ada", permissions=["clipboard-read", "clipboard-write"])
    await ada.get_by_title("Copy a link to this card").click()
    await expect(ada.get_by_text("Copied")).to_be_visible()
    link = await ada.evaluate("navigator.clipboard.readText()")
    assert link.endswith(f"/b/{opened.board['board']['key']}?card={opened.card['ref']}")


async def test_a_text_far_too_long_is_refused_and_a_full_one_is_saved(opened: Open) -> None:
    ada = await opened.window("Ada")
    await edit(ada, "Description", "字" * 250_000)
    await ada.keyboard.press("Control+Enter")
    await expect(ada.locator(".editable-error:visible")).to_have_text(
        "At most 20,000 characters; this text has 200,000."
    )
    await ada.get_by_label("Description", exact=True).fill("字" * 20_000)
    await ada.keyboard.press("Control+Enter")
    await expect(ada.get_by_label("Description", exact=True)).to_have_count(0)
    assert opened.now()["description"] == "字" * 20_000
