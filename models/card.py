"""A card: one piece of work, in one column, at one rank."""

import re
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel, Text

from models.types import PriorityLevel, UtcDateTime, rank_type
from models.vocabulary import Priority

TITLE_LENGTH = 200
TEXT_LENGTH = 20_000
ASSIGNEE_LENGTH = 60
PROGRESS_LENGTH = 200
ESTIMATE_MOST = 10_000
REF_PATTERN = re.compile(r"([A-Za-z][A-Za-z0-9]{1,9})-([1-9][0-9]{0,8})")


class Card(SQLModel, table=True):
    __table_args__ = (
        UniqueConstraint("board_id", "number", name="uq_card_board_id_number"),
        UniqueConstraint("column_id", "rank", name="uq_card_column_id_rank"),
        Index(
            "ix_card_live",
            "board_id",
            "column_id",
            "rank",
            sqlite_where=text("archived_at IS NULL"),
            postgresql_where=text("archived_at IS NULL"),
        ),
        Index("ix_card_assignee", "assignee", "id"),
        Index("ix_card_priority", "priority", "id"),
        CheckConstraint("length(title) >= 1", name="title_not_empty"),
    )

    id: int | None = Field(default=None, primary_key=True)
    board_id: int = Field(foreign_key="board.id", ondelete="CASCADE")
    column_id: int = Field(foreign_key="board_column.id")
    number: int
    rank: str = Field(sa_type=rank_type())
    title: str = Field(max_length=TITLE_LENGTH)
    description: str = Field(default="", sa_type=Text)
    acceptance_criteria: str = Field(default="", sa_type=Text)
    priority: Priority = Field(default=Priority.NORMAL, sa_type=PriorityLevel)
    assignee: str | None = Field(default=None, max_length=ASSIGNEE_LENGTH)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    estimate: float | None = None
    progress_percent: int | None = None
    progress_text: str | None = Field(default=None, max_length=PROGRESS_LENGTH)
    fence: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How often the card was claimed: the fence of its latest claim."""
    worker: str | None = Field(default=None, max_length=ASSIGNEE_LENGTH)
    """Who claimed it last."""
    approved_by: str | None = Field(default=None, max_length=ASSIGNEE_LENGTH)
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    column_entered_at: datetime = Field(sa_type=UtcDateTime)
    archived_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def parse_ref(ref: str) -> tuple[str, int] | None:
    """`demo-12` is board key `DEMO` and card number 12; None when the text is no ref."""
    match = REF_PATTERN.fullmatch(ref)
    return (match[1].upper(), int(match[2])) if match else None
