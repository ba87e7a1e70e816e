"""Work in real browsers: an agent that is at work and then falls silent, and a checklist that two people share."""

from collections.abc import Callable
from typing import Any

from playwright.async_api import expect

from tests.pages.board_driver import Screen
from tests.ui_fixtures import Running

HURRY = "(ms) => { const now = AgentKanban.now; AgentKanban.now = () => now() + ms; AgentKanban.drawTimes(); }"
"""The server's clock as the page knows it, put forward."""


async def test_an_agents_work_shows_and_its_silence_too(open_page: Callable[..., Any], server: Running) -> None:
    board = server.board()
    card = server.card(board["board"]["id"], "Fix the import")
    screen = await Screen.open(open_page, server, board)
    face = screen.card(card["id"])
    await expect(face).to_contain_text("Fix the import")
    server.post(f"/cards/{card['id']}/claim", lease_seconds=300)
    server.post(f"/cards/{card['id']}/progress", percent=40, text="Reading the log")
    mark = face.locator("claim-mark")
    await expect(mark).to_contain_text("tester")
    await expect(mark).to_contain_text("Reading the log")
    await expect(mark).to_have_attribute("data-state", "working")
    await expect(mark.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "40")
    assert await _pulses(mark)
    await screen.page.evaluate(HURRY, 270_000)
    await expect(mark).to_have_attribute("data-state", "silent")
    await expect(mark.locator(".work-silence")).to_contain_text("Silent 4\N{NO-BREAK SPACE}min,")
    await expect(mark.locator(".work-silence")).to_contain_text("lease")
    assert not await _pulses(mark)
    # A sign of life: the card is painted anew, and is judged by the same clock.
    await screen.page.evaluate(HURRY, -270_000)
    server.post(f"/cards/{card['id']}/progress", percent=60)
    await expect(mark).to_contain_text("60 %")
    await expect(mark).to_have_attribute("data-state", "working")
    server.post(f"/cards/{card['id']}/release")
    await expect(mark).to_have_count(0)


async def _pulses(mark: Any) -> bool:
    return await mark.evaluate("(mark) => mark.getAnimations({ subtree: true }).length > 0")


async def test_an_item_ticked_in_one_window_is_ticked_in_the_other(
    open_page: Callable[..., Any], server: Running
) -> None:
    board = server.board()
    card = server.card(board["board"]["id"], "Release", checklist=["Tag it", "Tell people"])
    url = f"{server.base_url}/b/{board['board']['key']}?card={card['ref']}"
    ada, bo = await open_page(url, name="Ada"), await open_page(url, name="Bo")
    for page in (ada, bo):
        await expect(page.locator(".check-item")).to_have_count(2)
    await bo.locator(".check-text").last.click()
    editor = bo.get_by_label("Item", exact=True)
    await editor.fill("Tell all people")
    await ada.get_by_role("checkbox", name="Tag it").click()
    await expect(bo.get_by_role("checkbox", name="Tag it")).to_be_checked()
    await expect(bo.locator(".checklist h3")).to_contain_text("1/2")
    await expect(editor).to_be_focused()
    await expect(editor).to_have_value("Tell all people")
    await bo.keyboard.press("Enter")
    await expect(ada.locator(".check-text").last).to_have_text("Tell all people")
    await expect(ada.locator(f'[data-card="{card["id"]}"] .face-count')).to_have_text("1/2")
