"""One delivery on the wire: what a receiver gets, and what becomes of receivers that misbehave."""

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Callable
from typing import Any

import pytest

from tests.webhooks.receiver import HANG, Receiver


async def test_the_receiver_can_verify_who_sent_it_and_when(send: Callable[..., Any], receiver: Receiver) -> None:
    outcome = await send(receiver.url, now=lambda: 1_900_000_000.9)

    (got,) = receiver.received
    signed = hmac.new(b"whsec_test-secret", b"1900000000." + got.body, hashlib.sha256).hexdigest()
    assert (outcome.status_code, outcome.error) == (204, None)
    assert got.body == '{"event":"ä"}'.encode()
    assert got.headers["request"] == "POST /hook?key=k HTTP/1.1"
    assert got.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert got.headers["content-type"] == "application/json"
    assert got.headers["x-kanban-event"] == "card_moved"
    assert got.headers["x-kanban-delivery"] == "7"
    assert got.headers["x-kanban-timestamp"] == "1900000000"
    assert got.headers["x-kanban-signature"] == f"sha256={signed}"


@pytest.mark.parametrize("status", [302, 404, 500])
async def test_any_other_answer_than_2xx_is_a_failure(
    send: Callable[..., Any], receiver: Receiver, status: int
) -> None:
    receiver.answers = [status]
    outcome = await send(receiver.url)
    assert outcome.status_code == status
    assert outcome.error.startswith(f"answered {status}")


async def test_a_redirect_is_not_followed(send: Callable[..., Any], receiver: Receiver) -> None:
    elsewhere = await Receiver().start()
    receiver.answers, receiver.location = [307], elsewhere.url
    outcome = await send(receiver.url)
    await elsewhere.stop()
    assert outcome.error == "answered 307: redirects are not followed"
    assert elsewhere.received == []


async def test_a_hanging_receiver_is_cut_off(send: Callable[..., Any], receiver: Receiver) -> None:
    receiver.answers = [HANG]
    outcome = await send(receiver.url, seconds=0.2)
    assert (outcome.status_code, outcome.error) == (None, "no answer within 0.2 seconds")


async def test_nobody_there_and_no_http(send: Callable[..., Any], receiver: Receiver) -> None:
    await receiver.stop()
    assert (await send(receiver.url)).error == "no connection"

    async def chatter(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 smtp.example.com ready\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(chatter, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    assert (await send(f"http://127.0.0.1:{port}/")).error in ("the answer is no HTTP", "the connection broke")
    assert (await send(f"https://127.0.0.1:{port}/")).error == "no connection"
    server.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "rebound.example", "[::1]", "2130706433"])
async def test_a_private_address_is_not_reached_under_any_name(
    send: Callable[..., Any], receiver: Receiver, host: str
) -> None:
    async def lookup(name: str, port: int) -> list[str]:
        return ["::1", "127.0.0.1"]

    outcome = await send(f"http://{host}:{receiver.port}/", private=False, lookup=lookup)
    assert "private or local address" in outcome.error
    assert receiver.received == []


async def test_the_address_that_was_checked_is_the_one_that_is_connected_to(
    send: Callable[..., Any], receiver: Receiver
) -> None:
    asked = []

    async def lookup(name: str, port: int) -> list[str]:
        asked.append(name)
        return ["169.254.169.254", "127.0.0.1"]

    outcome = await send(f"http://rebound.example:{receiver.port}/", lookup=lookup)
    assert outcome.error is None
    assert asked == ["rebound.example"]
    assert receiver.received[0].headers["host"] == f"rebound.example:{receiver.port}"


async def test_proxies_of_the_environment_are_not_used(
    send: Callable[..., Any], receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = await Receiver().start()
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
    assert (await send(receiver.url)).error is None
    await proxy.stop()
    assert proxy.received == []


async def test_the_url_stays_out_of_the_log(
    send: Callable[..., Any], receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        await send(receiver.url)
    assert "key=k" not in caplog.text
