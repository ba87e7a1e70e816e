"""The face of a card: HTML from an autoescaping template, a pure function of what is given to it.

A change renders a face once per process; every browser is sent the same string. Nothing but these templates may fill
an `innerHTML`, because NiceGUI does not sanitise it. What depends on the time of day (silent, overdue) is written as
a moment, and put into words by the browser (static/times.js).
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.views import BoardView, CardView, ClaimView, LabelView
from components.agents_now import last_sign
from components.moments import day, exact
from components.people import avatar
from models.claim import silent_from

MOST_KEPT = 20_000
"""Faces kept for reuse; about 1 kB each."""
LONG_TITLE = 60
"""Characters from which a title may be cut on a card, so that it is also offered on hover."""


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _silent_at(claim: ClaimView) -> int:
    return _milliseconds(silent_from(claim.expires_at, claim.lease_seconds, claim.busy_until))


_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals.update(avatar=avatar, last_sign=last_sign, silent_at=_silent_at)
_templates.filters.update(ms=_milliseconds, exact=exact, day=day)
_face = _templates.get_template("card_face.html")
_work = _templates.get_template("card_work.html")

Beside = tuple[tuple[LabelView, ...], tuple[str, ...]]
"""What of the board shows on a card: its labels, and the refs of the open cards it waits for."""
NOTHING: Beside = ((), ())

_faces: dict[int, tuple[CardView, Beside, str]] = {}


def render(card: CardView, beside: Beside = NOTHING) -> str:
    """The inner HTML of the card's element."""
    kept = _faces.get(card.id)
    if kept is not None and kept[0] is card and kept[1] == beside:
        return kept[2]
    labels, waits_for = beside
    html = _face.render(
        card=card,
        labels=labels,
        waits_for=waits_for,
        hover=card.title if len(card.title) > LONG_TITLE else "",
        done=sum(item.done for item in card.checklist),
    )
    if len(_faces) >= MOST_KEPT:
        _faces.clear()
    _faces[card.id] = (card, beside, html)
    return html


def beside(card: CardView, view: BoardView) -> Beside:
    """What the board adds to the face of the card, and what can change it though the card stays the same."""
    if not card.labels and not card.blocked_by:
        return NOTHING
    return labels_of(card, view), tuple(blocker.ref for blocker in view.open_blockers(card))


def labels_of(card: CardView, view: BoardView) -> tuple[LabelView, ...]:
    return tuple(by_name(view.labels[label_id] for label_id in card.labels if label_id in view.labels))


def by_name(labels: Iterable[LabelView]) -> list[LabelView]:
    return sorted(labels, key=lambda label: (label.name.casefold(), label.id))


def spoken(card: CardView, beside: Beside = NOTHING) -> str:
    """The card in words, for those who do not see it."""
    labels, waits_for = beside
    parts = [f"{card.ref} {card.title}"]
    if waits_for:
        parts.append(f"blocked by {', '.join(waits_for)}")
    if card.claim is not None:
        parts.append(f"{card.claim.holder} works on it")
    return ", ".join([*parts, *(label.name for label in labels)])


def render_work(card: CardView) -> str:
    """Who works on the card, and how far it got: the same facts as on its face, at length."""
    return _work.render(card=card, claim=card.claim)
