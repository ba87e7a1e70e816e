"""What the dialog of a card asks for. The page does it; the dialog hears of the outcome by the feed, as all do."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from app.views import CardView, LabelView
from models.vocabulary import LabelColour


@dataclass(frozen=True, kw_only=True)
class CardActions:
    """What the page does for the dialog. Each raises Refusal when it cannot; what changed comes back by `apply`.

    The first number is the card's id, unless it is said otherwise.
    """

    update: Callable[[int, dict[str, Any], dict[str, Any]], Awaitable[CardView]]
    """Given card id, {field: value} and {field: the value it is based on}."""
    archive: Callable[[int], Awaitable[object]]
    move: Callable[[int, int], Awaitable[object]]
    comment: Callable[[int, str], Awaitable[object]]
    edit_comment: Callable[[int, str], Awaitable[object]]
    delete_comment: Callable[[int], Awaitable[object]]
    claim: Callable[[int], Awaitable[object]]
    release: Callable[[int], Awaitable[object]]
    """Ends the claim, whosever it is."""
    add_label: Callable[[int, int], Awaitable[object]]
    remove_label: Callable[[int, int], Awaitable[object]]
    create_label: Callable[[str, LabelColour], Awaitable[LabelView]]
    add_item: Callable[[int, str], Awaitable[object]]
    update_item: Callable[[int, dict[str, Any]], Awaitable[object]]
    """Given the item's id and {text?, done?}."""
    delete_item: Callable[[int], Awaitable[object]]
    """Given the item's id."""
    block: Callable[[int, int], Awaitable[object]]
    """The first card waits for the second."""
    unblock: Callable[[int, int], Awaitable[object]]
    approve: Callable[[int], Awaitable[object]]
    withdraw: Callable[[int], Awaitable[object]]
    restore: Callable[[int], Awaitable[object]] | None = None
    """Without it, an archived card only says so."""


@dataclass(frozen=True)
class Doing:
    """What every part of the dialog needs to act: `tried` says a refusal and answers whether it was done."""

    actions: CardActions
    tried: Callable[[Awaitable[object]], Awaitable[bool]]
    viewer_name: Callable[[], str]
