"""Refusals on the wire: RFC 9457 problem details over HTTP, the same code and data in a socket's error event."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, to_json
from starlette.responses import Response

from app.errors import InvalidInput, Refusal, TooMuch

MEDIA_TYPE = "application/problem+json"
ERRORS_TOLD = 20


class Problem(BaseModel):
    """Why something was refused (RFC 9457). Nothing was changed."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    code: str
    field: str | None = Field(None, description="The input at fault.")
    allowed: list[Any] | None = Field(None, description="The values that would have worked.")
    next: str | None = Field(None, description="The call that would help.")


def problem(refusal: Refusal, headers: Mapping[str, str] | None = None) -> Response:
    more = dict(headers or {})
    if isinstance(refusal, TooMuch) and "retry_after_seconds" in refusal.data:
        more["Retry-After"] = str(refusal.data["retry_after_seconds"])
    return Response(problem_bytes(refusal), refusal.status, more, MEDIA_TYPE)


def problem_bytes(refusal: Refusal) -> bytes:
    return to_json(
        {
            "type": f"urn:agent-kanban:problem:{refusal.code}",
            "title": refusal.title,
            "status": refusal.status,
            "detail": refusal.detail,
            "code": refusal.code,
            **refusal.data,
        }
    )


def error_data(refusal: Refusal) -> dict[str, Any]:
    """The `data` of a socket's error event."""
    return {"code": refusal.code, "message": refusal.detail, "status": refusal.status, **refusal.data}


def invalid(error: ValidationError, model: type[BaseModel] | None = None) -> InvalidInput:
    """What a request model says against its input, with the field named and what would work."""
    found = [_told(one, model) for one in error.errors(include_url=False, include_input=False)[:ERRORS_TOLD]]
    first = found[0]
    data = {key: first[key] for key in ("field", "allowed") if key in first}
    detail = "; ".join(f"{one['field']}: {one['message']}" if one.get("field") else one["message"] for one in found)
    return InvalidInput(detail, **data, errors=found)


def _told(one: ErrorDetails, model: type[BaseModel] | None) -> dict[str, Any]:
    field = ".".join(map(str, one["loc"]))
    told: dict[str, Any] = {"field": field} if field else {}
    match one["type"]:
        case "json_invalid":
            told["message"] = f"the body is no JSON that can be read: {one['ctx']['error']}"
        case "extra_forbidden":
            told["message"] = "there is no such field here"
            if model is not None and len(one["loc"]) == 1:
                told["allowed"] = list(model.model_fields)
        case "enum" | "literal_error":
            told["message"] = one["msg"]
            told["allowed"] = re.findall(r"'([^']*)'", one["ctx"]["expected"])
        case "model_type" | "model_attributes_type":
            told["message"] = "an object is expected here"
        case _:
            told["message"] = one["msg"]
    return told
