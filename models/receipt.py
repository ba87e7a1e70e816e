"""The kept answer to a write that carried an idempotency key, so that a retry answers the same and changes nothing."""

from datetime import datetime

from sqlmodel import Field, LargeBinary, SQLModel

from models.types import UtcDateTime

KEY_LENGTH = 255


class Receipt(SQLModel, table=True):
    actor: str = Field(primary_key=True, max_length=80)
    key: str = Field(primary_key=True, max_length=KEY_LENGTH)
    fingerprint: str = Field(max_length=64)
    answer: bytes = Field(sa_type=LargeBinary)
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)
