"""The change that is measured, a move of a card, and its bare counterpart of the same bytes on every way."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from tests.bench.bare import SEQUENCE
from tests.bench.sample import Sample
from tests.bench.servers import Process
from tests.bench.wire import Http, WebSocket, Wire

CHANGE = re.compile(rb'\{"event":"\w+","board_id":\d+,"sequence":(\d+),')
CONNECTED = b'{"event":"connected"'
BARE_CHANGE = "/change"
BARE_LISTEN = "/listen"
ANCHORS, MOVERS = 20, 4
"""In each lane the first twenty cards stay, for others to be put below them; the next four move. All are in sight."""


class Moves:
    """An endless series of moves, each of which changes something: a card is never put where it is.

    It remembers where it put them, so a server is to be given one series only, or several with different shares.
    """

    def __init__(self, sample: Sample, share: int = 0, of: int = 1) -> None:
        """With `of` writers, `share` tells which of the moving cards are this one's."""
        lanes = list(sample.lanes.items())
        self._anchors = [(column, card_id) for column, lane in lanes for card_id in lane[:ANCHORS]]
        # where each moving card stands: below this one
        self._at = {card_id: lane[ANCHORS - 1] for _, lane in lanes for card_id in lane[ANCHORS : ANCHORS + MOVERS]}
        self._movers = list(self._at)[share::of]
        self._random = random.Random(share)
        self._turn = 0

    @property
    def card_in_sight(self) -> int:
        """A card that stays, near the top of its lane."""
        return self._anchors[0][1]

    def next(self) -> tuple[int, bytes]:
        """A card and the body of a request to move it."""
        card_id = self._movers[self._turn % len(self._movers)]
        self._turn += 1
        while (place := self._random.choice(self._anchors))[1] == self._at[card_id]:
            pass
        column, self._at[card_id] = place
        return card_id, b'{"column_id":%d,"after":%d}' % (column, self._at[card_id])


def move(http: Http, moves: Moves, actor: str = "bench") -> bytes:
    card_id, body = moves.next()
    return http.request("POST", f"/api/v1/cards/{card_id}/move", body, actor)


def bare_move(http: Http, moves: Moves, actor: str = "bench") -> bytes:
    return http.request("POST", BARE_CHANGE, moves.next()[1], actor)


@dataclass
class Listeners:
    """Sockets that hear every change. `expect` says for how many frames to wait; `at` is when the last of them came."""

    last: list[int] = field(default_factory=list)
    heard: int = 0
    at: float = 0.0
    disordered: int = 0
    _connected: int = 0
    _wanted: int = 0

    def join(self, wire: Wire, port: int, path: str, count: int) -> None:
        """Open so many sockets, and wait until the server says that they listen."""
        for _ in range(count):
            self._join(wire, port, path)
        wire.until(lambda: self._connected == len(self.last))

    def expect(self, changes: int) -> None:
        """Wait for that many changes more on every listener."""
        self._wanted = self.heard + changes * len(self.last)

    @property
    def complete(self) -> bool:
        return self.heard >= self._wanted

    @property
    def failures(self) -> Sequence[str]:
        return [f"{self.disordered} changes out of order"] if self.disordered else []

    def _join(self, wire: Wire, port: int, path: str) -> None:
        listener = len(self.last)
        self.last.append(0)
        last = self.last

        def hear(text: bytes) -> None:
            found = CHANGE.match(text)
            if found is None:
                self._connected += text.startswith(CONNECTED)
                return
            sequence = int(found[1])
            if last[listener] and sequence != last[listener] + 1:
                self.disordered += 1
            last[listener] = sequence
            self.heard += 1
            if self.heard == self._wanted:
                self.at = perf_counter()

        WebSocket(wire, port, path).listen(hear)


def record(wire: Wire, ours: Process, sample: Sample, moves: Moves, folder: Path) -> None:
    """Write down what ours sends for one move, for the bare server to send the same."""
    frames: list[bytes] = []
    WebSocket(wire, ours.port, listen_path(sample.board_id)).listen(frames.append)
    wire.until(lambda: bool(frames))
    http = Http(wire, ours.port)
    http.ask(move(http, moves))
    answer = http.ask(move(http, moves))
    wire.until(lambda: sum(CHANGE.match(frame) is not None for frame in frames) == 2)
    frame = frames[-1].decode()
    found = CHANGE.match(frames[-1])
    assert found is not None
    (folder / "change.json").write_text(frame[: found.start(1)] + SEQUENCE + frame[found.end(1) :])
    (folder / "answer.json").write_bytes(answer)


def listen_path(board_id: int) -> str:
    return f"/ws/connect?board_id={board_id}&username=bench&kind=agent"
