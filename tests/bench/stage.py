"""What every measurement is given: a folder, boards to measure on, how long to measure, and a line to show progress."""

import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench import sample
from tests.bench.sample import Sample


@dataclass
class Stage:
    folder: Path
    quick: bool
    _samples: dict[int, Sample] = field(default_factory=dict)

    def sample(self, size: int) -> Sample:
        """A board of `size` cards, made once."""
        if size not in self._samples:
            self.progress(f"making a board of {size:,} cards")
            self._samples[size] = sample.make(self.folder, size)
        return self._samples[size]

    def times(self, thorough: int, quick: int) -> int:
        return quick if self.quick else thorough

    def subfolder(self, name: str) -> Path:
        made = self.folder / name
        made.mkdir(exist_ok=True)
        return made

    def progress(self, what: str) -> None:
        """One line, written over on a terminal."""
        if sys.stderr.isatty():
            print(f"\r\033[K{what}", end="", file=sys.stderr, flush=True)
        else:
            print(what, file=sys.stderr, flush=True)

    def clear(self) -> None:
        if sys.stderr.isatty():
            print("\r\033[K", end="", file=sys.stderr, flush=True)
