"""The MCP server itself: which requests it knows, and who answers them.

It keeps nothing between two calls, so any client may call any of several servers, and a restart loses nothing.
"""

import logging
from datetime import UTC, datetime
from typing import Any

import mcp_types as types
from mcp.server.caching import CacheHint
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from mcp.shared.exceptions import MCPError
from pydantic import ValidationError
from starlette.types import Receive, Scope, Send

from app import __version__
from app.doors.limits import BODY_BYTES
from app.doors.mcp import prompts
from app.doors.mcp.caller import Caller
from app.doors.mcp.door import McpDoor
from app.doors.mcp.notices import Notices
from app.doors.mcp.refusals import teach
from app.doors.mcp.resources import Resources
from app.doors.mcp.tools import SCHEMAS, TOOLS
from app.doors.mcp.work import carry_out
from app.errors import Refusal
from app.mcp_words import INSTRUCTIONS

KNOWN_HOST = b"localhost"
TOOLS_KEPT = CacheHint(ttl_ms=300_000, scope="public")

log = logging.getLogger(__name__)


def build(door: McpDoor) -> "Manager":
    # it would tell of every request that begins and ends, and of every malformed one
    logging.getLogger("mcp").setLevel(logging.ERROR)
    resources = Resources(door.service)
    server: Server[Any] = Server(
        "agent-kanban",
        version=__version__,
        title="Agent Kanban Board",
        instructions=INSTRUCTIONS,
        cache_hints={"tools/list": TOOLS_KEPT, "prompts/list": TOOLS_KEPT},
        get_tool_input_schema=SCHEMAS.get,
        on_list_tools=_list_tools,
        on_call_tool=_call_tool,
        on_list_prompts=prompts.list_prompts,
        on_get_prompt=prompts.get_prompt,
        on_list_resources=resources.list,
        on_list_resource_templates=resources.list_templates,
        on_read_resource=resources.read,
        on_subscriptions_listen=Notices(door, resources).listen,
    )
    server.middleware.append(_say_no_more_than_needed)
    return Manager(server)


class Manager(StreamableHTTPSessionManager):
    """The SDK's own check against DNS rebinding stays on. It knows lists only and cannot say "the same origin" or "any
    address", so the door asks the guard, and what the guard accepts goes on under the one name that is on the list.
    """

    def __init__(self, server: Server[Any]) -> None:
        super().__init__(
            server,
            stateless=True,
            json_response=True,
            max_request_body_size=BODY_BYTES,
            security_settings=TransportSecuritySettings(allowed_hosts=[KNOWN_HOST.decode()], allowed_origins=[]),
        )

    async def handle_request(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [pair for pair in scope["headers"] if pair[0] not in (b"host", b"origin")]
        await super().handle_request({**scope, "headers": [*headers, (b"host", KNOWN_HOST)]}, receive, send)


async def _list_tools(
    context: ServerRequestContext[Any, Any], params: types.PaginatedRequestParams | None
) -> types.ListToolsResult:
    return types.ListToolsResult(tools=TOOLS)


async def _call_tool(
    context: ServerRequestContext[Any, Any], params: types.CallToolRequestParams
) -> types.CallToolResult:
    try:
        text = await carry_out(Caller.of(context), params.name, params.arguments or {})
    except Refusal as refusal:
        return types.CallToolResult(content=[types.TextContent(text=teach(refusal))], is_error=True)
    except Exception:  # a mistake in here: the caller can still do something else
        told = f"internal_error: {_logged()} | next: the same call with the same request_id, or another"
        return types.CallToolResult(content=[types.TextContent(text=told)], is_error=True)
    return types.CallToolResult(content=[types.TextContent(text=text)])


async def _say_no_more_than_needed(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
    """What goes wrong elsewhere than in a tool is told in the protocol's way; of a mistake in here only the time."""
    try:
        return await call_next(ctx)
    except (MCPError, ValidationError):
        raise
    except Refusal as refusal:
        raise MCPError(types.INVALID_PARAMS, teach(refusal), {"code": refusal.code}) from None
    except Exception:
        raise MCPError(types.INTERNAL_ERROR, _logged()) from None


def _logged() -> str:
    """Of the exception that is being handled only the time is told; the rest goes to the log."""
    log.exception("an MCP request could not be answered")
    return f"something went wrong here at {datetime.now(UTC).isoformat(timespec='seconds')}; the server's log has more"
