"""Cards and comments over REST."""

from typing import Any

import httpx
import pytest


async def test_a_new_card_is_answered_with_its_place(api: httpx.AsyncClient, board: dict[str, Any]) -> None:
    who = {"X-Actor": "Zoë", "X-Actor-Kind": "agent"}
    wanted = {"board_id": "DEMO", "title": "four", "priority": "urgent", "before": board["cards"][0]["id"]}
    made = await api.post("/api/v1/cards", json=wanted, headers={**who, "X-Actor": "Zoë".encode()})
    assert made.status_code == 201
    assert made.headers["location"] == f"/api/v1/cards/{made.json()['id']}"
    assert made.json()["ref"] == "DEMO-4"
    titles = [card["title"] for card in (await api.get("/api/v1/boards/DEMO")).json()["cards"]]
    assert titles == ["four", "one", "two", "three"]
    last = (await api.get("/api/v1/boards/DEMO/changes?since=4")).json()["changes"][-1]
    assert last["actor"] == {"name": "Zoë", "kind": "agent", "via": "rest"}


async def test_a_card_is_found_by_id_and_by_ref(api: httpx.AsyncClient, board: dict[str, Any]) -> None:
    card = board["cards"][1]
    by_id, by_ref = await api.get(f"/api/v1/cards/{card['id']}"), await api.get("/api/v1/cards/demo-2")
    assert by_id.json() == by_ref.json() == card
    assert by_id.headers["etag"] == '"1"'


async def test_a_card_moves_next_to_another(api: httpx.AsyncClient, board: dict[str, Any]) -> None:
    target = board["columns"][1]["id"]
    await api.post("/api/v1/cards/DEMO-1/move", json={"column_id": target})
    anchor = board["cards"][0]["id"]
    moved = await api.post("/api/v1/cards/DEMO-2/move", json={"column_id": target, "before": anchor})
    assert (moved.status_code, moved.json()["column_id"]) == (200, target)
    shown = (await api.get("/api/v1/boards/DEMO")).json()["cards"]
    lane = [card["ref"] for card in shown if card["column_id"] == target]
    assert lane == ["DEMO-2", "DEMO-1"]


async def test_a_full_column_refuses_with_a_reason(api: httpx.AsyncClient, board: dict[str, Any]) -> None:
    target = board["columns"][1]["id"]
    await api.patch(f"/api/v1/columns/{target}", json={"wip_limit": 1})
    await api.post("/api/v1/cards/DEMO-1/move", json={"column_id": target})
    refused = await api.post("/api/v1/cards/DEMO-2/move", json={"column_id": target})
    assert (refused.status_code, refused.json()["code"]) == (409, "column_full")


@pytest.mark.parametrize("tag", ['"1"', "1", 'W/"1"'])
async def test_if_match_lets_the_version_that_was_seen_pass_once(
    api: httpx.AsyncClient, board: dict[str, Any], tag: str
) -> None:
    first = await api.patch("/api/v1/cards/DEMO-1", json={"title": "mine"}, headers={"If-Match": tag})
    assert (first.status_code, first.headers["etag"]) == (200, '"2"')
    late = await api.patch("/api/v1/cards/DEMO-1", json={"title": "yours"}, headers={"If-Match": tag})
    assert late.status_code == 412
    assert late.json()["card"] == first.json()
    assert (await api.get("/api/v1/cards/DEMO-1")).json()["title"] == "mine"


async def test_an_if_match_that_is_no_version_is_refused(api: httpx.AsyncClient, board: dict[str, Any]) -> None:
    refused = await api.patch("/api/v1/cards/DEMO-1", json={"title": "x"}, headers={"If-Match": "soon"})
    assert (refused.status_code, refused.json()["field"]) == (422, "If-Match")


async def test_if_match_zero_is_a_version_that_never_was(api: httpx.AsyncClient, board: dict[str, Any]) -> None:
    refused = await api.patch("/api/v1/cards/DEMO-1", json={"title": "x"}, headers={"If-Match": '"0"'})
    assert refused.status_code == 412


async def test_based_on_refuses_only_when_that_field_changed(api: httpx.AsyncClient, board: dict[str, Any]) -> None:
    await api.patch("/api/v1/cards/DEMO-1", json={"description": "theirs"})
    other = await api.patch("/api/v1/cards/DEMO-1", json={"title": "uno", "based_on": {"title": "one"}})
    assert other.status_code == 200
    same = await api.patch("/api/v1/cards/DEMO-1", json={"description": "mine", "based_on": {"description": ""}})
    assert (same.status_code, same.json()["current"]) == (409, "theirs")


async def test_only_the_fields_given_change(api: httpx.AsyncClient, board: dict[str, Any]) -> None:
    await api.patch("/api/v1/cards/DEMO-1", json={"assignee": "Ann", "priority": "high"})
    cleared = (await api.patch("/api/v1/cards/DEMO-1", json={"assignee": None})).json()
    assert (cleared["assignee"], cleared["priority"], cleared["title"]) == (None, "high", "one")


async def test_archive_restore_and_delete_forever(api: httpx.AsyncClient, board: dict[str, Any]) -> None:
    assert (await api.delete("/api/v1/cards/DEMO-1")).json()["archived_at"]
    assert [card["ref"] for card in (await api.get("/api/v1/cards?archived=true")).json()["cards"]] == ["DEMO-1"]
    assert (await api.post("/api/v1/cards/DEMO-1/restore")).json()["archived_at"] is None
    assert (await api.delete("/api/v1/cards/DEMO-1?forever=true")).is_success
    assert (await api.get("/api/v1/cards/DEMO-1")).status_code == 404


async def test_cards_are_filtered_and_paged(api: httpx.AsyncClient, board: dict[str, Any]) -> None:
    await api.patch("/api/v1/cards/DEMO-2", json={"assignee": "Ann", "priority": "low"})
    await api.post("/api/v1/boards", json={"name": "Other", "key": "OTHER"})
    await api.post("/api/v1/cards", json={"board_id": "OTHER", "title": "elsewhere"})

    async def refs(query: str) -> list[str]:
        return [card["ref"] for card in (await api.get(f"/api/v1/cards?{query}")).json()["cards"]]

    assert await refs("board_id=demo") == ["DEMO-1", "DEMO-2", "DEMO-3"]
    assert await refs(f"board_id={board['board']['id']}&priority=low") == ["DEMO-2"]
    assert await refs("assignee=Ann") == ["DEMO-2"]
    assert await refs("q=ELSE") == ["OTHER-1"]
    page = (await api.get("/api/v1/cards?limit=3")).json()
    rest = (await api.get(f"/api/v1/cards?limit=3&cursor={page['next_cursor']}")).json()
    assert [card["ref"] for card in rest["cards"]] == ["OTHER-1"]
    assert rest["next_cursor"] is None


async def test_cards_are_filtered_by_what_is_on_them_and_sorted(api: httpx.AsyncClient, board: dict[str, Any]) -> None:
    label = (await api.post("/api/v1/boards/DEMO/labels", json={"name": "docs"})).json()["id"]
    more = {"labels": [label], "checklist": ["Ask"], "due_at": "2030-01-31T18:00:00+01:00", "estimate": 1.5}
    made = (await api.post("/api/v1/cards", json={"board_id": "DEMO", "title": "Four", **more})).json()
    assert (made["labels"], made["due_at"], made["estimate"]) == ([label], "2030-01-31T17:00:00Z", 1.5)
    await api.post("/api/v1/cards/DEMO-2/claim", headers={"X-Actor": "Ann"})
    await api.put("/api/v1/cards/DEMO-3/blocked-by/DEMO-1")
    await api.post("/api/v1/cards/DEMO-1/comments", json={"text": "eine Äußerung"})

    async def refs(**query: Any) -> list[str]:
        return [card["ref"] for card in (await api.get("/api/v1/cards", params=query)).json()["cards"]]

    assert await refs(label="DOCS") == await refs(label=label) == ["DEMO-4"]
    assert await refs(claimed=True) == ["DEMO-2"]
    assert await refs(blocked=True) == ["DEMO-3"]
    assert await refs(q="äUßERUNG") == ["DEMO-1"]
    assert await refs(sort="title") == ["DEMO-4", "DEMO-1", "DEMO-3", "DEMO-2"]
    cursor = (await api.get("/api/v1/cards?sort=title&limit=1")).json()["next_cursor"]
    assert await refs(sort="title", cursor=cursor) == ["DEMO-1", "DEMO-3", "DEMO-2"]
    refused = await api.get("/api/v1/cards", params={"sort": "due_at", "cursor": cursor})
    assert (refused.status_code, refused.json()["field"]) == (422, "cursor")
    cleared = await api.patch("/api/v1/cards/DEMO-4", json={"due_at": None, "estimate": None})
    assert (cleared.json()["due_at"], cleared.json()["estimate"]) == (None, None)


async def test_comments_are_written_changed_and_removed_by_their_author(
    api: httpx.AsyncClient, board: dict[str, Any]
) -> None:
    ann = {"X-Actor": "Ann"}
    made = await api.post("/api/v1/cards/DEMO-1/comments", json={"text": "hi **there**"}, headers=ann)
    assert (made.status_code, made.json()["author"]) == (201, "Ann")
    comment = f"/api/v1/comments/{made.json()['id']}"
    refused = await api.patch(comment, json={"text": "changed"}, headers={"X-Actor": "Bob"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_the_author")
    assert (await api.patch(comment, json={"text": "changed"}, headers=ann)).json()["edited_at"]
    listed = (await api.get("/api/v1/cards/demo-1/comments")).json()
    assert [one["text"] for one in listed] == ["changed"]
    assert (await api.delete(comment, headers=ann)).is_success
    assert (await api.get("/api/v1/cards/DEMO-1/comments")).json() == []
