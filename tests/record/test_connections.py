"""A served witness under attack: half-sent heads, drips, floods, many connections, words about others."""

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bench.witness_flood import attack, can_ask_from, witness

from tests.record.serving import running
from tests.record.world import LOG_KEY, WITNESSES, entries, log_at, request, watched
from veedor.record.errors import LogError, MalformedError
from veedor.record.service.clients import Proxies, Rate, client_of
from veedor.record.service.connections import Connections, Limits, listen
from veedor.record.service.server import BODY_SECONDS, MAX_BODY, MAX_HEAD, log_app, server_of, witness_app
from veedor.record.service.witness import MOST_ENTRIES, Store, Witness

HEAD = b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\n"
ASKED = HEAD + b"Content-Length: 1\r\n\r\nx"
"""A whole request, answered with 400."""
addresses = pytest.mark.skipif(not can_ask_from("127.0.0.2"), reason="this machine has no address 127.0.0.2")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "state.sqlite")
    yield store
    store.close()


@contextmanager
def served(store: Store, limits: Limits | None = None, *, rate: int = 10_000) -> Iterator[tuple[str, int]]:
    chosen = limits or Limits()
    made = Witness(store, watched(), [WITNESSES["oea"]], time.time)
    with running(witness_app(made, Rate(rate), chosen.proxies), chosen) as url:
        parts = urlsplit(url)
        yield parts.hostname or "", parts.port or 0


def connected(place: tuple[str, int], source: str = "127.0.0.1") -> socket.socket:
    return socket.create_connection(place, 10, (source, 0))


def answer(connection: socket.socket) -> int:
    """The status that comes; 0 if the connection is closed without one."""
    try:
        line = connection.makefile("rb").readline()
    except ConnectionError:
        return 0
    return int(line.split()[1]) if line else 0


def ask(place: tuple[str, int], source: str = "127.0.0.1", more: bytes = b"") -> int:
    with closing(connected(place, source)) as connection:
        try:
            connection.sendall(HEAD + more + b"Content-Length: 1\r\n\r\nx")
        except ConnectionError:
            return 0
        return answer(connection)


def seconds_until_closed(connection: socket.socket, drip: bytes, every: float) -> float:
    """How long a connection is held that sends a byte now and then."""
    start = time.monotonic()
    connection.settimeout(every)
    while time.monotonic() - start < 10:
        try:
            if not connection.recv(65536):
                break
        except TimeoutError:
            pass
        except ConnectionError:
            break
        try:
            connection.sendall(drip)
        except ConnectionError:
            break
    return time.monotonic() - start


DRIPS = {
    "nothing": (b"", b""),
    "a head": (HEAD + b"X-A: ", b"x"),
    "header lines": (HEAD, b"X-A: b\r\n"),
    "lines before the request": (b"", b"\r\n"),
    "the first line": (b"POST /", b"x"),
}


@pytest.mark.slow
@pytest.mark.parametrize("how", DRIPS)
def test_a_head_that_does_not_come_in_time_is_not_waited_for(how: str, store: Store) -> None:
    first, drip = DRIPS[how]
    with served(store, Limits(head_seconds=0.5)) as place, closing(connected(place)) as connection:
        connection.sendall(first)
        assert seconds_until_closed(connection, drip, 0.05) < 3


@pytest.mark.slow
def test_a_body_that_drips_is_told_and_cut(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("veedor.record.service.server.BODY_SECONDS", 0.4)
    with served(store, Limits(head_seconds=0.5, exchange_seconds=3)) as place, closing(connected(place)) as connection:
        connection.sendall(HEAD + b"Content-Length: 100000\r\n\r\n")
        start = time.monotonic()
        threading.Thread(target=seconds_until_closed, args=(connection.dup(), b"x", 0.05), daemon=True).start()
        time.sleep(0.6)
        assert ask(place) == 400  # another is served meanwhile
        while time.monotonic() - start < 5:
            try:
                connection.sendall(b"x")
            except ConnectionError:
                break
            time.sleep(0.05)
        assert time.monotonic() - start < 3  # 0.4 s for the body, then 0.5 s for the next head


@pytest.mark.slow
def test_what_follows_a_body_that_was_too_large_has_an_end(store: Store) -> None:
    """The answer 413 has gone out, and the body goes on: uvicorn alone would read it for ever."""
    with served(store, Limits(head_seconds=0.5)) as place, closing(connected(place)) as connection:
        connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"ffff\r\n" + b"x" * 65535 + b"\r\n")
        for _ in range(5):
            connection.sendall(b"ffff\r\n" + b"x" * 65535 + b"\r\n")
        assert answer(connection) == 413
        assert seconds_until_closed(connection, b"1\r\nx\r\n", 0.02) < 3


@pytest.mark.slow
def test_who_does_not_read_the_answer_is_not_waited_for(tmp_path: Path) -> None:
    log = log_at(tmp_path / "log", [b"x" * 65000] * 256)
    with running(log_app(log), Limits(exchange_seconds=0.5)) as url:
        parts = urlsplit(url)
        with closing(socket.socket()) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect((parts.hostname, parts.port))
            connection.sendall(b"GET /tile/entries/000 HTTP/1.1\r\nHost: x\r\n\r\n")
            time.sleep(1)
            connection.settimeout(5)
            got = 0
            try:
                while data := connection.recv(65536):
                    got += len(data)
            except ConnectionError:
                pass
            assert got < 16_000_000  # it was cut, not drained


@pytest.mark.slow
def test_who_reads_slowly_has_the_time_of_an_answer(tmp_path: Path) -> None:
    log = log_at(tmp_path / "log", [b"x" * 65000] * 256)
    with running(log_app(log), Limits(exchange_seconds=20, head_seconds=0.3)) as url:
        parts = urlsplit(url)
        with closing(socket.socket()) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect((parts.hostname, parts.port))
            connection.sendall(b"GET /tile/entries/000 HTTP/1.1\r\nHost: x\r\n\r\n")
            time.sleep(1)
            connection.settimeout(5)
            got = 0
            while data := connection.recv(1 << 20):
                got += len(data)
            assert got > 256 * 65000


@pytest.mark.slow
def test_one_connection_may_ask_many_times(store: Store) -> None:
    with served(store, Limits(head_seconds=0.5)) as (host, port):
        connection = http.client.HTTPConnection(host, port, timeout=5)
        for _ in range(4):  # longer in all than a head may take
            connection.request("POST", "/add-checkpoint", body=b"x")
            got = connection.getresponse()
            got.read()
            assert got.status == 400
            time.sleep(0.2)
        connection.close()


def test_requests_sent_together_are_all_answered(store: Store) -> None:
    with served(store) as place, closing(connected(place)) as connection:
        connection.sendall(ASKED * 5)
        data = b""
        while data.count(b"HTTP/1.1 400 ") < 5:
            data += connection.recv(65536)


@pytest.mark.slow
def test_a_client_has_so_many_connections_and_no_more(store: Store) -> None:
    limits = Limits(per_client=3, head_seconds=20)
    with served(store, limits) as place, ExitStack() as stack:
        held = [stack.enter_context(closing(connected(place))) for _ in range(3)]
        for one in held:
            one.sendall(HEAD)
        time.sleep(0.2)
        with closing(connected(place)) as refused:
            assert answer(refused) == 429
        held[0].sendall(b"Content-Length: 1\r\n\r\nx")
        assert answer(held[0]) == 400
        held[0].close()
        time.sleep(0.2)
        assert ask(place) == 400


@pytest.mark.slow
@addresses
def test_when_all_connections_are_taken_the_longest_wait_gives_way(store: Store) -> None:
    limits = Limits(per_client=4, connections=20, head_seconds=20)
    with served(store, limits) as place, ExitStack() as stack:
        held = []
        for client in range(2, 10):
            for _ in range(4):
                held.append(stack.enter_context(closing(connected(place, f"127.0.0.{client}"))))
                held[-1].sendall(HEAD + b"X-A: ")
        time.sleep(0.3)
        assert [ask(place, f"127.0.0.{client}") for client in range(20, 26)] == [400] * 6
        closed = [seconds_until_closed(one, b"", 0.01) < 1 for one in held[:12]]
        assert closed == [True] * 12
        held[-1].sendall(b"\r\nContent-Length: 1\r\n\r\nx")
        assert answer(held[-1]) == 400  # the youngest were kept


@pytest.mark.slow
@addresses
def test_who_is_being_answered_does_not_give_way(store: Store) -> None:
    """A witness that works on requests of several clients refuses the next rather than dropping one."""
    limits = Limits(per_client=4, connections=4, head_seconds=20)
    release = threading.Event()
    made = Witness(store, watched(), [WITNESSES["oea"]], lambda: float(release.wait(5)) + 1_740_000_000)
    body = request(0, entries(3))
    with running(witness_app(made, Rate(1000)), limits) as url, ExitStack() as stack:
        place = urlsplit(url).hostname or "", urlsplit(url).port or 0
        held = [stack.enter_context(closing(connected(place, f"127.0.0.{client}"))) for client in range(2, 6)]
        for one in held:
            one.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        time.sleep(0.3)
        assert ask(place, "127.0.0.9") in (0, 429)
        release.set()
        assert sorted(answer(one) for one in held) == [200, 409, 409, 409]


@pytest.mark.slow
@addresses
def test_an_honest_log_is_served_while_another_address_attacks(tmp_path: Path) -> None:
    """The short form of `python -m bench witness_flood`: a real witness, and both attacks at once."""
    with witness(tmp_path, LOG_KEY) as port:
        fared = attack(port, LOG_KEY, half_open=300, flooded=1500, at_once=50, honest=40)
    assert fared.unserved == 0
    assert fared.quantile(0.5) < 0.3
    assert max(fared.seconds) < 5  # of a machine that runs other tests beside
    assert sum(fared.flooded.values()) >= 1500


# Who asks.


def test_an_address_of_ipv6_is_a_network_of_64_bits() -> None:
    assert client_of("2001:db8:1:2:3:4:5:6") == client_of("2001:db8:1:2::1") != client_of("2001:db8:1:3::1")
    assert client_of("::ffff:192.0.2.1") == client_of("192.0.2.1") != client_of("192.0.2.2")
    assert client_of("fe80::1%eth0") == client_of("fe80::2")
    assert client_of("") == ""


@pytest.mark.parametrize(
    ("host", "forwarded", "client"),
    [
        ("192.0.2.9", [], "192.0.2.9"),
        ("192.0.2.9", ["198.51.100.1"], "192.0.2.9"),  # no proxy of ours: what it says of others is not believed
        ("127.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["10.0.0.1, 198.51.100.1"], "198.51.100.1"),  # the client put 10.0.0.1 there itself
        ("127.0.0.1", ["10.0.0.1", "198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["198.51.100.1, 172.16.3.4, 127.0.0.1"], "198.51.100.1"),  # through two proxies of ours
        ("127.0.0.1", ["127.0.0.1, 172.16.3.4"], "127.0.0.1"),
        ("127.0.0.1", [""], "127.0.0.1"),
        ("127.0.0.1", ["nonsense"], "nonsense"),
        ("127.0.0.1", ["2001:db8::1"], "2001:db8::/64"),
        ("::ffff:127.0.0.1", ["198.51.100.1"], "198.51.100.1"),
    ],
)
def test_whom_a_request_is_from(host: str, forwarded: list[str], client: str) -> None:
    assert Proxies(["127.0.0.1", "172.16.0.0/12"]).client(host, forwarded) == client


def test_without_named_proxies_nobody_is_believed() -> None:
    assert Proxies().client("127.0.0.1", ["198.51.100.1"]) == "127.0.0.1"
    for name in ("localhost", "10.0.0.1/8", "*", ""):
        with pytest.raises(MalformedError, match="not the address or network of a proxy"):
            Proxies([name])


def test_a_header_does_not_pass_the_rate(store: Store) -> None:
    with served(store, rate=5) as place:
        statuses = [ask(place, more=f"X-Forwarded-For: 10.0.0.{number}\r\n".encode()) for number in range(8)]
        assert statuses == [400] * 5 + [429] * 3


def test_a_proxy_that_was_named_asks_for_many(store: Store) -> None:
    limits = Limits(per_client=2, proxies=Proxies(["127.0.0.1"]))
    with served(store, limits, rate=3) as place, ExitStack() as stack:
        for _ in range(6):  # it holds more connections than a client may
            stack.enter_context(closing(connected(place))).sendall(HEAD)
        for client in ("198.51.100.1", "198.51.100.2"):
            more = f"X-Forwarded-For: 10.9.8.7, {client}\r\n".encode()
            assert [ask(place, more=more) for _ in range(4)] == [400] * 3 + [429]


def test_a_proxy_that_was_not_named_is_told_of_once(store: Store) -> None:
    said: list[str] = []
    made = Witness(store, watched(), [WITNESSES["oea"]], time.time)
    with running(witness_app(made, Rate(100), None, said.append)) as url:
        place = urlsplit(url).hostname or "", urlsplit(url).port or 0
        for _ in range(3):
            ask(place, more=b"X-Forwarded-For: 198.51.100.1\r\n")
    assert len(said) == 1
    assert "start with --trusted-proxy 127.0.0.1" in said[0]


def test_the_guide_states_the_limits_that_hold() -> None:
    limits = Limits()
    text = (Path(__file__).resolve().parents[2] / "docs/guide/run-a-witness.md").read_text("utf-8")
    for stated in (
        f"| the head of a request | {limits.head_seconds} seconds from",
        f"before; {MAX_HEAD // 1024} KiB |",
        f"| the body of a request | {BODY_SECONDS} seconds, {MAX_BODY // 1024} KiB |",
        f"the end of the answer | {limits.exchange_seconds} seconds",
        f"| connections of one client | {limits.per_client};",
        f"| connections in all | {limits.connections};",
        f"Behind them {limits.waiting:,} more",
        f"| entries of a log | {MOST_ENTRIES:,} (`most`)",
    ):
        assert stated in text


# Where it listens.


def test_it_says_where_it_listens_once_it_does(store: Store) -> None:
    connections = Connections(Limits())
    answered: list[int] = []
    with listen("127.0.0.1", 0, connections) as listener:
        place = listener.getsockname()[:2]

        def ready() -> None:
            with closing(connected(place)):
                answered.append(1)

        made = Witness(store, watched(), [WITNESSES["oea"]], time.time)
        server = server_of(witness_app(made, Rate(5)), connections, ready)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 10
        while not answered and time.monotonic() < deadline:
            time.sleep(0.01)
        server.should_exit = server.force_exit = True
        thread.join(10)
    assert answered == [1]


def test_an_address_that_is_taken_or_is_none() -> None:
    with listen("127.0.0.1", 0, Connections(Limits())) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(LogError, match=f"nothing can listen at 127.0.0.1 port {port}: Address already in use"):
            listen("127.0.0.1", port, Connections(Limits()))
    for host in ("no such host.invalid", "192.0.2.1", "x" * 300):
        with pytest.raises(LogError, match="nothing can listen"):
            listen(host, 0, Connections(Limits()))


def test_ipv6(store: Store) -> None:
    try:
        listener = listen("::1", 0, Connections(Limits()))
    except LogError:
        pytest.skip("this machine has no IPv6")
    with listener, closing(socket.create_connection(listener.getsockname()[:2], 5)):
        taken, address = listener.accept()
        taken.close()
        assert isinstance(address, tuple)
        assert client_of(address[0]) == "::/64"
