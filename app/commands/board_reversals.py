"""How each change of a board's name, columns and labels is taken back."""

from typing import Any

from sqlalchemy import bindparam, func, select

from app.commands import boards, columns, labels
from app.commands.reversals import GONE, Reversal, Scene, and_so_on, quoted
from app.commands.touched import Facet, spoken
from app.errors import ColumnNotEmpty
from app.store.rows import CARD, COLUMN
from app.views import Change
from models.vocabulary import Verb


def of_board(scene: Scene, change: Change) -> Reversal:
    data = change.data
    match change.event:
        case Verb.BOARD_RENAMED:
            name = data["changed"]["name"][0]
            would = f"rename the board back to {quoted(name)}"
            return Reversal(
                would, (("board name",),), lambda: scene.do(boards.rename_board, change.board_id, name=name)
            )
        case Verb.BOARD_ARCHIVED:
            would, touches = "restore the board", (("board shelf",),)
            return Reversal(would, touches, lambda: scene.do(boards.restore_board, change.board_id))
        case Verb.COLUMN_CREATED | Verb.COLUMN_UPDATED | Verb.COLUMN_MOVED | Verb.COLUMN_DELETED:
            return _of_column(scene, change, data["column"])
        case Verb.LABEL_CREATED | Verb.LABEL_UPDATED | Verb.LABEL_DELETED:
            return _of_label(scene, change, data["label"])
    would, why = _LEFT_ALONE.get(change.event, ("take back what it did", "there is nothing that undoes it"))
    return Reversal(would, never=why)


def _of_column(scene: Scene, change: Change, column: dict[str, Any]) -> Reversal:
    column_id, name = column["id"], column["name"]
    if change.event is Verb.COLUMN_DELETED:
        return Reversal(f"bring back the column {name}", never=GONE)
    if ("column", column_id) in scene.gone:
        return Reversal(f"put back the column {name}", never=GONE)
    gone = ("column gone", column_id)
    if change.event is Verb.COLUMN_CREATED:
        touches = (("column", column_id), gone)
        return Reversal(f"delete the column {name}", touches, lambda: _delete_empty(scene, column_id, name))
    if change.event is Verb.COLUMN_MOVED:
        touches = (("column place", column_id), gone)
        return Reversal(f"move the column {name} back", touches, lambda: _move_back(scene, change, column_id))
    old = {field: pair[0] for field, pair in change.data["changed"].items()}
    fields: tuple[Facet, ...] = (*(("column field", column_id, field) for field in old), gone)
    would = f"put back the {and_so_on([spoken(field) for field in old])} of the column {name}"
    return Reversal(would, fields, lambda: scene.do(columns.update_column, column_id, changes=old))


def _delete_empty(scene: Scene, column_id: int, name: str) -> None:
    held = scene.connection.execute(_COUNT, {"column": column_id}).scalar_one()
    if held:
        raise ColumnNotEmpty(f"{name} holds {held} card{'s' * (held != 1)}")
    scene.do(columns.delete_column, column_id)


def _move_back(scene: Scene, change: Change, column_id: int) -> None:
    old_rank = change.data["changed"]["rank"][0]
    next_one = None
    if ("columns",) not in scene.dealt:
        place = {"board": change.board_id, "rank": old_rank, "column": column_id}
        next_one = scene.connection.execute(_NEXT, place).scalar()
    scene.do(columns.move_column, column_id, before=next_one)


def _of_label(scene: Scene, change: Change, label: dict[str, Any]) -> Reversal:
    label_id, name = label["id"], label["name"]
    gone = ("label gone", label_id)
    if change.event is Verb.LABEL_DELETED:
        would = f"make the label {name} again, on no card"
        return Reversal(would, run=lambda: _make_again(scene, change.board_id, label))
    if change.event is Verb.LABEL_CREATED:
        touches = (("label", label_id), ("label use", label_id), gone)
        would = f"delete the label {name}"
        return Reversal(would, touches, lambda: scene.do(labels.delete_label, scene.label(label_id)))
    old = {field: pair[0] for field, pair in change.data["changed"].items()}
    fields: tuple[Facet, ...] = (*(("label field", label_id, field) for field in old), gone)
    would = f"put back the {and_so_on([spoken(field) for field in old])} of the label {name}"
    return Reversal(would, fields, lambda: scene.do(labels.update_label, scene.label(label_id), changes=old))


def _make_again(scene: Scene, board_id: int, label: dict[str, Any]) -> None:
    made = scene.do(labels.create_label, board_id, name=label["name"], colour=label["colour"])
    scene.labels[label["id"]] = made.id


_LEFT_ALONE = {
    Verb.BOARD_CREATED: ("delete the board", "the board stays"),
    Verb.BOARD_RESTORED: ("archive the board again", "it stays open for the rest of the undo"),
}
_COUNT = select(func.count()).where(CARD.c.column_id == bindparam("column"), CARD.c.archived_at.is_(None))
_NEXT = (
    select(COLUMN.c.id)
    .where(
        COLUMN.c.board_id == bindparam("board"), COLUMN.c.rank > bindparam("rank"), COLUMN.c.id != bindparam("column")
    )
    .order_by(COLUMN.c.rank)
    .limit(1)
)
