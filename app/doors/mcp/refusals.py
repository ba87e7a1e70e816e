"""Refusals that teach: the code, why, what would work instead, and the call that helps, within 80 tokens."""

from typing import Any

from app.doors.mcp.texts import cut
from app.errors import Refusal

MOST = 320
"""Characters; four of them are about a token."""
REASON_MOST = 170
NEXT_MOST = 100

_NEXT = {
    "card_claimed": "claim_next_card",
    "lease_lost": "get_card",
    "not_the_holder": "claim_card",
    "agent_paused": "wait_for_changes",
    "people_only": "add_comment",
    "card_blocked": "claim_next_card",
    "card_done": "claim_next_card",
    "card_archived": "claim_next_card",
    "gate_closed": "get_card",
    "column_full": "wait_for_changes",
    "version_mismatch": "get_card",
    "field_changed": "get_card",
    "not_found": "list_boards or search_cards",
    "board_archived": "list_boards",
    "cycle": "get_card",
    "idempotency_key_reused": "the same call with a new request_id",
    "too_many_requests": "the same call a little later",
    "store_unavailable": "the same call with the same request_id, a little later",
}
_IN_TOOLS: dict[Any, str] = {
    "restore_card": "add_comment, to ask a person to restore it",
    "restore_board": "list_boards",
    "approve_card by a person": "add_comment, to ask a person to approve",
}
"""What a refusal recommends for every door, said with the tools there are here."""
_ALLOWED: dict[str, list[str]] = {
    "card_claimed": ["add_comment", "get_card"],
    "lease_lost": ["get_card"],
    "not_the_holder": ["get_card", "add_comment"],
    "agent_paused": ["get_board", "get_card", "wait_for_changes"],
    "people_only": ["add_comment"],
    "card_blocked": ["add_comment", "get_card"],
    "card_done": ["add_comment", "move_card"],
    "gate_closed": ["get_card", "add_comment"],
}


def teach(refusal: Refusal) -> str:
    """`card_claimed: DEMO-3 is claimed by agent-7 until ...; allowed: add_comment, get_card; next: claim_next_card`"""
    text = f"{refusal.code}: {cut(refusal.detail, REASON_MOST)}"
    following = refusal.data.get("next") or _NEXT.get(refusal.code)
    following = _IN_TOOLS.get(following, following)
    ending = f" | next: {cut(str(following), NEXT_MOST)}" if following else ""
    allowed = refusal.data.get("allowed") or _ALLOWED.get(refusal.code)
    if allowed:
        text += _listed(allowed, MOST - len(text) - len(ending))
    return text + ending


def _listed(allowed: Any, room: int) -> str:
    """As many of the values as there is room for; that some are missing shows."""
    head, words = " | allowed: ", [cut(str(one), 60) for one in allowed]
    for count in range(len(words), 0, -1):
        told = head + ", ".join(words[:count]) + (", …" if count < len(words) else "")
        if len(told) <= room:
            return told
    return ""
