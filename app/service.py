"""What a running server consists of, handed to the doors and the pages as one thing."""

from dataclasses import dataclass, field
from datetime import datetime

from app.feed import Feed
from app.leases import Leases
from app.settings import Settings
from app.store import Store


@dataclass
class Service:
    settings: Settings
    store: Store
    feed: Feed
    started_at: datetime
    leases: Leases = field(init=False)

    def __post_init__(self) -> None:
        self.leases = Leases(self.store)
