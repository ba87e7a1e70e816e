"""What a bad, greedy or slow client does to itself, and what it does not do to others."""

import asyncio
import contextlib
import json
import logging
import time
from typing import Any

import pytest
import websockets
from hypothesis import given, settings
from hypothesis import strategies as st

from app.doors.frames import parse_frame
from app.doors.limits import FRAME_BYTES, SocketLimits
from app.errors import Refusal

BIG_TEXT = "x" * 20_000


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("", "invalid_input"),
        ("nonsense", "invalid_input"),
        ("[]", "invalid_input"),
        ("null", "invalid_input"),
        ("3", "invalid_input"),
        ("{}", "invalid_input"),
        ('{"type":"fly"}', "invalid_input"),
        ('{"type":["ping"]}', "invalid_input"),
        ('{"type":"ping","id":{}}', "invalid_input"),
        ('{"type":"ping","id":"\\ud800"}', "invalid_input"),
        ('{"type":"subscribe_board"}', "invalid_input"),
        ('{"type":"subscribe_board","board_id":1,"since":true}', "invalid_input"),
        ('{"type":"subscribe_board","board_id":99}', "not_found"),
        (
            '{"type":"command","name":"move_card","args":{"card_id":1,"a":' + "[" * 300 + "]" * 300 + "}}",
            "invalid_input",
        ),
        ("[" * 5_000, "invalid_input"),
        (b"\x00\xff", "invalid_input"),
        ("x" * (FRAME_BYTES + 1), "too_large"),
        ("\N{EURO SIGN}" * (FRAME_BYTES // 3 + 1), "too_large"),
    ],
)
async def test_a_bad_frame_is_told_so_and_the_socket_lives_on(live: Any, frame: str | bytes, code: str) -> None:
    peer = await live.join()
    await peer.connection.send(frame)
    told = await peer.hear()
    assert (told["event"], told["data"]["code"]) == ("error", code)
    await peer.say(type="ping")
    assert (await peer.hear())["event"] == "pong"


async def test_a_frame_of_the_largest_size_is_read(live: Any) -> None:
    peer = await live.join()
    frame = json.dumps({"type": "ping", "filler": ""})
    await peer.connection.send(frame.replace('""', f'"{"x" * (FRAME_BYTES - len(frame))}"'))
    assert (await peer.hear())["event"] == "pong"


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=15,
)
_words = st.sampled_from(["ping", "subscribe_board", "unsubscribe_board", "presence", "command", "get_stats"])
_commands = st.sampled_from(["create_card", "move_card", "update_card", "delete_column", "add_comment", "create_board"])
_frames = st.one_of(
    _json,
    st.fixed_dictionaries(
        {"type": _words | _json},
        optional={
            "id": _json,
            "name": _commands | _json,
            "args": _json,
            "board_id": _json,
            "since": _json,
            "card_id": _json,
            "state": _json,
            "request_id": _json,
        },
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("command"),
            "name": _commands,
            "args": st.fixed_dictionaries(
                {},
                optional={
                    "card_id": _json,
                    "board_id": _json | st.just("DEMO"),
                    "column_id": _json,
                    "title": _json,
                    "text": _json,
                    "name": _json,
                    "before": _json,
                    "priority": _json,
                },
            ),
        },
    ),
)


@pytest.fixture
def no_errors_logged(caplog: pytest.LogCaptureFixture) -> Any:
    yield
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_no_frame_whatsoever_breaks_the_conversation(live: Any, no_errors_logged: None) -> None:
    """Many frames made by Hypothesis, each followed by a ping that must be answered."""
    peer = await live.join("?username=Fuzz")
    frames: list[Any] = []

    @settings(max_examples=150, deadline=None, database=None)
    @given(_frames)
    def collect(frame: Any) -> None:
        frames.append(frame)

    collect()
    for frame in frames:
        await peer.connection.send(json.dumps(frame))
        await peer.say(type="ping", id="after")
        while (heard := await peer.hear()).get("id") != "after" or heard["event"] != "pong":
            assert heard["event"] != "error" or heard["data"]["status"] in range(400, 500), (frame, heard)


@settings(max_examples=300, deadline=None)
@given(st.text() | st.binary())
def test_reading_any_frame_answers_an_object_or_refuses(frame: str | bytes) -> None:
    with contextlib.suppress(Refusal):
        kind = "text" if isinstance(frame, str) else "bytes"
        assert isinstance(parse_frame({"type": "websocket.receive", kind: frame}), dict)


async def test_a_thousand_bad_frames_are_answered_without_a_line_in_the_log(
    live: Any, no_errors_logged: None, caplog: pytest.LogCaptureFixture
) -> None:
    peer = await live.join("")
    before = len(caplog.records)
    for _ in range(100):
        for _ in range(10):
            await peer.connection.send("nonsense")
        for _ in range(10):
            assert (await peer.hear())["event"] == "error"
    assert len([record for record in caplog.records[before:] if record.name.startswith(("app", "uvicorn"))]) == 0


async def test_a_flood_is_closed(serve: Any) -> None:
    async with serve(SocketLimits(frames_ahead=10, hasty_frames_a_second=10, hasty_frames_at_once=20)) as live:
        peer = await live.join("")
        with contextlib.suppress(websockets.ConnectionClosed):
            for _ in range(2_000):
                await peer.connection.send('{"type":"ping"}')
        assert await peer.closed() == 1008


async def test_a_client_that_waits_for_answers_is_never_a_flood(serve: Any) -> None:
    async with serve(SocketLimits(frames_ahead=0, hasty_frames_a_second=1, hasty_frames_at_once=5)) as live:
        peer = await live.join("")
        for number in range(300):
            await peer.say(type="ping", id=number)
            assert (await peer.hear())["id"] == number


async def test_a_client_that_sends_a_few_ahead_is_no_flood(serve: Any) -> None:
    async with serve(SocketLimits(frames_ahead=10, hasty_frames_a_second=1, hasty_frames_at_once=5)) as live:
        peer = await live.join("")
        for _ in range(50):
            for _ in range(10):
                await peer.say(type="ping")
            for _ in range(10):
                assert (await peer.hear())["event"] == "pong"


async def _grow(live: Any, count: int) -> None:
    for number in range(count):
        text = f"{number}{BIG_TEXT}"[:20_000]
        assert (await live.http.patch("/api/v1/cards/DEMO-1", json={"description": text})).is_success


async def _board(live: Any) -> None:
    await live.http.post("/api/v1/boards", json={"name": "Demo", "key": "DEMO"})
    await live.http.post("/api/v1/cards", json={"board_id": "DEMO", "title": "one"})


async def test_a_reader_too_slow_is_closed_and_resumes_while_others_hear_everything(serve: Any) -> None:
    async with serve(SocketLimits(waiting_frames=20)) as live:
        await _board(live)
        slow = await live.connect_slow("?board_id=DEMO")
        quick = await live.join()
        listening = asyncio.create_task(quick.changes(60))
        await _grow(live, 60)
        heard = await listening
        assert [change["sequence"] for change in heard] == list(range(3, 63))
        last = 2
        code = None
        async with asyncio.timeout(10):
            try:
                while True:
                    event = json.loads(await slow.connection.recv())
                    last = event.get("sequence", last)
            except websockets.ConnectionClosed:
                code = slow.connection.close_code
        assert code == 4008
        assert last < 62
        again = await live.join(f"?board_id=DEMO&since={last}")
        missed = await again.changes(62 - last)
        assert [change["sequence"] for change in missed] == list(range(last + 1, 63))


async def test_one_that_never_reads_costs_the_others_nothing_and_is_let_go(serve: Any) -> None:
    async with serve(SocketLimits(waiting_frames=20, send_seconds=0.5)) as live:
        await _board(live)
        stuck = await live.connect_slow("?board_id=DEMO")
        quick = await live.join()
        listening = asyncio.create_task(quick.changes(60))
        await _grow(live, 60)
        assert [change["sequence"] for change in await listening] == list(range(3, 63))
        await live.connections(2)  # the quick one, and the REST client
        assert stuck.connection.close_code is None, "it never read, so it cannot know"
        stuck.connection.transport.abort()


async def test_a_long_replay_waits_for_its_reader(serve: Any) -> None:
    async with serve(SocketLimits(waiting_frames=20)) as live:
        await _board(live)
        await _grow(live, 50)
        slow = await live.connect_slow("?board_id=DEMO&since=0")
        await asyncio.sleep(0.3)
        heard = await slow.changes(52)
        assert [change["sequence"] for change in heard] == list(range(1, 53))


async def test_an_address_holds_so_many_sockets_and_no_more(serve: Any) -> None:
    async with serve(SocketLimits(per_address=3)) as live:
        peers = [await live.join("") for _ in range(3)]
        with pytest.raises(websockets.InvalidStatus) as refused:
            await live.connect()
        assert refused.value.response.status_code == 429
        await peers[0].connection.close()
        async with asyncio.timeout(5):
            while True:
                with contextlib.suppress(websockets.InvalidStatus):
                    await live.join("")
                    break
                await asyncio.sleep(0.01)


async def test_a_socket_follows_so_many_boards_and_no_more(serve: Any) -> None:
    async with serve(SocketLimits(boards=2)) as live:
        for number in range(3):
            await live.http.post("/api/v1/boards", json={"name": "x", "key": f"B{number}"})
        peer = await live.join("?board_id=B0")
        await peer.say(type="subscribe_board", board_id="B1")
        assert (await peer.hear())["event"] == "subscribed"
        await peer.say(type="subscribe_board", board_id="B2")
        assert (await peer.hear())["data"]["code"] == "too_many_requests"


async def test_in_a_crowd_arrivals_are_not_told(serve: Any) -> None:
    async with serve(SocketLimits(crowd=1)) as live:
        await _board(live)
        first = await live.join("?board_id=DEMO&username=one")
        await live.join()
        assert (await first.hear())["data"]["state"] == "joined"
        await live.join()
        third = await live.join("?board_id=DEMO&username=late")
        await third.say(type="presence", state="here")
        assert (await first.hear())["data"]["state"] == "here"


async def test_when_the_server_stops_sockets_are_told_at_once(serve: Any) -> None:
    async with serve() as live:
        await _board(live)
        peers = [await live.join() for _ in range(20)]
        waiting = asyncio.create_task(live.http.get("/api/v1/boards/DEMO/changes?since=2&wait=30", timeout=40))
        await asyncio.sleep(0.1)
        started = time.monotonic()
        live.server.should_exit = True
        assert {await peer.closed() for peer in peers} == {1012}
        assert (await waiting).json() == {"changes": [], "sequence": 2}
        assert time.monotonic() - started < 2
