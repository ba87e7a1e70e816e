"""The MCP server on stdin and stdout that knows nothing itself: it asks the board, in the newest protocol, and speaks
to its own client in whichever protocol that one begins with.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError
from mcp.shared.subscriptions import SUBSCRIPTION_ID_META_KEY

from app import __version__
from app.mcp_stdio.upstream import Unreachable, Upstream
from app.mcp_words import INSTRUCTIONS

Context = ServerRequestContext[Any, Any]
LISTEN_AGAIN_SECONDS = 2


async def serve_stdio(url: str, actor: str | None) -> None:
    """Until the client hangs up."""
    logging.disable(logging.CRITICAL)  # what there is to say is said in an answer, or in one line on stderr
    upstream = Upstream(url, actor)
    bridge = Bridge(upstream)
    server = bridge.server()
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())
    bridge.close()
    await upstream.close()


class Bridge:
    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream
        self._subscribed: dict[str, asyncio.Task[None]] = {}

    def server(self) -> Server[Any]:
        return Server(
            "agent-kanban",
            version=__version__,
            title="Agent Kanban Board",
            instructions=INSTRUCTIONS,
            on_list_tools=self._list_tools,
            on_call_tool=self._call_tool,
            on_list_prompts=self._forward,
            on_get_prompt=self._forward,
            on_list_resources=self._forward,
            on_list_resource_templates=self._forward,
            on_read_resource=self._forward,
            on_subscribe_resource=self._subscribe,
            on_unsubscribe_resource=self._unsubscribe,
            on_subscriptions_listen=self._listen,
        )

    def close(self) -> None:
        for task in self._subscribed.values():
            task.cancel()

    async def _forward(self, context: Context, params: Any) -> Any:
        try:
            return await self._upstream.ask(context.method, _plain(context.params))
        except Unreachable as problem:
            raise MCPError(types.INTERNAL_ERROR, str(problem)) from None

    async def _list_tools(self, context: Context, params: Any) -> Any:
        """A client asks once, when it starts: it is to know the tools although the board comes later."""
        try:
            return await self._upstream.ask(context.method, _plain(context.params))
        except Unreachable:
            from app.doors.mcp.tools import TOOLS  # what comes along with it is otherwise not needed here

            return types.ListToolsResult(tools=TOOLS)

    async def _call_tool(self, context: Context, params: types.CallToolRequestParams) -> Any:
        try:
            return await self._upstream.ask(context.method, _plain(context.params))
        except Unreachable as problem:
            return types.CallToolResult(content=[types.TextContent(text=str(problem))], is_error=True)

    async def _listen(self, context: Context, params: types.SubscriptionsListenRequestParams) -> Any:
        """For clients of the newest protocol; the board's notices carry the id of the client's own request."""
        assert context.request_id is not None
        try:
            async for message in self._upstream.listen(_plain(context.params), context.request_id):
                await context.session.send_notification(_notice(message), related_request_id=context.request_id)
        except Unreachable as problem:
            raise MCPError(types.INTERNAL_ERROR, str(problem)) from None
        return types.SubscriptionsListenResult(_meta={SUBSCRIPTION_ID_META_KEY: context.request_id})

    async def _subscribe(self, context: Context, params: types.SubscribeRequestParams) -> types.EmptyResult:
        """For clients of older protocols. Raises MCPError when the board has no such resource."""
        await self._upstream_has(params.uri)
        if params.uri not in self._subscribed:
            self._subscribed[params.uri] = asyncio.create_task(self._tell_of(params.uri, context))
        return types.EmptyResult()

    async def _unsubscribe(self, context: Context, params: types.UnsubscribeRequestParams) -> types.EmptyResult:
        task = self._subscribed.pop(params.uri, None)
        if task is not None:
            task.cancel()
        return types.EmptyResult()

    async def _upstream_has(self, uri: str) -> None:
        try:
            await self._upstream.ask("resources/read", {"uri": uri})
        except Unreachable as problem:
            raise MCPError(types.INTERNAL_ERROR, str(problem)) from None

    async def _tell_of(self, uri: str, context: Context) -> None:
        """Listens again after the board was away, and says that the resource may have changed meanwhile."""
        wanted = {"notifications": {"resourceSubscriptions": [uri]}}
        notice = types.ResourceUpdatedNotification(params=types.ResourceUpdatedNotificationParams(uri=uri))
        missed = False
        while True:
            try:
                async for message in self._upstream.listen(wanted, f"subscribed-{uri}"):
                    if missed or message["method"] == "notifications/resources/updated":
                        await context.session.send_notification(notice)
                    missed = False
            except (Unreachable, MCPError):
                pass
            missed = True
            await asyncio.sleep(LISTEN_AGAIN_SECONDS)


def _plain(params: Mapping[str, Any] | None) -> dict[str, Any]:
    """Without the client's envelope: the bridge sends its own."""
    return {key: value for key, value in (params or {}).items() if key != "_meta"}


def _notice(message: dict[str, Any]) -> Any:
    kind = (
        types.SubscriptionsAcknowledgedNotification
        if message["method"] == "notifications/subscriptions/acknowledged"
        else types.ResourceUpdatedNotification
    )
    return kind.model_validate({"method": message["method"], "params": message["params"]})
