"""Programs of their own beside the test: another server that writes to the same database."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]


@contextmanager
def writing(url: str, card_id: int, count: int) -> "Iterator[subprocess.Popen[str]]":
    """Ready to write `count` comments to the card as soon as it gets a line; see `tests.store.writing`."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.store.writing", url, str(card_id), str(count)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def begin(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()
