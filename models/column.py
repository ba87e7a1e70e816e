"""A column of a board, ordered by rank among its neighbours."""

from sqlalchemy import CheckConstraint, UniqueConstraint, text
from sqlmodel import Field, SQLModel, String

from models.types import rank_type
from models.vocabulary import ColumnKind

NAME_LENGTH = 60
WIP_LIMIT_MOST = 999


class BoardColumn(SQLModel, table=True):
    __tablename__ = "board_column"
    __table_args__ = (
        UniqueConstraint("board_id", "rank", name="uq_board_column_board_id_rank"),
        CheckConstraint("wip_limit >= 1", name="wip_limit_positive"),
    )

    id: int | None = Field(default=None, primary_key=True)
    board_id: int = Field(foreign_key="board.id", ondelete="CASCADE")
    name: str = Field(max_length=NAME_LENGTH)
    kind: ColumnKind = Field(sa_type=String(10))
    wip_limit: int | None = None
    requires: str = Field(default="", max_length=100, sa_column_kwargs={"server_default": text("''")})
    """What it requires of cards that enter it (`Requirement`), comma-joined."""
    rank: str = Field(sa_type=rank_type())


def has_room(wip_limit: int | None, count: int, entering: int) -> bool:
    """Whether a column that holds `count` cards takes `entering` more."""
    return wip_limit is None or count + entering <= wip_limit
