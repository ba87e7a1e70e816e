"""What time it is, where several machines must agree when a lease ends: as the database says."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, text


def utc_now() -> datetime:
    return datetime.now(UTC)


class DatabaseClock:
    """This machine's clock, put right by how far the database's is ahead of it when that was last measured."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self._ahead

    def measure(self, connection: Connection) -> None:
        """Set the clock by the database, unless they agree as far as can be told from here."""
        asked = utc_now()
        there = connection.execute(_NOW).scalar_one()
        took = utc_now() - asked
        ahead = there - (asked + took / 2)
        if abs(ahead - self._ahead) > took:
            self._ahead = ahead


_NOW = text("SELECT clock_timestamp()")
