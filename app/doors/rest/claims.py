"""Claims over REST: who works on a card now, and how far the work is."""

from fastapi.responses import Response

from app.commands import claims
from app.doors.bodies import Claim, ClaimNext, Renew, ReportProgress
from app.doors.rest.call import Call
from app.doors.rest.refusals import BOARD_CHANGE, refuses
from app.doors.rest.shapes import router as router_for
from app.errors import CardArchived, CardBlocked, CardClaimed, CardDone, LeaseLost, NotTheHolder
from app.views import CardView, ClaimedCard

router = router_for("claims")
CLAIM, CLAIM_NEXT, RENEW = Claim(), ClaimNext(), Renew()


@router.post("/cards/{card_id}/claim", response_model=ClaimedCard)
@refuses(*BOARD_CHANGE, CardArchived, CardBlocked, CardClaimed, CardDone)
async def claim_card(call: Call, card_id: int | str, body: Claim = CLAIM) -> Response:
    """Take the card to work on it. One caller wins; the others get `card_claimed` with the holder and the expiry.

    The claim is a lease: every call of its holder renews it, and silence ends it. `fence` grows with every claim of
    the card; writes that carry it as X-Fence are refused once the claim is lost. Who holds the card already gets a new
    fence. A person takes a card over from anybody.
    """
    return await call.carry_out(claims.claim_card, card_id, body=body)


@router.post(
    "/boards/{board_id}/claim-next",
    response_model=ClaimedCard,
    responses={204: {"description": "No card is free."}},
)
@refuses(*BOARD_CHANGE, CardClaimed, CardBlocked)
async def claim_next_card(call: Call, board_id: int | str, body: ClaimNext = CLAIM_NEXT) -> Response:
    """Claim the best card that is free: neither blocked nor claimed, in a queue column, by priority and then in the
    order of the board. 204 when there is none.
    """
    return await call.carry_out(claims.claim_next_card, board_id, body=body)


@router.post("/cards/{card_id}/renew", response_model=ClaimedCard)
@refuses(*BOARD_CHANGE, LeaseLost, NotTheHolder)
async def renew_claim(call: Call, card_id: int | str, body: Renew = RENEW) -> Response:
    """Renew the lease, for another length or for as long as the holder says to be busy."""
    return await call.carry_out(claims.renew_claim, card_id, body=body)


@router.post("/cards/{card_id}/release", response_model=CardView)
@refuses(*BOARD_CHANGE, LeaseLost, NotTheHolder)
async def release_card(call: Call, card_id: int | str) -> Response:
    """Give the card back before it is finished. People may release what another holds."""
    return await call.carry_out(claims.release_card, card_id)


@router.post("/cards/{card_id}/progress", response_model=CardView)
@refuses(*BOARD_CHANGE, LeaseLost, NotTheHolder)
async def report_progress(call: Call, card_id: int | str, body: ReportProgress) -> Response:
    """Say how far the work is: percent, a text, or both. Only the holder of the claim may."""
    return await call.carry_out(claims.report_progress, card_id, body=body)
