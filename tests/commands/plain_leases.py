"""The rules of leases and fences, said plainly: who holds which card, until when, and what is refused to whom."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.errors import CardClaimed, LeaseLost, NotTheHolder, Refusal
from app.views import Actor
from models.vocabulary import ActorKind

Refused = type[Refusal] | None


@dataclass
class Held:
    """A claim, said plainly; it stays here until it is cleared away."""

    by: Actor
    fence: int
    lease: int
    ends: datetime
    busy_until: datetime | None


class PlainLeases:
    def __init__(self, cards: list[int], now: Callable[[], datetime]) -> None:
        self.now = now
        self.held: dict[int, Held] = {}
        self.fences = dict.fromkeys(cards, 0)
        self.expired = 0

    def running(self, card: int) -> Held | None:
        held = self.held.get(card)
        return held if held is not None and held.ends > self.now() else None

    def as_guest(self, card: int, actor: Actor, fence: int | None, *, comments: bool = False) -> Refused:
        held = self.running(card)
        own = held is not None and held.by == actor
        if fence is not None and not (held and own and held.fence == fence):
            return LeaseLost
        if held is None or own or comments or actor.kind is ActorKind.HUMAN:
            return None
        return CardClaimed

    def as_holder(self, card: int, actor: Actor, fence: int | None) -> Refused:
        held = self.running(card)
        if held is not None and held.by == actor and fence in (None, held.fence):
            return None
        return NotTheHolder if fence is None else LeaseLost

    def carried(self, card: int, fence: str | None) -> int | None:
        return None if fence is None else self.fences[card] - (fence == "older")

    def taken(self, card: int, actor: Actor, lease: int, busy: int | None) -> None:
        self.expired += card in self.held and self.running(card) is None
        self.fences[card] += 1
        busy_until = self.now() + timedelta(seconds=busy) if busy else None
        self.held[card] = Held(actor, self.fences[card], lease, self.now(), busy_until)
        self.held[card].ends = self.end(self.held[card])

    def heard(self, card: int, actor: Actor) -> None:
        held = self.running(card)
        if held and held.by == actor:
            held.ends = max(held.ends, self.end(held))

    def end(self, held: Held) -> datetime:
        end = self.now() + timedelta(seconds=held.lease)
        return max(end, held.busy_until or end)
