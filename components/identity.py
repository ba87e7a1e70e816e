"""Who sits at the browser: a name people give themselves, remembered in a plain cookie of their browser.

It is read from the page request, so the page knows it without a round trip. A cookie is anyone's to write: the name
is cleaned here like every input.
"""

import json
import random
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from nicegui import ui

from app.views import Actor
from components.theme import THEME_COOKIE, THEMES
from models.vocabulary import ActorKind, Via

NAME_COOKIE = "agent_kanban_name"
NAME_LENGTH = 40
_YEAR = 365 * 24 * 3600


@dataclass
class Viewer:
    """The person at one browser page."""

    name: str
    client_id: str

    @property
    def actor(self) -> Actor:
        return Actor(name=self.name, kind=ActorKind.HUMAN, via=Via.UI)


def clean_name(text: str) -> str:
    """The name as it is shown: one line, no invisible characters, at most 40 characters; empty when nothing is left."""
    visible = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in text)
    return " ".join(visible.split())[:NAME_LENGTH].strip()


def name_in(cookies: Mapping[str, str]) -> str | None:
    """The name the browser remembers, if it remembers a usable one."""
    return clean_name(unquote(cookies.get(NAME_COOKIE, "")[:1000])) or None


def theme_in(cookies: Mapping[str, str]) -> str:
    chosen = cookies.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "system"


def guest_name() -> str:
    return f"Guest {random.randint(10, 99)}"


def remember_name(name: str) -> None:
    """Have the present page's browser keep the name for a year."""
    cookie = f"{NAME_COOKIE}={quote(name)}; Path=/; Max-Age={_YEAR}; SameSite=Lax"
    ui.run_javascript(f"document.cookie = {json.dumps(cookie)}")


def is_guest(name: str) -> bool:
    """Whether the name was dealt to somebody who has given none."""
    return not name or bool(re.fullmatch(r"Guest \d\d", name))
