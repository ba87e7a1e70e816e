"""A card in memory, with the actions that a page would give to the dialog, and the changes that would come back."""

from datetime import UTC, datetime, timedelta
from typing import Any

from app.errors import ColumnFull, FieldChanged, Refusal
from app.views import (
    Actor,
    Approval,
    BoardInfo,
    BoardView,
    CardView,
    Change,
    CheckItem,
    ClaimView,
    ColumnView,
    CommentView,
    LabelView,
)
from components.card_dialog import CardActions, CardDialog
from models.vocabulary import ActorKind, ColumnKind, LabelColour, Priority, Verb, Via

NOW = datetime.now(UTC) - timedelta(hours=5, minutes=30)
COLUMNS = tuple(
    ColumnView(id=number, board_id=1, name=name, kind=ColumnKind.ACTIVE, wip_limit=None, rank=f"a{number}")
    for number, name in enumerate(("Not Started", "In Progress", "Blocked"), start=1)
)
FULL = 3
CARD = CardView(
    id=12, ref="DEMO-12", board_id=1, column_id=2, rank="a0", title="Import the customers",
    description="Reads **CSV**", acceptance_criteria="", priority=Priority.HIGH, assignee="agent-7",
    comment_count=0, version=4, created_at=NOW, updated_at=NOW, column_entered_at=NOW, done_at=None, archived_at=None,
)  # fmt: skip


class FakeBoard:
    """`dialog` is told of every change, as the page would; `updates` is what it asked for."""

    dialog: CardDialog

    def __init__(self, card: CardView = CARD) -> None:
        self.card = card
        self.columns = COLUMNS
        self.others: dict[int, CardView] = {}
        self.labels: dict[int, LabelView] = {}
        self.comments: dict[int, CommentView] = {}
        self.sequence = 10
        self.updates: list[tuple[dict[str, Any], dict[str, Any]]] = []
        self.refuses: Refusal | None = None
        self.tells_at_once = True
        self._untold: list[Change] = []

    @property
    def view(self) -> BoardView:
        info = BoardInfo(id=1, key="DEMO", name="Demo", sequence=self.sequence, created_at=NOW, updated_at=NOW,
                         archived_at=None)  # fmt: skip
        cards = [card for card in (self.card, *self.others.values()) if card.archived_at is None]
        return BoardView.build(info, self.columns, cards, self.labels.values())

    def other(self, number: int, title: str, **values: Any) -> CardView:
        """Another card of the board, or what became of it; nobody is told."""
        before = self.others.get(number, CARD)
        values = {"id": number, "ref": f"DEMO-{number}", "title": title, "rank": f"b{number}", **values}
        self.others[number] = before.model_copy(update=values)
        return self.others[number]

    def label(self, name: str, colour: LabelColour = LabelColour.BLUE, label_id: int | None = None) -> LabelView:
        """A label of the board, told."""
        label = LabelView(id=label_id or len(self.labels) + 1, board_id=1, name=name, colour=colour)
        event = Verb.LABEL_UPDATED if label.id in self.labels else Verb.LABEL_CREATED
        self.labels[label.id] = label
        self._record(event, "Bo", card_id=None, label=label.model_dump(mode="json"))
        return label

    def claim(self, holder: str, kind: ActorKind = ActorKind.AGENT) -> CardView:
        now = datetime.now(UTC)
        fence = self.card.claim.fence + 1 if self.card.claim else 1
        claim = ClaimView(holder=holder, kind=kind, fence=fence, claimed_at=now, lease_seconds=300,
                          expires_at=now + timedelta(seconds=300))  # fmt: skip
        return self.change(holder, Verb.CARD_CLAIMED, claim=claim, worker=holder)

    def change(self, by: str, event: Verb = Verb.CARD_UPDATED, **values: Any) -> CardView:
        """Somebody changes the card."""
        before = self.card
        self.card = before.model_copy(update={**values, "version": before.version + 1, "updated_at": datetime.now(UTC)})
        self._record(event, by, changed={field: [getattr(before, field), value] for field, value in values.items()})
        return self.card

    def say(self, by: str, text: str, kind: ActorKind = ActorKind.HUMAN) -> CommentView:
        """Somebody comments."""
        comment = CommentView(id=len(self.comments) + 1, card_id=12, author=by, author_kind=kind, text=text,
                              created_at=datetime.now(UTC), edited_at=None)  # fmt: skip
        self.comments[comment.id] = comment
        self.card = self.card.model_copy(update={"comment_count": len(self.comments)})
        self._record(Verb.COMMENT_ADDED, by, changed={}, comment=comment.model_dump(mode="json"))
        return comment

    def tell(self, most: int = 1000) -> None:
        """Let the dialog hear of what it has not heard yet, the oldest first."""
        told, self._untold = self._untold[:most], self._untold[most:]
        for change in told:
            self.dialog.apply(change, self.view)

    def actions(self, who: str) -> CardActions:
        async def update(card_id: int, changes: dict[str, Any], based_on: dict[str, Any]) -> CardView:
            self.updates.append((changes, based_on))
            self._refuse()
            for field, seen in based_on.items():
                if getattr(self.card, field) not in (seen, changes[field]):
                    raise FieldChanged("another changed it", field=field, current=getattr(self.card, field))
            return self.change(who, **changes)

        async def archive(card_id: int) -> None:
            self._refuse()
            self.change(who, Verb.CARD_ARCHIVED, archived_at=datetime.now(UTC))

        async def restore(card_id: int) -> None:
            self.change(who, Verb.CARD_RESTORED, archived_at=None)

        async def move(card_id: int, column_id: int) -> None:
            if column_id == FULL:
                raise ColumnFull("Blocked is full (3 of 3): move one out first")
            self.change(who, Verb.CARD_MOVED, column_id=column_id)

        async def comment(card_id: int, text: str) -> None:
            self._refuse()
            self.say(who, text)

        async def edit_comment(comment_id: int, text: str) -> None:
            edited = self.comments[comment_id].model_copy(update={"text": text, "edited_at": datetime.now(UTC)})
            self.comments[comment_id] = edited
            self._record(Verb.COMMENT_EDITED, who, changed={}, comment=edited.model_dump(mode="json"))

        async def delete_comment(comment_id: int) -> None:
            gone = self.comments.pop(comment_id)
            self._record(Verb.COMMENT_DELETED, who, changed={}, comment=gone.model_dump(mode="json"))

        async def claim(card_id: int) -> None:
            self._refuse()
            self.claim(who, ActorKind.HUMAN)

        async def release(card_id: int) -> None:
            self._refuse()
            self.change(who, Verb.CLAIM_RELEASED, claim=None)

        async def label(card_id: int, label_id: int) -> None:
            self._refuse()
            self.change(who, Verb.CARD_LABELED, labels=(*self.card.labels, label_id))

        async def unlabel(card_id: int, label_id: int) -> None:
            self.change(who, Verb.CARD_UNLABELED, labels=tuple(one for one in self.card.labels if one != label_id))

        async def create_label(name: str, colour: LabelColour) -> LabelView:
            self._refuse()
            return self.label(name, colour)

        async def add_item(card_id: int, text: str) -> None:
            self._refuse()
            self.items(who, *self.card.checklist, CheckItem(id=len(self.card.checklist) + 1, text=text, done=False))

        async def update_item(item_id: int, changes: dict[str, Any]) -> None:
            self._refuse()
            self.items(who, *(i.model_copy(update=changes) if i.id == item_id else i for i in self.card.checklist))

        async def delete_item(item_id: int) -> None:
            self.items(who, *(item for item in self.card.checklist if item.id != item_id))

        async def block(card_id: int, other_id: int) -> None:
            self._refuse()
            self.change(who, Verb.CARD_BLOCKED, blocked_by=(*self.card.blocked_by, other_id))

        async def unblock(card_id: int, other_id: int) -> None:
            left = tuple(blocker for blocker in self.card.blocked_by if blocker != other_id)
            self.change(who, Verb.CARD_UNBLOCKED, blocked_by=left)

        async def approve(card_id: int) -> None:
            self._refuse()
            self.change(who, Verb.CARD_APPROVED, approval=Approval(name=who, at=datetime.now(UTC)))

        async def withdraw(card_id: int) -> None:
            self.change(who, Verb.APPROVAL_WITHDRAWN, approval=None)

        return CardActions(
            update=update, archive=archive, restore=restore, move=move,
            comment=comment, edit_comment=edit_comment, delete_comment=delete_comment,
            claim=claim, release=release, add_label=label, remove_label=unlabel, create_label=create_label,
            add_item=add_item, update_item=update_item, delete_item=delete_item,
            block=block, unblock=unblock, approve=approve, withdraw=withdraw,
        )  # fmt: skip

    def items(self, by: str, *items: CheckItem) -> None:
        """Somebody changes the checklist to these items."""
        self.change(by, Verb.CHECKLIST_ITEM_CHANGED, checklist=items)

    def _refuse(self) -> None:
        if self.refuses is not None:
            raise self.refuses

    def _record(self, event: Verb, by: str, card_id: int | None = 12, **data: Any) -> None:
        self.sequence += 1
        actor = Actor(name=by, kind=ActorKind.HUMAN, via=Via.UI)
        card = {"card": self.card.model_dump(mode="json")} if card_id is not None else {}
        self._untold.append(
            Change(
                event=event,
                board_id=1,
                sequence=self.sequence,
                at=datetime.now(UTC),
                actor=actor,
                card_id=card_id,
                data={**card, **data},
            )
        )
        if self.tells_at_once:
            self.tell()
