"""Rows become views here, for commands and queries alike: one select a noun and one function that reads its row."""

from typing import Any

from sqlalchemy import Row, Select, func, select

from app.views import BoardInfo, CardView, ColumnView, CommentView
from models.board import Board
from models.card import Card
from models.column import BoardColumn
from models.comment import Comment
from models.types import table_of
from models.vocabulary import ActorKind, ColumnKind

BOARD, COLUMN, CARD, COMMENT = (table_of(model) for model in (Board, BoardColumn, Card, Comment))

BOARDS: Select[Any] = select(
    BOARD.c.id,
    BOARD.c.key,
    BOARD.c.name,
    BOARD.c.sequence,
    BOARD.c.created_at,
    BOARD.c.updated_at,
    BOARD.c.archived_at,
)
COLUMNS: Select[Any] = select(COLUMN)
CARDS: Select[Any] = (
    select(
        *CARD.c,
        BOARD.c.key.label("board_key"),
        COLUMN.c.kind.label("column_kind"),
        select(func.count()).where(COMMENT.c.card_id == CARD.c.id).scalar_subquery().label("comment_count"),
    )
    .join_from(CARD, BOARD, BOARD.c.id == CARD.c.board_id)
    .join(COLUMN, COLUMN.c.id == CARD.c.column_id)
)
COMMENTS: Select[Any] = select(COMMENT)


def board_info(row: Row[Any]) -> BoardInfo:
    return BoardInfo.model_construct(**row._mapping)


def column_view(row: Row[Any]) -> ColumnView:
    return ColumnView.model_construct(**{**row._mapping, "kind": ColumnKind(row.kind)})


def card_view(row: Row[Any]) -> CardView:
    fields = dict(row._mapping)
    fields["ref"] = f"{fields.pop('board_key')}-{fields.pop('number')}"
    # a card is done since it entered its done column: derived, so that it cannot disagree
    fields["done_at"] = fields["column_entered_at"] if fields.pop("column_kind") == ColumnKind.DONE.value else None
    return CardView.model_construct(**fields)


def comment_view(row: Row[Any]) -> CommentView:
    return CommentView.model_construct(**{**row._mapping, "author_kind": ActorKind(row.author_kind)})
