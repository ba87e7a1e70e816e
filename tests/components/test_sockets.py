"""What the pages' socket sends, and to whom."""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from engineio.exceptions import SocketIsClosedError

from components.pages.sockets import DirectManager, TextPacket


class Server:
    """Stands for Socket.IO's: keeps what it is told to send, and has lost one socket."""

    packet_class = TextPacket

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.eio = SimpleNamespace(generate_id=lambda: uuid4().hex)

    async def _send_eio_packet(self, socket_id: str, frame: Any) -> None:
        if socket_id == "lost":
            raise SocketIsClosedError
        self.sent.append((socket_id, frame.encode()))


async def test_a_message_reaches_every_socket_of_its_room_and_no_other() -> None:
    server, manager = Server(), DirectManager()
    manager.set_server(server)
    for socket_id, room in (("lost", "mine"), ("one", "mine"), ("two", "mine"), ("three", "yours")):
        sid = await manager.connect(socket_id, "/")
        await manager.enter_room(sid, "/", room)
    await manager.emit("update", {"7": {"tag": "div"}, "_id": 3}, "/", room="mine")
    assert server.sent == [(one, '42["update",{"7":{"tag":"div"},"_id":3}]') for one in ("one", "two")]


async def test_a_message_to_nobody_is_no_error() -> None:
    server, manager = Server(), DirectManager()
    manager.set_server(server)
    await manager.emit("update", {}, "/", room="nobody")
    assert server.sent == []
