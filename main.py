"""The launch: `python main.py` serves a board to people and agents. What it is made of comes together here."""

import os
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from app import logs
from app.errors import CannotStart
from app.listener import listen
from app.quick import defer_collection, without
from app.settings import InvalidSetting, load

if TYPE_CHECKING:
    from app.launch import Composed
    from app.service import Service


def main(argv: Sequence[str] | None = None) -> int:
    """The exit status: 0 when asked to stop, 1 when it cannot start, 2 when a setting is at fault."""
    argv = sys.argv[1:] if argv is None else argv
    if argv[:1] == ["mcp"]:
        from app import mcp_stdio

        return mcp_stdio.main(argv[1:])
    try:
        # a service manager's stop ends a start that is under way as Ctrl-C does
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        settings = load(argv, os.environ)
        logs.configure(settings.log_level)
        with listen(settings) as listener:
            defer_collection()
            # only now what takes time to import: --help, a typo or a taken port answer at once
            from app.launch import serve

            serve(settings, listener, compose)
    except CannotStart as problem:
        print(f"agent-kanban: {problem}", file=sys.stderr)
        return 2 if isinstance(problem, InvalidSetting) else 1
    except KeyboardInterrupt:
        pass
    return 0


def compose(service: "Service") -> "Composed":
    """The doors for programs, the pages for people, and the guard in front of both."""
    from app import doors
    from app.doors.guard import Guard

    with without("aiohttp"):  # for clients of a Socket.IO server, and a fifth of NiceGUI's import
        from components import pages

    api = doors.build(service)
    pages.install(api, service)
    return Guard(api, service.settings), api.state.close_all


if __name__ == "__main__":
    sys.exit(main())
