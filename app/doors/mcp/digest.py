"""A whole board in few words: every column, and as many of its cards as there is room for. What is left out is said."""

from collections.abc import Callable
from datetime import datetime
from functools import cache

from app.doors.mcp.texts import TITLE_MOST, card_line, counted
from app.views import BoardView, ColumnView
from models.vocabulary import ColumnKind

ROOM = 6_100
"""Characters for a board of up to 100 cards; four of them are about a token."""
ROOM_PER_CARD = 20
ROOM_MOST = 14_000
DONE_SHOWN = 5
"""Of a done column, when there is too little room; more where there is room."""
FEW = 200
"""As many cards of a column are tried, at the most, of a very large board."""
TITLES_CUT = 48


def digest(view: BoardView, now: datetime) -> str:
    """Full lines if they fit; else shorter titles, then less of what is done, then the first cards of each column."""
    room = min(ROOM_MOST, ROOM + ROOM_PER_CARD * max(0, len(view.cards) - 100))

    @cache
    def line(card_id: int, title_most: int) -> str:
        return card_line(view, view.cards[card_id], now, title_most)

    def fits(title_most: int, open_most: int, done_most: int) -> bool:
        lines = _written(view, line, title_most, open_most, done_most)
        return sum(map(len, lines)) + len(lines) - 1 <= room

    cards = len(view.cards)
    every = cards if cards <= ROOM_MOST / 20 else FEW  # else not even bare lines would fit, and would be cut in vain
    if every == cards and fits(TITLE_MOST, every, every):
        return "\n".join(_written(view, line, TITLE_MOST, every, every))
    open_most = _largest(every, lambda most: fits(TITLES_CUT, most, min(most, DONE_SHOWN)))
    least = min(open_most, DONE_SHOWN)
    done_most = least + _largest(every - least, lambda more: fits(TITLES_CUT, open_most, least + more))
    text = "\n".join(_written(view, line, TITLES_CUT, open_most, done_most))
    if len(text) <= room:
        return text
    return text[: room - 60].rpartition("\n")[0] + f"\n… list_cards board_id={view.board.key} shows the rest."


def _largest(most: int, fits: Callable[[int], bool]) -> int:
    """The largest number up to that for which it fits; 0 when there is none. What fits for one fits for fewer."""
    if fits(most):
        return most
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low


def _written(
    view: BoardView, line: Callable[[int, int], str], title_most: int, open_most: int, done_most: int
) -> list[str]:
    board = view.board
    lines = [f'{board.key} "{board.name}" #{view.sequence}: {counted(len(view.cards), "card")}']
    if board.archived_at is not None:
        lines[0] += ", archived: it takes no changes"
    if board.paused:
        lines.append("paused: " + ", ".join(agent.name for agent in board.paused))
    left_out = titles_cut = False
    for column in view.columns:
        lane = view.lane(column.id)
        most = done_most if column.kind is ColumnKind.DONE else open_most
        lines.append(_column_line(column, len(lane)))
        for card in lane[:most]:
            titles_cut |= len(card.title) > title_most
            lines.append(line(card.id, title_most))
        if len(lane) > most:
            left_out = True
            lines.append(f"+{len(lane) - most} more")
    if left_out:
        lines.append(
            f"Not all cards are shown: list_cards board_id={board.key} column=NAME lists the cards of a column."
        )
    if titles_cut:
        lines.append("… marks a cut title: get_card shows it.")
    return lines


def _column_line(column: ColumnView, count: int) -> str:
    limit = f"/{column.wip_limit}" if column.wip_limit is not None else ""
    requires = f", requires {', '.join(one.value for one in column.requires)}" if column.requires else ""
    return f"## {column.name} ({column.kind.value}{requires}) {count}{limit}"
