"""Connections with an end: how long each may take, how many a client may hold, how many there may be.

uvicorn alone waits for a request's head as long as somebody sends a byte now and then, and counts no connections of a
client. Here a connection is closed when a whole request is not there in time, however its bytes drip; a client has so
many and no more, and the next is refused where it is taken up, before anything is made for it; and when all are taken,
the one that has kept us waiting longest gives way to the next.
"""

import asyncio
import socket
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from veedor.record.errors import LogError
from veedor.record.service.clients import Proxies, client_of

REFUSED = b"too many connections from this address; close some, or try again in a minute\n"
REFUSAL = (
    b"HTTP/1.1 429 Too Many Requests\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%b" % (len(REFUSED), REFUSED)
)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits of connections.

    head_seconds: from a connection's beginning, or the end of the answer before, to the end of a request's head.
    exchange_seconds: from there to the end of the answer. Both run on, whatever bytes come.
    """

    head_seconds: float = 5
    exchange_seconds: float = 30
    per_client: int = 32
    connections: int = 256
    waiting: int = 1024
    """Connections that the system holds ready before they are taken up: whoever finds no place waits for a second."""
    at_once: int = 32
    """Connections that are taken up in one go: their files are open at the same time, beside those of the others."""
    refused_at_once: int = 64
    proxies: Proxies = field(default_factory=Proxies)


class Connections:
    """Those that there are. Makes the protocol that uvicorn runs for each."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.of_client: Counter[str] = Counter()
        self.all: dict[LimitedProtocol, None] = {}
        """In the order that they were begun in."""

    def full_for(self, host: str) -> bool:
        """True if the client of this host has all the connections that it may have.

        A proxy that was named asks for many clients; how many connections each of them may have is its own to limit.
        """
        return self.of_client[client_of(host)] >= self.limits.per_client and not self.limits.proxies.hold(host)

    def protocol(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, object],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> "LimitedProtocol":
        """A protocol for one connection; called as uvicorn calls the class of one."""
        return LimitedProtocol(self, config, server_state, app_state, _loop)

    def take(self, one: "LimitedProtocol") -> bool:
        """True if there is room for one more of this client. If all are taken, one that keeps us waiting gives way."""
        if self.full_for(one.host):
            return False
        if len(self.all) >= self.limits.connections:
            idle = min((other for other in self.all if other.waiting), key=lambda other: other.since, default=None)
            if idle is None:
                return False
            idle.give_up()
        self.all[one] = None
        self.of_client[client_of(one.host)] += 1
        return True

    def release(self, one: "LimitedProtocol") -> None:
        """A connection is over; once."""
        if one in self.all:
            del self.all[one]
            client = client_of(one.host)
            self.of_client[client] -= 1
            if not self.of_client[client]:
                del self.of_client[client]


class Listener(socket.socket):
    """A listening socket that refuses a client's connection too many as it takes it up: a flood costs next to nothing.

    Those taken up in the same go are not counted yet by the time of the next: the protocol asks once more.
    """

    connections: Connections

    def accept(self) -> tuple[socket.socket, object]:
        """The next connection that is not refused; BlockingIOError if there is none now, or many were refused."""
        for _ in range(self.connections.limits.refused_at_once):
            connection, address = super().accept()
            if not self.connections.full_for(address[0]):
                return connection, address
            with connection, suppress(OSError):
                connection.setblocking(False)
                connection.send(REFUSAL)
        raise BlockingIOError


def listen(host: str, port: int, connections: Connections) -> Listener:
    """Listen at this address. LogError if that cannot be."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        plain = socket.create_server((host, port), family=family, backlog=connections.limits.waiting)
    except (OSError, UnicodeError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise LogError(f"nothing can listen at {host} port {port}: {reason}") from None
    listener = Listener(fileno=plain.detach())
    listener.connections = connections
    return listener


class LimitedProtocol(H11Protocol):
    """uvicorn's protocol for HTTP/1.1 by h11, with the limits."""

    def __init__(
        self,
        connections: Connections,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, object],
        loop: asyncio.AbstractEventLoop | None,
    ) -> None:
        super().__init__(config, server_state, app_state, loop)
        self.shared, self.limits = connections, connections.limits
        self.host = ""
        self.since = 0.0
        self.refused = False
        self._seen: object = None
        self._end: asyncio.TimerHandle | None = None

    @property
    def waiting(self) -> bool:
        """True if it is the client's turn: no request, or not all of it, has come."""
        return self.cycle is None or self.cycle.response_complete or self.cycle.more_body

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection up, if there is room."""
        self.host = str((transport.get_extra_info("peername") or ("",))[0])
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
        """An answer is over: the time of the next request's head begins, or of a request that has come already.

        An answer that the client has yet to read is not over: its time runs on.
        """
        super().on_response_complete()
        if self.cycle is not self._seen:
            self._seen = self.cycle
            self._until(self.limits.exchange_seconds)
        elif not self.transport.get_write_buffer_size():
            self._until(self.limits.head_seconds)

    def resume_writing(self) -> None:
        """The client has read on."""
        super().resume_writing()
        if self.cycle is not None and self.cycle.response_complete:
            self._until(self.limits.head_seconds)

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
