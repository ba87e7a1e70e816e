"""Columns over REST."""

from typing import Annotated

from fastapi import Query as QueryOf
from fastapi.responses import Response

from app.commands import columns
from app.doors.bodies import CreateColumn, MoveColumn, UpdateColumn
from app.doors.rest.call import Call
from app.doors.rest.refusals import BOARD_CHANGE, refuses
from app.doors.rest.shapes import DeleteColumnQuery
from app.doors.rest.shapes import router as router_for
from app.errors import CardClaimed, ColumnFull, ColumnNotEmpty, GateClosed, LastColumn
from app.views import ColumnView

router = router_for("columns")


@router.post("/boards/{board_id}/columns", response_model=ColumnView, status_code=201)
@refuses(*BOARD_CHANGE)
async def create_column(call: Call, board_id: int | str, body: CreateColumn) -> Response:
    """A new column next to the given one, or at the right end."""
    return await call.carry_out(columns.create_column, board_id, body=body, status=201)


@router.patch("/columns/{column_id}", response_model=ColumnView)
@refuses(*BOARD_CHANGE, CardClaimed)
async def update_column(call: Call, column_id: int, body: UpdateColumn) -> Response:
    """Change the name, the kind, the limit, or what cards need to enter."""
    return await call.carry_out(columns.update_column, column_id, body=body)


@router.delete("/columns/{column_id}", status_code=204)
@refuses(*BOARD_CHANGE, CardClaimed, ColumnFull, ColumnNotEmpty, GateClosed, LastColumn)
async def delete_column(call: Call, column_id: int, query: Annotated[DeleteColumnQuery, QueryOf()]) -> Response:
    """Delete the column; if it holds cards, say which column takes them."""
    return await call.carry_out(columns.delete_column, column_id, move_cards_to=query.move_cards_to, status=204)


@router.post("/columns/{column_id}/move", response_model=ColumnView)
@refuses(*BOARD_CHANGE)
async def move_column(call: Call, column_id: int, body: MoveColumn) -> Response:
    """Put the column next to another, or at the right end."""
    return await call.carry_out(columns.move_column, column_id, body=body)
