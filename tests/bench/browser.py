"""A simulated browser: what Chromium with NiceGUI's script says to the server, without Chromium.

It gets the page, opens NiceGUI's socket as the script in the page does, answers pings, acknowledges what it got, and
keeps nothing.
"""

import re
import uuid
from collections.abc import Callable
from time import perf_counter
from urllib.parse import urlencode

from tests.bench.wire import BenchmarkFailed, Http, WebSocket, Wire

CLIENT_ID = re.compile(rb"""["']client_id["']: ["']([\w-]+)["']""")
ACK_SECONDS = 3.0


class Browser:
    """`on_update` is called with every message that changes elements."""

    def __init__(self, wire: Wire, http: Http, path: str, on_update: Callable[[bytes], None] | None = None) -> None:
        """Raises BenchmarkFailed when there is no page to connect to."""
        self.began = perf_counter()
        page = http.ask(http.request("GET", path))
        self.html_bytes = len(page)
        self.socket_bytes = 0
        self.last_message_at = perf_counter()
        self.updates = 0
        self._on_update = on_update
        self._next_message = 0
        self._acked_at = perf_counter()
        found = CLIENT_ID.search(page)
        if found is None:
            raise BenchmarkFailed(f"{path} is no NiceGUI page: {page[:300]!r}")
        self.client_id = found[1].decode()
        query = {
            "client_id": self.client_id,
            "next_message_id": 0,
            "implicit_handshake": "true",
            "document_id": uuid.uuid4(),
            "tab_id": uuid.uuid4(),
            "EIO": 4,
            "transport": "websocket",
        }
        self._socket = WebSocket(wire, http.port, f"/_nicegui_ws/socket.io/?{urlencode(query)}")
        self._socket.listen(self._hear)

    def close(self) -> None:
        self._socket.close()

    def _hear(self, text: bytes) -> None:
        if text.startswith(b"42["):
            self._message(text)
        elif text == b"2":
            self._socket.send_text(b"3")
        elif text.startswith(b"0{"):
            self._socket.send_text(b"40")
        elif text.startswith((b"44", b"41")):
            raise BenchmarkFailed(f"NiceGUI refused the browser: {text!r}")

    def _message(self, text: bytes) -> None:
        self.last_message_at = now = perf_counter()
        self.socket_bytes += len(text)
        self._next_message += 1
        if text.startswith(b'42["update"'):
            self.updates += 1
            if self._on_update is not None:
                self._on_update(text)
        if now - self._acked_at > ACK_SECONDS:
            self._acked_at = now
            ack = b'42["ack",{"client_id":"%b","next_message_id":%d}]'
            self._socket.send_text(ack % (self.client_id.encode(), self._next_message))
