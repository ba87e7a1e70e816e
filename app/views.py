"""What readers see: frozen values, and the pure step from one state of a board to the next.

`BoardView.apply(change)` is the same operation for a page, a test and a client that keeps its own copy:
a snapshot at sequence N and the changes after N give the snapshot now.
"""

from bisect import insort
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from models.vocabulary import ActorKind, ColumnKind, Priority, Verb, Via


class View(BaseModel):
    model_config = ConfigDict(frozen=True)


class Actor(View):
    """Who acts. Given by the door from the session or the token, never taken from a request's body."""

    name: str
    kind: ActorKind
    via: Via


class BoardInfo(View):
    id: int
    key: str
    name: str
    sequence: int
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None


class BoardSummary(BoardInfo):
    """A board in the list of all boards, with the number of its live cards and how many of them are done."""

    card_count: int
    done_count: int


class ColumnView(View):
    id: int
    board_id: int
    name: str
    kind: ColumnKind
    wip_limit: int | None
    rank: str


class CardView(View):
    id: int
    ref: str
    board_id: int
    column_id: int
    rank: str
    title: str
    description: str
    acceptance_criteria: str
    priority: Priority
    assignee: str | None
    comment_count: int
    version: int
    created_at: datetime
    updated_at: datetime
    column_entered_at: datetime
    done_at: datetime | None
    archived_at: datetime | None


class CommentView(View):
    id: int
    card_id: int
    author: str
    author_kind: ActorKind
    text: str
    created_at: datetime
    edited_at: datetime | None


class Change(View):
    """One change of a board, as it goes over the wire. `data.card` is the whole card after the change and
    `data.changed` is {field: [old, new]}; column and board changes carry `data.column` and `data.board` likewise.
    """

    event: Verb
    board_id: int
    sequence: int
    at: datetime
    actor: Actor
    card_id: int | None
    data: dict[str, Any]


class BoardView(View):
    """A board as it is at one sequence: its columns in order, and its live cards in the order of each column."""

    board: BoardInfo
    columns: tuple[ColumnView, ...]
    cards: Mapping[int, CardView]
    lanes: Mapping[int, tuple[int, ...]]
    """Card ids in order, by column id."""

    @classmethod
    def build(cls, board: BoardInfo, columns: Iterable[ColumnView], cards: Iterable[CardView]) -> "BoardView":
        ordered = tuple(sorted(columns, key=_rank))
        lanes: dict[int, list[CardView]] = {column.id: [] for column in ordered}
        by_id: dict[int, CardView] = {}
        for card in cards:
            lanes[card.column_id].append(card)
            by_id[card.id] = card
        in_order = {column: tuple(card.id for card in sorted(lane, key=_rank)) for column, lane in lanes.items()}
        return cls.model_construct(board=board, columns=ordered, cards=by_id, lanes=in_order)

    @property
    def sequence(self) -> int:
        return self.board.sequence

    def column(self, column_id: int) -> ColumnView | None:
        return next((column for column in self.columns if column.id == column_id), None)

    def lane(self, column_id: int) -> tuple[CardView, ...]:
        """The live cards of a column, in order."""
        return tuple(self.cards[card_id] for card_id in self.lanes.get(column_id, ()))

    def apply(self, change: Change) -> "BoardView":
        """The board after `change`, which must be the next in sequence; raises ValueError when it is not."""
        if change.board_id != self.board.id or change.sequence != self.sequence + 1:
            raise ValueError(f"change {change.sequence} does not follow {self.sequence} of board {self.board.id}")
        parts: dict[str, Any] = {"columns": self.columns, "cards": self.cards, "lanes": self.lanes}
        board = self.board
        match change.event:
            case Verb.BOARD_CREATED:
                columns = [ColumnView.model_validate(column) for column in change.data["columns"]]
                return BoardView.build(BoardInfo.model_validate(change.data["board"]), columns, [])
            case Verb.BOARD_RENAMED | Verb.BOARD_ARCHIVED | Verb.BOARD_RESTORED:
                board = BoardInfo.model_validate(change.data["board"])
            case Verb.COLUMN_CREATED | Verb.COLUMN_MOVED | Verb.COLUMN_UPDATED:
                parts = self._with_column(ColumnView.model_validate(change.data["column"]), _ranks_dealt(change))
            case Verb.COLUMN_DELETED:
                parts = self._without_column(change.data["column"]["id"], change.data["cards"])
            case Verb.CARD_ARCHIVED | Verb.CARD_DELETED:
                parts = self._with_cards([], without=[change.data["card"]["id"]])
            case _:
                moved = [CardView.model_validate(change.data["card"])]
                parts = self._with_cards([card for card in moved if card.archived_at is None])
                parts = _reranked(parts, _ranks_dealt(change))
        board = board.model_copy(update={"sequence": change.sequence, "updated_at": change.at})
        return BoardView.model_construct(board=board, **parts)

    def _with_column(self, column: ColumnView, ranks: Mapping[int, str]) -> dict[str, Any]:
        before = self.column(column.id)
        others = [other for other in self.columns if other.id != column.id]
        others = [o.model_copy(update={"rank": ranks[o.id]}) if o.id in ranks else o for o in others]
        columns = tuple(sorted([*others, column], key=_rank))
        lanes = self.lanes if column.id in self.lanes else {**self.lanes, column.id: ()}
        cards = self.cards
        if before is not None and (before.kind is ColumnKind.DONE) != (column.kind is ColumnKind.DONE):
            finished = column.kind is ColumnKind.DONE
            cards = dict(cards)
            for card in self.lane(column.id):
                cards[card.id] = card.model_copy(update={"done_at": card.column_entered_at if finished else None})
        return {"columns": columns, "cards": cards, "lanes": lanes}

    def _without_column(self, column_id: int, moved: list[dict[str, Any]]) -> dict[str, Any]:
        parts = self._with_cards([CardView.model_validate(card) for card in moved])
        lanes = {key: lane for key, lane in parts["lanes"].items() if key != column_id}
        return {**parts, "columns": tuple(c for c in self.columns if c.id != column_id), "lanes": lanes}

    def _with_cards(self, cards: Iterable[CardView], without: Iterable[int] = ()) -> dict[str, Any]:
        by_id = dict(self.cards)
        touched: dict[int, list[int]] = {}

        def lane_of(column_id: int) -> list[int]:
            return touched.setdefault(column_id, list(self.lanes.get(column_id, ())))

        def lift(card_id: int) -> None:
            before = by_id.pop(card_id, None)
            if before is not None:
                lane_of(before.column_id).remove(card_id)

        for card_id in without:
            lift(card_id)
        for card in cards:
            before = by_id.get(card.id)
            if before is not None and (before.column_id, before.rank) == (card.column_id, card.rank):
                by_id[card.id] = card
                continue
            lift(card.id)
            by_id[card.id] = card
            insort(lane_of(card.column_id), card.id, key=lambda card_id: by_id[card_id].rank)
        lanes = {**self.lanes, **{column: tuple(lane) for column, lane in touched.items()}} if touched else self.lanes
        return {"columns": self.columns, "cards": by_id, "lanes": lanes}


def _rank(ranked: ColumnView | CardView) -> str:
    return ranked.rank


def _ranks_dealt(change: Change) -> dict[int, str]:
    """New ranks of the other cards (or columns) where they had to be dealt anew, by id."""
    return {int(key): rank for key, rank in change.data.get("ranks", {}).items()}


def _reranked(parts: dict[str, Any], ranks: Mapping[int, str]) -> dict[str, Any]:
    """A column's cards were dealt new ranks; the live ones among them are put in their new order."""
    if not ranks:
        return parts
    cards = dict(parts["cards"])
    columns = set()
    for card_id, rank in ranks.items():
        if card_id in cards:
            cards[card_id] = cards[card_id].model_copy(update={"rank": rank})
            columns.add(cards[card_id].column_id)
    lanes = {**parts["lanes"]}
    for column in columns:
        lanes[column] = tuple(sorted(lanes[column], key=lambda card_id: cards[card_id].rank))
    return {**parts, "cards": cards, "lanes": lanes}
