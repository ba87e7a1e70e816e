"""A retry under the same Idempotency-Key (or request_id) answers the same again and changes nothing."""

import asyncio
from typing import Any

import httpx
import pytest

KEY = {"Idempotency-Key": "b2c8"}


async def test_twenty_identical_calls_at_once_have_one_effect(api: httpx.AsyncClient, board: dict[str, Any]) -> None:
    wanted = {"board_id": "DEMO", "title": "once"}
    answers = await asyncio.gather(*(api.post("/api/v1/cards", json=wanted, headers=KEY) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len({answer.headers["location"] for answer in answers}) == 1
    shown = (await api.get("/api/v1/boards/DEMO")).json()
    assert [card["title"] for card in shown["cards"]].count("once") == 1
    assert shown["sequence"] == board["sequence"] + 1


async def test_the_first_answer_is_given_again_after_the_card_moved_on(
    api: httpx.AsyncClient, board: dict[str, Any]
) -> None:
    target = {"column_id": board["columns"][1]["id"]}
    first = await api.post("/api/v1/cards/DEMO-1/move", json=target, headers=KEY)
    await api.post("/api/v1/cards/DEMO-1/move", json={"column_id": board["columns"][2]["id"]})
    again = await api.post("/api/v1/cards/DEMO-1/move", json=target, headers=KEY)
    assert (again.status_code, again.content, again.headers["etag"]) == (200, first.content, first.headers["etag"])
    assert (await api.get("/api/v1/cards/DEMO-1")).json()["column_id"] == board["columns"][2]["id"]


async def test_how_the_same_body_is_spelled_does_not_matter(api: httpx.AsyncClient, board: dict[str, Any]) -> None:
    headers = {**KEY, "Content-Type": "application/json"}
    first = await api.post("/api/v1/cards", content=b'{"board_id":"DEMO","title":"x"}', headers=headers)
    again = await api.post("/api/v1/cards", content=b' {"title": "x", "board_id": "DEMO"}', headers=headers)
    assert again.content == first.content


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/cards", {"board_id": "DEMO", "title": "another"}),
        ("POST", "/boards", {"name": "x"}),
        ("POST", "/cards/DEMO-1/comments", {"text": "x"}),
        ("DELETE", "/cards/DEMO-1", None),
        ("DELETE", "/cards/DEMO-1?forever=true", None),
    ],
)
async def test_the_key_of_another_request_is_refused(
    api: httpx.AsyncClient, board: dict[str, Any], method: str, path: str, body: Any
) -> None:
    await api.post("/api/v1/cards", json={"board_id": "DEMO", "title": "first"}, headers=KEY)
    refused = await api.request(method, f"/api/v1{path}", json=body, headers=KEY)
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")


async def test_keys_of_two_actors_do_not_meet(api: httpx.AsyncClient, board: dict[str, Any]) -> None:
    wanted = {"board_id": "DEMO", "title": "mine"}
    mine = await api.post("/api/v1/cards", json=wanted, headers={**KEY, "X-Actor": "Ann"})
    yours = await api.post("/api/v1/cards", json=wanted, headers={**KEY, "X-Actor": "Bob"})
    assert mine.json()["id"] != yours.json()["id"]


async def test_a_refused_call_may_be_tried_again_with_its_key(api: httpx.AsyncClient, board: dict[str, Any]) -> None:
    column = board["columns"][0]["id"]
    await api.patch(f"/api/v1/columns/{column}", json={"wip_limit": 3})
    wanted = {"board_id": "DEMO", "title": "squeezed"}
    assert (await api.post("/api/v1/cards", json=wanted, headers=KEY)).status_code == 409
    await api.patch(f"/api/v1/columns/{column}", json={"wip_limit": None})
    assert (await api.post("/api/v1/cards", json=wanted, headers=KEY)).status_code == 201


async def test_an_answer_without_content_is_repeated_too(api: httpx.AsyncClient, board: dict[str, Any]) -> None:
    column = f"/api/v1/columns/{board['columns'][1]['id']}"
    answers = [await api.delete(column, headers=KEY) for _ in range(2)]
    assert [(answer.status_code, answer.content) for answer in answers] == [(204, b"")] * 2
    assert (await api.delete(column)).status_code == 404
