"""The face of a card: HTML from an autoescaping template, a pure function of the card.

A change renders a face once per process; every browser is sent the same string. Nothing but this template may fill
an `innerHTML`, because NiceGUI does not sanitise it.
"""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.views import CardView
from components.people import avatar

MOST_KEPT = 20_000
"""Faces kept for reuse; about 1 kB each."""
LONG_TITLE = 60
"""Characters from which a title may be cut on a card, so that it is also offered on hover."""

_template = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
).get_template("card_face.html")
_faces: dict[int, tuple[CardView, str]] = {}


def render(card: CardView) -> str:
    """The inner HTML of the card's element."""
    kept = _faces.get(card.id)
    if kept is not None and kept[0] is card:
        return kept[1]
    html = _template.render(
        card=card,
        hover=card.title if len(card.title) > LONG_TITLE else "",
        avatar=avatar(card.assignee) if card.assignee else None,
    )
    if len(_faces) >= MOST_KEPT:
        _faces.clear()
    _faces[card.id] = (card, html)
    return html
