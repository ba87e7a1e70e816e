"""NiceGUI's socket, as it is set up for the boards: who may open it, and what a message to a hundred browsers costs."""

from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from engineio.exceptions import SocketIsClosedError  # type: ignore[import-untyped]
from engineio.packet import MESSAGE  # type: ignore[import-untyped]
from engineio.packet import Packet as Frame
from nicegui import core
from socketio import AsyncManager  # type: ignore[import-untyped]
from socketio.packet import EVENT, Packet  # type: ignore[import-untyped]


class TextPacket(Packet):
    """A message without binary attachments.

    Socket.IO walks through all of every message to find bytes that would have to travel as attachments. There are
    never any: they would be a third of the cost of a change that a hundred browsers are told of.
    """

    uses_binary_events = False


class DirectManager(AsyncManager):
    """Hands a message to the sockets it is for. Socket.IO starts a task for each and waits for all of them, although
    there is nothing to wait for: a socket queues what it is given. Every browser is a room of its own here.
    """

    async def emit(
        self, event: str, data: Any, namespace: str, room: Any = None, callback: Any = None, **kwargs: Any
    ) -> None:
        if callback is not None or kwargs.get("to") or kwargs.get("skip_sid"):
            await super().emit(event, data, namespace, room=room, callback=callback, **kwargs)
            return
        arguments = list(data) if isinstance(data, tuple) else [] if data is None else [data]
        message = TextPacket(EVENT, namespace=namespace, data=[event, *arguments]).encode()
        frame = Frame(MESSAGE, message)
        for _, socket_id in list(self.get_participants(namespace, room)):
            with suppress(SocketIsClosedError):
                await self.server._send_eio_packet(socket_id, frame)


def install() -> None:
    """Call it before anybody connects."""
    core.sio.eio.cors_allowed_origins = _same_host
    # Socket.IO's server takes both as arguments; NiceGUI, which makes it, offers neither.
    core.sio.packet_class = TextPacket
    core.sio.manager = DirectManager()
    core.sio.manager.set_server(core.sio)


def _same_host(origin: str, environ: dict[str, Any]) -> bool:
    """NiceGUI lets every origin onto its socket. The scheme is left out: a proxy in front may speak TLS."""
    return urlsplit(origin).netloc == environ.get("HTTP_HOST")
