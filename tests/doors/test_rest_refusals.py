"""Whatever is wrong with a call, the answer says what, as problem details, and nothing changes."""

from typing import Any

import httpx
import pytest

from app.doors.limits import CommandLimit

JSON = {"Content-Type": "application/json"}
BIG = 10**25


@pytest.fixture
async def sequence(api: httpx.AsyncClient, board: dict[str, Any]) -> Any:
    """The test must leave the board as it was."""
    yield board["sequence"]
    assert (await api.get("/api/v1/boards/DEMO")).json() == board


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "field"),
    [
        ("POST", "/boards", {}, 422, "name"),
        ("POST", "/boards", {"name": ""}, 422, "name"),
        ("POST", "/boards", {"name": "   "}, 422, "name"),
        ("POST", "/boards", {"name": "x" * 101}, 422, "name"),
        ("POST", "/boards", {"name": "x", "key": "a-b"}, 422, "key"),
        ("POST", "/boards", {"name": "x", "id": 7}, 422, "id"),
        ("POST", "/boards", {"name": "x", "columns": []}, 422, "columns"),
        ("POST", "/boards", {"name": "x", "columns": [{"name": "a", "kind": "sleeping"}]}, 422, "columns.0.kind"),
        ("POST", "/boards/DEMO/columns", {"name": "x", "wip_limit": 0}, 422, "wip_limit"),
        ("POST", "/boards/DEMO/columns", {"name": "x", "wip_limit": BIG}, 422, "wip_limit"),
        ("POST", "/cards", {"title": "x"}, 422, "board_id"),
        ("POST", "/cards", {"board_id": "DEMO"}, 422, "title"),
        ("POST", "/cards", {"board_id": True, "title": "x"}, 422, "board_id"),
        ("POST", "/cards", {"board_id": "DEMO", "title": 5}, 422, "title"),
        ("POST", "/cards", {"board_id": "DEMO", "title": "x" * 201}, 422, "title"),
        ("POST", "/cards", {"board_id": "DEMO", "title": "a\x00b"}, 422, "title"),
        ("POST", "/cards", {"board_id": "DEMO", "title": "x", "description": "x" * 20_001}, 422, "description"),
        ("POST", "/cards", {"board_id": "DEMO", "title": "x", "priority": "asap"}, 422, "priority"),
        ("POST", "/cards", {"board_id": "DEMO", "title": "x", "column_id": "1"}, 422, "column_id"),
        ("POST", "/cards", {"board_id": "DEMO", "title": "x", "column_id": BIG}, 422, "column_id"),
        ("POST", "/cards", {"board_id": "DEMO", "title": "x", "version": 3}, 422, "version"),
        ("POST", "/cards", {"board_id": "DEMO", "title": "x", "due_at": "2030-01-31"}, 422, "due_at"),
        ("POST", "/cards", {"board_id": "DEMO", "title": "x", "due_at": 1}, 422, "due_at"),
        ("POST", "/cards", {"board_id": "DEMO", "title": "x", "estimate": -1}, 422, "estimate"),
        ("POST", "/cards", {"board_id": "DEMO", "title": "x", "labels": [7]}, 422, "labels"),
        ("POST", "/cards", {"board_id": "DEMO", "title": "x", "checklist": [""]}, 422, "checklist.0"),
        ("POST", "/boards/DEMO/columns", {"name": "x", "requires": ["luck"]}, 422, "requires.0"),
        ("POST", "/boards/DEMO/labels", {"name": "x", "colour": "plaid"}, 422, "colour"),
        ("POST", "/cards/DEMO-1/claim", {"lease_seconds": 0}, 422, "lease_seconds"),
        ("POST", "/cards/DEMO-1/progress", {}, 422, "percent"),
        ("PUT", "/cards/DEMO-1/labels/77", None, 422, "label_id"),
        ("PUT", "/cards/DEMO-1/blocked-by/nothing", None, 404, None),
        ("DELETE", "/checklist/77", None, 404, None),
        ("POST", "/boards/DEMO/agents/x/undo", None, 422, "since"),
        ("GET", "/cards?sort=rank", None, 422, "sort"),
        ("POST", "/cards", {"board_id": BIG, "title": "x"}, 404, None),
        ("POST", "/cards", {"board_id": "NONE", "title": "x"}, 404, None),
        ("POST", "/cards/DEMO-1/move", {}, 422, "column_id"),
        ("POST", "/cards/DEMO-1/move", {"column_id": 1, "before": 1, "after": 2}, 422, "before"),
        ("PATCH", "/cards/DEMO-1", {"title": None}, 422, "title"),
        ("PATCH", "/cards/DEMO-1", {"rank": "a"}, 422, "rank"),
        ("PATCH", "/cards/DEMO-99", {"title": "x"}, 404, None),
        ("POST", "/cards/DEMO-1/comments", {"text": ""}, 422, "text"),
        ("PATCH", "/comments/77", {"text": "x"}, 404, None),
        ("GET", "/cards?limit=0", None, 422, "limit"),
        ("GET", "/cards?limit=many", None, 422, "limit"),
        ("GET", "/cards?assigne=Ann", None, 422, "assigne"),
        ("GET", "/cards?priority=asap", None, 422, "priority"),
        ("GET", "/cards?cursor=%F0", None, 422, "query"),
        ("GET", "/cards?cursor=x", None, 422, "cursor"),
        ("GET", "/cards?q=%00", None, 422, "q"),
        ("GET", "/cards?assignee=%00", None, 422, "assignee"),
        ("GET", "/cards?board_id=NONE", None, 404, None),
        ("GET", "/boards?archived=perhaps", None, 422, "archived"),
        ("GET", "/boards/DEMO/changes?since=-1", None, 422, "since"),
        ("GET", f"/boards/DEMO/changes?since={BIG}", None, 422, "since"),
        ("GET", "/boards/DEMO/changes?wait=nan", None, 422, "wait"),
        ("DELETE", "/boards/DEMO?forever=perhaps", None, 422, "forever"),
        ("DELETE", "/columns/1?move_cards_to=x", None, 422, "move_cards_to"),
    ],
)
async def test_bad_input_names_its_field_and_changes_nothing(
    api: httpx.AsyncClient, sequence: int, method: str, path: str, body: Any, status: int, field: str | None
) -> None:
    refused = await api.request(method, f"/api/v1{path}", json=body)
    assert refused.status_code == status, refused.text
    assert refused.headers["content-type"] == "application/problem+json"
    told = refused.json()
    assert {"type", "title", "status", "detail", "code"} <= told.keys()
    assert told["status"] == status
    assert told.get("field") == field


@pytest.mark.parametrize(
    "name",
    ["0", "-1", str(BIG), "9223372036854775808", "1.5", "DEMO-0", "%00", "\N{SUPERSCRIPT TWO}", "x" * 300, "D%2F1"],
)
@pytest.mark.parametrize("noun", ["boards", "cards", "cards/{}/comments", "boards/{}/changes"])
async def test_an_impossible_name_is_not_found(api: httpx.AsyncClient, board: Any, noun: str, name: str) -> None:
    path = f"/api/v1/{noun}" if "{}" in noun else f"/api/v1/{noun}/{{}}"
    refused = await api.get(path.format(name))
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")


async def test_what_would_have_worked_is_told(api: httpx.AsyncClient, board: dict[str, Any]) -> None:
    wrong = await api.post("/api/v1/cards", json={"board_id": "DEMO", "title": "x", "priority": "asap"})
    assert wrong.json()["allowed"] == ["urgent", "high", "normal", "low"]
    unknown = await api.patch("/api/v1/boards/DEMO", json={"name": "x", "title": "y"})
    assert unknown.json()["allowed"] == ["name"]
    both = await api.post("/api/v1/cards", json={"priority": "asap"})
    assert [one["field"] for one in both.json()["errors"]] == ["board_id", "title", "priority"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"\xff\xfe",
        b'{"name": NaN}',
        b"[" * 100_000,
        b'{"name":' * 5_000,
        b'{"name":"\\ud800"}',
    ],
)
async def test_a_body_that_is_no_json_object_is_refused(api: httpx.AsyncClient, sequence: int, body: bytes) -> None:
    refused = await api.post("/api/v1/boards", content=body, headers=JSON)
    assert refused.status_code == 422, refused.text
    assert refused.json()["code"] == "invalid_input"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "json", ""])
async def test_another_content_type_is_refused(api: httpx.AsyncClient, sequence: int, kind: str) -> None:
    refused = await api.post("/api/v1/boards", content=b'{"name":"x"}', headers={"Content-Type": kind})
    assert (refused.status_code, refused.json()["allowed"]) == (415, ["application/json"])


async def test_json_with_a_charset_is_json(api: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    assert (await api.post("/api/v1/boards", content=b'{"name":"x"}', headers=headers)).status_code == 201


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v1", "/api/v1/nothing", "/api/v1/cards/", "/api/v2/boards", "/api//x"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
async def test_an_unknown_path_is_told_in_json(api: httpx.AsyncClient, method: str, path: str) -> None:
    refused = await api.request(method, path)
    assert refused.status_code == 404
    assert refused.headers["content-type"] == "application/problem+json"


async def test_http_on_the_socket_path_is_told_to_upgrade(api: httpx.AsyncClient) -> None:
    refused = await api.get("/ws/connect")
    assert (refused.status_code, refused.headers["upgrade"]) == (426, "websocket")
    assert refused.json()["code"] == "upgrade_required"


async def test_another_method_is_told_which_would_do(api: httpx.AsyncClient) -> None:
    refused = await api.put("/api/v1/boards")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, POST")
    assert refused.json()["allowed"] == ["GET", "POST"]


@pytest.mark.parametrize(
    ("headers", "field"),
    [
        ({"X-Actor": ""}, "X-Actor"),
        ({"X-Actor": "x" * 61}, "X-Actor"),
        ({"X-Actor": "a\tb"}, "X-Actor"),
        ({"X-Actor-Kind": "robot"}, "X-Actor-Kind"),
        ({"Idempotency-Key": ""}, "Idempotency-Key"),
        ({"Idempotency-Key": "x" * 256}, "Idempotency-Key"),
    ],
)
async def test_a_bad_header_is_named(api: httpx.AsyncClient, sequence: int, headers: Any, field: str) -> None:
    refused = await api.post("/api/v1/cards", json={"board_id": "DEMO", "title": "x"}, headers=headers)
    assert (refused.status_code, refused.json()["field"]) == (422, field)


async def test_who_acts_is_never_taken_from_the_body(api: httpx.AsyncClient, sequence: int) -> None:
    refused = await api.post("/api/v1/cards", json={"board_id": "DEMO", "title": "x", "actor": "root"})
    assert refused.json()["field"] == "actor"


async def test_a_runaway_loop_is_told_to_slow_down(board: dict[str, Any], api: httpx.AsyncClient) -> None:
    app = api._transport.app._app  # type: ignore[attr-defined]
    app.state.command_limit = CommandLimit(rate=1, burst=2)
    loop = {"X-Actor": "loop"}
    answers = [await api.patch("/api/v1/boards/DEMO", json={"name": f"n{n}"}, headers=loop) for n in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) >= 1
    other = await api.patch("/api/v1/boards/DEMO", json={"name": "fine"}, headers={"X-Actor": "calm"})
    assert other.status_code == 200
