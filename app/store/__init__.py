"""Where boards are kept: one gate for writing, many readers, SQLite in one process or PostgreSQL for several."""

from app.store.clock import utc_now
from app.store.store import Once, Store

__all__ = ["Once", "Store", "utc_now"]
