"""The program as a client of the network: every request has an end in bytes and seconds, and goes where it was sent."""

import http.client
import ipaddress
import socket
import threading
import time
import zlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from io import BufferedWriter, FileIO
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from typing_extensions import Buffer

from veedor.errors import SAID, VeedorError

SILENT_SECONDS = 60
"""How long a server may say nothing while a file is downloaded."""
DOWNLOAD_SECONDS = 4 * 3600
"""How long a download may take in all."""
REDIRECTS = 5


class FetchError(VeedorError):
    """An address cannot be reached, does not answer in time, sends too much, or sends us on to where we do not go."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A server's answer. body: at most as many bytes as were asked for."""

    status: int
    content_type: str
    body: bytes


def ask(method: str, url: str, *, body: bytes | None = None, seconds: float, limit: int) -> Answer:
    """One request, no redirects, no proxies. FetchError if it cannot be had within `seconds` and `limit` bytes.

    The socket's own timeout restarts with every byte, so a server that sends a byte now and then would hold us for
    ever: the request runs in a thread of its own, and when the time is over its connection is cut, which ends it.
    """
    outcome: list[Answer | Exception] = []
    opened: list[socket.socket] = []

    def work() -> None:
        try:
            outcome.append(_ask(method, url, body, seconds, limit, opened))
        except Exception as error:
            outcome.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    ended = list(outcome)
    if not ended:
        for one in opened:
            with suppress(OSError):  # it ended just now
                one.shutdown(socket.SHUT_RDWR)
    match ended:
        case [Answer() as answer]:
            return answer
        case [FetchError() as error]:
            raise error
        case [TimeoutError()] | []:
            raise FetchError(SAID.say("fetch.no_answer", url=url, seconds=f"{seconds:g}"))
        case [error]:
            raise FetchError(SAID.say("fetch.not_reached", url=url, why=str(error))) from None
    raise AssertionError("a thread leaves one outcome at most")


def _ask(
    method: str,
    url: str,
    body: bytes | None,
    seconds: float,
    limit: int,
    opened: list[socket.socket],
) -> Answer:
    parts = urlsplit(url)
    kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
    if parts.scheme not in kinds or not parts.hostname:
        raise FetchError(SAID.say("fetch.no_address", url=repr(url[:100])))
    connection = kinds[parts.scheme](parts.hostname, parts.port, timeout=seconds)
    try:
        connection.connect()
        opened.append(connection.sock)  # the connection itself lets go of it where the answer ends with it
        headers = {"Accept-Encoding": "gzip, identity", "User-Agent": "veedor"}
        connection.request(method, parts.path or "/", body=body, headers=headers)
        response = connection.getresponse()
        data = response.read(limit + 1)
        whole = not response.length  # what of the length announced has not come
        if response.headers.get("Content-Encoding") == "gzip":
            packed = zlib.decompressobj(31)
            data = packed.decompress(data, limit + 1)
            whole = whole and packed.eof
        if len(data) > limit:
            raise FetchError(SAID.say("fetch.too_much", url=url, most=limit))
        if not whole:
            raise FetchError(SAID.say("fetch.breaks_off", url=url))
        return Answer(status=response.status, content_type=response.headers.get_content_type(), body=data)
    finally:
        connection.close()


def download(url: str, path: Path, *, most: int) -> None:
    """Write what the address holds to a new file, through the system's proxies. FetchError; a part may then be there.

    At most `most` bytes. Sent on at most five times, only to http and https addresses, never from https to http, and
    never from an address of the world to one of this machine or its own network.
    """
    import pooch

    if urlsplit(url).scheme.lower() not in ("http", "https"):
        raise FetchError(SAID.say("fetch.no_scheme", url=repr(url[:200])))
    pooch.get_logger().setLevel("ERROR")
    steps: list[str] = []

    def look(response: Any, **_: object) -> None:
        if response.is_redirect:
            steps.append(response.url)
            _check_step(response.url, urljoin(response.url, response.headers["location"]), len(steps))

    with _Limited(path, url, most) as limited:
        try:
            pooch.HTTPDownloader(timeout=SILENT_SECONDS, hooks={"response": look})(url, limited, None)
        except (OSError, ValueError) as problem:  # those of the library are OSErrors
            if getattr(problem, "request", None) is not None and getattr(problem, "response", None) is None:
                host, why = urlsplit(url).netloc, str(_first_cause(problem))
                raise FetchError(SAID.say("fetch.no_network", host=host, why=why)) from problem
            raise FetchError(str(problem)) from problem


def _first_cause(problem: BaseException) -> BaseException:
    """What happened first: the library wraps it several times, each time with the address."""
    while problem.__context__ is not None:
        problem = problem.__context__
    return problem


def _check_step(start: str, to: str, number: int) -> None:
    """Refuse to be sent on to where the first address would not have let us go."""
    before, after = urlsplit(start), urlsplit(to)
    if number > REDIRECTS:
        raise FetchError(SAID.say("fetch.too_many_steps", start=start, most=REDIRECTS))
    if after.scheme not in ("http", "https") or (before.scheme, after.scheme) == ("https", "http"):
        raise FetchError(SAID.say("fetch.less_safe", start=start, to=repr(to[:200])))
    if _of_the_world(before.hostname) and not _of_the_world(after.hostname):
        raise FetchError(SAID.say("fetch.own_network", start=start, to=repr(to[:200])))


def _of_the_world(host: str | None) -> bool:
    """True if a name leads to addresses of the public network only; one that leads nowhere is reached by nobody."""
    try:
        found: Iterable[Any] = socket.getaddrinfo(host, None)
        return all(ipaddress.ip_address(one[4][0].partition("%")[0]).is_global for one in found)
    except (OSError, ValueError, UnicodeError):
        return True


class _Limited(BufferedWriter):
    """A new file that takes no more than `most` bytes, for no longer than a download may take."""

    def __init__(self, path: Path, url: str, most: int) -> None:
        super().__init__(FileIO(path, "wb"))
        self.url = url
        self.most = self.left = most
        self.end = time.monotonic() + DOWNLOAD_SECONDS

    def write(self, chunk: Buffer, /) -> int:
        """Take these bytes too. FetchError beyond the limits."""
        size = memoryview(chunk).nbytes
        self.left -= size
        if self.left < 0:
            raise FetchError(SAID.say("fetch.too_much", url=self.url, most=self.most))
        if time.monotonic() > self.end:
            raise FetchError(SAID.say("fetch.not_done", url=self.url, hours=f"{DOWNLOAD_SECONDS / 3600:g}"))
        return super().write(chunk)
