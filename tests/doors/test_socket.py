"""The conversation on /ws/connect: connecting, subscribing, resuming, presence and stats."""

import asyncio
import re
import time
from typing import Any

import pytest

CONNECTED = {"client_id", "message", "board_id", "server_time", "sequence", "heartbeat_seconds"}
UPGRADE = (
    "GET /ws/connect{} HTTP/1.1\r\nHost: localhost:{}\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n"
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Version: 13\r\n\r\n"
)


async def _move(live: Any, times: int) -> None:
    """That many changes of DEMO."""
    for number in range(times):
        answer = await live.http.patch("/api/v1/boards/DEMO", json={"name": f"{time.monotonic()} {number}"})
        assert answer.is_success


async def test_the_curl_line_answers_101_and_the_connected_event(live: Any) -> None:
    reader, writer = await asyncio.open_connection("localhost", live.port)
    writer.write(UPGRADE.format("", live.port).encode())
    async with asyncio.timeout(5):
        head = await reader.readuntil(b"\r\n\r\n")
        first, length = await reader.readexactly(2)
        size = length if length < 126 else int.from_bytes(await reader.readexactly(2))
        text = (await reader.readexactly(size)).decode()
    writer.close()
    assert head.startswith(b"HTTP/1.1 101 ")
    assert first == 0x81, "a text frame"
    assert re.fullmatch(
        r'\{"event":"connected","data":\{"client_id":"[^"]+","message":"Connected to Agent Kanban Board WebSocket",'
        r'"board_id":null,"server_time":"[^"]+Z","sequence":null,"heartbeat_seconds":15\}\}',
        text,
    )


async def test_without_a_board_nothing_is_heard_until_subscribed(live: Any) -> None:
    peer = await live.join("")
    await _move(live, 1)
    await peer.say(type="subscribe_board", board_id="demo")
    assert await peer.hear() == {"event": "subscribed", "data": {"board_id": 1, "sequence": 3}}
    await _move(live, 1)
    assert (await peer.hear())["sequence"] == 4


async def test_with_a_board_it_is_subscribed_at_once(live: Any) -> None:
    peer = await live.connect("?board_id=DEMO&client_id=me-1")
    connected = await peer.hear()
    assert connected["data"].keys() == CONNECTED
    assert (connected["data"]["board_id"], connected["data"]["sequence"]) == (1, 2)
    assert connected["data"]["client_id"] == "me-1"
    await _move(live, 1)
    change = await peer.hear()
    assert (change["event"], change["sequence"], change["actor"]["via"]) == ("board_renamed", 3, "rest")


async def test_since_replays_what_was_missed_in_order(live: Any) -> None:
    await _move(live, 30)
    peer = await live.join("?board_id=1&since=2")
    await _move(live, 3)
    heard = await peer.changes(33)
    assert [change["sequence"] for change in heard] == list(range(3, 36))


async def test_a_dropped_socket_resumes_without_a_gap_while_others_write(live: Any) -> None:
    writing = asyncio.create_task(_move(live, 60))
    heard: list[int] = []
    since = 2
    while since < 62:
        peer = await live.join(f"?board_id=DEMO&since={since}")
        for change in await peer.changes(min(7, 62 - since)):
            heard.append(change["sequence"])
        since = heard[-1]
        await peer.connection.close()
    await writing
    assert heard == list(range(3, 63))


async def test_one_who_claims_to_be_ahead_starts_again(live: Any) -> None:
    peer = await live.join("?board_id=DEMO&since=900")
    assert await peer.hear() == {"event": "resync", "board_id": 1, "data": {"sequence": 2}}
    await _move(live, 1)
    assert (await peer.hear())["sequence"] == 3


async def test_several_boards_on_one_socket_each_without_a_gap(live: Any) -> None:
    await live.http.post("/api/v1/boards", json={"name": "Second", "key": "TWO"})
    peer = await live.join("?board_id=DEMO&since=0")
    await peer.say(type="subscribe_board", board_id="TWO", since=0, id="s")
    await asyncio.gather(
        _move(live, 10), *(live.http.post("/api/v1/cards", json={"board_id": "TWO", "title": "x"}) for _ in range(10))
    )
    heard = await peer.changes(12 + 11)
    assert [change["sequence"] for change in heard if change["board_id"] == 1] == list(range(1, 13))
    assert [change["sequence"] for change in heard if change["board_id"] == 2] == list(range(1, 12))


async def test_after_unsubscribing_it_is_quiet(live: Any) -> None:
    peer = await live.join()
    await peer.say(type="unsubscribe_board", board_id="demo")
    assert await peer.hear() == {"event": "unsubscribed", "data": {"board_id": 1}}
    await _move(live, 1)
    await peer.say(type="ping")
    assert (await peer.hear())["event"] == "pong"
    await peer.say(type="unsubscribe_board", board_id=1)
    assert (await peer.hear())["data"]["code"] == "not_found"


async def test_subscribing_again_neither_repeats_nor_skips(live: Any) -> None:
    peer = await live.join()
    await peer.say(type="subscribe_board", board_id=1)
    assert (await peer.hear())["event"] == "subscribed"
    await _move(live, 2)
    assert [change["sequence"] for change in await peer.changes(2)] == [3, 4]
    await peer.say(type="subscribe_board", board_id=1, since=2)
    assert (await peer.hear())["data"] == {"board_id": 1, "sequence": 4}
    assert [change["sequence"] for change in await peer.changes(2)] == [3, 4]


async def test_a_ping_is_answered_with_its_id(live: Any) -> None:
    peer = await live.join("")
    await peer.say(type="ping", id=7)
    pong = await peer.hear()
    assert (pong["event"], pong["id"]) == ("pong", 7)
    assert pong["server_time"].endswith("Z")


async def test_others_hear_where_somebody_is(live: Any) -> None:
    ann = await live.join("?board_id=DEMO&username=Ann&client_id=a")
    bob = await live.join("?board_id=DEMO&username=Bob&client_id=b&kind=agent")
    bob_is = {"client_id": "b", "name": "Bob", "kind": "agent"}
    joined = await ann.hear()
    assert joined == {"event": "presence", "board_id": 1, "data": {"who": bob_is, "card_id": None, "state": "joined"}}
    await bob.say(type="presence", card_id=1, state="typing")
    assert (await ann.hear())["data"] == {"who": bob_is, "card_id": 1, "state": "typing"}
    await bob.say(type="ping")
    assert (await bob.hear())["event"] == "pong", "the one who says it does not hear it"
    await bob.connection.close()
    assert (await ann.hear())["data"]["state"] == "left"
    assert (await live.http.get("/api/v1/boards/DEMO")).json()["sequence"] == 2, "presence is not stored"


@pytest.mark.parametrize(
    "frame", [{"card_id": 77}, {"card_id": "1"}, {"state": "x" * 41}, {"state": "a\nb"}, {"board_id": 5}]
)
async def test_presence_that_makes_no_sense_is_refused(live: Any, frame: dict[str, Any]) -> None:
    peer = await live.join()
    await peer.say(type="presence", **frame)
    assert (await peer.hear())["event"] == "error"


async def test_who_is_nameless_gets_a_name(live: Any, service: Any) -> None:
    await live.join()
    (seat,) = service.feed.presence.here(1)
    assert re.fullmatch(r"anonymous-\w{4}", seat.who.name)


async def test_stats_count_sockets_and_boards(live: Any) -> None:
    peer, _other = await live.join(), await live.join("")
    await peer.say(type="get_stats")
    data = (await peer.until("stats"))["data"]
    assert (data["connections"], data["boards"]) == (2, 1)
    assert data["uptime_seconds"] >= 0


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("?board_id=NONE", "not_found", None),
        ("?board_id=%00", "not_found", None),
        ("?board_id=", "not_found", None),
        ("?board_id=DEMO&since=soon", "invalid_input", "since"),
        ("?board_id=DEMO&since=-1", "invalid_input", "since"),
        ("?username=%07", "invalid_input", "username"),
        ("?kind=robot", "invalid_input", "kind"),
        ("?client_id=" + "x" * 65, "invalid_input", "client_id"),
    ],
)
async def test_a_bad_query_is_told_on_a_socket_that_lives(live: Any, query: str, code: str, field: str | None) -> None:
    peer = await live.connect(query)
    connected = await peer.hear()
    assert (connected["event"], connected["data"]["board_id"]) == ("connected", None)
    refused = await peer.hear()
    assert (refused["event"], refused["data"]["code"], refused["data"].get("field")) == ("error", code, field)
    await peer.say(type="subscribe_board", board_id="DEMO")
    assert (await peer.hear())["event"] == "subscribed"


async def test_nothing_stays_behind_when_sockets_leave(live: Any, service: Any) -> None:
    for _ in range(5):
        peer = await live.join()
        await peer.connection.close()
    peer = await live.join("")
    async with asyncio.timeout(5):
        while True:
            await peer.say(type="get_stats")
            stats = (await peer.until("stats"))["data"]
            if (stats["connections"], stats["boards"]) == (1, 0):
                break
            await asyncio.sleep(0.01)
    assert service.feed.presence.here(1) == ()
