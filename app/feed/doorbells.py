"""Between processes on one PostgreSQL: LISTEN wakes the tails. The ring is a hint; reading by sequence is the truth."""

import asyncio
import logging
from collections.abc import Callable

from sqlalchemy import URL

from app.store.database import NOTICED
from app.store.unit import DOORBELL

POLL_SECONDS = 2.0
RETRY_SECONDS = 1.0
CONNECT_SECONDS = 5

log = logging.getLogger(__name__)


class PostgresDoorbell:
    """Listens on a connection of its own. After each (re)connection and every two seconds it asks for a poll."""

    def __init__(self, url: URL, *, rung: Callable[[int, int], None], poll: Callable[[], None]) -> None:
        # read by the same rules as the store reads it: the driver's own differ in spaces and several hosts
        _, self._arguments = url.get_dialect()().create_connect_args(url)
        self._rung = rung
        self._poll = poll
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        listening = asyncio.Event()
        self._task = asyncio.create_task(self._keep_listening(listening))
        await listening.wait()

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _keep_listening(self, listening: asyncio.Event) -> None:
        import psycopg  # an extra: imported only where PostgreSQL is used

        while True:
            try:
                opening = psycopg.AsyncConnection.connect(
                    **{"connect_timeout": CONNECT_SECONDS, **NOTICED, **self._arguments}, autocommit=True
                )
                async with await opening as connection:
                    await connection.execute(f"LISTEN {DOORBELL}")
                    listening.set()
                    while True:
                        self._poll()
                        async for notice in connection.notifies(timeout=POLL_SECONDS):
                            board_id, _, sequence = notice.payload.partition(" ")
                            if board_id.isdecimal() and sequence.isdecimal():
                                self._rung(int(board_id), int(sequence))
            except psycopg.Error as error:
                log.warning("the database's doorbell is out of reach (%s); trying again", str(error).strip())
                listening.set()
                self._poll()
                await asyncio.sleep(RETRY_SECONDS)
