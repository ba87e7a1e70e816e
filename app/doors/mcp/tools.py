"""The tools as clients see them. Every client pays for this list in each conversation, so it is written by hand and
kept short; a test holds it to 2,000 tokens. What the arguments may be is judged in `arguments`.
"""

from typing import Any

import mcp_types as types

TEXT: dict[str, Any] = {"type": "string"}
NUMBER: dict[str, Any] = {"type": "integer"}
TEXTS: dict[str, Any] = {"type": "array", "items": TEXT}
FLAG: dict[str, Any] = {"type": "boolean"}
PRIORITY: dict[str, Any] = {"enum": ["urgent", "high", "normal", "low"]}
READS = types.ToolAnnotations(read_only_hint=True)

CARD = {"card_id": TEXT}
BOARD = {"board_id": TEXT}
FULL = {"full": FLAG}
PAGE = {"limit": NUMBER, "cursor": TEXT}
ONCE = {"request_id": TEXT}
FENCED = {"fence": NUMBER, **ONCE}
DATES = {"due_at": TEXT, "estimate": {"type": "number"}}
LEASE = {"lease_seconds": NUMBER, "busy_for": NUMBER}


def _says(text: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "description": text}


def _tool(name: str, description: str, arguments: dict[str, Any], *required: str, reads: bool = False) -> types.Tool:
    schema: dict[str, Any] = {"type": "object", "properties": arguments}
    if required:
        schema["required"] = list(required)
    return types.Tool(name=name, description=description, input_schema=schema, annotations=READS if reads else None)


TOOLS = [
    _tool("list_boards", "Boards with key and card counts.", {"archived": FLAG}, reads=True),
    _tool(
        "get_board",
        "Digest of a board; with since=SEQUENCE only what changed after it. full: everything, as JSON.",
        {"board_id": _says("key or id", TEXT), "since": NUMBER, **FULL},
        "board_id",
        reads=True,
    ),
    _tool(
        "list_cards",
        "Cards that match all filters, by id.",
        {
            **BOARD,
            "column": _says("name or id", TEXT),
            "assignee": TEXT,
            "label": TEXT,
            "priority": PRIORITY,
            "claimed": FLAG,
            "blocked": FLAG,
            "archived": FLAG,
            **PAGE,
            **FULL,
        },
        reads=True,
    ),
    _tool(
        "search_cards",
        "Find text in titles, descriptions, criteria and comments.",
        {"q": TEXT, **BOARD, **PAGE, **FULL},
        "q",
        reads=True,
    ),
    _tool(
        "get_card",
        "One card with checklist and latest comments.",
        {"card_id": _says("ref (DEMO-12) or id", TEXT), **FULL},
        "card_id",
        reads=True,
    ),
    _tool(
        "create_card",
        "Add a card at the end of a column (default: the first). request_id on any write: repeats happen once.",
        {
            **BOARD,
            "title": TEXT,
            "column": TEXT,
            "description": TEXT,
            "acceptance_criteria": TEXT,
            "priority": PRIORITY,
            "assignee": TEXT,
            "labels": TEXTS,
            "checklist": TEXTS,
            **DATES,
            **ONCE,
        },
        "board_id",
        "title",
    ),
    _tool(
        "update_card",
        "Change fields of a card.",
        {
            **CARD,
            "title": TEXT,
            "description": TEXT,
            "acceptance_criteria": TEXT,
            "priority": PRIORITY,
            "assignee": _says('"": nobody', TEXT),
            **DATES,
            "expected_version": NUMBER,
            **FENCED,
        },
        "card_id",
    ),
    _tool(
        "move_card",
        "To a column, at the end or next to a card.",
        {**CARD, "column": TEXT, "before": TEXT, "after": TEXT, **FENCED},
        "card_id",
        "column",
    ),
    _tool(
        "claim_card",
        "Take a card for yourself, as a lease. Pass the fence it answers with your writes.",
        {**CARD, **LEASE, **ONCE},
        "card_id",
    ),
    _tool(
        "claim_next_card",
        "Claim the best free card of the queue columns.",
        {**BOARD, "column": TEXT, "label": TEXT, **LEASE, **ONCE},
        "board_id",
    ),
    _tool(
        "renew_claim",
        "Prolong your claim; busy_for: seconds you will be silent. Other calls renew too.",
        {**CARD, **LEASE, **FENCED},
        "card_id",
    ),
    _tool("release_card", "Give up your claim.", {**CARD, **FENCED}, "card_id"),
    _tool(
        "report_progress",
        "Show how far your work is.",
        {**CARD, "percent": NUMBER, "text": TEXT, **FENCED},
        "card_id",
    ),
    _tool("add_comment", "Comment on a card (Markdown).", {**CARD, "text": TEXT, **FENCED}, "card_id", "text"),
    _tool(
        "check_item",
        "Tick a checklist item (done=false: untick; text: only reword); or add one with card_id and text.",
        {"item_id": NUMBER, "done": FLAG, **CARD, "text": TEXT, **FENCED},
    ),
    _tool(
        "block_card",
        "Mark that a card waits for another (remove: no longer).",
        {**CARD, "blocked_by": TEXT, "remove": FLAG, **FENCED},
        "card_id",
        "blocked_by",
    ),
    _tool(
        "wait_for_changes",
        "Return as soon as something happens on a board or to one card, after since if given.",
        {**BOARD, **CARD, "since": NUMBER, "timeout": _says("seconds, at most 60", NUMBER)},
        reads=True,
    ),
]
NAMES = [tool.name for tool in TOOLS]
SCHEMAS = {tool.name: tool.input_schema for tool in TOOLS}
