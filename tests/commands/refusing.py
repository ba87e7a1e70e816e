"""A table of refusals: what is tried, which class refuses it, what the refusal tells, and that nothing changes."""

from collections.abc import Callable
from typing import Any

import pytest

from app.errors import Refusal
from tests.support import Desk, nothing_stored

Attempt = Callable[[Desk], Any]
NOBODY = 999_999
"""An id that nothing has."""


def case(name: str, refusal: type[Refusal], attempt: Attempt, **data: Any) -> Any:
    """`data` is what the refusal must say; a callable is asked with the desk."""
    return pytest.param(attempt, refusal, data, id=name)


def assert_refused(desk: Desk, attempt: Attempt, refusal: type[Refusal], data: dict[str, Any]) -> None:
    expected = {name: value(desk) if callable(value) else value for name, value in data.items()}
    with nothing_stored(desk.store):
        with pytest.raises(refusal) as caught:
            attempt(desk)
        assert caught.type is refusal
        assert {name: caught.value.data.get(name) for name in expected} == expected
        assert caught.value.detail.strip()
