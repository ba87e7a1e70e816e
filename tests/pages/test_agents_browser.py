"""Agents and gates in a real Chromium: a drag that is refused goes back with words, a pause bites over REST."""

from collections.abc import Callable
from typing import Any

import httpx
from playwright.async_api import expect

from tests.pages.board_driver import Screen, converge
from tests.ui_fixtures import Running


async def test_a_card_that_lacks_something_goes_back_and_is_told_what(
    server: Running, open_page: Callable[..., Any]
) -> None:
    board = server.board("Gates", columns=[{"name": "A", "kind": "queue"}, {"name": "B", "kind": "active"}])
    a, b = (column["id"] for column in board["columns"])
    card = server.card(board["board"]["id"], "Unfinished", column_id=a, checklist=["Test it", "Ship it"])
    there = server.card(board["board"]["id"], "There", column_id=b)
    screen = await Screen.open(open_page, server, board)
    server.api.patch(f"/columns/{b}", json={"requires": ["checklist_done", "approval"]}).raise_for_status()
    gate = screen.column(b).locator(".gate")
    await expect(gate).to_have_attribute("aria-label", "Requires: checklist done, approval by a person")
    await screen.drag(screen.card(card["id"]), screen.card(there["id"]))
    refusal = screen.page.get_by_role("alert")
    await expect(refusal).to_have_text("B requires: 2 of 2 checklist items are open; an approval by a person")
    order = await converge([screen])
    assert [column["cards"] for column in order] == [[card["id"]], [there["id"]]]


async def test_a_paused_agent_is_refused_over_rest_until_it_may_go_on(
    server: Running, open_page: Callable[..., Any]
) -> None:
    board = server.board("Pauses")
    card = server.card(board["board"]["id"], "Something to do")
    page = (await Screen.open(open_page, server, board)).page

    def write() -> httpx.Response:
        return server.api.patch(f"/cards/{card['id']}", json={"estimate": 3})

    await page.get_by_role("button", name="Agents: none here yet").click()
    panel = page.get_by_role("complementary", name="Agents")
    await expect(panel).to_be_focused()
    await panel.get_by_role("button", name="Pause tester", exact=True).first.click()
    await expect(panel.get_by_label("Reason (optional)")).to_be_focused()
    await page.keyboard.type("wrong shop")
    await page.keyboard.press("Enter")
    await expect(panel.get_by_text("Paused by Ada just now: wrong shop")).to_be_visible()
    refused = write()
    assert (refused.status_code, refused.json()["code"]) == (403, "agent_paused")
    assert "wrong shop" in refused.json()["detail"]
    await panel.get_by_role("button", name="Resume tester").click()
    await expect(panel.get_by_text("Idle")).to_be_visible()
    assert write().status_code == 200
    await page.keyboard.press("Escape")
    await expect(panel).to_have_count(0)
    await expect(page.locator(".agents-button")).to_be_focused()
