"""Every setting, in one table: the fields of `Settings`.

The flags, the AGENT_KANBAN_ variables and `--help` are made from it, and a test holds the README's table to it.
"""

import argparse
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, NoReturn

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from app import __version__
from app.errors import CannotStart

PREFIX = "AGENT_KANBAN_"


class InvalidSetting(CannotStart):
    """A setting is malformed or unsafe; the text is one line that names it."""


def _listed(value: Any) -> Any:
    return tuple(item.strip() for item in value.split(",") if item.strip()) if isinstance(value, str) else value


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    host: Text = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    database: Text = Field(
        "sqlite:///agent-kanban.db",
        description="Where the boards are kept: sqlite:///file or postgresql://server/name.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="How much to log: debug, info, warning or error."
    )
    demo: bool = Field(
        False, description="Start with a filled sample board in a database that is thrown away at the end."
    )
    open: bool = Field(False, description="Let everyone in who can reach the address; needed beyond this machine.")
    allowed_hosts: Texts = Field(
        (), description="More host names by which browsers may reach the board, comma separated."
    )
    webhooks_private: bool = Field(False, description="Let webhooks reach private and loopback addresses.")


def load(argv: Sequence[str], environ: Mapping[str, str]) -> Settings:
    """The settings from flags, else variables, else defaults. Raises InvalidSetting; --help and --version exit."""
    given = {name: (f"--{_dashed(name)}", value) for name, value in vars(_parser().parse_args(argv)).items()}
    for name in Settings.model_fields:
        variable = PREFIX + name.upper()
        if name not in given and environ.get(variable):
            given[name] = (variable, environ[variable])
    try:
        return Settings.model_validate({name: value for name, (_, value) in given.items()})
    except ValidationError as problem:
        first = problem.errors()[0]
        source, value = given[str(first["loc"][0])]
        reason = first["msg"][0].lower() + first["msg"][1:]
        raise InvalidSetting(f"{source} cannot be {value!r}: {reason}") from None


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        usage="%(prog)s [flags]",
        description="Agent Kanban Board: a live kanban board that people and software agents share.",
        epilog=f"Every flag has a variable: --log-level is {PREFIX}LOG_LEVEL. A flag wins over its variable. "
        "`main.py mcp --help` tells of the way in for MCP clients that start a program.",
        argument_default=argparse.SUPPRESS,
        allow_abbrev=False,
        add_help=False,
    )
    flags = parser.add_argument_group("flags")
    for name, field in Settings.model_fields.items():
        flag, help_text = f"--{_dashed(name)}", (field.description or "").replace("%", "%%")
        if field.annotation is bool:
            flags.add_argument(flag, action=argparse.BooleanOptionalAction, help=help_text)
        else:
            default = f" [{field.default}]" if field.default else ""
            flags.add_argument(flag, metavar=name.rpartition("_")[2].upper(), help=help_text + default)
    flags.add_argument("--version", action="version", version=f"agent-kanban {__version__}", help="Show the version.")
    flags.add_argument("--help", "-h", action="help", help="Show this help.")
    return parser


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise InvalidSetting(f"{message}; see --help")


def _dashed(name: str) -> str:
    return name.replace("_", "-")
