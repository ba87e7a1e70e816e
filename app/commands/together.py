"""Several commands as one: all of them are stored and told, or none."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import bindparam

from app.errors import NotFound
from app.store import Store
from app.store.rows import BOARD, BOARDS, board_info
from app.store.unit import Unit
from app.views import BoardInfo


@contextmanager
def together(store: Store) -> Iterator[Unit]:
    """What is done inside leaves no trace when it ends in an exception, whatever else its transaction holds."""
    with store.joining() as unit:
        told = len(unit.changes)
        unit.savepoint("together")
        try:
            yield unit
        except BaseException:
            unit.roll_back_to("together")
            del unit.changes[told:]
            raise
        unit.release("together")


def locked_board(unit: Unit, board: int | str) -> BoardInfo:
    """The board, which nobody else changes until the unit ends. Raises NotFound."""
    query, which = (_BY_KEY, board.upper()) if isinstance(board, str) else (_BY_ID, board)
    row = unit.connection.execute(query, {"which": which}).first()
    if row is None:
        raise NotFound(f"there is no board {board}")
    return board_info(row)


_BY_ID = BOARDS.where(BOARD.c.id == bindparam("which")).with_for_update()
_BY_KEY = BOARDS.where(BOARD.c.key == bindparam("which")).with_for_update()
