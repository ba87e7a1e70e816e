"""Commands on /ws/connect: every one by its name, what is refused and why, repeats, and fences."""

from typing import Any

import pytest

from app.doors.catalog import COMMANDS


async def test_a_command_changes_the_board_for_all(live: Any) -> None:
    agent = await live.join("?username=Scout&kind=agent")
    watcher = await live.join()
    result = await agent.ask("create_card", board_id="DEMO", title="from an agent", column_id=2)
    assert (result["event"], result["data"]["ref"]) == ("result", "DEMO-2")
    change = await watcher.until("card_created")
    assert change["data"]["card"] == result["data"]
    assert change["actor"] == {"name": "Scout", "kind": "agent", "via": "socket"}
    moved = await agent.ask("move_card", card_id="DEMO-2", column_id=1, before=1)
    assert moved["data"]["column_id"] == 1
    shown = (await live.http.get("/api/v1/boards/DEMO")).json()["cards"]
    assert [card["ref"] for card in shown] == ["DEMO-2", "DEMO-1"]


async def test_every_command_works_over_the_socket(live: Any) -> None:
    ann, robot = await live.join("?username=Ann"), await live.join("?username=Robot&kind=agent")
    used = set()

    async def done(command: str, peer: Any = ann, fence: int | None = None, **args: Any) -> Any:
        used.add(command)
        await peer.say(type="command", id=command, name=command, args=args, fence=fence)
        while (answer := await peer.hear()).get("id") != command:
            pass
        assert answer["event"] == "result", answer
        return answer["data"]

    board = await done("create_board", name="Made", key="MADE", columns=[{"name": "a", "kind": "queue"}])
    await done("rename_board", board_id="MADE", name="Renamed")
    column = await done("create_column", board_id=board["id"], name="b", kind="done", wip_limit=4)
    await done("update_column", column_id=column["id"], wip_limit=None, requires=["checklist_done"])
    await done("move_column", column_id=column["id"])
    label = await done("create_label", board_id="MADE", name="docs")
    await done("update_label", label_id=label["id"], colour="red")
    wishes: dict[str, Any] = {
        "due_at": "2030-01-01T00:00:00Z",
        "estimate": 2,
        "labels": [label["id"]],
        "checklist": ["Ask"],
    }
    card = await done("create_card", board_id="made", title="x", **wishes)
    assert (card["due_at"], card["labels"], card["checklist"][0]["text"]) == (wishes["due_at"], [label["id"]], "Ask")
    assert (await done("update_card", card_id=card["id"], title="y", expected_version=1))["title"] == "y"
    await done("remove_label", card_id="MADE-1", label_id=label["id"])
    assert (await done("add_label", card_id="MADE-1", label_id=label["id"]))["labels"] == [label["id"]]
    await done("delete_label", label_id=label["id"])
    items = (await done("add_check_item", card_id="MADE-1", text="Tell"))["checklist"]
    await done("move_check_item", item_id=items[1]["id"], before=items[0]["id"])
    await done("delete_check_item", item_id=items[1]["id"])
    second = await done("create_card", board_id="MADE", title="z")
    assert (await done("block_card", card_id="MADE-1", other_id="MADE-2"))["blocked_by"] == [second["id"]]
    assert (await done("unblock_card", card_id="MADE-1", other_id=second["id"]))["blocked_by"] == []
    fence = (await done("claim_card", robot, card_id="MADE-1", lease_seconds=60))["fence"]
    await done("renew_claim", robot, fence, card_id="MADE-1", busy_for=90)
    await done("report_progress", robot, fence, card_id="MADE-1", percent=50, text="half")
    await done("update_check_item", robot, fence, item_id=items[0]["id"], done=True)
    assert (await done("release_card", robot, fence, card_id="MADE-1"))["claim"] is None
    assert (await done("claim_next_card", robot, board_id="MADE"))["ref"] == "MADE-1"
    assert (await done("approve_card", card_id="MADE-1"))["approval"]["name"] == "Ann"
    await done("withdraw_approval", card_id="MADE-1")
    await done("move_card", robot, fence + 1, card_id="MADE-1", column_id=column["id"])
    await done("pause_agent", board_id="MADE", name="Robot", reason="a break")
    assert (await done("resume_agent", board_id="MADE", name="Robot"))["paused"] == []
    assert (await done("undo_agent", board_id="MADE", name="Robot", since=0))["entries"]
    steps = [
        {"command": "create_card", "args": {"board_id": "MADE", "title": "one"}},
        {"command": "archive_card", "args": {"card_id": "MADE-3"}},
    ]
    assert [one["ref"] for one in await done("batch", board_id="MADE", steps=steps)] == ["MADE-3", "MADE-3"]
    comment = await done("add_comment", card_id="MADE-1", text="hi")
    await done("edit_comment", comment_id=comment["id"], text="ho")
    await done("delete_comment", comment_id=comment["id"])
    await done("archive_card", card_id="MADE-1")
    await done("restore_card", card_id="MADE-1")
    await done("delete_card", card_id="MADE-1")
    assert await done("delete_column", column_id=column["id"], move_cards_to=second["column_id"]) is None
    await done("archive_board", board_id="MADE")
    assert (await done("restore_board", board_id="MADE"))["archived_at"] is None
    await done("delete_board", board_id="MADE")
    assert used == set(COMMANDS)


async def test_every_frame_keeps_the_leases_of_its_sender(live: Any, service: Any, monkeypatch: Any) -> None:
    heard = []

    async def alive(actor: Any) -> None:
        heard.append((actor.name, actor.kind))

    monkeypatch.setattr(service.leases, "alive", alive)
    robot = await live.join("?username=Robot&kind=agent")
    await robot.say(type="ping")
    await robot.until("pong")
    await robot.say(type="dance")
    await robot.until("error")
    await robot.ask("claim_card", card_id="DEMO-1")
    assert heard == [("Robot", "agent")] * 3


async def test_an_old_fence_is_refused_and_a_malformed_one_named(live: Any) -> None:
    robot = await live.join("?username=Robot&kind=agent")
    old = (await robot.ask("claim_card", card_id="DEMO-1"))["data"]["fence"]
    await robot.ask("claim_card", card_id="DEMO-1")
    before = (await live.http.get("/api/v1/boards/DEMO")).json()["sequence"]
    frame = {"type": "command", "name": "update_card", "args": {"card_id": "DEMO-1", "title": "late"}}
    step = {"command": "update_card", "args": frame["args"], "fence": old}
    batch = {"type": "command", "name": "batch", "args": {"board_id": "DEMO", "steps": [step]}}
    for asked, code, field in (
        ({**frame, "fence": old}, "lease_lost", None),
        (batch, "lease_lost", None),
        ({**frame, "fence": "1"}, "invalid_input", "fence"),
        ({**frame, "fence": 0}, "invalid_input", "fence"),
        ({**batch, "fence": old}, "invalid_input", "fence"),
    ):
        await robot.say(**asked)
        refused = (await robot.until("error"))["data"]
        assert (refused["code"], refused.get("field")) == (code, field)
    assert (await live.http.get("/api/v1/boards/DEMO")).json()["sequence"] == before


@pytest.mark.parametrize(
    ("name", "args", "code", "field"),
    [
        ("fly", {}, "not_found", "name"),
        (None, {}, "invalid_input", "name"),
        ("move_card", {"column_id": 1}, "invalid_input", "card_id"),
        ("move_card", {"card_id": 1, "column_id": "1"}, "invalid_input", "column_id"),
        ("move_card", {"card_id": 1, "column_id": 1, "rank": "a"}, "invalid_input", "rank"),
        ("move_card", {"card_id": [1], "column_id": 1}, "invalid_input", "card_id"),
        ("move_card", {"card_id": 10**30, "column_id": 1}, "invalid_input", "card_id"),
        ("move_card", {"card_id": 2**63, "column_id": 1}, "not_found", None),
        ("move_card", {"card_id": 404, "column_id": 1}, "not_found", None),
        ("create_card", {"board_id": "DEMO", "title": "a\x00"}, "invalid_input", "title"),
        ("create_card", {"board_id": None, "title": "a"}, "invalid_input", "board_id"),
        ("archive_board", {"board_id": 1, "forever": True}, "invalid_input", "forever"),
        ("update_card", {"card_id": 1, "title": "x", "expected_version": 9}, "version_mismatch", None),
        ("create_card", [], "invalid_input", "args"),
        ("create_card", {"board_id": "DEMO", "title": "a", "due_at": "soon"}, "invalid_input", "due_at"),
        ("block_card", {"card_id": 1}, "invalid_input", "other_id"),
        ("block_card", {"card_id": 1, "other_id": "DEMO"}, "not_found", None),
        ("batch", {"board_id": 1, "steps": []}, "invalid_input", "steps"),
        ("batch", {"board_id": 1, "steps": [{"command": "fly"}]}, "not_found", "command"),
    ],
)
async def test_a_refused_command_says_why_and_changes_nothing(
    live: Any, name: Any, args: Any, code: str, field: str | None
) -> None:
    peer = await live.join()
    await peer.say(type="command", id="c1", name=name, args=args)
    refused = await peer.hear()
    assert (refused["event"], refused["id"]) == ("error", "c1")
    assert (refused["data"]["code"], refused["data"].get("field")) == (code, field)
    assert refused["data"]["message"]
    assert (await live.http.get("/api/v1/boards/DEMO")).json()["sequence"] == 2


async def test_a_command_sent_again_under_its_request_id_changes_nothing(live: Any) -> None:
    first, second = await live.join("?username=Ann"), await live.join("?username=Ann")
    frame = {"type": "command", "id": 1, "name": "create_card", "request_id": "r-1"}
    await first.say(**frame, args={"board_id": "DEMO", "title": "once"})
    await second.say(**frame, args={"title": "once", "board_id": "DEMO"})
    answers = [await peer.until("result") for peer in (first, second)]
    assert answers[0] == answers[1]
    assert (await live.http.get("/api/v1/boards/DEMO")).json()["sequence"] == 3
    await first.say(**frame, args={"board_id": "DEMO", "title": "another"})
    assert (await first.until("error"))["data"]["code"] == "idempotency_key_reused"


async def test_a_nameless_client_may_repeat_its_command_after_reconnecting(live: Any) -> None:
    frame = {"type": "command", "id": 1, "name": "create_card", "request_id": "r-1"}
    answers = []
    for _ in range(2):
        peer = await live.join("")
        await peer.say(**frame, args={"board_id": "DEMO", "title": "once"})
        answers.append(await peer.until("result"))
        await peer.connection.close()
    assert answers[0] == answers[1]
