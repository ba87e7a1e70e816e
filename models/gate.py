"""What a column asks of the cards that enter it: from plain facts to what is missing, in words.

The one rule. Commands refuse by it, and whoever asks why is answered by it, so that the two cannot disagree.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from models.column import has_room
from models.vocabulary import Requirement

LIMIT = "wip_limit"
"""The name of the limit among the things that may be missing."""
NEXT = {
    Requirement.NO_OPEN_BLOCKERS.value: "claim_card",
    Requirement.CHECKLIST_DONE.value: "check_item",
    Requirement.APPROVAL.value: "approve_card by a person",
}
"""The call that helps, where there is one."""


@dataclass(frozen=True)
class Facts:
    """What the rule wants to know of a card."""

    ref: str
    open_blockers: Sequence[str] = ()
    """Refs of the cards it waits for."""
    items: int = 0
    open_items: int = 0
    approver: str | None = None
    workers: Collection[str] = ()
    """Whose approval does not count."""


class Missing(BaseModel):
    """One thing that keeps a card out: `requirement` says which in one word, `detail` in a few."""

    model_config = ConfigDict(frozen=True)

    requirement: str
    detail: str
    card: str | None = None
    """The ref of the card that lacks it, where several enter at once."""
    blockers: tuple[str, ...] | None = None
    """Refs of the open cards that this one waits for."""
    open: int | None = None
    """How many checklist items are open."""


def who_worked(worker: str | None, holder: str | None, assignee: str | None) -> frozenset[str]:
    """Who did the work and so cannot approve it: who claimed the card, or who is responsible when nobody ever did."""
    claimed = {name for name in (worker, holder) if name}
    return frozenset(claimed or ({assignee} if assignee else ()))


def missing(
    requires: Collection[Requirement], wip_limit: int | None, count: int, cards: Sequence[Facts]
) -> list[Missing]:
    """What keeps the cards out of a column with these rules that holds `count` cards; nothing when they may enter."""
    found = [lack for card in cards for lack in _of_card(requires, card, named=len(cards) > 1)]
    if cards and not has_room(wip_limit, count, len(cards)):
        full = f"it is full ({count} of {wip_limit})"
        few = f"it has no room for {len(cards)} cards more ({count} of {wip_limit})"
        found.append(Missing(requirement=LIMIT, detail=full if len(cards) == 1 else few))
    return found


def _of_card(requires: Collection[Requirement], card: Facts, *, named: bool) -> list[Missing]:
    ref = card.ref if named else None
    found = []
    if Requirement.NO_OPEN_BLOCKERS in requires and card.open_blockers:
        found.append(
            Missing(
                requirement=Requirement.NO_OPEN_BLOCKERS,
                detail=waits_for(card.open_blockers),
                card=ref,
                blockers=tuple(card.open_blockers),
            )
        )
    if Requirement.CHECKLIST_DONE in requires and card.open_items:
        detail = f"{card.open_items} of {card.items} checklist items {'is' if card.open_items == 1 else 'are'} open"
        found.append(Missing(requirement=Requirement.CHECKLIST_DONE, detail=detail, card=ref, open=card.open_items))
    if Requirement.APPROVAL in requires and not counts(card.approver, card.workers):
        other = f" other than {' or '.join(sorted(card.workers))}" if card.workers else ""
        found.append(Missing(requirement=Requirement.APPROVAL, detail=f"an approval by a person{other}", card=ref))
    return found


def counts(approver: str | None, workers: Collection[str]) -> bool:
    """Whether it is an approval by another than who worked."""
    return approver is not None and approver not in workers


def waits_for(refs: Sequence[str]) -> str:
    """`it waits for DEMO-1, DEMO-2 and 7 more`"""
    return f"it waits for {shortened(refs)}"


def shortened(words: Sequence[str], most: int = 3, by: str = ", ") -> str:
    """The first few, and how many more there are."""
    rest = len(words) - most
    return by.join(words[:most]) + (f" and {rest} more" if rest > 0 else "")
