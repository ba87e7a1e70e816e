"""The connection: settings that keep an acknowledged change safe, readers that cannot write, clear words at start."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import DBAPIError

from app.commands import boards
from app.errors import CannotStart, StoreUnavailable
from app.queries import boards as board_queries
from app.store import Store
from tests import postgres
from tests.support import ANNA, only, rows


@only("sqlite")
def test_an_acknowledged_change_is_on_disk_before_it_is_acknowledged(store: Store) -> None:
    with store.joining() as unit:

        def value(pragma: str) -> object:
            return unit.connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()

        assert value("journal_mode") == "wal"
        assert value("synchronous") == 2
        assert value("foreign_keys") == 1
        assert value("busy_timeout") == 10_000
    boards.create_board(store, name="x", actor=ANNA)
    with store.joining() as unit:
        assert unit.connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_a_reader_cannot_write(store: Store) -> None:
    boards.create_board(store, name="x", actor=ANNA)
    before = rows(store)

    def write(statement: str) -> None:
        with store.reading() as connection:
            connection.execute(text(statement))
            connection.commit()

    for statement in ("DELETE FROM board", "UPDATE board SET name = 'y'", "DROP TABLE comment"):
        with pytest.raises((DBAPIError, StoreUnavailable)):
            write(statement)
    assert rows(store) == before


def test_a_reader_sees_one_moment_whatever_is_written_meanwhile(store: Store) -> None:
    board = boards.create_board(store, name="before", actor=ANNA)
    name = text("SELECT name FROM board")
    with store.reading() as connection:
        assert connection.execute(name).scalar() == "before"
        boards.rename_board(store, board.id, name="after", actor=ANNA)
        assert connection.execute(name).scalar() == "before"
    assert board_queries.find_board(store, board.id).name == "after"


@only("sqlite")
def test_a_second_server_on_the_same_file_is_refused(store: Store, database_url: str) -> None:
    with pytest.raises(CannotStart, match="in use by another server"):
        Store.open(database_url)
    boards.create_board(store, name="still works", actor=ANNA)


@only("sqlite")
def test_a_second_server_is_refused_by_whatever_name_it_calls_the_file(store: Store, tmp_path: Path) -> None:
    (tmp_path / "other name.db").symlink_to(tmp_path / "board.db")
    (tmp_path / "folder").symlink_to(tmp_path)
    for name in ("other name.db", "folder/board.db"):
        with pytest.raises(CannotStart, match="in use by another server"):
            Store.open(f"sqlite:///{tmp_path / name}")


@only("sqlite")
def test_a_closed_store_lets_the_next_one_in(store: Store, database_url: str) -> None:
    boards.create_board(store, name="kept", actor=ANNA)
    store.close()
    again = Store.open(database_url)
    assert [board.name for board in board_queries.list_boards(again)] == ["kept"]
    again.close()


@only("postgresql")
def test_several_servers_share_one_postgresql(store: Store, database_url: str) -> None:
    second = Store.open(database_url)
    boards.create_board(store, name="seen by both", actor=ANNA)
    assert [board.name for board in board_queries.list_boards(second)] == ["seen by both"]
    second.close()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "board.db",
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://localhost/board",
        "postgresql://host:port/board",
        "://",
        "postgresql",
    ],
)
def test_a_malformed_url_ends_in_one_clear_line(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CannotStart, match="write sqlite:///") as caught:
        Store.open(url)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_the_driver_in_a_url_does_not_matter(tmp_path: Path) -> None:
    Store.open(f"sqlite+aiosqlite:///{tmp_path / 'board.db'}").close()


def test_a_folder_that_cannot_be_written_ends_in_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(CannotStart, match="cannot write to the folder") as caught:
        Store.open(f"sqlite:///{tmp_path / 'file' / 'board.db'}")
    assert "\n" not in str(caught.value)


def test_a_folder_in_place_of_the_file_ends_in_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "board.db").mkdir()
    with pytest.raises(CannotStart, match="cannot open the database") as caught:
        Store.open(f"sqlite:///{tmp_path / 'board.db'}")
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "board.db"
    path.write_text("a letter to a friend, longer than the head of a database file " * 50)
    before = path.read_bytes()
    with pytest.raises(CannotStart, match="cannot open the database"):
        Store.open(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "board.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE board (title TEXT)")
    connection.close()
    with pytest.raises(CannotStart, match="cannot be brought up to date"):
        Store.open(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall() == [("board",)]
    connection.close()


def test_a_failed_start_lets_the_next_one_in(tmp_path: Path) -> None:
    path = tmp_path / "board.db"
    path.write_text("no database " * 100)
    with pytest.raises(CannotStart):
        Store.open(f"sqlite:///{path}")
    path.unlink()
    Store.open(f"sqlite:///{path}").close()


@pytest.mark.parametrize(
    "url", ["postgresql://somebody:secret@127.0.0.1:1/board", "postgresql://127.0.0.1:1/board?user=u&password=secret"]
)
def test_a_postgresql_that_is_not_there_ends_in_one_clear_line(url: str) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(CannotStart, match="cannot open the database") as caught:
        Store.open(url)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_postgresql_database_that_does_not_exist_ends_in_one_clear_line(postgres_server: postgres.Server) -> None:
    url = postgres_server.url.set(database="no_such_board").render_as_string(hide_password=False)
    with pytest.raises(CannotStart, match='database "no_such_board" does not exist') as caught:
        Store.open(url)
    assert "\n" not in str(caught.value)


def test_a_postgresql_user_who_may_not_make_tables_is_told_so(postgres_server: postgres.Server) -> None:
    url = postgres_server.empty_database()
    postgres_server.execute("DROP ROLE IF EXISTS agent_kanban_guest")
    postgres_server.execute("CREATE ROLE agent_kanban_guest LOGIN PASSWORD 'guest'")
    postgres_server.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC", url)
    guest = postgres_server.url.set(username="agent_kanban_guest", password="guest", database=url.rpartition("/")[2])
    try:
        with pytest.raises(CannotStart, match="permission denied") as caught:
            Store.open(guest.render_as_string(hide_password=False))
        assert "\n" not in str(caught.value)
    finally:
        postgres_server.execute("DROP ROLE agent_kanban_guest")


@only("postgresql")
def test_options_of_the_url_hold_beside_ours(store: Store, database_url: str) -> None:
    url = make_url(database_url).update_query_dict({"options": "-c search_path=public,pg_temp"})
    second = Store.open(url.render_as_string(hide_password=False))
    with second.reading() as reader, second.joining() as writer:
        for connection in (reader, writer.connection):
            assert connection.execute(text("SHOW search_path")).scalar() == "public,pg_temp"
            assert connection.execute(text("SHOW lock_timeout")).scalar() == "10s"
    second.close()


def test_an_error_of_the_database_does_not_repeat_what_was_written(store: Store) -> None:
    """It may end in the log."""

    def write(connection: Connection) -> None:
        connection.execute(text("INSERT INTO nowhere VALUES (:words)"), {"words": "for your eyes only"})

    with store.joining() as unit, pytest.raises(DBAPIError) as caught:
        write(unit.connection)
    assert "for your eyes only" not in str(caught.value)
