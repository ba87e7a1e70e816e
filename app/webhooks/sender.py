"""One delivery over HTTP: signed, to a checked address, without redirects, cookies or proxies, and within a time."""

import asyncio
import hashlib
import hmac
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from app import __version__
from app.commands.deliveries import Job, Outcome
from app.webhooks.addresses import Destination, Lookup, Unreachable, addresses_of, destination, look_up

if TYPE_CHECKING:
    import httpx2

SECONDS = 10.0
"""For all of a delivery: look-up, connection, encryption, and the first line of the answer."""
ADDRESSES_TRIED = 3


class Sender:
    """Makes a connection for each delivery. `private` opens private networks and this machine."""

    def __init__(
        self,
        *,
        private: bool,
        seconds: float = SECONDS,
        lookup: Lookup = look_up,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._private = private
        self._seconds = seconds
        self._lookup = lookup
        self._now = now
        self._transport: httpx2.AsyncHTTPTransport | None = None

    async def send(self, job: Job) -> Outcome:
        """Whatever goes wrong at the receiver is an outcome, not an exception."""
        import httpx2  # takes long to import: only where something is sent

        began = time.monotonic()
        status: int | None = None
        try:
            async with asyncio.timeout(self._seconds):
                status = await self._post(job)
            error = None if 200 <= status < 300 else _said(status)
        except TimeoutError:
            error = f"no answer within {self._seconds:g} seconds"
        except Unreachable as reason:
            error = str(reason)
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, OSError) as problem:
            error = _told(problem)
        return Outcome(status, error, round((time.monotonic() - began) * 1000))

    async def _post(self, job: Job) -> int:
        """The status of the answer; its body is left unread."""
        import httpx2

        place = destination_of(job)
        body = job.body.encode()
        addresses = (await addresses_of(place, self._lookup, private=self._private))[:ADDRESSES_TRIED]
        headers = self._headers(job, place, body)
        for address in addresses:
            wait = self._seconds / len(addresses)
            request = httpx2.Request(
                "POST",
                place.at(address),
                headers=headers,
                content=body,
                extensions={"sni_hostname": place.host, "timeout": {"connect": wait}},
            )
            try:
                response = await self._open_transport().handle_async_request(request)
            except (httpx2.ConnectError, httpx2.ConnectTimeout):
                if address == addresses[-1]:
                    raise
                continue
            await response.aclose()
            return response.status_code
        raise Unreachable("there is no address")

    def _headers(self, job: Job, place: Destination, body: bytes) -> dict[str, str]:
        timestamp = str(int(self._now()))
        return {
            "Host": place.host_header,
            "Content-Type": "application/json",
            "User-Agent": f"agent-kanban/{__version__}",
            "Connection": "close",
            "X-Kanban-Event": job.event,
            "X-Kanban-Delivery": str(job.delivery_id),
            "X-Kanban-Timestamp": timestamp,
            "X-Kanban-Signature": signature(job.secret, timestamp, body),
        }

    def _open_transport(self) -> "httpx2.AsyncHTTPTransport":
        import httpx2

        if self._transport is None:
            # a bare transport knows no cookies, redirects and proxies; no connection is kept, as what was checked
            # for one name must not carry what is meant for another at the same address
            self._transport = httpx2.AsyncHTTPTransport(
                verify=httpx2.create_ssl_context(),
                trust_env=False,
                limits=httpx2.Limits(max_connections=None, max_keepalive_connections=0),
            )
        return self._transport


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """`sha256=` and the HMAC-SHA256, in hex, of the timestamp, a dot and the body."""
    made = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"sha256={made.hexdigest()}"


def destination_of(job: Job) -> Destination:
    return destination(job.url)


def _said(status: int) -> str:
    if 300 <= status < 400:
        return f"answered {status}: redirects are not followed"
    return f"answered {status}"


def _told(problem: Exception) -> str:
    """Short, and without what the driver knows of addresses."""
    words = {
        "ConnectError": "no connection",
        "ConnectTimeout": "no connection",
        "RemoteProtocolError": "the answer is no HTTP",
        "ReadError": "the connection broke",
        "WriteError": "the connection broke",
    }
    cause: BaseException | None = problem
    while cause is not None:
        if type(cause).__name__ == "SSLCertVerificationError":
            return f"no connection: {getattr(cause, 'verify_message', 'the certificate is not trusted')}"
        cause = cause.__cause__ or cause.__context__
    return words.get(type(problem).__name__, type(problem).__name__)
