"""Logs without an end, or with less than they had: a look ends within its limits, with one sentence."""

import gzip
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from tests.record.world import LOG_KEY, ORIGIN, entries, log_at, signed
from veedor.cli import application
from veedor.cli.record.watch import look
from veedor.errors import VeedorError
from veedor.record import budget
from veedor.record.budget import Budget, LimitError
from veedor.record.errors import DamagedError, LogError
from veedor.record.log import append_entries, create_log
from veedor.record.monitor import Kind, Look, Monitor
from veedor.record.reader import MOST_FAULTS, faults, verified_entries
from veedor.record.source import Address, Folder, Source
from veedor.record.verify import Checkpoint, Note, parse_checkpoint, parse_note, parse_policy

ALONE = f"log {LOG_KEY.public}\nquorum none\n".encode()
NOW = datetime(2019, 10, 20, 23, 40, 57, tzinfo=UTC)
HUGE = 2**62


def huge(size: int = HUGE) -> bytes:
    """A checkpoint of this many entries that the log signed."""
    text = str(Checkpoint(origin=ORIGIN, size=size, root=b"r" * 32))
    return str(Note(text=text, signatures=(LOG_KEY.sign(text),))).encode()


LONGEST_BUNDLE = (b"\xff\xff" + b"a" * 65535) * 256
Serve = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def serving(serve: Serve) -> Iterator[str]:
    """A server that does this to every request."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                serve(self)
            except OSError:  # the client has gone
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def give(handler: BaseHTTPRequestHandler, data: bytes, *, packed: bool = False) -> None:
    handler.send_response(200)
    if packed:
        handler.send_header("Content-Encoding", "gzip")
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


def log_of(checkpoint: bytes, tile: Serve) -> Serve:
    """A log with this checkpoint, all of whose tiles and bundles are served so."""

    def serve(handler: BaseHTTPRequestHandler) -> None:
        if handler.path.endswith("checkpoint"):
            give(handler, checkpoint)
        else:
            tile(handler)

    return serve


def endless_body(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"x" * 65536)


def a_byte_now_and_then(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    while True:
        handler.wfile.write(b"x")
        time.sleep(0.05)


def headers_now_and_then(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        handler.wfile.write(b"X-A: b\r\n")
        time.sleep(0.05)


def many_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 5000 + b"\r\n")


def a_long_header(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nx: " + b"y" * 10_000_000 + b"\r\n\r\n")


def nothing(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(5)


def gzip_bomb(handler: BaseHTTPRequestHandler) -> None:
    give(handler, BOMB, packed=True)


def no_gzip(handler: BaseHTTPRequestHandler) -> None:
    give(handler, b"not gzip", packed=True)


def sent_on(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(302)
    handler.send_header("Location", "http://127.0.0.1:9/")
    handler.end_headers()


def cut_short(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    handler.wfile.write(b"abc")


def long_bundles(handler: BaseHTTPRequestHandler) -> None:
    give(handler, LONGEST_BUNDLE if "entries" in handler.path else b"h" * 8192)


def slow_bundles(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(0.1)
    give(handler, SMALL_BUNDLE if "entries" in handler.path else b"h" * 8192)


BOMB = gzip.compress(bytes(1 << 26), 9)
SMALL_BUNDLE = b"\0\1a" * 256

HOSTILE: dict[str, tuple[Serve, list[Kind]]] = {
    "everything has no end": (endless_body, [Kind.UNREACHABLE]),
    "a byte now and then": (a_byte_now_and_then, [Kind.UNREACHABLE]),
    "a header now and then": (headers_now_and_then, [Kind.UNREACHABLE]),
    "five thousand headers": (many_headers, [Kind.UNREACHABLE]),
    "a header of ten million bytes": (a_long_header, [Kind.UNREACHABLE]),
    "no answer": (nothing, [Kind.UNREACHABLE]),
    "sent on": (sent_on, [Kind.UNREACHABLE]),
    "2^62 entries": (log_of(huge(), long_bundles), [Kind.LIMIT]),
    "as many entries as are read, all long": (log_of(huge(1000), long_bundles), [Kind.LIMIT]),
    "as many entries as are read, all slow": (log_of(huge(256_000), slow_bundles), [Kind.LIMIT]),
    "a tile without end": (log_of(huge(1000), endless_body), [Kind.UNREACHABLE]),
    "a tile, a byte now and then": (log_of(huge(1000), a_byte_now_and_then), [Kind.UNREACHABLE]),
    "a tile that unpacks to 64 MiB": (log_of(huge(1000), gzip_bomb), [Kind.UNREACHABLE]),
    "a tile that is no gzip": (log_of(huge(1000), no_gzip), [Kind.UNREACHABLE]),
    "a tile cut short": (log_of(huge(1000), cut_short), [Kind.UNREACHABLE]),
}


def monitor_of(source: Source, copy: Path) -> Monitor:
    return Monitor(source=source, policy=parse_policy(ALONE), copy=copy)


@pytest.mark.slow
@pytest.mark.parametrize("how", HOSTILE)
def test_each_look_ends_within_its_limits_with_one_sentence(how: str, tmp_path: Path) -> None:
    serve, kinds = HOSTILE[how]
    before = threading.active_count()
    with serving(serve) as url:
        start = time.monotonic()
        source = Address(url, seconds=0.5, budget=Budget(entries=256_000, data=40_000_000, seconds=1.5))
        seen = monitor_of(source, tmp_path / "copy").look(NOW)
        assert time.monotonic() - start < 10
    assert [alarm.kind for alarm in seen.alarms] == kinds, seen.alarms
    (alarm,) = seen.alarms
    for sentence in alarm.sentence:
        assert "\n" not in sentence
        assert len(sentence) < 400
    assert not seen.whole
    assert not (tmp_path / "copy" / "checkpoint").exists()
    deadline = time.monotonic() + 5
    while threading.active_count() > before + 1 and time.monotonic() < deadline:
        time.sleep(0.02)  # nobody waits on a server that was given up


def test_the_sentences_name_the_limits(tmp_path: Path) -> None:
    said = []
    for limits, serve in (
        (Budget(), log_of(huge(), long_bundles)),
        (Budget(data=20_000_000), log_of(huge(1000), long_bundles)),
        (Budget(seconds=0.3), log_of(huge(256_000), slow_bundles)),
    ):
        with serving(serve) as url:
            (alarm,) = monitor_of(Address(url, budget=limits), tmp_path / "copy").look(NOW).alarms
            said.append(alarm.sentence)
    assert [sentence.en for sentence in said] == [
        "The log was not read to its end: its checkpoint is of 4,611,686,018,427,387,904 entries, and at most 1,000,000"
        " are read.",
        "The log was not read to its end: it is not read whole after 20,000,000 bytes, the most that are read.",
        "The log was not read to its end: it is not read whole after 0.3 seconds, the most that it is given.",
    ]
    assert said[0].es == (
        "El registro no se leyó hasta el final: su punto de control es de 4.611.686.018.427.387.904 entradas, y se leen"
        " a lo sumo 1.000.000."
    )


MEASURED = """
import sys, time
from veedor.cli import main
start = time.monotonic()
try:
    main()
finally:
    peak = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")]
    print(f"{int(peak[0]) // 1024} {time.monotonic() - start}", file=sys.stderr)
"""
needs_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc to see a program's memory")


def watched(url: str, folder: Path, *options: str) -> tuple[str, int, float]:
    """What `veedor record watch` says, its peak memory in MiB, and its seconds: as a process of its own."""
    (folder / "alone").write_bytes(ALONE)
    arguments = ["record", "watch", url, "--policy", "alone", "--copy", "copy", "--once", *options]
    command = [sys.executable, "-c", MEASURED, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    memory, seconds = done.stderr.split()[-2:]
    return done.stdout, int(memory), float(seconds)


@pytest.mark.slow
@needs_proc
def test_a_log_of_2_to_the_62_costs_a_watcher_next_to_nothing(tmp_path: Path) -> None:
    with serving(log_of(huge(), long_bundles)) as url:
        said, memory, seconds = watched(url, tmp_path)
    assert (memory < 100, seconds < 30) == (True, True), (memory, seconds)
    assert said.count("\n") == 1
    assert (
        "ALARM (limit): The log was not read to its end: its checkpoint is of 4,611,686,018,427,387,904 entries, and at"
        " most 1,000,000 are read; --most-entries, --most-megabytes and --most-seconds set how much is read.\n"
    ) in said


@pytest.mark.slow
@needs_proc
def test_what_is_read_goes_to_disk_and_not_to_memory(tmp_path: Path) -> None:
    """A hundred and seventy megabytes of entries as long as they may be: a look holds a few of the bundles, not all."""
    with serving(log_of(huge(1_000_000), long_bundles)) as url:
        said, memory, _ = watched(url, tmp_path, "--most-megabytes", "170")
    assert "it is not read whole after 170,000,000 bytes" in said
    assert memory < 200
    assert sum(path.stat().st_size for path in (tmp_path / "copy").rglob("*") if path.is_file()) > 130_000_000
    shutil.rmtree(tmp_path / "copy")


def test_the_options_say_the_limits_that_hold() -> None:
    assert (budget.MOST_ENTRIES, budget.MOST_BYTES, budget.MOST_SECONDS) == (1_000_000, 1_000 * 1_000_000, 600)
    command = typer.main.get_command(application())
    watch: Any = command.commands["record"].commands["watch"]  # type: ignore[attr-defined]
    defaults = {option.name: option.default for option in watch.params}
    assert (defaults["most_entries"], defaults["most_megabytes"], defaults["most_seconds"]) == (1_000_000, 1_000, 600)


@pytest.mark.parametrize("command", [["checkpoint"], ["prove", "--all", "--out", "x"], ["prove", "--station", "1"]])
def test_other_commands_read_no_log_without_end_either(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with serving(log_of(huge(), long_bundles)) as url:
        arguments = ["record", command[0], url, *command[1:], *(["--out", "y"] if "--out" not in command else [])]
        if command == ["checkpoint"]:
            arguments = arguments[:3]
        result = CliRunner().invoke(application(), arguments)
    assert isinstance(result.exception, VeedorError), result.output
    assert "of 4,611,686,018,427,387,904 entries, and at most 1,000,000 are read" in str(result.exception)
    assert os.listdir(tmp_path) == []


def test_a_folder_that_claims_2_to_the_62_entries_is_named_and_left(tmp_path: Path) -> None:
    checkpoint = parse_checkpoint(parse_note(huge()).text)
    start = time.monotonic()
    found = faults(Folder(tmp_path), checkpoint)
    assert (len(found), time.monotonic() - start < 10) == (MOST_FAULTS + 1, True)
    assert found[-1].endswith("there may be more: after 1000 such files no others were looked at")
    with pytest.raises(DamagedError, match=r"tile/entries/000 is missing"):
        verified_entries(Folder(tmp_path), checkpoint)


# What a look finds beside damage.


@pytest.fixture
def followed(tmp_path: Path) -> Path:
    """A log of 700 entries that we have a copy of."""
    log = log_at(tmp_path / "log", entries(700))
    assert monitor_of(Folder(log), tmp_path / "copy").look(NOW).alarms == ()
    return log


def again(log: Path, tmp_path: Path) -> Look:
    return monitor_of(Folder(log), tmp_path / "copy").look(NOW + timedelta(minutes=5))


@pytest.mark.parametrize("gone", ["tile", "tile/entries", "tile/0", "tile/entries/000"])
def test_a_rollback_whose_tiles_are_gone_is_a_rollback(gone: str, followed: Path, tmp_path: Path) -> None:
    shorter = log_at(tmp_path / "shorter", entries(600))
    target = shorter / gone
    shutil.rmtree(target) if target.is_dir() else target.unlink()
    seen = again(shorter, tmp_path)
    assert [alarm.kind for alarm in seen.alarms] == [Kind.ROLLBACK, Kind.DAMAGED]
    assert "it had 700 entries on 2019-10-20T23:40:57+00:00, now it has 600" in seen.alarms[0].sentence.en


def test_a_fork_whose_tiles_are_gone_is_a_fork(followed: Path, tmp_path: Path) -> None:
    other = log_at(tmp_path / "other", [*entries(699), b"other"])
    shutil.rmtree(other / "tile")
    assert [alarm.kind for alarm in again(other, tmp_path).alarms] == [Kind.FORK, Kind.DAMAGED]


def test_a_rollback_behind_a_log_too_large_to_read_is_told(followed: Path, tmp_path: Path) -> None:
    shorter = log_at(tmp_path / "shorter", entries(600))
    seen = monitor_of(Folder(shorter, Budget(entries=500)), tmp_path / "copy").look(NOW)
    assert [alarm.kind for alarm in seen.alarms] == [Kind.ROLLBACK, Kind.LIMIT]


@pytest.mark.parametrize("tile", ["tile/0/000", "tile/0/001", "tile/0/002.p/188", "tile/1/000.p/2"])
@pytest.mark.parametrize("harm", ["altered", "cut", "gone"])
@pytest.mark.parametrize("grown", [False, True])
def test_a_hash_tile_that_is_not_what_its_entries_give(
    tile: str, harm: str, grown: bool, followed: Path, tmp_path: Path
) -> None:
    """The entries are as they were: whoever asks for a receipt would get one that proves nothing."""
    if grown:
        append_entries(followed, entries(60, 700), [LOG_KEY])
        tile = tile.replace("188", "248")
    file = followed / tile
    data = file.read_bytes()
    if harm == "gone":
        file.unlink()
    else:
        file.write_bytes(data[:-1] if harm == "cut" else data[:40] + bytes([data[40] ^ 1]) + data[41:])
    seen = again(followed, tmp_path)
    (alarm,) = seen.alarms
    assert (alarm.kind, seen.whole) == (Kind.DAMAGED, True)
    assert tile in alarm.sentence.en
    assert "(its entries are as signed)" in alarm.sentence.en
    assert parse_checkpoint(parse_note((tmp_path / "copy" / "checkpoint").read_bytes()).text).size == 700
    assert len(list((tmp_path / "copy" / "evidence").iterdir())) == 1


def test_a_log_that_breaks_off_leaves_the_copy_as_it_was(followed: Path, tmp_path: Path) -> None:
    append_entries(followed, entries(2000, 700), [LOG_KEY])

    class Breaking(Folder):
        reads = 0

        def read(self, path: str, limit: int) -> bytes:
            self.reads += 1
            if self.reads > 9:
                raise LogError("the line is cut")
            return super().read(path, limit)

    seen = monitor_of(Breaking(followed), tmp_path / "copy").look(NOW)
    assert [alarm.sentence.en for alarm in seen.alarms] == ["The log cannot be read: the line is cut"]
    seen = again(followed, tmp_path)
    assert (seen.alarms, seen.whole) == ((), True)
    assert faults(Folder(tmp_path / "copy"), parse_checkpoint(signed(entries(2700)).text)) == []


def test_a_full_disk_of_ours_is_no_fault_of_the_log(followed: Path, tmp_path: Path) -> None:
    append_entries(followed, entries(10, 700), [LOG_KEY])
    shutil.rmtree(tmp_path / "copy" / "tile" / "1")
    (tmp_path / "copy" / "tile" / "1").write_bytes(b"a file where a folder should be")
    with pytest.raises((LogError, DamagedError), match="copy"):
        again(followed, tmp_path)


def test_evidence_is_what_the_log_signed_and_kept_once(followed: Path, tmp_path: Path) -> None:
    evidence = tmp_path / "copy" / "evidence"
    sound = (followed / "checkpoint").read_bytes()
    (followed / "checkpoint").write_bytes(sound.replace(b"valle", b"walle"))
    for _ in range(3):
        assert [alarm.kind for alarm in again(followed, tmp_path).alarms] == [Kind.NOT_VERIFIED]
    assert not evidence.exists()
    shorter = log_at(tmp_path / "shorter", entries(600))
    note = (shorter / "checkpoint").read_bytes()
    for stranger in (b"", "— x aaaaaaaaaaaa\n".encode(), "— y bbbbbbbbbbbb\n".encode()):
        (shorter / "checkpoint").write_bytes(note + stranger)
        assert [alarm.kind for alarm in again(shorter, tmp_path).alarms] == [Kind.ROLLBACK]
    assert len(list(evidence.iterdir())) == 1


def test_what_is_said_of_a_changed_entry_has_an_end(tmp_path: Path) -> None:
    def sheet(name: str) -> bytes:
        content = {"type": "sheet", "election": "e", "contest": "c", "count": "p", "station": "1", "votes": {}}
        return json.dumps({**content, **{f"{name}{at}": 1 for at in range(4000)}}, sort_keys=True).encode()

    def made(name: str) -> bytes:
        return sheet(name).replace(b", ", b",").replace(b": ", b":")

    log_at(tmp_path / "log", [made("a")])
    log_at(tmp_path / "other", [made("b")])
    (tmp_path / "alone").write_bytes(ALONE)
    places = tmp_path / "alone", tmp_path / "copy"
    assert look(str(tmp_path / "log"), *places, None, None).look.alarms == ()
    changed = look(str(tmp_path / "other"), *places, None, None).look.alarms[-1]
    assert changed.kind is Kind.CHANGED_ENTRY
    assert "characters more)" in changed.sentence.en
    assert len(changed.sentence.en) < 3000


@pytest.mark.slow
def test_more_figures_than_are_added_up(tmp_path: Path) -> None:
    """An entry may hold thousands of choices, each of another name: adding up has an end as well."""
    made = []
    for number in range(40):
        votes = ",".join(f'"{number}-{at:04}":1' for at in range(1000))
        scope = f'{{"contest":"c{number}","count":"p","election":"e","station":"1","type":"sheet"'
        made.append(f'{scope},"votes":{{{votes}}}}}'.encode())
    log = log_at(tmp_path / "log", made)
    (tmp_path / "alone").write_bytes(ALONE)
    places = tmp_path / "alone", tmp_path / "copy"
    watched = look(str(log), *places, None, None, lambda: Budget(entries=1500))
    assert (watched.alarmed, watched.totals, watched.growth) == (True, [], None)
    (alarm,) = watched.look.alarms
    assert alarm.sentence.en.startswith("The log's 40 entries hold more than 30,000 figures: they were not added up;")
    assert alarm.sentence.es.startswith("Las 40 entradas del registro tienen más de 30.000 cifras: no se sumaron;")
    watched = look(str(log), *places, None, None, lambda: Budget(entries=3000))
    assert (watched.alarmed, len(watched.totals)) == (False, 40)


@pytest.mark.slow
def test_thousands_of_contests_are_added_up_at_once(tmp_path: Path) -> None:
    create_log(tmp_path / "log", ORIGIN, [LOG_KEY])
    made = (
        f'{{"contest":"c{number}","count":"p","election":"e","station":"1","type":"sheet","votes":{{"a":1}}}}'.encode()
        for number in range(15_000)
    )
    append_entries(tmp_path / "log", made, [LOG_KEY])
    (tmp_path / "alone").write_bytes(ALONE)
    start = time.monotonic()
    watched = look(str(tmp_path / "log"), tmp_path / "alone", tmp_path / "copy", None, None)
    assert (len(watched.totals), time.monotonic() - start < 10) == (15_000, True)


def test_a_limit_is_an_error_of_the_log_s_making() -> None:
    with pytest.raises(LimitError, match="at most 5 are read"):
        Budget(entries=5).allow(6)
    Budget(entries=5).allow(5)
    now = [0.0]
    limits = Budget(seconds=10, clock=lambda: now[0])
    now[0] = 4
    assert limits.left() == 6
    now[0] = 10
    with pytest.raises(LimitError, match="after 10 seconds"):
        limits.left()
