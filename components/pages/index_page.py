"""All boards at `/`: make one, open one, rename and archive in place. Alive like the boards themselves."""

import asyncio
from contextlib import suppress

from nicegui import background_tasks, ui

from app.commands import boards as commands
from app.errors import StoreUnavailable
from app.queries import boards as queries
from app.service import Service
from app.views import BoardSummary
from components import notices
from components.board_tiles import BoardTiles, TileActions
from components.pages.shell import RECONNECT_SECONDS, Shell, open_shell


def register(service: Service) -> None:
    @ui.page("/", reconnect_timeout=RECONNECT_SECONDS)
    async def index() -> None:
        shell = await open_shell(service, "Boards · Agent Kanban Board")
        if shell is not None:
            await _Index(service, shell).open()


class _Index:
    def __init__(self, service: Service, shell: Shell) -> None:
        self._store, self._feed, self._shell = service.store, service.feed, shell
        self._reading = asyncio.Lock()

    async def open(self) -> None:
        with self._shell.header.title:
            ui.label("Agent Kanban Board").props('role="heading" aria-level="1"')
        with self._shell.main.classes("index"):
            self._tiles = BoardTiles(TileActions(self._create, self._rename, self._archive, self._restore))
        following = background_tasks.create(self._follow(), name="boards of the index page")
        self._shell.client.on_delete(following.cancel)
        # The task listens before the first reading, so that no change falls between them.
        await asyncio.sleep(0)
        await self._read()

    async def _follow(self) -> None:
        async for _ in self._feed.lobby():
            with suppress(StoreUnavailable):  # the next change asks again
                await self._read()

    async def _read(self) -> None:
        async with self._reading:
            live = await self._store.read(queries.list_boards)
            archived = await self._store.read(queries.list_boards, archived=True)
            if not self._shell.client.is_deleted:
                with self._shell.client:
                    self._tiles.show(live, archived)

    # The page's own context in each: the tile that was clicked may be gone before the command is done.

    async def _create(self, name: str) -> None:
        with self._shell.client, notices.refusals_told():
            board = await self._store.run(commands.create_board, name=name, actor=self._shell.viewer.actor)
            ui.navigate.to(f"/b/{board.key}")

    async def _rename(self, board: BoardSummary, name: str) -> None:
        with self._shell.client, notices.refusals_told():
            await self._store.run(commands.rename_board, board.id, name=name, actor=self._shell.viewer.actor)

    async def _archive(self, board: BoardSummary) -> None:
        with self._shell.client, notices.refusals_told():
            await self._store.run(commands.archive_board, board.id, actor=self._shell.viewer.actor)
            notices.undo(f"{board.name} is archived", lambda: self._restore(board))

    async def _restore(self, board: BoardSummary) -> None:
        with self._shell.client, notices.refusals_told():
            await self._store.run(commands.restore_board, board.id, actor=self._shell.viewer.actor)
