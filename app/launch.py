"""From settings and a listening socket to a running server, and back to nothing when it is asked to stop."""

import socket
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.demo import DemoClock, demo
from app.errors import CannotStart, StoreUnavailable
from app.feed import Feed
from app.listener import url_of
from app.quick import collect_from_now
from app.server import Server
from app.service import Service
from app.settings import Settings
from app.store import Store, utc_now
from app.webhooks.dispatcher import Dispatcher
from app.webhooks.sender import Sender
from app.welcome import welcome

Composed = tuple[Any, Callable[[], Awaitable[None]]]
"""The ASGI application, and what ends its open sockets and long waits when the server is asked to stop."""


def serve(settings: Settings, listener: socket.socket, compose: Callable[[Service], Composed]) -> None:
    """Serves what `compose` makes of the service until a signal asks to stop. Raises CannotStart."""
    url = url_of(listener)
    with ExitStack() as stack:
        store = _demo_store(stack, url) if settings.demo else _kept_store(stack, settings.database, url)
        feed = Feed(store)
        dispatcher = Dispatcher(store, feed, Sender(private=settings.webhooks_private).send)
        service = Service(settings, store, feed, datetime.now(UTC))
        app, close_all = compose(service)

        async def start() -> None:
            await feed.start()
            await service.leases.start()
            await dispatcher.start()

        async def end() -> None:
            await close_all()
            await dispatcher.stop()
            await service.leases.stop()
            await feed.stop()

        collect_from_now()
        server = Server(
            app,
            start=start,
            live=lambda: _announce(url, settings),
            end=end,
            access_log=settings.log_level == "debug",
        )
        server.run(sockets=[listener])


def _kept_store(stack: ExitStack, database: str, url: str) -> Store:
    store = stack.enter_context(closing(Store.open(database)))
    try:
        welcome(store, url)
    except StoreUnavailable as problem:
        raise CannotStart(problem.detail) from problem
    return store


def _demo_store(stack: ExitStack, url: str) -> Store:
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="agent-kanban-"))
    clock = DemoClock(utc_now)
    store = stack.enter_context(closing(Store.open(f"sqlite:///{Path(folder) / 'demo.db'}", clock=clock)))
    welcome(store, url)
    demo(store, clock)
    return store


def _announce(url: str, settings: Settings) -> None:
    print(f"Agent Kanban Board is live on {url}", flush=True)
    if settings.demo:
        print("This is a demo: its boards are thrown away when you stop it.", flush=True)
