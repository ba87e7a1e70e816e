"""The tools that change something: each is one command, run at most once for a request_id."""

import hashlib
import json
from typing import Any

from app.doors.mcp import arguments
from app.doors.mcp.caller import Caller
from app.doors.mcp.remedies import find_remedy
from app.doors.mcp.steps import STEPS, Step
from app.errors import Refusal
from app.queries import cards as card_queries
from app.service import Service
from app.store import Once
from app.views import BoardView


async def write(caller: Caller, name: str, asked: arguments.Writing, given: dict[str, Any]) -> str:
    """Raises what the command refuses."""
    caller.spend()
    service = caller.service
    view = await _view(service, asked)
    step = STEPS[name](service, view, asked)
    more = {"fence": asked.fence} if isinstance(asked, arguments.Fenced) else {}
    once = _once(caller, name, asked.request_id, given, step)
    try:
        result = await service.store.run(
            step.run, *step.target, **step.arguments, **more, actor=caller.actor, once=once
        )
    except Refusal as refusal:
        await find_remedy(caller, view, asked, refusal)
        raise
    return step.told(result) if once is None else result.decode()


def _once(caller: Caller, name: str, key: str | None, given: dict[str, Any], step: Step) -> Any:
    if key is None:
        return None
    asked = json.dumps([name, {word: value for word, value in given.items() if word != "request_id"}], sort_keys=True)
    fingerprint = hashlib.sha256(asked.encode()).hexdigest()
    return Once(caller.owner, key, fingerprint, lambda result: step.told(result).encode())


async def _view(service: Service, asked: Any) -> BoardView | None:
    """The board that is written to; None when only the command can tell."""
    board = getattr(asked, "board_id", None)
    card = getattr(asked, "card_id", None)
    if board is None and card is not None:
        board = (await service.store.read(card_queries.get_card, card)).board_id
    return None if board is None else await service.feed.view(board)
