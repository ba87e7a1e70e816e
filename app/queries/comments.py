"""The comments of a card."""

from sqlalchemy import bindparam

from app.queries.cards import get_card
from app.store import Store
from app.store.rows import COMMENT, COMMENTS, comment_view
from app.views import CommentView


def list_comments(store: Store, card: int | str) -> list[CommentView]:
    """Oldest first. Raises NotFound when there is no such card."""
    card_id = get_card(store, card).id
    with store.reading() as connection:
        return [comment_view(row) for row in connection.execute(_OF_CARD, {"card": card_id})]


_OF_CARD = COMMENTS.where(COMMENT.c.card_id == bindparam("card")).order_by(COMMENT.c.id)
