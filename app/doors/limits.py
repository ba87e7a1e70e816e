"""Limits on everything that comes from outside, in one place: REST, the socket and the guard use the same.

They are wide enough that nobody who waits for answers meets them, and narrow enough that one client cannot
take the server from the others.
"""

import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from app.errors import TooMuch
from models import types

BODY_BYTES = 2 * 1024 * 1024
FRAME_BYTES = 64 * 1024
ACTOR_NAME_LENGTH = 60
CLIENT_ID_LENGTH = 64
STATE_LENGTH = 40
KEY_LENGTH = 255
LARGEST_ID = types.LARGEST_ID
PAGE_MOST = 500
BATCH_MOST = 500
CURSOR_LENGTH = 2_000
WAIT_SECONDS_MOST = 60
ACTORS_REMEMBERED = 10_000
HEARTBEAT_SECONDS = 15
"""How often the server pings a socket; a peer that is silent for two of them is closed."""


@dataclass(frozen=True)
class SocketLimits:
    """What one socket, or one address with many, may ask of the server."""

    per_address: int = 1_000
    boards: int = 50
    frames_ahead: int = 64
    """Frames in a row that a client may send ahead of their answers; who waits for answers, or nearly so, is never
    slowed down. Only what is beyond counts against the next two."""
    hasty_frames_a_second: float = 200
    hasty_frames_at_once: float = 400
    waiting_frames: int = 1_000
    """How many frames a slow reader may be behind before it is closed."""
    send_seconds: float = 20
    """How long one frame may take to leave before its reader counts as too slow."""
    crowd: int = 50
    """With more than this many on a board, sockets are not told who joins and leaves: it would be everybody squared."""


class Bucket:
    """A token bucket: `rate` a second in the long run, `burst` at once."""

    __slots__ = ("_at", "_burst", "_clock", "_rate", "_tokens")

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._tokens, self._at = burst, clock()

    def take(self, count: int = 1) -> float:
        """0 when there were that many tokens, else the seconds until there are."""
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens >= count:
            self._tokens -= count
            return 0
        return (count - self._tokens) / self._rate


class CommandLimit:
    """Commands a second per actor: a runaway loop is told to slow down, whichever doors it uses."""

    def __init__(self, rate: float = 2_000, burst: float = 10_000, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def spend(self, actor: str, commands: int = 1) -> None:
        """Raises TooMuch with `retry_after_seconds`."""
        bucket = self._buckets.get(actor)
        if bucket is None:
            bucket = self._buckets[actor] = Bucket(self._rate, self._burst, self._clock)
            if len(self._buckets) > ACTORS_REMEMBERED:
                self._buckets.popitem(last=False)
        wait = bucket.take(commands)
        if wait:
            raise TooMuch(
                f"{actor} sends more than {self._rate:g} commands a second; wait a moment",
                retry_after_seconds=max(1, round(wait)),
            )


class Places:
    """How many places each address holds; no address may hold more than `most`."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: Counter[str] = Counter()

    def take(self, address: str) -> None:
        """Raises TooMuch when the address holds all it may."""
        if self._held[address] >= self._most:
            raise TooMuch(f"{address} holds {self._most} sockets already; close one first", retry_after_seconds=5)
        self._held[address] += 1

    def give_back(self, address: str) -> None:
        self._held[address] -= 1
        if self._held[address] <= 0:
            del self._held[address]
