"""One HTTP request with an end: a limit of bytes, and a limit of seconds that holds for the whole of it."""

import http.client
import threading
import zlib
from dataclasses import dataclass
from urllib.parse import urlsplit

from veedor.record.errors import LogError

CHUNK = 1 << 16


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a server answered. body: at most as many bytes as were asked for."""

    status: int
    content_type: str
    body: bytes


def ask(method: str, url: str, *, body: bytes | None = None, seconds: float, limit: int) -> Answer:
    """One request, no redirects, no proxies. LogError if it cannot be had within so many seconds and bytes.

    The socket's own timeout begins anew with every byte, so a server that sends a byte now and then would hold us for
    ever: the request runs in a thread of its own that is given up when the time is over.
    """
    outcome: list[Answer | Exception] = []

    def work() -> None:
        try:
            outcome.append(_ask(method, url, body, seconds, limit))
        except Exception as error:
            outcome.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    match outcome:
        case [Answer() as answer]:
            return answer
        case [LogError() as error]:
            raise error
        case [TimeoutError()] | []:
            raise LogError(f"{url} did not answer within {seconds:g} seconds")
        case [error]:
            raise LogError(f"{url} cannot be reached: {error}") from None
    raise AssertionError("a thread leaves one outcome at most")


def _ask(method: str, url: str, body: bytes | None, seconds: float, limit: int) -> Answer:
    parts = urlsplit(url)
    kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
    if parts.scheme not in kinds or not parts.hostname:
        raise LogError(f"not an http or https address: {url[:100]!r}")
    connection = kinds[parts.scheme](parts.hostname, parts.port, timeout=seconds)
    try:
        headers = {"Accept-Encoding": "gzip, identity", "User-Agent": "veedor"}
        connection.request(method, parts.path or "/", body=body, headers=headers)
        response = connection.getresponse()
        data = response.read(limit + 1)
        if response.headers.get("Content-Encoding") == "gzip":
            data = zlib.decompressobj(31).decompress(data, limit + 1)
        if len(data) > limit:
            raise LogError(f"{url} sends more than {limit} bytes")
        return Answer(status=response.status, content_type=response.headers.get_content_type(), body=data)
    finally:
        connection.close()
