"""Column types that mean the same on SQLite and on PostgreSQL."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, SmallInteger, String, Table
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

from models.vocabulary import Priority

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING

LARGEST_ID = 2**31 - 1
"""The largest number that an id or a sequence can be; PostgreSQL refuses to compare them with a larger one."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC: `timestamptz` on PostgreSQL, text of fixed width on SQLite (which sorts by time)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime has no place in the store; give it a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class PriorityLevel(TypeDecorator[Priority]):
    """A priority, stored as its level (0 urgent to 3 low)."""

    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value: Priority | None, dialect: Dialect) -> int | None:
        return None if value is None else Priority(value).level

    def process_result_value(self, value: int | None, dialect: Dialect) -> Priority | None:
        return None if value is None else Priority.of_level(value)


def rank_type() -> Any:
    """Text that sorts byte by byte on both stores; an ICU collation would sort ranks wrongly."""
    return String(80).with_variant(String(80, collation="C"), "postgresql")


def table_of(model: type[SQLModel]) -> Table:
    """The Core table of a SQLModel table class, for the statements on the hot path."""
    table = model.__table__  # type: ignore[attr-defined]
    assert isinstance(table, Table)
    return table
