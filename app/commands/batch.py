"""Several steps as one change of heart: each is an ordinary command with its own activity; all are done, or none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.commands.together import locked_board, together
from app.errors import InvalidInput, Refusal, StoreUnavailable
from app.store import Store
from app.store.unit import Unit
from app.views import Actor, BoardInfo

STEPS_MOST = 500
NO_STEPS = ("batch", "create_board", "delete_board", "undo_agent")
"""They are of no one board, or are many changes themselves."""


@dataclass(frozen=True)
class Step:
    """`run(store, *target, **arguments, actor=...)`, known to the caller as `name`."""

    name: str
    run: Callable[..., Any]
    target: tuple[int | str, ...] = ()
    arguments: Mapping[str, Any] = field(default_factory=dict)


def batch(store: Store, board: int | str, *, steps: Sequence[Step], actor: Actor) -> list[Any]:
    """Do the steps in their order, in one transaction; answers what each of them answers.

    A step that is refused refuses the whole with the same class: its data names the step in `index` (from 0) and
    `command`. Every step changes the named board and no other. Raises NotFound, and InvalidInput for no steps, for
    more than 500, and for a command that is no step.
    """
    if not 1 <= len(steps) <= STEPS_MOST:
        raise InvalidInput(f"a batch takes 1 to {STEPS_MOST} steps, this has {len(steps)}", field="steps")
    for index, step in enumerate(steps):
        if step.name in NO_STEPS:
            raise _named(InvalidInput(f"{step.name} is no step of a batch", field="steps"), index, step)
    with together(store) as unit:
        named = locked_board(unit, board)
        return [_done(store, unit, named, index, step, actor) for index, step in enumerate(steps)]


def _done(store: Store, unit: Unit, board: BoardInfo, index: int, step: Step, actor: Actor) -> Any:
    told = len(unit.changes)
    try:
        answer = step.run(store, *step.target, **step.arguments, actor=actor)
        if any(change.board_id != board.id for change in unit.changes[told:]):
            raise InvalidInput(f"it changes another board; all steps of this batch are for {board.key}", field="steps")
        return answer
    except StoreUnavailable:
        raise  # the fault of no step
    except Refusal as refusal:
        raise _named(refusal, index, step) from refusal


def _named(refusal: Refusal, index: int, step: Step) -> Refusal:
    told = {**refusal.data, "index": index, "command": step.name}
    return type(refusal)(f"step {index + 1} ({step.name}): {refusal.detail}", **told)
