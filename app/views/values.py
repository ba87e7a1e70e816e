"""What readers see of each noun, and a change of it on the wire. All of it is frozen."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from models.vocabulary import ActorKind, ColumnKind, LabelColour, Priority, Requirement, Verb, Via

ANONYMOUS = "anonymous"
"""The name of who gives none."""


class View(BaseModel):
    model_config = ConfigDict(frozen=True)


class Actor(View):
    """Who acts. Given by the door from the session or the token, never taken from a request's body."""

    name: str
    kind: ActorKind
    via: Via


SYSTEM = Actor(name="Agent Kanban", kind=ActorKind.AGENT, via=Via.SYSTEM)
"""The board itself: what it does in nobody's name, such as ending a lease."""


class PausedAgent(View):
    """An agent that a person has paused: its writes on this board are refused, with the reason."""

    name: str
    reason: str
    by: str
    at: datetime


class BoardInfo(View):
    id: int
    key: str
    name: str
    sequence: int
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None
    paused: tuple[PausedAgent, ...] = ()


class BoardSummary(BoardInfo):
    """A board in the list of all boards, with the number of its live cards and how many of them are done."""

    card_count: int
    done_count: int


class ColumnView(View):
    id: int
    board_id: int
    name: str
    kind: ColumnKind
    wip_limit: int | None
    rank: str
    requires: tuple[Requirement, ...] = ()


class LabelView(View):
    id: int
    board_id: int
    name: str
    colour: LabelColour


class CheckItem(View):
    id: int
    text: str
    done: bool


class ClaimView(View):
    """Who works on a card. `fence` grows with every claim of the card; `expires_at` is when the lease ends, unless the
    holder is heard of before; `busy_until` is when a holder that asked for longer said to be back.
    """

    holder: str
    kind: ActorKind
    fence: int
    claimed_at: datetime
    expires_at: datetime
    busy_until: datetime | None = None
    lease_seconds: int


class Progress(View):
    """How far its worker got: 0 to 100, and a short text."""

    percent: int | None
    text: str


class Approval(View):
    """A person's word that the card may pass a column that asks for it."""

    name: str
    at: datetime


class CardView(View):
    id: int
    ref: str
    board_id: int
    column_id: int
    rank: str
    title: str
    description: str
    acceptance_criteria: str
    priority: Priority
    assignee: str | None
    labels: tuple[int, ...] = ()
    """Ids of labels of the board."""
    checklist: tuple[CheckItem, ...] = ()
    due_at: datetime | None = None
    estimate: float | None = None
    blocked_by: tuple[int, ...] = ()
    """Ids of cards of the same board, also those that are done or archived."""
    comment_count: int
    claim: ClaimView | None = None
    progress: Progress | None = None
    approval: Approval | None = None
    worker: str | None = None
    """Who claimed the card last."""
    version: int
    created_at: datetime
    updated_at: datetime
    column_entered_at: datetime
    done_at: datetime | None
    archived_at: datetime | None


class ClaimedCard(CardView):
    """A card with the fence of the caller's claim: writes may carry it, and are refused once the claim is lost."""

    fence: int


class WebhookView(View):
    """Where changes of a board are sent; without `events`, all of them."""

    id: int
    board_id: int
    url: str
    events: tuple[str, ...]
    active: bool
    created_by: str
    created_at: datetime
    failing_since: datetime | None


class CommentView(View):
    id: int
    card_id: int
    author: str
    author_kind: ActorKind
    text: str
    created_at: datetime
    edited_at: datetime | None


class Change(View):
    """One change of a board, as it goes over the wire. `data.card` is the whole card after the change and
    `data.changed` is {field: [old, new]}; column and board changes carry `data.column` and `data.board` likewise.
    """

    event: Verb
    board_id: int
    sequence: int
    at: datetime
    actor: Actor
    card_id: int | None
    data: dict[str, Any]


FINISHED: dict[str, Any] = {"claim": None, "progress": None}
"""What becomes of a card in a done column: nobody works on it any more."""
