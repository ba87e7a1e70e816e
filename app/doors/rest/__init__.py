"""REST under /api/v1: each endpoint parses, calls one command or query, and translates the answer."""

from collections.abc import Iterator

from app.doors.rest import boards, cards, columns, comments
from app.doors.rest.route import DoorRoute


def routes() -> Iterator[DoorRoute]:
    for module in (boards, columns, cards, comments):
        for route in module.router.routes:
            assert isinstance(route, DoorRoute)
            yield route
