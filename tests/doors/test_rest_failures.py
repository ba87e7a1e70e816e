"""When the server itself fails, the caller gets problem details without a word of the inside, and the log has it."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.doors import Guard, build
from app.errors import StoreUnavailable
from app.service import Service


@pytest.fixture
async def failing(service: Service, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Any]:
    """A client, and a way to make the store fail with an error."""
    transport = httpx.ASGITransport(Guard(build(service), service.settings), raise_app_exceptions=False)

    def fail(error: Exception) -> None:
        async def failed(*asked: object, **more: object) -> None:
            raise error

        monkeypatch.setattr(service.store, "read", failed)
        monkeypatch.setattr(service.store, "run", failed)

    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client, fail


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_bug_is_answered_without_its_traceback(failing: Any, method: str) -> None:
    client, fail = failing
    fail(RuntimeError("the secret inside"))
    answer = await client.request(method, "/api/v1/boards", json={"name": "x"})
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "internal_error"
    assert "secret" not in answer.text
    assert "content-security-policy" in answer.headers


async def test_a_database_out_of_reach_is_told_apart_from_a_bug(failing: Any) -> None:
    client, fail = failing
    fail(StoreUnavailable("the database does not answer"))
    answer = await client.post("/api/v1/boards", json={"name": "x"})
    assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
