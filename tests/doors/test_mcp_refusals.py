"""What a refusal recommends is what works: the right names, the right columns, a call that is not refused in turn."""

from app.commands import approvals, boards, cards, checklists, columns, labels
from app.doors.mcp.arguments import MODELS
from app.doors.mcp.refusals import teach
from app.doors.mcp.tools import SCHEMAS
from app.errors import LeaseLost
from app.service import Service
from models.vocabulary import Requirement
from tests.doors.conftest import Live
from tests.doors.mcp_clients import agent
from tests.support import ANNA


async def test_an_item_is_of_the_card_that_is_named(live: Live, service: Service) -> None:
    run = service.store.run
    item = (await run(checklists.add_check_item, "DEMO-1", text="try", actor=ANNA)).checklist[0].id
    other = await run(cards.create_card, "DEMO", title="two", checklist=["own"], actor=ANNA)
    own = other.checklist[0].id
    async with agent(live.port) as one:
        assert await one.refused("check_item", item_id=item, card_id="DEMO-2", text="x") == (
            f"invalid_input: item_id: DEMO-2 has no item {item} | allowed: {own} | next: get_card card_id=DEMO-2"
        )
        assert "next: get_card" in await one.refused("check_item", item_id=999)
        assert "done: an item is added open" in await one.refused("check_item", card_id=2, text="x", done=True)
        assert await one.say("check_item", item_id=own, card_id="DEMO-2") == "DEMO-2 checklist 1/1"
        assert await one.say("check_item", item_id=own, text="said better") == (
            f'DEMO-2 checklist 1/1: item {own}, done, reads "said better"'
        )
        assert (await one.say("check_item", card_id=2, text="x", done=False)).endswith("DEMO-2 checklist 1/2")
        tick = {"item_id": own, "card_id": "DEMO-2", "request_id": "r-1"}
        told = await one.say("check_item", **tick)
        await run(cards.archive_card, "DEMO-2", actor=ANNA)
        assert await one.say("check_item", **tick) == told
        assert (await one.refused("check_item", item_id=own, card_id="DEMO-2")).startswith("card_archived: ")
    view = await service.feed.view("DEMO")
    assert [(one.text, one.done) for one in view.cards[1].checklist] == [("try", False)]


async def test_the_columns_allowed_are_those_that_take_this_card(live: Live, service: Service) -> None:
    run = service.store.run
    view = await service.feed.view("DEMO")
    queue, active, blocked, quality, done = (column.id for column in view.columns)
    for column, requires in ((blocked, Requirement.NO_OPEN_BLOCKERS), (quality, Requirement.CHECKLIST_DONE)):
        await run(columns.update_column, column, changes={"requires": [requires]}, actor=ANNA)
    await run(columns.update_column, done, changes={"requires": [Requirement.APPROVAL]}, actor=ANNA)
    await run(checklists.add_check_item, "DEMO-1", text="try", actor=ANNA)
    async with agent(live.port) as one:
        told = await one.refused("move_card", card_id="DEMO-1", column="Ready for QC")
        assert told.endswith("| allowed: In Progress, Blocked | next: check_item")
        await run(approvals.approve_card, "DEMO-1", actor=ANNA)
        told = await one.refused("move_card", card_id="DEMO-1", column="Ready for QC")
        assert "| allowed: In Progress, Blocked, Done |" in told
        told = await one.refused("create_card", board_id="DEMO", title="x", checklist=["x"], column="Ready for QC")
        assert "| allowed: Not Started, In Progress, Blocked |" in told
        await one.say("create_card", board_id="DEMO", title="x", column="In Progress")
        await one.say("block_card", card_id="DEMO-1", blocked_by="DEMO-2")
        told = await one.refused("move_card", card_id="DEMO-1", column="Blocked")
        assert told.endswith("| allowed: In Progress, Done | next: claim_card card_id=DEMO-2")
        for column in (queue, active):
            await run(columns.update_column, column, changes={"wip_limit": 1}, actor=ANNA)
        for column in (blocked, done):
            await run(columns.update_column, column, changes={"requires": [Requirement.CHECKLIST_DONE]}, actor=ANNA)
        told = await one.refused("move_card", card_id="DEMO-1", column="Done")
        assert told.endswith("| allowed: get_card, add_comment | next: check_item")


async def test_what_is_recommended_is_not_refused_in_turn(live: Live, service: Service) -> None:
    async with agent(live.port) as one:
        await one.say("claim_card", card_id="DEMO-1")
        await one.say("move_card", card_id="DEMO-1", column="Done", fence=1)
        told = await one.refused("update_card", card_id="DEMO-1", title="x", fence=1)
        assert told.endswith(" | next: claim_next_card")
        assert "claim_card" not in teach(LeaseLost("it is gone"))
        for number in (2, 3):
            await one.say("create_card", board_id="DEMO", title=f"card {number}")
        assert (await one.refused("block_card", card_id="DEMO-2", blocked_by="DEMO-2")).endswith("next: get_card")
        await one.say("block_card", card_id="DEMO-2", blocked_by="DEMO-3")
        told = await one.refused("block_card", card_id="DEMO-3", blocked_by="DEMO-2")
        tool, *words = told.rpartition("next: ")[2].split()
        assert tool == "block_card"
        await one.say(tool, **dict(word.split("=") for word in words))
        await one.say("block_card", card_id="DEMO-3", blocked_by="DEMO-2")


async def test_arguments_go_by_their_own_names(live: Live, service: Service) -> None:
    run = service.store.run
    async with agent(live.port) as one:
        told = await one.refused("claim_next_card", board_id="DEMO", column="Done")
        assert told.startswith("invalid_input: column names no column of Demo with work to do | allowed: Not Started,")
        assert "labels: DEMO has no labels" in await one.refused(
            "create_card", board_id="DEMO", title="x", labels=["bug"]
        )
        await run(labels.create_label, "DEMO", name="docs", actor=ANNA)
        told = await one.refused("create_card", board_id="DEMO", title="x", labels=["bug"])
        assert told == "invalid_input: labels: DEMO has no label 'bug' | allowed: docs"
        assert "allowed: docs" in await one.refused("list_cards", board_id="DEMO", label="bug")
        assert "no board has a label 'bug'" in await one.refused("list_cards", label="bug")
        assert await one.say("list_cards", label="DOCS") == await one.say("list_cards", label="1") == "no card matches"
        column = (await service.feed.view("DEMO")).columns[0].id
        assert await one.say("list_cards", column=str(column)) == "DEMO-1 one (Not Started)"
        assert "needs board_id" in await one.refused("list_cards", column="Not Started")
        assert await one.say("list_cards", column="9" * 10) == "no card matches"
        assert "label: a NUL character" in await one.refused("list_cards", label="\x00")
        told = await one.refused("update_card", card_id="DEMO-1", column="Done")
        assert told.startswith("invalid_input: column: there is no such field here | allowed: card_id, title, ")
        assert told.endswith(" | next: move_card")
        told = await one.refused("add_comment", card_id="DEMO-1")
        assert told == "invalid_input: text: Field required | allowed: card_id, text, fence, request_id"


def test_the_arguments_that_are_listed_are_those_that_are_taken() -> None:
    assert {name: set(schema["properties"]) for name, schema in SCHEMAS.items()} == {
        name: set(model.model_fields) for name, model in MODELS.items()
    }


async def test_a_card_that_went_to_the_end_instead_is_told_of(live: Live, service: Service) -> None:
    run = service.store.run
    for title in ("two", "three"):
        await run(cards.create_card, "DEMO", title=title, actor=ANNA)
    await run(boards.create_board, name="Other", key="OTHER", actor=ANNA)
    async with agent(live.port) as one:
        told = await one.say("move_card", card_id="DEMO-1", column="Done", before="DEMO-3")
        assert told == "DEMO-1 is in Done, version 2, at the end: DEMO-3 is not in Done"
        told = await one.say("move_card", card_id="DEMO-2", column="Done", before="DEMO-1")
        assert told == "DEMO-2 is in Done, version 2"
        told = await one.say("move_card", card_id="DEMO-2", column="Done", after="DEMO-2")
        assert told.endswith(", at the end: no card is next to itself")
        told = await one.say("move_card", card_id="DEMO-2", column="Done", after=99)
        assert told.endswith(", at the end: card 99 is not in Done")
