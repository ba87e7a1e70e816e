"""`python -m tests.bench [name ...] [--quick] [--json FILE]`: measure, and print a table. Named: only those."""

import argparse
import os
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson

import tests.bench
from tests.bench.report import Row, table
from tests.bench.stage import Stage
from tests.bench.wire import BenchmarkFailed

MEASUREMENTS = ("startup", "page", "snapshot", "fanout", "browsers", "writers", "fleet", "tools")
PACKAGES = ("nicegui", "fastapi", "starlette", "uvicorn", "uvloop", "httptools", "websockets", "sqlalchemy", "pydantic")
FILES_OPEN = 4096


def main(arguments: list[str]) -> int:
    given = _parsed(arguments)
    _allow_many_sockets()
    began, load = time.time(), os.getloadavg()[0]
    rows, failed = _measured(given.names or MEASUREMENTS, given.quick)
    everything = [row for measured in rows.values() for row in measured]
    print(table(everything))
    print("\nTwo figures in a cell: the median and the 95th percentile. Ratio: ours to bare, taken in turns.")
    if load > _processors() / 2:
        print(f"The machine was busy with other things (load {load:.1f}): believe the ratios, not the figures.")
    for problem in failed:
        print(f"not measured: {problem}")
    if given.json:
        report = {
            **_circumstances(),
            "began": began,
            "seconds": time.time() - began,
            "load_before": load,
            "quick": given.quick,
            "not_measured": failed,
            "rows": {name: [row.as_json() for row in measured] for name, measured in rows.items()},
        }
        given.json.write_bytes(orjson.dumps(report, option=orjson.OPT_INDENT_2))
    return 1 if failed or any(row.failures for row in everything) else 0


def _parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=tests.bench.__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(MEASUREMENTS)}; all unless named")
    parser.add_argument("--quick", action="store_true", help="fewer samples: to see that it runs, not how fast")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures to a file, too")
    given = parser.parse_args(arguments)
    if unknown := set(given.names) - set(MEASUREMENTS):
        parser.error(f"there is no measurement {', '.join(sorted(unknown))}; there are {', '.join(MEASUREMENTS)}")
    return given


def _measured(names: Sequence[str], quick: bool) -> tuple[dict[str, list[Row]], list[str]]:
    rows: dict[str, list[Row]] = {}
    failed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="agent-kanban-bench-") as folder:
        stage = Stage(Path(folder), quick)
        for name in names:
            rows[name] = []
            try:
                for row in import_module(f"tests.bench.{name}").measure(stage):
                    rows[name].append(row)
            except (BenchmarkFailed, OSError) as problem:
                failed.append(f"{name}: {problem}")
        stage.clear()
    return rows, failed


def _circumstances() -> dict[str, Any]:
    return {
        "processors": _processors(),
        "python": platform.python_version(),
        "system": platform.platform(),
        "versions": {package: version(package) for package in PACKAGES},
    }


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _allow_many_sockets() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < FILES_OPEN:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(FILES_OPEN, hard), hard))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
