"""The sample board of `--demo`: two weeks in the life of a small shop, made through the commands like any other."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from app.commands import approvals, cards, checklists, claims, columns, comments, labels, links
from app.commands import boards as board_commands
from app.demo_cards import CARDS, CHECK, DOING, LABELS, Sample, Work
from app.queries import boards
from app.store import Store
from app.views import Actor, CardView
from models.claim import LEASE_SECONDS_MOST
from models.vocabulary import ActorKind, LabelColour, Priority, Requirement, Via

KEY = "DEMO"
WIP_LIMIT = 4
AGENTS = ("agent-7", "build-bot")
GATE = [Requirement.NO_OPEN_BLOCKERS, Requirement.CHECKLIST_DONE]

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
    shop = _Shop(store, board.id)
    steps = [step for sample in CARDS for step in shop.steps(sample)]
    for hours_ago, happen in sorted(steps, key=lambda step: -step[0]):
        clock.hours_back = hours_ago
        happen()
    columns.update_column(store, shop.lanes[DOING], changes={"wip_limit": WIP_LIMIT}, actor=_actor("Ana"))
    columns.update_column(store, shop.lanes[CHECK], changes={"requires": GATE}, actor=_actor("Ana"))
    clock.hours_back = 0.0


class _Shop:
    """The board, its columns and labels by name, and its cards by title."""

    def __init__(self, store: Store, board_id: int) -> None:
        self._store, self._board_id = store, board_id
        self.lanes = {column.name: column.id for column in boards.snapshot(store, board_id).columns}
        self._labels = {
            name: labels.create_label(store, board_id, name=name, colour=LabelColour(colour), actor=_actor("Ana")).id
            for name, colour in LABELS.items()
        }
        self._cards: dict[str, CardView] = {}

    def steps(self, sample: Sample) -> Iterator[Step]:
        worker = _actor(sample.assignee or sample.author)
        begun = sample.moves[0][0] if sample.moves else sample.made
        yield sample.made, partial(self._create, sample)
        for hours_ago, lane in sample.moves:
            yield hours_ago, partial(self._move, sample, lane, worker)
        for hours_ago, author, text in sample.comments:
            yield hours_ago, self._on(sample, comments.add_comment, text=text, actor=_actor(author))
        for number in range(sample.ticked):
            yield begun * (1 - (number + 1) / (sample.ticked + 2)), partial(self._tick, sample, number, worker)
        for title in sample.waits_for:
            both = min(sample.made, *(other.made for other in CARDS if other.title == title))
            yield both - 0.1, partial(self._block, sample, title)
        if sample.approved is not None:
            hours_ago, author = sample.approved
            yield hours_ago, self._on(sample, approvals.approve_card, actor=_actor(author))
        if sample.work is not None:
            yield from self._work(sample, sample.work, worker)

    def _on(self, sample: Sample, command: Callable[..., Any], **wishes: Any) -> Callable[[], Any]:
        return lambda: command(self._store, self._cards[sample.title].id, **wishes)

    def _create(self, sample: Sample) -> None:
        self._cards[sample.title] = cards.create_card(
            self._store,
            self._board_id,
            title=sample.title,
            description=sample.description,
            acceptance_criteria=sample.acceptance_criteria,
            priority=Priority(sample.priority),
            assignee=sample.assignee,
            labels=[self._labels[name] for name in sample.labels],
            checklist=sample.checklist,
            due_at=None if sample.due is None else self._store.clock() + timedelta(hours=sample.made + sample.due),
            estimate=sample.estimate,
            actor=_actor(sample.author),
        )

    def _move(self, sample: Sample, lane: str, worker: Actor) -> None:
        cards.move_card(self._store, self._cards[sample.title].id, to_column=self.lanes[lane], actor=worker)

    def _tick(self, sample: Sample, number: int, worker: Actor) -> None:
        item = self._cards[sample.title].checklist[number]
        checklists.update_check_item(self._store, item.id, changes={"done": True}, actor=worker)

    def _block(self, sample: Sample, title: str) -> None:
        card, other = self._cards[sample.title], self._cards[title]
        links.block_card(self._store, card.id, other.id, actor=_actor(sample.author))

    def _work(self, sample: Sample, work: Work, worker: Actor) -> Iterator[Step]:
        busy_for = None if work.busy is None else round(work.busy * 3600)
        lease = {"lease_seconds": LEASE_SECONDS_MOST, "busy_for": busy_for}
        yield work.since, self._on(sample, claims.claim_card, actor=worker, **lease)
        told = {"percent": work.percent, "text": work.text}
        yield work.since / 10, self._on(sample, claims.report_progress, actor=worker, **told)


def _actor(name: str) -> Actor:
    if name in AGENTS:
        return Actor(name=name, kind=ActorKind.AGENT, via=Via.MCP)
    return Actor(name=name, kind=ActorKind.HUMAN, via=Via.UI)
