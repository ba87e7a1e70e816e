"""The checklist of a card: what has to be done, item by item, in the order of their ranks."""

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.types import rank_type

TEXT_LENGTH = 500
ITEMS_MOST = 200
"""Items of one card."""


class ChecklistItem(SQLModel, table=True):
    __tablename__ = "checklist_item"
    __table_args__ = (UniqueConstraint("card_id", "rank", name="uq_checklist_item_card_id_rank"),)

    id: int | None = Field(default=None, primary_key=True)
    card_id: int = Field(foreign_key="card.id", ondelete="CASCADE")
    text: str = Field(max_length=TEXT_LENGTH)
    done: bool = False
    rank: str = Field(sa_type=rank_type())
