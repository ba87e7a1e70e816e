"""A tool call over MCP beside the same over REST and beside the bare change: one client, one call after the other."""

import time
from collections.abc import Callable, Iterator

import orjson

from tests.bench import changes, servers
from tests.bench.changes import Moves
from tests.bench.report import Figures, Row
from tests.bench.sample import KEY
from tests.bench.stage import Stage
from tests.bench.wire import BenchmarkFailed, Http, Wire

CALLS = 300
PROTOCOL = "2025-06-18"

Ask = Callable[[], bytes]


def measure(stage: Stage) -> Iterator[Row]:
    sample = stage.sample(500)
    moves = Moves(sample)
    folder = stage.subfolder("tools")
    with servers.board(folder, sample.copy("tools")) as ours:
        ours.answers("/healthz")
        with Wire() as wire:
            changes.record(wire, ours, sample, moves, folder)
        with servers.bare(folder) as bare, Wire() as wire:
            bare.answers("/read/answer.json")
            http, floor = Http(wire, ours.port), Http(wire, bare.port)
            count = stage.times(CALLS, 20)
            bare_moves = Moves(sample)

            def moved() -> bytes:
                card_id, body = moves.next()
                place = orjson.loads(body)
                return _tool(
                    http, "move_card", {"card_id": card_id, "column": place["column_id"], "after": place["after"]}
                )

            def listed() -> bytes:
                return _tool(http, "get_board", {"board_id": KEY})

            def bare_move() -> bytes:
                return floor.ask(changes.bare_move(floor, bare_moves))

            def rest_move() -> bytes:
                return http.ask(changes.move(http, moves))

            yield _row(stage, "MCP move_card, beside a bare change", moved, bare_move, count)
            yield _row(stage, "MCP move_card, beside the same over REST", moved, rest_move, count)
            yield _row(stage, "MCP get_board of 500 cards, beside a bare read", listed, lambda: _read(floor), count)


def _row(stage: Stage, work: str, ours: Ask, bare: Ask, count: int) -> Row:
    stage.progress(work)
    waited: tuple[list[float], list[float]] = ([], [])
    for turn in range(-10, count):
        for ask, times in zip((ours, bare), waited, strict=True):
            start = time.perf_counter()
            ask()
            if turn >= 0:
                times.append(time.perf_counter() - start)
    return Row(
        work,
        ours=Figures.of(waited[0], "ms", 1e3, tail=True),
        bare=Figures.of(waited[1], "ms", 1e3, tail=True),
    )


def _read(floor: Http) -> bytes:
    return floor.ask(floor.request("GET", "/read/answer.json"))


def _tool(http: Http, name: str, arguments: dict[str, object]) -> bytes:
    """One `tools/call`, stateless: without a session before it. Raises BenchmarkFailed when the tool refuses."""
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": arguments}}
    answer = http.ask(
        http.request(
            "POST",
            "/mcp",
            orjson.dumps(call),
            "agent-0",
            accept="application/json, text/event-stream",
            x_actor_kind="agent",
            mcp_protocol_version=PROTOCOL,
        )
    )
    if b'"isError":true' in answer or b'"error"' in answer[:60]:
        raise BenchmarkFailed(f"{name} was refused: {answer[:300]!r}")
    return answer
