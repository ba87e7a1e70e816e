"""The pages: the only part of the user interface that calls commands, queries and the feed."""

from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI
from nicegui import core, ui

from app.service import Service
from components import live_badge, theme
from components.pages.board_page import register as register_board_page
from components.pages.index_page import register as register_index_page

TITLE = "Agent Kanban Board"
FAVICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><rect width="20" height="20" rx="5" fill="#3457d5"/>'
    '<path d="M5.5 4v12M10 4v12M14.5 4v6" stroke="#fff" stroke-width="3" stroke-linecap="round"/></svg>'
)


def install(api: FastAPI, service: Service) -> None:
    """Put the pages on the application. What it already answers stays its own; the rest becomes the pages'."""
    theme.install()
    live_badge.install()
    core.sio.eio.cors_allowed_origins = _same_host
    register_index_page(service)
    register_board_page(service)
    ui.run_with(
        api,
        title=TITLE,
        favicon=FAVICON,
        dark=None,
        tailwind=False,
        # NiceGUI derives its ping from this: every 4 s, and 2 s without an answer is a lost connection.
        reconnect_timeout=5.0,
        binding_refresh_interval=None,
        show_welcome_message=False,
    )


def _same_host(origin: str, environ: dict[str, Any]) -> bool:
    """NiceGUI lets every origin onto its socket. The scheme is left out: a proxy in front may speak TLS."""
    return urlsplit(origin).netloc == environ.get("HTTP_HOST")
