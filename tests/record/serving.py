"""Servers on loopback for tests: the real witness, and servers that hang, drip, lie or contradict themselves."""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from starlette.types import ASGIApp

from tests.record.world import watched
from veedor.record.keys import SigningKey
from veedor.record.service.clients import Rate
from veedor.record.service.connections import Connections, Limits, listen
from veedor.record.service.server import server_of, witness_app
from veedor.record.service.witness import Store, Witness


@contextmanager
def running(app: ASGIApp, limits: Limits | None = None) -> Iterator[str]:
    """The app as it is really served, on a free port of loopback, in a thread; yields its address."""
    connections = Connections(limits or Limits())
    listening = listen("127.0.0.1", 0, connections)
    ready = threading.Event()
    server = server_of(app, connections, ready.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    assert ready.wait(20)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = server.force_exit = True
    thread.join(10)
    listening.close()


@contextmanager
def witnesses(folder: Path, keys: Mapping[str, SigningKey], clock: Callable[[], float]) -> Iterator[dict[str, str]]:
    """A witness for each key, all watching the log of the world; yields their addresses by name."""
    with _each(folder, list(keys.items()), clock) as urls:
        yield urls


@contextmanager
def _each(folder: Path, keys: list[tuple[str, SigningKey]], clock: Callable[[], float]) -> Iterator[dict[str, str]]:
    if not keys:
        yield {}
        return
    name, key = keys[0]
    store = Store(folder / f"{name}.sqlite")
    witness = Witness(store, watched(), [key], clock)
    with running(witness_app(witness, Rate(10_000))) as url, _each(folder, keys[1:], clock) as others:
        yield {name: url, **others}
    store.close()


@contextmanager
def answering(status: int, body: bytes, content_type: str = "text/plain") -> Iterator[str]:
    """A server that gives every request the same answer."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@contextmanager
def hanging(*, drip: bool) -> Iterator[str]:
    """A server that takes the request and says nothing more; with drip, one byte of a header now and then."""
    listening = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=hold, args=(connection,), daemon=True).start()

    def hold(connection: socket.socket) -> None:
        with connection:
            if drip:
                connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not stop.wait(0.05):
                try:
                    if drip:
                        connection.sendall(b"z")
                except OSError:
                    return

    threading.Thread(target=work, daemon=True).start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    stop.set()
    listening.close()
