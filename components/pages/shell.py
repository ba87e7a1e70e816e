"""What every page shares: who looks, the header, the notices, and how it comes and goes.

A page is built only once its browser is connected: a visitor that never connects costs an empty page, and nothing of
it stays behind.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from nicegui import Client, ui
from nicegui.events import GenericEventArguments

from app.errors import NotFound
from app.service import Service
from components import catch_up, identity, notices
from components.header import Header
from components.identity import Viewer
from components.pages.attendance import Attendance
from components.pages.refresher import Refresher

RECONNECT_SECONDS = 60.0
"""How long a page waits for its browser; given to `ui.page`, as the global setting would slow the ping down."""
CONNECT_SECONDS = 10.0
LONG_AWAY_MS = 10_000
MOST_COUNTED = 1000


@dataclass
class Shell:
    """`main` is where the page's own content goes, `header.title` the place for what it is about."""

    service: Service
    client: Client
    viewer: Viewer
    header: Header = field(init=False)
    main: ui.element = field(init=False)
    attendance: Attendance | None = None

    def attend(self, board_id: int, refresher: Refresher) -> Attendance:
        """Be seen on a board, and see who else is there."""
        self.attendance = Attendance(self.service, self.client, self.viewer, board_id, refresher, self._show_people)
        return self.attendance

    def _show_people(self, names: list[str]) -> None:
        with self.client:
            self.header.show_people(names)


async def open_shell(service: Service, title: str) -> Shell | None:
    """Lay out the present page. None when the visitor is gone: then build nothing.

    Raises ClientConnectionTimeout when it never connects; NiceGUI removes the page then.
    """
    client = ui.context.client
    cookies = client.request.cookies
    ui.page_title(title)
    catch_up.attach(client)
    known = identity.name_in(cookies)
    shell = Shell(service, client, Viewer(known or identity.guest_name(), client.id))
    # These two are sent with the empty page: a note of having been away may come with the first message.
    notices.place()
    ui.on("came_back", lambda event: _welcome_back(shell, event))
    await client.connected(timeout=CONNECT_SECONDS)
    if client.is_deleted:
        return None
    if known is None:
        identity.remember_name(shell.viewer.name)
    shell.header = Header(shell.viewer, identity.theme_in(cookies), lambda name: _rename(shell, name))
    shell.main = ui.element("main")
    return shell


def register_lost_page() -> None:
    @ui.page("/{path:path}")
    def lost() -> None:
        not_found("There is no such page.")


def not_found(what: str) -> None:
    """Answer 404 with a page that says so and leads home."""
    ui.context.client.status_code = 404
    ui.page_title("Not found")
    with ui.element("main").classes("lost"):
        ui.label("404").classes("lost-code")
        ui.label(what).classes("lost-text")
        with ui.element("a").classes("button is-primary").props('href="/"'):
            ui.label("See all boards")


def _rename(shell: Shell, wanted: str) -> None:
    name = identity.clean_name(wanted)
    if not name or name == shell.viewer.name:
        return
    shell.viewer.name = name
    shell.header.name_menu.show(name)
    identity.remember_name(name)
    if shell.attendance is not None:
        shell.attendance.rename(name)


async def _welcome_back(shell: Shell, event: GenericEventArguments) -> None:
    """Say what the time away meant. The note is the browser's: numbers are taken from it, nothing else."""
    note = event.args if isinstance(event.args, dict) else {}
    away, heard = _number(note.get("away")), _number(note.get("heard"))
    if note.get("reloaded"):
        notices.say(f"Back after {_span(away)}: the page was reloaded", kind="good")
        return
    missed = await _changes_since(shell, heard)
    if missed or away >= LONG_AWAY_MS:
        notices.caught_up(missed)


async def _changes_since(shell: Shell, heard: float) -> int:
    """Changes of the page's board since the server's time `heard` (ms); 0 on a page without a board."""
    if shell.attendance is None:
        return 0
    board_id = shell.attendance.board_id
    since = datetime.fromtimestamp(heard / 1000, UTC)
    try:
        view = await shell.service.feed.view(board_id)
        changes = await shell.service.feed.changes(board_id, max(0, view.sequence - MOST_COUNTED), MOST_COUNTED)
    except NotFound:
        return 0  # the board was deleted, as the page says
    return sum(item.change.at > since for item in changes)


def _span(milliseconds: float) -> str:
    seconds = milliseconds / 1000
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 3600 else f"{round(seconds / 3600)} h"


def _number(value: object) -> float:
    return min(max(float(value), 0.0), 1e13) if isinstance(value, int | float) else 0.0
