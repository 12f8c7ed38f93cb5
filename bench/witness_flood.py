"""A witness and a watcher under attack, against the limits that the guide states.

The witness is the real one, a process of its own. From one address come connections that never end their request's
head, opened anew as they are closed, and a flood of requests; from another an honest log asks for cosignatures. The
watcher looks at a log whose checkpoint, signed, is of 2^62 entries.
"""

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bench.measure import ROOT, Result, Skip, against_limit, process
from veedor.record.keys import SigningKey, format_private_key, new_key
from veedor.record.merkle import leaf_hash, root_of_hashes
from veedor.record.verify import COSIGNATURE, ED25519, Checkpoint, Note

ORIGIN = "bench.example/log"
HALF_OPEN, FLOOD, AT_ONCE, HONEST = 300, 10_000, 100, 110
ATTACKER, HONEST_ADDRESS = "127.0.0.1", "127.0.0.2"


def signed(log: SigningKey, size: int, root: bytes) -> bytes:
    """A checkpoint of that log."""
    text = str(Checkpoint(origin=log.name, size=size, root=root))
    return str(Note(text=text, signatures=(log.sign(text),))).encode()


def request(log: SigningKey) -> bytes:
    """What an honest log sends at first; it may send it again and again, for its size stays."""
    root = root_of_hashes([leaf_hash(b"a sheet")])
    return b"old 0\n\n" + signed(log, 1, root)


@contextmanager
def witness(folder: Path, log: SigningKey, *options: str) -> Iterator[int]:
    """A running witness that watches this log; yields its port, as soon as it says that it listens."""
    key = new_key("w.example/witness", COSIGNATURE)
    (folder / "logs.toml").write_text(f'[[log]]\norigin = "{log.name}"\nkeys = ["{log.public}"]\n')
    command = [sys.executable, "-m", "veedor", "record", "witness", "--logs", "logs.toml", "--state", "state.sqlite"]
    around = {**os.environ, "VEEDOR_RECORD_KEY": format_private_key(key)}
    process = subprocess.Popen(
        [*command, "--port", "0", *options], cwd=folder, env=around, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        yield int(line.rsplit(":", 1)[1])
    finally:
        process.terminate()
        process.wait(20)
        if process.stdout is not None:
            process.stdout.close()


class HalfOpen:
    """Connections whose request's head never ends: a byte now and then, and a new one for each that is closed."""

    def __init__(self, port: int, count: int) -> None:
        self.port, self.count = port, count
        self.open: list[socket.socket] = []
        self.opened = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def __enter__(self) -> "HalfOpen":
        self._fill()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        for one in self.open:
            one.close()

    def _work(self) -> None:
        while not self._over.wait(0.2):
            for one in list(self.open):
                try:
                    one.send(b"x")
                except OSError:
                    one.close()
                    self.open.remove(one)
            self._fill()

    def _fill(self) -> None:
        for _ in range(self.count - len(self.open)):
            with suppress(OSError):
                one = socket.create_connection((ATTACKER, self.port), 2, (ATTACKER, 0))
                one.sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nX-A: ")
                self.open.append(one)
                self.opened += 1


@contextmanager
def flood(port: int, at_once: int, least: int, answers: dict[str, int]) -> Iterator[None]:
    """Requests without pause from one address, as long as the block runs; then how they were answered."""
    command = [sys.executable, "-I", "-S", str(ROOT / "bench" / "_flood.py"), *map(str, (port, at_once, least))]
    running = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield
        said, _ = running.communicate("enough\n", 60)
        answers.update(json.loads(said))
    finally:
        running.kill()
        running.wait()


def ask(port: int, body: bytes, source: str, seconds: float = 10) -> tuple[int, float]:
    """One request from this address, on a connection of its own: status, 0 if there is none, and seconds."""
    start = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds, source_address=(source, 0))
    try:
        connection.request("POST", "/add-checkpoint", body=body)
        answer = connection.getresponse()
        answer.read()
        return answer.status, time.perf_counter() - start
    except (OSError, http.client.HTTPException):
        return 0, time.perf_counter() - start
    finally:
        connection.close()


@dataclass(frozen=True, kw_only=True)
class Attacked:
    """How an honest client fared: the seconds of each request that was served, and how many were not.

    flooded: requests of the attacker, by answer; half_open: its half-open connections, those opened anew too.
    """

    seconds: list[float]
    unserved: int
    flooded: dict[str, int]
    half_open: int

    def quantile(self, share: float) -> float:
        """Seconds within which this share of the requests was served."""
        return sorted(self.seconds)[min(len(self.seconds) - 1, int(share * len(self.seconds)))]


def attack(port: int, log: SigningKey, *, half_open: int, flooded: int, at_once: int, honest: int) -> Attacked:
    """Both attacks at once, and an honest client from another address meanwhile."""
    body = request(log)
    answers: dict[str, int] = {}
    served: list[float] = []
    unserved = 0
    with HalfOpen(port, half_open) as held, flood(port, at_once, flooded, answers):
        time.sleep(0.3)
        for number in range(honest):
            status, seconds = ask(port, body if number == 0 else body.replace(b"old 0", b"old 1"), HONEST_ADDRESS)
            if status == 200:
                served.append(seconds)
            else:
                unserved += 1
    return Attacked(seconds=served, unserved=unserved, flooded=answers, half_open=held.opened)


def can_ask_from(address: str) -> bool:
    """Whether this machine lets a client ask from this address."""
    with socket.socket() as one:
        try:
            one.bind((address, 0))
        except OSError:
            return False
    return True


@contextmanager
def endless_log(checkpoint: bytes) -> Iterator[str]:
    """A log with this checkpoint, all of whose bundles are as long as may be."""
    bundle = (b"\xff\xff" + b"a" * 65535) * 256

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            entries = bundle if "entries" in self.path else bytes(8192)
            data = checkpoint if self.path.endswith("checkpoint") else entries
            with suppress(OSError):
                self.send_response(200)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def _witness(log: SigningKey, half_open: int) -> list[Result]:
    if not can_ask_from(HONEST_ADDRESS):
        raise Skip(f"this machine has no address {HONEST_ADDRESS} to ask from")
    with tempfile.TemporaryDirectory() as name, witness(Path(name), log) as port:
        fared = attack(port, log, half_open=half_open, flooded=FLOOD, at_once=AT_ONCE, honest=HONEST)
    total = sum(fared.flooded.values())
    sys.stderr.write(f"witness_flood: answers to the flood {fared.flooded}, half-open connections {fared.half_open}\n")
    if fared.unserved or total < FLOOD:
        raise RuntimeError(f"{fared.unserved} of {HONEST} honest requests were not served; the flood had {total}")
    work = f"{len(fared.seconds)} cosignatures beside {total:,} requests" + (
        f", {half_open} half-open" * bool(half_open)
    )
    return [
        against_limit(f"{work}: p99", fared.quantile(0.99), 0.3),
        against_limit(f"{work}: slowest", max(fared.seconds), 1),
    ]


def _watcher(folder: Path, log: SigningKey) -> list[Result]:
    (folder / "alone").write_text(f"log {log.public}\nquorum none\n")
    with endless_log(signed(log, 2**62, b"r" * 32)) as url:
        arguments = [
            "record",
            "watch",
            url,
            "--policy",
            str(folder / "alone"),
            "--copy",
            str(folder / "copy"),
            "--once",
        ]
        done = process([sys.executable, "-m", "veedor", *arguments], accepted=(1,))
    if done.output.count("\n") != 1 or "4,611,686,018,427,387,904 entries" not in done.output:
        raise RuntimeError(f"the watcher does not say it in one sentence: {done.output[:2000]}")
    return [
        against_limit("a look at a log of 2^62 entries", done.seconds, 30),
        against_limit("a look at a log of 2^62 entries, peak memory", done.memory * 1000, 100, "MB"),
    ]


def run() -> list[Result]:
    log = new_key(ORIGIN, ED25519)
    with tempfile.TemporaryDirectory() as name:
        return [*_witness(log, HALF_OPEN), *_witness(log, 0), *_watcher(Path(name), log)]
