"""Migrations: they make the tables that the models describe, once, whoever comes first."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Connection, create_engine, inspect, make_url, text
from sqlmodel import SQLModel

from app.commands import claims
from app.errors import CannotStart
from app.queries import boards
from app.store import Store, migrate
from models.tables import TABLES
from models.types import table_of
from tests import postgres
from tests.support import ROBOT, only


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
        assert connection.execute(ranks).all() == [
            ("board_column", "C"),
            ("card", "C"),
            ("checklist_item", "C"),
        ]


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


def test_a_database_of_the_first_schema_is_brought_up_to_date_with_everything_in_it(
    postgres_server: postgres.Server, tmp_path: Path
) -> None:
    for url in (f"sqlite:///{tmp_path / 'old.db'}", postgres_server.empty_database()):
        engine = create_engine(make_url(url).set(drivername=_driver(url)))
        with engine.begin() as connection:
            _first_schema(connection)
            for statement in OLD_BOARD:
                connection.execute(text(statement))
        engine.dispose()
        with closing(Store.open(url)) as store:
            view = boards.snapshot(store, "OLD")
            [card] = view.cards.values()
            assert (card.title, card.claim, card.checklist, card.labels, card.due_at) == ("Kept", None, (), (), None)
            assert (view.board.paused, view.columns[0].requires) == ((), ())
            assert claims.claim_card(store, "OLD-1", actor=ROBOT).fence == 1


def _driver(url: str) -> str:
    return "sqlite" if url.startswith("sqlite") else "postgresql+psycopg"


def _first_schema(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate.MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "0001")


OLD_BOARD = (
    "INSERT INTO board (id, key, name, sequence, last_card_number, created_at, updated_at) "
    "VALUES (1, 'OLD', 'Old', 2, 1, '2026-01-01 00:00:00', '2026-01-01 00:00:00')",
    "INSERT INTO board_column (id, board_id, name, kind, rank) VALUES (1, 1, 'To do', 'queue', 'a0')",
    "INSERT INTO card (id, board_id, column_id, number, rank, title, description, acceptance_criteria, priority, "
    "version, created_at, updated_at, column_entered_at) VALUES (1, 1, 1, 1, 'a0', 'Kept', '', '', 2, 1, "
    "'2026-01-01 00:00:00', '2026-01-01 00:00:00', '2026-01-01 00:00:00')",
)
