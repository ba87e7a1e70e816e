"""The words of the product, each defined once: what can happen, what kinds there are."""

from enum import StrEnum


class Verb(StrEnum):
    """What happened, in the past tense. One activity carries one verb."""

    BOARD_CREATED = "board_created"
    BOARD_RENAMED = "board_renamed"
    BOARD_ARCHIVED = "board_archived"
    BOARD_RESTORED = "board_restored"
    BOARD_DELETED = "board_deleted"
    AGENT_PAUSED = "agent_paused"
    AGENT_RESUMED = "agent_resumed"
    LABEL_CREATED = "label_created"
    LABEL_UPDATED = "label_updated"
    LABEL_DELETED = "label_deleted"
    WEBHOOK_CREATED = "webhook_created"
    WEBHOOK_UPDATED = "webhook_updated"
    WEBHOOK_DELETED = "webhook_deleted"
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
    CARD_LABELED = "card_labeled"
    CARD_UNLABELED = "card_unlabeled"
    CHECKLIST_ITEM_ADDED = "checklist_item_added"
    CHECKLIST_ITEM_CHANGED = "checklist_item_changed"
    CHECKLIST_ITEM_MOVED = "checklist_item_moved"
    CHECKLIST_ITEM_DELETED = "checklist_item_deleted"
    CARD_BLOCKED = "card_blocked"
    CARD_UNBLOCKED = "card_unblocked"
    CARD_CLAIMED = "card_claimed"
    CLAIM_RENEWED = "claim_renewed"
    CLAIM_RELEASED = "claim_released"
    CLAIM_EXPIRED = "claim_expired"
    PROGRESS_REPORTED = "progress_reported"
    CARD_APPROVED = "card_approved"
    APPROVAL_WITHDRAWN = "approval_withdrawn"
    COMMENT_ADDED = "comment_added"
    COMMENT_EDITED = "comment_edited"
    COMMENT_DELETED = "comment_deleted"


class ColumnKind(StrEnum):
    """What a column means for the flow: work waits in a queue, happens in active, ends in done."""

    QUEUE = "queue"
    ACTIVE = "active"
    DONE = "done"


class Requirement(StrEnum):
    """What a column can require of the cards that enter it."""

    NO_OPEN_BLOCKERS = "no_open_blockers"
    CHECKLIST_DONE = "checklist_done"
    APPROVAL = "approval"


class LabelColour(StrEnum):
    GRAY = "gray"
    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    GREEN = "green"
    TEAL = "teal"
    BLUE = "blue"
    PURPLE = "purple"
    PINK = "pink"


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
