"""The labels of a board."""

from sqlalchemy import String, bindparam, cast, func, or_, select

from app.queries.boards import find_board
from app.store import Store
from app.store.rows import LABEL, LABELS, label_view
from app.views import LabelView


def list_labels(store: Store, board: int | str) -> list[LabelView]:
    """By name. Raises NotFound when there is no such board."""
    found = find_board(store, board)
    with store.reading() as connection:
        labels = [label_view(row) for row in connection.execute(_OF_BOARD, {"board": found.id})]
    return sorted(labels, key=lambda label: (label.name.casefold(), label.id))


def is_known(store: Store, label: int | str) -> bool:
    """Whether any board has a label of that name, whatever its case, or with that id."""
    with store.reading() as connection:
        return connection.execute(_KNOWN, {"wished": str(label).strip()}).first() is not None


_WISHED = bindparam("wished", type_=String)
_KNOWN = (
    select(LABEL.c.id).where(or_(func.lower(LABEL.c.name) == func.lower(_WISHED), cast(LABEL.c.id, String) == _WISHED))
).limit(1)
_OF_BOARD = LABELS.where(LABEL.c.board_id == bindparam("board"))
