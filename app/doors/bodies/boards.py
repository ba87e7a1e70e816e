"""What may be asked of boards and their columns."""

from typing import Annotated, Any

from pydantic import Field

from app.commands.boards import NewColumn
from app.doors.bodies.fields import BoardKey, BoardName, Body, Changes, ColumnName, Id, Requires, WipLimit, unchanged
from models.board import COLUMNS_MOST
from models.vocabulary import ColumnKind

REQUIRES = "What cards need to enter the column; cards that are in it already may stay."


class ColumnWish(Body):
    name: ColumnName
    kind: ColumnKind
    wip_limit: WipLimit | None = None
    requires: Requires = Field(default=[], description=REQUIRES)


class CreateBoard(Body):
    name: BoardName
    key: BoardKey | None = Field(None, description="2 to 10 letters and digits; made from the name when absent.")
    columns: Annotated[list[ColumnWish], Field(min_length=1, max_length=COLUMNS_MOST)] | None = Field(
        None, description="In their order; when absent, the usual five from Not Started to Done."
    )

    def arguments(self) -> dict[str, Any]:
        wished = [NewColumn(one.name, one.kind, one.wip_limit, one.requires) for one in self.columns or ()]
        return {"name": self.name, "key": self.key, "columns": wished or None}


class RenameBoard(Body):
    name: BoardName


class CreateColumn(Body):
    name: ColumnName
    kind: ColumnKind = ColumnKind.QUEUE
    wip_limit: WipLimit | None = None
    requires: Requires = Field(default=[], description=REQUIRES)
    before: Id | None = Field(None, description="The column it is put left of; neither: at the right end.")
    after: Id | None = Field(None, description="The column it is put right of.")


class UpdateColumn(Changes):
    name: ColumnName = Field(default_factory=unchanged)
    kind: ColumnKind = Field(default_factory=unchanged)
    wip_limit: WipLimit | None = Field(default_factory=unchanged, description="null takes the limit away.")
    requires: Requires = Field(default_factory=unchanged, description=REQUIRES + " [] takes all away.")


class MoveColumn(Body):
    """Next to another column; with neither, to the right end."""

    before: Id | None = Field(None, description="The column it is put left of.")
    after: Id | None = Field(None, description="The column it is put right of.")


class DeleteColumn(Body):
    move_cards_to: Id | None = Field(None, description="The column that takes the cards.")
