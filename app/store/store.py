"""The store as the rest of the program knows it: run a command, run a query, hear what was committed."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar, overload

from sqlalchemy import Connection
from sqlalchemy.exc import InterfaceError, OperationalError

from app.errors import StoreUnavailable
from app.store import migrate, receipts
from app.store.clock import DatabaseClock, utc_now
from app.store.database import READERS, WRITERS, Database, unavailable
from app.store.receipts import Once
from app.store.unit import Unit, Units
from app.store.writer import PooledWriter, SoleWriter
from app.views import Change

P = ParamSpec("P")
T = TypeVar("T")


class Store:
    """Commands and queries are plain functions that take the store first.

    `run` and `read` take them off the event loop: on SQLite one writer thread runs commands in turn, several to a
    commit; on PostgreSQL a small pool does. Readers have their own threads and connections. A command or query may
    also be called directly, from any thread that may wait for the disk.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.shared = database.shared
        self.url = database.url
        self.on_commit: Callable[[Sequence[Change]], None] = _nobody_listens
        self._database = database
        self._units = Units(database, self._committed)
        self._writer = PooledWriter(self._units, WRITERS) if database.shared else SoleWriter(self._units)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._closed = False

    @classmethod
    def open(cls, url: str, *, clock: Callable[[], datetime] | None = None) -> "Store":
        """Open the database at `url` and bring its tables up to date. Without a `clock` it is this machine's on SQLite
        and the database's on PostgreSQL, which several machines may share.

        Raises CannotStart, in one line, when it cannot be opened, is in use by another server, or is newer than
        this program.
        """
        database = Database(url)
        try:
            migrate.to_newest(database)
            if clock is None and database.shared:
                clock = DatabaseClock()
                with database.reading.connect() as connection:
                    clock.measure(connection)
        except BaseException:
            database.close()
            raise
        return cls(database, clock or utc_now)

    def close(self) -> None:
        """Finish what is under way and let go of the database; who comes later is refused with StoreUnavailable."""
        self._closed = True
        self._writer.close()
        self._readers.shutdown()
        self._units.close()
        self._database.close()

    @overload
    async def run(self, command: Callable[..., T], *args: Any, once: None = None, **kwargs: Any) -> T: ...
    @overload
    async def run(self, command: Callable[..., Any], *args: Any, once: Once, **kwargs: Any) -> bytes: ...
    async def run(self, command: Callable[..., Any], *args: Any, once: Once | None = None, **kwargs: Any) -> Any:
        """Run `command(store, *args, **kwargs)` where writing is done, and answer what it answers.

        With `once`, answers the bytes of the first answer to that key, and runs the command only the first time.
        """

        def job(unit: Unit) -> Any:
            if once is None:
                return command(self, *args, **kwargs)
            return receipts.once(unit, once, self.clock(), lambda: command(self, *args, **kwargs))

        self._refuse_when_closed()
        return await self._writer.submit(job)

    def read(self, query: Callable[Concatenate["Store", P], T], *args: P.args, **kwargs: P.kwargs) -> Awaitable[T]:
        """Run `query(store, *args, **kwargs)` on a reader thread."""
        self._refuse_when_closed()
        return asyncio.get_running_loop().run_in_executor(self._readers, lambda: query(self, *args, **kwargs))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view of the database that cannot write. Raises StoreUnavailable when it is out of reach."""
        try:
            with self._database.reading.connect() as connection:
                yield connection
        except (OperationalError, InterfaceError) as error:
            raise unavailable(error) from error

    def set_clock(self) -> None:
        """Ask the database again what time it is, if it is its time that counts. Raises StoreUnavailable."""
        if isinstance(self.clock, DatabaseClock):
            with self.reading() as connection:
                self.clock.measure(connection)

    def joining(self) -> AbstractContextManager[Unit]:
        """The unit of work open in this thread, or a new one: several commands in it are one transaction."""
        return self._units.joining()

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise StoreUnavailable("the server is stopping")

    def _committed(self, changes: Sequence[Change]) -> None:
        self.on_commit(changes)


def _nobody_listens(changes: Sequence[Change]) -> None:
    """Until a feed is attached."""
