"""Connections with an end: how long each may take, how many a client may hold, how many there may be.

uvicorn alone waits for a request's head as long as somebody sends a byte now and then, and counts no connections of a
client. Here a connection is closed when a whole request is not there in time, however its bytes drip; a client has so
many and no more; and when all are taken, the one that has kept us waiting longest gives way to the next.
"""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from veedor.record.clients import Proxies, client_of

REFUSED = b"too many connections from this address; close some, or try again in a minute\n"
REFUSAL = (
    b"HTTP/1.1 429 Too Many Requests\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%b" % (len(REFUSED), REFUSED)
)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What connections may take.

    head_seconds: from a connection's beginning, or the end of the answer before, to the end of a request's head.
    exchange_seconds: from there to the end of the answer. Both run on, whatever bytes come.
    """

    head_seconds: float = 5
    exchange_seconds: float = 30
    per_client: int = 32
    connections: int = 256
    waiting: int = 256
    """Connections that the system holds ready before they are taken up."""
    proxies: Proxies = field(default_factory=Proxies)


class Connections:
    """Those that there are. Makes the protocol that uvicorn runs for each."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.of_client: Counter[str] = Counter()
        self.all: dict[LimitedProtocol, None] = {}
        """In the order that they were begun in."""

    def protocol(self, *arguments: Any, **options: Any) -> "LimitedProtocol":
        """A protocol for one connection; called as uvicorn calls the class of one."""
        return LimitedProtocol(self, *arguments, **options)

    def take(self, one: "LimitedProtocol") -> bool:
        """Whether there is room for one more of this client. If all are taken, one that keeps us waiting gives way."""
        if one.client_name and self.of_client[one.client_name] >= self.limits.per_client:
            return False
        if len(self.all) >= self.limits.connections:
            idle = min((other for other in self.all if other.waiting), key=lambda other: other.since, default=None)
            if idle is None:
                return False
            idle.give_up()
        self.all[one] = None
        self.of_client[one.client_name] += 1
        return True

    def release(self, one: "LimitedProtocol") -> None:
        """A connection is over; once."""
        if one in self.all:
            del self.all[one]
            self.of_client[one.client_name] -= 1
            if self.of_client[one.client_name] <= 0:
                del self.of_client[one.client_name]


class LimitedProtocol(H11Protocol):
    """uvicorn's protocol for HTTP/1.1 by h11, with the limits."""

    def __init__(self, connections: Connections, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.shared, self.limits = connections, connections.limits
        self.client_name = ""
        self.since = 0.0
        self.refused = False
        self._seen: object = None
        self._end: asyncio.TimerHandle | None = None

    @property
    def waiting(self) -> bool:
        """Whether it is the client's turn: no request, or not all of it, has come."""
        return self.cycle is None or self.cycle.response_complete or self.cycle.more_body

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection up, if there is room."""
        host = str((transport.get_extra_info("peername") or ("",))[0])
        # A proxy that was named asks for many; how many each of them may have is its own to limit.
        self.client_name = "" if self.limits.proxies.hold(host) else client_of(host)
        if not self.shared.take(self):
            self.refused, self.transport = True, transport
            transport.write(REFUSAL)
            transport.close()
            return
        super().connection_made(transport)
        self._until(self.limits.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of it."""
        if self._end is not None:
            self._end.cancel()
        self.shared.release(self)
        if not self.refused:
            super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes of a request: its time runs on, until its head is there."""
        if self.refused:
            return
        super().data_received(data)
        if self.cycle is not self._seen:
            self._seen = self.cycle
            self._until(self.limits.exchange_seconds)

    def on_response_complete(self) -> None:
        """An answer is over: the time of the next request's head begins, or of a request that has come already."""
        super().on_response_complete()
        following = self.cycle is not self._seen
        self._seen = self.cycle
        self._until(self.limits.exchange_seconds if following else self.limits.head_seconds)

    def give_up(self) -> None:
        """Close at once, whatever the other side does."""
        self.shared.release(self)
        if self.transport is not None:
            self.transport.abort()

    def _until(self, seconds: float) -> None:
        if self._end is not None:
            self._end.cancel()
        self.since = time.monotonic()
        self._end = self.loop.call_later(seconds, self.give_up)
