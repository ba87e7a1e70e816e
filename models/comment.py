"""What people and agents say about a card."""

from datetime import datetime

from sqlmodel import Field, SQLModel, Text

from models.types import UtcDateTime

TEXT_LENGTH = 20_000
AUTHOR_LENGTH = 60


class Comment(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    card_id: int = Field(foreign_key="card.id", ondelete="CASCADE", index=True)
    author: str = Field(max_length=AUTHOR_LENGTH)
    author_kind: str = Field(max_length=10)
    text: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=UtcDateTime)
    edited_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
