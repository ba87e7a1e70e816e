"""What a board asks for. The page does it; the board hears of the outcome like every other browser, by the feed."""

from typing import Any, Protocol

from app.views import CardView
from models.vocabulary import ColumnKind


class BoardActions(Protocol):
    async def open_card(self, card_id: int) -> None: ...

    async def add_card(self, column_id: int, title: str, *, before: int | None) -> CardView | None:
        """None when it was refused, which the person has then been told. The same holds for the others."""

    async def move_card(
        self, card_id: int, to_column: int, *, before: int | None, after: int | None
    ) -> CardView | None: ...

    async def add_column(
        self, name: str, kind: ColumnKind, *, before: int | None = None, after: int | None = None
    ) -> bool: ...

    async def move_column(self, column_id: int, *, before: int | None, after: int | None) -> bool: ...

    async def update_column(self, column_id: int, changes: dict[str, Any]) -> bool: ...

    async def delete_column(self, column_id: int, *, move_cards_to: int | None) -> bool: ...
