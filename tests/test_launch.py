"""The launch as a person meets it: one command, an address, and one clear line when it cannot be."""

import asyncio
import importlib.util
import os
import signal
import socket
import sqlite3
import subprocess
import sys

import httpx
import pytest
import websockets
from websockets.sync.client import connect

from app import __version__
from tests.launching import MAIN, Launched, refused

PROMISED_SECONDS = 2.0


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Launched(tmp_path_factory.mktemp("launched")) as launched:
        yield launched


def test_it_serves_where_it_says_it_does(server):
    answer = httpx.get(f"{server.url}/healthz")

    assert answer.status_code == 200


def test_an_empty_database_gets_one_board_that_teaches_the_board(server):
    boards = httpx.get(f"{server.url}/api/v1/boards").json()
    board = httpx.get(f"{server.url}/api/v1/boards/HELLO").json()

    assert len(boards) == 1
    assert [column["name"] for column in board["columns"]][:2] == ["Not Started", "In Progress"]
    assert board["cards"][0]["title"] == "Drag me to In Progress"


def test_the_line_on_the_welcome_board_moves_its_card(server):
    card = httpx.get(f"{server.url}/api/v1/cards/HELLO-3").json()
    line = card["description"].split("```sh\n")[1].split("```")[0]

    subprocess.run(["bash", "-c", line], check=True, capture_output=True, timeout=30)

    after = httpx.get(f"{server.url}/api/v1/cards/HELLO-3").json()
    assert after["column_id"] == card["column_id"] + 1


def test_a_second_start_finds_the_boards_of_the_first(tmp_path):
    with Launched(tmp_path) as first:
        httpx.post(f"{first.url}/api/v1/cards/HELLO-1/move", json={"column_id": 3}).raise_for_status()
    with Launched(tmp_path) as second:
        assert httpx.get(f"{second.url}/api/v1/cards/HELLO-1").json()["column_id"] == 3
        boards = httpx.get(f"{second.url}/api/v1/boards").json()
        assert len(boards) == 1


def test_the_demo_leaves_nothing_behind(tmp_path):
    with Launched(tmp_path, "--demo", environ={"TMPDIR": str(tmp_path)}) as server:
        board = httpx.get(f"{server.url}/api/v1/boards/DEMO").json()
        assert len(board["cards"]) == 28
        assert httpx.get(f"{server.url}/api/v1/boards/HELLO").status_code == 200
        server.stop()
    assert [path.name for path in tmp_path.iterdir()] == ["stderr.txt"]


@pytest.mark.parametrize("sig", [signal.SIGINT, signal.SIGTERM])
async def test_it_stops_at_once_and_quietly_with_everybody_connected(tmp_path, sig):
    with Launched(tmp_path) as server:
        address = server.url.replace("http", "ws")
        async with (
            websockets.connect(f"{address}/ws/connect?board_id=1") as socket_client,
            websockets.connect(f"{address}/_nicegui_ws/socket.io/?EIO=4&transport=websocket") as browser,
            httpx.AsyncClient(base_url=server.url) as client,
        ):
            await socket_client.recv()
            await browser.recv()
            sequence = (await client.get("/api/v1/boards/1")).json()["sequence"]
            waiting = asyncio.create_task(client.get(f"/api/v1/boards/1/changes?since={sequence}&wait=25", timeout=30))
            await client.get("/healthz")

            seconds = await asyncio.to_thread(server.stop, sig)
            await asyncio.gather(waiting, return_exceptions=True)

        assert server.process.returncode == 0
        assert seconds < PROMISED_SECONDS
        assert server.log == ""


def test_the_log_of_requests_keeps_query_strings_to_itself(tmp_path):
    with Launched(tmp_path, "--log-level", "debug") as server:
        address = server.url.replace("http", "ws")
        with connect(f"{address}/ws/connect?token=s3cret&username=Ana"):
            httpx.get(f"{server.url}/api/v1/cards?q=s3cret")

        assert "/api/v1/cards?..." in server.log
        assert "/ws/connect?..." in server.log
        assert "s3cret" not in server.log


def test_a_stop_during_the_start_is_no_failure(tmp_path):
    process = subprocess.Popen([sys.executable, str(MAIN), "--port", "0"], cwd=tmp_path, stderr=subprocess.PIPE)
    try:
        while not (tmp_path / "agent-kanban.db.lock").exists():
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
    finally:
        process.kill()

    assert process.returncode == 0
    assert errors == b""


def test_version_and_help_answer_without_loading_the_program(tmp_path):
    version = refused(tmp_path, "--version")
    assert (version.returncode, version.stdout.strip()) == (0, f"agent-kanban {__version__}")
    assert refused(tmp_path, "--help").returncode == 0

    loaded = "import sys, main\nprint([name for name in ('nicegui', 'sqlalchemy', 'fastapi') if name in sys.modules])"
    seen = subprocess.run([sys.executable, "-c", loaded], cwd=MAIN.parent, capture_output=True, text=True, check=True)
    assert seen.stdout.strip() == "[]"


def test_a_malformed_setting(tmp_path):
    _one_line(refused(tmp_path, "--port", "eighty"), 2, "--port")
    _one_line(refused(tmp_path, environ={"AGENT_KANBAN_LOG_LEVEL": "loud"}), 2, "AGENT_KANBAN_LOG_LEVEL")
    _one_line(refused(tmp_path, "--colour", "red"), 2, "--colour")


def test_a_database_that_is_none(tmp_path):
    _one_line(refused(tmp_path, "--database", "mysql://localhost/boards"), 1, "mysql")
    _one_line(refused(tmp_path, "--database", "boards.db"), 1, "sqlite:///")


def test_a_port_in_use(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        _one_line(refused(tmp_path, "--port", str(port)), 1, f"port {port} of 127.0.0.1 is in use")
    assert not list(tmp_path.iterdir())


def test_beyond_this_machine_it_opens_only_when_told(tmp_path):
    _one_line(refused(tmp_path, "--host", "0.0.0.0"), 2, "--open")
    with Launched(tmp_path, "--host", "0.0.0.0", "--open") as server:
        assert httpx.get(f"{server.url}/healthz").status_code == 200


def test_a_folder_that_cannot_be_written(tmp_path):
    _one_line(refused(tmp_path, "--port", "0", "--database", "sqlite:////proc/agent-kanban.db"), 1, "/proc")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_cannot_be_written(tmp_path):
    with Launched(tmp_path):
        pass
    (tmp_path / "agent-kanban.db").chmod(0o444)
    _one_line(refused(tmp_path, "--port", "0"), 1, "agent-kanban.db")


def test_a_file_that_is_no_database(tmp_path):
    (tmp_path / "agent-kanban.db").write_text("Dear diary, " * 400)

    _one_line(refused(tmp_path, "--port", "0"), 1, "database")


def test_a_database_newer_than_the_program(tmp_path):
    with Launched(tmp_path):
        pass
    with sqlite3.connect(tmp_path / "agent-kanban.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")

    _one_line(refused(tmp_path, "--port", "0"), 1, "newer")


def test_a_second_server_on_the_same_file(tmp_path):
    with Launched(tmp_path):
        _one_line(refused(tmp_path, "--port", "0"), 1, "in use by another server")


def test_a_postgresql_that_does_not_answer(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    url = f"postgresql://somebody:secret@127.0.0.1:{port}/boards"

    outcome = refused(tmp_path, "--port", "0", "--database", url)

    _one_line(outcome, 1, f"127.0.0.1:{port}")
    assert "secret" not in outcome.stderr


def test_postgresql_without_its_driver(tmp_path):
    assert importlib.util.find_spec("psycopg")
    (tmp_path / "psycopg.py").write_text("raise ModuleNotFoundError(\"No module named 'psycopg'\", name='psycopg')\n")

    outcome = refused(
        tmp_path,
        *("--port", "0", "--database", "postgresql://localhost/boards"),
        environ={"PYTHONPATH": str(tmp_path)},
    )

    _one_line(outcome, 1, "agent-kanban[postgres]")


def _one_line(outcome: subprocess.CompletedProcess[str], status: int, saying: str) -> None:
    assert outcome.returncode == status, outcome.stderr
    assert outcome.stdout == ""
    assert outcome.stderr.count("\n") == 1, outcome.stderr
    assert outcome.stderr.startswith("agent-kanban: ")
    assert saying in outcome.stderr
