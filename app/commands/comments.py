"""Comments: add, edit, delete. Only the author edits or deletes."""

from typing import Any

from sqlalchemy import bindparam, delete, insert, update

from app.commands.access import admitted, changing_card, find_card
from app.commands.checks import body
from app.errors import NotFound, NotTheAuthor
from app.store import Store
from app.store.rows import CARD, COMMENT, COMMENTS, comment_view
from app.store.transaction import Changing, board_of_comment, changing
from app.views import Actor, CardView, CommentView
from models.comment import TEXT_LENGTH
from models.vocabulary import Verb


def add_comment(store: Store, card: int | str, *, text: str, actor: Actor, fence: int | None = None) -> CommentView:
    """Everybody may comment, also on a card that another has claimed."""
    text = body("text", text, TEXT_LENGTH, empty=False)
    with changing_card(store, card, actor=actor, fence=fence, commenting=True) as (change, present):
        values: dict[str, Any] = {
            "card_id": present.id,
            "author": actor.name,
            "text": text,
            "created_at": change.now,
            "edited_at": None,
        }
        made = change.connection.execute(_ADD, {**values, "author_kind": actor.kind.value}).scalar_one()
        comment = CommentView.model_construct(id=made, author_kind=actor.kind, **values)
        _record(change, Verb.COMMENT_ADDED, actor, present, comment, +1)
        return comment


def edit_comment(store: Store, comment_id: int, *, text: str, actor: Actor, fence: int | None = None) -> CommentView:
    """Raises NotTheAuthor when the actor did not write it, LeaseLost when `fence` is old."""
    text = body("text", text, TEXT_LENGTH, empty=False)
    with changing(store, board_of_comment(comment_id)) as change:
        before = _own(change, comment_id, actor)
        card = admitted(change, find_card(change, before.card_id), actor, fence, commenting=True)
        if before.text == text:
            return before
        change.connection.execute(_UPDATE, {"comment": comment_id, "text": text, "edited_at": change.now})
        after = before.model_copy(update={"text": text, "edited_at": change.now})
        _record(change, Verb.COMMENT_EDITED, actor, card, after, 0)
        return after


def delete_comment(store: Store, comment_id: int, *, actor: Actor, fence: int | None = None) -> CommentView:
    """Answers the comment as it was. Raises NotTheAuthor when the actor did not write it, and LeaseLost."""
    with changing(store, board_of_comment(comment_id)) as change:
        comment = _own(change, comment_id, actor)
        present = admitted(change, find_card(change, comment.card_id), actor, fence, commenting=True)
        change.connection.execute(delete(COMMENT).where(COMMENT.c.id == comment_id))
        _record(change, Verb.COMMENT_DELETED, actor, present, comment, -1)
        return comment


def _record(change: Changing, verb: Verb, actor: Actor, before: CardView, comment: CommentView, more: int) -> None:
    change.connection.execute(_TOUCH, {"card": before.id, "updated_at": change.now})
    count = before.comment_count + more
    card = before.model_copy(update={"comment_count": count, "updated_at": change.now})
    changed: dict[str, Any] = {"comment_count": [before.comment_count, count]} if more else {}
    change.record(
        verb,
        actor,
        card_id=card.id,
        card=card.model_dump(mode="json"),
        comment=comment.model_dump(mode="json"),
        changed=changed,
    )


def _own(change: Changing, comment_id: int, actor: Actor) -> CommentView:
    row = change.connection.execute(_ONE, {"comment": comment_id}).first()
    if row is None:
        raise NotFound(f"there is no comment {comment_id}")
    comment = comment_view(row)
    if (comment.author, comment.author_kind) != (actor.name, actor.kind):
        raise NotTheAuthor(f"{comment.author} wrote this comment; only the author may change it")
    return comment


_ADD = insert(COMMENT).returning(COMMENT.c.id)
_UPDATE = update(COMMENT).where(COMMENT.c.id == bindparam("comment"))
_ONE = COMMENTS.where(COMMENT.c.id == bindparam("comment"))
_TOUCH = update(CARD).where(CARD.c.id == bindparam("card"))
