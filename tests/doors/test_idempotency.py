"""A retry under the same Idempotency-Key (or request_id) answers the same again and changes nothing."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.doors import build
from app.feed import Feed
from app.service import Service
from app.settings import Settings
from app.store import Store
from tests.support import Desk

KEY = {"Idempotency-Key": "b2c8"}


@pytest.fixture
async def on_each(store: Store, feed: Feed) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the doors, on SQLite and on PostgreSQL in turn."""
    doors = build(Service(Settings(), store, feed, store.clock()))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(doors), base_url="http://localhost:8000") as client:
        yield client


async def test_twenty_identical_calls_at_once_have_one_effect(on_each: httpx.AsyncClient, store: Store) -> None:
    desk = Desk(store)
    steps = [{"command": "create_card", "args": {"board_id": "DESK", "title": f"step {n}"}} for n in range(3)]
    calls: list[tuple[str, Any, int, int]] = [
        ("/cards", {"board_id": "DESK", "title": "once"}, 201, 1),
        ("/cards/DESK-1/claim", {}, 200, 1),
        ("/boards/DESK/claim-next", {}, 200, 1),
        ("/boards/DESK/batch", steps, 200, 3),
        ("/cards/DESK-1/progress", {"percent": 5}, 200, 1),
        ("/cards/DESK-2/checklist", {"text": "Ask"}, 201, 1),
        ("/boards/DESK/labels", {"name": "docs"}, 201, 1),
    ]
    for number, (path, body, status, changes) in enumerate(calls):
        before = desk.sequence
        headers = {"Idempotency-Key": f"key {number}", "X-Actor": "Robot", "X-Actor-Kind": "agent"}
        asked = (on_each.post(f"/api/v1{path}", json=body, headers=headers) for _ in range(20))
        answers = await asyncio.gather(*asked)
        assert {answer.status_code for answer in answers} == {status}
        assert (
            len({(answer.content, answer.headers.get("location"), answer.headers.get("etag")) for answer in answers})
            == 1
        )
        assert desk.sequence == before + changes, path


async def test_that_there_was_nothing_to_claim_is_answered_again(api: httpx.AsyncClient, board: dict[str, Any]) -> None:
    other = {"column_id": board["columns"][1]["id"]}
    headers = {**KEY, "X-Actor": "Robot", "X-Actor-Kind": "agent"}
    answers = []
    for _ in range(2):
        answers.append(await api.post("/api/v1/boards/DEMO/claim-next", json=other, headers=headers))
        await api.post("/api/v1/cards/DEMO-1/move", json=other)
    assert [(answer.status_code, answer.content) for answer in answers] == [(204, b"")] * 2


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
