"""What would work instead, found out for the very call that was refused and said with the arguments there are here."""

from typing import Any

from app.doors.mcp import arguments
from app.doors.mcp.caller import Caller
from app.doors.mcp.texts import column_name
from app.errors import ColumnFull, Cycle, GateClosed, IdempotencyKeyReused, InvalidInput, NotFound, Refusal
from app.queries.why import why
from app.views import BoardView
from models.gate import Facts, missing


async def find_remedy(caller: Caller, view: BoardView | None, asked: arguments.Writing, refusal: Refusal) -> None:
    """Puts it into the data of the refusal."""
    data = refusal.data
    match refusal:
        case ColumnFull() | GateClosed():
            data["allowed"] = await _open_columns(caller, view, asked)
            blockers = [ref for lack in data.get("missing", ()) for ref in lack.get("blockers", ())]
            if data.get("next") == "claim_card" and blockers:
                data["next"] = f"claim_card card_id={blockers[0]}"
        case Cycle():
            data["next"] = _way_out(data["path"])
        case IdempotencyKeyReused():
            refusal.detail = "this request_id came before with another call; each call takes a new one"
        case NotFound() if isinstance(asked, arguments.CheckItem):
            data["next"] = "get_card, which shows the items of a card"
        case InvalidInput() if data.get("field") == "column_id" and view is not None:
            _name_columns(refusal, view)


async def _open_columns(caller: Caller, view: BoardView | None, asked: Any) -> list[str]:
    """The columns that would take this very card; the one in which it is does not count."""
    if isinstance(asked, arguments.CreateCard):
        assert view is not None
        card = Facts(ref="", items=len(asked.checklist), open_items=len(asked.checklist))
        return [
            column.name
            for column in view.columns
            if not missing(column.requires, column.wip_limit, len(view.lane(column.id)), [card])
        ]
    found = await caller.service.store.read(why, asked.card_id, actor=caller.actor)
    return [move.name for move in found.moves if move.open]


def _way_out(path: list[str]) -> str | None:
    """The link that closes the circle; a card that would wait for itself alone has none."""
    if len(path) < 3:
        return None
    return f"block_card card_id={path[-2]} blocked_by={path[-1]} remove=true"


def _name_columns(refusal: Refusal, view: BoardView) -> None:
    refusal.detail = refusal.detail.replace("column_id", "column", 1)
    refusal.data["field"] = "column"
    refusal.data["allowed"] = [column_name(view, one) for one in refusal.data.get("allowed", ())]
