"""A server on loopback that answers with bytes that are no HTTP."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def answering_with(data: bytes) -> Iterator[str]:
    """The address of a server that answers one request with these bytes and hangs up."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(5)

    def work() -> None:
        with contextlib.suppress(OSError), listening.accept()[0] as connection:
            connection.settimeout(2)
            connection.recv(65536)
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                continue

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        thread.join(3)
        listening.close()
