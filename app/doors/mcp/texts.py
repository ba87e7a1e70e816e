"""Cards in words, short: a card as one line, a card to work from, and the names of things on a board."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from app.errors import InvalidInput, NotFound
from app.views import BoardView, CardView, ClaimedCard, ClaimView, CommentView
from models.vocabulary import Priority

TITLE_MOST = 80
MARKDOWN_MOST = 1_500
COMMENTS_SHOWN = 3
COMMENT_MOST = 300
ITEMS_SHOWN = 30


def cut(text: str, most: int) -> str:
    """One line of at most that many characters; what is missing is shown by an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def card_line(view: BoardView, card: CardView, now: datetime, title_most: int = TITLE_MOST) -> str:
    """`DEMO-3 Title !high @anna #bug [agent-7 60%] waits for DEMO-2`"""
    words = [card.ref, cut(card.title, title_most)]
    if card.priority is not Priority.NORMAL:
        words.append(f"!{card.priority.value}")
    if card.assignee:
        words.append(f"@{card.assignee}")
    words += [f"#{name}" for name in label_names(view, card)]
    if card.claim is not None:
        percent = f" {card.progress.percent}%" if card.progress and card.progress.percent is not None else ""
        words.append(f"[{card.claim.holder}{percent}{' silent' if is_silent(card.claim, now) else ''}]")
    blockers = view.open_blockers(card)
    if blockers:
        words.append(f"waits for {', '.join(blocker.ref for blocker in blockers)}")
    return " ".join(words)


def card_text(view: BoardView, card: CardView, now: datetime, comments: Sequence[CommentView] | None = None) -> str:
    """What it takes to work on a card. Long texts are cut, and that is said."""
    lines = [card_line(view, card, now, len(card.title)), f"column: {column_name(view, card.column_id)}"]
    lines[1] += f"; version {card.version}"
    if card.archived_at is not None:
        lines[1] += "; archived"
    if card.due_at is not None:
        lines.append(f"due: {moment(card.due_at)}")
    if card.claim is not None:
        lines.append(f"claimed by {card.claim.holder} until {moment(card.claim.expires_at)}")
    if card.progress is not None and card.progress.text:
        lines.append(f"progress: {card.progress.text}")
    shortened = False
    for name, text in (("description", card.description), ("acceptance criteria", card.acceptance_criteria)):
        if text:
            shortened |= len(text) > MARKDOWN_MOST
            lines.append(f"{name}:\n{text if len(text) <= MARKDOWN_MOST else text[:MARKDOWN_MOST] + '…'}")
    if card.checklist:
        lines.append(f"checklist {checklist(card)}:")
        lines += [f"{'[x]' if item.done else '[ ]'} {item.id} {item.text}" for item in card.checklist[:ITEMS_SHOWN]]
        shortened |= len(card.checklist) > ITEMS_SHOWN
    shown = 0
    if comments is not None:
        for comment in comments[-COMMENTS_SHOWN:]:
            lines.append(f"{comment.author}: {cut(comment.text, COMMENT_MOST)}")
            shortened |= len(comment.text) > COMMENT_MOST
            shown += 1
    if card.comment_count > shown:
        lines.append(f"+{counted(card.comment_count - shown, 'comment')}: get_card card_id={card.ref} full=true")
    if shortened:
        lines.append(f"Texts are cut: get_card card_id={card.ref} full=true shows all.")
    return "\n".join(lines)


def claimed_text(view: BoardView, card: ClaimedCard, now: datetime) -> str:
    assert card.claim is not None
    head = f"{card.ref} is yours: fence {card.fence}, lease {card.claim.lease_seconds} s"
    if card.claim.busy_until is not None:
        head += f", busy until {moment(card.claim.busy_until)}"
    return f"{head}\n{card_text(view, card, now)}"


def checklist(card: CardView) -> str:
    return f"{sum(item.done for item in card.checklist)}/{len(card.checklist)}"


def is_silent(claim: ClaimView, now: datetime) -> bool:
    """A holder at work never shows less than half of its lease."""
    busy = claim.busy_until is not None and claim.busy_until > now
    return not busy and now > claim.expires_at - timedelta(seconds=claim.lease_seconds / 2)


def moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def column_name(view: BoardView, column_id: int | None) -> str:
    column = view.column(column_id) if column_id is not None else None
    return column.name if column is not None else f"column {column_id}"


def label_names(view: BoardView, card: CardView) -> list[str]:
    return [view.labels[label].name for label in card.labels if label in view.labels]


def column_id(view: BoardView, wished: int | str) -> int:
    """A column by name, else by id. Raises InvalidInput with the names there are."""
    named = [column.id for column in view.columns if column.name.casefold() == str(wished).strip().casefold()]
    by_id = [column.id for column in view.columns if str(column.id) == str(wished)]
    for found in (*named, *by_id):
        return found
    names = [column.name for column in view.columns]
    raise InvalidInput(
        f"column: {view.board.key} has no column {cut(str(wished), 40)!r}", field="column", allowed=names
    )


def label_id(view: BoardView, wished: int | str, field: str = "label") -> int:
    named = [label.id for label in view.labels.values() if label.name.casefold() == str(wished).strip().casefold()]
    by_id = [label.id for label in view.labels.values() if str(label.id) == str(wished)]
    for found in (*named, *by_id):
        return found
    names = [label.name for label in view.labels.values()]
    lacks = f"no label {cut(str(wished), 40)!r}" if names else "no labels"
    raise InvalidInput(f"{field}: {view.board.key} has {lacks}", field=field, allowed=names)


def card_id(view: BoardView, wished: int | str, field: str) -> int:
    """A card of the board by id or ref."""
    if isinstance(wished, int):
        return wished
    for card in view.cards.values():
        if card.ref == wished:
            return card.id
    raise NotFound(f"{field}: {view.board.key} has no card {wished}", field=field, next="list_cards")
