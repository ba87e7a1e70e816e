"""Boards, columns and changes over REST."""

import asyncio
from typing import Any

import httpx
import pytest

from app.errors import StoreUnavailable
from app.service import Service


async def test_a_new_board_has_the_usual_columns_and_is_found_by_id_and_key(api: httpx.AsyncClient) -> None:
    made = await api.post("/api/v1/boards", json={"name": "Release week"})
    assert made.status_code == 201
    assert made.headers["location"] == f"/api/v1/boards/{made.json()['id']}"
    by_key = await api.get(f"/api/v1/boards/{made.json()['key'].lower()}")
    assert by_key.json() == (await api.get(made.headers["location"])).json()
    assert [(column["name"], column["kind"]) for column in by_key.json()["columns"]] == [
        ("Not Started", "queue"),
        ("In Progress", "active"),
        ("Blocked", "active"),
        ("Ready for QC", "active"),
        ("Done", "done"),
    ]


async def test_a_board_takes_the_columns_that_are_named(api: httpx.AsyncClient) -> None:
    columns = [{"name": "Todo", "kind": "queue", "wip_limit": 3}, {"name": "Done", "kind": "done"}]
    made = await api.post("/api/v1/boards", json={"name": "Two", "key": "TWO", "columns": columns})
    shown = (await api.get(f"/api/v1/boards/{made.json()['key']}")).json()["columns"]
    assert [(column["name"], column["wip_limit"]) for column in shown] == [("Todo", 3), ("Done", None)]


async def test_times_are_utc_and_end_in_z(api: httpx.AsyncClient, board: dict[str, Any]) -> None:
    listed = (await api.get("/api/v1/boards")).json()[0]
    assert listed["created_at"].endswith("Z")
    assert board["cards"][0]["updated_at"].endswith("Z")
    assert (listed["card_count"], listed["done_count"]) == (3, 0)


async def test_an_archived_board_leaves_the_list_and_comes_back(api: httpx.AsyncClient, board: dict[str, Any]) -> None:
    renamed = await api.patch("/api/v1/boards/DEMO", json={"name": "Renamed"})
    assert renamed.json()["name"] == "Renamed"
    assert (await api.delete("/api/v1/boards/DEMO")).json()["archived_at"]
    assert (await api.get("/api/v1/boards")).json() == []
    assert [one["name"] for one in (await api.get("/api/v1/boards?archived=true")).json()] == ["Renamed"]
    refused = await api.post("/api/v1/cards", json={"board_id": "DEMO", "title": "late"})
    assert (refused.status_code, refused.json()["code"]) == (409, "board_archived")
    assert (await api.post("/api/v1/boards/DEMO/restore")).json()["archived_at"] is None
    assert len((await api.get("/api/v1/boards")).json()) == 1


async def test_a_taken_key_is_a_conflict(api: httpx.AsyncClient, board: dict[str, Any]) -> None:
    refused = await api.post("/api/v1/boards", json={"name": "Again", "key": "demo"})
    assert (refused.status_code, refused.json()["code"]) == (409, "key_taken")


async def test_columns_are_added_changed_moved_and_deleted(api: httpx.AsyncClient, board: dict[str, Any]) -> None:
    first = board["columns"][0]["id"]
    made = await api.post("/api/v1/boards/DEMO/columns", json={"name": "Review", "kind": "active", "before": first})
    assert made.status_code == 201
    column = made.json()["id"]
    await api.patch(f"/api/v1/columns/{column}", json={"name": "Checks", "wip_limit": 2})
    await api.post(f"/api/v1/columns/{column}/move", json={"after": first})
    shown = (await api.get("/api/v1/boards/DEMO")).json()["columns"]
    assert [one["name"] for one in shown[:2]] == ["Not Started", "Checks"]
    assert (await api.patch(f"/api/v1/columns/{column}", json={"wip_limit": None})).json()["wip_limit"] is None
    assert (await api.delete(f"/api/v1/columns/{column}")).status_code == 204
    kept = await api.delete(f"/api/v1/columns/{first}")
    assert (kept.status_code, kept.json()["code"]) == (409, "column_not_empty")
    target = board["columns"][1]["id"]
    assert target in kept.json()["allowed"]
    assert (await api.delete(f"/api/v1/columns/{first}?move_cards_to={target}")).status_code == 204
    assert {card["column_id"] for card in (await api.get("/api/v1/boards/DEMO")).json()["cards"]} == {target}


async def test_changes_are_listed_without_a_gap(api: httpx.AsyncClient, board: dict[str, Any]) -> None:
    page = (await api.get("/api/v1/boards/DEMO/changes?since=0&limit=3")).json()
    assert [change["sequence"] for change in page["changes"]] == [1, 2, 3]
    rest = (await api.get(f"/api/v1/boards/DEMO/changes?since={page['sequence']}")).json()
    assert [change["sequence"] for change in rest["changes"]] == [4]
    assert rest["sequence"] == board["sequence"]
    assert rest["changes"][0]["data"]["card"]["title"] == "three"
    none = (await api.get(f"/api/v1/boards/{board['board']['id']}/changes?since=4")).json()
    assert none == {"changes": [], "sequence": 4}


async def test_a_waiting_call_answers_when_something_happens(api: httpx.AsyncClient, board: dict[str, Any]) -> None:
    waiting = asyncio.create_task(api.get("/api/v1/boards/DEMO/changes?since=4&wait=20"))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await api.patch("/api/v1/boards/DEMO", json={"name": "Now"})
    async with asyncio.timeout(5):
        answer = (await waiting).json()
    assert [change["event"] for change in answer["changes"]] == ["board_renamed"]


async def test_a_waiting_call_ends_when_its_time_is_over(api: httpx.AsyncClient, board: dict[str, Any]) -> None:
    answer = await api.get("/api/v1/boards/DEMO/changes?since=4&wait=0.05")
    assert answer.json() == {"changes": [], "sequence": 4}


async def test_liveness_and_readiness_are_told_apart(
    api: httpx.AsyncClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await api.get("/readyz")).json()["status"] == "ready"

    async def out_of_reach(*query: object) -> None:
        raise StoreUnavailable("the database does not answer")

    monkeypatch.setattr(service.store, "read", out_of_reach)
    assert (await api.get("/healthz")).json()["status"] == "ok"
    assert (await api.get("/readyz")).status_code == 503
