"""`wait_for_changes`: the call is held until something happens on the board or to the card."""

import asyncio

from app.doors.mcp import arguments
from app.doors.mcp.caller import Caller
from app.doors.mcp.deltas import delta, is_news
from app.doors.mcp.reading import changes_since
from app.errors import InvalidInput
from app.feed import Feed
from app.queries import cards as card_queries
from app.views import Change

READ_AT_ONCE = 200
STOPPING = "The server is stopping. Call again in a few seconds with since={since}."
NOTHING = "Nothing happened to {what} within {timeout:g} s. Call again with since={since}."


async def wait_for_changes(caller: Caller, asked: arguments.WaitForChanges) -> str:
    feed = caller.service.feed
    card = None
    if asked.card_id is not None:
        card = await caller.service.store.read(card_queries.get_card, asked.card_id)
    elif asked.board_id is None:
        raise InvalidInput("board_id: say which board, or which card with card_id", field="board_id")
    wished = card.board_id if card is not None and asked.board_id is None else asked.board_id
    assert wished is not None
    view = await feed.view(wished)
    if card is not None and card.board_id != view.board.id:
        raise InvalidInput(
            f"card_id: {card.ref} is not on {view.board.key}; give card_id alone to wait for the card",
            field="card_id",
            next=f"wait_for_changes card_id={card.ref}",
        )
    since = view.sequence if asked.since is None else asked.since
    if since > view.sequence:
        return await changes_since(caller.service, view, since)
    waiting = _Waiting(feed, view.board.id, card.id if card is not None else None, since)
    happened = await caller.patience.outlast(
        waiting.until(asyncio.get_running_loop().time() + asked.timeout), caller.call.gone(), caller.call.address
    )
    if happened is None:
        return STOPPING.format(since=waiting.seen)
    view = await feed.view(view.board.id)  # which may have been deleted meanwhile
    if not happened:
        what = card.ref if card is not None else view.board.key
        return NOTHING.format(what=what, timeout=asked.timeout, since=waiting.seen)
    return delta(view, since, happened, waiting.seen)


class _Waiting:
    """`seen` is the sequence up to which everything was looked at."""

    def __init__(self, feed: Feed, board_id: int, card_id: int | None, since: int) -> None:
        self._feed, self._board_id, self._card_id = feed, board_id, card_id
        self.seen = since

    async def until(self, end: float) -> list[Change]:
        """What is to be told, as soon as there is something; nothing once the loop's clock says `end`."""
        clock = asyncio.get_running_loop().time
        while True:
            left = max(0.0, end - clock())
            changes = [item.change for item in await self._feed.changes(self._board_id, self.seen, READ_AT_ONCE, left)]
            if changes:
                self.seen = changes[-1].sequence
            happened = [change for change in changes if self._is_wanted(change)]
            if happened or not changes:
                return happened

    def _is_wanted(self, change: Change) -> bool:
        return is_news(change) and (self._card_id is None or change.card_id == self._card_id)
