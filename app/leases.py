"""Keeps the leases of those who are heard of and ends the others: every door says who called, one task looks round."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from app.commands import leases
from app.errors import StoreUnavailable
from app.queries import claims
from app.store import Store
from app.views import ANONYMOUS, Actor
from models.vocabulary import ActorKind

SWEEP_SECONDS = 1.0
QUIET = timedelta(seconds=0.25)
"""For so long after a call of an actor the next ones count as the same sign of life. It is a quarter of the shortest
lease there is: no lease that is claimed meanwhile can run out because of it."""
CLOCK_SWEEPS = 30
"""After so many rounds the clock is set by the database again."""

log = logging.getLogger(__name__)


class Leases:
    def __init__(self, store: Store, *, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._store = store
        self._pause = pause
        self._heard: dict[tuple[str, ActorKind], datetime] = {}
        self._task: asyncio.Task[None] | None = None

    async def alive(self, actor: Actor) -> None:
        """A call of the actor: it renews all of its leases. Calls in quick succession are one sign of life."""
        if actor.name == ANONYMOUS:
            return
        who, now = (actor.name, actor.kind), self._store.clock()
        last = self._heard.get(who)
        if last is not None and last <= now < last + QUIET:
            return
        self._heard[who] = now
        try:
            if await self._store.read(claims.wants_keeping, actor):
                await self._store.run(leases.keep_alive, actor)
        except StoreUnavailable:
            # the call itself will say so; until then the lease is as long as it was
            self._heard.pop(who, None)

    async def start(self) -> None:
        self._task = asyncio.create_task(self._sweep_on(), name="leases")
        self._task.add_done_callback(_report)

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def sweep(self) -> None:
        """End what has ended by now."""
        now = self._store.clock()
        self._heard = {who: last for who, last in self._heard.items() if last <= now < last + QUIET}
        if await self._store.read(claims.has_lapsed):
            while await self._store.run(leases.expire_claims) == leases.EXPIRED_AT_ONCE:
                pass

    async def _sweep_on(self) -> None:
        rounds, troubled = 0, False
        while True:
            try:
                await self.sweep()
                rounds += 1
                if rounds % CLOCK_SWEEPS == 0:
                    await self._store.read(Store.set_clock)
                troubled = False
            except StoreUnavailable as problem:
                if not troubled:
                    log.warning("leases cannot be looked after: %s", problem.detail)
                troubled = True
            await self._pause(SWEEP_SECONDS)


def _report(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (problem := task.exception()) is not None:
        log.error("leases are not looked after any more", exc_info=problem)
