"""Which card an agent takes up next: the most urgent one that waits for nobody and that nobody works on."""

from typing import Any

from sqlalchemy import Select, bindparam, exists, select

from app.errors import InvalidInput
from app.store.rows import CARD, CARD_LABEL, CLAIM, COLUMN, COLUMNS, LABEL, LINK, column_view
from app.store.transaction import Changing
from models.vocabulary import ColumnKind


def best_free_card(change: Changing, column_id: int | None, label: int | str | None) -> int | None:
    """Its id: by priority, then in the order of columns and cards; of queue columns unless another is named.

    A claim that has ended holds nobody off. Raises InvalidInput when there is no such column or label.
    """
    query = _FREE
    wanted: dict[str, Any] = {"board": change.board.id, "now": change.now}
    if column_id is None:
        query = query.where(COLUMN.c.kind == ColumnKind.QUEUE.value)
    else:
        query = query.where(COLUMN.c.id == bindparam("column"))
        wanted["column"] = _workable(change, column_id)
    if label is not None:
        query = query.where(_LABELLED)
        wanted["label"] = _label(change, label)
    best: int | None = change.connection.execute(query, wanted).scalar()
    return best


def _workable(change: Changing, column_id: int) -> int:
    columns = [column_view(row) for row in change.connection.execute(_COLUMNS, {"board": change.board.id})]
    allowed = [column.id for column in columns if column.kind is not ColumnKind.DONE]
    if column_id not in allowed:
        raise InvalidInput(
            f"column_id names no column of {change.board.name} with work to do", field="column_id", allowed=allowed
        )
    return column_id


def _label(change: Changing, label: int | str) -> int:
    """By id, or by name whatever its case."""
    labels = change.connection.execute(_LABELS, {"board": change.board.id}).all()
    for row in labels:
        if row.id == label or (isinstance(label, str) and row.name.casefold() == label.casefold()):
            return int(row.id)
    if isinstance(label, str) and label in {str(row.id) for row in labels}:
        return int(label)
    raise InvalidInput(
        f"label names no label of {change.board.name}", field="label", allowed=[row.name for row in labels]
    )


_BLOCKER, _BLOCKERS_COLUMN = CARD.alias("blocker"), COLUMN.alias("blockers_column")
_WAITS = (
    exists()
    .where(LINK.c.card_id == CARD.c.id, _BLOCKER.c.id == LINK.c.blocker_id)
    .where(_BLOCKERS_COLUMN.c.id == _BLOCKER.c.column_id, _BLOCKERS_COLUMN.c.kind != ColumnKind.DONE.value)
    .where(_BLOCKER.c.archived_at.is_(None))
    .correlate(CARD)
)
_LABELLED = (
    exists().where(CARD_LABEL.c.card_id == CARD.c.id, CARD_LABEL.c.label_id == bindparam("label")).correlate(CARD)
)
_FREE: Select[Any] = (
    select(CARD.c.id)
    .join_from(CARD, COLUMN, COLUMN.c.id == CARD.c.column_id)
    .outerjoin(CLAIM, CLAIM.c.card_id == CARD.c.id)
    .where(CARD.c.board_id == bindparam("board"), CARD.c.archived_at.is_(None))
    .where(CLAIM.c.card_id.is_(None) | (CLAIM.c.kept_until <= bindparam("now")))
    .where(~_WAITS)
    .order_by(CARD.c.priority, COLUMN.c.rank, CARD.c.rank)
    .limit(1)
)
_COLUMNS = COLUMNS.where(COLUMN.c.board_id == bindparam("board")).order_by(COLUMN.c.rank)
_LABELS = select(LABEL.c.id, LABEL.c.name).where(LABEL.c.board_id == bindparam("board")).order_by(LABEL.c.name)
