"""Taking a coroutine one step without a task: it may be done then, or a task may await the rest of it."""

from collections.abc import Coroutine, Generator
from types import coroutine
from typing import Any, TypeVar

T = TypeVar("T")


@coroutine
def resumed(begun: Coroutine[Any, Any, T], pending: Any) -> Generator[Any, Any, T]:
    """The rest of a coroutine whose first `send(None)` answered `pending`."""
    while True:
        thrown: BaseException | None = None
        value = None
        try:
            value = yield pending
        except BaseException as error:
            thrown = error
        try:
            pending = begun.send(value) if thrown is None else begun.throw(thrown)
        except StopIteration as done:
            return done.value
