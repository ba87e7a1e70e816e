"""Real MCP clients, in the newest protocol and in the older ones, and what they say."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import mcp_types as types
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

from tests.launching import MAIN

MODES = ["auto", "legacy"]


class Agent:
    """An agent with a client; `say` and `refused` answer the words of a tool."""

    def __init__(self, client: Client) -> None:
        self.client = client

    async def call(self, tool: str, **arguments: Any) -> tuple[bool, str]:
        """Whether it was refused, and the words."""
        result = await self.client.call_tool(tool, arguments)
        [content] = result.content
        assert isinstance(content, types.TextContent)
        return bool(result.is_error), content.text

    async def say(self, tool: str, **arguments: Any) -> str:
        refused, text = await self.call(tool, **arguments)
        assert not refused, text
        return text

    async def refused(self, tool: str, **arguments: Any) -> str:
        refused, text = await self.call(tool, **arguments)
        assert refused, text
        assert len(text) <= 320
        return text


@asynccontextmanager
async def agent(port: int, name: str | None = "agent-1", mode: str = "auto", **headers: str) -> AsyncIterator[Agent]:
    named = {"X-Actor": name} if name is not None else {}
    async with httpx2.AsyncClient(headers={**named, **headers}, timeout=60) as http:
        transport = streamable_http_client(f"http://localhost:{port}/mcp", http_client=http)
        async with Client(transport, mode=mode) as client:
            await client.list_tools()  # which the client would else do in the midst of the first call
            yield Agent(client)


@asynccontextmanager
async def bridge(
    port: int, errors: Path, mode: str = "auto", actor: str = "Jürgen 🤖", **options: Any
) -> AsyncIterator[Agent]:
    """Over stdio: the client starts `python main.py mcp` as a program; what that complains of is in `errors`."""
    arguments = [str(MAIN), "mcp", "--url", f"http://localhost:{port}/", "--actor", actor]
    with errors.open("w") as stderr:
        started = stdio_client(StdioServerParameters(command=sys.executable, args=arguments), errlog=stderr)
        async with Client(started, mode=mode, **options) as client:
            yield Agent(client)
