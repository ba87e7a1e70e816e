"""What one browser's page of a board costs the server: time on the processor, bytes sent, and memory held.

Simulated browsers open the page one after the other. The time is all that the server's process spends from the
request for the page until nothing more comes: building the elements, the handshake, serialising and sending. Beside
500 cards stands an empty NiceGUI page, beside 5,000 cards stand the 500: it is to cost at most twice as much.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from tests.bench import servers
from tests.bench.browser import Browser
from tests.bench.report import Figures, Goal, Row
from tests.bench.sample import KEY
from tests.bench.servers import Process
from tests.bench.stage import Stage
from tests.bench.wire import Http, Wire

BARE, SMALL, LARGE = "bare", "500", "5,000"
QUIET_SECONDS = 0.3
"""A page is finished when nothing more came for this long."""
GOALS = {"processor": Goal(median=100.0), "memory": Goal(median=2.5)}
TWICE = Goal(most=2.0)


@dataclass
class _Cost:
    processor: list[float] = field(default_factory=list)
    usable: list[float] = field(default_factory=list)
    html: list[float] = field(default_factory=list)
    socket: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    first: float = 0.0


def measure(stage: Stage) -> Iterator[Row]:
    costs = {BARE: _Cost(), SMALL: _Cost(), LARGE: _Cost()}
    for part in (_open_and_close, _hold_open):
        with ExitStack() as stack:
            started = [(name, stack.enter_context(_server(stage, name))) for name in costs]
            for _, process in started:
                process.answers("/healthz")
            part(stage, [(process, "/" if name == BARE else f"/b/{KEY}", costs[name]) for name, process in started])
    small, large = costs[SMALL], costs[LARGE]
    for ours, beside, work in ((small, costs[BARE], "page of 500 cards"), (large, small, "page of 5,000, beside 500")):
        yield Row(
            f"{work}: processor time",
            Figures.of(ours.processor, "ms", 1e3, tail=True),
            Figures.of(beside.processor, "ms", 1e3, tail=True),
            goal=GOALS["processor"] if ours is small else TWICE,
            details={"first_page_ms": ours.first * 1e3},
        )
        yield Row(
            f"{work}: request to last byte",
            Figures.of(ours.usable, "ms", 1e3, tail=True),
            Figures.of(beside.usable, "ms", 1e3, tail=True),
            goal=None if ours is small else TWICE,
        )
        yield Row(
            f"{work}: bytes sent",
            Figures.of(_sums(ours), "kB", 1e-3),
            Figures.of(_sums(beside), "kB", 1e-3),
            goal=None if ours is small else TWICE,
            details={"html": ours.html[0], "socket": ours.socket[0]},
        )
        yield Row(
            f"{work}: memory per browser",
            Figures.of(ours.memory, "MB", 1e-6),
            Figures.of(beside.memory, "MB", 1e-6),
            goal=GOALS["memory"] if ours is small else TWICE,
        )


def _sums(cost: _Cost) -> list[float]:
    return [html + socket for html, socket in zip(cost.html, cost.socket, strict=True)]


def _server(stage: Stage, name: str) -> servers.Running:
    folder: Path = stage.subfolder("page")
    if name == BARE:
        return servers.bare_page(folder)
    return servers.board(folder, stage.sample(int(name.replace(",", ""))).copy(f"page-{name}"))


Opened = list[tuple[Process, str, _Cost]]


def _open_and_close(stage: Stage, opened: Opened) -> None:
    """Time: each browser finds nobody there who would have to be told of it."""
    with Wire() as wire:
        https = [Http(wire, process.port) for process, _, _ in opened]
        for turn in range(-1, stage.times(20, 4)):
            stage.progress(f"pages opened: {turn + 1}")
            for http, (process, path, cost) in zip(https, opened, strict=True):
                before = process.processor_seconds()
                browser = Browser(wire, http, path)
                while perf_counter() - browser.last_message_at < QUIET_SECONDS:
                    wire.rest(0.05)
                spent = process.processor_seconds() - before
                browser.close()
                if turn < 0:  # renders each card's face, which later pages share
                    cost.first = spent
                    continue
                cost.processor.append(spent)
                cost.usable.append(browser.last_message_at - browser.began)
                cost.html.append(browser.html_bytes)
                cost.socket.append(browser.socket_bytes)


def _hold_open(stage: Stage, opened: Opened) -> None:
    """Memory: what many browsers that stay add to the process, by browser."""
    count = stage.times(20, 5)
    for process, path, cost in opened:
        stage.progress(f"memory of {count} browsers at {path}")
        with Wire() as wire:
            http = Http(wire, process.port)
            Browser(wire, http, path)
            wire.rest(1.0)
            before = process.resident_bytes()
            for _ in range(count):
                Browser(wire, http, path)
                wire.rest(0.1)
            wire.rest(1.0)
            cost.memory.append((process.resident_bytes() - before) / count)
