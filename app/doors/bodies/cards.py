"""What may be asked of cards, and what may be written on them."""

from typing import Annotated, Any

from pydantic import Field

from app.doors.bodies.fields import (
    Assignee,
    BoardHandle,
    Body,
    Changes,
    CommentText,
    Estimate,
    Id,
    ItemText,
    Markdown,
    Moment,
    Percent,
    ProgressText,
    Title,
    unchanged,
)
from app.doors.handles import board_handle
from models.checklist import ITEMS_MOST
from models.label import LABELS_MOST
from models.vocabulary import Priority

DUE = "When it should be done, in ISO 8601 with a zone."


class CreateCard(Body):
    board_id: BoardHandle = Field(description="The board's id or its key.")
    title: Title
    column_id: Id | None = Field(None, description="The board's first column when absent.")
    before: Id | None = Field(None, description="The card it is put before; neither: at the end.")
    after: Id | None = Field(None, description="The card it is put after.")
    description: Markdown = ""
    acceptance_criteria: Markdown = ""
    priority: Priority = Priority.NORMAL
    assignee: Assignee | None = None
    due_at: Moment | None = Field(None, description=DUE)
    estimate: Estimate | None = None
    labels: Annotated[list[Id], Field(max_length=LABELS_MOST)] = Field(
        default=[], description="Ids of labels of the board."
    )
    checklist: Annotated[list[ItemText], Field(max_length=ITEMS_MOST)] = Field(
        default=[], description="The texts of its items, in order."
    )

    def arguments(self) -> dict[str, Any]:
        wished = super().arguments()
        wished["board"] = board_handle(wished.pop("board_id"))
        return wished


class UpdateCard(Body):
    title: Title = Field(default_factory=unchanged)
    description: Markdown = Field(default_factory=unchanged)
    acceptance_criteria: Markdown = Field(default_factory=unchanged)
    priority: Priority = Field(default_factory=unchanged)
    assignee: Assignee | None = Field(default_factory=unchanged, description="null takes the assignee away.")
    due_at: Moment | None = Field(default_factory=unchanged, description=DUE + " null takes it away.")
    estimate: Estimate | None = Field(default_factory=unchanged, description="null takes it away.")
    expected_version: Id | None = Field(None, description="Refuse when the card's version is another; as If-Match.")
    based_on: dict[str, str | float | None] | None = Field(
        None, description="{field: the value you saw}: refuse only when another changed that very field since."
    )

    def arguments(self) -> dict[str, Any]:
        wished = {name: getattr(self, name) for name in self.model_fields_set - {"expected_version", "based_on"}}
        return {"changes": wished, "expected_version": self.expected_version, "based_on": self.based_on}


class MoveCard(Body):
    """Next to another card of the column; with neither, to the end. The server assigns the rank."""

    column_id: Id
    before: Id | None = Field(
        None, description="The id of the card it is put before; if that has left the column meanwhile, at the end."
    )
    after: Id | None = Field(None, description="The id of the card it is put after; likewise.")

    def arguments(self) -> dict[str, Any]:
        return {"to_column": self.column_id, "before": self.before, "after": self.after}


class ReportProgress(Body):
    percent: Percent | None = Field(None, description="0 to 100; left as it is when absent.")
    text: ProgressText | None = Field(None, description="What is being done, in a few words.")


class WriteComment(Body):
    text: CommentText


class AddCheckItem(Body):
    text: ItemText
    before: Id | None = Field(None, description="The item it is put before; neither: at the end.")
    after: Id | None = Field(None, description="The item it is put after.")


class UpdateCheckItem(Changes):
    text: ItemText = Field(default_factory=unchanged)
    done: bool = Field(default_factory=unchanged)


class MoveCheckItem(Body):
    """Next to another item of the card; with neither, to the end."""

    before: Id | None = Field(None, description="The item it is put before.")
    after: Id | None = Field(None, description="The item it is put after.")
