"""Programs of their own beside the test: another server that writes to the same database."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]


def writing(url: str, card_id: int, count: int) -> "AbstractContextManager[subprocess.Popen[str]]":
    """Ready to write `count` comments to the card as soon as it gets a line; see `tests.store.writing`."""
    return ready("tests.store.writing", url, str(card_id), str(count))


def claiming(
    url: str, name: str, board: str, card_id: int, count: int
) -> "AbstractContextManager[subprocess.Popen[str]]":
    """Ready to let `count` agents claim as soon as it gets a line; see `tests.commands.claiming`."""
    return ready("tests.commands.claiming", url, name, board, str(card_id), str(count))


@contextmanager
def ready(module: str, *arguments: str) -> "Iterator[subprocess.Popen[str]]":
    """The module as a program that has said so."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
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
