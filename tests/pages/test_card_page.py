"""Cards on the page of a board, without a browser: faces that change though their card does not, and shut gates."""

import pytest
from nicegui.testing import User

from app.commands import boards, cards, claims, columns, labels, links
from app.commands.boards import NewColumn
from app.service import Service
from app.views import Actor, BoardView
from components.lane import CardElement
from models.vocabulary import ActorKind, ColumnKind, LabelColour, Requirement, Via
from tests.support import until

ROBOT = Actor(name="agent-7", kind=ActorKind.AGENT, via=Via.REST)


@pytest.fixture
async def board(service: Service, ada: Actor) -> BoardView:
    """Two cards to do, and a done column."""
    made = await service.store.run(
        boards.create_board,
        name="Release week",
        key="RW",
        columns=[NewColumn("To do"), NewColumn("Done", ColumnKind.DONE)],
        actor=ada,
    )
    for title in ("one", "two"):
        await service.store.run(cards.create_card, made.id, title=title, actor=ada)
    return await service.feed.view(made.id)


def element(user: User, title: str) -> CardElement:
    found = user.client.elements.values()
    return next(one for one in found if isinstance(one, CardElement) and one.card.title == title)


async def test_labels_and_blockers_change_the_faces_of_cards_that_stay_the_same(
    user: User, service: Service, board: BoardView, ada: Actor
) -> None:
    run = service.store.run
    await user.open("/b/RW")
    await user.should_see("two", retries=20)
    one, two = element(user, "one"), element(user, "two")

    def face() -> str:
        return one._props["innerHTML"]

    bug = await run(labels.create_label, board.board.id, name="Bug", colour=LabelColour.RED, actor=ada)
    await run(labels.add_label, one.card.id, bug.id, actor=ada)
    await until(lambda: 'title="Bug"' in face())
    await run(labels.update_label, bug.id, changes={"name": "Defect"}, actor=ada)
    await until(lambda: 'title="Defect"' in face())
    await run(links.block_card, one.card.id, two.card.id, actor=ada)
    await until(lambda: "Waits for RW-2" in face())
    await run(cards.move_card, two.card.id, to_column=board.columns[1].id, actor=ada)
    await until(lambda: "Waits for" not in face())
    await run(cards.move_card, two.card.id, to_column=board.columns[0].id, actor=ada)
    await until(lambda: "Waits for RW-2" in face())
    await run(cards.archive_card, two.card.id, actor=ada)
    await until(lambda: "Waits for" not in face())


async def test_signs_of_life_show_and_call_nobody(user: User, service: Service, board: BoardView) -> None:
    await user.open("/b/RW")
    await user.should_see("one", retries=20)
    one = element(user, "one")
    await service.store.run(claims.claim_card, one.card.id, actor=ROBOT)
    await until(lambda: "claim-mark" in one._props["innerHTML"])
    touched = one._props["data-touch"]
    await service.store.run(claims.report_progress, one.card.id, percent=60, actor=ROBOT)
    await until(lambda: "60 %" in one._props["innerHTML"])
    assert one._props["data-touch"] == touched


async def test_an_open_card_says_what_a_gate_still_wants(
    user: User, service: Service, board: BoardView, ada: Actor
) -> None:
    run = service.store.run
    gated = {"requires": [Requirement.NO_OPEN_BLOCKERS]}
    await run(columns.update_column, board.columns[1].id, changes=gated, actor=ada)
    await user.open("/b/RW?card=RW-1")
    await user.should_see("Acceptance criteria", retries=20)
    await user.should_not_see("Done requires")
    await run(links.block_card, "RW-1", "RW-2", actor=ada)
    await user.should_see("Done requires: it waits for RW-2", retries=20)
    await run(cards.archive_card, "RW-2", actor=ada)
    await user.should_not_see("Done requires", retries=20)
