"""A route that FastAPI describes and that serves itself.

FastAPI's own way from a request to an endpoint (dependency solver, exit stacks) took 90 microseconds for a move, this
one takes 30. The signature of the endpoint is still the only description: path handles and the `query` and `body`
models are read from it, for OpenAPI as for the call.
"""

import inspect
from collections.abc import Callable
from typing import Any, get_type_hints
from urllib.parse import parse_qsl

from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.doors.handles import HANDLES
from app.doors.problems import invalid, problem
from app.doors.rest.call import Call
from app.doors.rest.refusals import UnsupportedMediaType, described, refusals_of
from app.errors import InvalidInput, Refusal


class DoorRoute(APIRoute):
    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        parameters = inspect.signature(endpoint).parameters
        hints = get_type_hints(endpoint)
        (method,) = options["methods"]
        self.refusals = refusals_of(endpoint, method=method, named="{" in path, body="body" in parameters)
        options["responses"] = {**described(self.refusals), **(options.get("responses") or {})}
        super().__init__(path, endpoint, **options)
        self._default: Any = parameters["body"].default if "body" in parameters else None
        self._handles = [(name, HANDLES[name]) for name in parameters if name in HANDLES]
        self._query: type[BaseModel] | None = hints.get("query")
        self._body: type[BaseModel] | None = hints.get("body")

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = Call(scope, receive, send)
        try:
            await call.begin()
            response: Response = await self.endpoint(call, **await self._arguments(call))
        except Refusal as refusal:
            response = problem(refusal)
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def _arguments(self, call: Call) -> dict[str, Any]:
        given: dict[str, Any] = {name: parse(call.path_params[name]) for name, parse in self._handles}
        query_string = call.scope["query_string"]
        if self._query is not None:
            given["query"] = _query(self._query, query_string)
        elif query_string:
            _query(_NoQuery, query_string)
        if self._body is not None:
            given["body"] = await self._read_body(self._body, call)
        return given

    async def _read_body(self, model: type[BaseModel], call: Call) -> BaseModel:
        if isinstance(self._default, model) and not await call.body():
            return self._default  # a call whose body has nothing that must be said may do without
        return await _body(model, call)


class _NoQuery(BaseModel, extra="forbid"):
    """Most calls take no parameters; one that is given all the same is a mistake worth telling."""


def _query(model: type[BaseModel], query_string: bytes) -> BaseModel:
    try:
        pairs = parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=100)
        return model.model_validate(dict(pairs))
    except ValidationError as error:
        raise invalid(error, model) from None
    except ValueError:
        raise InvalidInput("the query string cannot be read as UTF-8 text", field="query") from None


async def _body(model: type[BaseModel], call: Call) -> BaseModel:
    kind = call.header(b"content-type")
    if kind is None or not _is_json(kind):
        raise UnsupportedMediaType(
            "send the body as JSON, with Content-Type: application/json", allowed=["application/json"]
        )
    try:
        return model.model_validate_json(await call.body())
    except ValidationError as error:
        raise invalid(error, model) from None


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
