"""Twenty agents at work: claim-next on one board, and the life of a card (create, claim, comment, finish).

Each agent has a connection of its own and goes on when the call before was answered. Twenty sockets listen, and a
stretch ends when each has heard every change, in order. The bare server is given as many changes by as many writers.
"""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import orjson

from tests.bench import changes, servers
from tests.bench.changes import Listeners, Moves
from tests.bench.report import Figures, Row
from tests.bench.servers import Process
from tests.bench.stage import Stage
from tests.bench.wire import BenchmarkFailed, Http, Wire

AGENTS = 20
CARDS = 500
LISTENERS = 20
ID = re.compile(rb'\{"id":(\d+),')
FENCE = re.compile(rb'"fence":(\d+)')

Step = tuple[str, Callable[["_Agent"], bytes]]
"""What an agent does next: its name, and the request."""


def measure(stage: Stage) -> Iterator[Row]:
    sample = stage.sample(500)
    folder = stage.subfolder("fleet")
    with servers.board(folder, sample.copy("fleet")) as ours:
        ours.answers("/healthz")
        with Wire() as wire:
            changes.record(wire, ours, sample, Moves(sample), folder)
        with servers.bare(folder) as bare:
            bare.answers("/read/answer.json")
            rounds = stage.times(CARDS, 100) // AGENTS
            yield _claims(stage, ours, bare, rounds)
            yield from _lives(stage, ours, bare, rounds)


def _claims(stage: Stage, ours: Process, bare: Process, rounds: int) -> Row:
    work = f"claim-next, {AGENTS} agents, {rounds * AGENTS} cards"
    stage.progress(work)
    board_id, _ = _new_board(ours, cards=rounds * AGENTS)
    path = f"/api/v1/boards/{board_id}/claim-next"
    claim: Step = ("claim-next", lambda agent: agent.post(path, b"{}"))
    fleet = _run(ours, changes.listen_path(board_id), [claim], rounds)
    claimed = [agent_card for agent in fleet.agents for agent_card in agent.cards]
    twice = len(claimed) - len(set(claimed))
    failures = [*fleet.failures, *([f"{twice} cards claimed twice"] if twice else [])]
    return _row(work, fleet, _bare(bare, rounds), failures)


def _lives(stage: Stage, ours: Process, bare: Process, rounds: int) -> Iterator[Row]:
    work = f"create, claim, comment, finish: {AGENTS} agents, {rounds * AGENTS} cards"
    stage.progress(work)
    board_id, done = _new_board(ours)
    new_card = b'{"board_id":%d,"title":"What one of twenty agents found to do"}' % board_id
    steps: list[Step] = [
        ("create", lambda agent: agent.post("/api/v1/cards", new_card)),
        ("claim", lambda agent: agent.post(f"/api/v1/cards/{agent.card}/claim", b"{}")),
        ("comment", lambda agent: agent.post(f"/api/v1/cards/{agent.card}/comments", b'{"text":"Done, see above"}')),
        ("finish", lambda agent: agent.post(f"/api/v1/cards/{agent.card}/move", b'{"column_id":%d}' % done)),
    ]
    fleet = _run(ours, changes.listen_path(board_id), steps, rounds)
    floor = _bare(bare, rounds * len(steps))
    yield _row(f"{work}: a call", fleet, floor, fleet.failures)
    yield Row(
        f"{work}: changes a second, heard by {LISTENERS}",
        ours=Figures.of([fleet.rate], "/s"),
        bare=Figures.of([floor.rate], "/s"),
    )


@dataclass
class _Fleet:
    agents: "list[_Agent]" = field(default_factory=list)
    listeners: Listeners = field(default_factory=Listeners)
    seconds: float = 0.0
    waited: dict[str, list[float]] = field(default_factory=dict)
    errors: int = 0

    @property
    def answered(self) -> int:
        return sum(map(len, self.waited.values()))

    @property
    def rate(self) -> float:
        return self.answered / self.seconds

    @property
    def failures(self) -> list[str]:
        owed = self.answered * LISTENERS
        unheard = [f"{self.listeners.heard} changes heard instead of {owed}"] if self.listeners.heard != owed else []
        return [*self.listeners.failures, *unheard, *([f"{self.errors} calls refused"] if self.errors else [])]


class _Agent:
    """Goes through the steps of a round, one call after the other, round after round."""

    def __init__(
        self, wire: Wire, process: Process, number: int, steps: list[Step], rounds: int, fleet: _Fleet
    ) -> None:
        self.card = 0
        self.cards: list[int] = []
        self.left = rounds * len(steps)
        self._name = f"agent-{number}"
        self._steps, self._fleet = steps, fleet
        self._at, self._sent_at = 0, 0.0
        self._headers: dict[str, str] = {}
        self._fence = ""
        self._http = Http(wire, process.port, self._answered)

    def post(self, path: str, body: bytes) -> bytes:
        return self._http.request("POST", path, body, self._name, x_actor_kind="agent", **self._headers)

    def go(self) -> None:
        request = self._steps[self._at % len(self._steps)][1](self)
        self._sent_at = time.perf_counter()
        self._http.send(request)

    def _answered(self, status: int, body: bytes) -> None:
        step = self._steps[self._at % len(self._steps)][0]
        if 200 <= status < 300:
            self._fleet.waited.setdefault(step, []).append(time.perf_counter() - self._sent_at)
            self._note(step, body)
        else:
            self._fleet.errors += 1
        self._at += 1
        self.left -= 1
        if self.left:
            self.go()

    def _note(self, step: str, body: bytes) -> None:
        if step in ("create", "claim-next"):
            found = ID.match(body)
            if found is None:
                raise BenchmarkFailed(f"no card in the answer to {step}: {body[:200]!r}")
            self.card = int(found[1])
            self.cards.append(self.card)
        self._headers = {}
        if step in ("claim", "comment"):
            fence = FENCE.findall(body)
            self._fence = fence[-1].decode() if fence else self._fence
            self._headers = {"x_fence": self._fence}


def _run(process: Process, path: str, steps: list[Step], rounds: int) -> _Fleet:
    fleet = _Fleet()
    with Wire() as wire:
        fleet.listeners.join(wire, process.port, path, LISTENERS)
        fleet.agents = [_Agent(wire, process, number, steps, rounds, fleet) for number in range(AGENTS)]
        wire.rest(0.2)
        start = time.perf_counter()
        for agent in fleet.agents:
            agent.go()
        wire.until(lambda: not any(agent.left for agent in fleet.agents), 120)
        wire.until(lambda: fleet.listeners.heard >= fleet.answered * LISTENERS)
        fleet.seconds = time.perf_counter() - start
    return fleet


def _bare(bare: Process, rounds: int) -> _Fleet:
    change: Step = ("change", lambda agent: agent.post(changes.BARE_CHANGE, b"{}"))
    return _run(bare, changes.BARE_LISTEN, [change], rounds)


def _row(work: str, fleet: _Fleet, floor: _Fleet, failures: list[str]) -> Row:
    return Row(
        work,
        ours=Figures.of((one for waits in fleet.waited.values() for one in waits), "ms", 1e3, tail=True),
        bare=Figures.of((one for waits in floor.waited.values() for one in waits), "ms", 1e3, tail=True),
        failures=failures,
        details={
            "errors": fleet.errors,
            "changes_a_second": fleet.rate,
            **{step: Figures.of(waits, "ms", 1e3).as_json() for step, waits in fleet.waited.items()},
        },
    )


def _new_board(ours: Process, cards: int = 0) -> tuple[int, int]:
    """A board of its own: its id, and the id of its last column."""
    with Wire() as wire:
        http = Http(wire, ours.port)
        board_id = orjson.loads(http.ask(http.request("POST", "/api/v1/boards", b'{"name":"Fleet"}')))["id"]
        for number in range(cards):
            body = b'{"board_id":%d,"title":"Something to do, number %d"}' % (board_id, number)
            http.ask(http.request("POST", "/api/v1/cards", body))
        snapshot = orjson.loads(http.ask(http.request("GET", f"/api/v1/boards/{board_id}")))
    return board_id, snapshot["columns"][-1]["id"]
