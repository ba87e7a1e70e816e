"""Agents at work over REST: claims and fences, batches, pauses and undo, and that every call keeps their leases."""

from typing import Any

import httpx
import pytest

from app.service import Service

ROBOT = {"X-Actor": "Robot", "X-Actor-Kind": "agent"}
OTHER = {"X-Actor": "Other", "X-Actor-Kind": "agent"}
ANN = {"X-Actor": "Ann"}
CARD = "/api/v1/cards/DEMO-1"
BOARD = "/api/v1/boards/DEMO"


async def test_a_claim_is_answered_with_its_fence(api: httpx.AsyncClient, board: dict[str, Any]) -> None:
    claimed = await api.post(f"{CARD}/claim", headers=ROBOT)
    assert (claimed.status_code, claimed.headers["etag"]) == (200, '"1"')
    assert claimed.json()["fence"] == claimed.json()["claim"]["fence"] == 1
    assert claimed.json()["claim"]["holder"] == "Robot"
    refused = await api.post(f"{CARD}/claim", headers=OTHER)
    assert (refused.status_code, refused.json()["code"], refused.json()["holder"]) == (409, "card_claimed", "Robot")
    again = await api.post(f"{CARD}/claim", json={"lease_seconds": 60}, headers=ROBOT)
    assert (again.json()["fence"], again.json()["claim"]["lease_seconds"]) == (2, 60)
    reported = await api.post(f"{CARD}/progress", json={"percent": 40}, headers={**ROBOT, "X-Fence": "2"})
    assert reported.json()["progress"] == {"percent": 40, "text": ""}
    renewed = await api.post(f"{CARD}/renew", json={"busy_for": 600}, headers={**ROBOT, "X-Fence": "2"})
    assert (renewed.json()["fence"], bool(renewed.json()["claim"]["busy_until"])) == (2, True)
    assert (await api.post(f"{CARD}/release", headers=ROBOT)).json()["claim"] is None


async def test_claim_next_takes_the_best_and_204_means_there_is_none(
    api: httpx.AsyncClient, board: dict[str, Any]
) -> None:
    await api.patch("/api/v1/cards/DEMO-3", json={"priority": "urgent"})
    await api.put("/api/v1/cards/DEMO-1/blocked-by/DEMO-2")
    taken = [await api.post(f"{BOARD}/claim-next", headers=ROBOT) for _ in range(3)]
    assert [answer.json()["ref"] for answer in taken[:2]] == ["DEMO-3", "DEMO-2"]
    assert (taken[2].status_code, taken[2].content) == (204, b"")
    unknown = await api.post(f"{BOARD}/claim-next", json={"label": "none such"}, headers=ROBOT)
    assert (unknown.status_code, unknown.json()["field"]) == (422, "label")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "", {"title": "late"}),
        ("DELETE", "", None),
        ("POST", "/move", {"column_id": 2}),
        ("POST", "/renew", {}),
        ("POST", "/release", None),
        ("POST", "/progress", {"percent": 1}),
        ("POST", "/comments", {"text": "late"}),
        ("POST", "/checklist", {"text": "late"}),
        ("PUT", "/blocked-by/DEMO-2", None),
    ],
)
async def test_a_write_with_an_old_fence_changes_nothing(
    api: httpx.AsyncClient, board: dict[str, Any], method: str, path: str, body: Any
) -> None:
    for _ in range(2):
        await api.post(f"{CARD}/claim", headers=ROBOT)
    before = (await api.get(BOARD)).json()
    refused = await api.request(method, CARD + path, json=body, headers={**ROBOT, "X-Fence": "1"})
    assert (refused.status_code, refused.json()["code"]) == (409, "lease_lost")
    assert (await api.get(BOARD)).json() == before


@pytest.mark.parametrize("fence", ["", "0", "-1", "one", "1.0", "9" * 19, "\N{SUPERSCRIPT TWO}".encode()])
@pytest.mark.parametrize("path", [f"{CARD}/move", f"{BOARD}/columns"])
async def test_a_malformed_fence_is_named(api: httpx.AsyncClient, board: Any, path: str, fence: Any) -> None:
    body = {"column_id": 2} if path.startswith(CARD) else {"name": "x"}
    refused = await api.post(path, json=body, headers={**ROBOT, "X-Fence": fence})
    assert (refused.status_code, refused.json()["field"]) == (422, "X-Fence")


async def test_every_call_of_an_agent_keeps_its_leases(
    api: httpx.AsyncClient, board: dict[str, Any], service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[str, str]] = []

    async def alive(actor: Any) -> None:
        heard.append((actor.name, actor.kind))

    monkeypatch.setattr(service.leases, "alive", alive)
    await api.get(BOARD, headers=ROBOT)
    await api.get("/api/v1/cards?limit=0", headers=ROBOT)
    await api.post(f"{CARD}/claim", headers=ROBOT)
    await api.get(f"{BOARD}/changes?since=99&wait=0.01", headers=ROBOT)
    await api.get(BOARD)
    assert heard == [("Robot", "agent")] * 4


async def test_a_batch_is_done_in_order_or_not_at_all(api: httpx.AsyncClient, board: dict[str, Any]) -> None:
    there = board["columns"][1]["id"]
    steps: list[dict[str, Any]] = [
        {"command": "create_card", "args": {"title": "four"}},
        {"command": "move_card", "args": {"card_id": "DEMO-4", "column_id": there}},
        {"command": "add_comment", "args": {"card_id": "DEMO-4", "text": "hi"}},
        {"command": "delete_card", "args": {"card_id": "DEMO-1"}},
    ]
    done = await api.post(f"{BOARD}/batch", json=steps, headers=ANN)
    assert [one.get("ref") for one in done.json()] == ["DEMO-4", "DEMO-4", None, "DEMO-1"]
    before = (await api.get(BOARD)).json()
    assert before["sequence"] == board["sequence"] + 4
    for bad, status, code in (
        ({"command": "move_card", "args": {"card_id": "DEMO-77", "column_id": there}}, 404, "not_found"),
        ({"command": "move_card", "args": {"card_id": "DEMO-2"}}, 422, "invalid_input"),
        ({"command": "fly", "args": {}}, 404, "not_found"),
        ({"command": "batch", "args": {"board_id": "DEMO", "steps": steps}}, 404, "not_found"),
        ({"command": "rename_board", "args": {"board_id": "ELSE", "name": "x"}}, 422, "invalid_input"),
    ):
        await api.post("/api/v1/boards", json={"name": "Elsewhere", "key": "ELSE"})
        refused = await api.post(f"{BOARD}/batch", json=[steps[0], bad], headers=ANN)
        told = refused.json()
        assert (refused.status_code, told["code"], told["index"]) == (status, code, 1)
        assert told["detail"].startswith(f"step 2 ({bad['command']}): ")
        assert (await api.get(BOARD)).json() == before
    fenced = await api.post(f"{BOARD}/batch", json=steps, headers={**ANN, "X-Fence": "1"})
    assert (fenced.status_code, fenced.json()["field"]) == (422, "X-Fence")
    malformed: list[Any] = [[], {}, [{"args": {}}], [steps[0]] * 501, [{**steps[0], "fence": 0}]]
    for body in malformed:
        assert (await api.post(f"{BOARD}/batch", json=body)).status_code == 422


async def test_a_person_pauses_an_agent_and_undoes_what_it_did(api: httpx.AsyncClient, board: dict[str, Any]) -> None:
    name = "team/Robot 7"
    robot = {"X-Actor": name, "X-Actor-Kind": "agent"}
    agent = f"{BOARD}/agents/team%2FRobot%207"
    await api.patch(CARD, json={"title": "worse"}, headers=robot)
    listed = (await api.get(f"{BOARD}/agents")).json()
    assert [(one["name"], one["changes"], one["paused"]) for one in listed] == [(name, 1, None)]
    assert (await api.put(f"{agent}/pause", headers=robot)).json()["code"] == "people_only"
    paused = await api.put(f"{agent}/pause", json={"reason": "look at it"}, headers=ANN)
    assert [(one["name"], one["reason"], one["by"]) for one in paused.json()["paused"]] == [(name, "look at it", "Ann")]
    refused = await api.patch(CARD, json={"title": "worst"}, headers=robot)
    assert (refused.status_code, refused.json()["code"], refused.json()["by"]) == (403, "agent_paused", "Ann")
    plan = (await api.get(f"{agent}/undo?since={board['sequence']}", headers=ANN)).json()
    assert [(entry["event"], entry["done"]) for entry in plan["entries"]] == [("card_updated", True)]
    assert (await api.get(CARD)).json()["title"] == "worse"
    assert (await api.post(f"{agent}/undo?since=0", headers=robot)).json()["code"] == "people_only"
    report = (await api.post(f"{agent}/undo?since={board['sequence']}", headers=ANN)).json()
    assert report["entries"][0]["done"]
    assert (await api.get(CARD)).json()["title"] == "one"
    assert (await api.post(f"{agent}/undo", headers=ANN)).json()["field"] == "since"
    assert (await api.delete(f"{agent}/pause", headers=ANN)).json()["paused"] == []


async def test_labels_checklists_links_and_gates(api: httpx.AsyncClient, board: dict[str, Any]) -> None:
    label = (await api.post(f"{BOARD}/labels", json={"name": "docs", "colour": "teal"})).json()
    taken = await api.post(f"{BOARD}/labels", json={"name": "DOCS"})
    assert (taken.status_code, taken.json()["code"]) == (409, "label_taken")
    assert (await api.put(f"{CARD}/labels/{label['id']}")).json()["labels"] == [label["id"]]
    renamed = await api.patch(f"/api/v1/labels/{label['id']}", json={"name": "writing"})
    assert (await api.get(f"{BOARD}/labels")).json() == [renamed.json()]
    assert (await api.delete(f"{CARD}/labels/{label['id']}")).json()["labels"] == []
    added = await api.post(f"{CARD}/checklist", json={"text": "Ask"})
    item = f"/api/v1/checklist/{added.json()['checklist'][0]['id']}"
    assert added.status_code == 201
    two = (await api.post(f"{CARD}/checklist", json={"text": "Tell"})).json()["checklist"][1]["id"]
    moved = (await api.post(f"{item}/move", json={"after": two})).json()["checklist"]
    assert [one["text"] for one in moved] == ["Tell", "Ask"]
    assert (await api.delete(f"/api/v1/checklist/{two}")).status_code == 200
    assert (await api.put(f"{CARD}/blocked-by/DEMO-2")).status_code == 200
    cycle = await api.put("/api/v1/cards/DEMO-2/blocked-by/DEMO-1")
    assert (cycle.status_code, cycle.json()["code"]) == (409, "cycle")
    gate = board["columns"][3]["id"]
    requires = ["no_open_blockers", "checklist_done", "approval"]
    assert (await api.patch(f"/api/v1/columns/{gate}", json={"requires": requires})).json()["requires"] == requires
    closed = await api.post(f"{CARD}/move", json={"column_id": gate})
    assert (closed.status_code, closed.json()["code"]) == (409, "gate_closed")
    assert [one["requirement"] for one in closed.json()["missing"]] == requires
    why = (await api.get(f"{CARD}/why", headers=ROBOT)).json()
    assert why["claimable"] is False
    (entry,) = (move for move in why["moves"] if move["column_id"] == gate)
    told = [{key: value for key, value in one.items() if value is not None} for one in entry["missing"]]
    assert told == closed.json()["missing"]
    await api.patch(item, json={"done": True})
    await api.delete(f"{CARD}/blocked-by/DEMO-2")
    assert (await api.put(f"{CARD}/approval", headers=ROBOT)).json()["code"] == "people_only"
    assert (await api.put(f"{CARD}/approval", headers=ANN)).json()["approval"]["name"] == "Ann"
    assert (await api.post(f"{CARD}/move", json={"column_id": gate})).status_code == 200
    assert (await api.delete(f"{CARD}/approval", headers=ANN)).json()["approval"] is None
    assert (await api.delete(f"/api/v1/labels/{label['id']}")).json()["name"] == "writing"


async def test_a_board_is_deleted_for_good(api: httpx.AsyncClient, board: dict[str, Any]) -> None:
    gone = await api.delete(f"{BOARD}?forever=true", headers=ANN)
    assert (gone.status_code, gone.json()["key"]) == (200, "DEMO")
    assert (await api.get(CARD)).status_code == 404
    assert (await api.get("/api/v1/boards")).json() == []
    assert (await api.get(BOARD)).status_code == 404
