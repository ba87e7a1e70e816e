"""The commands that programs may send, by name: what each acts on and the model of what else it takes.

The name is the command's own, so a door cannot call the same thing differently.
"""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
from pydantic import ValidationError

from app.commands import agents, approvals, boards, cards, checklists, claims, columns, comments, labels, links, undo
from app.commands.batch import NO_STEPS, Step, batch
from app.doors import bodies
from app.doors.bodies import Batch, BatchStep, Body, Nothing
from app.doors.handles import handle
from app.doors.problems import invalid
from app.errors import InvalidInput, NotFound, Refusal


@dataclass(frozen=True)
class Command:
    """`run(store, *target, **arguments, actor=...)`; `acts_on` names the arguments that are the target."""

    run: Callable[..., Any]
    acts_on: tuple[str, ...]
    body: type[Body]

    @property
    def name(self) -> str:
        return self.run.__name__

    @property
    def fenced(self) -> bool:
        return takes_fence(self.run)

    def parse(self, args: dict[str, Any]) -> tuple[tuple[int | str, ...], dict[str, Any]]:
        """The target and the keyword arguments. Raises InvalidInput, or NotFound for an impossible id."""
        if "fence" in args:
            raise InvalidInput("fence: it stands beside args, not in them", field="fence")
        args = dict(args)
        target: list[int | str] = []
        for name in self.acts_on:
            if name not in args:
                raise InvalidInput(f"{name}: Field required", field=name)
            target.append(handle(name, args.pop(name)))
        try:
            body = self.body.model_validate_json(orjson.dumps(args))
        except ValidationError as error:
            raise invalid(error, self.body) from None
        except orjson.JSONEncodeError:
            raise InvalidInput("args: nested too deeply", field="args") from None
        if isinstance(body, Batch):
            return tuple(target), {"steps": steps_of(target[0], body.steps)}
        return tuple(target), body.arguments()


@cache
def takes_fence(command: Callable[..., Any]) -> bool:
    """Whether the holder of a claim may send its fence along, so that it is refused once the claim is lost."""
    return "fence" in inspect.signature(command).parameters


COMMANDS = {
    command.name: command
    for command in (
        Command(boards.create_board, (), bodies.CreateBoard),
        Command(boards.rename_board, ("board_id",), bodies.RenameBoard),
        Command(boards.archive_board, ("board_id",), Nothing),
        Command(boards.restore_board, ("board_id",), Nothing),
        Command(boards.delete_board, ("board_id",), Nothing),
        Command(columns.create_column, ("board_id",), bodies.CreateColumn),
        Command(columns.update_column, ("column_id",), bodies.UpdateColumn),
        Command(columns.move_column, ("column_id",), bodies.MoveColumn),
        Command(columns.delete_column, ("column_id",), bodies.DeleteColumn),
        Command(labels.create_label, ("board_id",), bodies.CreateLabel),
        Command(labels.update_label, ("label_id",), bodies.UpdateLabel),
        Command(labels.delete_label, ("label_id",), Nothing),
        Command(cards.create_card, (), bodies.CreateCard),
        Command(cards.update_card, ("card_id",), bodies.UpdateCard),
        Command(cards.move_card, ("card_id",), bodies.MoveCard),
        Command(cards.archive_card, ("card_id",), Nothing),
        Command(cards.restore_card, ("card_id",), Nothing),
        Command(cards.delete_card, ("card_id",), Nothing),
        Command(labels.add_label, ("card_id", "label_id"), Nothing),
        Command(labels.remove_label, ("card_id", "label_id"), Nothing),
        Command(checklists.add_check_item, ("card_id",), bodies.AddCheckItem),
        Command(checklists.update_check_item, ("item_id",), bodies.UpdateCheckItem),
        Command(checklists.move_check_item, ("item_id",), bodies.MoveCheckItem),
        Command(checklists.delete_check_item, ("item_id",), Nothing),
        Command(links.block_card, ("card_id", "other_id"), Nothing),
        Command(links.unblock_card, ("card_id", "other_id"), Nothing),
        Command(claims.claim_card, ("card_id",), bodies.Claim),
        Command(claims.claim_next_card, ("board_id",), bodies.ClaimNext),
        Command(claims.renew_claim, ("card_id",), bodies.Renew),
        Command(claims.release_card, ("card_id",), Nothing),
        Command(claims.report_progress, ("card_id",), bodies.ReportProgress),
        Command(approvals.approve_card, ("card_id",), Nothing),
        Command(approvals.withdraw_approval, ("card_id",), Nothing),
        Command(comments.add_comment, ("card_id",), bodies.WriteComment),
        Command(comments.edit_comment, ("comment_id",), bodies.WriteComment),
        Command(comments.delete_comment, ("comment_id",), Nothing),
        Command(agents.pause_agent, ("board_id",), bodies.PauseAgent),
        Command(agents.resume_agent, ("board_id",), bodies.ResumeAgent),
        Command(undo.undo_agent, ("board_id",), bodies.UndoAgent),
        Command(batch, ("board_id",), bodies.Batch),
    )
}


def command(name: Any) -> Command:
    """Raises InvalidInput or NotFound, both with the names there are in `allowed`."""
    if not isinstance(name, str):
        raise InvalidInput("name: the name of a command is expected", field="name", allowed=list(COMMANDS))
    try:
        return COMMANDS[name]
    except KeyError:
        raise NotFound(f"there is no command {name[:60]!r}", field="name", allowed=list(COMMANDS)) from None


def steps_of(board: int | str, wished: Sequence[BatchStep]) -> list[Step]:
    """The steps of a batch for the board, which they need not name; what is wrong with one is told as the batch tells
    what is refused to one.
    """
    return [_step(index, board, wish) for index, wish in enumerate(wished)]


def _step(index: int, board: int | str, wish: BatchStep) -> Step:
    try:
        wanted = _step_named(wish.command)
        args = wish.args
        if "board_id" in (*wanted.acts_on, *wanted.body.model_fields):
            args = {"board_id": board, **args}
        target, arguments = wanted.parse(args)
    except Refusal as refusal:
        told = {**refusal.data, "index": index, "command": wish.command}
        raise type(refusal)(f"step {index + 1} ({wish.command}): {refusal.detail}", **told) from None
    if wish.fence is not None and wanted.fenced:
        arguments["fence"] = wish.fence
    return Step(wanted.name, wanted.run, target, arguments)


def _step_named(name: str) -> Command:
    if name in COMMANDS and name not in NO_STEPS:
        return COMMANDS[name]
    allowed = [one for one in COMMANDS if one not in NO_STEPS]
    raise NotFound(f"there is no step {name!r}", field="command", allowed=allowed)
