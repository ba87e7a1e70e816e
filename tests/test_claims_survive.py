"""A server is killed while an agent works: claims are rows, so the agent finishes, and who was too late is refused."""

from typing import Any

import httpx

from tests.launching import Launched


def test_claims_outlive_the_server_and_a_zombie_is_refused(tmp_path):
    with Launched(tmp_path) as server:
        robot = calling(server, "Robot")
        board = robot.get("/boards/HELLO").json()
        done = next(column["id"] for column in board["columns"] if column["kind"] == "done")
        taken = post(robot, "/cards/HELLO-1/claim", lease_seconds=600)
        lost = post(robot, "/cards/HELLO-2/claim", lease_seconds=1)
        server.process.kill()
        server.process.wait()
    with Launched(tmp_path) as server:
        robot, other = calling(server, "Robot"), calling(server, "Other")
        assert other.get("/cards/HELLO-1").json()["claim"] == taken["claim"]
        assert post(other, "/cards/HELLO-1/claim")["code"] == "card_claimed"
        assert post(robot, "/cards/HELLO-1/move", fence=taken["fence"], column_id=done)["claim"] is None

        until_expired(other, "HELLO-2", board["sequence"])
        assert post(other, "/cards/HELLO-2/claim")["fence"] == lost["fence"] + 1
        assert post(robot, "/cards/HELLO-2/move", fence=lost["fence"], column_id=done)["code"] == "lease_lost"


def calling(server: Launched, name: str) -> httpx.Client:
    return httpx.Client(base_url=f"{server.url}/api/v1", headers={"X-Actor": name, "X-Actor-Kind": "agent"}, timeout=30)


def post(client: httpx.Client, path: str, fence: int | None = None, **body: Any) -> dict[str, Any]:
    return client.post(path, json=body, headers={"X-Fence": str(fence)} if fence else None).json()


def until_expired(client: httpx.Client, ref: str, since: int) -> None:
    while True:
        changes = client.get("/boards/HELLO/changes", params={"since": since, "wait": 20}).json()["changes"]
        assert changes, "the lease of a silent agent ends"
        if any(change["event"] == "claim_expired" and change["data"]["card"]["ref"] == ref for change in changes):
            return
        since = changes[-1]["sequence"]
