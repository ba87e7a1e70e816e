"""Rows become views here, for commands and queries alike: one select a noun and one function that reads its row."""

from typing import Any

import orjson
from sqlalchemy import Row, Select, func, select

from app.store.aggregates import json_rows, listed
from app.views import (
    Actor,
    Approval,
    BoardInfo,
    CardView,
    Change,
    CheckItem,
    ClaimView,
    ColumnView,
    CommentView,
    LabelView,
    PausedAgent,
    Progress,
)
from models.activity import Activity
from models.board import Board
from models.card import Card
from models.checklist import ChecklistItem
from models.claim import Claim
from models.column import BoardColumn
from models.comment import Comment
from models.label import CardLabel, Label
from models.link import Link
from models.types import table_of
from models.vocabulary import ActorKind, ColumnKind, LabelColour, Requirement, Verb, Via

BOARD, COLUMN, CARD, COMMENT, ACTIVITY = (table_of(m) for m in (Board, BoardColumn, Card, Comment, Activity))
LABEL, CARD_LABEL, ITEM, LINK, CLAIM = (table_of(model) for model in (Label, CardLabel, ChecklistItem, Link, Claim))

BOARDS: Select[Any] = select(
    BOARD.c.id,
    BOARD.c.key,
    BOARD.c.name,
    BOARD.c.sequence,
    BOARD.c.created_at,
    BOARD.c.updated_at,
    BOARD.c.archived_at,
    BOARD.c.paused,
)
COLUMNS: Select[Any] = select(COLUMN)
LABELS: Select[Any] = select(LABEL)
CARDS: Select[Any] = (
    select(
        CARD.c.id,
        CARD.c.board_id,
        CARD.c.column_id,
        CARD.c.number,
        CARD.c.rank,
        CARD.c.title,
        CARD.c.description,
        CARD.c.acceptance_criteria,
        CARD.c.priority,
        CARD.c.assignee,
        CARD.c.due_at,
        CARD.c.estimate,
        CARD.c.progress_percent,
        CARD.c.progress_text,
        CARD.c.worker,
        CARD.c.approved_by,
        CARD.c.approved_at,
        CARD.c.version,
        CARD.c.created_at,
        CARD.c.updated_at,
        CARD.c.column_entered_at,
        CARD.c.archived_at,
        BOARD.c.key.label("board_key"),
        COLUMN.c.kind.label("column_kind"),
        select(func.count()).where(COMMENT.c.card_id == CARD.c.id).scalar_subquery().label("comment_count"),
        select(listed(CARD_LABEL.c.label_id))
        .where(CARD_LABEL.c.card_id == CARD.c.id)
        .scalar_subquery()
        .label("labels"),
        select(listed(LINK.c.blocker_id)).where(LINK.c.card_id == CARD.c.id).scalar_subquery().label("blocked_by"),
        select(json_rows(ITEM.c.rank, ITEM.c.id, ITEM.c.text, ITEM.c.done))
        .where(ITEM.c.card_id == CARD.c.id)
        .scalar_subquery()
        .label("checklist"),
        CLAIM.c.holder,
        CLAIM.c.kind,
        CLAIM.c.fence,
        CLAIM.c.claimed_at,
        CLAIM.c.expires_at,
        CLAIM.c.busy_until,
        CLAIM.c.lease_seconds,
    )
    .join_from(CARD, BOARD, BOARD.c.id == CARD.c.board_id)
    .join(COLUMN, COLUMN.c.id == CARD.c.column_id)
    .outerjoin(CLAIM, CLAIM.c.card_id == CARD.c.id)
)
COMMENTS: Select[Any] = select(COMMENT)


def board_info(row: Row[Any]) -> BoardInfo:
    return board_of(dict(row._mapping))


def board_of(fields: dict[str, Any]) -> BoardInfo:
    """From the columns of `BOARDS`, by name."""
    return BoardInfo.model_construct(**{**fields, "paused": paused_agents(fields["paused"])})


def paused_agents(text: str) -> tuple[PausedAgent, ...]:
    """As stored with the board; nearly always there are none."""
    return () if text == "[]" else tuple(PausedAgent.model_validate(one) for one in orjson.loads(text))


def column_view(row: Row[Any]) -> ColumnView:
    requires = tuple(Requirement(one) for one in row.requires.split(",")) if row.requires else ()
    return ColumnView.model_construct(**{**row._mapping, "kind": ColumnKind(row.kind), "requires": requires})


def label_view(row: Row[Any]) -> LabelView:
    return LabelView.model_construct(**{**row._mapping, "colour": LabelColour(row.colour)})


def card_view(row: Row[Any]) -> CardView:
    fields = dict(row._mapping)
    fields["ref"] = f"{fields.pop('board_key')}-{fields.pop('number')}"
    # a card is done since it entered its done column: derived, so that it cannot disagree
    fields["done_at"] = fields["column_entered_at"] if fields.pop("column_kind") == ColumnKind.DONE.value else None
    fields["labels"] = _numbers(fields["labels"])
    fields["blocked_by"] = _numbers(fields["blocked_by"])
    fields["checklist"] = _checklist(fields["checklist"])
    percent, text = fields.pop("progress_percent"), fields.pop("progress_text")
    if percent is not None or text is not None:
        fields["progress"] = Progress.model_construct(percent=percent, text=text or "")
    approver, approved_at = fields.pop("approved_by"), fields.pop("approved_at")
    if approver is not None:
        fields["approval"] = Approval.model_construct(name=approver, at=approved_at)
    claim = {name: fields.pop(name) for name in _CLAIM_FIELDS}
    if claim["holder"] is not None:
        claim["kind"] = ActorKind(claim["kind"])
        fields["claim"] = ClaimView.model_construct(**claim)
    return CardView.model_construct(**fields)


def comment_view(row: Row[Any]) -> CommentView:
    return CommentView.model_construct(**{**row._mapping, "author_kind": ActorKind(row.author_kind)})


def change_view(row: Row[Any]) -> Change:
    return Change.model_construct(
        event=Verb(row.verb),
        board_id=row.board_id,
        sequence=row.sequence,
        at=row.at,
        actor=Actor.model_construct(name=row.actor_name, kind=ActorKind(row.actor_kind), via=Via(row.via)),
        card_id=row.card_id,
        data=orjson.loads(row.data),
    )


_CLAIM_FIELDS = ("holder", "kind", "fence", "claimed_at", "expires_at", "busy_until", "lease_seconds")


def _numbers(text: str | None) -> tuple[int, ...]:
    return tuple(sorted(map(int, text.split(",")))) if text else ()


def _checklist(text: str | None) -> tuple[CheckItem, ...]:
    if text is None or text == "[]":
        return ()
    items = sorted(orjson.loads(text))  # by rank, which comes first
    return tuple(CheckItem.model_construct(id=item, text=words, done=bool(done)) for _, item, words, done in items)
