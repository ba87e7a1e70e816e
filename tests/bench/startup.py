"""From the launch of the process to its first answers, on a database that is there and on one that is to be made,
next to a bare NiceGUI page. The three take turns."""

from collections.abc import Iterator
from pathlib import Path

from tests.bench import servers
from tests.bench.report import Figures, Goal, Row
from tests.bench.stage import Stage

GOAL = Goal(most=1.5)
BARE = "bare"
KINDS = {"existing": "existing database", "fresh": "fresh database"}


def measure(stage: Stage) -> Iterator[Row]:
    folder = stage.subfolder("startup")
    existing = stage.sample(500).copy("startup")
    took: dict[tuple[str, str], list[float]] = {}
    for turn in range(-1, stage.times(7, 2)):
        for kind in (BARE, *KINDS):
            stage.progress(f"start-up: {kind}, {turn + 1}")
            database = existing if kind == "existing" else folder / f"fresh-{turn}.db"
            for path, seconds in _start(kind, folder, database).items():
                if turn >= 0:  # the first start of each compiles what it imports
                    took.setdefault((kind, path), []).append(seconds)
    for kind, name in KINDS.items():
        for path in ("/healthz", "/"):
            yield Row(
                f"start to the first answer on {path}, {name}",
                Figures.of(took[kind, path], "s"),
                Figures.of(took[BARE, path], "s"),
                goal=GOAL,
            )


def _start(kind: str, folder: Path, database: Path) -> dict[str, float]:
    with servers.bare_page(folder) if kind == BARE else servers.board(folder, database) as process:
        return {path: process.answers(path) for path in ("/healthz", "/")}
