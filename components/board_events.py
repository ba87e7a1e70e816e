"""What the browser tells of a board, checked before anything believes it."""

from typing import Any, Literal, TypeVar

from nicegui.events import GenericEventArguments
from pydantic import BaseModel, ConfigDict, ValidationError

T = TypeVar("T", bound=BaseModel)


class _Told(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


class Meant(_Told):
    """A click or a key: open a card, or act on a column."""

    action: Literal["open", "add-first", "add-last", "menu", "rename", "add-column"]
    card: int | None = None
    column: int | None = None


class CardDropped(_Told):
    """A card, the lanes it left and reached, and its neighbours there."""

    card: int
    source: int
    to: int
    after: int | None
    before: int | None


class ColumnDropped(_Told):
    column: int
    after: int | None
    before: int | None


def told(model: type[T], event: GenericEventArguments) -> T | None:
    """The event as `model`, or None when a browser sent something else."""
    said: Any = event.args
    try:
        return model.model_validate(said)
    except ValidationError:
        return None
