"""The tools that only look: short words by default, JSON with everything when asked for `full`."""

from typing import Any

from pydantic_core import to_json

from app.doors.limits import LARGEST_ID
from app.doors.mcp import arguments
from app.doors.mcp.caller import Caller
from app.doors.mcp.deltas import delta
from app.doors.mcp.digest import digest
from app.doors.mcp.texts import card_line, card_text, column_id, column_name, counted, cut, label_id
from app.errors import InvalidInput
from app.queries import boards as board_queries
from app.queries import cards as card_queries
from app.queries import comments as comment_queries
from app.queries import labels as label_queries
from app.queries.why import Why, why
from app.service import Service
from app.views import BoardView, CardView

CHANGES_READ = 200
OBSTACLES_MOST = 200
"""Characters for why a card cannot be claimed, or cannot enter one column."""


async def list_boards(caller: Caller, asked: arguments.ListBoards) -> str:
    boards = await caller.service.store.read(board_queries.list_boards, archived=asked.archived)
    kind = "archived board" if asked.archived else "board"
    lines = [
        f'{board.key} "{board.name}" #{board.sequence}: {counted(board.card_count, "card")}, {board.done_count} done'
        for board in boards
    ]
    return "\n".join(lines) or f"there is no {kind}"


async def get_board(caller: Caller, asked: arguments.GetBoard) -> str:
    service = caller.service
    view = await service.feed.view(asked.board_id)
    if asked.since is not None:
        return await changes_since(service, view, asked.since)
    if asked.full:
        return (await service.feed.snapshot_json(view.board.id)).decode()
    return digest(view, service.store.clock())


async def changes_since(service: Service, view: BoardView, since: int) -> str:
    if since > view.sequence:
        raise InvalidInput(
            f"since: {view.board.key} is at #{view.sequence}, which is before #{since}",
            field="since",
            next=f"get_board board_id={view.board.key}",
        )
    changes = [item.change for item in await service.feed.changes(view.board.id, since, CHANGES_READ)]
    return delta(view, since, changes, changes[-1].sequence if changes else since)


async def list_cards(caller: Caller, asked: arguments.ListCards) -> str:
    wished: dict[str, Any] = {
        name: getattr(asked, name) for name in ("assignee", "priority", "claimed", "blocked", "archived")
    }
    view = None if asked.board_id is None else await caller.service.feed.view(asked.board_id)
    if asked.column is not None:
        wished["column_id"] = _id_of(asked.column) if view is None else column_id(view, asked.column)
    if asked.label is not None:
        wished["label"] = asked.label if view is None else label_id(view, asked.label)
        if view is None and not await caller.service.store.read(label_queries.is_known, asked.label):
            raise InvalidInput(
                f"label: no board has a label {cut(str(asked.label), 40)!r}",
                field="label",
                next="list_cards with board_id too: it names the labels there are",
            )
    return await _found(caller, asked, view, wished)


def _id_of(column: int | str) -> int:
    wished = str(column).strip()
    if not (wished.isascii() and wished.isdecimal() and len(wished) <= 10):
        raise InvalidInput("column: a column's name needs board_id too", field="column", next="list_boards")
    return min(int(wished), LARGEST_ID)


async def search_cards(caller: Caller, asked: arguments.SearchCards) -> str:
    view = None if asked.board_id is None else await caller.service.feed.view(asked.board_id)
    return await _found(caller, asked, view, {"q": asked.q})


async def _found(caller: Caller, asked: arguments.Page, view: BoardView | None, wished: dict[str, Any]) -> str:
    service = caller.service
    if view is not None:
        wished["board_id"] = view.board.id
    page = await service.store.read(card_queries.list_cards, limit=asked.limit, cursor=asked.cursor, **wished)
    if asked.full:
        return to_json({"cards": page.cards, "next_cursor": page.next_cursor}).decode()
    now = service.store.clock()
    lines = []
    for card in page.cards:
        board = await service.feed.view(card.board_id)
        lines.append(f"{card_line(board, card, now)} ({column_name(board, card.column_id)})")
    if page.next_cursor is not None:
        lines.append(f"There are more: the same call with cursor={page.next_cursor}")
    return "\n".join(lines) or "no card matches"


def obstacles(found: Why) -> list[str]:
    """Why the card cannot be claimed, and which columns it cannot enter for what it lacks."""
    if not found.claimable:
        return ["cannot be claimed: " + cut("; ".join(reason.detail for reason in found.reasons), OBSTACLES_MOST)]
    closed = [
        f"{move.name} requires: {'; '.join(missing.detail for missing in move.missing)}"
        for move in found.moves
        if not move.open
    ]
    return [cut(line, OBSTACLES_MOST) for line in closed]


async def get_card(caller: Caller, asked: arguments.GetCard) -> str:
    told = await card_in_words(caller.service, asked.card_id, asked.full)
    if asked.full:
        return told
    found = await caller.service.store.read(why, asked.card_id, actor=caller.actor)
    return "\n".join([told, *obstacles(found)])


async def card_in_words(service: Service, card_id: int | str, full: bool) -> str:
    card: CardView = await service.store.read(card_queries.get_card, card_id)
    comments = await service.store.read(comment_queries.list_comments, card.id)
    if full:
        return to_json({**dict(card), "comments": comments}).decode()
    return card_text(await service.feed.view(card.board_id), card, service.store.clock(), comments)
