"""Where boards are kept: one gate for writing, many readers, SQLite in one process or PostgreSQL for several."""

from app.store.store import Once, Store, utc_now

__all__ = ["Once", "Store", "utc_now"]
