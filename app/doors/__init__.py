"""The doors for programs: REST, the socket and MCP. They parse, call one command or query, and translate the answer."""

from app.doors.application import build
from app.doors.guard import Guard

__all__ = ["Guard", "build"]
