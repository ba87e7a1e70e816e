"""What the dialog of a card asks for. The page does it; the dialog hears of the outcome by the feed, as all do."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from app.views import CardView


@dataclass(frozen=True)
class CardActions:
    """What the page does for the dialog. Each raises Refusal when it cannot; what changed comes back by `apply`."""

    update: Callable[[int, dict[str, Any], dict[str, Any]], Awaitable[CardView]]
    """Given card id, {field: value} and {field: the value it is based on}."""
    archive: Callable[[int], Awaitable[object]]
    move: Callable[[int, int], Awaitable[object]]
    comment: Callable[[int, str], Awaitable[object]]
    edit_comment: Callable[[int, str], Awaitable[object]]
    delete_comment: Callable[[int], Awaitable[object]]
    restore: Callable[[int], Awaitable[object]] | None = None
    """Without it, an archived card only says so."""
