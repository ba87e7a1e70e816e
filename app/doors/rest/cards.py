"""Cards over REST."""

from typing import Annotated

from fastapi import Query as QueryOf
from fastapi.responses import Response

from app.commands import cards
from app.doors.bodies import CreateCard, MoveCard, UpdateCard
from app.doors.handles import board_handle
from app.doors.rest.call import Call
from app.doors.rest.refusals import BOARD_CHANGE, CARD_CHANGE, CARD_EDIT, refuses
from app.doors.rest.shapes import Cards, CardsQuery, DeleteCardQuery
from app.doors.rest.shapes import router as router_for
from app.errors import ColumnFull, FieldChanged, GateClosed, NotFound, VersionMismatch
from app.queries import boards as board_queries
from app.queries import cards as queries
from app.views import CardView

router = router_for("cards")


@router.get("/cards", response_model=Cards)
@refuses(NotFound)
async def list_cards(call: Call, query: Annotated[CardsQuery, QueryOf()]) -> Response:
    """Cards that match all the filters given, a page at a time."""
    wished = dict(query)
    if query.board_id is not None:
        board = board_handle(query.board_id)
        wished["board_id"] = (await call.service.store.read(board_queries.find_board, board)).id
    return await call.ask(queries.list_cards, **wished)


@router.post("/cards", response_model=CardView, status_code=201)
@refuses(*BOARD_CHANGE, NotFound, ColumnFull, GateClosed)
async def create_card(call: Call, body: CreateCard) -> Response:
    """A new card next to the given one, or at the end of the column."""
    return await call.carry_out(cards.create_card, body=body, status=201)


@router.get("/cards/{card_id}", response_model=CardView)
async def get_card(call: Call, card_id: int | str) -> Response:
    """One card, by id or ref; its version is the ETag."""
    return await call.ask(queries.get_card, card_id)


@router.patch("/cards/{card_id}", response_model=CardView)
@refuses(*CARD_EDIT, FieldChanged, VersionMismatch)
async def update_card(call: Call, card_id: int | str, body: UpdateCard) -> Response:
    """Change fields of the card. With If-Match, only if the card still has that version: else 412 with the card now."""
    expected = call.expected_version()
    if expected is None:
        expected = body.expected_version
    return await call.carry_out(cards.update_card, card_id, body=body, expected_version=expected)


@router.delete("/cards/{card_id}", response_model=CardView)
@refuses(*CARD_CHANGE)
async def delete_card(call: Call, card_id: int | str, query: Annotated[DeleteCardQuery, QueryOf()]) -> Response:
    """Archives the card, or deletes it forever; answers the card as it was last."""
    return await call.carry_out(cards.delete_card if query.forever else cards.archive_card, card_id)


@router.post("/cards/{card_id}/move", response_model=CardView)
@refuses(*CARD_EDIT, ColumnFull, GateClosed)
async def move_card(call: Call, card_id: int | str, body: MoveCard) -> Response:
    """Put the card next to another, or at the end of the column."""
    return await call.carry_out(cards.move_card, card_id, body=body)


@router.post("/cards/{card_id}/restore", response_model=CardView)
@refuses(*CARD_CHANGE, ColumnFull, GateClosed)
async def restore_card(call: Call, card_id: int | str) -> Response:
    """Bring an archived card back."""
    return await call.carry_out(cards.restore_card, card_id)
