"""The stored form of a change. (board, sequence) is its key: the table is the feed's truth, read by cursor."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel, Text

from models.types import UtcDateTime


class Activity(SQLModel, table=True):
    __table_args__ = (Index("ix_activity_card_id", "card_id", "sequence"),)

    board_id: int = Field(primary_key=True, foreign_key="board.id", ondelete="CASCADE")
    sequence: int = Field(primary_key=True)
    verb: str = Field(max_length=30)
    at: datetime = Field(sa_type=UtcDateTime)
    actor_name: str = Field(max_length=60)
    actor_kind: str = Field(max_length=10)
    via: str = Field(max_length=10)
    card_id: int | None = None
    """No foreign key: what was done to a card stays known after the card is deleted."""
    data: str = Field(sa_type=Text)
