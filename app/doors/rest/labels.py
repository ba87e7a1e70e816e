"""Labels over REST: those of a board, and which cards carry them."""

from fastapi.responses import Response

from app.commands import labels
from app.doors.bodies import CreateLabel, UpdateLabel
from app.doors.rest.call import Call
from app.doors.rest.refusals import BOARD_CHANGE, CARD_EDIT, refuses
from app.doors.rest.shapes import router as router_for
from app.errors import CardClaimed, LabelTaken
from app.queries import labels as queries
from app.views import CardView, LabelView

router = router_for("labels")


@router.get("/boards/{board_id}/labels", response_model=list[LabelView])
async def list_labels(call: Call, board_id: int | str) -> Response:
    """The labels of the board, by name."""
    return await call.ask(queries.list_labels, board_id)


@router.post("/boards/{board_id}/labels", response_model=LabelView, status_code=201)
@refuses(*BOARD_CHANGE, LabelTaken)
async def create_label(call: Call, board_id: int | str, body: CreateLabel) -> Response:
    """A new label; its name is the board's only one, whatever its case."""
    return await call.carry_out(labels.create_label, board_id, body=body, status=201)


@router.patch("/labels/{label_id}", response_model=LabelView)
@refuses(*BOARD_CHANGE, LabelTaken)
async def update_label(call: Call, label_id: int, body: UpdateLabel) -> Response:
    """Change the name or the colour."""
    return await call.carry_out(labels.update_label, label_id, body=body)


@router.delete("/labels/{label_id}", response_model=LabelView)
@refuses(*BOARD_CHANGE, CardClaimed)
async def delete_label(call: Call, label_id: int) -> Response:
    """Takes it off all cards; answers the label as it was."""
    return await call.carry_out(labels.delete_label, label_id)


@router.put("/cards/{card_id}/labels/{label_id}", response_model=CardView)
@refuses(*CARD_EDIT)
async def add_label(call: Call, card_id: int | str, label_id: int) -> Response:
    """Put a label of its board on the card."""
    return await call.carry_out(labels.add_label, card_id, label_id)


@router.delete("/cards/{card_id}/labels/{label_id}", response_model=CardView)
@refuses(*CARD_EDIT)
async def remove_label(call: Call, card_id: int | str, label_id: int) -> Response:
    """Take the label off the card."""
    return await call.carry_out(labels.remove_label, card_id, label_id)
