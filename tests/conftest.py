"""What every test may use: a store on SQLite and on a real PostgreSQL, a clock that is set, a feed."""

import importlib.util
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from app.feed import Feed
from app.store import Store
from tests import postgres
from tests.support import Clock

IN_CI = os.environ.get("CI", "").lower() in ("1", "true")
SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]

settings.register_profile("local", deadline=None, suppress_health_check=SLOW_IS_FINE)
settings.register_profile("ci", deadline=None, suppress_health_check=SLOW_IS_FINE, derandomize=True, database=None)
settings.load_profile("ci" if IN_CI else "local")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Two workers share the tests. Those in a real browser come last and on one of them: they need a quiet machine."""
    in_browser = pytest.mark.xdist_group("browser")
    for item in items:
        if _needs_browser(item):
            item.add_marker(in_browser)
    items.sort(key=_needs_browser)


def _needs_browser(item: pytest.Item) -> bool:
    return "browser" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A running PostgreSQL. Without one the test is skipped; under CI that is a failure."""
    with ExitStack() as stack:
        try:
            if importlib.util.find_spec("psycopg") is None:
                raise postgres.Missing("the PostgreSQL driver is missing: pip install 'agent-kanban[postgres]'")
            server = stack.enter_context(postgres.serving())
        except postgres.Missing as missing:
            if IN_CI:
                pytest.fail(str(missing))
            pytest.skip(str(missing))
        yield server


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with up-to-date, empty tables, to copy: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("migrated") / "board.db"
    Store.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of the test's own, on each store in turn; `support.only` narrows it to one."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "board.db")
        yield f"sqlite:///{tmp_path / 'board.db'}"
        return
    server: postgres.Server = request.getfixturevalue("postgres_server")
    url = server.database()
    yield url
    server.give_back(url)


@pytest.fixture
def store(database_url: str, clock: Clock) -> Iterator[Store]:
    opened = Store.open(database_url, clock=clock)
    yield opened
    opened.close()


@pytest.fixture
async def feed(store: Store) -> AsyncIterator[Feed]:
    running = Feed(store)
    await running.start()
    yield running
    await running.stop()
