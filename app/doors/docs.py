"""OpenAPI at /openapi.json and the try-it page at /docs, which needs nothing from other servers."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.openapi.utils import get_openapi
from fastapi.responses import FileResponse, Response

from app.doors.problems import Problem

DESCRIPTION = (
    "Boards, columns, cards and comments, for people and agents alike. A board is named by its id or key, "
    "a card by its id or ref. Every change is also sent over the WebSocket at `/ws/connect`."
)
ASSETS = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon.png": "image/png",
}
WRITES = {"post", "patch", "put", "delete"}


def install(app: FastAPI) -> None:
    app.openapi = lambda: _schema(app)  # type: ignore[method-assign]

    @app.get("/docs", include_in_schema=False)
    async def docs() -> Response:
        return get_swagger_ui_html(
            openapi_url="/openapi.json",
            title=app.title,
            swagger_js_url="/docs/swagger-ui-bundle.js",
            swagger_css_url="/docs/swagger-ui.css",
            swagger_favicon_url="/docs/favicon.png",
        )

    for name, kind in ASSETS.items():
        app.add_route(f"/docs/{name}", _serve(name, kind), include_in_schema=False)


def _serve(name: str, kind: str) -> Any:
    async def asset(request: object) -> Response:
        return FileResponse(_folder() / name, media_type=kind, headers={"Cache-Control": "max-age=86400"})

    return asset


def _folder() -> Path:
    """Swagger UI's files come with the package fastapi-offline, which need not be imported for that."""
    found = find_spec("fastapi_offline")
    assert found is not None, "fastapi-offline is a dependency"
    assert found.origin is not None
    return Path(found.origin).parent / "static"


def _schema(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        schema["components"]["schemas"]["Problem"] = Problem.model_json_schema()
        schema["components"]["parameters"] = _PARAMETERS
        for path in schema["paths"].values():
            for method, operation in path.items():
                for name in _headers(method, operation["operationId"]):
                    operation.setdefault("parameters", []).append({"$ref": f"#/components/parameters/{name}"})
        app.openapi_schema = schema
    return app.openapi_schema


def _headers(method: str, operation: str) -> list[str]:
    if method not in WRITES:
        return []
    return ["Actor", "ActorKind", "IdempotencyKey", *(["IfMatch"] if operation == "update_card" else [])]


def _header(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "description": description, "schema": schema}


_PARAMETERS = {
    "Actor": _header("X-Actor", "Who acts.", {"type": "string", "maxLength": 60, "default": "anonymous"}),
    "ActorKind": _header("X-Actor-Kind", "What acts.", {"type": "string", "enum": ["human", "agent"]}),
    "IdempotencyKey": _header(
        "Idempotency-Key",
        "The same key with the same request answers the first answer again and changes nothing.",
        {"type": "string", "maxLength": 255},
    ),
    "IfMatch": _header("If-Match", "The version of the card that you saw; 412 if it has changed.", {"type": "string"}),
}
