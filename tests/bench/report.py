"""What a measurement says: figures of ours next to the bare server's, a goal, and whether it was reached."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

HEADINGS = ("work", "ours", "bare", "ratio", "goal", "verdict")


@dataclass(frozen=True)
class Figures:
    """Samples of one kind, in `unit`; shown as their median, and their 95th percentile where that says something."""

    samples: tuple[float, ...]
    unit: str
    tail: bool = False

    @classmethod
    def of(cls, samples: Iterable[float], unit: str, scale: float = 1.0, *, tail: bool = False) -> "Figures":
        return cls(tuple(sorted(sample * scale for sample in samples)), unit, tail)

    @property
    def p50(self) -> float:
        return median(self.samples)

    @property
    def p95(self) -> float:
        return self.percentile(95)

    def percentile(self, percent: float) -> float:
        return self.samples[min(len(self.samples) - 1, math.ceil(len(self.samples) * percent / 100) - 1)]

    def __str__(self) -> str:
        shown = f"{_rounded(self.p50)} / {_rounded(self.p95)}" if self.tail else _rounded(self.p50)
        return f"{shown} {self.unit}".strip()

    def as_json(self) -> dict[str, Any]:
        percents = (5, 25, 50, 75, 90, 95, 99)
        return {
            "unit": self.unit,
            "count": len(self.samples),
            "least": self.samples[0],
            "most": self.samples[-1],
            **{f"p{percent}": self.p50 if percent == 50 else self.percentile(percent) for percent in percents},
        }


@dataclass(frozen=True)
class Goal:
    """What is to be reached: `most` or `least` of the ratio, or of ours by itself (`median`, `p95`)."""

    most: float | None = None
    least: float | None = None
    median: float | None = None
    p95: float | None = None

    def is_met(self, row: "Row") -> bool:
        ratio = row.ratio or 0.0
        return (
            (self.most is None or ratio <= self.most)
            and (self.least is None or ratio >= self.least)
            and (self.median is None or row.ours.p50 <= self.median)
            and (self.p95 is None or row.ours.p95 <= self.p95)
        )

    def __str__(self) -> str:
        said = {"ratio <= ": self.most, "ratio >= ": self.least, "<= ": self.median, "p95 <= ": self.p95}
        return ", ".join(f"{words}{_rounded(value)}" for words, value in said.items() if value is not None)


@dataclass(frozen=True)
class Row:
    """`failures` are things that must not happen whatever the speed; with any, no goal is reached."""

    work: str
    ours: Figures
    bare: Figures | None = None
    goal: Goal | None = None
    failures: Sequence[str] = ()
    note: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        return self.ours.p50 / self.bare.p50 if self.bare and self.bare.p50 else None

    @property
    def verdict(self) -> str:
        if self.failures:
            return "FAILED: " + "; ".join(self.failures)
        if self.goal is None:
            return ""
        return "reached" if self.goal.is_met(self) else "MISSED"

    def as_json(self) -> dict[str, Any]:
        return {
            "work": self.work,
            "ours": self.ours.as_json(),
            "bare": self.bare.as_json() if self.bare else None,
            "ratio": self.ratio,
            "goal": str(self.goal or ""),
            "verdict": self.verdict,
            "note": self.note,
            "details": self.details,
        }


def table(rows: Sequence[Row]) -> str:
    """Columns by spaces; where two figures stand in a cell they are the median and the 95th percentile."""
    lines = [HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(HEADINGS))]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    return "\n".join([text[0], "  ".join("-" * width for width in widths), *text[1:]])


def _cells(row: Row) -> tuple[str, ...]:
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    verdict = f"{row.verdict} ({row.note})" if row.note else row.verdict
    return (row.work, str(row.ours), str(row.bare or ""), ratio, str(row.goal or ""), verdict.strip())


def _rounded(value: float) -> str:
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.{max(0, 2 - math.floor(math.log10(abs(value))))}f}" if abs(value) < 10 else f"{value:.1f}"
