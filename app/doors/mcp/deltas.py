"""What happened on a board, a short line for each change."""

from collections.abc import Callable, Sequence
from typing import Any

from app.doors.mcp.texts import column_name, counted, cut
from app.views import BoardView, Change
from models.vocabulary import Verb

SHOWN = 60
WORDS_MOST = 70


def is_news(change: Change) -> bool:
    """A renewed lease is a heartbeat: nobody needs to read it, or to be woken by it."""
    return change.event is not Verb.CLAIM_RENEWED


def delta(view: BoardView, since: int, changes: Sequence[Change], until: int) -> str:
    """The changes after `since`, which lead to the sequence `until`."""
    news = [change for change in changes if is_news(change)]
    shown = news[:SHOWN]
    if len(news) > SHOWN:
        until = shown[-1].sequence
    lines = [f"{view.board.key} #{until}: {counted(len(shown), 'change')} after #{since}"]
    lines += [told(change, view) for change in shown]
    if until < view.sequence:
        more = f"get_board board_id={view.board.key} since={until}"
        lines.append(f"More happened, up to #{view.sequence}: {more}, or without since for the board as it is.")
    return "\n".join(lines)


def told(change: Change, view: BoardView) -> str:
    """`#12 DEMO-3 moved In Progress -> Done by agent-7`"""
    card = change.data.get("card")
    about = f"{card['ref']} " if card else ""
    return f"#{change.sequence} {about}{_what(change, view)} by {change.actor.name}"


def _what(change: Change, view: BoardView) -> str:
    speak = _SPOKEN.get(change.event)
    return speak(change.data, view) if speak is not None else change.event.value.replace("_", " ")


def _updated(data: dict[str, Any], view: BoardView) -> str:
    changed: dict[str, Any] = data.get("changed") or {}
    if "priority" in changed and len(changed) == 1:
        return f"priority {changed['priority'][0]} -> {changed['priority'][1]}"
    if "assignee" in changed and len(changed) == 1:
        return f"assigned to {changed['assignee'][1] or 'nobody'}"
    return f"{', '.join(changed) or 'nothing'} changed"


def _moved(data: dict[str, Any], view: BoardView) -> str:
    columns = (data.get("changed") or {}).get("column_id")
    if columns is None:
        return f"moved within {column_name(view, data['card']['column_id'])}"
    return f"moved {column_name(view, columns[0])} -> {column_name(view, columns[1])}"


def _progress(data: dict[str, Any], view: BoardView) -> str:
    progress = data["card"]["progress"] or {}
    percent = f" {progress['percent']}%" if progress.get("percent") is not None else ""
    text = f" {cut(progress['text'], WORDS_MOST)}" if progress.get("text") else ""
    return f"progress{percent}{text}"


def _items(data: dict[str, Any], view: BoardView) -> str:
    items = data["card"]["checklist"]
    return f"checklist {sum(item['done'] for item in items)}/{len(items)}"


def _blockers(data: dict[str, Any], view: BoardView) -> str:
    waits_for = data["card"]["blocked_by"]
    refs = [view.cards[one].ref if one in view.cards else f"card {one}" for one in waits_for]
    return f"waits for {', '.join(refs)}" if refs else "waits for nothing"


def _labels(data: dict[str, Any], view: BoardView) -> str:
    names = [view.labels[one].name if one in view.labels else f"label {one}" for one in data["card"]["labels"]]
    return f"labels {', '.join(names) or 'none'}"


def _expired(data: dict[str, Any], view: BoardView) -> str:
    before = ((data.get("changed") or {}).get("claim") or [None])[0]
    return f"claim of {before['holder']} expired" if before else "claim expired"


def _agent(what: str) -> Callable[[dict[str, Any], BoardView], str]:
    return lambda data, view: f"agent {(data.get('agent') or {}).get('name', '')} {what}"


def _named(what: str, kind: str) -> Callable[[dict[str, Any], BoardView], str]:
    return lambda data, view: f'{kind} "{cut(str((data.get(kind) or {}).get("name", "")), WORDS_MOST)}" {what}'


_SPOKEN: dict[Verb, Callable[[dict[str, Any], BoardView], str]] = {
    Verb.CARD_CREATED: lambda data, view: (
        f'created in {column_name(view, data["card"]["column_id"])} "{cut(data["card"]["title"], WORDS_MOST)}"'
    ),
    Verb.CARD_UPDATED: _updated,
    Verb.CARD_MOVED: _moved,
    Verb.CARD_ARCHIVED: lambda data, view: "archived",
    Verb.CARD_RESTORED: lambda data, view: "restored",
    Verb.CARD_DELETED: lambda data, view: "deleted",
    Verb.CARD_LABELED: _labels,
    Verb.CARD_UNLABELED: _labels,
    Verb.CARD_BLOCKED: _blockers,
    Verb.CARD_UNBLOCKED: _blockers,
    Verb.CARD_CLAIMED: lambda data, view: "claimed",
    Verb.CLAIM_RELEASED: lambda data, view: "claim released",
    Verb.CLAIM_EXPIRED: _expired,
    Verb.PROGRESS_REPORTED: _progress,
    Verb.CARD_APPROVED: lambda data, view: "approved",
    Verb.APPROVAL_WITHDRAWN: lambda data, view: "approval withdrawn",
    Verb.CHECKLIST_ITEM_ADDED: _items,
    Verb.CHECKLIST_ITEM_CHANGED: _items,
    Verb.CHECKLIST_ITEM_MOVED: _items,
    Verb.CHECKLIST_ITEM_DELETED: _items,
    Verb.COMMENT_ADDED: lambda data, view: f'comment "{cut(data["comment"]["text"], WORDS_MOST)}"',
    Verb.COMMENT_EDITED: lambda data, view: f'comment now "{cut(data["comment"]["text"], WORDS_MOST)}"',
    Verb.COMMENT_DELETED: lambda data, view: "comment deleted",
    Verb.COLUMN_CREATED: _named("created", "column"),
    Verb.COLUMN_UPDATED: _named("changed", "column"),
    Verb.COLUMN_MOVED: _named("moved", "column"),
    Verb.COLUMN_DELETED: _named("deleted", "column"),
    Verb.LABEL_CREATED: _named("created", "label"),
    Verb.LABEL_UPDATED: _named("changed", "label"),
    Verb.LABEL_DELETED: _named("deleted", "label"),
    Verb.AGENT_PAUSED: _agent("paused"),
    Verb.AGENT_RESUMED: _agent("resumed"),
    Verb.BOARD_RENAMED: _named("is the new name", "board"),
}
