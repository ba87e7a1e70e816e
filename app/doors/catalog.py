"""The commands that programs may send, by name: what each acts on and the model of what else it takes.

The name is the command's own, so a door cannot call the same thing differently.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import ValidationError

from app.commands import boards, cards, columns, comments
from app.doors.bodies import (
    Body,
    CreateBoard,
    CreateCard,
    CreateColumn,
    DeleteColumn,
    MoveCard,
    MoveColumn,
    Nothing,
    RenameBoard,
    UpdateCard,
    UpdateColumn,
    WriteComment,
)
from app.doors.handles import handle
from app.doors.problems import invalid
from app.errors import InvalidInput, NotFound


@dataclass(frozen=True)
class Command:
    """`run(store, *target, **arguments, actor=...)`; `acts_on` names the argument that is the target, if any."""

    run: Callable[..., Any]
    acts_on: str | None
    body: type[Body]

    @property
    def name(self) -> str:
        return self.run.__name__

    def parse(self, args: dict[str, Any]) -> tuple[tuple[int | str, ...], dict[str, Any]]:
        """The target and the keyword arguments. Raises InvalidInput, or NotFound for an impossible id."""
        target: tuple[int | str, ...] = ()
        if self.acts_on is not None:
            if self.acts_on not in args:
                raise InvalidInput(f"{self.acts_on}: Field required", field=self.acts_on)
            args = dict(args)
            target = (handle(self.acts_on, args.pop(self.acts_on)),)
        try:
            body = self.body.model_validate_json(orjson.dumps(args))
        except ValidationError as error:
            raise invalid(error, self.body) from None
        except orjson.JSONEncodeError:
            raise InvalidInput("args: nested too deeply", field="args") from None
        return target, body.arguments()


COMMANDS = {
    command.name: command
    for command in (
        Command(boards.create_board, None, CreateBoard),
        Command(boards.rename_board, "board_id", RenameBoard),
        Command(boards.archive_board, "board_id", Nothing),
        Command(boards.restore_board, "board_id", Nothing),
        Command(columns.create_column, "board_id", CreateColumn),
        Command(columns.update_column, "column_id", UpdateColumn),
        Command(columns.move_column, "column_id", MoveColumn),
        Command(columns.delete_column, "column_id", DeleteColumn),
        Command(cards.create_card, None, CreateCard),
        Command(cards.update_card, "card_id", UpdateCard),
        Command(cards.move_card, "card_id", MoveCard),
        Command(cards.archive_card, "card_id", Nothing),
        Command(cards.restore_card, "card_id", Nothing),
        Command(cards.delete_card, "card_id", Nothing),
        Command(comments.add_comment, "card_id", WriteComment),
        Command(comments.edit_comment, "comment_id", WriteComment),
        Command(comments.delete_comment, "comment_id", Nothing),
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
