"""A desk whose Doing is full, next to a board that is another's."""

import pytest

from app.store import Store
from tests.support import Desk


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


@pytest.fixture
def other(store: Store) -> Desk:
    return Desk(store, key="OTHER")
