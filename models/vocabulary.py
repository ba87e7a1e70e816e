"""The words of the product, each defined once: what can happen, what kinds there are."""

from enum import StrEnum


class Verb(StrEnum):
    """What happened, in the past tense. One activity carries one verb."""

    BOARD_CREATED = "board_created"
    BOARD_RENAMED = "board_renamed"
    BOARD_ARCHIVED = "board_archived"
    BOARD_RESTORED = "board_restored"
    COLUMN_CREATED = "column_created"
    COLUMN_UPDATED = "column_updated"
    COLUMN_MOVED = "column_moved"
    COLUMN_DELETED = "column_deleted"
    CARD_CREATED = "card_created"
    CARD_UPDATED = "card_updated"
    CARD_MOVED = "card_moved"
    CARD_ARCHIVED = "card_archived"
    CARD_RESTORED = "card_restored"
    CARD_DELETED = "card_deleted"
    COMMENT_ADDED = "comment_added"
    COMMENT_EDITED = "comment_edited"
    COMMENT_DELETED = "comment_deleted"


class ColumnKind(StrEnum):
    """What a column means for the flow: work waits in a queue, happens in active, ends in done."""

    QUEUE = "queue"
    ACTIVE = "active"
    DONE = "done"


class ActorKind(StrEnum):
    HUMAN = "human"
    AGENT = "agent"


class Via(StrEnum):
    """The door an actor came through."""

    UI = "ui"
    REST = "rest"
    SOCKET = "socket"
    MCP = "mcp"
    SYSTEM = "system"


class Priority(StrEnum):
    """How soon a card wants attention. Stored as its level, so that sorting is by urgency and not by spelling."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"

    @property
    def level(self) -> int:
        """0 for urgent to 3 for low."""
        return _LEVELS[self]

    @classmethod
    def of_level(cls, level: int) -> "Priority":
        return _BY_LEVEL[level]


_BY_LEVEL = tuple(Priority)
_LEVELS = {priority: level for level, priority in enumerate(_BY_LEVEL)}
