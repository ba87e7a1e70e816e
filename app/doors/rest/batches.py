"""Many commands in one call: all of them, or none."""

from fastapi.responses import Response

from app import errors
from app.commands.batch import batch as batch_command
from app.doors.bodies import BatchList
from app.doors.catalog import steps_of
from app.doors.rest.call import Call
from app.doors.rest.refusals import CARD_EDIT, refuses
from app.doors.rest.shapes import router as router_for
from app.errors import InvalidInput
from app.views import BoardInfo, CardView, ClaimedCard, ColumnView, CommentView, LabelView

router = router_for("batch")
Answers = list[ClaimedCard | CardView | ColumnView | LabelView | CommentView | BoardInfo | None]


@router.post("/boards/{board_id}/batch", response_model=Answers)
@refuses(
    *CARD_EDIT,
    errors.CardBlocked,
    errors.CardDone,
    errors.ColumnFull,
    errors.ColumnNotEmpty,
    errors.Cycle,
    errors.FieldChanged,
    errors.GateClosed,
    errors.LabelTaken,
    errors.LastColumn,
    errors.NotTheAuthor,
    errors.NotTheHolder,
    errors.OwnWork,
    errors.PeopleOnly,
    errors.VersionMismatch,
)
async def batch(call: Call, board_id: int | str, body: BatchList) -> Response:
    """Carries out up to 500 commands of one board in order and in one transaction; answers what each of them answers.

    When one is refused, nothing is changed, and `index` says which it was, from 0. A command's `args` are what it acts
    on (such as `card_id`) and the fields of its body; `board_id` may be left out.
    """
    if call.fence() is not None:
        raise InvalidInput("X-Fence: give each step of a batch its own `fence`", field="X-Fence")
    steps = steps_of(board_id, body.steps)
    return await call.carry_out(batch_command, board_id, asked=body, steps=steps, commands=len(steps))
