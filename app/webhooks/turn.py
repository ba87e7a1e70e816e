"""Which of several servers on one PostgreSQL sends: the one that holds a lock there, on a connection of its own.

When it dies, the database lets go of the lock and the next server that asks has its turn. SQLite has one server.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from app.store import Store
from app.store.database import NOTICED

if TYPE_CHECKING:
    import psycopg

ASK_SECONDS = 2.0
ANSWER_SECONDS = 5.0
CONNECT_SECONDS = 5
MINE = "SELECT pg_try_advisory_lock(hashtextextended('agent_kanban webhooks', 0))"
"""Asked again and again rather than waited for: a query that waits for days keeps the database from cleaning up."""

log = logging.getLogger(__name__)


async def in_turn(store: Store, work: Callable[[], Awaitable[None]]) -> None:
    """Runs `work` while it is this process's turn, which on SQLite is always; ends when cancelled."""
    if not store.shared:
        await work()
        return
    import psycopg  # an extra: imported only where PostgreSQL is used

    _, arguments = store.url.get_dialect()().create_connect_args(store.url)
    while True:
        try:
            opening: Any = psycopg.AsyncConnection.connect(
                **{"connect_timeout": CONNECT_SECONDS, **NOTICED, **arguments}, autocommit=True
            )
            async with await opening as connection:
                while not await _ask(connection, MINE):  # noqa: ASYNC110 (only the database knows)
                    await asyncio.sleep(ASK_SECONDS)
                await _while_connected(connection, work)
        except (psycopg.Error, TimeoutError) as error:
            log.warning("webhooks wait for the database (%s)", str(error).strip() or "no answer")
            await asyncio.sleep(ASK_SECONDS)


async def _while_connected(connection: "psycopg.AsyncConnection[Any]", work: Callable[[], Awaitable[None]]) -> None:
    """A connection that is lost has lost the lock: then another may begin, and this one must not go on."""
    working = asyncio.ensure_future(work())
    try:
        while not working.done():
            await asyncio.wait({working}, timeout=ASK_SECONDS)
            await _ask(connection, "SELECT true")
        working.result()
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


async def _ask(connection: "psycopg.AsyncConnection[Any]", question: str) -> bool:
    async with asyncio.timeout(ANSWER_SECONDS):
        row = await (await connection.execute(question)).fetchone()
    return bool(row and row[0])
