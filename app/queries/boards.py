"""Boards: the list of all, and the snapshot of one."""

from sqlalchemy import bindparam, func, select

from app.errors import NotFound
from app.store import Store
from app.store.rows import (
    BOARD,
    BOARDS,
    CARD,
    CARDS,
    COLUMN,
    COLUMNS,
    LABEL,
    LABELS,
    board_info,
    card_view,
    column_view,
    label_view,
    paused_agents,
)
from app.views import BoardInfo, BoardSummary, BoardView
from models.vocabulary import ColumnKind


def list_boards(store: Store, *, archived: bool = False) -> list[BoardSummary]:
    """Boards by name, with the number of their live cards and how many of those are done."""
    with store.reading() as connection:
        rows = connection.execute(_ARCHIVED if archived else _LIVE).all()
    return [BoardSummary.model_construct(**{**row._mapping, "paused": paused_agents(row.paused)}) for row in rows]


def find_board(store: Store, board: int | str) -> BoardInfo:
    """By id or key. Raises NotFound."""
    with store.reading() as connection:
        row = connection.execute(_BY_ID if isinstance(board, int) else _BY_KEY, {"which": _which(board)}).first()
    if row is None:
        raise NotFound(f"there is no board {board}")
    return board_info(row)


def snapshot(store: Store, board: int | str) -> BoardView:
    """The board, its columns and its live cards, all at one sequence. Raises NotFound."""
    with store.reading() as connection:
        row = connection.execute(_BY_ID if isinstance(board, int) else _BY_KEY, {"which": _which(board)}).first()
        if row is None:
            raise NotFound(f"there is no board {board}")
        columns = connection.execute(_COLUMNS, {"board": row.id}).all()
        cards = connection.execute(_CARDS, {"board": row.id}).all()
        labels = connection.execute(_LABELS, {"board": row.id}).all()
    return BoardView.build(board_info(row), map(column_view, columns), map(card_view, cards), map(label_view, labels))


def _which(board: int | str) -> int | str:
    return board if isinstance(board, int) else board.upper()


_BY_ID = BOARDS.where(BOARD.c.id == bindparam("which"))
_BY_KEY = BOARDS.where(BOARD.c.key == bindparam("which"))
_COLUMNS = COLUMNS.where(COLUMN.c.board_id == bindparam("board"))
_LABELS = LABELS.where(LABEL.c.board_id == bindparam("board")).order_by(LABEL.c.id)
_CARDS = CARDS.where(CARD.c.board_id == bindparam("board"), CARD.c.archived_at.is_(None))
_OWN_LIVE = select(func.count()).select_from(CARD).where(CARD.c.board_id == BOARD.c.id, CARD.c.archived_at.is_(None))
_OWN_DONE = _OWN_LIVE.join(COLUMN, COLUMN.c.id == CARD.c.column_id).where(COLUMN.c.kind == ColumnKind.DONE.value)
_SUMMARIES = BOARDS.add_columns(
    _OWN_LIVE.correlate(BOARD).scalar_subquery().label("card_count"),
    _OWN_DONE.correlate(BOARD).scalar_subquery().label("done_count"),
).order_by(func.lower(BOARD.c.name), BOARD.c.id)
_LIVE = _SUMMARIES.where(BOARD.c.archived_at.is_(None))
_ARCHIVED = _SUMMARIES.where(BOARD.c.archived_at.is_not(None))
