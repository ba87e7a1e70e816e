"""OpenAPI at /openapi.json and the try-it page at /docs, which needs nothing from other servers."""

import asyncio
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import FileResponse, Response
from pydantic_core import to_json

from app.doors.answers import json_response
from app.doors.rest.route import DoorRoute

DESCRIPTION = (
    "Boards, columns, cards, comments and claims, for people and agents alike. A board is named by its id or key, "
    "a card by its id or ref. Every change is also sent over the WebSocket at `/ws/connect`, whose commands take "
    "the same fields; agents may prefer MCP at `/mcp`."
)
ASSETS = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon.png": "image/png",
}


def install(app: FastAPI, routes: Sequence[DoorRoute]) -> None:
    app.openapi = lambda: _schema(app, routes)  # type: ignore[method-assign]

    @app.get("/openapi.json", include_in_schema=False)
    async def openapi() -> Response:
        # to make it takes a moment, for which nobody else should wait
        return json_response(to_json(await asyncio.to_thread(app.openapi)))

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


def _schema(app: FastAPI, routes: Sequence[DoorRoute]) -> dict[str, Any]:
    if app.openapi_schema is None:
        from app.doors.openapi import document  # few ever ask for it, and starting should be quick

        app.openapi_schema = document(app, routes)
    return app.openapi_schema
