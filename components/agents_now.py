"""Which agents there are on a board and what each is doing, told from the board as it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.views import BoardView, CardView, ClaimView, PausedAgent
from models.claim import silent_from
from models.vocabulary import ActorKind


class State(StrEnum):
    """Each with the word that people read."""

    WORKING = "At work"
    SILENT = "Silent"
    PAUSED = "Paused"
    IDLE = "Idle"


@dataclass(frozen=True)
class AgentNow:
    name: str
    cards: tuple[CardView, ...] = ()
    """Those that it has claimed."""
    paused: PausedAgent | None = None
    seen: datetime | None = None
    """When it last did something here that everybody saw."""

    def state(self, now: datetime) -> State:
        if self.paused is not None:
            return State.PAUSED
        if not self.cards:
            return State.IDLE
        heard_of = any(now <= _silent_from(card.claim) for card in self.cards if card.claim is not None)
        return State.WORKING if heard_of else State.SILENT

    def next_silence(self, now: datetime) -> datetime | None:
        """When it will count as silent, unless it is heard of before."""
        ends = [_silent_from(card.claim) for card in self.cards if card.claim is not None]
        return max(ends) if ends and max(ends) >= now else None


def agents_now(view: BoardView, seen: Mapping[str, datetime | None] | None = None) -> list[AgentNow]:
    """Those with work first, then by name; `seen` names more than the board shows, and when they were here."""
    claimed: dict[str, list[CardView]] = {}
    for card in _claimed(view):
        assert card.claim is not None
        claimed.setdefault(card.claim.holder, []).append(card)
    paused = {agent.name: agent for agent in view.board.paused}
    known = seen or {}
    found = [
        AgentNow(name, tuple(claimed.get(name, ())), paused.get(name), known.get(name))
        for name in {*claimed, *paused, *known}
    ]
    return sorted(found, key=lambda agent: (not agent.cards, agent.name.casefold()))


def count(agents: Iterable[AgentNow], now: datetime) -> dict[State, int]:
    counted = dict.fromkeys(State, 0)
    for agent in agents:
        counted[agent.state(now)] += 1
    return counted


def _claimed(view: BoardView) -> tuple[CardView, ...]:
    """Cards that agents work on. Every browser asks after every change, so the answer is kept until the next."""
    kept = _kept.get(view.board.id)
    if kept is None or kept[0] is not view.cards:
        cards = (card for card in view.cards.values() if card.claim is not None)
        agents = (card for card in cards if card.claim is not None and card.claim.kind is ActorKind.AGENT)
        kept = _kept[view.board.id] = (view.cards, tuple(sorted(agents, key=lambda card: card.id)))
    return kept[1]


_kept: dict[int, tuple[Mapping[int, CardView], tuple[CardView, ...]]] = {}


def last_sign(claim: ClaimView) -> datetime:
    """When its holder was last heard of, as far as everybody was told."""
    return claim.expires_at - timedelta(seconds=claim.lease_seconds)


def _silent_from(claim: ClaimView) -> datetime:
    return silent_from(claim.expires_at, claim.lease_seconds, claim.busy_until)
