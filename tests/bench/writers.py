"""Changes per second with 20 writers at once, each on a connection of its own, and 20 sockets that hear all of them.

A writer sends its next change when the one before was answered. A stretch ends when every listener has every change
that was acknowledged; a listener that misses one, or hears it out of order, fails the measurement. Ours and the bare
server take turns in stretches of seconds.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

import orjson

from tests.bench import changes, servers
from tests.bench.changes import Listeners, Moves
from tests.bench.report import Figures, Goal, Row
from tests.bench.sample import Sample
from tests.bench.servers import Process
from tests.bench.stage import Stage
from tests.bench.wire import Http, Wire

WRITERS = 20
LISTENERS = 20
STRETCH_SECONDS = 2.0
GOAL = Goal(least=1 / 3)
CLIENT_BOUND = 0.9

Request = Callable[[Http, int], bytes]


def measure(stage: Stage) -> Iterator[Row]:
    sample = stage.sample(500)
    series = [Moves(sample, number, WRITERS) for number in range(WRITERS)]
    folder = stage.subfolder("writers")
    with servers.board(folder, sample.copy("writers")) as ours:
        ours.answers("/healthz")
        with Wire() as wire:
            changes.record(wire, ours, sample, series[0], folder)
        with servers.bare(folder) as bare:
            bare.answers("/read/answer.json")
            yield _row(stage, "moves", ours, bare, lambda: (sample.board_id, _moves(series)), _bare_moves(sample))
            yield _row(stage, "creates", ours, bare, lambda: _new_board(ours), _bare_creates)


def _row(
    stage: Stage,
    verb: str,
    ours: Process,
    bare: Process,
    begin: Callable[[], tuple[int, Request]],
    bare_request: Request,
) -> Row:
    work = f"{verb} a second, {WRITERS} writers, {LISTENERS} sockets"
    stretches: dict[str, list[_Stretch]] = {"ours": [], "bare": []}
    seconds = 0.5 if stage.quick else STRETCH_SECONDS
    for turn in range(stage.times(4, 1)):
        for name, process in (("ours", ours), ("bare", bare)):
            stage.progress(f"{work}: {name}, stretch {turn + 1}")
            board_id, request = begin() if name == "ours" else (0, bare_request)
            path = changes.listen_path(board_id) if name == "ours" else changes.BARE_LISTEN
            stretches[name].append(_run(process, path, request, seconds))
    return Row(
        work,
        ours=Figures.of([stretch.rate for stretch in stretches["ours"]], "/s"),
        bare=Figures.of([stretch.rate for stretch in stretches["bare"]], "/s"),
        goal=GOAL,
        failures=sorted({failure for side in stretches.values() for stretch in side for failure in stretch.failures}),
        note=_bound(stretches["ours"]),
        details={name: _details(side) for name, side in stretches.items()},
    )


@dataclass
class _Stretch:
    answered: int = 0
    errors: int = 0
    seconds: float = 0.0
    client_seconds: float = 0.0
    server_seconds: float = 0.0
    listeners: Listeners = field(default_factory=Listeners)
    waited: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return self.answered / self.seconds

    @property
    def failures(self) -> list[str]:
        heard, owed = self.listeners.heard, self.answered * LISTENERS
        failures = [*self.listeners.failures]
        if self.errors:
            failures.append(f"{self.errors} calls refused")
        if heard != owed:
            failures.append(f"{heard} changes heard instead of {owed}")
        return failures


def _run(process: Process, path: str, request: Request, seconds: float) -> _Stretch:
    stretch = _Stretch()
    listeners = stretch.listeners
    with Wire() as wire:
        listeners.join(wire, process.port, path, LISTENERS)
        writers = [_Writer(wire, process.port, number, request, stretch) for number in range(WRITERS)]
        wire.rest(0.2)
        server, client, start = process.processor_seconds(), time.process_time(), time.perf_counter()
        for writer in writers:
            writer.until = start + seconds
            writer.send()
        wire.until(lambda: all(writer.idle for writer in writers), seconds + 30)
        wire.until(lambda: listeners.heard >= stretch.answered * LISTENERS)
        stretch.seconds = time.perf_counter() - start
        stretch.client_seconds = time.process_time() - client
        stretch.server_seconds = process.processor_seconds() - server
    return stretch


class _Writer:
    def __init__(self, wire: Wire, port: int, number: int, request: Request, stretch: _Stretch) -> None:
        self.until = 0.0
        self.idle = False
        self._number, self._request, self._stretch = number, request, stretch
        self._sent_at = 0.0
        self._http = Http(wire, port, self._answered)

    def send(self) -> None:
        self._sent_at = time.perf_counter()
        self._http.send(self._request(self._http, self._number))

    def _answered(self, status: int, body: bytes) -> None:
        now = time.perf_counter()
        if 200 <= status < 300:
            self._stretch.answered += 1
            self._stretch.waited.append(now - self._sent_at)
        else:
            self._stretch.errors += 1
        if now < self.until:
            self.send()
        else:
            self.idle = True


def _moves(series: list[Moves]) -> Request:
    return lambda http, number: changes.move(http, series[number], f"writer-{number}")


def _bare_moves(sample: Sample) -> Request:
    series = [Moves(sample, number, WRITERS) for number in range(WRITERS)]
    return lambda http, number: changes.bare_move(http, series[number], f"writer-{number}")


def _new_board(ours: Process) -> tuple[int, Request]:
    """Each stretch fills a board of its own, so that all find the same."""
    with Wire() as wire:
        http = Http(wire, ours.port)
        board_id = orjson.loads(http.ask(http.request("POST", "/api/v1/boards", b'{"name":"Filled"}')))["id"]

    def create(http: Http, number: int) -> bytes:
        body = b'{"board_id":%d,"title":"%s"}' % (board_id, _title())
        return http.request("POST", "/api/v1/cards", body, f"writer-{number}")

    return board_id, create


def _bare_creates(http: Http, number: int) -> bytes:
    body = b'{"board_id":1,"title":"%s"}' % _title()
    return http.request("POST", changes.BARE_CHANGE, body, f"writer-{number}")


def _title() -> bytes:
    return b"A card that one of twenty writers made, number %d" % next(_numbers)


def _details(side: list[_Stretch]) -> dict[str, object]:
    seconds, changed = sum(stretch.seconds for stretch in side), sum(stretch.answered for stretch in side)
    return {
        "changes": changed,
        "errors": sum(stretch.errors for stretch in side),
        "server_processor_ms_a_change": 1e3 * sum(stretch.server_seconds for stretch in side) / changed,
        "client_busy": sum(stretch.client_seconds for stretch in side) / seconds,
        "answer_ms": Figures.of((one for stretch in side for one in stretch.waited), "ms", 1e3).as_json(),
    }


def _bound(side: list[_Stretch]) -> str:
    busy = sum(stretch.client_seconds for stretch in side) / sum(stretch.seconds for stretch in side)
    return f"client busy {busy:.0%}: it is the bound" if busy > CLIENT_BOUND else ""


_numbers = count(1)
