"""What each call may answer, for OpenAPI: declared next to the endpoint, and held against what really comes in tests.

What every call can be refused for follows from its shape: a body, a name in the path, a method that writes.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from app.doors.guard import ForeignHost, ForeignOrigin
from app.doors.problems import MEDIA_TYPE
from app.errors import (
    AgentPaused,
    BoardArchived,
    CardArchived,
    CardClaimed,
    IdempotencyKeyReused,
    InvalidInput,
    LeaseLost,
    NotFound,
    Refusal,
    StoreUnavailable,
    TooLarge,
    TooMuch,
)

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
Refusals = tuple[type[Refusal], ...]

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
BOARD_CHANGE: Refusals = (BoardArchived, AgentPaused)
CARD_CHANGE: Refusals = (*BOARD_CHANGE, CardClaimed, LeaseLost)
CARD_EDIT: Refusals = (*CARD_CHANGE, CardArchived)


class UnsupportedMediaType(Refusal):
    code, status, title = "unsupported_media_type", 415, "Unsupported media type"


def refuses(*refusals: type[Refusal]) -> Callable[[Endpoint], Endpoint]:
    """Notes what an endpoint may refuse, beyond what follows from its shape."""

    def note(endpoint: Endpoint) -> Endpoint:
        endpoint.refuses = refusals  # type: ignore[attr-defined]
        return endpoint

    return note


def refusals_of(endpoint: Callable[..., Any], *, method: str, named: bool, body: bool) -> Refusals:
    """All that a call may refuse; `named` tells whether something is named in its path."""
    found: list[type[Refusal]] = [InvalidInput, ForeignOrigin, ForeignHost, StoreUnavailable]
    if named:
        found.append(NotFound)
    if body:
        found += [TooLarge, UnsupportedMediaType]
    if method in WRITES:
        found += [TooLarge, TooMuch, IdempotencyKeyReused]
    found += getattr(endpoint, "refuses", ())
    return tuple(dict.fromkeys(found))


def described(refusals: Iterable[type[Refusal]]) -> dict[int | str, dict[str, Any]]:
    """The responses of OpenAPI: one a status, with the codes it may carry."""
    by_status: dict[int, list[type[Refusal]]] = {}
    for refusal in refusals:
        by_status.setdefault(refusal.status, []).append(refusal)
    return {status: _response(status, by_status[status]) for status in sorted(by_status)}


def _response(status: int, refusals: list[type[Refusal]]) -> dict[str, Any]:
    codes = [refusal.code for refusal in refusals]
    response: dict[str, Any] = {
        "description": "; ".join(f"`{refusal.code}`: {refusal.title}" for refusal in refusals),
        "content": {
            MEDIA_TYPE: {
                "schema": {
                    "allOf": [
                        {"$ref": "#/components/schemas/Problem"},
                        {"properties": {"status": {"const": status}, "code": {"enum": codes}}},
                    ]
                }
            }
        },
    }
    if status == TooMuch.status:
        response["headers"] = {
            "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}}
        }
    return response
