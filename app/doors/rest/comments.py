"""Comments over REST."""

from fastapi.responses import Response

from app.commands import comments
from app.doors.bodies import WriteComment
from app.doors.rest.call import Call
from app.doors.rest.refusals import BOARD_CHANGE, refuses
from app.doors.rest.shapes import router as router_for
from app.errors import LeaseLost, NotTheAuthor
from app.queries import comments as queries
from app.views import CommentView

router = router_for("comments")


@router.get("/cards/{card_id}/comments", response_model=list[CommentView])
async def list_comments(call: Call, card_id: int | str) -> Response:
    """Oldest first."""
    return await call.ask(queries.list_comments, card_id)


@router.post("/cards/{card_id}/comments", response_model=CommentView, status_code=201)
@refuses(*BOARD_CHANGE, LeaseLost)
async def add_comment(call: Call, card_id: int | str, body: WriteComment) -> Response:
    """Everybody may comment, also on a card that another has claimed."""
    return await call.carry_out(comments.add_comment, card_id, body=body, status=201)


@router.patch("/comments/{comment_id}", response_model=CommentView)
@refuses(*BOARD_CHANGE, LeaseLost, NotTheAuthor)
async def edit_comment(call: Call, comment_id: int, body: WriteComment) -> Response:
    """Only the author may."""
    return await call.carry_out(comments.edit_comment, comment_id, body=body)


@router.delete("/comments/{comment_id}", response_model=CommentView)
@refuses(*BOARD_CHANGE, LeaseLost, NotTheAuthor)
async def delete_comment(call: Call, comment_id: int) -> Response:
    """Only the author may; answers the comment as it was."""
    return await call.carry_out(comments.delete_comment, comment_id)
