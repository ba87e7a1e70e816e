"""From a change over REST to the last of N simulated browsers that show the board.

The time runs until the last browser was sent the update that carries the changed card. Moves and changes of a title
take turns. Beside it stands the least that NiceGUI does for this: a label on a bare page, its text set for every
browser in one go, without a database.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from tests.bench import servers
from tests.bench.browser import Browser
from tests.bench.changes import Moves
from tests.bench.report import Figures, Goal, Row
from tests.bench.sample import KEY
from tests.bench.servers import Process
from tests.bench.stage import Stage
from tests.bench.wire import Http, Wire

SIZES = {1: 100, 20: 100, 100: 60}
GOALS = {100: Goal(median=30.0, p95=60.0)}
PAUSE_SECONDS = 0.05
CLIENT_BOUND = 0.8

Request = tuple[bytes, bytes]
"""What to send, and what the update that carries the change has in it."""


def measure(stage: Stage) -> Iterator[Row]:
    sample = stage.sample(500)
    folder = stage.subfolder("browsers")
    moves = Moves(sample)
    with servers.board(folder, sample.copy("browsers")) as ours, servers.bare_page(folder) as bare:
        ours.answers("/healthz")
        bare.answers("/healthz")
        for size in SIZES:
            with Wire() as wire:
                sides = (
                    _Side(wire, ours, f"/b/{KEY}", size, lambda http, turn: _change(http, turn, moves)),
                    _Side(wire, bare, "/", size, _bare_change),
                )
                yield _row(stage, wire, sides, size)


def _row(stage: Stage, wire: Wire, sides: "tuple[_Side, _Side]", size: int) -> Row:
    count = stage.times(SIZES[size], 20)
    work = f"change to the last of {size} browser{'s' * (size > 1)}"
    stage.progress(f"{work}: opening")
    for side in sides:
        side.open()
    wire.rest(2.0)
    for turn in range(-4, count):
        if turn % 10 == 0:
            stage.progress(f"{work}: {turn} of {count}")
        for side in sides:
            side.change(turn)
            wire.rest(PAUSE_SECONDS)
    ours, bare = sides
    busy = ours.client_seconds / sum(ours.seconds)
    return Row(
        work,
        ours=Figures.of(ours.seconds, "ms", 1e3, tail=True),
        bare=Figures.of(bare.seconds, "ms", 1e3, tail=True),
        goal=GOALS.get(size),
        note=f"client busy {busy:.0%}: it is the bound" if busy > CLIENT_BOUND else "",
        details={
            "server_processor_ms_a_change": 1e3 * ours.server_seconds / count,
            "bare_server_processor_ms_a_change": 1e3 * bare.server_seconds / count,
            "client_busy": busy,
            "moves_ms": Figures.of(ours.seconds[0::2], "ms", 1e3).as_json(),
            "titles_ms": Figures.of(ours.seconds[1::2], "ms", 1e3).as_json(),
        },
    )


@dataclass
class _Side:
    wire: Wire
    process: Process
    path: str
    size: int
    request: Callable[[Http, int], Request]
    seconds: list[float] = field(default_factory=list)
    client_seconds: float = 0.0
    server_seconds: float = 0.0
    _waiting: set[int] = field(default_factory=set)
    _marker: bytes = b""
    _at: float = 0.0

    def open(self) -> None:
        self.http = Http(self.wire, self.process.port)
        for number in range(self.size):
            browser = Browser(self.wire, self.http, self.path, partial(self._updated, number))
            self.wire.until(lambda browser=browser: browser.updates > 0)  # type: ignore[misc]

    def change(self, turn: int) -> None:
        request, self._marker = self.request(self.http, turn)
        self._waiting = set(range(self.size))
        answered = self.http.answered
        server, client, start = self.process.processor_seconds(), time.process_time(), time.perf_counter()
        self.http.send(request)
        self.wire.until(lambda: not self._waiting and self.http.answered > answered)
        if turn >= 0:
            self.seconds.append(self._at - start)
            self.client_seconds += time.process_time() - client
            self.server_seconds += self.process.processor_seconds() - server

    def _updated(self, number: int, text: bytes) -> None:
        if number in self._waiting and self._marker in text:
            self._waiting.remove(number)
            self._at = time.perf_counter()


def _change(http: Http, turn: int, moves: Moves) -> Request:
    if turn % 2 == 0:
        card_id, body = moves.next()
        return http.request("POST", f"/api/v1/cards/{card_id}/move", body), b'"data-card":%d,' % card_id
    title = b"Title number %d." % turn
    return http.request("PATCH", f"/api/v1/cards/{moves.card_in_sight}", b'{"title":"%b"}' % title), title


def _bare_change(http: Http, turn: int) -> Request:
    text = b"Text number %d." % turn
    return http.request("POST", "/change", text), text
