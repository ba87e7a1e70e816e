"""What /openapi.json and /docs promise."""

from typing import Any

import httpx
import pytest

from app.doors.catalog import COMMANDS


@pytest.fixture
async def schema(api: httpx.AsyncClient) -> dict[str, Any]:
    answer: dict[str, Any] = (await api.get("/openapi.json")).json()
    return answer


async def test_every_command_has_its_call(schema: dict[str, Any]) -> None:
    ids = " ".join(operation["operationId"] for path in schema["paths"].values() for operation in path.values())
    by_query = {"archive_card"}  # DELETE /cards/{id} without ?forever=true
    assert [name for name in COMMANDS if name not in ids and name not in by_query] == []


async def test_bodies_refuse_unknown_fields_and_have_the_limits_of_the_store(schema: dict[str, Any]) -> None:
    card = schema["components"]["schemas"]["CreateCard"]
    assert card["additionalProperties"] is False
    assert card["required"] == ["board_id", "title"]
    assert card["properties"]["title"]["maxLength"] == 200
    assert "id" not in card["properties"]


async def test_answers_errors_and_headers_are_described(schema: dict[str, Any]) -> None:
    update = schema["paths"]["/api/v1/cards/{card_id}"]["patch"]
    answer = update["responses"]["200"]["content"]["application/json"]["schema"]
    assert answer == {"$ref": "#/components/schemas/CardView"}
    assert update["responses"]["4XX"]["content"]["application/problem+json"]
    names = {parameter.get("$ref", parameter.get("name")) for parameter in update["parameters"]}
    assert {"card_id", "#/components/parameters/IfMatch", "#/components/parameters/IdempotencyKey"} <= names
    assert "Problem" in schema["components"]["schemas"]
    created = schema["paths"]["/api/v1/cards"]["post"]["responses"]
    assert "201" in created


async def test_the_answers_are_what_is_described(api: httpx.AsyncClient, board: dict[str, Any], schema: Any) -> None:
    described = schema["components"]["schemas"]
    assert set(board) == set(described["Snapshot"]["properties"])
    assert set(board["cards"][0]) == set(described["CardView"]["properties"])
    changes = (await api.get("/api/v1/boards/DEMO/changes")).json()
    assert set(changes["changes"][0]) == set(described["Change"]["properties"])


async def test_the_try_it_page_needs_no_other_server(api: httpx.AsyncClient) -> None:
    page = await api.get("/docs")
    assert page.status_code == 200
    assert "https://" not in page.text
    for name in ("swagger-ui-bundle.js", "swagger-ui.css", "favicon.png"):
        assert f"/docs/{name}" in page.text
        assert (await api.get(f"/docs/{name}")).status_code == 200
