"""Claims: who works on a card now. One winner under any race, a fence that grows with every claim, and an end."""

from collections.abc import Callable
from typing import Any

from app.commands.access import find_card, held, holds, keep, not_the_holder, refuse_old_fence, running_claim
from app.commands.card_changes import end_claim, set_card
from app.commands.checks import line
from app.commands.free_cards import best_free_card
from app.commands.leases import expire, record_renewal
from app.commands.taking import Terms, checked_terms, on_terms, take, with_fence
from app.errors import InvalidInput
from app.store import Store
from app.store.transaction import Changing, Target, board_of_card, changing
from app.store.transaction import board as board_target
from app.views import Actor, CardView, ClaimedCard, Progress
from models.card import PROGRESS_LENGTH
from models.vocabulary import ActorKind, Verb


def claim_card(
    store: Store, card: int | str, *, lease_seconds: int | None = None, busy_for: int | None = None, actor: Actor
) -> ClaimedCard:
    """Take the card to work on it, under a new fence: also for who holds it already, and lost the fence in a crash.

    Raises CardClaimed when an agent meets the claim of another; a person takes it over. Raises CardDone, CardArchived,
    and for agents CardBlocked.
    """
    terms = checked_terms(lease_seconds, busy_for, actor)
    claimed = _claim(store, board_of_card(card), lambda change: find_card(change, card), terms, actor)
    assert claimed is not None
    return claimed


def claim_next_card(
    store: Store,
    board: int | str,
    *,
    column_id: int | None = None,
    label: int | str | None = None,
    lease_seconds: int | None = None,
    busy_for: int | None = None,
    actor: Actor,
) -> ClaimedCard | None:
    """Take the best card that is free: unclaimed and not blocked, in a queue column or in the one given, by priority
    and then in the order of the board. None when there is none; `label`, an id or a name, narrows it down.
    """
    terms = checked_terms(lease_seconds, busy_for, actor)

    def pick(change: Changing) -> CardView | None:
        change.refuse_when_paused(actor)
        best = best_free_card(change, column_id, label)
        return None if best is None else find_card(change, best)

    return _claim(store, board_target(board), pick, terms, actor)


def renew_claim(
    store: Store,
    card: int | str,
    *,
    lease_seconds: int | None = None,
    busy_for: int | None = None,
    actor: Actor,
    fence: int | None = None,
) -> ClaimedCard:
    """Renew the lease, from now on for another length, or for as long as the holder says to be busy.

    Every call of the holder renews it; this one tells everybody. Raises NotTheHolder and LeaseLost.
    """
    terms = checked_terms(lease_seconds, busy_for, actor)
    with changing(store, board_of_card(card)) as change:
        before = find_card(change, card)
        claim = held(change, before, actor, fence)
        if terms != Terms():
            claim = keep(change, before.id, on_terms(change, claim, terms))
        after = before.model_copy(update={"claim": claim})
        record_renewal(change, actor, before, after)
        return with_fence(after, claim.fence)


def release_card(store: Store, card: int | str, *, actor: Actor, fence: int | None = None) -> CardView:
    """Give the card back before it is finished; how far the work got stays to be seen.

    People may release what another holds, which evicts it; raises NotTheHolder when an agent tries. A card that
    nobody holds is answered as it is.
    """
    with changing(store, board_of_card(card)) as change:
        present = find_card(change, card)
        claim, _ = running_claim(change, present)
        refuse_old_fence(present, claim, actor, fence)
        if claim is None:
            return expire(change, present)
        if not holds(actor, claim) and actor.kind is ActorKind.AGENT:
            raise not_the_holder(present, claim)
        end_claim(change, present)
        more: dict[str, Any] = {"holder": claim.holder, "evicted": not holds(actor, claim)}
        return set_card(change, Verb.CLAIM_RELEASED, actor, present, {}, {"claim": None}, edits=False, **more)


def report_progress(
    store: Store,
    card: int | str,
    *,
    percent: int | None = None,
    text: str | None = None,
    actor: Actor,
    fence: int | None = None,
) -> CardView:
    """Say how far the work is: 0 to 100 percent, a short line, or both; what is not given stays, an empty text goes.

    Raises NotTheHolder unless the actor's claim is running, LeaseLost when `fence` is old.
    """
    if percent is None and text is None:
        raise InvalidInput("give percent, text or both", field="percent")
    if percent is not None and (isinstance(percent, bool) or not isinstance(percent, int) or not 0 <= percent <= 100):
        raise InvalidInput("percent is a whole number from 0 to 100", field="percent")
    words = text if text in (None, "") else line("text", text, PROGRESS_LENGTH)
    with changing(store, board_of_card(card)) as change:
        present = find_card(change, card)
        present = present.model_copy(update={"claim": held(change, present, actor, fence)})
        before = present.progress or Progress(percent=None, text="")
        after = Progress(
            percent=before.percent if percent is None else percent, text=before.text if words is None else words
        )
        if after == before:
            return present
        shown = None if after == Progress(percent=None, text="") else after
        stored = {"progress_percent": after.percent, "progress_text": after.text or None}
        return set_card(change, Verb.PROGRESS_REPORTED, actor, present, stored, {"progress": shown}, edits=False)


def _claim(
    store: Store, target: Target, pick: Callable[[Changing], CardView | None], terms: Terms, actor: Actor
) -> ClaimedCard | None:
    with store.joining():
        with changing(store, target) as change:
            card = pick(change)
            if card is None:
                return None
            if card.claim is None or running_claim(change, card)[0] is not None:
                return take(change, card, terms, actor)
            # its holder fell silent: everybody is told so before the card goes to another
            expire(change, card)
        with changing(store, board_of_card(card.id)) as change:
            return take(change, find_card(change, card.id), terms, actor)
