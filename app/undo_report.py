"""What an undo of an agent's changes would do, and what it did."""

from datetime import datetime

from app.views import View
from models.vocabulary import Verb


class UndoEntry(View):
    """One change of the agent."""

    sequence: int
    event: Verb
    at: datetime
    card: str | None
    """The ref of the card, if it was about one."""
    would: str
    """What takes it back, as in "move DEMO-3 back to In Progress"."""
    done: bool
    """Whether it is taken back, be it in part; in a plan, whether it would be."""
    skipped: str | None
    """Why it is not, or what part of it is not: "Anna has changed the title since"."""


class UndoPlan(View):
    name: str
    since: int
    entries: tuple[UndoEntry, ...]
    """The latest change first."""
    more: bool
    """Whether the agent made more changes since than are looked at: the earlier ones are left alone."""


class UndoReport(UndoPlan):
    """What was done: the entries of the plan as they went."""
