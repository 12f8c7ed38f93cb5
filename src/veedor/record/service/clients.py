"""Who asks: the client behind a connection, and how often it may ask.

A client is an address: of IPv6 the network of 64 bits, for one household has as many addresses as it likes. What a
request says of itself (X-Forwarded-For) is believed only where the connection comes from a proxy that was named.
"""

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import lru_cache

from veedor.record.errors import MalformedError

CLIENTS = 10_000


class Rate:
    """So many requests a minute for each client, in bursts of as many."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute, self.clock = per_minute, clock
        self._clients: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, client: str) -> bool:
        """True if this client may ask now. Forgets the longest silent of more than 10,000 clients."""
        now = self.clock()
        tokens, before = self._clients.pop(client, (float(self.per_minute), now))
        tokens = min(self.per_minute, tokens + (now - before) * self.per_minute / 60)
        self._clients[client] = (tokens - 1 if tokens >= 1 else tokens, now)
        if len(self._clients) > CLIENTS:
            self._clients.popitem(last=False)
        return tokens >= 1


class Proxies:
    """The proxies whose word on whom they ask for is believed: addresses and networks. None, unless named."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.networks = []
        for name in names:
            try:
                self.networks.append(ipaddress.ip_network(name))
            except ValueError:
                raise MalformedError(f"not the address or network of a proxy: {name!r} (such as 127.0.0.1)") from None

    def hold(self, host: str) -> bool:
        """True if this host is one of them."""
        address = _address(host)
        return address is not None and any(address in network for network in self.networks)

    def client(self, host: str, forwarded: Iterable[str]) -> str:
        """Whom a request is from. host: whom the connection is from; forwarded: its X-Forwarded-For lines.

        Each proxy adds, on the right, whom it was asked by: the first from the right that is no proxy of ours is it.
        """
        if not self.hold(host):
            return client_of(host)
        chain = [name.strip() for line in forwarded for name in line.split(",")]
        return client_of(next((name for name in reversed(chain) if name and not self.hold(name)), host))


@lru_cache(maxsize=CLIENTS)
def client_of(host: str) -> str:
    """The client that a host belongs to."""
    address = _address(host)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host[:100] if address is None else str(address)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
