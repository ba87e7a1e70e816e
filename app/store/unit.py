"""A unit of work: one database transaction, and the changes it will have made once it commits."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import InterfaceError, OperationalError

from app.errors import StoreUnavailable
from app.store.database import Database, unavailable
from app.views import Change

DOORBELL = "agent_kanban"
"""The PostgreSQL channel that tells other processes `board_id sequence`, in the transaction of the change."""


class Unit:
    def __init__(self, connection: Connection, *, rings: bool) -> None:
        self.connection = connection
        self.rings = rings
        self.changes: list[Change] = []
        self.stirred = False
        # savepoints go straight to the driver: through SQLAlchemy the pair costs more than a select
        self._driver: Any = connection.connection.driver_connection

    def stir(self) -> None:
        """Once this is committed, wake whoever waits for something to happen, here and in other processes."""
        self.stirred = True
        if self.rings:
            self.connection.execute(_STIR, {"channel": DOORBELL})

    def savepoint(self, name: str) -> None:
        self._control(f"SAVEPOINT {name}")

    def release(self, name: str) -> None:
        self._control(f"RELEASE SAVEPOINT {name}")

    def roll_back_to(self, name: str) -> None:
        if self.connection.invalidated:
            return  # the connection is gone, and the whole transaction with it
        self._control(f"ROLLBACK TO SAVEPOINT {name}")
        self._control(f"RELEASE SAVEPOINT {name}")

    def _control(self, statement: str) -> None:
        try:
            self._driver.execute(statement)
        except self.connection.dialect.loaded_dbapi.Error as error:
            # a full disk or a lost connection has ended the transaction, and its savepoints with it
            raise StoreUnavailable(f"the database did not take the change: {error}") from error


class Units:
    """Opens units of work; the one open in a thread is joined, so that a batch of commands is one transaction."""

    def __init__(self, database: Database, committed: Callable[[Sequence[Change]], None]) -> None:
        self._database = database
        self._committed = committed
        self._local = threading.local()
        self._sole_writer = threading.RLock()
        self._kept: Connection | None = None

    def close(self) -> None:
        """Let go of the connection that is kept between units."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    @contextmanager
    def joining(self) -> Iterator[Unit]:
        """The unit open in this thread, or a new one that commits at the end."""
        present: Unit | None = getattr(self._local, "unit", None)
        if present is not None:
            yield present
            return
        with self.opening() as unit:
            yield unit

    @contextmanager
    def opening(self) -> Iterator[Unit]:
        """A new unit: commits, then tells of its changes; on an exception it rolls back and nothing is told.

        Raises StoreUnavailable when the database is out of reach or cannot commit.
        """
        try:
            if self._database.shared:
                with self._transaction() as unit:
                    yield unit
            else:
                with self._sole_writer, self._transaction() as unit:
                    yield unit
        except (OperationalError, InterfaceError) as error:
            raise unavailable(error) from error
        if unit.changes or unit.stirred:
            self._committed(unit.changes)

    @contextmanager
    def _transaction(self) -> Iterator[Unit]:
        connection = self._kept or self._database.writing.connect()
        self._kept = None
        try:
            if not self._database.shared:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            unit = Unit(connection, rings=self._database.shared)
            self._local.unit = unit
            yield unit
            connection.commit()
        except BaseException:
            connection.close()
            raise
        finally:
            self._local.unit = None
        if self._database.shared:
            connection.close()
        else:
            self._kept = connection  # the sole writer has no need to hand it back and ask for it again


_STIR = text("SELECT pg_notify(:channel, '0 0')")
