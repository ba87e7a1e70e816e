"""The FastAPI application of the doors: what it puts where, and how it says no."""

from datetime import UTC, datetime

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from app import __version__
from app.doors import docs, health, rest
from app.doors.limits import CommandLimit, Places, SocketLimits
from app.doors.mcp.door import McpDoor
from app.doors.patience import Patience
from app.doors.problems import problem
from app.doors.rest.route import DoorRoute
from app.doors.socket import SocketDoor
from app.doors.switchboard import SOCKET_PATH, Switchboard
from app.errors import NotFound, Refusal
from app.service import Service


class MethodNotAllowed(Refusal):
    code, status, title = "method_not_allowed", 405, "Method not allowed"


class UpgradeRequired(Refusal):
    code, status, title = "upgrade_required", 426, "Upgrade required"


class InternalError(Refusal):
    code, status, title = "internal_error", 500, "Internal error"


def build(service: Service, limits: SocketLimits | None = None) -> FastAPI:
    """REST, the socket, liveness and documentation on one application; pages are put behind them later.

    `app.state.close_all` is to be awaited when the server is asked to stop, before it waits for open requests.
    """
    limits = limits or SocketLimits()
    places = Places(limits.per_address)
    patience = Patience(places)
    command_limit = CommandLimit()
    sockets = SocketDoor(service, limits, places, command_limit)
    mcp = McpDoor(service, patience)

    async def close_all() -> None:
        patience.end()
        await mcp.close()
        await sockets.close_all()

    app = Doors(
        title="Agent Kanban Board",
        version=__version__,
        description=docs.DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.service = service
    app.state.patience = patience
    app.state.command_limit = command_limit
    app.state.close_all = close_all
    routes = list(rest.routes())
    app.router.routes.extend(routes)
    app.connect(routes, sockets, mcp)
    health.install(app, service)
    docs.install(app, routes)
    _refuse_the_rest(app, routes)
    return app


class Doors(FastAPI):
    """FastAPI behind a switchboard, which puts known calls and sockets through without the framework's detours."""

    _entrance: ASGIApp

    def connect(self, routes: list[DoorRoute], socket_door: ASGIApp, mcp_door: ASGIApp) -> None:
        board = Switchboard(super().__call__, routes, socket_door, mcp_door)
        self._entrance = ServerErrorMiddleware(board, handler=_internal_error)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = self
        await self._entrance(scope, receive, send)


async def _internal_error(request: Request, error: Exception) -> Response:
    when = datetime.now(UTC).isoformat(timespec="seconds")
    return problem(InternalError(f"something went wrong here at {when}; the server's log has more"))


def _refuse_the_rest(app: FastAPI, routes: list[DoorRoute]) -> None:
    """Programs get problem details for whatever goes wrong, never a page."""

    async def unknown(request: Request) -> Response:
        path = request.url.path
        allowed = sorted({m for route in routes if route.path_regex.match(path) for m in route.methods or ()})
        if allowed:
            refusal: Refusal = MethodNotAllowed(f"{request.method} is not for {path}", allowed=allowed)
            return problem(refusal, {"Allow": ", ".join(allowed)})
        return problem(NotFound(f"there is nothing at {path}; /openapi.json lists what there is", next="/openapi.json"))

    async def socket_only(request: Request) -> Response:
        wanted = UpgradeRequired(f"{SOCKET_PATH} speaks WebSocket only: connect with ws:// instead of http://")
        return problem(wanted, {"Upgrade": "websocket", "Connection": "Upgrade"})

    app.add_route(SOCKET_PATH, socket_only, include_in_schema=False)
    methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
    for path in ("/api", "/api/{path:path}"):
        app.add_route(path, unknown, methods=methods, include_in_schema=False)

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return problem(_Other(error), error.headers)

    async def refusal_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refusal)
        return problem(error)

    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(Refusal, refusal_error)
    app.add_exception_handler(Exception, _internal_error)


class _Other(Refusal):
    """What the framework itself refuses."""

    def __init__(self, error: HTTPException) -> None:
        super().__init__(str(error.detail))
        self.code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "refused")  # type: ignore[misc]
        self.status, self.title = error.status_code, str(error.detail)  # type: ignore[misc]
