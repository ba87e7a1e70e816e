"""What a running server consists of, handed to the doors and the pages as one thing."""

from dataclasses import dataclass
from datetime import datetime

from app.feed import Feed
from app.settings import Settings
from app.store import Store


@dataclass
class Service:
    settings: Settings
    store: Store
    feed: Feed
    started_at: datetime
