"""The board's `/mcp` as seen from the stdio bridge: one POST for each request, and a stream for those who listen."""

import json
import sys
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx2
from mcp.shared.exceptions import MCPError
from mcp.shared.inbound import (
    MCP_METHOD_HEADER,
    MCP_NAME_HEADER,
    MCP_PROTOCOL_VERSION_HEADER,
    NAME_BEARING_METHODS,
    encode_header_value,
)
from mcp_types import (
    CLIENT_CAPABILITIES_META_KEY,
    CLIENT_INFO_META_KEY,
    INTERNAL_ERROR,
    PROTOCOL_VERSION_META_KEY,
)
from mcp_types.version import LATEST_MODERN_VERSION

from app import __version__

TIMEOUT = httpx2.Timeout(10, read=90)
"""In seconds; the board itself holds a call for a minute at the most."""
ENVELOPE = {
    PROTOCOL_VERSION_META_KEY: LATEST_MODERN_VERSION,
    CLIENT_INFO_META_KEY: {"name": "agent-kanban-stdio", "version": __version__},
    CLIENT_CAPABILITIES_META_KEY: {},
}


class Unreachable(Exception):
    """No board answers; its text says so and what would help."""


class Upstream:
    def __init__(self, url: str, actor: str | None) -> None:
        self.url = url
        # no connection is kept: one that a restarted board has left behind would fail the next call
        limits = httpx2.Limits(max_keepalive_connections=0)
        headers = {b"X-Actor": actor.encode()} if actor is not None else {}
        self._client = httpx2.AsyncClient(headers=headers, timeout=TIMEOUT, limits=limits, trust_env=False)
        self._out_of_reach = False

    async def close(self) -> None:
        await self._client.aclose()

    async def ask(self, method: str, params: Mapping[str, Any] | None) -> dict[str, Any]:
        """The result. Raises MCPError as the board says it, and Unreachable."""
        body, headers = _message(method, params, 1)
        try:
            response = await self._client.post(f"{self.url}/mcp", content=body, headers=headers)
        except httpx2.HTTPError as error:
            raise self._unreachable(error) from None
        self._out_of_reach = False
        return _result(_read(response.content), response.status_code)

    async def listen(self, params: Mapping[str, Any], request_id: int | str) -> AsyncIterator[dict[str, Any]]:
        """The notices as they come, until the board ends it. Raises MCPError, and Unreachable when it breaks off."""
        body, headers = _message("subscriptions/listen", params, request_id)
        forever = httpx2.Timeout(10, read=60)  # the board says something every 15 seconds
        try:
            async with self._client.stream(
                "POST", f"{self.url}/mcp", content=body, headers=headers, timeout=forever
            ) as response:
                if not response.headers.get("content-type", "").startswith("text/event-stream"):
                    _result(_read(await response.aread()), response.status_code)
                    return
                self._out_of_reach = False
                async for line in response.aiter_lines():
                    message = _read(line.removeprefix("data: ").encode()) if line.startswith("data: ") else None
                    if message is None:
                        continue
                    if "method" not in message:
                        _result(message, 200)
                        return
                    yield message
        except httpx2.HTTPError as error:
            raise self._unreachable(error) from None
        raise self._unreachable(None)

    def _unreachable(self, error: Exception | None) -> Unreachable:
        slow = isinstance(error, httpx2.TimeoutException)
        said = f"no board answers at {self.url}" + (" in time" if slow else "")
        if not self._out_of_reach:  # once for each time it goes away
            print(f"agent-kanban mcp: {said}; is it running? The next call tries again.", file=sys.stderr, flush=True)
        self._out_of_reach = True
        return Unreachable(f"unreachable: {said} | next: start it (python main.py), then the same call again")


def _message(method: str, params: Mapping[str, Any] | None, request_id: int | str) -> tuple[bytes, dict[str, str]]:
    asked = {**(params or {}), "_meta": ENVELOPE}
    headers = {
        "accept": "application/json, text/event-stream",
        "content-type": "application/json",
        MCP_PROTOCOL_VERSION_HEADER: LATEST_MODERN_VERSION,
        MCP_METHOD_HEADER: method,
    }
    name = asked.get(NAME_BEARING_METHODS.get(method, ""))
    if isinstance(name, str):
        headers[MCP_NAME_HEADER] = encode_header_value(name)
    body = json.dumps({"jsonrpc": "2.0", "id": request_id, "method": method, "params": asked})
    return body.encode(), headers


def _read(content: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(content)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _result(message: dict[str, Any] | None, status: int) -> dict[str, Any]:
    """What an answer holds. Raises MCPError for an error, a problem of the board's other doors, or no answer at all."""
    if message is not None:
        if isinstance(message.get("result"), dict):
            return {key: value for key, value in message["result"].items() if key != "_meta"}
        if isinstance(error := message.get("error"), dict):
            raise MCPError(error.get("code", INTERNAL_ERROR), str(error.get("message")), error.get("data"))
        if "detail" in message:
            raise MCPError(INTERNAL_ERROR, f"{message.get('code')}: {message['detail']}")
    raise MCPError(INTERNAL_ERROR, f"what runs there is no Agent Kanban Board: it answered {status}")
