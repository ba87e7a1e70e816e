"""A PostgreSQL server for the tests: the one named in AGENT_KANBAN_TEST_POSTGRES, or our own in a temporary folder.

Our own sorts text by ICU rules, as many servers do, so that a rank sorted by anything but bytes would show.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from models.tables import TABLES
from models.types import table_of

SETTING = "AGENT_KANBAN_TEST_POSTGRES"
HOW_TO_GET_IT = f"PostgreSQL is missing: apt-get install postgresql, or set {SETTING} to the URL of a server"
UNPRIVILEGED = ("postgres", "nobody")
"""Whom a server started by root runs as; PostgreSQL refuses to run as root."""


class Missing(Exception):
    """There is no server to be had here."""


class Server:
    """Databases on one server. Making one takes half a second, so those given back are emptied and used again."""

    PREFIX = f"agent_kanban_test_{os.getpid()}"

    def __init__(self, url: str) -> None:
        self.url = make_url(url).set(drivername="postgresql")
        self._made: list[str] = []
        self._free: list[str] = []

    def database(self) -> str:
        """The URL of a database with up-to-date, empty tables; give it back after use."""
        return self._free.pop() if self._free else self.empty_database()

    def give_back(self, url: str) -> None:
        """The database must have been opened by a store: it is its tables that are emptied."""
        name = make_url(url).database
        self.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        tables = ", ".join(table_of(model).name for model in TABLES)
        self.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE", url)
        self._free.append(url)

    def empty_database(self) -> str:
        """The URL of a new database without tables."""
        name = f"{self.PREFIX}_{len(self._made)}"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        self._made.append(name)
        return self.url.set(database=name).render_as_string(hide_password=False)

    def close(self) -> None:
        for name in self._made:
            self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def execute(self, statement: str, url: str | None = None) -> list[Any]:
        """Run one statement as the server's administrator, in the database at `url` if one is given."""
        import psycopg

        target = url or self.url.render_as_string(hide_password=False)
        with psycopg.connect(target, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []


@contextmanager
def serving() -> Iterator[Server]:
    """Raises Missing when there is neither a server nor the means to start one."""
    given = os.environ.get(SETTING)
    with nullcontext(given) if given else _own() as url, closing(Server(url)) as server:
        yield server


@contextmanager
def _own() -> Iterator[str]:
    programs = _programs()
    user = _user()
    home = Path(tempfile.mkdtemp(prefix="agent-kanban-postgres-", dir="/tmp"))
    try:
        if user:
            shutil.chown(home, user)
        data, port = home / "data", _free_port()

        def run(program: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
            with (home / "output").open("a+") as output:
                return subprocess.run(
                    [programs / program, "-D", data, *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    cwd=home,
                    user=user,
                    group=pwd.getpwnam(user).pw_gid if user else None,
                    extra_groups=[] if user else None,
                    text=True,
                    timeout=60,
                )

        making = ("-U", "kanban", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8")
        if run("initdb", *making, "--locale-provider=icu", "--icu-locale=en-US").returncode != 0:
            shutil.rmtree(data, ignore_errors=True)
            if run("initdb", *making).returncode != 0:
                raise Missing(f"initdb failed: {(home / 'output').read_text()[-500:]}")
        options = (
            f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={home} "
            "-c fsync=off -c shared_buffers=32MB -c max_connections=100"
        )
        if run("pg_ctl", "-o", options, "-l", str(home / "log"), "-w", "start").returncode != 0:
            raise Missing(f"the server did not start: {(home / 'log').read_text()[-500:]}")
        try:
            yield f"postgresql://kanban@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _programs() -> Path:
    """The folder that holds initdb and pg_ctl."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not installed:
        raise Missing(HOW_TO_GET_IT)
    return installed[-1].parent


def _user() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    for name in UNPRIVILEGED:
        if name in known:
            return name
    raise Missing("PostgreSQL refuses to run as root, and there is no user postgres or nobody to run it as")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
