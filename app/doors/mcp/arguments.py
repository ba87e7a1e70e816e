"""What the tools take, as request models: shapes, kinds and lengths are those of the other doors.

Models are asked by language models, so numbers and flags may come as text, and null is as good as nothing.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.doors.bodies.fields import (
    STORABLE,
    Assignee,
    BusySeconds,
    CommentText,
    Estimate,
    Fence,
    Id,
    ItemText,
    LeaseSeconds,
    Markdown,
    Moment,
    Percent,
    ProgressText,
    Title,
)
from app.doors.limits import CURSOR_LENGTH, PAGE_MOST, WAIT_SECONDS_MOST
from app.doors.mcp.handles import Board, Card, Key, Name, Search, Since
from app.doors.mcp.tools import NAMES, SCHEMAS
from app.doors.problems import invalid
from app.errors import InvalidInput, NotFound
from models.card import ASSIGNEE_LENGTH
from models.checklist import ITEMS_MOST
from models.label import LABELS_MOST
from models.vocabulary import Priority

WAIT_SECONDS = 25
"""Common clients give up on a call after a minute at the most."""


class Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ListBoards(Arguments):
    archived: bool = False


class GetBoard(Arguments):
    board_id: Board
    since: Since | None = None
    full: bool = False


class Page(Arguments):
    limit: Annotated[int, Field(ge=1, le=PAGE_MOST)] = 50
    cursor: Annotated[str, Field(max_length=CURSOR_LENGTH)] | None = None
    full: bool = False
    board_id: Board | None = None


class ListCards(Page):
    column: Name | None = None
    assignee: Assignee | None = None
    label: Name | None = None
    priority: Priority | None = None
    claimed: bool | None = None
    blocked: bool | None = None
    archived: bool = False


class SearchCards(Page):
    q: Search


class GetCard(Arguments):
    card_id: Card
    full: bool = False


class Writing(Arguments):
    request_id: Key | None = None


class Fenced(Writing):
    fence: Fence | None = None


class CreateCard(Writing):
    board_id: Board
    title: Title
    column: Name | None = None
    description: Markdown = ""
    acceptance_criteria: Markdown = ""
    priority: Priority = Priority.NORMAL
    assignee: Assignee | None = None
    labels: Annotated[list[Name], Field(max_length=LABELS_MOST)] = []
    checklist: Annotated[list[ItemText], Field(max_length=ITEMS_MOST)] = []
    due_at: Moment | None = None
    estimate: Estimate | None = None


class UpdateCard(Fenced):
    card_id: Card
    title: Title | None = None
    description: Markdown | None = None
    acceptance_criteria: Markdown | None = None
    priority: Priority | None = None
    assignee: Annotated[str, Field(max_length=ASSIGNEE_LENGTH), STORABLE] | None = None
    due_at: Moment | None = None
    estimate: Estimate | None = None
    expected_version: Id | None = None


class MoveCard(Fenced):
    card_id: Card
    column: Name
    before: Card | None = None
    after: Card | None = None


class Lease(Writing):
    lease_seconds: LeaseSeconds | None = None
    busy_for: BusySeconds | None = None


class ClaimCard(Lease):
    card_id: Card


class ClaimNextCard(Lease):
    board_id: Board
    column: Name | None = None
    label: Name | None = None


class RenewClaim(Lease, Fenced):
    card_id: Card


class ReleaseCard(Fenced):
    card_id: Card


class ReportProgress(Fenced):
    card_id: Card
    percent: Percent | None = None
    text: ProgressText | None = None


class AddComment(Fenced):
    card_id: Card
    text: CommentText


class CheckItem(Fenced):
    item_id: Id | None = None
    done: bool | None = None
    card_id: Card | None = None
    text: ItemText | None = None


class BlockCard(Fenced):
    card_id: Card
    blocked_by: Card
    remove: bool = False


class WaitForChanges(Arguments):
    board_id: Board | None = None
    card_id: Card | None = None
    since: Since | None = None
    timeout: Annotated[float, Field(ge=0, le=WAIT_SECONDS_MOST)] = WAIT_SECONDS


MODELS: dict[str, type[Arguments]] = {
    "list_boards": ListBoards,
    "get_board": GetBoard,
    "list_cards": ListCards,
    "search_cards": SearchCards,
    "get_card": GetCard,
    "create_card": CreateCard,
    "update_card": UpdateCard,
    "move_card": MoveCard,
    "claim_card": ClaimCard,
    "claim_next_card": ClaimNextCard,
    "renew_claim": RenewClaim,
    "release_card": ReleaseCard,
    "report_progress": ReportProgress,
    "add_comment": AddComment,
    "check_item": CheckItem,
    "block_card": BlockCard,
    "wait_for_changes": WaitForChanges,
}

CHANGED_BY = {
    "column": "move_card",
    "column_id": "move_card",
    "status": "move_card",
    "blocked_by": "block_card",
    "checklist": "check_item",
    "percent": "report_progress",
    "progress": "report_progress",
    "comment": "add_comment",
}
"""What one might want to change of a card with update_card, and the tools that do it."""


def parse(name: str, given: dict[str, Any]) -> Any:
    """Raises NotFound for an unknown tool, InvalidInput naming the argument at fault."""
    model = MODELS.get(name)
    if model is None:
        raise NotFound(f"there is no tool {name[:40]!r}", allowed=NAMES, next="tools/list")
    try:
        return model.model_validate({key: value for key, value in given.items() if value is not None})
    except ValidationError as error:
        raise _taught(name, model, error) from None
    except RecursionError:
        raise InvalidInput("arguments: nested too deeply") from None


def _taught(name: str, model: type[Arguments], error: ValidationError) -> InvalidInput:
    """With the arguments that the tool takes, and the tool that takes the one which this does not."""
    refusal = invalid(error, model)
    found = error.errors(include_url=False, include_input=False)
    if found[0]["type"] in ("missing", "extra_forbidden"):
        refusal.data["allowed"] = list(SCHEMAS[name]["properties"])
    strange = [str(one["loc"][0]) for one in found if one["type"] == "extra_forbidden"]
    others = [CHANGED_BY[word] for word in strange if word in CHANGED_BY]
    if name == "update_card" and others:
        refusal.data["next"] = others[0]
    return refusal
