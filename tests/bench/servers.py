"""The servers under measurement, each a process of its own: started on a free port, watched, and ended by its id."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psutil

from tests.bench.wire import BenchmarkFailed

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 30.0
STOP_SECONDS = 10.0


class Process:
    """A server process that answers on `port`."""

    def __init__(self, arguments: list[str], port: int, log: Path) -> None:
        self.port = port
        self.log = log
        self.started = time.perf_counter()
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, *arguments], cwd=log.parent, env=_environment(), stdout=output, stderr=output
            )
        self._seen = psutil.Process(self._process.pid)

    def answers(self, path: str) -> float:
        """Wait until `path` is answered with 200; seconds since the start of the process."""
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nConnection: close\r\n\r\n".encode()
        while (now := time.perf_counter() - self.started) < START_SECONDS and self._process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=START_SECONDS - now) as connection:
                    connection.sendall(request)
                    if b" 200 " in connection.recv(1024):
                        return time.perf_counter() - self.started
            except (ConnectionRefusedError, ConnectionResetError):
                pass
            _nap(0.002)
        raise BenchmarkFailed(f"{path} was not answered with 200; the server said:\n{self.log.read_text()[-2000:]}")

    def processor_seconds(self) -> float:
        """Time all threads of the process spent on a processor; to the nanosecond where Linux tells."""
        try:
            tasks = list(Path(f"/proc/{self._process.pid}/task").iterdir())
            return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
        except (OSError, ValueError):
            times = self._seen.cpu_times()
            return times.user + times.system

    def resident_bytes(self) -> int:
        return self._seen.memory_info().rss

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


Running = AbstractContextManager[Process]


@contextmanager
def board(folder: Path, database: Path) -> Iterator[Process]:
    """`python main.py` on a database that exists or is to be made."""
    port = _free_port()
    flags = [f"--port={port}", f"--database=sqlite:///{database}", "--log-level=warning"]
    with _running(Process([str(ROOT / "main.py"), *flags], port, folder / f"board-{port}.log")) as process:
        yield process


@contextmanager
def bare(folder: Path) -> Iterator[Process]:
    """`tests.bench.bare`, sending what lies in `folder`."""
    port = _free_port()
    with _running(Process(["-m", "tests.bench.bare", str(folder), str(port)], port, folder / f"bare-{port}.log")) as it:
        yield it


@contextmanager
def bare_page(folder: Path) -> Iterator[Process]:
    port = _free_port()
    script = str(Path(__file__).with_name("bare_page.py"))
    with _running(Process([script, str(port)], port, folder / f"bare-page-{port}.log")) as process:
        yield process


@contextmanager
def _running(process: Process) -> Iterator[Process]:
    try:
        yield process
    finally:
        process.stop()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AGENT_KANBAN_")}
    return {**kept, "PYTHONPATH": str(ROOT)}


def _nap(seconds: float) -> None:
    """Leaves the processor to the server that is starting."""
    time.sleep(seconds)
