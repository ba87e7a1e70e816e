"""How language models name things: a card by ref or id, a column or a label by name or id, a number perhaps as text."""

from typing import Annotated, Any

from pydantic import Field, PlainValidator
from pydantic_core import PydanticCustomError

from app.doors.bodies.fields import STORABLE
from app.doors.handles import board_handle, card_handle
from app.doors.limits import KEY_LENGTH, LARGEST_ID


def _text_or_number(value: Any) -> int | str:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise PydanticCustomError("handle", "an id or a name is expected")
    if isinstance(value, str) and "\x00" in value:
        raise PydanticCustomError("nul", "a NUL character is in no name")
    return value


def _card(value: Any) -> int | str:
    return card_handle(_text_or_number(value))


def _board(value: Any) -> int | str:
    return board_handle(_text_or_number(value))


Card = Annotated[int | str, PlainValidator(_card)]
Board = Annotated[int | str, PlainValidator(_board)]
Name = Annotated[int | str, PlainValidator(_text_or_number)]
"""A column or a label, by name or id."""
Since = Annotated[int, Field(ge=0, le=LARGEST_ID)]
Key = Annotated[str, Field(min_length=1, max_length=KEY_LENGTH, pattern=r"^[^\x00-\x1f\x7f]*$")]
Search = Annotated[str, Field(min_length=1, max_length=200), STORABLE]
