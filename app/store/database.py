"""The connection to SQLite or PostgreSQL, with the settings that keep an acknowledged change safe."""

import logging
import sqlite3
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import QueuePool

from app.errors import CannotStart, StoreUnavailable

log = logging.getLogger(__name__)

NOTICED = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000}
"""So that a PostgreSQL which vanished without a word holds a thread for twenty seconds, not for many minutes."""
READERS = 4
"""Connections (and threads) that read at the same time."""
WRITERS = 10
"""Connections (and threads) that write at the same time on PostgreSQL; SQLite has one."""
BUSY_TIMEOUT_MS = 10_000
DISCREET = {"hide_parameters": True}
"""What people wrote on their cards stays out of errors, and so out of the log."""


class Database:
    """Engines for writing and reading; `shared` tells whether other processes may write to the same database."""

    def __init__(self, url: str) -> None:
        """Raises CannotStart when the URL names no database that can be opened."""
        self.url = _parse(url)
        self.shared = self.url.get_backend_name() == "postgresql"
        self._lock: FileLock | None = None
        if self.shared:
            self.writing, self.reading = _postgresql(self.url)
        else:
            self._lock = _sole_user(Path(self.url.database or ""))
            self.writing, self.reading = _sqlite(self.url)
        self._probe()

    def close(self) -> None:
        self.reading.dispose()
        self.writing.dispose()
        if self._lock is not None:
            self._lock.release()

    def _probe(self) -> None:
        try:
            with self.writing.connect():
                pass
        except (DatabaseError, sqlite3.Error) as error:
            self.close()
            raise CannotStart(f"cannot open the database {_shown(self.url)}: {first_line(error)}") from error


def _parse(text: str) -> URL:
    try:
        url = make_url(text)
        backend = url.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise CannotStart(
            "the database setting is no URL; write sqlite:///file.db or postgresql://user@host/name"
        ) from error
    if backend == "sqlite":
        if not url.database or url.database == ":memory:":
            raise CannotStart("the database setting names no file; write sqlite:///file.db")
        return url.set(drivername="sqlite")
    if backend in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    raise CannotStart(f"{backend} is no database this program knows; write sqlite:///file.db or postgresql://...")


def _sole_user(path: Path) -> FileLock:
    """Two servers on one SQLite file would each push to half of the browsers: the second is refused."""
    lock = FileLock(f"{path.resolve()}.lock", blocking=False)
    try:
        with open(lock.lock_file, "ab"):
            pass  # where nothing can be written the lock would wait for nobody
        lock.acquire()
    except Timeout as error:
        raise CannotStart(f"{path} is in use by another server; stop that, or use PostgreSQL for several") from error
    except OSError as error:
        raise CannotStart(f"cannot write to the folder of {path}: {error.strerror}") from error
    return lock


def _sqlite(url: URL) -> tuple[Engine, Engine]:
    arguments: dict[str, Any] = {"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000}
    common: dict[str, Any] = {"connect_args": arguments, "poolclass": QueuePool, **DISCREET}
    writing = create_engine(url, pool_size=1, max_overflow=0, **common)
    reading = create_engine(url, pool_size=READERS, max_overflow=2, **common)

    def configure(connection: sqlite3.Connection, *pragmas: str) -> None:
        connection.isolation_level = None  # transactions begin where the gate says, not where the driver guesses
        for pragma in ("foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}", *pragmas):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(writing, "connect")
    def _(connection: sqlite3.Connection, record: object) -> None:
        configure(connection, "journal_mode=WAL", "synchronous=FULL")

    @event.listens_for(reading, "connect")
    def _(connection: sqlite3.Connection, record: object) -> None:
        configure(connection, "query_only=ON")
        # SQLite's own knows the letters of English alone; a search is to find "Été" by "été" here as on PostgreSQL
        connection.create_function("lower", 1, _lower, deterministic=True)

    @event.listens_for(reading, "begin")
    def _(connection: Any) -> None:
        connection.connection.driver_connection.execute("BEGIN")

    return writing, reading


def _lower(text: Any) -> Any:
    return text.lower() if isinstance(text, str) else text


def _postgresql(url: URL) -> tuple[Engine, Engine]:
    options = f"{url.query.get('options', '')} -c timezone=UTC -c lock_timeout=10s"
    arguments = {"connect_timeout": 5, "options": options, **NOTICED}
    common: dict[str, Any] = {"connect_args": arguments, "pool_pre_ping": True, "pool_timeout": 10, **DISCREET}
    try:
        writing = create_engine(url, pool_size=WRITERS, max_overflow=2, **common)
        reading = create_engine(url, pool_size=READERS, max_overflow=2, isolation_level="REPEATABLE READ", **common)
    except ImportError as error:
        raise CannotStart("PostgreSQL needs its driver: pip install 'agent-kanban[postgres]'") from error

    @event.listens_for(reading, "connect")
    def _(connection: Any, record: object) -> None:
        connection.read_only = True

    return writing, reading


def _shown(url: URL) -> str:
    """For a line that is logged: without the password, and without the query, which may hold one too."""
    return url.set(drivername=url.get_backend_name(), query={}).render_as_string(hide_password=True)


def unavailable(error: DBAPIError) -> StoreUnavailable:
    """What a caller is told when the database fails; the driver's words, which name hosts and users, go to the log."""
    log.warning("the database failed: %s", first_line(error))
    return StoreUnavailable("the database does not answer at the moment; try again")


def first_line(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().splitlines()[0] if str(cause).strip() else type(cause).__name__
