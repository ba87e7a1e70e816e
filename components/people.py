"""How people and agents are shown: initials in a stable colour, people round, agents as rounded squares."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nicegui import ui

from components.colours import tone_of
from models.vocabulary import ActorKind

MOST_SHOWN = 5
MOST_NAMED = 10
"""Named on hover; the menu names all."""


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
    """Who else looks at this page, as a row of initials; it opens their names.

    What a newcomer costs everybody else must not grow with the crowd, so the names become elements only when asked for.
    """

    def __init__(self) -> None:
        super().__init__("button")
        self.classes("icon-button people").props('type="button" aria-haspopup="menu"').set_visibility(False)
        self.on("click", self._toggle_names)
        self._names: tuple[str, ...] = ()
        self._faces: list[ui.label] = []
        self._menu: ui.menu | None = None

    def show(self, names: Sequence[str]) -> None:
        """Show these people; the order is theirs of coming."""
        if tuple(names) == self._names:
            return
        self._names = tuple(names)
        self.set_visibility(bool(names))
        told = "Also here: " + ", ".join(names[:MOST_NAMED])
        if len(names) > MOST_NAMED:
            told += f" and {len(names) - MOST_NAMED} more"
        if self._props.get("title") != told:
            self._props.update({"title": told, "aria-label": told})
        self._show_faces(_row(names))
        if self._menu is not None:
            self._fill(self._menu)

    def _show_faces(self, row: list[tuple[str, str]]) -> None:
        """Keep the faces that stay: most who come are only one more of many."""
        while len(self._faces) > len(row):
            self._faces.pop().delete()
        with self:
            while len(self._faces) < len(row):
                self._faces.append(ui.label())
        for face, (text, classes) in zip(self._faces, row, strict=True):
            face.set_text(text)
            face.classes(replace=classes)

    def _toggle_names(self) -> None:
        if self._menu is not None:
            self._menu.close()
            return
        with self, ui.menu() as self._menu:
            self._menu.props('no-parent-event anchor="bottom right" self="top right" :offset="[0, 6]"')
        self._fill(self._menu)
        self._menu.on("hide", self._drop_names)
        self._menu.open()

    def _drop_names(self) -> None:
        if self._menu is not None:
            self._menu.delete()
            self._menu = None

    def _fill(self, menu: ui.menu) -> None:
        menu.clear()
        with menu:
            for name in self._names:
                ui.menu_item(name)


def _row(names: Sequence[str]) -> list[tuple[str, str]]:
    """The text and the classes of each thing in the row."""
    faces = [avatar(name) for name in names[:MOST_SHOWN]]
    row = [(face.initials, face.classes) for face in faces]
    if len(names) > MOST_SHOWN:
        row.append((f"+{len(names) - MOST_SHOWN}", "avatar is-more"))
    # Stands for all of them where there is no room for more than one.
    if len(names) > 1:
        row.append((f"+{len(names)}", "avatar is-more is-narrow"))
    return row
