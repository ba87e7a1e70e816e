"""The first thing inside the application: known calls and sockets are put through at once, all else goes the long way.

FastAPI tries one route after the other for each request; here a call is found by its words, which stand at fixed
places in the path (`/api/v1/cards/{id}/move`).
"""

from collections.abc import Iterable
from urllib.parse import unquote

from starlette.types import ASGIApp, Receive, Scope, Send

from app.doors.mcp.door import MCP_PATH
from app.doors.rest.route import DoorRoute

SOCKET_PATH = "/ws/connect"


class Switchboard:
    def __init__(self, app: ASGIApp, routes: Iterable[DoorRoute], socket_door: ASGIApp, mcp_door: ASGIApp) -> None:
        self._app = app
        self._mcp_door = mcp_door
        self._socket_door = socket_door
        self._routes: dict[tuple[str, ...], tuple[DoorRoute, tuple[str, ...]]] = {}
        for route in routes:
            parts = route.path.split("/")
            names = tuple(part.strip("{}") for part in parts[4::2])
            for method in route.methods or ():
                self._routes[_line(method, parts)] = (route, names)
                if method == "GET":
                    # the server leaves the body out of the answer to HEAD
                    self._routes.setdefault(_line("HEAD", parts), (route, names))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            parts = _parts(scope)
            found = self._routes.get(_line(scope["method"], parts))
            if found is not None and all(parts[1:]):
                route, names = found
                scope["path_params"] = dict(zip(names, parts[4::2], strict=True))
                await route.handle(scope, receive, send)
                return
            if scope["path"] == MCP_PATH:
                await self._mcp_door(scope, receive, send)
                return
        elif scope["type"] == "websocket" and scope["path"] == SOCKET_PATH:
            await self._socket_door(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _parts(scope: Scope) -> list[str]:
    """The path between its slashes; one that is spelled %2F belongs to a name, such as an agent's."""
    raw: bytes = scope.get("raw_path") or b""
    if b"%2F" in raw or b"%2f" in raw:
        return [unquote(part) for part in raw.decode("ascii", "replace").split("/")]
    path: str = scope["path"]
    return path.split("/")


def _line(method: str, parts: list[str]) -> tuple[str, ...]:
    """What tells calls apart: the method, the words of the path, and how many parts there are."""
    return (method, str(len(parts)), *parts[1:4], *parts[5::2])
