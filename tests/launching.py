"""`python main.py` as a person starts it: a process of its own, in a folder of its own, on a free port."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

MAIN = Path(__file__).parent.parent / "main.py"
LIVE = re.compile(r"Agent Kanban Board is live on (http://\S+)")
PATIENCE = 60


def refused(folder: Path, *flags: str, environ: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """The outcome of a launch that should end by itself."""
    return subprocess.run(
        [sys.executable, str(MAIN), *flags],
        cwd=folder,
        env=_environ(environ),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


class Launched:
    """A running server; `url` is the address it printed. Leaving the block stops it."""

    def __init__(self, folder: Path, *flags: str, environ: Mapping[str, str] | None = None) -> None:
        self._errors = (folder / "stderr.txt").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, str(MAIN), "--port", "0", *flags],
            cwd=folder,
            env=_environ(environ),
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        self.url = self._live_url()
        self.port = int(self.url.rpartition(":")[2])

    def __enter__(self) -> "Launched":
        return self

    def __exit__(self, *exception: object) -> None:
        if self.process.poll() is None:
            self.stop()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._errors.close()

    @property
    def log(self) -> str:
        self._errors.seek(0)
        return self._errors.read()

    def stop(self, sig: int = signal.SIGINT) -> float:
        """Asks to stop, and answers how many seconds that took."""
        begun = time.perf_counter()
        self.process.send_signal(sig)
        try:
            self.process.wait(PATIENCE)
        finally:
            self.process.kill()
        return time.perf_counter() - begun

    def _live_url(self) -> str:
        assert self.process.stdout is not None
        too_late = threading.Timer(PATIENCE, self.process.kill)
        too_late.start()
        try:
            for line in self.process.stdout:
                if live := LIVE.search(line):
                    return live[1]
        finally:
            too_late.cancel()
        self.process.wait()
        raise AssertionError(f"the server did not start: {self.log}")


def _environ(extra: Mapping[str, str] | None) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("AGENT_KANBAN_")}
    return {**ours, "PYTHONUNBUFFERED": "1", **(extra or {})}
