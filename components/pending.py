"""Drops that the server has not confirmed yet.

Whoever dropped a card sees it where they dropped it, also when other changes arrive before their own: the board is
shown as the view says, with the pending drops on top.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.views import BoardView


@dataclass
class Drop:
    card_id: int
    column_id: int
    after: int | None
    before: int | None
    version: int | None = None
    """The card's version once it was moved; the drop is over when the view has it."""


class PendingDrops:
    def __init__(self) -> None:
        self._drops: dict[int, Drop] = {}

    def add(self, drop: Drop) -> None:
        self._drops[drop.card_id] = drop

    def refused(self, drop: Drop) -> None:
        if self._drops.get(drop.card_id) is drop:
            del self._drops[drop.card_id]

    def settle(self, view: BoardView) -> None:
        """Forget the drops that the view knows of, and those of cards that are gone."""
        for drop in list(self._drops.values()):
            card = view.cards.get(drop.card_id)
            if card is None or (drop.version is not None and card.version >= drop.version):
                del self._drops[drop.card_id]

    def __contains__(self, card_id: int) -> bool:
        return card_id in self._drops

    def __bool__(self) -> bool:
        return bool(self._drops)

    def order(self, column_id: int, card_ids: Sequence[int]) -> Sequence[int]:
        """The cards of a column with the pending drops on top."""
        if not self._drops:
            return card_ids
        order = [card_id for card_id in card_ids if card_id not in self._drops]
        for drop in self._drops.values():
            if drop.column_id != column_id:
                continue
            if drop.after in order:
                order.insert(order.index(drop.after) + 1, drop.card_id)
            elif drop.before in order:
                order.insert(order.index(drop.before), drop.card_id)
            else:
                order.append(drop.card_id)
        return order
