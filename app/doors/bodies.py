"""What may be asked, as request models of their own: never a table model, and never a field that nobody knows.

REST bodies and the arguments of socket commands are the same models. They check shape, kind and length;
what the values mean on the board is for the commands to judge.
"""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.commands.boards import NewColumn
from app.doors.handles import board_handle
from app.doors.limits import LARGEST_ID
from models import board, card, column, comment
from models.vocabulary import ColumnKind, Priority


def _storable(text: str) -> str:
    if "\x00" in text:
        raise PydanticCustomError("nul", "a NUL character cannot be stored")
    return text


def _either(value: Any) -> int | str:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise PydanticCustomError("handle", "the id or the key of a board is expected")
    return value


STORABLE = AfterValidator(_storable)
BoardHandle = Annotated[
    int | str,
    PlainValidator(_either),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string"}], "examples": ["DEMO"]}),
]
"""A board's id or its key; whether there can be such a board is found out when it is looked for."""

Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
BoardName = Annotated[str, Field(min_length=1, max_length=board.NAME_LENGTH), STORABLE]
BoardKey = Annotated[str, Field(min_length=1, max_length=board.KEY_LENGTH), STORABLE]
ColumnName = Annotated[str, Field(min_length=1, max_length=column.NAME_LENGTH), STORABLE]
WipLimit = Annotated[int, Field(ge=1, le=column.WIP_LIMIT_MOST)]
Title = Annotated[str, Field(min_length=1, max_length=card.TITLE_LENGTH), STORABLE]
Markdown = Annotated[str, Field(max_length=card.TEXT_LENGTH), STORABLE]
Assignee = Annotated[str, Field(min_length=1, max_length=card.ASSIGNEE_LENGTH), STORABLE]
CommentText = Annotated[str, Field(min_length=1, max_length=comment.TEXT_LENGTH), STORABLE]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    def arguments(self) -> dict[str, Any]:
        """The keyword arguments of the command that this asks for."""
        return {name: getattr(self, name) for name in type(self).model_fields}


class Nothing(Body):
    """For commands that need no more than what they act on."""


class ColumnWish(Body):
    name: ColumnName
    kind: ColumnKind
    wip_limit: WipLimit | None = None


class CreateBoard(Body):
    name: BoardName
    key: BoardKey | None = Field(None, description="2 to 10 letters and digits; made from the name when absent.")
    columns: Annotated[list[ColumnWish], Field(min_length=1, max_length=board.COLUMNS_MOST)] | None = None

    def arguments(self) -> dict[str, Any]:
        wished = [NewColumn(one.name, one.kind, one.wip_limit) for one in self.columns or ()]
        return {"name": self.name, "key": self.key, "columns": wished or None}


class RenameBoard(Body):
    name: BoardName


class CreateColumn(Body):
    name: ColumnName
    kind: ColumnKind = ColumnKind.QUEUE
    wip_limit: WipLimit | None = None
    before: Id | None = None
    after: Id | None = None


def _unchanged() -> Any:
    """The value of a field that is not given: it is left alone, and `null` is not a way to say so."""
    return None


class UpdateColumn(Body):
    name: ColumnName = Field(default_factory=_unchanged)
    kind: ColumnKind = Field(default_factory=_unchanged)
    wip_limit: WipLimit | None = Field(default_factory=_unchanged, description="null takes the limit away.")

    def arguments(self) -> dict[str, Any]:
        return {"changes": {name: getattr(self, name) for name in self.model_fields_set}}


class MoveColumn(Body):
    """Next to another column; with neither, to the right end."""

    before: Id | None = None
    after: Id | None = None


class DeleteColumn(Body):
    move_cards_to: Id | None = Field(None, description="The column that takes the cards.")


class CreateCard(Body):
    board_id: BoardHandle = Field(description="The board's id or its key.")
    title: Title
    column_id: Id | None = Field(None, description="The board's first column when absent.")
    before: Id | None = Field(None, description="The card it is put before; neither: at the end.")
    after: Id | None = None
    description: Markdown = ""
    acceptance_criteria: Markdown = ""
    priority: Priority = Priority.NORMAL
    assignee: Assignee | None = None

    def arguments(self) -> dict[str, Any]:
        wished = super().arguments()
        wished["board"] = board_handle(wished.pop("board_id"))
        return wished


class UpdateCard(Body):
    title: Title = Field(default_factory=_unchanged)
    description: Markdown = Field(default_factory=_unchanged)
    acceptance_criteria: Markdown = Field(default_factory=_unchanged)
    priority: Priority = Field(default_factory=_unchanged)
    assignee: Assignee | None = Field(default_factory=_unchanged, description="null takes the assignee away.")
    expected_version: Id | None = Field(None, description="Refuse when the card's version is another; as If-Match.")
    based_on: dict[str, str | None] | None = Field(
        None, description="{field: the value you saw}: refuse only when another changed that very field since."
    )

    def arguments(self) -> dict[str, Any]:
        wished = {name: getattr(self, name) for name in self.model_fields_set - {"expected_version", "based_on"}}
        return {"changes": wished, "expected_version": self.expected_version, "based_on": self.based_on}


class MoveCard(Body):
    """Next to another card of the column; with neither, to the end. The server assigns the rank."""

    column_id: Id
    before: Id | None = None
    after: Id | None = None

    def arguments(self) -> dict[str, Any]:
        return {"to_column": self.column_id, "before": self.before, "after": self.after}


class WriteComment(Body):
    text: CommentText
