"""Reading a whole board, `GET /api/v1/boards/{id}`, next to a server that answers the same bytes from memory.

Once as it is when nothing changed since the last reading, and once right after a change, when a part of it has to be
made anew. Connections are kept alive; ours and the bare server take turns.
"""

import time
from collections.abc import Iterator

from tests.bench import changes, servers
from tests.bench.changes import Moves
from tests.bench.report import Figures, Goal, Row
from tests.bench.sample import Sample
from tests.bench.stage import Stage
from tests.bench.wire import Http, Wire

GOALS = {500: Goal(most=10.0), 5000: None}


def measure(stage: Stage) -> Iterator[Row]:
    for size, goal in GOALS.items():
        yield from _rows(stage, stage.sample(size), size, goal)


def _rows(stage: Stage, sample: Sample, size: int, goal: Goal | None) -> Iterator[Row]:
    folder = stage.subfolder(f"snapshot-{size}")
    path = f"/api/v1/boards/{sample.board_id}"
    moves = Moves(sample)
    with servers.board(folder, sample.copy(f"snapshot-{size}")) as ours, Wire() as wire:
        ours.answers("/healthz")
        changes.record(wire, ours, sample, moves, folder)
        board = Http(wire, ours.port)
        (folder / "board.json").write_bytes(board.ask(board.request("GET", path)))
        with servers.bare(folder) as bare:
            bare.answers("/read/board.json")
            floor = Http(wire, bare.port)
            for changed in (False, True):
                work = f"read a board of {size:,} cards" + (", just changed" if changed else "")
                ours_took, bare_took = [], []
                for turn in range(stage.times(200, 20)):
                    if turn % 20 == 0:
                        stage.progress(f"{work}: {turn}")
                    if changed:
                        board.ask(changes.move(board, moves))
                    ours_took.append(_seconds(board, path))
                    bare_took.append(_seconds(floor, "/read/board.json"))
                yield Row(
                    work,
                    Figures.of(ours_took, "ms", 1e3, tail=True),
                    Figures.of(bare_took, "ms", 1e3, tail=True),
                    goal=goal,
                    details={"bytes": len(board.body)},
                )


def _seconds(http: Http, path: str) -> float:
    request = http.request("GET", path)
    start = time.perf_counter()
    http.ask(request)
    return time.perf_counter() - start
