"""A board: the unit of order. Its `sequence` numbers every change, so everybody sees one order without gaps."""

import re
from datetime import datetime

from sqlmodel import Field, SQLModel, Text

from models.types import UtcDateTime
from models.vocabulary import ColumnKind

NAME_LENGTH = 100
KEY_LENGTH = 10
COLUMNS_MOST = 50
KEY_PATTERN = re.compile(r"[A-Z][A-Z0-9]{1,9}")

DEFAULT_COLUMNS: tuple[tuple[str, ColumnKind], ...] = (
    ("Not Started", ColumnKind.QUEUE),
    ("In Progress", ColumnKind.ACTIVE),
    ("Blocked", ColumnKind.ACTIVE),
    ("Ready for QC", ColumnKind.ACTIVE),
    ("Done", ColumnKind.DONE),
)


class Board(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True, max_length=KEY_LENGTH)
    name: str = Field(max_length=NAME_LENGTH)
    sequence: int = 0
    last_card_number: int = 0
    paused: str = Field(default="[]", sa_type=Text, sa_column_kwargs={"server_default": "[]"})
    """The agents that people have paused here, as JSON: it comes along with the number of every change."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    archived_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def key_from_name(name: str) -> str:
    """A short key that reads like the name: initials of several words, or the start of one (`Release week` -> `RW`).

    Answers `BOARD` when the name has no letter that a key may hold.
    """
    words = re.findall(r"[A-Z0-9]+", name.upper())
    initials = "".join(word[0] for word in words)
    joined = "".join(words)
    key = (initials if len(words) > 1 else joined).lstrip("0123456789")[:5]
    return key if KEY_PATTERN.fullmatch(key) else "BOARD"
