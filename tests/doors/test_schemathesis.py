"""Calls made up from the OpenAPI document, right and wrong: none is answered with a 5xx, or other than it says."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.commands import checklists, claims, labels, webhooks
from app.doors import Guard, build
from app.doors.rest import routes
from app.feed import Feed
from app.service import Service
from app.settings import Settings
from app.store import Store
from tests.support import ANNA, ROBOT, Desk

BASE = "http://localhost:8000"
EXAMPLES = 12
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ROUTES = list(routes())


class Server:
    """The doors in process, and a board with everything on it for each operation."""

    def __init__(self, folder: Path) -> None:
        self.runner = asyncio.Runner()
        self.store = Store.open(f"sqlite:///{folder / 'board.db'}")
        self.feed = Feed(self.store)
        self.runner.run(self.feed.start())
        doors = build(Service(Settings(), self.store, self.feed, datetime.now(UTC)))
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(Guard(doors, Settings())), base_url=BASE)
        self.schema = schemathesis.openapi.from_dict(doors.openapi())
        self._boards = 0

    def close(self) -> None:
        self.runner.run(self.client.aclose())
        self.runner.run(self.feed.stop())
        self.runner.close()
        self.store.close()

    def seeded(self) -> dict[str, Any]:
        """Names of things that there are."""
        self._boards += 1
        desk = Desk(self.store, key=f"S{self._boards}")
        label = labels.create_label(self.store, desk.id, name="docs", actor=ANNA)
        labels.add_label(self.store, desk.first, label.id, actor=ANNA)
        claims.claim_card(self.store, desk.first, actor=ROBOT)
        webhook = webhooks.create_webhook(self.store, desk.id, url="https://example.com/hook", actor=ANNA)
        card = checklists.add_check_item(self.store, desk.first, text="Ask", actor=ANNA)
        return {
            "board_id": desk.board.key,
            "card_id": desk.first,
            "other_id": card.ref.replace("-1", "-2"),
            "column_id": desk.doing,
            "comment_id": desk.remark,
            "label_id": label.id,
            "item_id": card.checklist[0].id,
            "agent_name": ROBOT.name,
            "labels": [label.id],
            "before": desk.busy,
            "after": desk.second,
            "move_cards_to": desk.review,
            "webhook_id": webhook.id,
        }

    def call(self, case: Any) -> None:
        asked: Any = requests.Request(**case.as_transport_kwargs(base_url=BASE)).prepare()
        headers = {name: value.encode("latin-1", "replace") for name, value in asked.headers.items()}
        sent = self.client.build_request(asked.method, asked.url, headers=headers, content=asked.body)
        answer = self.runner.run(self.client.send(sent))
        case.validate_response(answer, checks=CHECKS)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("schemathesis"))
    yield running
    running.close()


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_made_up_calls_are_answered_as_documented(server: Server, route: Any) -> None:
    (method,) = route.methods
    known = server.seeded()

    operation = server.schema[route.path][method]
    cases = st.one_of(operation.as_strategy(GenerationMode.POSITIVE), operation.as_strategy(GenerationMode.NEGATIVE))

    @given(case=cases, real=st.integers(0, 3))
    @settings(max_examples=EXAMPLES)
    def check(case: Any, real: int) -> None:
        if real:  # most calls are about something that there is
            for place in (case.path_parameters, case.query, case.body):
                if isinstance(place, dict):
                    place.update({name: value for name, value in known.items() if name in place})
        if real > 1:
            case.headers = {**(case.headers or {}), "X-Actor": ROBOT.name, "X-Actor-Kind": ROBOT.kind.value}
            if route.name == "batch":
                case.body = [{"command": "add_comment", "args": {"card_id": known["card_id"], "text": "hi"}}]
        if route.name == "list_changes" and isinstance(case.query, dict):
            case.query.pop("wait", None)
        server.call(case)

    check()
