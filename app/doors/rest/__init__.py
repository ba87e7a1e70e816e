"""REST under /api/v1: each endpoint parses, calls one command or query, and translates the answer."""

from collections.abc import Iterator

from app.doors.rest import (
    agents,
    batches,
    boards,
    cards,
    checklists,
    claims,
    columns,
    comments,
    gates,
    labels,
    webhooks,
)
from app.doors.rest.route import DoorRoute


def routes() -> Iterator[DoorRoute]:
    for module in (boards, columns, labels, cards, checklists, gates, claims, comments, agents, batches, webhooks):
        for route in module.router.routes:
            assert isinstance(route, DoorRoute)
            yield route
