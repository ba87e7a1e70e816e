"""Boards to measure on: realistic cards, made by the product's own commands, in five columns."""

import asyncio
import shutil
from contextlib import closing
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from app.commands import boards, cards
from app.queries import boards as queries
from app.store import Store
from app.views import Actor
from models.vocabulary import ActorKind, Priority, Via

US = Actor(name="bench", kind=ActorKind.HUMAN, via=Via.SYSTEM)
KEY = "BENCH"
TITLES = (
    "Let a claimed card show who holds it and until when",
    "Import of a Trello board loses the checklists",
    "Write the page about tokens",
    "Search should find words in comments too",
    "The column's limit is not told apart from its count on a phone",
)
TEXT = (
    "When two people edit the same card, the one who saves last must see what the other changed.\n\n"
    "- [ ] say which field\n- [ ] keep both texts\n- [ ] let the person choose\n\n"
    "Found while moving cards between two windows; it happens in about one of ten tries."
)
PEOPLE = ("Ada", "Grace", None, "agent-7", "Linus", None)


@dataclass(frozen=True)
class Sample:
    """A database with one board; `lanes` are the card ids of each column, in order."""

    database: Path
    board_id: int
    columns: list[int]
    lanes: dict[int, list[int]]

    @property
    def card_ids(self) -> list[int]:
        return [card_id for lane in self.lanes.values() for card_id in lane]

    def copy(self, name: str) -> Path:
        """A copy that a server may change."""
        return Path(shutil.copy(self.database, self.database.with_name(f"{name}.db")))


def make(folder: Path, size: int) -> Sample:
    """A board of `size` cards, kept in `folder`."""
    database = folder / f"sample-{size}.db"
    with closing(Store.open(f"sqlite:///{database}")) as store:
        made = boards.create_board(store, name=f"Board of {size}", key=KEY, actor=US)
        columns = [column.id for column in queries.snapshot(store, made.id).columns]
        asyncio.run(_fill(store, made.id, columns, size))
        view = queries.snapshot(store, made.id)
    return Sample(database, made.id, columns, {column: list(ids) for column, ids in view.lanes.items()})


async def _fill(store: Store, board_id: int, columns: list[int], size: int) -> None:
    facts = zip(range(size), cycle(columns), cycle(TITLES), cycle(PEOPLE), cycle(Priority), strict=False)
    for chunk in iter(lambda: list(islice(facts, 250)), []):
        await asyncio.gather(
            *(
                store.run(
                    cards.create_card,
                    board_id,
                    title=f"{title} ({number})",
                    column_id=column,
                    description=TEXT,
                    priority=priority,
                    assignee=person,
                    actor=US,
                )
                for number, column, title, person, priority in chunk
            )
        )
