"""What a card waits for, over REST: other cards, a person's approval, and why it cannot go on."""

from fastapi.responses import Response

from app.commands import approvals, links
from app.doors.rest.call import Call
from app.doors.rest.refusals import CARD_EDIT, refuses
from app.doors.rest.shapes import router as router_for
from app.errors import BoardArchived, CardArchived, Cycle, OwnWork, PeopleOnly
from app.queries.why import Why
from app.queries.why import why as why_query
from app.views import CardView

router = router_for("gates")


@router.put("/cards/{card_id}/blocked-by/{other_id}", response_model=CardView)
@refuses(*CARD_EDIT, Cycle)
async def block_card(call: Call, card_id: int | str, other_id: int | str) -> Response:
    """From now on the card waits for the other, which is on the same board."""
    return await call.carry_out(links.block_card, card_id, other_id)


@router.delete("/cards/{card_id}/blocked-by/{other_id}", response_model=CardView)
@refuses(*CARD_EDIT)
async def unblock_card(call: Call, card_id: int | str, other_id: int | str) -> Response:
    """The card does not wait for the other any more."""
    return await call.carry_out(links.unblock_card, card_id, other_id)


@router.put("/cards/{card_id}/approval", response_model=CardView)
@refuses(BoardArchived, CardArchived, PeopleOnly, OwnWork)
async def approve_card(call: Call, card_id: int | str) -> Response:
    """A person's word, other than the worker's, that the card may pass a column that requires an approval."""
    return await call.carry_out(approvals.approve_card, card_id)


@router.delete("/cards/{card_id}/approval", response_model=CardView)
@refuses(BoardArchived, CardArchived, PeopleOnly)
async def withdraw_approval(call: Call, card_id: int | str) -> Response:
    """People only."""
    return await call.carry_out(approvals.withdraw_approval, card_id)


@router.get("/cards/{card_id}/why", response_model=Why)
async def why(call: Call, card_id: int | str) -> Response:
    """Why the caller cannot claim the card, and what it lacks to enter each of the other columns."""
    return await call.ask(why_query, card_id, actor=call.actor)
