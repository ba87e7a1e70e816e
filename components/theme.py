"""Style sheet and scripts of the pages, each as one file under an address that names its content.

A browser keeps them for good and asks again only when something in them changed. What decides the theme runs in the
page's head, before anything is painted, so a reload never flashes in the other theme.
"""

import hashlib
from pathlib import Path

from fastapi import Response
from nicegui import app, ui

from components import colours

STYLES = (
    "theme.css",
    "header.css",
    "face.css",
    "index.css",
    "board.css",
    "dialog.css",
    "work.css",
    "webhooks.css",
    "agents.css",
)
SCRIPTS = ("live.js", "times.js", "drafts.js", "board.js")
THEMES = ("system", "light", "dark")
THEME_COOKIE = "agent_kanban_theme"

_STATIC = Path(__file__).parent / "static"
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_CHOOSE_THEME = f"""<script>
(() => {{
  const chosen = document.cookie.match(/(?:^|; ){THEME_COOKIE}=(light|dark)(?:;|$)/);
  if (chosen) document.documentElement.dataset.theme = chosen[1];
}})();
</script>"""


def install() -> None:
    """Serve style sheet and scripts, and put them into the head of every page."""
    style, script = style_sheet(), scripts()
    style_url = _serve(style, "css", "text/css")
    script_url = _serve(script, "js", "text/javascript")
    links = f'<link rel="stylesheet" href="{style_url}"><script defer src="{script_url}"></script>'
    ui.add_head_html(_CHOOSE_THEME + links, shared=True)


def style_sheet() -> str:
    """The whole style sheet: the palette as variables, then the files in order."""
    light, dark = colours.variables(dark=False), colours.variables(dark=True)
    tones = "".join(
        f".tone-{n}{{background:var(--tone-{n});color:var(--tone-{n}-ink)}}" for n in range(len(colours.HUES))
    )
    tones += "".join(f".label-{name}{{--swatch:var(--label-{name})}}" for name in colours.LABELS)
    palette = (
        f":root{{{light}}}\n"
        f'@media (prefers-color-scheme: dark){{:root:not([data-theme="light"]){{{dark}}}}}\n'
        f':root[data-theme="dark"]{{{dark}}}\n{tones}\n'
    )
    return palette + _joined(STYLES)


def scripts() -> str:
    return _joined(SCRIPTS)


def _joined(names: tuple[str, ...]) -> str:
    return "\n".join((_STATIC / name).read_text(encoding="utf-8") for name in names)


def _serve(content: str, ending: str, media_type: str) -> str:
    body = content.encode()
    url = f"/assets/{hashlib.sha256(body).hexdigest()[:16]}.{ending}"

    @app.get(url, include_in_schema=False)
    def asset() -> Response:
        return Response(body, media_type=media_type, headers=_FOREVER)

    return url
