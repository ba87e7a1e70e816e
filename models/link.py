"""Which card waits for which: `card_id` is blocked by `blocker_id`, both on one board."""

from collections import deque
from collections.abc import Iterable

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

BLOCKERS_MOST = 50
"""Blockers of one card."""


class Link(SQLModel, table=True):
    __table_args__ = (Index("ix_link_blocker_id", "blocker_id"),)

    card_id: int = Field(primary_key=True, foreign_key="card.id", ondelete="CASCADE")
    blocker_id: int = Field(primary_key=True, foreign_key="card.id", ondelete="CASCADE")


def way(links: Iterable[tuple[int, int]], start: int, goal: int) -> list[int]:
    """The shortest way from a card to one it waits for, over cards that wait for one another; empty when it does not.

    `links` are pairs: the card that waits, and the one it waits for.
    """
    waits_for: dict[int, list[int]] = {}
    for card, blocker in links:
        waits_for.setdefault(card, []).append(blocker)
    came_from: dict[int, int | None] = {start: None}
    queue = deque([start])
    while queue and goal not in came_from:
        card = queue.popleft()
        for blocker in waits_for.get(card, ()):
            if blocker not in came_from:
                came_from[blocker] = card
                queue.append(blocker)
    found: list[int] = []
    step: int | None = goal if goal in came_from else None
    while step is not None:
        found.append(step)
        step = came_from[step]
    return found[::-1]
