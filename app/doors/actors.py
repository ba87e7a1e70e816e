"""Who acts, as said at the door: a name of 1 to 60 printable characters, and whether it is a human or an agent."""

from functools import lru_cache

from app.doors.limits import ACTOR_NAME_LENGTH
from app.errors import InvalidInput
from app.views import Actor
from models.vocabulary import ActorKind, Via

ANONYMOUS = "anonymous"


@lru_cache(maxsize=1024)
def actor_of(name: str | None, kind: str | None, via: Via, name_field: str, kind_field: str) -> Actor:
    """Raises InvalidInput naming the field at fault."""
    return Actor(
        name=ANONYMOUS if name is None else checked_name(name, name_field),
        kind=ActorKind.HUMAN if kind is None else checked_kind(kind, kind_field),
        via=via,
    )


def checked_name(name: str, field: str) -> str:
    cleaned = name.strip()
    if not 1 <= len(cleaned) <= ACTOR_NAME_LENGTH or not cleaned.isprintable():
        raise InvalidInput(f"{field} takes 1 to {ACTOR_NAME_LENGTH} printable characters", field=field)
    return cleaned


def checked_kind(kind: str, field: str) -> ActorKind:
    allowed = [entry.value for entry in ActorKind]
    if kind not in allowed:
        raise InvalidInput(f"{field} is one of {', '.join(allowed)}", field=field, allowed=allowed)
    return ActorKind(kind)
