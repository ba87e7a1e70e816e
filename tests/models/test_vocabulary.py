"""The words and small rules: keys from names, refs, limits, times."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.dialects import sqlite

from models.board import KEY_PATTERN, key_from_name
from models.card import parse_ref
from models.column import has_room
from models.types import UtcDateTime
from models.vocabulary import Priority


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Release week", "RW"),
        ("Demo", "DEMO"),
        ("Demonstration", "DEMON"),
        ("日本", "BOARD"),
        ("2 fast", "BOARD"),
        ("", "BOARD"),
    ],
)
def test_a_key_reads_like_the_name(name: str, key: str) -> None:
    assert key_from_name(name) == key
    assert KEY_PATTERN.fullmatch(key)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("DEMO-12", ("DEMO", 12)),
        ("demo-1", ("DEMO", 1)),
        ("DEMO-0", None),
        ("DEMO-012", None),
        ("DEMO-", None),
        ("D-1", None),
        ("12", None),
        ("DEMO-1\n", None),
        ("DEMO-1234567890", None),
        ("DEMO-\N{ARABIC-INDIC DIGIT ONE}", None),
    ],
)
def test_a_ref_is_a_key_and_a_number(text: str, found: tuple[str, int] | None) -> None:
    assert parse_ref(text) == found


def test_a_column_without_a_limit_has_room_for_any_number() -> None:
    assert has_room(None, 10**6, 10**6)
    assert [has_room(2, count, 1) for count in (0, 1, 2, 3)] == [True, True, False, False]
    assert [has_room(3, 1, entering) for entering in (1, 2, 3)] == [True, True, False]


def test_priorities_sort_by_urgency() -> None:
    assert [priority.level for priority in Priority] == [0, 1, 2, 3]
    assert [Priority.of_level(level) for level in range(4)] == list(Priority)
    assert next(iter(Priority)) is Priority.URGENT


def test_a_time_is_kept_in_utc_and_a_naive_one_refused() -> None:
    kept, dialect = UtcDateTime(), sqlite.dialect()
    noon = datetime(2030, 1, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    assert kept.process_bind_param(noon, dialect) == datetime(2030, 1, 1, 10, tzinfo=UTC)
    assert kept.process_result_value(datetime(2030, 1, 1, 10), dialect) == noon
    with pytest.raises(ValueError, match="time zone"):
        kept.process_bind_param(datetime(2030, 1, 1), dialect)
