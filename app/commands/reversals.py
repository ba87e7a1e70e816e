"""For each change of an agent: the command that takes it back, what it touches, and why there is none for some."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from app.commands.touched import Facet, Touched
from app.store import Store
from app.views import Actor, Change
from models.vocabulary import Verb

GONE = "it is deleted for good"


@dataclass(frozen=True)
class Reversal:
    """`would` says what `run` does. It is left alone when another has touched one of `touches` since."""

    would: str
    touches: tuple[Facet, ...] = ()
    run: Callable[[], object] = lambda: None
    never: str | None = None
    """Why it cannot be, whoever did what since."""
    rest: str | None = None
    """Why a part of it is left out."""


@dataclass
class Scene:
    """Where reversals happen, and what was seen on the way."""

    store: Store
    connection: Connection
    actor: Actor
    name: str
    others: Touched
    items: dict[int, int] = field(default_factory=dict)
    """The ids under which deleted checklist items were added again; likewise those of labels."""
    labels: dict[int, int] = field(default_factory=dict)
    gone: set[Facet] = field(default_factory=set)
    """What the agent itself deleted for good."""
    dealt: set[Facet] = field(default_factory=set)
    """Where places were dealt anew: old ranks say nothing there."""

    def do(self, command: Callable[..., Any], *target: int | str, **arguments: Any) -> Any:
        return command(self.store, *target, **arguments, actor=self.actor)

    def item(self, item_id: int) -> int:
        """The id under which a checklist item is known now."""
        return self.items.get(item_id, item_id)

    def label(self, label_id: int) -> int:
        return self.labels.get(label_id, label_id)

    def note(self, change: Change) -> None:
        """Changes of all, also those that the undo itself makes."""
        if "ranks" in change.data:
            card = change.data.get("card")
            self.dealt.add(("cards", card["column_id"]) if card else ("columns",))

    def note_own(self, change: Change) -> None:
        self.note(change)
        if change.event is Verb.CARD_DELETED:
            self.gone.add(("card", change.data["card"]["id"]))
        elif change.event is Verb.COLUMN_DELETED:
            self.gone.add(("column", change.data["column"]["id"]))


def quoted(text: str, longest: int = 40) -> str:
    return f"“{text if len(text) <= longest else text[: longest - 1] + '…'}”"


def and_so_on(words: list[str]) -> str:
    """`title, priority and assignee`."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
