"""How a change of a card is stored and recorded: what all commands about cards share."""

from typing import Any

from sqlalchemy import bindparam, delete, update

from app.errors import CardArchived
from app.store.rows import CARD, CLAIM
from app.store.transaction import Changing
from app.views import Actor, CardView
from models.vocabulary import Verb


def set_card(
    change: Changing,
    verb: Verb,
    actor: Actor,
    before: CardView,
    values: dict[str, Any],
    derived: dict[str, Any] | None = None,
    ranks: dict[int, str] | None = None,
    *,
    edits: bool = True,
    **more: Any,
) -> CardView:
    """Store `values` of the card, record the change, and answer the card after it.

    `derived` are fields of the view that other tables hold. What does not edit the card (`edits=False`: a claim, a
    report) leaves its version alone, so that an agent at work makes no editor's version old. `more` joins the data.
    """
    stored = {**values, "updated_at": change.now}
    if edits:
        stored["version"] = before.version + 1
    change.connection.execute(_UPDATE, {"card": before.id, **stored})
    shown = {field: value for field, value in stored.items() if field in CardView.model_fields}
    after = before.model_copy(update={**shown, **(derived or {})})
    was = before.model_dump(mode="json", include={*values, *(derived or {})})
    now = after.model_dump(mode="json", include=set(was))
    changed = {field: [old, now[field]] for field, old in was.items() if old != now[field]}
    record_card(change, verb, actor, after, changed, ranks, **more)
    return after


def record_card(
    change: Changing,
    verb: Verb,
    actor: Actor,
    card: CardView,
    changed: dict[str, Any],
    ranks: dict[int, str] | None = None,
    **more: Any,
) -> None:
    """`card` is the card after the change; `changed` is {field: [old, new]}."""
    data = {"card": card.model_dump(mode="json"), "changed": changed, **more}
    if ranks:
        data["ranks"] = {str(card_id): rank for card_id, rank in ranks.items()}
    change.record(verb, actor, card_id=card.id, **data)


def end_claim(change: Changing, card: CardView) -> None:
    if card.claim is not None:
        change.connection.execute(_END_CLAIM, {"card": card.id})


def refuse_archived(card: CardView) -> None:
    if card.archived_at is not None:
        raise CardArchived(f"{card.ref} is archived; restore it first", next="restore_card")


NO_PROGRESS: dict[str, Any] = {"progress_percent": None, "progress_text": None}
NO_APPROVAL: dict[str, Any] = {"approved_by": None, "approved_at": None}


_END_CLAIM = delete(CLAIM).where(CLAIM.c.card_id == bindparam("card"))
_UPDATE = update(CARD).where(CARD.c.id == bindparam("card"))
