"""`python main.py mcp`: MCP over stdin and stdout, for clients that start a program, to a board that runs elsewhere.

Each message goes on to the board's `/mcp` by itself, so a board that is restarted is found again by the next call.
"""

import argparse
import asyncio
import os
import re
import signal
import sys
from collections.abc import Sequence
from types import FrameType

DEFAULT_URL = "http://127.0.0.1:8000"
URL = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")
NAME_LENGTH = 60


def main(argv: Sequence[str]) -> int:
    """The exit status: 0 when the client hangs up or asks to stop, 2 when a flag is at fault."""
    parser = argparse.ArgumentParser(
        prog="main.py mcp",
        description="MCP over stdin and stdout, for clients that start a program. The board itself runs elsewhere.",
        allow_abbrev=False,
    )
    parser.add_argument("--url", default=DEFAULT_URL, help=f"Where the board runs. [{DEFAULT_URL}]")
    parser.add_argument("--actor", metavar="NAME", help="The name of the agent; without one it cannot claim cards.")
    given = parser.parse_args(argv)
    actor = given.actor.strip() if given.actor is not None else None
    if URL.fullmatch(given.url) is None:
        return _at_fault(f"--url cannot be {given.url!r}: an address like {DEFAULT_URL} is needed")
    if actor is not None and not (1 <= len(actor) <= NAME_LENGTH and actor.isprintable()):
        return _at_fault(f"--actor takes 1 to {NAME_LENGTH} printable characters")
    for sig in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sig, _leave)
    from app.mcp_stdio.bridge import serve_stdio  # only now what takes time to import

    asyncio.run(serve_stdio(given.url.rstrip("/").removesuffix("/mcp"), actor))
    return 0


def _at_fault(problem: str) -> int:
    print(f"agent-kanban mcp: {problem}", file=sys.stderr)
    return 2


def _leave(sig: int, frame: FrameType | None) -> None:
    """A thread waits for the next line of stdin and cannot be asked to stop; there is nothing to be kept."""
    os._exit(0)
