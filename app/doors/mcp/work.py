"""A tool call, from its name and arguments to the words of the answer."""

from collections.abc import Awaitable, Callable
from typing import Any

from app.doors.mcp import reading, waiting, writing
from app.doors.mcp.arguments import Writing, parse
from app.doors.mcp.caller import Caller

READING: dict[str, Callable[[Caller, Any], Awaitable[str]]] = {
    "list_boards": reading.list_boards,
    "get_board": reading.get_board,
    "list_cards": reading.list_cards,
    "search_cards": reading.search_cards,
    "get_card": reading.get_card,
    "wait_for_changes": waiting.wait_for_changes,
}


async def carry_out(caller: Caller, name: str, given: dict[str, Any]) -> str:
    """Raises what is refused."""
    asked = parse(name, given)
    await caller.begin()
    if isinstance(asked, Writing):
        return await writing.write(caller, name, asked, given)
    return await READING[name](caller, asked)
