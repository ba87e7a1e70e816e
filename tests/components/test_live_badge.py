"""The badge in a real Chromium: it says how the connection is, not how it was."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.launching import Launched
from tests.lossy_proxy import LossyProxy
from tests.ui_fixtures import Running


async def test_it_shows_the_measured_round_trip(page: Any) -> None:
    badge = page.locator(".live[data-state=live]")
    await badge.wait_for()
    assert re.fullmatch(r"Live\s*\d+ ms", (await badge.text_content()).strip())


async def test_the_time_does_not_chatter_to_those_who_listen(page: Any) -> None:
    await page.wait_for_selector(".live[data-state=live]")
    assert await page.locator(".live [role=status]").text_content() == "Live"
    assert await page.locator(".live-time").get_attribute("aria-hidden") == "true"


async def test_a_cut_is_seen_at_once_and_a_long_one_is_called_stale(
    server: Running, open_page: Callable[..., Any]
) -> None:
    async with LossyProxy(server.base_url) as proxy:
        page = await open_page(proxy.url)
        await page.wait_for_selector(".live[data-state=live]")
        proxy.lose()
        proxy.cut()
        await page.wait_for_selector(".live[data-state=reconnecting]", timeout=2000)
        stale = page.locator(".live[data-state=stale]")
        await stale.wait_for(timeout=15_000)
        assert re.search(r"Stale since \d+:\d+.*, changes wait", await stale.text_content() or "")
        proxy.heal()
        await page.wait_for_selector(".live[data-state=live]", timeout=15_000)
        await page.wait_for_selector("text=Back online: nothing was missed")


async def test_silence_without_a_cut_is_noticed(server: Running, open_page: Callable[..., Any]) -> None:
    async with LossyProxy(server.base_url) as proxy:
        page = await open_page(proxy.url)
        await page.wait_for_selector(".live[data-state=live]")
        proxy.lose()
        await page.wait_for_selector(".live:not([data-state=live])", timeout=11_000)
        proxy.heal()
        await page.wait_for_selector(".live[data-state=live]", timeout=15_000)


async def test_a_browser_without_network_says_so(page: Any) -> None:
    await page.wait_for_selector(".live[data-state=live]")
    await page.context.set_offline(True)
    await page.wait_for_selector(".live[data-state=reconnecting]", timeout=15_000)
    await page.context.set_offline(False)
    await page.wait_for_selector(".live[data-state=live]", timeout=15_000)


async def test_after_a_restart_of_the_server_the_page_comes_back_and_says_so(
    tmp_path: Path, open_page: Callable[..., Any]
) -> None:
    with Launched(tmp_path) as first:
        page = await open_page(first.url)
        await page.wait_for_selector(".live[data-state=live]")
    await page.wait_for_selector(".live[data-state=reconnecting]")
    with Launched(tmp_path, "--port", str(first.port)):
        await page.wait_for_selector("text=/Back after \\d+ s: the page was reloaded/", timeout=20_000)
        await page.wait_for_selector(".live[data-state=live]")


async def test_a_text_being_typed_while_the_server_restarts_is_offered_again(
    tmp_path: Path, open_page: Callable[..., Any]
) -> None:
    with Launched(tmp_path) as first:
        page = await open_page(first.url)
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await page.get_by_role("button", name="New board").click()
        await page.get_by_label("Name of the new board").press_sequentially("Half a na")
    with Launched(tmp_path, "--port", str(first.port)):
        draft = page.locator(".draft")
        await draft.wait_for(timeout=20_000)
        assert await draft.locator("textarea").input_value() == "Half a na"
        await draft.get_by_role("button", name="Copy").click()
        await draft.get_by_role("button", name="Copied").wait_for()
        assert await page.evaluate("navigator.clipboard.readText()") == "Half a na"
        await draft.get_by_role("button", name="Discard").click()
        await draft.wait_for(state="detached")


async def test_nicegui_keeps_its_own_popup_to_itself(page: Any) -> None:
    assert await page.evaluate("getComputedStyle(document.getElementById('popup')).display") == "none"
