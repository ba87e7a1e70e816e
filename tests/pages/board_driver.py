"""A board in real Chromium, driven like a person does it, and held against what the server says it is."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from tests.ui_fixtures import Running

READY = """() => window.kanban && document.querySelector('.board .column')
    && mounted_app && Object.values(mounted_app.$refs).some((ref) => ref?.sortable?.el?.matches('.board'))"""
ORDER = """() => [...document.querySelectorAll('.board > .column')].map((column) => ({
    id: Number(column.dataset.column),
    name: column.querySelector('.column-name').textContent,
    cards: [...column.querySelector('.lane').children].map((card) => Number(card.dataset.card)),
}))"""
PATIENCE_SECONDS = 10.0

Order = list[dict[str, Any]]


@dataclass
class Screen:
    """One browser window on one board."""

    page: Any
    server: Running
    board_id: int

    @classmethod
    async def open(cls, open_page: Callable[..., Any], server: Running, board: dict[str, Any], **how: Any) -> "Screen":
        page = await open_page(f"{server.base_url}/b/{board['board']['key']}", **how)
        await page.wait_for_function(READY)
        return cls(page, server, board["board"]["id"])

    def card(self, card_id: int) -> Any:
        return self.page.locator(f'.board .lane > [data-card="{card_id}"]')

    def column(self, column_id: int) -> Any:
        return self.page.locator(f'.board > [data-column="{column_id}"]')

    def lane(self, column_id: int) -> Any:
        return self.column(column_id).locator(".lane")

    async def order(self) -> Order:
        return await self.page.evaluate(ORDER)

    async def lift(self, grip: Any) -> None:
        """Press on something and move far enough for a drag to begin."""
        await grip.scroll_into_view_if_needed()
        x, y = await middle(grip)
        await self.page.mouse.move(x, y)
        await self.page.mouse.down()
        await self.page.mouse.move(x + 5, y + 5)
        await self.page.mouse.move(x + 9, y + 9)
        await self.page.wait_for_selector("body.is-dragging-card, body.is-dragging-column")

    async def hover(self, target: Any, *, below: bool = False) -> None:
        """Carry what was lifted over the upper or lower half of `target`, and wait until it made room."""
        box = await target.bounding_box()
        y = box["y"] + box["height"] * (0.8 if below else 0.2)
        await self.page.mouse.move(box["x"] + box["width"] / 2, y, steps=8)
        # SortableJS looks every 50 ms where the pointer is, and lets the neighbours glide for 150 ms.
        await asyncio.sleep(0.25)
        await self.page.mouse.move(box["x"] + box["width"] / 2 + 2, y, steps=2)
        await asyncio.sleep(0.1)

    async def drop(self) -> None:
        await self.page.mouse.up()
        await self.page.wait_for_function("() => !document.body.className.includes('is-dragging')")

    async def drag(self, grip: Any, target: Any, *, below: bool = False) -> None:
        await self.lift(grip)
        await self.hover(target, below=below)
        await self.drop()


def order_on_server(server: Running, board_id: int) -> Order:
    answer = server.api.get(f"/boards/{board_id}")
    answer.raise_for_status()
    snapshot = answer.json()
    return [
        {
            "id": column["id"],
            "name": column["name"],
            "cards": [card["id"] for card in snapshot["cards"] if card["column_id"] == column["id"]],
        }
        for column in snapshot["columns"]
    ]


async def converge(screens: Iterable[Screen]) -> Order:
    """Wait until every screen shows what the server has, without a doubled or a ghost card; answer it."""
    screens = list(screens)
    wanted: Order = []
    shown: list[Order] = []
    for _ in range(int(PATIENCE_SECONDS / 0.1)):
        wanted = order_on_server(screens[0].server, screens[0].board_id)
        shown = [await screen.order() for screen in screens]
        if all(order == wanted for order in shown):
            return wanted
        await asyncio.sleep(0.1)
    raise AssertionError(f"the server has {wanted}, the screens show {shown}")


async def until(condition: Callable[[], Any], message: str = "") -> None:
    for _ in range(int(PATIENCE_SECONDS / 0.05)):
        result = condition()
        if hasattr(result, "__await__"):
            result = await result
        if result:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(message or "waited in vain")


async def middle(locator: Any) -> tuple[float, float]:
    box = await locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
