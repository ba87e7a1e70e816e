"""Ways to start sooner: most of a start is imports."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager


def defer_collection() -> None:
    """Until `collect_from_now`: what is imported stays, so looking for garbage among it is lost time."""
    gc.disable()


def collect_from_now() -> None:
    """The collector starts, and never looks at what is there by now."""
    gc.freeze()
    gc.enable()


@contextmanager
def without(module: str) -> Iterator[None]:
    """Imports in this block do without an optional module, unless it is loaded already. Later imports find it."""
    if module in sys.modules:
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[module]
