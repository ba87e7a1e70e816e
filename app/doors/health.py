"""Whether the server lives (`/healthz`), and whether it can work: the database answers (`/readyz`)."""

import asyncio
from datetime import UTC, datetime

from fastapi import FastAPI
from fastapi.responses import Response

from app import __version__
from app.doors.answers import Answer
from app.doors.problems import problem
from app.errors import NotFound, Refusal, StoreUnavailable
from app.queries.boards import find_board
from app.service import Service

PATIENCE_SECONDS = 5


def install(app: FastAPI, service: Service) -> None:
    @app.api_route("/healthz", methods=["GET", "HEAD"], tags=["health"], include_in_schema=False)
    async def healthz() -> Response:
        """The process answers."""
        uptime = (datetime.now(UTC) - service.started_at).total_seconds()
        return Answer.of({"status": "ok", "version": __version__, "uptime_seconds": round(uptime)}).response(200)

    @app.api_route("/readyz", methods=["GET", "HEAD"], tags=["health"], include_in_schema=False)
    async def readyz() -> Response:
        """The database answers too; 503 while it does not."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await service.store.read(find_board, 0)
        except NotFound:
            pass  # an answer like any other
        except TimeoutError:
            return problem(StoreUnavailable(f"the database did not answer within {PATIENCE_SECONDS} seconds"))
        except Refusal as refusal:
            return problem(refusal)
        return Answer.of({"status": "ready"}).response(200)
