"""What others do appears at once and in place: nobody loses their scroll position, their focus or what they type."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from tests.pages.board_driver import Screen, converge, until
from tests.ui_fixtures import Running

HOSTILE = '<img src=x onerror="window.hacked=1"> </script> {{ 7*7 }} `${1}`'
_numbers = itertools.count(1)


@pytest.fixture
async def board(server: Running) -> dict[str, Any]:
    """Three columns: Backlog with 30 cards, Doing with one, Done without any."""
    made = server.board(
        f"Live {next(_numbers)}",
        columns=[
            {"name": "Backlog", "kind": "queue"},
            {"name": "Doing", "kind": "active"},
            {"name": "Done", "kind": "done"},
        ],
    )
    ids = {column["name"]: column["id"] for column in made["columns"]}
    cards = [server.card(made["board"]["id"], f"card {n}", column_id=ids["Backlog"])["id"] for n in range(30)]
    doing = server.card(made["board"]["id"], "in work", column_id=ids["Doing"])["id"]
    return {**made, "ids": ids, "cards": cards, "doing": doing}


Open = Callable[..., Any]


async def test_cards_created_edited_moved_and_archived_elsewhere_change_in_place(
    open_page: Open, server: Running, board: dict[str, Any]
) -> None:
    screen = await Screen.open(open_page, server, board)
    ids, first = board["ids"], board["cards"][0]
    await screen.page.evaluate("document.querySelectorAll('.board > .column').forEach((c) => c.dataset.same = '1')")
    server.card(screen.board_id, "made by an agent", column_id=ids["Done"])
    server.api.patch(f"/cards/{first}", json={"title": "another title", "priority": "urgent"}).raise_for_status()
    server.post(f"/cards/{board['cards'][1]}/move", column_id=ids["Doing"], before=board["doing"])
    server.api.delete(f"/cards/{board['cards'][2]}").raise_for_status()
    await converge([screen])
    await screen.card(first).get_by_text("another title").wait_for()
    assert await screen.page.locator(".board > [data-same]").count() == 3
    assert await screen.column(ids["Doing"]).locator(".column-count").inner_text() == "2"


async def test_columns_and_the_name_of_the_board_follow_too(
    open_page: Open, server: Running, board: dict[str, Any]
) -> None:
    screen = await Screen.open(open_page, server, board)
    ids = board["ids"]
    server.api.patch(f"/boards/{screen.board_id}", json={"name": "Größe 日本"}).raise_for_status()
    server.api.patch(f"/columns/{ids['Doing']}", json={"name": "In work", "wip_limit": 1}).raise_for_status()
    server.post(f"/columns/{ids['Done']}/move", before=ids["Backlog"])
    server.post(f"/boards/{screen.board_id}/columns", name="Later", kind="queue")
    server.api.delete(f"/columns/{ids['Backlog']}?move_cards_to={ids['Done']}").raise_for_status()
    order = await converge([screen])
    assert [column["name"] for column in order] == ["Done", "In work", "Later"]
    await until(lambda: _titled(screen, "Größe 日本"))
    assert await screen.page.locator(".board-name").inner_text() == "Größe 日本"
    assert "1/1" in await screen.column(ids["Doing"]).locator(".column-count").inner_text()


async def _titled(screen: Screen, title: str) -> bool:
    return await screen.page.title() == title


async def test_the_scroll_position_and_the_focus_stay(open_page: Open, server: Running, board: dict[str, Any]) -> None:
    screen = await Screen.open(open_page, server, board, height=500)
    lane, focused = screen.lane(board["ids"]["Backlog"]), screen.card(board["cards"][12])
    await focused.focus()
    top = (await focused.bounding_box())["y"]
    server.card(screen.board_id, "above", column_id=board["ids"]["Backlog"], before=board["cards"][0])
    server.post(f"/columns/{board['ids']['Doing']}/move", before=board["ids"]["Backlog"])
    await converge([screen])
    assert await lane.evaluate("(lane) => lane.scrollTop") > 0
    assert abs((await focused.bounding_box())["y"] - top) < 60
    server.post(f"/cards/{board['cards'][12]}/move", column_id=board["ids"]["Doing"])
    await converge([screen])
    await until(lambda: _focused_card(screen, board["cards"][12]), "the focus did not follow the card")


async def _focused_card(screen: Screen, card_id: int) -> bool:
    return await screen.page.evaluate("document.activeElement.dataset.card") == str(card_id)


async def test_what_is_being_typed_stays_while_the_column_changes(
    open_page: Open, server: Running, board: dict[str, Any]
) -> None:
    screen = await Screen.open(open_page, server, board)
    ids = board["ids"]
    await screen.column(ids["Doing"]).locator('[data-action="add-first"]').click()
    await screen.page.locator("textarea").wait_for()
    await screen.page.keyboard.type("half a sen")
    server.api.patch(f"/columns/{ids['Doing']}", json={"name": "In work"}).raise_for_status()
    server.post(f"/columns/{ids['Doing']}/move", before=ids["Backlog"])
    server.post(f"/cards/{board['cards'][0]}/move", column_id=ids["Doing"], before=board["doing"])
    await converge([screen])
    await until(lambda: _is_typing(screen), "the editor lost its focus")
    await screen.page.keyboard.type("tence")
    assert await screen.page.locator("textarea").input_value() == "half a sentence"
    await screen.page.keyboard.press("Enter")
    order = await converge([screen])
    await until(lambda: _count(screen, ids["Doing"], 3))
    assert order[0]["name"] == "In work"
    assert await screen.page.locator("textarea").input_value() == ""


async def _is_typing(screen: Screen) -> bool:
    return await screen.page.evaluate("document.activeElement.tagName") == "TEXTAREA"


async def _count(screen: Screen, column_id: int, count: int) -> bool:
    return await screen.lane(column_id).locator(".card").count() == count


async def test_a_change_by_another_is_outlined_with_their_name_and_an_own_one_is_not(
    open_page: Open, server: Running, board: dict[str, Any]
) -> None:
    screen = await Screen.open(open_page, server, board)
    card = screen.card(board["doing"])
    assert await screen.page.locator("[data-by]").count() == 0
    server.api.patch(f"/cards/{board['doing']}", json={"title": "touched"}).raise_for_status()
    await screen.page.wait_for_selector(f'[data-card="{board["doing"]}"][data-by="tester"]')
    await until(lambda: _animated(card), "nothing was outlined")
    await screen.column(board["ids"]["Done"]).locator('[data-action="add-last"]').click()
    await screen.page.locator("textarea").wait_for()
    await screen.page.keyboard.type("mine")
    await screen.page.keyboard.press("Enter")
    await until(lambda: _count(screen, board["ids"]["Done"], 1))
    assert await screen.page.locator("[data-by]").count() == 1


async def _animated(card: Any) -> bool:
    return await card.evaluate("(card) => card.getAnimations({ subtree: true }).length > 0")


async def test_who_wants_no_motion_gets_none(open_page: Open, server: Running, board: dict[str, Any]) -> None:
    screen = await Screen.open(open_page, server, board, reduced_motion="reduce")
    await screen.page.evaluate(
        "() => { window.animated = 0; const animate = Element.prototype.animate;"
        " Element.prototype.animate = function (...all) { window.animated += 1; return animate.apply(this, all); } }"
    )
    server.post(f"/cards/{board['doing']}/move", column_id=board["ids"]["Backlog"], before=board["cards"][0])
    await converge([screen])
    assert await screen.page.evaluate("window.animated") == 0


async def test_hostile_and_foreign_texts_are_shown_as_text(
    open_page: Open, server: Running, board: dict[str, Any]
) -> None:
    screen = await Screen.open(open_page, server, board)
    titles = [HOSTILE, "Donaudampfschifffahrtsgesellschaftskapitänsmütze" * 3, "ログイン画面の文字が切れる" * 6]
    for title in titles:
        server.card(screen.board_id, title, column_id=board["ids"]["Done"])
    server.api.patch(f"/columns/{board['ids']['Doing']}", json={"name": HOSTILE[:60]}).raise_for_status()
    server.api.patch(f"/boards/{screen.board_id}", json={"name": HOSTILE}).raise_for_status()
    await converge([screen])
    lane = screen.lane(board["ids"]["Done"])
    await until(lambda: _count(screen, board["ids"]["Done"], 3))
    shown = await lane.locator(".face-title").all_inner_texts()
    assert [text.strip() for text in shown] == titles
    assert await screen.column(board["ids"]["Doing"]).locator(".column-name").inner_text() == HOSTILE[:60].strip()
    assert await screen.page.evaluate("window.hacked") is None
    assert await lane.evaluate("(lane) => lane.scrollWidth <= lane.clientWidth")
    again = await Screen.open(open_page, server, board)
    shown = await again.lane(board["ids"]["Done"]).locator(".face-title").all_inner_texts()
    assert [text.strip() for text in shown] == titles
    assert await again.page.evaluate("window.hacked") is None


async def test_a_long_column_shows_more_as_it_is_scrolled(open_page: Open, server: Running) -> None:
    made = server.board(f"Long {next(_numbers)}", columns=[{"name": "Many", "kind": "queue"}])
    for n in range(120):
        server.card(made["board"]["id"], f"card {n}")
    screen = await Screen.open(open_page, server, made)
    lane = screen.lane(made["columns"][0]["id"])
    assert await lane.locator(".card").count() == 50
    assert await screen.page.locator(".column-count").inner_text() == "120"
    for wanted in (100, 120):
        await lane.evaluate("(lane) => lane.scrollTo(0, lane.scrollHeight)")
        await until(lambda wanted=wanted: _count(screen, made["columns"][0]["id"], wanted))
    last = screen.page.locator(".lane .card").last
    dragged = int(await last.get_attribute("data-card"))
    await screen.drag(last, screen.page.locator(".lane .card").nth(117))
    order = await converge([screen])
    assert order[0]["cards"][117] == dragged


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_phone_shows_one_column_and_the_edge_of_the_next(
    open_page: Open, server: Running, board: dict[str, Any], scheme: str
) -> None:
    screen = await Screen.open(
        open_page, server, board, width=390, height=844, has_touch=True, is_mobile=True, color_scheme=scheme
    )
    box = await screen.column(board["ids"]["Backlog"]).bounding_box()
    assert 0.84 * 390 < box["width"] < 0.88 * 390
    assert await screen.page.evaluate("document.documentElement.scrollWidth") == 390
    style = "getComputedStyle(document.querySelector('.card')).backgroundColor"
    assert (await screen.page.evaluate(style) == "rgb(255, 255, 255)") is (scheme == "light")
    heights = await screen.page.locator(".column .icon-button, .column-foot .button").evaluate_all(
        "(buttons) => buttons.map((button) => button.getBoundingClientRect().height)"
    )
    assert min(heights) >= 40
