"""Checklists over REST. Each call answers the card with its whole checklist."""

from fastapi.responses import Response

from app.commands import checklists
from app.doors.bodies import AddCheckItem, MoveCheckItem, UpdateCheckItem
from app.doors.rest.call import Call
from app.doors.rest.refusals import CARD_EDIT, refuses
from app.doors.rest.shapes import router as router_for
from app.views import CardView

router = router_for("checklists")


@router.post("/cards/{card_id}/checklist", response_model=CardView, status_code=201)
@refuses(*CARD_EDIT)
async def add_check_item(call: Call, card_id: int | str, body: AddCheckItem) -> Response:
    """A new item next to the given one, or at the end."""
    return await call.carry_out(checklists.add_check_item, card_id, body=body, status=201)


@router.patch("/checklist/{item_id}", response_model=CardView)
@refuses(*CARD_EDIT)
async def update_check_item(call: Call, item_id: int, body: UpdateCheckItem) -> Response:
    """Change the text, or whether it is done."""
    return await call.carry_out(checklists.update_check_item, item_id, body=body)


@router.delete("/checklist/{item_id}", response_model=CardView)
@refuses(*CARD_EDIT)
async def delete_check_item(call: Call, item_id: int) -> Response:
    """Answers the card without the item."""
    return await call.carry_out(checklists.delete_check_item, item_id)


@router.post("/checklist/{item_id}/move", response_model=CardView)
@refuses(*CARD_EDIT)
async def move_check_item(call: Call, item_id: int, body: MoveCheckItem) -> Response:
    """Put the item next to another, or at the end."""
    return await call.carry_out(checklists.move_check_item, item_id, body=body)
