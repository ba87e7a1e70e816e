"""Sends what the webhooks are due: one task for each that has something to send, so a slow receiver harms only itself.

It waits for the feed's hint that something changed, or for the next attempt to be due. Which attempts there are is
kept in the database: a server that was killed goes on where it was.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime

from app.commands import deliveries
from app.commands.deliveries import Job, Outcome
from app.errors import StoreUnavailable
from app.feed import Feed
from app.queries import webhooks
from app.store import Store
from app.webhooks.turn import in_turn

RETRY_SECONDS = 2.0
LOOK_AGAIN_SECONDS = 10.0
"""On PostgreSQL a hint can be lost with the connection that carries it."""

log = logging.getLogger(__name__)

Send = Callable[[Job], Awaitable[Outcome]]


class Dispatcher:
    def __init__(self, store: Store, feed: Feed, send: Send) -> None:
        self._store = store
        self._feed = feed
        self._send = send
        self._stirred = asyncio.Event()
        self._workers: dict[int, asyncio.Task[None]] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(in_turn(self._store, self._dispatch))]

    async def stop(self) -> None:
        """What is on its way is cut off; it is sent again after the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def stir(self) -> None:
        """Look now whether something is due."""
        self._stirred.set()

    async def _listen(self) -> None:
        async for _ in self._feed.lobby():
            self.stir()

    async def _dispatch(self) -> None:
        """While this process is the one that sends."""
        try:
            while True:
                self._stirred.clear()
                try:
                    due = await self._start_workers()
                except StoreUnavailable:
                    due = RETRY_SECONDS
                with suppress(TimeoutError):
                    async with asyncio.timeout(due):
                        await self._stirred.wait()
        finally:
            workers = list(self._workers.values())
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)

    async def _start_workers(self) -> float | None:
        """Seconds until it is time to look again, or None to wait for a hint."""
        waits = [LOOK_AGAIN_SECONDS] if self._store.shared else []
        for outlook in await self._store.read(webhooks.outlook):
            if outlook.webhook_id in self._workers:
                continue
            wait = self._wait(outlook)
            if wait is None:
                continue
            if wait > 0:
                waits.append(wait)
            else:
                self._begin(outlook.webhook_id)
        return min(waits, default=None)

    def _wait(self, outlook: webhooks.Outlook) -> float | None:
        if outlook.due_at is not None:
            now: datetime = self._store.clock()
            return (outlook.due_at - now).total_seconds()
        return 0 if outlook.behind else None

    def _begin(self, webhook_id: int) -> None:
        worker = asyncio.create_task(self._work(webhook_id), name=f"webhook {webhook_id}")
        self._workers[webhook_id] = worker
        worker.add_done_callback(lambda done: self._ended(webhook_id, done))

    def _ended(self, webhook_id: int, worker: "asyncio.Task[None]") -> None:
        del self._workers[webhook_id]
        if worker.cancelled():
            return
        problem = worker.exception()
        if problem is None:
            self.stir()
            return
        if not isinstance(problem, StoreUnavailable):
            log.error("webhook %d could not be served", webhook_id, exc_info=problem)
        asyncio.get_running_loop().call_later(RETRY_SECONDS, self.stir)

    async def _work(self, webhook_id: int) -> None:
        """Sends what is due, one after the other, until nothing is."""
        job = await self._store.run(deliveries.next_job, webhook_id)
        while job is not None:
            outcome = await self._send(job)
            job = await self._store.run(deliveries.settle, job, outcome)
