"""A socket on a board that is deleted: told as the last change, no longer subscribed, and otherwise as before."""

from typing import Any

from app.commands import boards
from app.service import Service
from tests.support import ANNA


async def test_the_socket_is_told_and_lives_on(live: Any, service: Service) -> None:
    peer, other = await live.join("?board_id=DEMO"), await live.join("?board_id=DEMO")
    await service.store.run(boards.create_board, name="Next", key="NEXT", actor=ANNA)
    await service.store.run(boards.delete_board, "DEMO", actor=ANNA)
    for one in (peer, other):
        told = (await one.changes(1))[0]
        assert (told["event"], told["data"]["board"]["key"]) == ("board_deleted", "DEMO")
    await peer.say(type="get_stats")
    assert (await peer.until("stats"))["data"]["boards"] == 0
    await peer.say(type="unsubscribe_board", board_id=told["board_id"])
    assert (await peer.hear())["data"]["code"] == "not_found"
    await peer.say(type="subscribe_board", board_id="DEMO")
    assert (await peer.hear())["data"]["code"] == "not_found"
    await peer.say(type="subscribe_board", board_id="NEXT")
    assert (await peer.hear())["event"] == "subscribed"
