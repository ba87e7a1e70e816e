"""A browser whose messages are lost ends equal to the server: a real Chromium behind a proxy that swallows them."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from tests.lossy_proxy import LossyProxy
from tests.ui_fixtures import Running

SHOWN = """() => Object.fromEntries([...document.querySelectorAll('[data-lane]')].map((lane) => [lane.dataset.lane,
    [...lane.querySelectorAll('[data-card]')].map((card) =>
        [Number(card.dataset.card), card.querySelector('.face-title').textContent])]))"""


@pytest.fixture
async def proxy(server: Running) -> AsyncIterator[LossyProxy]:
    async with LossyProxy(server.base_url) as proxy:
        yield proxy


async def test_cards_that_moved_while_messages_were_lost_are_where_they_belong(
    server: Running, proxy: LossyProxy, open_page: Callable[..., Any]
) -> None:
    board = server.board("Lossy")
    cards = [server.card(board["board"]["id"], f"Card {number}")["id"] for number in range(12)]
    page = await open_page(f"{proxy.url}/b/{board['board']['key']}")
    await _becomes_equal(server, board, page)

    proxy.lose()
    await asyncio.to_thread(_stir, server, board, cards)
    await asyncio.sleep(1)
    proxy.heal()
    await _becomes_equal(server, board, page)
    for number in range(3):
        server.post(f"/cards/{cards[number]}/move", column_id=board["columns"][number]["id"])
    await _becomes_equal(server, board, page)


async def test_a_second_loss_during_the_first_return_is_mended_too(
    server: Running, proxy: LossyProxy, open_page: Callable[..., Any]
) -> None:
    board = server.board("Lossy twice")
    cards = [server.card(board["board"]["id"], f"Card {number}")["id"] for number in range(12)]
    page = await open_page(f"{proxy.url}/b/{board['board']['key']}")
    await _becomes_equal(server, board, page)
    for _ in range(3):
        proxy.lose()
        await asyncio.to_thread(_stir, server, board, cards)
        proxy.heal()
        await asyncio.sleep(0.2)
    await _becomes_equal(server, board, page)


async def test_the_page_stays_and_says_what_it_caught_up(
    server: Running, proxy: LossyProxy, open_page: Callable[..., Any]
) -> None:
    board = server.board("Short loss")
    page = await open_page(f"{proxy.url}/b/{board['board']['key']}")
    await page.wait_for_selector(".live[data-state=live]")
    await page.evaluate("window.stillHere = true")
    proxy.lose()
    proxy.cut()
    await page.wait_for_selector(".live[data-state=reconnecting]")
    for number in range(3):
        await asyncio.to_thread(server.card, board["board"]["id"], f"Missed {number}")
    proxy.heal()
    await page.wait_for_selector("text=Back online: 3 changes caught up")
    await page.wait_for_selector(".live[data-state=live]")
    assert await page.evaluate("window.stillHere")


async def test_text_typed_while_offline_is_kept_and_heard_of(
    server: Running, proxy: LossyProxy, open_page: Callable[..., Any]
) -> None:
    page = await open_page(proxy.url)
    await page.click(".whoami")
    await page.fill(".name-menu input", "Ada")
    await page.wait_for_selector(".live[data-state=live]")
    proxy.lose()
    await page.locator(".name-menu input").press_sequentially(" Lovelace")
    proxy.heal()
    await page.wait_for_selector(".live:not([data-state=live])")
    await page.wait_for_selector(".live[data-state=live]")
    assert await page.input_value(".name-menu input") == "Ada Lovelace"
    await page.wait_for_timeout(1500)
    await page.keyboard.press("Enter")
    await page.wait_for_function("document.querySelector('.whoami-name').textContent === 'Ada Lovelace'")


def _stir(server: Running, board: dict[str, Any], cards: list[int]) -> None:
    """Every card goes through three columns; some are renamed, some are new, some are gone."""
    columns = [column["id"] for column in board["columns"]]
    for number, card in enumerate(cards):
        for step in (2, 4, number):
            server.post(f"/cards/{card}/move", column_id=columns[step % len(columns)])
        server.api.patch(f"/cards/{card}", json={"title": f"Renamed {number}"}).raise_for_status()
    server.card(board["board"]["id"], "New while away")


async def _becomes_equal(server: Running, board: dict[str, Any], page: Any) -> None:
    """The page shows what the server has, each card once, and goes on doing so."""
    wanted, shown = None, None
    for _ in range(150):
        wanted = await asyncio.to_thread(_served, server, board)
        shown = await page.evaluate(SHOWN)
        if wanted == shown:
            break
        await asyncio.sleep(0.1)
    await asyncio.sleep(0.5)
    shown = await page.evaluate(SHOWN)
    assert shown == wanted, json.dumps([wanted, shown])


def _served(server: Running, board: dict[str, Any]) -> dict[str, list[list[Any]]]:
    now = server.api.get(f"/boards/{board['board']['id']}").json()
    lanes: dict[str, list[list[Any]]] = {str(column["id"]): [] for column in now["columns"]}
    for card in sorted(now["cards"], key=lambda card: card.get("rank", 0)):
        lanes[str(card["column_id"])].append([card["id"], card["title"]])
    return lanes
