"""Any work of an agent among others, undone: its own is gone, theirs stands, by an account kept from the changes alone.

Whatever was written ends as the last of the others wrote it, or as it was before when only the agent did.
"""

import random
from collections.abc import Callable
from typing import Any

import pytest

from app.commands import boards, cards, checklists, claims, columns, comments, labels, links
from app.commands.undo import undo_agent
from app.errors import Refusal
from app.queries.undo import UndoReport, plan_undo
from app.store import Store
from app.views import Actor, BoardView, Change
from models.vocabulary import ActorKind, Priority, Verb, Via
from tests.support import ANNA, ROBOT, Desk, assert_gap_free, nothing_stored

BO = Actor(name="Bo", kind=ActorKind.HUMAN, via=Via.UI)
OTHER_ROBOT = Actor(name="Other", kind=ActorKind.AGENT, via=Via.MCP)
ACTORS = (ROBOT, ROBOT, ROBOT, ANNA, OTHER_ROBOT)
VERBS = 90


class Work:
    """Random verbs on a desk without limits, so that no rule stands in the way of the undo."""

    def __init__(self, desk: Desk, chance: random.Random) -> None:
        self.desk, self.chance = desk, chance
        columns.update_column(desk.store, desk.doing, changes={"wip_limit": None}, actor=ANNA)
        self.labels = [labels.create_label(desk.store, desk.id, name=name, actor=ANNA).id for name in "abc"]
        self.cards = sorted([*desk.view.cards, desk.shelved])
        self.columns = [column.id for column in desk.view.columns]
        self.items: list[int] = []
        for card in self.cards[:3]:
            for text in "xyz":
                checklist = checklists.add_check_item(desk.store, card, text=text, actor=ANNA).checklist
            self.items += [item.id for item in checklist]

    def one(self) -> None:
        actor, do = self.chance.choice(ACTORS), self.chance.choice(self.verbs)
        try:
            do(lambda command, *target, **named: command(self.desk.store, *target, **named, actor=actor))
        except Refusal:
            return  # archived, claimed by another, gone

    @property
    def verbs(self) -> list[Callable[[Any], Any]]:
        pick, card = self.chance.choice, self.chance.choice(self.cards)
        word = f"{self.chance.randrange(10**6)}"
        low, high = sorted(self.chance.sample(self.cards[:4], 2))
        item = self.chance.choice(self.items)
        field, value = pick([("title", word), ("description", word), ("priority", pick(list(Priority)))])
        return [
            *[lambda do: do(cards.update_card, card, changes={field: value})] * 3,
            *[lambda do: do(cards.move_card, card, to_column=pick(self.columns), before=pick(self.cards))] * 3,
            lambda do: self.cards.append(do(cards.create_card, self.desk.id, title=word).id),
            lambda do: do(cards.archive_card, card),
            lambda do: do(cards.restore_card, card),
            lambda do: do(cards.delete_card, card) if self.chance.random() < 0.2 else None,
            lambda do: do(labels.add_label, card, pick(self.labels)),
            lambda do: do(labels.remove_label, card, pick(self.labels)),
            lambda do: do(labels.update_label, pick(self.labels), changes={"name": word}),
            lambda do: do(links.block_card, low, high),  # always this way round: no cycles
            lambda do: do(links.unblock_card, low, high),
            lambda do: do(claims.claim_card, card),
            lambda do: do(comments.add_comment, card, text=word),
            lambda do: do(boards.rename_board, self.desk.id, name=word),
            lambda do: do(columns.update_column, pick(self.columns), changes={"name": word}),
            lambda do: do(columns.create_column, self.desk.id, name=word),
            lambda do: do(checklists.update_check_item, item, changes={"done": pick([True, False])}),
            lambda do: do(checklists.update_check_item, item, changes={"text": word}),
            lambda do: do(checklists.delete_check_item, item),
        ]


class Account:
    """What everything has to be in the end: as before, and then as each of the others wrote it."""

    def __init__(self, before: BoardView, changes: list[Change]) -> None:
        self.expected: dict[tuple[Any, ...], Any] = {("board",): before.board.name}
        self.made: set[int] = set()
        """Cards that the agent made and nobody else touched."""
        for column in before.columns:
            self.expected["column", column.id] = column.name
        for label in before.labels.values():
            self.expected["label", label.id] = label.name
        for card in before.cards.values():
            self._whole(card.model_dump(mode="json"))
        for change in changes:
            if change.actor == ROBOT:
                if change.event is Verb.CARD_CREATED:
                    self._whole(change.data["card"])
                    self.made.add(change.data["card"]["id"])
            else:
                self._note(change)

    def _whole(self, card: dict[str, Any]) -> None:
        self.expected |= parts(card)

    def _note(self, change: Change) -> None:
        data, changed = change.data, change.data.get("changed", {})
        if change.card_id is not None:
            self.made.discard(change.card_id)
        match change.event:
            case Verb.BOARD_RENAMED:
                self.expected["board",] = data["board"]["name"]
            case Verb.COLUMN_CREATED | Verb.COLUMN_UPDATED:
                self.expected["column", data["column"]["id"]] = data["column"]["name"]
            case Verb.LABEL_UPDATED:
                self.expected["label", data["label"]["id"]] = data["label"]["name"]
            case Verb.CARD_CREATED:
                self._whole(data["card"])
            case Verb.CARD_UPDATED:
                for field in changed:
                    self.expected["card", change.card_id, field] = data["card"][field]
            case Verb.CARD_MOVED:
                self.expected["card", change.card_id, "column_id"] = data["card"]["column_id"]
            case Verb.CARD_LABELED | Verb.CARD_UNLABELED:
                what = ("has label", change.card_id, data["label"]["id"])
                self.expected[what] = change.event is Verb.CARD_LABELED
            case Verb.CARD_BLOCKED | Verb.CARD_UNBLOCKED:
                what = ("waits for", change.card_id, data["blocker"]["id"])
                self.expected[what] = change.event is Verb.CARD_BLOCKED
            case Verb.CHECKLIST_ITEM_CHANGED:
                [old] = [item for item in changed["checklist"][0] if item["id"] == data["item"]["id"]]
                for field in ("text", "done"):
                    if data["item"][field] != old[field]:
                        self.expected["item", old["id"], field] = data["item"][field]

    def check(self, after: BoardView, report: UndoReport) -> None:
        refused = {entry.card for entry in report.entries if "is archived" in (entry.skipped or "")}
        now: dict[tuple[Any, ...], Any] = {("board",): after.board.name}
        now |= {("column", column.id): column.name for column in after.columns}
        now |= {("label", label.id): label.name for label in after.labels.values()}
        for card in after.cards.values():
            assert card.id not in self.made, "what it made is put away"
            assert card.claim is None or card.claim.holder != ROBOT.name
            if card.ref not in refused:  # what lay in the archive for a while took no changes, which the report says
                now |= parts(card.model_dump(mode="json"))
                now |= {
                    what: False
                    for what in self.expected
                    if what[:2] in {("has label", card.id), ("waits for", card.id)} and what not in now
                }
        never = {what: False for what in now if what[0] in ("has label", "waits for")}
        expected = {what: value for what, value in (never | self.expected).items() if what in now}
        assert {what: now[what] for what in expected} == expected


def parts(card: dict[str, Any]) -> dict[tuple[Any, ...], Any]:
    found: dict[tuple[Any, ...], Any] = {
        ("card", card["id"], field): card[field] for field in ("title", "description", "priority", "column_id")
    }
    found |= {("has label", card["id"], label): True for label in card["labels"]}
    found |= {("waits for", card["id"], blocker): True for blocker in card["blocked_by"]}
    return found | {
        ("item", item["id"], field): item[field] for item in card["checklist"] for field in ("text", "done")
    }


@pytest.mark.parametrize("seed", range(4))
def test_what_the_agent_alone_did_is_gone_and_what_others_did_remains(store: Store, seed: int) -> None:
    desk, chance = Desk(store), random.Random(seed)
    with store.joining():
        work = Work(desk, chance)
    before, since = desk.view, desk.sequence
    with store.joining():
        for _ in range(VERBS):
            work.one()
    account = Account(before, desk.changes(since))
    with nothing_stored(store):
        plan = plan_undo(store, desk.id, name="Robot", since=since)
    report = undo_agent(store, desk.id, name="Robot", since=since, actor=BO)
    assert report.entries == plan.entries
    assert any(entry.done for entry in report.entries)
    assert any(entry.skipped for entry in report.entries)
    assert_gap_free(desk)
    account.check(desk.view, report)
    again = undo_agent(store, desk.id, name="Robot", since=since, actor=BO)
    assert [entry.would for entry in again.entries if entry.done] == []
