"""Points in time in words that people read at a glance; the exact time is for the hover."""

from datetime import UTC, datetime

MINUTE, HOUR, DAY = 60, 3600, 86_400


def ago(moment: datetime, now: datetime) -> str:
    """`just now`, `5 min ago`, `3 h ago`, `2 days ago`, and the date from two weeks on."""
    seconds = (now - moment).total_seconds()
    if seconds < MINUTE:
        return "just now"
    if seconds < HOUR:
        return f"{int(seconds // MINUTE)} min ago"
    if seconds < DAY:
        return f"{int(seconds // HOUR)} h ago"
    days = int(seconds // DAY)
    if days < 14:
        return "yesterday" if days == 1 else f"{days} days ago"
    return day(moment) if moment.year == now.year else f"{day(moment)} {moment:%Y}"


def exact(moment: datetime) -> str:
    """`2026-03-01 14:05:09 UTC`"""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def day(moment: datetime) -> str:
    """`1 Mar`, as the browser says it too until it knows better."""
    return f"{moment.day} {moment:%b}"
