"""A program of its own that claims: `python -m tests.commands.claiming URL NAME BOARD CARD_ID COUNT`.

COUNT agents at once want the one card, and then each the next card of the board. It prints two lines of JSON: the
fence of each, or the code of its refusal; and the id of the card that each was given.
"""

import asyncio
import json
import sys

from app.commands import claims
from app.errors import Refusal
from app.store import Store
from app.views import Actor
from models.vocabulary import ActorKind, Via


async def want_one(store: Store, name: str, card_id: int, count: int) -> list[int | str]:
    async def want(actor: Actor) -> int | str:
        try:
            return (await store.run(claims.claim_card, card_id, actor=actor)).fence
        except Refusal as refusal:
            return refusal.code

    return await asyncio.gather(*(want(actor) for actor in agents(name, count)))


async def want_next(store: Store, name: str, board: str, count: int) -> list[int | None]:
    async def want(actor: Actor) -> int | None:
        taken = await store.run(claims.claim_next_card, board, actor=actor)
        return None if taken is None else taken.id

    return await asyncio.gather(*(want(actor) for actor in agents(name, count)))


def agents(name: str, count: int) -> list[Actor]:
    return [Actor(name=f"{name} {number}", kind=ActorKind.AGENT, via=Via.MCP) for number in range(count)]


def main(url: str, name: str, board: str, card_id: int, count: int) -> None:
    store = Store.open(url)
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(asyncio.run(want_one(store, name, card_id, count))), flush=True)
    print(json.dumps(asyncio.run(want_next(store, name, board, count))), flush=True)
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
