"""Calls that wait for something to happen: they end then, when the caller hangs up, or when the server stops."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from app.doors.limits import Places

T = TypeVar("T")


class Patience:
    def __init__(self, places: Places) -> None:
        self._places = places
        self._over = asyncio.Event()

    def end(self) -> None:
        """The server stops: nobody waits any longer."""
        self._over.set()

    async def outlast(
        self, asking: Coroutine[Any, Any, T], hung_up: Coroutine[Any, Any, None], address: str
    ) -> T | None:
        """What `asking` answers, or None when it was cut short. Raises TooMuch when the address waits too often."""
        try:
            self._places.take(address)
        except BaseException:
            asking.close()
            hung_up.close()
            raise
        asked = asyncio.ensure_future(asking)
        others = [asyncio.ensure_future(hung_up), asyncio.ensure_future(self._over.wait())]
        try:
            await asyncio.wait([asked, *others], return_when=asyncio.FIRST_COMPLETED)
            return asked.result() if asked.done() else None
        finally:
            self._places.give_back(address)
            for one in (asked, *others):
                one.cancel()
