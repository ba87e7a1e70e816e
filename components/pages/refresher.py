"""Brings many pages up to date without keeping the event loop from anything else.

A change of a board concerns everyone who looks at it. Their pages are done one after the other, in slices of a few
milliseconds, so that the first ones are on their way while the last ones wait, and requests are answered in between.
"""

import asyncio
from collections.abc import Callable
from time import perf_counter

SLICE_SECONDS = 0.003
SOON_SECONDS = 0.3

Refresh = Callable[[], None]


class Refresher:
    def __init__(self) -> None:
        self._due: dict[Refresh, None] = {}
        self._later: dict[Refresh, None] = {}
        self._running = False

    def ask(self, refresh: Refresh) -> None:
        """Have `refresh` called soon; asking again before it was called changes nothing."""
        self._due[refresh] = None
        if not self._running:
            self._running = True
            asyncio.get_running_loop().call_soon(self._run)

    def ask_later(self, refresh: Refresh) -> None:
        """Have `refresh` called within a moment: for what may wait so that many causes make one refresh."""
        if not self._later:
            asyncio.get_running_loop().call_later(SOON_SECONDS, self._ask_waiting)
        self._later[refresh] = None

    def _ask_waiting(self) -> None:
        waiting, self._later = self._later, {}
        for refresh in waiting:
            self.ask(refresh)

    def _run(self) -> None:
        until = perf_counter() + SLICE_SECONDS
        try:
            while self._due and perf_counter() < until:
                refresh = next(iter(self._due))
                del self._due[refresh]
                refresh()
        finally:
            self._running = bool(self._due)
            if self._running:
                asyncio.get_running_loop().call_soon(self._run)
