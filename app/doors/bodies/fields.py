"""The fields that bodies share: each kind of value once, with its limits, as the store has them."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.doors.limits import ACTOR_NAME_LENGTH, LARGEST_ID
from models import board, card, checklist, claim, column, comment, label
from models.vocabulary import Requirement


def _storable(text: str) -> str:
    if "\x00" in text:
        raise PydanticCustomError("nul", "a NUL character cannot be stored")
    return text


def _either(value: Any) -> int | str:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise PydanticCustomError("handle", "an id, or a key or ref, is expected")
    return value


STORABLE = AfterValidator(_storable)
BoardHandle = Annotated[
    int | str,
    PlainValidator(_either),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "minLength": 1}], "examples": ["DEMO"]}
    ),
]
"""A board's id or its key; whether there can be such a board is found out when it is looked for."""
CardHandle = Annotated[
    int | str,
    PlainValidator(_either),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "minLength": 1}], "examples": ["DEMO-12"]}
    ),
]

Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Fence = Annotated[int, Field(ge=1, le=LARGEST_ID)]
BoardName = Annotated[str, Field(min_length=1, max_length=board.NAME_LENGTH), STORABLE]
BoardKey = Annotated[str, Field(min_length=1, max_length=board.KEY_LENGTH), STORABLE]
ColumnName = Annotated[str, Field(min_length=1, max_length=column.NAME_LENGTH), STORABLE]
WipLimit = Annotated[int, Field(ge=1, le=column.WIP_LIMIT_MOST)]
Requires = Annotated[list[Requirement], Field(max_length=len(Requirement))]
Title = Annotated[str, Field(min_length=1, max_length=card.TITLE_LENGTH), STORABLE]
Markdown = Annotated[str, Field(max_length=card.TEXT_LENGTH), STORABLE]
Assignee = Annotated[str, Field(min_length=1, max_length=card.ASSIGNEE_LENGTH), STORABLE]
Moment = Annotated[
    str, Field(max_length=40), WithJsonSchema({"type": "string", "format": "date-time", "maxLength": 40}), STORABLE
]
"""A time as text; whether it is one, and has a zone, is for the command to judge."""
Estimate = Annotated[float, Field(ge=0, le=card.ESTIMATE_MOST, allow_inf_nan=False)]
CommentText = Annotated[str, Field(min_length=1, max_length=comment.TEXT_LENGTH), STORABLE]
ItemText = Annotated[str, Field(min_length=1, max_length=checklist.TEXT_LENGTH), STORABLE]
LabelName = Annotated[str, Field(min_length=1, max_length=label.NAME_LENGTH), STORABLE]
LeaseSeconds = Annotated[int, Field(ge=1, le=claim.LEASE_SECONDS_MOST)]
BusySeconds = Annotated[int, Field(ge=1, le=claim.BUSY_SECONDS_MOST)]
Percent = Annotated[int, Field(ge=0, le=100)]
ProgressText = Annotated[str, Field(max_length=card.PROGRESS_LENGTH), STORABLE]
AgentName = Annotated[str, Field(min_length=1, max_length=ACTOR_NAME_LENGTH), STORABLE]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    def arguments(self) -> dict[str, Any]:
        """The keyword arguments of the command that this asks for."""
        return {name: getattr(self, name) for name in type(self).model_fields}


class Changes(Body):
    """Fields to change; one that is not given is left alone."""

    def arguments(self) -> dict[str, Any]:
        return {"changes": {name: getattr(self, name) for name in self.model_fields_set}}


class Nothing(Body):
    """For commands that need no more than what they act on."""


def unchanged() -> Any:
    """The value of a field that is not given: it is left alone, and `null` is not a way to say so."""
    return None
