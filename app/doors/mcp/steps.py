"""What each writing tool asks for: one command, what it is given, and the words for what it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.commands import cards, checklists, claims, comments, links
from app.doors.mcp import arguments
from app.doors.mcp.texts import card_id, checklist, claimed_text, column_id, column_name, cut, label_id
from app.errors import CardArchived, InvalidInput
from app.service import Service
from app.views import BoardView, CardView

FIELDS = ("title", "description", "acceptance_criteria", "priority", "assignee", "due_at", "estimate")


@dataclass(frozen=True)
class Step:
    """`run(store, *target, **arguments, actor=...)`, and the words for what it answers."""

    run: Callable[..., Any]
    target: tuple[int | str, ...]
    arguments: dict[str, Any]
    told: Callable[[Any], str]


def _create(service: Service, view: BoardView, asked: arguments.CreateCard) -> Step:
    wished = {name: getattr(asked, name) for name in FIELDS}
    column = None if asked.column is None else column_id(view, asked.column)
    wished["labels"] = [label_id(view, one, "labels") for one in asked.labels]
    return Step(
        cards.create_card,
        (view.board.id,),
        {**wished, "column_id": column, "checklist": asked.checklist},
        lambda card: f"{card.ref} created in {column_name(view, card.column_id)}",
    )


def _update(service: Service, view: BoardView, asked: arguments.UpdateCard) -> Step:
    changes = {name: getattr(asked, name) for name in FIELDS if getattr(asked, name) is not None}
    if "assignee" in changes:
        changes["assignee"] = changes["assignee"] or None
    return Step(
        cards.update_card,
        (asked.card_id,),
        {"changes": changes, "expected_version": asked.expected_version},
        lambda card: f"{card.ref} is now version {card.version}",
    )


def _move(service: Service, view: BoardView, asked: arguments.MoveCard) -> Step:
    anchors = {
        name: None if wished is None else card_id(view, wished, name)
        for name, wished in (("before", asked.before), ("after", asked.after))
    }
    to_column = column_id(view, asked.column)

    def told(card: CardView) -> str:
        column = column_name(view, card.column_id)
        text = f"{card.ref} is in {column}, version {card.version}"
        for anchor in anchors.values():
            if anchor == card.id:
                text += ", at the end: no card is next to itself"
            elif anchor is not None and anchor not in {other.id for other in view.lane(to_column)}:
                ref = view.cards[anchor].ref if anchor in view.cards else f"card {anchor}"
                text += f", at the end: {ref} is not in {column}"
        return text

    return Step(cards.move_card, (asked.card_id,), {"to_column": to_column, **anchors}, told)


def _lease(asked: arguments.Lease) -> dict[str, Any]:
    return {"lease_seconds": asked.lease_seconds, "busy_for": asked.busy_for}


def _claim(service: Service, view: BoardView, asked: arguments.ClaimCard) -> Step:
    told = _claimed(service, view)
    return Step(claims.claim_card, (asked.card_id,), _lease(asked), told)


def _claim_next(service: Service, view: BoardView, asked: arguments.ClaimNextCard) -> Step:
    wished = _lease(asked)
    wished["column_id"] = None if asked.column is None else column_id(view, asked.column)
    wished["label"] = None if asked.label is None else label_id(view, asked.label)
    claimed = _claimed(service, view)
    nothing = f"Nothing to claim on {view.board.key}. next: wait_for_changes board_id={view.board.key}"
    return Step(
        claims.claim_next_card, (view.board.id,), wished, lambda card: nothing if card is None else claimed(card)
    )


def _claimed(service: Service, view: BoardView) -> Callable[[Any], str]:
    return lambda card: claimed_text(view, card, service.store.clock())


def _renew(service: Service, view: BoardView, asked: arguments.RenewClaim) -> Step:
    def told(card: Any) -> str:
        busy = f", busy for {asked.busy_for} s" if asked.busy_for else ""
        return f"{card.ref} stays yours: fence {card.fence}, lease {card.claim.lease_seconds} s{busy}"

    return Step(claims.renew_claim, (asked.card_id,), _lease(asked), told)


def _release(service: Service, view: BoardView, asked: arguments.ReleaseCard) -> Step:
    return Step(claims.release_card, (asked.card_id,), {}, lambda card: f"{card.ref} is free")


def _report(service: Service, view: BoardView, asked: arguments.ReportProgress) -> Step:
    def told(card: CardView) -> str:
        percent = card.progress.percent if card.progress is not None else None
        return f"{card.ref} shows your progress" + ("" if percent is None else f": {percent}%")

    return Step(claims.report_progress, (asked.card_id,), {"percent": asked.percent, "text": asked.text}, told)


def _comment(service: Service, view: BoardView, asked: arguments.AddComment) -> Step:
    return Step(
        comments.add_comment, (asked.card_id,), {"text": asked.text}, lambda comment: f"comment {comment.id} added"
    )


def _check(service: Service, view: BoardView | None, asked: arguments.CheckItem) -> Step:
    if asked.item_id is not None:
        return _change_item(view, asked, asked.item_id)
    if asked.card_id is None or asked.text is None:
        raise InvalidInput("item_id: say which item to tick, or add one with card_id and text", field="item_id")
    if asked.done:
        raise InvalidInput("done: an item is added open; tick it then with its item_id", field="done")
    return Step(
        checklists.add_check_item,
        (asked.card_id,),
        {"text": asked.text},
        lambda card: f"item {card.checklist[-1].id} added: {card.ref} checklist {checklist(card)}",
    )


def _change_item(view: BoardView | None, asked: arguments.CheckItem, item_id: int) -> Step:
    def run(*target: Any, **more: Any) -> CardView:
        if view is not None and asked.card_id is not None:  # asked here, so that a call that is repeated passes by
            _refuse_item_of_another(view, asked.card_id, item_id)
        return checklists.update_check_item(*target, **more)

    changes: dict[str, Any] = {} if asked.text is None else {"text": asked.text}
    if asked.done is not None or not changes:
        changes["done"] = asked.done is not False

    def told(card: CardView) -> str:
        text = f"{card.ref} checklist {checklist(card)}"
        if asked.text is None:
            return text
        state = "done" if any(item.id == item_id and item.done for item in card.checklist) else "open"
        return f'{text}: item {item_id}, {state}, reads "{cut(asked.text, 60)}"'

    return Step(run, (item_id,), {"changes": changes}, told)


def _refuse_item_of_another(view: BoardView, wished: int | str, item_id: int) -> None:
    card = next((card for card in view.cards.values() if wished in (card.id, card.ref)), None)
    if card is None:
        raise CardArchived(f"{wished} is archived; restore it first", next="restore_card")
    items = [item.id for item in card.checklist]
    if item_id not in items:
        raise InvalidInput(
            f"item_id: {card.ref} has no item {item_id}",
            field="item_id",
            allowed=items,
            next=f"get_card card_id={card.ref}",
        )


def _block(service: Service, view: BoardView, asked: arguments.BlockCard) -> Step:
    def told(card: CardView) -> str:
        return f"{card.ref} {'no longer waits' if asked.remove else 'waits'} for {asked.blocked_by}"

    command = links.unblock_card if asked.remove else links.block_card
    return Step(command, (asked.card_id, asked.blocked_by), {}, told)


STEPS: dict[str, Callable[[Service, Any, Any], Step]] = {
    "create_card": _create,
    "update_card": _update,
    "move_card": _move,
    "claim_card": _claim,
    "claim_next_card": _claim_next,
    "renew_claim": _renew,
    "release_card": _release,
    "report_progress": _report,
    "add_comment": _comment,
    "check_item": _check,
    "block_card": _block,
}
