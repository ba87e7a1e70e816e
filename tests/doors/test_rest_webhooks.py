"""Webhooks over REST."""

from typing import Any

import httpx
import pytest

from app.commands.deliveries import Outcome, next_job, settle
from app.service import Service

URL = "https://ci.example.com/kanban"
AGENT = {"X-Actor": "agent-7", "X-Actor-Kind": "agent"}


@pytest.fixture
async def webhook(api: httpx.AsyncClient, board: dict[str, Any]) -> dict[str, Any]:
    made = await api.post("/api/v1/boards/DEMO/webhooks", json={"url": URL, "events": ["card_created"]})
    assert made.status_code == 201
    answer: dict[str, Any] = made.json()
    return answer


async def test_a_webhook_from_beginning_to_end(api: httpx.AsyncClient, webhook: dict[str, Any]) -> None:
    secret, one = webhook.pop("secret"), f"/api/v1/webhooks/{webhook['id']}"
    assert len(secret) > 40
    assert (await api.get("/api/v1/boards/DEMO/webhooks")).json() == [webhook]
    paused = await api.patch(one, json={"active": False})
    assert paused.json() == {**webhook, "active": False}
    assert (await api.get(one)).json()["active"] is False
    assert (await api.delete(one)).status_code == 200
    assert (await api.get(one)).status_code == 404


async def test_the_log_and_a_resend(api: httpx.AsyncClient, service: Service, webhook: dict[str, Any]) -> None:
    await api.post("/api/v1/cards", json={"board_id": "DEMO", "title": "four"})
    job = await service.store.run(next_job, webhook["id"])
    assert job is not None
    await service.store.run(settle, job, Outcome(500, "answered 500", 12))
    path = f"/api/v1/webhooks/{webhook['id']}/deliveries"
    (delivery,) = (await api.get(path)).json()["deliveries"]
    assert (delivery["state"], delivery["status_code"], delivery["error"]) == ("pending", 500, "answered 500")

    await service.store.run(settle, job, Outcome(204, None, 12))
    resent = await api.post(f"/api/v1/deliveries/{delivery['id']}/resend")
    assert resent.status_code == 202
    page = (await api.get(path, params={"limit": 1})).json()
    assert page["deliveries"] == [resent.json()]
    assert page["next_cursor"] == str(resent.json()["id"])


@pytest.mark.parametrize(
    ("body", "field"), [({"url": "gopher://x"}, "url"), ({"url": URL, "events": ["nothing"]}, "events.0"), ({}, "url")]
)
async def test_a_malformed_webhook_is_refused(
    api: httpx.AsyncClient, board: dict[str, Any], body: dict[str, Any], field: str
) -> None:
    refused = await api.post("/api/v1/boards/DEMO/webhooks", json=body)
    assert (refused.status_code, refused.json()["field"]) == (422, field)


async def test_agents_see_where_a_webhook_goes_and_not_the_key_to_it(
    api: httpx.AsyncClient, webhook: dict[str, Any]
) -> None:
    one = f"/api/v1/webhooks/{webhook['id']}"
    assert (await api.get(one)).json()["url"] == URL
    for seen in (
        (await api.get(one, headers=AGENT)).json(),
        (await api.get("/api/v1/boards/DEMO/webhooks", headers=AGENT)).json()[0],
    ):
        assert URL.startswith(seen["url"].removesuffix("…"))
        assert len(seen["url"]) < len(URL)


async def test_agents_are_refused(api: httpx.AsyncClient, webhook: dict[str, Any]) -> None:
    refused = await api.post("/api/v1/boards/DEMO/webhooks", json={"url": URL}, headers=AGENT)
    assert (refused.status_code, refused.json()["code"]) == (403, "people_only")
    assert (await api.delete(f"/api/v1/webhooks/{webhook['id']}", headers=AGENT)).status_code == 403
