"""A witness on HTTP (the extra `veedor[witness]`), with limits of size, time and rate; and a log, to try things out."""

import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

import anyio
import uvicorn
from anyio import to_thread
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from veedor.record.errors import MalformedError, RecordError
from veedor.record.source import CHECKPOINT, Folder
from veedor.record.tiles import parse_tile_path
from veedor.record.verify import MAX_ENTRY
from veedor.record.witness import PLAIN, Reply, Witness

MAX_BODY = 1 << 18
"""A request to a witness is 63 proof lines and a checkpoint; 256 KiB leave room for dozens of ML-DSA-44 signatures."""
BODY_SECONDS = 10
CLIENTS = 10_000


class Rate:
    """So many requests a minute for each client, in bursts of as many."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute, self.clock = per_minute, clock
        self._clients: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, client: str) -> bool:
        """Whether this client may ask now. Forgets the longest silent of more than 10,000 clients."""
        now = self.clock()
        tokens, before = self._clients.pop(client, (float(self.per_minute), now))
        tokens = min(self.per_minute, tokens + (now - before) * self.per_minute / 60)
        self._clients[client] = (tokens - 1 if tokens >= 1 else tokens, now)
        if len(self._clients) > CLIENTS:
            self._clients.popitem(last=False)
        return tokens >= 1


def witness_app(witness: Witness, rate: Rate) -> ASGIApp:
    """POST /add-checkpoint and GET /<hex SHA-256 of the origin>/checkpoint."""

    async def add_checkpoint(request: Request) -> Response:
        if not rate.allows(request.client.host if request.client else ""):
            return _response(Reply(status=429, body="too many requests; try again in a minute\n"))
        body = b""
        try:
            with anyio.fail_after(BODY_SECONDS):
                async for chunk in request.stream():
                    body += chunk
                    if len(body) > MAX_BODY:
                        return _response(Reply(status=413, body=f"a request has at most {MAX_BODY} bytes\n"))
        except (TimeoutError, ClientDisconnect):
            return _response(Reply(status=408, body="the request did not come in time\n"))
        return _response(await to_thread.run_sync(witness.add_checkpoint, body))

    async def latest(request: Request) -> Response:
        if not rate.allows(request.client.host if request.client else ""):
            return _response(Reply(status=429, body="too many requests; try again in a minute\n"))
        return _response(await to_thread.run_sync(witness.latest, request.path_params["origin_hash"]))

    return Starlette(
        routes=[
            Route("/add-checkpoint", add_checkpoint, methods=["POST"]),
            Route("/{origin_hash}/checkpoint", latest, methods=["GET"]),
        ]
    )


def log_app(folder: Path) -> ASGIApp:
    """A log's folder with the headers that tlog-tiles asks for. Any web server that publishes the folder will do."""
    source = Folder(folder)

    async def checkpoint(request: Request) -> Response:
        return await answer(CHECKPOINT, PLAIN, "max-age=5")

    async def tile(request: Request) -> Response:
        try:
            path = parse_tile_path("tile/" + request.path_params["path"]).path
        except MalformedError as error:
            return Response(f"{error}\n", 404, media_type="text/plain")
        return await answer(path, "application/octet-stream", "public, max-age=31536000, immutable")

    async def answer(path: str, content_type: str, cache: str) -> Response:
        try:
            data = await to_thread.run_sync(source.read, path, 256 * (MAX_ENTRY + 2))
        except RecordError:
            return Response("not here\n", 404, media_type="text/plain")
        return Response(data, headers={"Content-Type": content_type, "Cache-Control": cache})

    return Starlette(routes=[Route("/checkpoint", checkpoint), Route("/tile/{path:path}", tile)])


def serve(app: ASGIApp, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until interrupted. port 0 takes a free one; ready is told the address once it listens."""
    config = uvicorn.Config(
        app, host=host, port=port, log_level="warning", access_log=False, limit_concurrency=256, timeout_keep_alive=10
    )
    socket = config.bind_socket()
    shown = f"[{host}]" if ":" in host else host
    ready(f"http://{shown}:{socket.getsockname()[1]}")
    uvicorn.Server(config).run(sockets=[socket])


def _response(reply: Reply) -> Response:
    headers = {"Content-Type": reply.content_type, "Cache-Control": "no-store"}
    return Response(reply.body, status_code=reply.status, headers=headers)
