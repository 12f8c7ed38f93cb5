"""A witness on HTTP (the extra `veedor[witness]`), with limits of size, time and rate; and a log, to try things out."""

import socket
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
from veedor.record.service.clients import Proxies, Rate
from veedor.record.service.connections import Connections, Limits, listen
from veedor.record.service.witness import PLAIN, Reply, Witness
from veedor.record.source import CHECKPOINT, Folder
from veedor.record.tiles import parse_tile_path
from veedor.record.verify import MAX_ENTRY

MAX_BODY = 1 << 18
"""A request to a witness is 63 proof lines and a checkpoint; 256 KiB leave room for dozens of ML-DSA-44 signatures."""
BODY_SECONDS = 10
MAX_HEAD = 1 << 14
TOO_MANY = Reply(status=429, body="too many requests; try again in a minute\n")


def witness_app(
    witness: Witness, rate: Rate, proxies: Proxies | None = None, remark: Callable[[str], None] | None = None
) -> ASGIApp:
    """POST /add-checkpoint and GET /<hex SHA-256 of the origin>/checkpoint. remark: says something to the operator."""
    trusted = proxies or Proxies()
    said: list[str] = []

    def allowed(request: Request) -> bool:
        host = request.client.host if request.client else ""
        forwarded = request.headers.getlist("x-forwarded-for")
        if forwarded and remark is not None and not said and not trusted.hold(host):
            said.append(
                f"{host} asks for others (X-Forwarded-For) and is no proxy that was named: all that it asks counts as"
                f" one client's. If it is your web server, start with --trusted-proxy {host}"
            )
            remark(said[0])
        return rate.allows(trusted.client(host, forwarded))

    async def add_checkpoint(request: Request) -> Response:
        if not allowed(request):
            return _response(TOO_MANY)
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
        if not allowed(request):
            return _response(TOO_MANY)
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


def serve(app: ASGIApp, host: str, port: int, ready: Callable[[str], None], limits: Limits | None = None) -> None:
    """Serve until interrupted. port 0 takes a free one; ready is told the address once connections are taken up."""
    connections = Connections(limits or Limits())
    with listen(host, port, connections) as listener:
        shown = f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{listener.getsockname()[1]}"
        server_of(app, connections, lambda: ready(address)).run(sockets=[listener])


def server_of(app: ASGIApp, connections: Connections, ready: Callable[[], None]) -> uvicorn.Server:
    """uvicorn with these limits on connections. ready is called once it takes them up."""
    limits = connections.limits

    class Announcing(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            for one in sockets or []:  # the event loop has set how many wait to how many it takes up in one go
                one.listen(limits.waiting)
            if self.started:
                ready()

    return Announcing(
        uvicorn.Config(
            app,
            http=connections.protocol,  # type: ignore[arg-type]  # called as a class is
            ws="none",
            lifespan="off",
            proxy_headers=False,  # whom a proxy asks for is `clients`' matter, and only of those that were named
            log_level="error",
            access_log=False,
            backlog=limits.at_once,
            h11_max_incomplete_event_size=MAX_HEAD,
            timeout_keep_alive=10,
        )
    )


def _response(reply: Reply) -> Response:
    headers = {"Content-Type": reply.content_type, "Cache-Control": "no-store"}
    return Response(reply.body, status_code=reply.status, headers=headers)
