"""How outsiders name things: a board by id or key, a card by id or ref, all else by id.

A name that cannot be anything's name is answered like one that nobody has: there is no such thing.
"""

from collections.abc import Callable
from typing import Any

from app.doors.actors import checked_name
from app.doors.limits import LARGEST_ID
from app.errors import InvalidInput, NotFound
from models.board import KEY_PATTERN
from models.card import parse_ref


def board_handle(value: int | str) -> int | str:
    found = _number(value)
    if found is None and isinstance(value, str) and KEY_PATTERN.fullmatch(value.upper()):
        return value.upper()
    if found is None:
        raise NotFound(f"there is no board {_short(value)}; boards have an id and a key like DEMO", next="list_boards")
    return found


def card_handle(value: int | str) -> int | str:
    found = _number(value)
    if found is None and isinstance(value, str) and parse_ref(value):
        return value.upper()
    if found is None:
        raise NotFound(f"there is no card {_short(value)}; cards have an id and a ref like DEMO-12", next="list_cards")
    return found


def plain_handle(value: int | str) -> int:
    found = _number(value)
    if found is None:
        raise NotFound(f"there is nothing with the id {_short(value)}; an id is a whole number from 1")
    return found


def agent_handle(value: int | str) -> str:
    return checked_name(str(value), "agent_name")


HANDLES: dict[str, Callable[[int | str], int | str]] = {
    "board_id": board_handle,
    "card_id": card_handle,
    "column_id": plain_handle,
    "comment_id": plain_handle,
    "item_id": plain_handle,
    "label_id": plain_handle,
    "other_id": card_handle,
    "agent_name": agent_handle,
    "webhook_id": plain_handle,
    "delivery_id": plain_handle,
}


def handle(name: str, value: Any) -> int | str:
    """The handle in the field `name`. Raises InvalidInput when it is neither number nor text, NotFound as above."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise InvalidInput(f"{name}: an id is expected here", field=name)
    return HANDLES[name](value)


def _number(value: int | str) -> int | None:
    if isinstance(value, str):
        if not (value.isascii() and value.isdecimal() and len(value) <= 19):
            return None
        value = int(value)
    return value if 1 <= value <= LARGEST_ID else None


def _short(value: int | str) -> str:
    text = str(value) if isinstance(value, str) or abs(value) < 10**30 else "of that size"
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text[:40])
