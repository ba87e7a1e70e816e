"""A claim: who works on a card now. It is a lease, which ends by itself when its holder falls silent.

`expires_at` is what everybody was told with the last change. `kept_until` is when the lease really ends: every call
of the holder moves it on without a word, so that a busy agent does not fill the history with signs of life. Once less
than half of what was told is left, a change tells the new time. So whoever still shows less than half is silent.
"""

from datetime import datetime, timedelta

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.types import UtcDateTime

HOLDER_LENGTH = 60
LEASE_SECONDS = 300
LEASE_SECONDS_MOST = 3_600
BUSY_SECONDS_MOST = 86_400
NOTICED_SECONDS = 1.0
"""A lease that would end so little later, or a quarter of its length, is not renewed yet: it spares most writes."""


class Claim(SQLModel, table=True):
    __table_args__ = (Index("ix_claim_kept_until", "kept_until"), Index("ix_claim_holder", "holder"))

    card_id: int = Field(primary_key=True, foreign_key="card.id", ondelete="CASCADE")
    holder: str = Field(max_length=HOLDER_LENGTH)
    kind: str = Field(max_length=10)
    fence: int
    lease_seconds: int
    claimed_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    kept_until: datetime = Field(sa_type=UtcDateTime)
    busy_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


def end_of_lease(now: datetime, lease_seconds: int, busy_until: datetime | None) -> datetime:
    """When a lease ends that is renewed now: after its own length, and not before the holder said to be back."""
    end = now + timedelta(seconds=lease_seconds)
    return end if busy_until is None else max(end, busy_until)


def wants_renewal(now: datetime, kept_until: datetime, lease_seconds: int) -> bool:
    """Whether a sign of life moves the end of the lease noticeably."""
    return now + timedelta(seconds=lease_seconds) - kept_until >= timedelta(
        seconds=min(NOTICED_SECONDS, lease_seconds / 4)
    )


def wants_telling(now: datetime, told: datetime, lease_seconds: int) -> bool:
    """Whether less than half of the lease that everybody was told of is left."""
    return told - now < timedelta(seconds=lease_seconds) / 2


def silent_from(expires_at: datetime, lease_seconds: int, busy_until: datetime | None) -> datetime:
    """From when on the holder counts as silent, if nothing more is heard of it."""
    half = expires_at - timedelta(seconds=lease_seconds) / 2
    return half if busy_until is None else max(half, busy_until)
