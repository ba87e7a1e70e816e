"""Update notices for clients that listen (`subscriptions/listen`, protocol 2026-07-28): the answer to that call is a
stream that says which of the resources named in it have changed.

Older protocols would need a session to send notices in, and there are none here: such clients call wait_for_changes.
"""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.server.subscriptions import SUBSCRIPTION_ID_META_KEY
from mcp.shared.exceptions import MCPError

from app.doors.mcp.deltas import is_news
from app.doors.mcp.door import McpDoor
from app.doors.mcp.resources import Resources
from app.errors import NotFound
from app.feed.follower import Item, Published
from app.views import Change

LISTENERS_MOST = 1_000
RESOURCES_MOST = 50
LIST = ""
"""Stands for the list of resources among those that changed."""


class Notices:
    def __init__(self, door: McpDoor, resources: Resources) -> None:
        self._door = door
        self._resources = resources
        self._listeners = 0

    async def listen(
        self, context: ServerRequestContext[Any, Any], params: types.SubscriptionsListenRequestParams
    ) -> types.SubscriptionsListenResult:
        """Resources that there are not are left out of what is acknowledged, and so are the lists of tools and of
        prompts, which never change.
        """
        if self._listeners >= LISTENERS_MOST:
            raise MCPError(types.INTERNAL_ERROR, f"{LISTENERS_MOST} clients listen already; call wait_for_changes")
        asked = params.notifications
        wanted = list(dict.fromkeys(asked.resource_subscriptions or ()))
        if len(wanted) > RESOURCES_MOST:
            raise MCPError(types.INVALID_PARAMS, f"one call listens to at most {RESOURCES_MOST} resources")
        self._listeners += 1
        try:
            with ExitStack() as stack:
                return await self._serve(context, wanted, bool(asked.resources_list_changed), stack)
        finally:
            self._listeners -= 1

    async def _serve(
        self, context: ServerRequestContext[Any, Any], wanted: list[str], boards_too: bool, stack: ExitStack
    ) -> types.SubscriptionsListenResult:
        changed = Changed()
        honoured = [uri for uri in wanted if await self._follow(uri, changed, stack)]
        meta: dict[str, Any] = {SUBSCRIPTION_ID_META_KEY: context.request_id}
        granted = types.SubscriptionFilter(
            resource_subscriptions=honoured or None, resources_list_changed=boards_too or None
        )
        accepted = types.SubscriptionsAcknowledgedNotificationParams(notifications=granted, _meta=meta)
        await context.session.send_notification(
            types.SubscriptionsAcknowledgedNotification(params=accepted), related_request_id=context.request_id
        )
        if boards_too:
            watch = asyncio.create_task(self._resources.watch_list(lambda: changed.mark(LIST)))
            stack.callback(watch.cancel)
        ending = asyncio.create_task(self._door.closing.wait())
        stack.callback(ending.cancel)
        while not ending.done():
            for uri in await changed.taken(ending):
                await context.session.send_notification(_notice(uri, meta), related_request_id=context.request_id)
        return types.SubscriptionsListenResult(_meta=meta)

    async def _follow(self, uri: str, changed: "Changed", stack: ExitStack) -> bool:
        """Whether there is such a resource."""
        try:
            board_id, concerns = await self._resources.watched(uri)
            follower = await self._door.service.feed.follow(board_id)
        except NotFound:
            return False
        stack.callback(follower.close)
        follower.listen(changed.marking(uri, concerns))
        return True


def _notice(uri: str, meta: dict[str, Any]) -> types.ServerNotification:
    if uri == LIST:
        return types.ResourceListChangedNotification(params=types.NotificationParams(_meta=meta))
    return types.ResourceUpdatedNotification(params=types.ResourceUpdatedNotificationParams(uri=uri, _meta=meta))


class Changed:
    """The resources that changed and were not told of yet, each once: a slow reader has never more to read."""

    def __init__(self) -> None:
        self._uris: dict[str, None] = {}
        self._arrived = asyncio.Event()

    def marking(self, uri: str, concerns: Callable[[Change], bool]) -> Callable[[Item], None]:
        def mark(item: Item) -> None:
            if not isinstance(item, Published) or (is_news(item.change) and concerns(item.change)):
                self.mark(uri)

        return mark

    def mark(self, uri: str) -> None:
        self._uris[uri] = None
        self._arrived.set()

    async def taken(self, ending: "asyncio.Task[Any]") -> list[str]:
        """What has changed, as soon as something has; nothing when `ending` ends first."""
        arrival = asyncio.ensure_future(self._arrived.wait())
        try:
            await asyncio.wait([arrival, ending], return_when=asyncio.FIRST_COMPLETED)
        finally:
            arrival.cancel()
        self._arrived.clear()
        uris, self._uris = list(self._uris), {}
        return uris
