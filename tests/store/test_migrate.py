"""Migrations: they make the tables that the models describe, once, whoever comes first."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, create_engine, inspect, make_url, text
from sqlmodel import SQLModel

from app.errors import CannotStart
from app.store import Store, migrate
from models.tables import TABLES
from models.types import table_of
from tests import postgres
from tests.support import only


def test_the_migrations_make_what_the_models_say(store: Store) -> None:
    with store.reading() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"compare_type": True, "compare_server_default": True, "target_metadata": SQLModel.metadata},
        )
        assert compare_metadata(context, SQLModel.metadata) == []


def test_ids_and_constraints_are_named_as_the_models_name_them(store: Store) -> None:
    """What alembic does not compare: keys, checks, collations, and what goes along when a row is deleted."""
    with store.reading() as connection:
        there = inspect(connection)
        for table in (table_of(model) for model in TABLES):
            assert there.get_pk_constraint(table.name)["constrained_columns"] == [
                column.name for column in table.primary_key.columns
            ]
            assert {check["name"] for check in there.get_check_constraints(table.name)} == {
                str(check.name) for check in table.constraints if isinstance(check, CheckConstraint)
            }
            assert {
                (key["name"], key["referred_table"], key["options"].get("ondelete"))
                for key in there.get_foreign_keys(table.name)
            } == {(str(key.name), key.referred_table.name, key.ondelete) for key in table.foreign_key_constraints}


@only("postgresql")
def test_ranks_sort_byte_by_byte_whatever_the_collation_of_the_server(store: Store) -> None:
    ranks = text(
        "SELECT table_name, collation_name FROM information_schema.columns "
        "WHERE column_name = 'rank' AND table_schema = 'public' ORDER BY 1"
    )
    with store.reading() as connection:
        assert connection.execute(ranks).all() == [("board_column", "C"), ("card", "C")]


def test_the_revisions_known_by_file_name_are_those_alembic_knows() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate.MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [migrate.known_revisions()[-1]]
    assert [script.revision for script in scripts.walk_revisions()][::-1] == migrate.known_revisions()


def test_a_newer_database_is_refused_and_left_alone(store: Store, database_url: str) -> None:
    with store.joining() as unit:
        unit.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(CannotStart, match="newer than this program") as caught:
        Store.open(database_url)
    assert "\n" not in str(caught.value)
    engine = create_engine(make_url(database_url).set(drivername="postgresql+psycopg" if store.shared else "sqlite"))
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE alembic_version SET version_num = :newest"), {"newest": migrate.known_revisions()[-1]}
        )
    engine.dispose()
    Store.open(database_url).close()


def test_a_start_that_fails_half_way_leaves_no_table_behind(tmp_path: Path) -> None:
    path = tmp_path / "board.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE receipt (x)")  # in the way of the last table that is made
    connection.close()
    with pytest.raises(CannotStart):
        Store.open(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall() == [("receipt",)]
    connection.close()


def test_servers_that_start_at_once_on_an_empty_postgresql_all_start(postgres_server: postgres.Server) -> None:
    url = postgres_server.empty_database()
    with ThreadPoolExecutor(4) as threads:
        for store in threads.map(lambda _: Store.open(url), range(4)):
            store.close()


def test_a_postgresql_of_another_program_is_refused_in_one_line(postgres_server: postgres.Server) -> None:
    url = postgres_server.empty_database()
    postgres_server.execute("CREATE TABLE board (title text)", url)
    with pytest.raises(CannotStart, match="cannot be brought up to date") as caught:
        Store.open(url)
    assert "\n" not in str(caught.value)
