"""Points in time in words."""

from datetime import UTC, datetime, timedelta

import pytest

from components.moments import ago, exact

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=-3), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(hours=23), "23 h ago"),
        (timedelta(hours=30), "yesterday"),
        (timedelta(days=13), "13 days ago"),
        (timedelta(days=19), "1 Mar"),
        (timedelta(days=100), "10 Dec 2025"),
    ],
)
def test_it_says_how_long_ago(before: timedelta, words: str) -> None:
    assert ago(NOW - before, NOW) == words


def test_the_exact_time_is_in_utc() -> None:
    assert exact(NOW) == "2026-03-20 12:00:00 UTC"
