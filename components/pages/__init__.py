"""The pages: the only part of the user interface that calls commands, queries and the feed."""

import gc

from fastapi import FastAPI
from nicegui import ui

from app.service import Service
from components import live_badge, theme
from components.pages import sockets
from components.pages.board_page import register as register_board_page
from components.pages.index_page import register as register_index_page
from components.pages.shell import register_lost_page

TITLE = "Agent Kanban Board"
FAVICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><rect width="20" height="20" rx="5" fill="#3457d5"/>'
    '<path d="M5.5 4v12M10 4v12M14.5 4v6" stroke="#fff" stroke-width="3" stroke-linecap="round"/></svg>'
)

GARBAGE = (2_000, 5, 50)
"""When Python looks for garbage. A page is thousands of objects that stay until it is closed, and by Python's own
measure every few pages opened, and every hundred changes to a hundred browsers, stopped the server for 0.25 s to look
through all of them. This is a tenth as often; some fifty closed pages may wait for it."""


def install(api: FastAPI, service: Service) -> None:
    """Put the pages on the application. What it already answers stays its own; the rest becomes the pages'."""
    theme.install()
    live_badge.install()
    sockets.install()
    gc.set_threshold(*GARBAGE)
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
    # Last, so that whatever else has an address comes first.
    register_lost_page()
