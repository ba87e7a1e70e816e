"""How people and agents are shown: initials in a stable colour, people round, agents as rounded squares."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nicegui import ui

from components.colours import tone_of
from models.vocabulary import ActorKind

MOST_SHOWN = 5


@dataclass(frozen=True)
class Avatar:
    name: str
    initials: str
    classes: str


def avatar(name: str, kind: ActorKind | None = None) -> Avatar:
    """The avatar of a name; without a known kind the name decides."""
    agent = kind is ActorKind.AGENT if kind is not None else looks_like_agent(name)
    return Avatar(name, initials(name), f"avatar tone-{tone_of(name)}{' is-agent' if agent else ''}")


def looks_like_agent(name: str) -> bool:
    """Whether a name without a known kind is that of an agent."""
    lowered = name.casefold().strip()
    return lowered.startswith("agent") or lowered.endswith(("bot", "-agent", " agent"))


def initials(name: str) -> str:
    """The first character of the first and of the last word: `Ada Lovelace` is AL, `agent-7` is A7, `Bob` is B."""
    words = re.findall(r"\w+", name.replace("_", " "))
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


class PeopleHere(ui.element):
    """Who else looks at this page, as a row of initials; it opens their names."""

    def __init__(self) -> None:
        super().__init__("button")
        self.classes("icon-button people").props('type="button"').set_visibility(False)
        self._shown: tuple[str, ...] = ()

    def show(self, names: Sequence[str]) -> None:
        """Show these people; the order is theirs of coming."""
        if tuple(names) == self._shown:
            return
        self._shown = tuple(names)
        self.set_visibility(bool(names))
        self.props["title"] = "Also here: " + ", ".join(names)
        self.props["aria-label"] = self.props["title"]
        self.clear()
        with self:
            for name in names[:MOST_SHOWN]:
                face = avatar(name)
                ui.label(face.initials).classes(face.classes)
            if len(names) > MOST_SHOWN:
                ui.label(f"+{len(names) - MOST_SHOWN}").classes("avatar is-more")
            # Stands for the others where there is no room for them.
            if len(names) > 1:
                ui.label(f"+{len(names) - 1}").classes("avatar is-more is-narrow")
            with ui.menu().props('anchor="bottom right" self="top right" :offset="[0, 6]"'):
                for name in names:
                    ui.menu_item(name)
