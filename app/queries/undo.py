"""What an undo would do: it is done, in a transaction that is taken back, so plan and report cannot differ."""

from app.commands.undo import rehearse_undo
from app.store import Store
from app.undo_report import UndoEntry, UndoPlan, UndoReport

__all__ = ["UndoEntry", "UndoPlan", "UndoReport", "plan_undo"]


def plan_undo(store: Store, board: int | str, *, name: str, since: int) -> UndoPlan:
    """The changes that the agent made after `since`, latest first, what would take each of them back, and which would
    be left alone and why. Nothing is changed, though it takes a writer's turn: `store.run` it. Raises NotFound.
    """
    return rehearse_undo(store, board, name=name, since=since)
