"""A label of a board, and which cards carry it."""

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel, String

from models.vocabulary import LabelColour

NAME_LENGTH = 40
LABELS_MOST = 100
"""Labels of one board."""


class Label(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("board_id", "name", name="uq_label_board_id_name"),)

    id: int | None = Field(default=None, primary_key=True)
    board_id: int = Field(foreign_key="board.id", ondelete="CASCADE")
    name: str = Field(max_length=NAME_LENGTH)
    colour: LabelColour = Field(sa_type=String(10))


class CardLabel(SQLModel, table=True):
    __tablename__ = "card_label"
    __table_args__ = (Index("ix_card_label_label_id", "label_id"),)

    card_id: int = Field(primary_key=True, foreign_key="card.id", ondelete="CASCADE")
    label_id: int = Field(primary_key=True, foreign_key="label.id", ondelete="CASCADE")
