"""From a change over REST to the last of N sockets that listen.

One client sends a move on a kept-alive connection and reads N sockets; the time runs from the first byte of the
request to the last byte of the last frame. Ours and the bare server take turns, with a pause between changes, and
once more without one.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.bench import changes, servers
from tests.bench.changes import Listeners, Moves
from tests.bench.report import Figures, Goal, Row
from tests.bench.servers import Process
from tests.bench.stage import Stage
from tests.bench.wire import Http, Wire

SIZES = {1: 300, 20: 300, 100: 200, 500: 100}
"""Listeners, and how many changes are measured with so many."""
GOALS = {100: Goal(most=2.0)}
PAUSE_SECONDS = 0.005
CLIENT_BOUND = 0.8


def measure(stage: Stage) -> Iterator[Row]:
    sample = stage.sample(500)
    moves, bare_moves = Moves(sample), Moves(sample)
    folder = stage.subfolder("fanout")
    with servers.board(folder, sample.copy("fanout")) as ours:
        ours.answers("/healthz")
        with Wire() as wire:
            changes.record(wire, ours, sample, moves, folder)
        with servers.bare(folder) as bare:
            bare.answers("/read/answer.json")
            path = changes.listen_path(sample.board_id)
            for size, pause in [*((size, PAUSE_SECONDS) for size in SIZES), (20, 0.0), (500, 0.0)]:
                with Wire() as wire:
                    sides = (
                        _Side(wire, ours, path, size, changes.move, moves),
                        _Side(wire, bare, changes.BARE_LISTEN, size, changes.bare_move, bare_moves),
                    )
                    yield _row(stage, wire, sides, size, pause)


def _row(stage: Stage, wire: Wire, sides: "tuple[_Side, _Side]", size: int, pause: float) -> Row:
    count = stage.times(SIZES[size], 20)
    work = f"change to the last of {size} socket{'s' * (size > 1)}" + ("" if pause else ", no pause")
    wire.rest(0.3)
    for turn in range(-10, count):
        if turn % 20 == 0:
            stage.progress(f"{work}: {turn} of {count}")
        for side in sides:
            side.change(counts=turn >= 0)
            if pause:
                wire.rest(pause)
    ours, bare = sides
    return Row(
        work,
        ours=Figures.of(ours.seconds, "ms", 1e3, tail=True),
        bare=Figures.of(bare.seconds, "ms", 1e3, tail=True),
        goal=GOALS.get(size) if pause else None,
        failures=[failure for side in sides for failure in side.listeners.failures],
        note=_bound(ours),
        details={"ours": ours.details(), "bare": bare.details()},
    )


@dataclass
class _Side:
    wire: Wire
    process: Process
    path: str
    size: int
    request: Callable[[Http, Moves], bytes]
    moves: Moves
    seconds: list[float] = field(default_factory=list)
    client_seconds: float = 0.0
    server_seconds: float = 0.0

    def __post_init__(self) -> None:
        self.http = Http(self.wire, self.process.port)
        self.listeners = Listeners()
        self.listeners.join(self.wire, self.process.port, self.path, self.size)

    def change(self, counts: bool) -> None:
        request = self.request(self.http, self.moves)
        answered = self.http.answered
        self.listeners.expect(1)
        server, client, start = self.process.processor_seconds(), time.process_time(), time.perf_counter()
        self.http.send(request)
        self.wire.until(lambda: self.listeners.complete and self.http.answered > answered)
        if counts:
            self.seconds.append(self.listeners.at - start)
            self.client_seconds += time.process_time() - client
            self.server_seconds += self.process.processor_seconds() - server

    def details(self) -> dict[str, float]:
        return {
            "server_processor_ms_a_change": 1e3 * self.server_seconds / len(self.seconds),
            "client_processor_ms_a_change": 1e3 * self.client_seconds / len(self.seconds),
            "client_busy": self.client_seconds / sum(self.seconds),
        }


def _bound(side: _Side) -> str:
    busy = side.client_seconds / sum(side.seconds)
    return f"client busy {busy:.0%}: it is the bound" if busy > CLIENT_BOUND else ""
