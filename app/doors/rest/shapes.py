"""The shapes of REST that are no views: queries, lists, and how OpenAPI is told of refusals."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.doors.bodies import STORABLE, Assignee, BoardHandle, Id
from app.doors.limits import CURSOR_LENGTH, LARGEST_ID, PAGE_MOST, WAIT_SECONDS_MOST
from app.doors.rest.route import DoorRoute
from app.queries.card_order import Order
from app.views import BoardInfo, CardView, Change, ColumnView, LabelView
from models.label import NAME_LENGTH
from models.vocabulary import Priority


def router(tag: str) -> APIRouter:
    return APIRouter(
        prefix="/api/v1",
        tags=[tag],
        route_class=DoorRoute,
        generate_unique_id_function=lambda route: route.name,
    )


class Query(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BoardsQuery(Query):
    archived: bool = Field(False, description="The archived boards instead of the live ones.")


class CardsQuery(Query):
    board_id: BoardHandle | None = Field(None, description="The board's id or its key.")
    column_id: Id | None = None
    assignee: Assignee | None = None
    label: Annotated[str, Field(min_length=1, max_length=NAME_LENGTH), STORABLE] | None = Field(
        None, description="A label's name or id."
    )
    priority: Priority | None = None
    q: Annotated[str, Field(max_length=200), STORABLE] | None = Field(
        None, description="Text in the title, the description, the acceptance criteria or a comment, whatever its case."
    )
    claimed: bool | None = Field(None, description="Whether somebody works on it.")
    blocked: bool | None = Field(None, description="Whether it waits for a card that is neither done nor archived.")
    archived: bool = Field(False, description="The archived cards instead of the live ones.")
    sort: Order = Field(Order.OLDEST, description="Nothing that changes when a card moves; equal ones follow by id.")
    limit: Annotated[int, Field(ge=1, le=PAGE_MOST)] = 100
    cursor: Annotated[str, Field(max_length=CURSOR_LENGTH)] | None = Field(
        None, description="The `next_cursor` of the page before."
    )


class DeleteBoardQuery(Query):
    forever: bool = Field(False, description="Delete with all its cards and its history, instead of archiving.")


class DeleteCardQuery(Query):
    forever: bool = Field(False, description="Delete instead of archiving.")


class UndoQuery(Query):
    since: Annotated[int, Field(ge=0, le=LARGEST_ID)] = Field(
        description="The sequence after which the agent's changes are undone.", examples=[0]
    )


class DeleteColumnQuery(Query):
    move_cards_to: Id | None = Field(None, description="The column that takes the cards.")


class ChangesQuery(Query):
    since: Annotated[int, Field(ge=0, le=LARGEST_ID)] = Field(0, description="The sequence you have.")
    limit: Annotated[int, Field(ge=1, le=PAGE_MOST)] = 100
    wait: Annotated[float, Field(ge=0, le=WAIT_SECONDS_MOST)] = Field(
        0, description="Seconds to hold the call open until there is a change."
    )


class Snapshot(BaseModel):
    """A board at one sequence, cards in the order of the columns."""

    board: BoardInfo
    columns: list[ColumnView]
    cards: list[CardView]
    labels: list[LabelView]
    sequence: int


class Cards(BaseModel):
    cards: list[CardView]
    next_cursor: str | None


class Changes(BaseModel):
    """Changes after `since`, in order and without a gap; ask again with `sequence` as since."""

    changes: list[Change]
    sequence: int
