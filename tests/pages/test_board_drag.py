"""Dragging with mouse and finger, alone and while others change the very thing that is being dragged."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from tests.pages.board_driver import Screen, converge, middle, order_on_server, until
from tests.ui_fixtures import Running

_numbers = itertools.count(1)


@pytest.fixture
async def board(server: Running) -> dict[str, Any]:
    """Columns A, B, C (B takes two cards at most), with cards a1 a2 a3, b1 and c1 c2."""
    made = server.board(
        f"Drag {next(_numbers)}",
        columns=[
            {"name": "A", "kind": "queue"},
            {"name": "B", "kind": "active", "wip_limit": 2},
            {"name": "C", "kind": "done"},
        ],
    )
    ids = {column["name"]: column["id"] for column in made["columns"]}
    cards = {
        title: server.card(made["board"]["id"], title, column_id=ids[title[0].upper()])["id"]
        for title in ("a1", "a2", "a3", "b1", "c1", "c2")
    }
    return {**made, "ids": ids, "cards": cards}


@pytest.fixture
async def screens(
    open_page: Callable[..., Any], server: Running, board: dict[str, Any]
) -> AsyncIterator[tuple[Screen, Screen]]:
    yield (
        await Screen.open(open_page, server, board, name="Ada"),
        await Screen.open(open_page, server, board, name="Bob"),
    )
    assert "ERROR" not in server.launched.log, server.launched.log[-3000:]
    assert "Traceback" not in server.launched.log, server.launched.log[-3000:]


Two = tuple[Screen, Screen]


async def test_a_card_dragged_to_another_column_is_there_for_both(screens: Two, board: dict[str, Any]) -> None:
    one, cards, ids = screens[0], board["cards"], board["ids"]
    await one.drag(one.card(cards["a1"]), one.card(cards["c2"]))
    order = await converge(screens)
    assert order[2]["cards"] == [cards["c1"], cards["a1"], cards["c2"]]
    assert order[0]["cards"] == [cards["a2"], cards["a3"]]
    assert ids["C"] == order[2]["id"]


async def test_a_card_dragged_within_its_column_takes_the_new_place(screens: Two, board: dict[str, Any]) -> None:
    one, cards = screens[0], board["cards"]
    await one.drag(one.card(cards["a1"]), one.card(cards["a3"]), below=True)
    order = await converge(screens)
    assert order[0]["cards"] == [cards["a2"], cards["a3"], cards["a1"]]


async def test_a_card_dragged_into_an_empty_column_and_back(
    screens: Two, server: Running, board: dict[str, Any]
) -> None:
    one, cards, ids = screens[0], board["cards"], board["ids"]
    server.post(f"/cards/{cards['b1']}/move", column_id=ids["C"])
    await converge(screens)
    await one.drag(one.card(cards["a2"]), one.lane(ids["B"]))
    order = await converge(screens)
    assert order[1]["cards"] == [cards["a2"]]
    await one.drag(one.card(cards["a2"]), one.card(cards["a1"]))
    order = await converge(screens)
    assert order[0]["cards"] == [cards["a2"], cards["a1"], cards["a3"]]


async def test_a_full_column_sends_the_card_back_and_says_why(
    screens: Two, server: Running, board: dict[str, Any]
) -> None:
    one, cards, ids = screens[0], board["cards"], board["ids"]
    server.post(f"/cards/{cards['c1']}/move", column_id=ids["B"])
    before = await converge(screens)
    await one.drag(one.card(cards["a1"]), one.card(cards["b1"]))
    await one.page.get_by_text("B is full (2 of 2): move one out first").wait_for()
    assert await converge(screens) == before


async def test_a_column_dragged_by_its_head_stands_elsewhere_for_both(screens: Two, board: dict[str, Any]) -> None:
    one, ids = screens[0], board["ids"]
    await one.lift(one.column(ids["A"]).locator(".column-name"))
    x, y = await middle(one.column(ids["C"]).locator(".column-head"))
    await one.page.mouse.move(x + 60, y, steps=12)
    await asyncio.sleep(0.3)
    await one.drop()
    order = await converge(screens)
    assert [column["name"] for column in order] == ["B", "C", "A"]


async def test_a_click_opens_the_card_and_does_not_move_it(screens: Two, board: dict[str, Any]) -> None:
    one, before = screens[0], await screens[0].order()
    await one.card(board["cards"]["a2"]).click()
    await one.page.wait_for_selector(".card-dialog")
    assert "card=" in one.page.url
    assert await converge(screens) == before


async def _moved_by_another(server: Running, board: dict[str, Any]) -> None:
    server.post(f"/cards/{board['cards']['a1']}/move", column_id=board["ids"]["B"])


async def _moved_within_its_column(server: Running, board: dict[str, Any]) -> None:
    server.post(f"/cards/{board['cards']['a1']}/move", column_id=board["ids"]["A"])


async def _edited(server: Running, board: dict[str, Any]) -> None:
    server.api.patch(f"/cards/{board['cards']['a1']}", json={"title": "edited meanwhile"}).raise_for_status()


async def _archived(server: Running, board: dict[str, Any]) -> None:
    server.api.delete(f"/cards/{board['cards']['a1']}").raise_for_status()


async def _deleted(server: Running, board: dict[str, Any]) -> None:
    server.api.delete(f"/cards/{board['cards']['a1']}?forever=true").raise_for_status()


async def _source_column_deleted(server: Running, board: dict[str, Any]) -> None:
    ids = board["ids"]
    server.api.delete(f"/columns/{ids['A']}?move_cards_to={ids['C']}").raise_for_status()


async def _target_column_deleted(server: Running, board: dict[str, Any]) -> None:
    ids = board["ids"]
    server.api.delete(f"/columns/{ids['C']}?move_cards_to={ids['A']}").raise_for_status()


async def _neighbours_shuffled(server: Running, board: dict[str, Any]) -> None:
    cards, ids = board["cards"], board["ids"]
    server.post(f"/cards/{cards['c2']}/move", column_id=ids["A"], before=cards["a2"])
    server.post(f"/cards/{cards['a3']}/move", column_id=ids["C"], before=cards["c1"])
    server.card(board["board"]["id"], "new above", column_id=ids["A"], before=cards["a1"])


async def _columns_rearranged(server: Running, board: dict[str, Any]) -> None:
    ids = board["ids"]
    server.post(f"/columns/{ids['C']}/move", before=ids["A"])
    server.post(f"/boards/{board['board']['id']}/columns", name="New", kind="queue", before=ids["A"])


RACES = [
    _moved_by_another, _moved_within_its_column, _edited, _archived, _deleted,
    _source_column_deleted, _target_column_deleted, _neighbours_shuffled, _columns_rearranged,
]  # fmt: skip


@pytest.mark.parametrize(
    ("meanwhile", "target"),
    [(race, "c2") for race in RACES]
    + [(race, "a3") for race in (_moved_by_another, _archived, _source_column_deleted, _neighbours_shuffled)],
    ids=lambda value: value if isinstance(value, str) else value.__name__.strip("_"),
)
async def test_both_screens_end_the_same_whatever_others_do_during_a_drag(
    screens: Two, server: Running, board: dict[str, Any], meanwhile: Callable[..., Any], target: str
) -> None:
    one, two = screens
    dragged = board["cards"]["a1"]
    await one.lift(one.card(dragged))
    await one.hover(one.card(board["cards"][target]), below=True)
    await meanwhile(server, board)
    wanted = order_on_server(server, board["board"]["id"])
    await until(lambda: _shows(two, wanted), "the other screen does not follow")
    await one.drop()
    order = await converge(screens)
    places = [card for column in order for card in column["cards"]]
    assert len(places) == len(set(places))
    assert await one.page.locator("body > .is-dragged").count() == 0


async def _shows(screen: Screen, order: Any) -> bool:
    return await screen.order() == order


async def test_a_change_between_press_and_drag_misleads_nobody(
    screens: Two, server: Running, board: dict[str, Any]
) -> None:
    one, two = screens
    cards, ids = board["cards"], board["ids"]
    x, y = await middle(one.card(cards["a2"]))
    await one.page.mouse.move(x, y)
    await one.page.mouse.down()
    server.card(board["board"]["id"], "pushed in above", column_id=ids["A"], before=cards["a1"])
    wanted = order_on_server(server, board["board"]["id"])
    await until(lambda: _shows(two, wanted))
    await one.page.mouse.move(x + 6, y + 6, steps=3)
    await one.hover(one.card(cards["a3"]), below=True)
    await one.drop()
    order = await converge(screens)
    assert order[0]["cards"][-2:] == [cards["a3"], cards["a2"]]


async def test_two_people_drag_the_same_card_at_once(screens: Two, board: dict[str, Any]) -> None:
    one, two = screens
    cards = board["cards"]
    await one.lift(one.card(cards["a1"]))
    await two.lift(two.card(cards["a1"]))
    await one.hover(one.card(cards["c1"]))
    await two.hover(two.card(cards["b1"]))
    await one.drop()
    await two.drop()
    order = await converge(screens)
    assert order[1]["cards"] == [cards["a1"], cards["b1"]]


async def test_a_finger_that_stays_drags_and_one_that_moves_at_once_scrolls(
    open_page: Callable[..., Any], server: Running, board: dict[str, Any]
) -> None:
    screen = await Screen.open(open_page, server, board, width=1200, has_touch=True)
    cards = board["cards"]
    finger = await screen.page.context.new_cdp_session(screen.page)

    async def touch(kind: str, x: float = 0, y: float = 0) -> None:
        points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        await finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    x, y = await middle(screen.card(cards["a1"]))
    goal_x, goal_y = await middle(screen.card(cards["c1"]))
    await touch("touchStart", x, y)
    for part in range(1, 9):
        await touch("touchMove", x, y + 30 * part)
    await touch("touchEnd")
    assert (await converge([screen]))[0]["cards"][0] == cards["a1"]

    await touch("touchStart", x, y)
    await asyncio.sleep(0.3)
    for part in range(1, 11):
        await touch("touchMove", x + (goal_x - x) * part / 10, y + (goal_y - 12 - y) * part / 10)
        await asyncio.sleep(0.03)
    await asyncio.sleep(0.3)
    await touch("touchMove", goal_x + 2, goal_y - 12)
    await asyncio.sleep(0.1)
    await touch("touchEnd")
    await until(lambda: cards["a1"] in order_on_server(server, screen.board_id)[2]["cards"], "the card was not dragged")
    await converge([screen])
    await screen.card(cards["a2"]).tap()
    await screen.page.wait_for_selector(".card-dialog")
