"""A board at one sequence, and the pure step from one state of it to the next.

`BoardView.apply(change)` is the same operation for a page, a test and a client that keeps its own copy:
a snapshot at sequence N and the changes after N give the snapshot now.
"""

from bisect import insort
from collections.abc import Iterable, Mapping
from typing import Any

from app.views.values import FINISHED, BoardInfo, CardView, Change, ColumnView, LabelView, View
from models.vocabulary import ColumnKind, Verb


class BoardView(View):
    """A board as it is at one sequence: its columns in order, and its live cards in the order of each column."""

    board: BoardInfo
    columns: tuple[ColumnView, ...]
    cards: Mapping[int, CardView]
    lanes: Mapping[int, tuple[int, ...]]
    """Card ids in order, by column id."""
    labels: Mapping[int, LabelView]

    @classmethod
    def build(
        cls,
        board: BoardInfo,
        columns: Iterable[ColumnView],
        cards: Iterable[CardView],
        labels: Iterable[LabelView] = (),
    ) -> "BoardView":
        ordered = tuple(sorted(columns, key=_rank))
        lanes: dict[int, list[CardView]] = {column.id: [] for column in ordered}
        by_id: dict[int, CardView] = {}
        for card in cards:
            lanes[card.column_id].append(card)
            by_id[card.id] = card
        in_order = {column: tuple(card.id for card in sorted(lane, key=_rank)) for column, lane in lanes.items()}
        return cls.model_construct(
            board=board, columns=ordered, cards=by_id, lanes=in_order, labels={label.id: label for label in labels}
        )

    @property
    def sequence(self) -> int:
        return self.board.sequence

    def column(self, column_id: int) -> ColumnView | None:
        return next((column for column in self.columns if column.id == column_id), None)

    def lane(self, column_id: int) -> tuple[CardView, ...]:
        """The live cards of a column, in order."""
        return tuple(self.cards[card_id] for card_id in self.lanes.get(column_id, ()))

    def open_blockers(self, card: CardView) -> tuple[CardView, ...]:
        """The cards that this one waits for: neither done nor archived."""
        if not card.blocked_by:
            return ()
        blockers = (self.cards.get(blocker) for blocker in card.blocked_by)
        return tuple(blocker for blocker in blockers if blocker is not None and blocker.done_at is None)

    def apply(self, change: Change) -> "BoardView":
        """The board after `change`, which must be the next in sequence; raises ValueError when it is not."""
        if change.board_id != self.board.id or change.sequence != self.sequence + 1:
            raise ValueError(f"change {change.sequence} does not follow {self.sequence} of board {self.board.id}")
        parts: dict[str, Any] = {"columns": self.columns, "cards": self.cards, "lanes": self.lanes}
        board, labels = self.board, self.labels
        match change.event:
            case Verb.BOARD_CREATED:
                columns = [ColumnView.model_validate(column) for column in change.data["columns"]]
                return BoardView.build(BoardInfo.model_validate(change.data["board"]), columns, [])
            case (
                Verb.BOARD_RENAMED
                | Verb.BOARD_ARCHIVED
                | Verb.BOARD_RESTORED
                | Verb.BOARD_DELETED
                | Verb.AGENT_PAUSED
                | Verb.AGENT_RESUMED
            ):
                board = BoardInfo.model_validate(change.data["board"])
            case Verb.WEBHOOK_CREATED | Verb.WEBHOOK_UPDATED | Verb.WEBHOOK_DELETED:
                pass  # no part of what a board shows
            case Verb.LABEL_CREATED | Verb.LABEL_UPDATED:
                label = LabelView.model_validate(change.data["label"])
                labels = {**labels, label.id: label}
            case Verb.LABEL_DELETED:
                gone = change.data["label"]["id"]
                labels = {label_id: label for label_id, label in labels.items() if label_id != gone}
                parts["cards"] = _without(self.cards, "labels", gone)
            case Verb.COLUMN_CREATED | Verb.COLUMN_MOVED | Verb.COLUMN_UPDATED:
                parts = self._with_column(ColumnView.model_validate(change.data["column"]), _ranks_dealt(change))
            case Verb.COLUMN_DELETED:
                parts = self._without_column(change.data["column"]["id"], change.data["cards"])
            case Verb.CARD_ARCHIVED:
                parts = self._with_cards([], without=[change.data["card"]["id"]])
            case Verb.CARD_DELETED:
                gone = change.data["card"]["id"]
                parts = self._with_cards([], without=[gone])
                parts["cards"] = _without(parts["cards"], "blocked_by", gone)
            case _:
                moved = [CardView.model_validate(change.data["card"])]
                parts = self._with_cards([card for card in moved if card.archived_at is None])
                parts = _reranked(parts, _ranks_dealt(change))
        board = board.model_copy(update={"sequence": change.sequence, "updated_at": change.at})
        return BoardView.model_construct(board=board, labels=labels, **parts)

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
                now: dict[str, Any] = {"done_at": card.column_entered_at if finished else None}
                if finished:
                    now |= FINISHED
                cards[card.id] = card.model_copy(update=now)
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


def _without(cards: Mapping[int, CardView], field: str, gone: int) -> dict[int, CardView]:
    """The cards, none of which names `gone` in the field any more."""
    return {
        card_id: card.model_copy(update={field: tuple(one for one in getattr(card, field) if one != gone)})
        if gone in getattr(card, field)
        else card
        for card_id, card in cards.items()
    }


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
