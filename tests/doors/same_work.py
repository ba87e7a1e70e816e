"""One piece of work, what it leaves behind, and the doors it goes through; `on_the_page` has the one for people."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from app.commands import columns, labels
from app.errors import GateClosed
from app.store import Store
from app.views import Actor
from models.vocabulary import ActorKind, Via
from tests.doors.conftest import Live
from tests.doors.mcp_clients import Agent
from tests.support import ANNA, Desk

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+(Z|\+00:00)")
CARD = "DESK-7"
A_WORKING_DAY = 8 * 3600
"""For how long a person who claims a card on the page is busy with it."""
Do = Callable[..., Awaitable[Any]]
"""`await do("move_card", fence=1, card_id="DESK-7", column_id=2)`: through one of the doors. Raises what is refused."""


class Workshop(Desk):
    """A desk whose review takes only cards with a checklist that is done."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.label = labels.create_label(store, self.id, name="docs", actor=ANNA).id
        columns.update_column(store, self.review, changes={"requires": ["checklist_done"]}, actor=ANNA)
        self.begun = self.sequence

    async def work(self, do: Do, kind: ActorKind) -> GateClosed:
        """A card from its first word to its end; answers how the gate refused it.

        Where a person adds a card there is only room for a title, and an agent has no tool to label a card that is
        there already: so people label it afterwards, and agents at once.
        """
        card, new = CARD, {"board_id": "DESK", "title": "Ship it", "column_id": self.todo}
        if kind is ActorKind.AGENT:
            await do("create_card", **new, labels=[self.label])
        else:
            await do("create_card", **new)
            await do("add_label", card_id=card, label_id=self.label)
        await do("add_check_item", card_id=card, text="Try it")
        await do("claim_card", card_id=card, busy_for=A_WORKING_DAY)
        await do("report_progress", fence=1, card_id=card, percent=50, text="half way")
        await do("add_comment", fence=1, card_id=card, text="Looks **good**")
        with pytest.raises(GateClosed) as caught:
            await do("move_card", fence=1, card_id=card, column_id=self.review)
        (item,) = self.card(self.shelved + 1).checklist
        await do("update_check_item", fence=1, item_id=item.id, done=True)
        await do("move_card", fence=1, card_id=card, column_id=self.review)
        await do("move_card", fence=1, card_id=card, column_id=self.done)
        return caught.value

    def history(self) -> list[Any]:
        """What has been done since work began, whenever and through whatever door it was."""
        changes = [change.model_dump(mode="json") for change in self.changes(self.begun)]
        for change in changes:
            del change["actor"]["via"]
        told: list[Any] = json.loads(MOMENT.sub("then", json.dumps(changes)))
        return told

    def doors(self) -> set[Via]:
        """Through which doors the work was done."""
        return {change.actor.via for change in self.changes(self.begun)}


def over_rest(http: httpx.AsyncClient, actor: Actor) -> Do:
    calls = {
        "create_card": ("POST", "/cards"),
        "add_label": ("PUT", "/cards/{card_id}/labels/{label_id}"),
        "add_check_item": ("POST", "/cards/{card_id}/checklist"),
        "claim_card": ("POST", "/cards/{card_id}/claim"),
        "report_progress": ("POST", "/cards/{card_id}/progress"),
        "add_comment": ("POST", "/cards/{card_id}/comments"),
        "move_card": ("POST", "/cards/{card_id}/move"),
        "update_check_item": ("PATCH", "/checklist/{item_id}"),
        "batch": ("POST", "/boards/{board_id}/batch"),
    }
    who = {"X-Actor": actor.name, "X-Actor-Kind": actor.kind.value}

    async def do(name: str, fence: int | None = None, **args: Any) -> Any:
        method, path = calls[name]
        body: Any = {field: value for field, value in args.items() if f"{{{field}}}" not in path}
        body = body.get("steps", body)  # a batch is a plain list
        headers = {**who, **({"X-Fence": str(fence)} if fence else {})}
        answer = await http.request(method, f"/api/v1{path.format(**args)}", json=body or None, headers=headers)
        return _answered(answer.is_success, answer.json())

    return do


async def over_socket(live: Live, actor: Actor) -> Do:
    peer = await live.join(f"?username={actor.name}&kind={actor.kind}")

    async def do(name: str, fence: int | None = None, **args: Any) -> Any:
        await peer.say(type="command", id="asked", name=name, args=args, fence=fence)
        answer = await peer.hear()
        return _answered(answer["event"] == "result", answer["data"])

    return do


def over_mcp(client: Agent, desk: Workshop) -> Do:
    """The refusal has only the words that MCP has for it."""

    async def do(name: str, fence: int | None = None, **args: Any) -> Any:
        if "column_id" in args:
            args["column"] = desk.column(args.pop("column_id")).name
        if "labels" in args:
            args["labels"] = [desk.view.labels[label].name for label in args["labels"]]
        tool = "check_item" if "check_item" in name else name
        refused, text = await client.call(tool, **args, **({"fence": fence} if fence else {}))
        if refused:
            code, _, words = text.partition(": ")
            assert code == GateClosed.code, text
            raise GateClosed(words)
        return text

    return do


def _answered(fine: bool, data: Any) -> Any:
    if fine:
        return data
    told = {key: value for key, value in data.items() if key not in ("type", "title", "status", "code")}
    assert data["code"] == GateClosed.code, data
    raise GateClosed(told.pop("detail", None) or told.pop("message"), **told)
