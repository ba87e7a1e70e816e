"""A board at `/b/{key}`, and one of its cards at `/b/{key}?card=KEY-12`."""

from nicegui import ui

from app.errors import NotFound
from app.service import Service
from components.pages.board_session import BoardSession
from components.pages.refresher import Refresher
from components.pages.shell import RECONNECT_SECONDS, not_found, open_shell


def register(service: Service) -> None:
    refresher = Refresher()

    @ui.page("/b/{key}", reconnect_timeout=RECONNECT_SECONDS)
    async def board(key: str, card: str | None = None) -> None:
        try:
            view = await service.feed.view(key)
        except NotFound:
            not_found("There is no such board.")
            return
        shell = await open_shell(service, view.board.name)
        if shell is None:
            return
        follower = await service.feed.follow(view.board.id)
        if shell.client.is_deleted:
            follower.close()
            return
        session = BoardSession(service, shell, follower, refresher)
        if card:
            await session.open_ref(card)
