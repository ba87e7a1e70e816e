"""The header in a real Chromium: names, theme, and who else is here."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.ui_fixtures import Running


async def test_a_new_name_is_seen_by_the_others_and_kept(server: Running, open_page: Callable[..., Any]) -> None:
    address = f"{server.base_url}/b/{server.board('Names')['board']['key']}"
    ada, bob = await open_page(address, name="Ada"), await open_page(address, name="Bob")
    await bob.wait_for_selector("[title='Also here: Ada']")
    await ada.wait_for_selector("[title='Also here: Bob']")
    await ada.click(".whoami")
    await ada.fill(".name-menu input", "Grace Hopper")
    await ada.keyboard.press("Enter")
    await bob.wait_for_selector("[title='Also here: Grace Hopper']")
    await ada.reload()
    assert await ada.locator(".whoami-name").text_content() == "Grace Hopper"


async def test_who_leaves_is_no_longer_here(server: Running, open_page: Callable[..., Any]) -> None:
    address = f"{server.base_url}/b/{server.board('Leaving')['board']['key']}"
    ada, bob = await open_page(address, name="Ada"), await open_page(address, name="Bob")
    await bob.wait_for_selector("[title='Also here: Ada']")
    await ada.close()
    await bob.wait_for_selector(".people", state="hidden")


async def test_a_guest_keeps_the_number_given(server: Running, browser: Any) -> None:
    page = await browser.new_page()
    await page.goto(server.base_url)
    name = await page.locator(".whoami-name").text_content()
    assert name.startswith("Guest ")
    await page.wait_for_function("document.cookie.includes('agent_kanban_name=Guest')")
    await page.reload()
    assert await page.locator(".whoami-name").text_content() == name


@pytest.mark.parametrize("key", ["Enter", "Space"])
async def test_the_menu_opens_by_keyboard_and_closes_by_escape(page: Any, key: str) -> None:
    await page.locator(".whoami").focus()
    await page.keyboard.press(key)
    await page.wait_for_timeout(400)
    assert await page.locator(".name-menu").is_visible()
    await page.keyboard.press("Escape")
    await page.wait_for_selector(".name-menu", state="hidden")


async def test_the_theme_follows_the_system_until_chosen(server: Running, open_page: Callable[..., Any]) -> None:
    page = await open_page(server.base_url, color_scheme="dark")
    assert await _canvas(page) == "rgb(15, 18, 22)"
    await page.emulate_media(color_scheme="light")
    assert await _canvas(page) == "rgb(246, 247, 249)"


async def test_a_chosen_theme_is_there_before_the_first_paint(server: Running, open_page: Callable[..., Any]) -> None:
    page = await open_page(server.base_url, color_scheme="light")
    await page.click(".whoami")
    await page.click("text=Dark")
    assert await _canvas(page) == "rgb(15, 18, 22)"
    await page.add_init_script(
        "new PerformanceObserver((seen) => { window.paintedIn ??= document.documentElement.dataset.theme; })"
        ".observe({ type: 'paint', buffered: true })"
    )
    await page.reload()
    await page.wait_for_function("window.paintedIn")
    assert await page.evaluate("window.paintedIn") == "dark"
    assert await _canvas(page) == "rgb(15, 18, 22)"
    await page.click(".whoami")
    assert await page.locator(".choice [aria-pressed=true]").text_content() == "Dark"


async def test_it_fits_a_phone(server: Running, open_page: Callable[..., Any]) -> None:
    address = f"{server.base_url}/b/{server.board('A board with a name of some length for a phone')['board']['key']}"
    names = ("Ada", "Bob", "Cleo", "Dan", "Eve", "Finn", "Gus")
    pages = [await open_page(address, name=name, width=390) for name in names]
    await pages[0].wait_for_function("document.querySelector('.people .is-narrow')?.textContent === '+6'")
    top = await pages[0].locator(".top").bounding_box()
    for part in (".top-home", ".top > .top-title", ".people", ".live", ".whoami"):
        box = await pages[0].locator(part).bounding_box()
        assert box["width"] > 0
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert box["y"] + box["height"] <= top["y"] + top["height"]
    await pages[0].wait_for_function("document.documentElement.scrollWidth <= 390")


async def _canvas(page: Any) -> str:
    return await page.evaluate("getComputedStyle(document.body).backgroundColor")
