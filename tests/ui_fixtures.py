"""Fixtures for what is seen: pages in NiceGUI's simulation, and real Chromium in front of a real server.

`user` opens pages without a browser, in the test's own process. `server` is the program itself in a process of its
own, one a test run, on an empty database; `page` is a fresh browser window on it.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from nicegui import Client, core, ui
from nicegui.functions.download import download
from nicegui.functions.navigate import Navigate
from nicegui.functions.notify import notify
from nicegui.storage import Storage
from nicegui.testing import User
from nicegui.testing.general import nicegui_reset_globals

from app.feed import Feed
from app.service import Service
from app.settings import Settings
from app.store import Store
from app.views import Actor
from models.vocabulary import ActorKind, Via
from tests.launching import Launched

CHROMIUM_FLAGS = (
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture
def ada() -> Actor:
    return Actor(name="Ada", kind=ActorKind.HUMAN, via=Via.UI)


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    """Store and feed on an empty database."""
    store = Store.open(f"sqlite:///{tmp_path / 'board.db'}")
    feed = Feed(store)
    await feed.start()
    yield Service(settings=Settings(), store=store, feed=feed, started_at=datetime.now(UTC))
    await feed.stop()
    store.close()


@pytest.fixture
async def create_user(service: Service, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Callable[..., User]]:
    """Makes simulated browsers: `create_user(name="Ada")` is one that remembers a name."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(installed_pages(service))

        def make(name: str = "Ada") -> User:
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(core.app), base_url="http://test", cookies={"agent_kanban_name": name}
            )
            stack.push_async_callback(client.aclose)
            return User(client)

        yield make
    errors = [record.getMessage() for record in caplog.get_records("call") if record.levelname == "ERROR"]
    assert not errors, errors


@pytest.fixture
def user(create_user: Callable[..., User]) -> User:
    return create_user()


@asynccontextmanager
async def installed_pages(service: Service) -> AsyncIterator[None]:
    """The pages on an application of their own, started as in a server. NiceGUI keeps one in a process."""
    # NiceGUI drops page modules between tests; the next test shall find the same ones.
    modules = dict(sys.modules)
    storage_path, Storage.path = Storage.path, Path(tempfile.mkdtemp(prefix="nicegui-storage-"))
    os.environ["NICEGUI_USER_SIMULATION"] = "true"
    try:
        with nicegui_reset_globals():
            from components import pages

            pages.install(FastAPI(), service)
            async with core.app.router.lifespan_context(core.app):
                yield
                # else each of them takes two seconds to be given up at the end: their loops can swallow a cancellation
                for client in list(Client.instances.values()):
                    client.delete()
    finally:
        sys.modules.update(modules)
        shutil.rmtree(Storage.path, ignore_errors=True)
        Storage.path = storage_path
        del os.environ["NICEGUI_USER_SIMULATION"]
        ui.navigate, ui.notify, ui.download = Navigate(), notify, download


@dataclass(frozen=True)
class Running:
    """A server that runs: `api` speaks REST to it, as the actor `tester`."""

    base_url: str
    api: httpx.Client
    launched: Launched

    def board(self, name: str = "Release week", **more: Any) -> dict[str, Any]:
        """A new board, as the snapshot that REST answers (board, columns, cards, sequence)."""
        made = self.post("/boards", name=name, **more)
        board = made.get("board", made)
        answer = self.api.get(f"/boards/{board['id']}")
        answer.raise_for_status()
        return answer.json()

    def card(self, board_id: int, title: str, **more: Any) -> dict[str, Any]:
        return self.post("/cards", board_id=board_id, title=title, **more)

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        answer = self.api.post(path, json=body)
        answer.raise_for_status()
        return answer.json()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The program in a process of its own."""
    with Launched(tmp_path_factory.mktemp("server")) as launched, rest(launched.url) as api:
        yield Running(launched.url, api, launched)


def rest(url: str) -> httpx.Client:
    return httpx.Client(base_url=url + "/api/v1", headers={"X-Actor": "tester", "X-Actor-Kind": "agent"}, timeout=30)


@pytest.fixture
async def browser() -> AsyncIterator[Any]:
    """Headless Chromium of the system (`CHROMIUM` names another). Without one the test is skipped, but not in CI."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        hint = "no Chromium here: install the package `chromium`, or name one in CHROMIUM"
        if os.environ.get("CI") == "true":
            pytest.fail(hint)
        pytest.skip(hint)
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_FLAGS))
        yield chromium
        await chromium.close()


@pytest.fixture
async def open_page(browser: Any) -> AsyncIterator[Callable[..., Any]]:
    """`await open_page(url, name="Ada", width=1280, ...)` is a new window of a person of that name, ready to use.

    What a page reports as an error fails the test.
    """
    complaints: list[str] = []

    async def open_one(url: str, *, name: str = "Ada", width: int = 1280, height: int = 800, **context: Any) -> Any:
        window = await browser.new_context(viewport={"width": width, "height": height}, **context)
        await window.add_cookies([{"name": "agent_kanban_name", "value": name, "url": url}])
        page = await window.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(url)
        await page.wait_for_function("window.did_handshake")
        return page

    yield open_one
    assert not complaints, complaints


@pytest.fixture
async def page(open_page: Callable[..., Any], server: Running) -> Any:
    """A window on all boards."""
    return await open_page(server.base_url)
