"""The same work by a person in front of the board's page: typed, clicked and dragged, as the browser reports it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from nicegui import ElementFilter, core
from nicegui.element import Element
from nicegui.testing import User
from nicegui.testing.user_interaction import UserInteraction

from app.commands import claims
from app.errors import GateClosed
from app.service import Service
from app.views import Actor, CardView
from components.inline_editor import InlineEditor
from components.lane import CardElement, Lane
from components.notices import Notice
from tests.doors.same_work import Do, Workshop
from tests.support import until
from tests.ui_fixtures import installed_pages

REFUSED: dict[str, Any] = {"kind": Notice, "marker": "notice-bad"}


@asynccontextmanager
async def over_page(service: Service, desk: Workshop, actor: Actor) -> AsyncIterator[Do]:
    async with installed_pages(service):
        transport = httpx.ASGITransport(core.app)
        cookies = {"agent_kanban_name": actor.name}
        async with httpx.AsyncClient(transport=transport, base_url="http://test", cookies=cookies) as client:
            user = User(client)
            window = await user.open("/b/DESK")
            try:
                yield Person(user, desk, actor).do
            finally:
                window.delete()  # NiceGUI would wait two seconds for a window with news for it


class Person:
    """Has one method for each thing to do; a card is opened when that is needed, and closed to be dragged."""

    def __init__(self, user: User, desk: Workshop, actor: Actor) -> None:
        self.user, self.desk, self.actor = user, desk, actor

    async def do(self, name: str, fence: int | None = None, **args: Any) -> None:
        """No fence: people may always act. Every gesture ends in a change, or in words that say why not."""
        before, older = self.desk.sequence, self._seen(**REFUSED)

        def said() -> list[str]:
            return [notice.text for notice in self._seen(**REFUSED) if notice not in older]

        await getattr(self, name)(**args)
        await until(lambda: self.desk.sequence > before or said())
        await until(lambda: self._lanes() == self.desk.view.lanes)  # and a card that was refused is back in its place
        for words in said():
            raise GateClosed(words)

    # What is done.

    async def create_card(self, *, board_id: str, title: str, column_id: int) -> None:
        await self._at_board("click", action="add-last", column=column_id)
        await self._type(title)

    async def move_card(self, *, card_id: str, column_id: int) -> None:
        await self._close()
        card = await self._card(card_id)
        end = self.desk.lane(column_id)[-1:]
        after = end[0] if end else None
        await self._at_board("dropcard", card=card.id, source=card.column_id, to=column_id, after=after, before=None)

    async def add_label(self, *, card_id: str, label_id: int) -> None:
        await self._open(card_id)
        await self._click(marker="add-label")
        await self._click(content=self.desk.view.labels[label_id].name)

    async def add_check_item(self, *, card_id: str, text: str) -> None:
        await self._open(card_id)
        await self._click(marker="add-item")
        await self._type(text)

    async def update_check_item(self, *, item_id: int, done: bool) -> None:
        (card_id,) = (card.ref for card in self.desk.view.cards.values() if item_id in [i.id for i in card.checklist])
        await self._open(card_id)
        UserInteraction(self.user, {await self._find(marker="tick")}, None).click()

    async def claim_card(self, *, card_id: str, busy_for: int) -> None:
        await self._open(card_id)
        await self._click(content="Claim for me")

    async def report_progress(self, **report: Any) -> None:
        """Past the page, which has no button for it: progress is what a program at work reports."""
        await self.desk.store.run(claims.report_progress, report.pop("card_id"), **report, actor=self.actor)

    async def add_comment(self, *, card_id: str, text: str) -> None:
        await self._open(card_id)
        composer: Any = await self._find(marker="comment-composer")
        UserInteraction(self.user, {composer}, None).type(text)
        await self._click(marker="send-comment")
        await until(lambda: not composer.value)  # it is sent, so the card can be left

    # How it is done.

    async def _open(self, ref: str) -> None:
        if not self._seen(marker="close-card"):
            await self._at_board("click", action="open", card=(await self._card(ref)).id)

    async def _close(self) -> None:
        if self._seen(marker="close-card"):
            await self._click(marker="close-card")
            await until(lambda: not self._seen(marker="close-card"))

    async def _click(self, **target: Any) -> None:
        """The click goes up to the first element that listens, as in a browser."""
        found = await self._find(**target)
        for element in found.ancestors(include_self=True):
            if any(listener.type == "click" for listener in element._event_listeners.values()):
                self._tell(element, "click", None)
                return
        raise AssertionError(f"nothing listens to a click on {found}")

    async def _type(self, text: str) -> None:
        """A text, Enter, and Escape."""
        editor = await self._find(kind=InlineEditor)
        for said in ({"action": "submit", "text": text}, {"action": "cancel", "text": ""}):
            self._tell(editor, "keydown", said)

    async def _at_board(self, event: str, **said: Any) -> None:
        await self._find(kind=Lane)
        (root,) = (one for one in self.user.current_layout.descendants() if "board-scroll" in one.classes)
        self._tell(root, event, said)

    def _lanes(self) -> dict[int, tuple[int, ...]]:
        """The cards of each column as they are shown."""
        shown: list[Lane] = self._seen(kind=Lane)
        return {lane._props["data-lane"]: tuple(card.card.id for card in lane.cards) for lane in shown}

    async def _card(self, ref: str) -> CardView:
        def shown() -> list[CardView]:
            return [face.card for face in self._seen(kind=CardElement) if face.card.ref == ref]

        await until(shown)
        return shown()[0]

    async def _find(self, **target: Any) -> Element:
        await until(lambda: self._seen(**target))
        return min(self._seen(**target), key=lambda element: element.id)

    def _seen(self, **target: Any) -> list[Any]:
        with self.user:
            return list(ElementFilter(only_visible=True, local_scope=False, **target))

    def _tell(self, element: Element, event: str, said: Any) -> None:
        """As if the browser had sent this."""
        listener = next(one for one in element._event_listeners.values() if one.type == event)
        assert self.user.client is not None
        self.user.client.handle_event({"id": element.id, "listener_id": listener.id, "args": [json.dumps(said)]})
