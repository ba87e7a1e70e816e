"""A board with a webhook to a local receiver, and a dispatcher that sends."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from app.commands.deliveries import Job, Outcome
from app.feed import Feed
from app.store import Store
from app.webhooks.dispatcher import Dispatcher
from app.webhooks.sender import Sender
from tests.support import Desk
from tests.webhooks.receiver import Receiver


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    started = await Receiver().start()
    yield started
    await started.stop()


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


@pytest.fixture
async def dispatcher(store: Store, feed: Feed) -> AsyncIterator[Dispatcher]:
    running = Dispatcher(store, feed, Sender(private=True, seconds=5).send)
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
def send() -> Callable[..., Any]:
    """Send one job to a URL; answers the outcome."""

    async def sending(url: str, **options: Any) -> Outcome:
        sender = Sender(**{"private": True, "seconds": 5, **options})
        return await sender.send(Job(7, 1, 12, "card_moved", 0, url, "whsec_test-secret", '{"event":"ä"}', False))

    return sending
