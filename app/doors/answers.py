"""Answers as bytes: made once from a view, kept as they are under an idempotency key, and sent as they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json
from starlette.responses import Response

from app.views import BoardInfo, CardView

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    """A body with the headers that depend on it."""

    body: bytes
    etag: str = ""
    location: str = ""

    @classmethod
    def of(cls, result: Any) -> "Answer":
        """`None` answers nothing at all."""
        if result is None:
            return cls(b"")
        if isinstance(result, CardView):
            return cls(to_json(result), f'"{result.version}"', f"/api/v1/cards/{result.id}")
        if isinstance(result, BoardInfo):
            return cls(to_json(result), location=f"/api/v1/boards/{result.id}")
        return cls(to_json(result))

    def kept(self) -> bytes:
        return b"\n".join((self.etag.encode(), self.location.encode(), self.body))

    @classmethod
    def from_kept(cls, kept: bytes) -> "Answer":
        etag, location, body = kept.split(b"\n", 2)
        return cls(body, etag.decode(), location.decode())

    def response(self, status: int) -> Response:
        headers: dict[str, str] = {}
        if self.etag:
            headers["ETag"] = self.etag
        if status == 201 and self.location:
            headers["Location"] = self.location
        return json_response(self.body, status, headers)


def kept_answer(result: Any) -> bytes:
    return Answer.of(result).kept()


def json_response(body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    if status == 204 or not body:
        return Response(b"", 204, headers)
    return Response(body, status, headers, JSON)
