"""How each change of a card is taken back."""

from typing import Any

from sqlalchemy import bindparam, select

from app.commands import cards, checklists, claims, labels, links
from app.commands.reversals import GONE, Reversal, Scene, and_so_on, quoted
from app.commands.touched import item_before, spoken
from app.store.rows import CARD, CLAIM, COLUMN, ITEM
from app.views import Change
from models.vocabulary import ActorKind, Verb

IN_A_LINE = ("title", "priority", "assignee", "due_at", "estimate")
"""Fields whose old value can be told; the others are long texts."""


def of_card(scene: Scene, change: Change) -> Reversal:
    card, ref = change.data["card"]["id"], change.data["card"]["ref"]
    match change.event:
        case Verb.CARD_CREATED:
            return Reversal(f"archive {ref}", (("card", card),), lambda: scene.do(cards.archive_card, card))
        case Verb.CARD_UPDATED:
            return _put_back(scene, change, card, ref)
        case Verb.CARD_MOVED:
            return _move_back(scene, change, card, ref)
        case Verb.CARD_ARCHIVED:
            return Reversal(f"restore {ref}", (("card shelf", card),), lambda: scene.do(cards.restore_card, card))
        case Verb.CARD_RESTORED:
            return Reversal(f"archive {ref}", (("card shelf", card),), lambda: scene.do(cards.archive_card, card))
        case Verb.CARD_DELETED:
            return Reversal(f"bring back {ref}", never=GONE)
        case Verb.CARD_LABELED | Verb.CARD_UNLABELED:
            return _label(scene, change, card, ref)
        case Verb.CARD_BLOCKED | Verb.CARD_UNBLOCKED:
            return _link(scene, change, card, ref)
        case Verb.CHECKLIST_ITEM_ADDED | Verb.CHECKLIST_ITEM_CHANGED | Verb.CHECKLIST_ITEM_DELETED:
            return _item(scene, change, card, ref)
        case Verb.CARD_CLAIMED:
            return _claim(scene, change, card, ref)
    would, why = _LEFT_ALONE.get(change.event, ("take back what it did to {ref}", "there is nothing that undoes it"))
    return Reversal(would.format(ref=ref), never=why)


def _put_back(scene: Scene, change: Change, card: int, ref: str) -> Reversal:
    old = {field: pair[0] for field, pair in change.data["changed"].items() if field in cards.EDITABLE}
    whose = {field: scene.others.who(change.sequence, (("card field", card, field),)) for field in old}
    own = {field: value for field, value in old.items() if whose[field] is None}
    others = next((words for words in whose.values() if words is not None), None)
    told = own or old
    [first, *more] = told
    if more or first not in IN_A_LINE:
        would = f"put back the {and_so_on([spoken(field) for field in told])} of {ref}"
    else:
        would = f"set the {spoken(first)} of {ref} back to {_shown(first, told[first])}"
    if not own:
        return Reversal(would, never=others)
    return Reversal(would, run=lambda: scene.do(cards.update_card, card, changes=own), rest=others)


def _move_back(scene: Scene, change: Change, card: int, ref: str) -> Reversal:
    was = {field: _old(change, field) for field in ("column_id", "rank")}
    row = scene.connection.execute(_COLUMN, {"column": was["column_id"]}).first()
    touches = (("card place", card), ("column gone", was["column_id"]))
    if row is None:
        gone = scene.others.who(change.sequence, touches) or "the column that it was in is deleted"
        return Reversal(f"move {ref} back", never=gone)
    inside = was["column_id"] == change.data["card"]["column_id"]
    would = f"move {ref} back to its place in {row.name}" if inside else f"move {ref} back to {row.name}"

    def move() -> None:
        next_one = None
        if ("cards", row.id) not in scene.dealt:
            place = {"column": row.id, "rank": was["rank"], "card": card}
            next_one = scene.connection.execute(_NEXT, place).scalar()
        scene.do(cards.move_card, card, to_column=row.id, before=next_one)

    return Reversal(would, touches, move)


def _label(scene: Scene, change: Change, card: int, ref: str) -> Reversal:
    label = change.data["label"]
    touches = (("card label", card, label["id"]), ("label gone", label["id"]))
    if change.event is Verb.CARD_LABELED:
        command, would = labels.remove_label, f"take the label {label['name']} off {ref}"
    else:
        command, would = labels.add_label, f"put the label {label['name']} back on {ref}"
    return Reversal(would, touches, lambda: scene.do(command, card, scene.label(label["id"])))


def _link(scene: Scene, change: Change, card: int, ref: str) -> Reversal:
    blocker = change.data["blocker"]
    touches = (("link", card, blocker["id"]), ("card gone", blocker["id"]))
    if change.event is Verb.CARD_BLOCKED:
        command, would = links.unblock_card, f"let {ref} no longer wait for {blocker['ref']}"
    else:
        command, would = links.block_card, f"let {ref} wait for {blocker['ref']} again"
    return Reversal(would, touches, lambda: scene.do(command, card, blocker["id"]))


def _item(scene: Scene, change: Change, card: int, ref: str) -> Reversal:
    item = change.data["item"]
    gone = ("item gone", item["id"])
    if change.event is Verb.CHECKLIST_ITEM_ADDED:
        would = f"delete the item {quoted(item['text'])} of {ref}"
        return Reversal(
            would,
            (("item", item["id"]), gone),
            lambda: scene.do(checklists.delete_check_item, scene.item(item["id"])),
        )
    before = item_before(change)
    if change.event is Verb.CHECKLIST_ITEM_DELETED:
        would = f"add the item {quoted(item['text'])} to {ref} again"
        return Reversal(would, (("item text", card, item["text"]),), lambda: _add_again(scene, change, card, before))
    old = {field: before[field] for field in ("text", "done") if before[field] != item[field]}
    would = f"put back the item {quoted(before['text'])} of {ref}"
    if list(old) == ["done"]:
        would = f"{'tick' if before['done'] else 'untick'} the item {quoted(item['text'])} of {ref}"
    touches = (*(("item field", item["id"], field) for field in old), gone)
    return Reversal(would, touches, lambda: scene.do(checklists.update_check_item, scene.item(item["id"]), changes=old))


def _add_again(scene: Scene, change: Change, card: int, before: dict[str, Any]) -> None:
    """Where it was, before the first of those below it that is still there; it gets a new id."""
    listed = [scene.item(item["id"]) for item in change.data["changed"]["checklist"][0]]
    below = listed[listed.index(before["id"]) + 1 :]
    present = set(scene.connection.execute(_ITEMS, {"card": card}).scalars())
    anchor = next((item for item in below if item in present), None)
    after = scene.do(checklists.add_check_item, card, text=before["text"], before=anchor)
    [made] = [item.id for item in after.checklist if item.id not in present]
    if before["done"]:
        scene.do(checklists.update_check_item, made, changes={"done": True})
    scene.items[before["id"]] = made


def _claim(scene: Scene, change: Change, card: int, ref: str) -> Reversal:
    held = scene.connection.execute(_HELD, {"card": card, "name": scene.name}).scalar()
    if held is None or held != change.data["card"]["claim"]["fence"]:
        return Reversal(f"release {ref}", never="it does not hold this claim any more")
    return Reversal(f"release {ref}", run=lambda: scene.do(claims.release_card, card))


def _old(change: Change, field: str) -> Any:
    return change.data["changed"].get(field, [change.data["card"][field]])[0]


def _shown(field: str, value: Any) -> str:
    if value is None:
        return "nothing"
    if field == "due_at":
        return str(value)[:10]
    return quoted(value) if isinstance(value, str) else f"{value:g}"


_LEFT_ALONE = {
    Verb.CHECKLIST_ITEM_MOVED: ("put the items of {ref} back in order", "the order of a checklist is left as it is"),
    Verb.CLAIM_RELEASED: ("claim {ref} for it again", "a claim that was given up is not given back"),
    Verb.PROGRESS_REPORTED: ("take back its report on {ref}", "a report passes by itself"),
    Verb.APPROVAL_WITHDRAWN: ("approve {ref} again", "a person approves"),
    Verb.COMMENT_ADDED: ("take back its comment on {ref}", "kept: comments are a record"),
    Verb.COMMENT_EDITED: ("take back its edit of a comment on {ref}", "kept: comments are a record"),
    Verb.COMMENT_DELETED: ("bring back its comment on {ref}", GONE),
}
_COLUMN = select(COLUMN.c.id, COLUMN.c.name).where(COLUMN.c.id == bindparam("column"))
_NEXT = (
    select(CARD.c.id)
    .where(CARD.c.column_id == bindparam("column"), CARD.c.rank > bindparam("rank"), CARD.c.id != bindparam("card"))
    .order_by(CARD.c.rank)
    .limit(1)
)
_ITEMS = select(ITEM.c.id).where(ITEM.c.card_id == bindparam("card"))
_HELD = select(CLAIM.c.fence).where(
    CLAIM.c.card_id == bindparam("card"),
    CLAIM.c.holder == bindparam("name"),
    CLAIM.c.kind == ActorKind.AGENT.value,
)
