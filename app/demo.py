"""The sample board of `--demo`: two weeks in the life of a small shop, made through the commands like any other."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from app.commands import boards as board_commands
from app.commands import cards, columns, comments
from app.demo_cards import CARDS, LANES, Sample
from app.queries import boards
from app.store import Store
from app.views import Actor
from models.vocabulary import ActorKind, Priority, Via

KEY = "DEMO"
WIP_LIMIT = 4
AGENTS = ("agent-7", "build-bot")

Step = tuple[float, Callable[[], Any]]
"""How many hours ago, and what happened then."""


class DemoClock:
    """The time, put back while the sample is made, so that its cards have a past."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.hours_back = 0.0

    def __call__(self) -> datetime:
        return self._now() - timedelta(hours=self.hours_back)


def demo(store: Store, clock: DemoClock) -> None:
    """Fills an empty database with the sample board."""
    clock.hours_back = max(sample.made for sample in CARDS) + 1
    board = board_commands.create_board(store, name="Tea shop", key=KEY, actor=_actor("Ana"))
    lanes = {column.name: column.id for column in boards.snapshot(store, board.id).columns}
    steps = [step for sample in CARDS for step in _steps(store, board.id, lanes, sample)]
    for hours_ago, happen in sorted(steps, key=lambda step: -step[0]):
        clock.hours_back = hours_ago
        happen()
    columns.update_column(store, lanes[LANES[1]], changes={"wip_limit": WIP_LIMIT}, actor=_actor("Ana"))
    clock.hours_back = 0.0


def _steps(store: Store, board: int, lanes: dict[str, int], sample: Sample) -> Iterator[Step]:
    made: list[int] = []

    def create() -> None:
        card = cards.create_card(
            store,
            board,
            title=sample.title,
            description=sample.description,
            acceptance_criteria=sample.acceptance_criteria,
            priority=Priority(sample.priority),
            assignee=sample.assignee,
            actor=_actor(sample.author),
        )
        made.append(card.id)

    def move(lane: str) -> None:
        cards.move_card(store, made[0], to_column=lanes[lane], actor=_actor(sample.assignee or sample.author))

    def comment(author: str, text: str) -> None:
        comments.add_comment(store, made[0], text=text, actor=_actor(author))

    yield sample.made, create
    for hours_ago, lane in sample.moves:
        yield hours_ago, partial(move, lane)
    for hours_ago, author, text in sample.comments:
        yield hours_ago, partial(comment, author, text)


def _actor(name: str) -> Actor:
    return Actor(name=name, kind=ActorKind.AGENT if name in AGENTS else ActorKind.HUMAN, via=Via.SYSTEM)
