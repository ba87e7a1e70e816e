"""A light client: HTTP and WebSocket connections in one loop over plain sockets.

The client must not be what is measured, so there is no asyncio, no HTTP library and no JSON here: a frame costs it a
few microseconds. It lives in another process than the server and measures its own time on the processor.
"""

import os
import selectors
import socket
from collections.abc import Callable
from time import perf_counter

ANSWER_SECONDS = 30.0
"""How long anything may take before the measurement is given up."""
CHUNK = 1 << 18


class BenchmarkFailed(Exception):
    """The server did not do what was to be measured."""


class Wire:
    """The connections, and the loop that reads from them."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._open: list[Connection] = []

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *_: object) -> None:
        for connection in self._open[:]:
            connection.close()
        self._selector.close()

    def until(self, done: Callable[[], bool], seconds: float = ANSWER_SECONDS) -> None:
        """Read until `done()`. Raises BenchmarkFailed when it does not come true in time."""
        end = perf_counter() + seconds
        select = self._selector.select
        while not done():
            left = end - perf_counter()
            if left <= 0:
                raise BenchmarkFailed(f"nothing more came within {seconds:g} s")
            for key, _ in select(left):
                key.data()

    def rest(self, seconds: float) -> None:
        """Read whatever comes for this long."""
        end = perf_counter() + seconds
        while (left := end - perf_counter()) > 0:
            for key, _ in self._selector.select(left):
                key.data()

    def add(self, connection: "Connection") -> None:
        self._open.append(connection)
        self._selector.register(connection.socket, selectors.EVENT_READ, connection.readable)

    def remove(self, connection: "Connection") -> None:
        if connection in self._open:
            self._open.remove(connection)
            self._selector.unregister(connection.socket)


class Connection:
    """A connected socket; what arrives is handed to `take`."""

    def __init__(self, wire: Wire, port: int) -> None:
        self._wire = wire
        self.port = port
        self.buffer = bytearray()
        self.host = f"127.0.0.1:{port}"
        self.connect()

    def connect(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=ANSWER_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def readable(self) -> None:
        received = self.socket.recv(CHUNK)
        if received:
            self.buffer += received
            self.take()
        else:
            self.close()
            self.closed()

    def take(self) -> None:
        raise NotImplementedError

    def closed(self) -> None:
        """The server closed the connection."""
        raise BenchmarkFailed(f"the server closed a connection: {bytes(self.buffer[:200])!r}")

    def close(self) -> None:
        self._wire.remove(self)
        self.socket.close()


class Http(Connection):
    """A kept-alive connection, made anew when the server closed it because it was idle.

    `on_answer` is called with status and body of each answer.
    """

    def __init__(self, wire: Wire, port: int, on_answer: Callable[[int, bytes], None] | None = None) -> None:
        super().__init__(wire, port)
        self.answered = 0
        self.status = 0
        self.body = b""
        self._on_answer = on_answer
        self._wanted = 0
        self._asked = 0
        wire.add(self)

    def send(self, request: bytes) -> None:
        if self.socket.fileno() < 0:
            self.connect()
            self._wire.add(self)
        self._asked += 1
        self.socket.sendall(request)

    def ask(self, request: bytes) -> bytes:
        """Send, wait for the answer and answer its body. Raises BenchmarkFailed unless it is a 2xx."""
        before = self.answered
        self.send(request)
        self._wire.until(lambda: self.answered > before)
        if not 200 <= self.status < 300:
            raise BenchmarkFailed(f"{request.splitlines()[0].decode()} was answered {self.status}: {self.body[:300]!r}")
        return self.body

    def request(self, method: str, path: str, body: bytes = b"", actor: str = "bench", **headers: str) -> bytes:
        """`headers` by their names with underscores (`x_fence="3"`)."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}", f"X-Actor: {actor}"]
        if body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", ""]).encode() + body

    def closed(self) -> None:
        if self.answered < self._asked:
            super().closed()

    def take(self) -> None:
        while self.buffer:
            if len(self.buffer) < self._wanted:
                return
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            head = bytes(self.buffer[:end])
            self._wanted = end + 4 + _content_length(head)
            if len(self.buffer) < self._wanted:
                return
            self.status, self.body = int(head[9:12]), bytes(self.buffer[end + 4 : self._wanted])
            del self.buffer[: self._wanted]
            self._wanted = 0
            self.answered += 1
            if self._on_answer is not None:
                self._on_answer(self.status, self.body)


class WebSocket(Connection):
    """Pings of the server are answered; nothing is read before `listen`."""

    def __init__(self, wire: Wire, port: int, path: str) -> None:
        super().__init__(wire, port)
        self._parts = b""
        self._upgrade(path)

    def listen(self, on_text: Callable[[bytes], None]) -> None:
        """`on_text` is called with each text message."""
        self._on_text = on_text
        self._wire.add(self)
        self.take()

    def send_text(self, text: bytes) -> None:
        self.socket.sendall(_masked(0x81, text))

    def take(self) -> None:
        buffer, at = self.buffer, 0
        while len(buffer) - at >= 2:
            length, start = buffer[at + 1], at + 2
            if length == 126:
                length, start = int.from_bytes(buffer[at + 2 : at + 4], "big"), at + 4
            elif length == 127:
                length, start = int.from_bytes(buffer[at + 2 : at + 10], "big"), at + 10
            if len(buffer) < start + length:
                break
            self._frame(buffer[at], bytes(buffer[start : start + length]))
            at = start + length
        del buffer[:at]

    def _frame(self, first: int, payload: bytes) -> None:
        if first == 0x81:
            self._on_text(payload)
        elif first & 0x0F in (0, 1):
            self._parts += payload
            if first & 0x80:
                whole, self._parts = self._parts, b""
                self._on_text(whole)
        elif first & 0x0F == 9:
            self.socket.sendall(_masked(0x8A, payload))
        elif first & 0x0F == 8:
            raise BenchmarkFailed(f"the server closed a socket: {payload!r}")

    def _upgrade(self, path: str) -> None:
        self.socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {self.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        while (end := self.buffer.find(b"\r\n\r\n")) < 0:
            received = self.socket.recv(CHUNK)
            if not received:
                break
            self.buffer += received
        if not self.buffer.startswith(b"HTTP/1.1 101"):
            raise BenchmarkFailed(f"no socket at {path}: {bytes(self.buffer[:300])!r}")
        del self.buffer[: end + 4]


def _content_length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    raise BenchmarkFailed(f"an answer without a length: {head!r}")


def _masked(first: int, payload: bytes) -> bytes:
    mask = os.urandom(4)
    length = len(payload)
    if length < 126:
        head = bytes((first, 0x80 | length))
    elif length < 65536:
        head = bytes((first, 0xFE)) + length.to_bytes(2, "big")
    else:
        head = bytes((first, 0xFF)) + length.to_bytes(8, "big")
    return head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
