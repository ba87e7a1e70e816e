"""Checks of what comes from outside, shared by the commands: clear words that name the field and what would work."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from app.errors import InvalidInput

Word = TypeVar("Word", bound=StrEnum)


def line(field: str, value: Any, longest: int) -> str:
    """One line of text, 1 to `longest` characters once trimmed. Raises InvalidInput."""
    if not isinstance(value, str):
        raise InvalidInput(f"{field} is a text", field=field)
    cleaned = " ".join(value.split())
    _storable(field, cleaned)
    if not 1 <= len(cleaned) <= longest:
        raise InvalidInput(f"{field} takes 1 to {longest} characters, this has {len(cleaned)}", field=field)
    return cleaned


def body(field: str, value: Any, longest: int, *, empty: bool = True) -> str:
    """Text of several lines, at most `longest` characters. Raises InvalidInput."""
    if not isinstance(value, str):
        raise InvalidInput(f"{field} is a text", field=field)
    _storable(field, value)
    if len(value) > longest:
        raise InvalidInput(f"{field} takes at most {longest} characters, this has {len(value)}", field=field)
    if not empty and not value.strip():
        raise InvalidInput(f"{field} is empty; write something", field=field)
    return value


def word(field: str, value: Any, words: type[Word]) -> Word:
    """One of an enum's words. Raises InvalidInput with `allowed`."""
    try:
        return words(value)
    except ValueError:
        allowed = [entry.value for entry in words]
        raise InvalidInput(f"{field} is one of {', '.join(allowed)}", field=field, allowed=allowed) from None


def words(field: str, values: Any, vocabulary: type[Word]) -> tuple[Word, ...]:
    """Several of an enum's words, each once, in the enum's order. Raises InvalidInput with `allowed`."""
    if isinstance(values, str):
        raise InvalidInput(f"{field} is a list", field=field)
    given = {word(field, value, vocabulary) for value in values}
    return tuple(one for one in vocabulary if one in given)


def limit(field: str, value: Any, most: int) -> int | None:
    """None, or a whole number from 1 to `most`. Raises InvalidInput."""
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise InvalidInput(f"{field} is empty or a whole number from 1 to {most}", field=field)
    return value


def amount(field: str, value: Any, most: int) -> float | None:
    """None, or a number from 0 to `most`. Raises InvalidInput."""
    if value is None:
        return None
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not 0 <= value <= most  # also false for what is no number, or endless
    ):
        raise InvalidInput(f"{field} is empty or a number from 0 to {most}", field=field)
    return float(value)


def moment(field: str, value: Any) -> datetime | None:
    """None, or a time with its zone, given as such or in ISO 8601; in UTC. Raises InvalidInput."""
    if value is None:
        return None
    try:
        given = datetime.fromisoformat(value) if isinstance(value, str) else value
        if not isinstance(given, datetime) or given.tzinfo is None:
            raise ValueError("no time zone")
        return given.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInput(
            f"{field} is empty or a time in ISO 8601 with its zone, like 2026-01-31T17:00:00Z", field=field
        ) from None


def known(changes: dict[str, Any], allowed: tuple[str, ...]) -> None:
    """Raises InvalidInput when `changes` names a field that cannot be changed."""
    for field in changes:
        if field not in allowed:
            raise InvalidInput(
                f"{field} cannot be changed here; {', '.join(allowed)} can", field=field, allowed=list(allowed)
            )


def one_anchor(before: int | None, after: int | None) -> None:
    if before is not None and after is not None:
        raise InvalidInput("give before or after, not both", field="before")


def _storable(field: str, value: str) -> None:
    if "\x00" in value:
        raise InvalidInput(f"{field} holds a NUL character, which no database keeps", field=field)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidInput(f"{field} holds half of a character pair (a lone surrogate)", field=field) from None
