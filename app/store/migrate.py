"""Brings the tables up to date at start. Alembic is imported only when there is something to do: it slows the start."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from app.errors import CannotStart
from app.store.database import Database, first_line

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 0x616B62
"""The advisory lock under which several processes on one PostgreSQL migrate one after the other."""


def to_newest(database: Database) -> None:
    """Raises CannotStart when the database was written by a newer program, or cannot be written."""
    revisions = known_revisions()
    with database.writing.connect() as connection:
        present = _present(connection)
    if present == revisions[-1]:
        return
    if present is not None and present not in revisions:
        raise CannotStart(
            f"the database is newer than this program (its schema is {present}, this program knows up to "
            f"{revisions[-1]}); start a newer version of Agent Kanban Board"
        )
    try:
        _upgrade(database)
    except DBAPIError as error:
        raise CannotStart(f"the database cannot be brought up to date: {first_line(error)}") from error


def known_revisions() -> list[str]:
    """Schema revisions in order; a file of the migrations begins with its revision (`0001_first.py`)."""
    return sorted(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _present(connection: Connection) -> str | None:
    try:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except DBAPIError as error:
        raise CannotStart(f"the database cannot be read: {first_line(error)}") from error


def _upgrade(database: Database) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with database.writing.connect() as connection:
        if database.shared:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        else:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
