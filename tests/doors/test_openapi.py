"""What /openapi.json and /docs promise. That answers keep the promise is checked with every call of `api`."""

from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter

from app.doors import bodies, examples
from app.doors.catalog import COMMANDS
from app.doors.rest import routes
from app.views import BoardInfo, BoardSummary, CardView, Change, ClaimedCard, ColumnView, CommentView, LabelView

FOREVER = {"archive_card": "delete_card", "archive_board": "delete_board"}
"""DELETE without ?forever=true."""
VIEWS = (BoardInfo, BoardSummary, CardView, Change, ClaimedCard, ColumnView, CommentView, LabelView)


@pytest.fixture
async def schema(api: httpx.AsyncClient) -> dict[str, Any]:
    answer: dict[str, Any] = (await api.get("/openapi.json")).json()
    return answer


@pytest.fixture
def operations(schema: dict[str, Any]) -> dict[str, Any]:
    return {operation["operationId"]: operation for path in schema["paths"].values() for operation in path.values()}


async def test_every_command_has_its_call_and_tells_whether_it_takes_a_fence(operations: dict[str, Any]) -> None:
    for name, command in COMMANDS.items():
        headers = {parameter.get("$ref") for parameter in operations[FOREVER.get(name, name)]["parameters"]}
        assert "#/components/parameters/IdempotencyKey" in headers
        assert ("#/components/parameters/Fence" in headers) == command.fenced, name


async def test_bodies_refuse_unknown_fields_and_have_the_limits_of_the_store(schema: dict[str, Any]) -> None:
    card = schema["components"]["schemas"]["CreateCard"]
    assert card["additionalProperties"] is False
    assert card["required"] == ["board_id", "title"]
    assert card["properties"]["title"]["maxLength"] == 200
    assert "id" not in card["properties"]


async def test_answers_refusals_and_headers_are_described(operations: dict[str, Any]) -> None:
    update = operations["update_card"]
    answer = update["responses"]["200"]
    assert answer["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/CardView"}
    assert "ETag" in answer["headers"]
    names = {parameter["$ref"].rpartition("/")[2] for parameter in update["parameters"]}
    assert names == {"card_id", "Actor", "ActorKind", "IdempotencyKey", "IfMatch", "Fence"}
    refused = {status: codes(response) for status, response in update["responses"].items() if status != "200"}
    assert refused == {
        "403": ["foreign_origin", "agent_paused"],
        "404": ["not_found"],
        "409": ["board_archived", "card_claimed", "lease_lost", "card_archived", "field_changed"],
        "412": ["version_mismatch"],
        "413": ["too_large"],
        "415": ["unsupported_media_type"],
        "421": ["foreign_host"],
        "422": ["invalid_input", "idempotency_key_reused"],
        "429": ["too_many_requests"],
        "503": ["store_unavailable"],
    }
    assert set(operations["create_card"]["responses"]["201"]["headers"]) == {"ETag", "Location"}
    assert "204" in operations["claim_next_card"]["responses"]


def codes(response: dict[str, Any]) -> list[str]:
    (content,) = response["content"].values()
    found: list[str] = content["schema"]["allOf"][1]["properties"]["code"]["enum"]
    return found


async def test_all_is_described_in_words(schema: dict[str, Any], operations: dict[str, Any]) -> None:
    bare = [
        f"{name}.{field}"
        for name, described in schema["components"]["schemas"].items()
        for field, one in described.get("properties", {}).items()
        if not one.get("description")
    ]
    for name, operation in operations.items():
        bare += [name] if not operation.get("description") else []
        bare += [f"{name}: {one}" for one in operation["parameters"] if "$ref" not in one and not one["description"]]
    assert bare == []


async def test_each_body_has_an_example_that_works(schema: dict[str, Any], operations: dict[str, Any]) -> None:
    for operation in operations.values():
        if "requestBody" in operation and "webhooks" not in operation["tags"]:
            (content,) = operation["requestBody"]["content"].values()
            name = content["schema"]["$ref"].rpartition("/")[2]
            (example,) = schema["components"]["schemas"][name]["examples"]
            TypeAdapter(getattr(bodies, name)).validate_json(httpx.Response(200, json=example).content)
    for view in VIEWS:
        view.model_validate(examples.EXAMPLES[view.__name__])


async def test_the_answers_are_what_is_described(api: httpx.AsyncClient, board: dict[str, Any], schema: Any) -> None:
    described = schema["components"]["schemas"]
    assert set(board) == set(described["Snapshot"]["properties"])
    assert set(board["cards"][0]) == set(described["CardView"]["properties"])
    changes = (await api.get("/api/v1/boards/DEMO/changes")).json()
    assert set(changes["changes"][0]) == set(described["Change"]["properties"])


async def test_every_route_is_described(schema: dict[str, Any]) -> None:
    described = {(path, method.upper()) for path, found in schema["paths"].items() for method in found}
    assert described == {(route.path, method) for route in routes() for method in route.methods or ()}


async def test_the_try_it_page_needs_no_other_server(api: httpx.AsyncClient) -> None:
    page = await api.get("/docs")
    assert page.status_code == 200
    assert "https://" not in page.text
    for name in ("swagger-ui-bundle.js", "swagger-ui.css", "favicon.png"):
        assert f"/docs/{name}" in page.text
        assert (await api.get(f"/docs/{name}")).status_code == 200
