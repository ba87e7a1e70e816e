"""Boards and cards as resources: the digest of a board, and everything about a card."""

import re
from collections.abc import Callable
from typing import Any

import mcp_types as types
from mcp.server.context import ServerRequestContext

from app.doors.handles import board_handle, card_handle
from app.doors.mcp.caller import Caller
from app.doors.mcp.digest import digest
from app.doors.mcp.reading import card_in_words
from app.errors import NotFound
from app.queries import boards as board_queries
from app.queries import cards as card_queries
from app.service import Service
from app.views import Change

PLAIN, JSON = "text/plain", "application/json"
URI = re.compile(r"(board|card)://([^/?#]{1,40})/?")


class Resources:
    def __init__(self, service: Service) -> None:
        self._service = service

    async def list(
        self, context: ServerRequestContext[Any, Any], params: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        boards = await self._service.store.read(board_queries.list_boards)
        return types.ListResourcesResult(
            resources=[
                types.Resource(uri=f"board://{board.key}", name=board.key, title=board.name, mime_type=PLAIN)
                for board in boards
            ]
        )

    async def list_templates(
        self, context: ServerRequestContext[Any, Any], params: types.PaginatedRequestParams | None
    ) -> types.ListResourceTemplatesResult:
        board = types.ResourceTemplate(
            uri_template="board://{key}", name="board", description="Digest of a board", mime_type=PLAIN
        )
        card = types.ResourceTemplate(
            uri_template="card://{ref}", name="card", description="A card with its comments", mime_type=JSON
        )
        return types.ListResourceTemplatesResult(resource_templates=[board, card])

    async def read(
        self, context: ServerRequestContext[Any, Any], params: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        await Caller.of(context).begin()
        kind, handle = parsed(params.uri)
        if kind == "board":
            view = await self._service.feed.view(handle)
            text, mime = digest(view, self._service.store.clock()), PLAIN
        else:
            text, mime = await card_in_words(self._service, handle, full=True), JSON
        contents = types.TextResourceContents(uri=params.uri, text=text, mime_type=mime)
        return types.ReadResourceResult(contents=[contents])

    async def watch_list(self, tell: Callable[[], None]) -> None:
        """Calls `tell` whenever the list of boards is another, until it is cancelled."""
        known = await self._listed()
        async for _ in self._service.feed.lobby():
            now = await self._listed()
            if now != known:
                known = now
                tell()

    async def _listed(self) -> set[tuple[str, str]]:
        return {(board.key, board.name) for board in await self._service.store.read(board_queries.list_boards)}

    async def watched(self, uri: str) -> tuple[int, Callable[[Change], bool]]:
        """The board on which to look for what changes the resource, and how to tell. Raises NotFound."""
        kind, handle = parsed(uri)
        if kind == "board":
            return (await self._service.feed.view(handle)).board.id, lambda change: True
        card = await self._service.store.read(card_queries.get_card, handle)
        return card.board_id, lambda change: change.card_id == card.id


def parsed(uri: str) -> tuple[str, int | str]:
    """Raises NotFound."""
    found = URI.fullmatch(uri)
    if found is None:
        raise NotFound("resources are board://KEY and card://REF, as in board://DEMO", next="resources/list")
    return found[1], board_handle(found[2]) if found[1] == "board" else card_handle(found[2])
