"""A log's folder as somebody else publishes it: read, proved from, watched, and taken for what it says."""

import datetime as dt
import itertools
import json
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from tests.fuzz.mutate import folder, one_of, raw, signed, tree
from tests.fuzz.overlay import Files, bytes_of, content, files_in, folder_with, smaller
from tests.fuzz.target import Mutator, Target, require
from tests.fuzz.targets.record import signatures

NOW = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
SIZE = 260
"""Entries: more than a tile has."""


def sheets(count: int = SIZE) -> list[dict[str, Any]]:
    """What the stations of the small election say, as entries are made of."""
    return [
        {
            "type": "sheet",
            "election": "small",
            "contest": "mayor",
            "count": "official",
            "station": str(number),
            "place": ["Norte", "Escuela"],
            "votes": {"red": number % 90, "blue": 7},
            "blank": 1,
            "null": 0,
            "published": "2026-03-01T20:00:00-04:00",
        }
        for number in range(1, count + 1)
    ]


def entries(of: Sequence[dict[str, Any]]) -> list[bytes]:
    """The entries."""
    from veedor.canonical import canonical_json

    return [canonical_json(sheet) for sheet in of]


def log_of(made: Sequence[bytes]) -> Files:
    """The files of a log with these entries."""
    from tests.record.world import log_at

    with tempfile.TemporaryDirectory() as home:
        return files_in(log_at(Path(home) / "log", made))


@cache
def log_files() -> Files:
    """The log, and the policy that it asks to be verified under."""
    from tests.record.world import LOG_KEY

    return {**log_of(entries(sheets())), "policy": f"log {LOG_KEY.public}\nquorum none\n".encode()}


def _run_log(data: bytes) -> object:
    """Everything that is asked of a log's folder; each question alone, as a fault may hide the next."""
    from veedor.ledger.ledger import read_ledger, receipt_names
    from veedor.record.errors import RecordError
    from veedor.record.log import checkpoints_of, read_head
    from veedor.record.merkle import consistency_proof
    from veedor.record.reader import node_reader, verified_entries
    from veedor.record.receipts import make_receipt
    from veedor.record.source import Folder, read_checkpoint
    from veedor.record.verify import parse_checkpoint, parse_note

    with folder_with(log_files(), data) as home:
        source = Folder(home)

        def head() -> Any:
            return parse_checkpoint(parse_note(read_checkpoint(source)).text)

        def ledger() -> object:
            found = read_ledger(verified_entries(source, head()))
            return [found.totals(*key[1:3]) for key in found.standing], receipt_names(found)

        def proof() -> object:
            size = head().size
            return consistency_proof(7, size, node_reader(source, size)) if size >= 7 else []

        questions = (
            lambda: read_head(home),
            lambda: checkpoints_of(home),
            ledger,
            lambda: make_receipt(source, 3),
            lambda: make_receipt(source, SIZE - 1),
            proof,
        )
        refused = []
        for question in questions:
            try:
                question()
            except RecordError as error:
                refused.append(error)
    if refused:
        raise refused[0]
    return None


def _run_document(data: bytes) -> object:
    """The log beside a published count, as a dossier shows it."""
    from tests.sheets.small import CSV, election
    from veedor.document import as_json
    from veedor.ledger.document import record_document
    from veedor.sheets.dataset import in_memory
    from veedor.sheets.read import read_series

    elected = election()
    with folder_with({"sheets.csv": CSV.encode()}) as home:
        series = read_series(elected, elected.contests[0], elected.counts[0], home)
    with folder_with(log_files(), data) as home:
        document = record_document(home, in_memory(elected, [series]))
    return json.dumps(as_json(document), allow_nan=False)


def _run_watch(data: bytes) -> object:
    """A watcher who holds a copy of the first 200 entries looks at the log; then looks once more."""
    from veedor.ledger.ledger import difference_between, growth_in_words, read_ledger
    from veedor.record.monitor import Monitor
    from veedor.record.source import Folder
    from veedor.record.verify import parse_policy

    rules = parse_policy(log_files()["policy"])
    with folder_with(log_files(), data) as home, folder_with(_copy()) as copy:
        from veedor.record.monitor import Sentence

        monitor = Monitor(
            source=Folder(home),
            policy=rules,
            copy=copy,
            silence=dt.timedelta(minutes=5),
            describe=lambda before, now: Sentence(
                difference_between(before, now).en, difference_between(before, now).es
            ),
        )
        taken: list[bytes] = []
        first = monitor.look(NOW, taken.append)
        again = monitor.look(NOW + dt.timedelta(seconds=1))
    ledger = read_ledger(taken)
    growth_in_words(ledger, 200 if first.before else 0, None)
    kinds = {alarm.kind for alarm in first.alarms}
    require(kinds <= {alarm.kind for alarm in again.alarms} or "silence" in kinds, "what was wrong is so still at once")
    return sorted(kinds)


@cache
def _copy() -> Files:
    """The watcher's copy: a log of the first entries, and when it was seen."""
    made = log_of(entries(sheets())[:200])
    return {**made, "seen.json": b'{"200": "2026-03-01T00:00:00+00:00"}'}


def _run_copy(data: bytes) -> object:
    """The watcher's own copy was spoiled."""
    from veedor.record.monitor import Monitor
    from veedor.record.source import Folder
    from veedor.record.verify import parse_policy

    with folder_with(log_files()) as home, folder_with(_copy(), data) as copy:
        return Monitor(source=Folder(home), policy=parse_policy(log_files()["policy"]), copy=copy).look(NOW)


def _note(data: bytes, rng: Random) -> bytes:
    return one_of((1.0, signed.lines()), (2.0, signed.signed_again(signatures)))(data, rng)


def _other_log(data: bytes, rng: Random) -> bytes:
    """A log that is sound, but whose sheets say what nobody would publish."""
    made = sheets(rng.choice((1, 3, SIZE)))
    changed = [tree.changed(sheet, rng) if rng.random() < 0.3 else sheet for sheet in made]
    bodies = [
        json.dumps(sheet, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str) for sheet in changed
    ]
    extra = [rng.randbytes(3), b"", b"{}"] if rng.random() < 0.3 else []
    files = log_of([*(body.encode("utf-8", "replace")[:60_000] for body in bodies), *extra])
    return bytes_of({name: content(each) for name, each in files.items() if log_files().get(name) != each})


def _mutator(seeds: Sequence[bytes]) -> Mutator:
    ways = {
        "checkpoint": _note,
        "log.json": tree.json_tree(),
        "seen.json": tree.json_tree(),
        "policy": signed.lines((b"quorum none", b"group ")),
        "": raw.raw((b"\0\0", b"\xff\xff", b'"votes":')),
    }
    names = ("tile/0/001", "tile/entries/001.p/4", "tile/entries/001", "tile/1/000.p/1", "checkpoint.old")
    overlay = folder.folder(log_files(), ways, names=names)
    return one_of((4.0, overlay), (1.0, _other_log))


def _copy_mutator(seeds: Sequence[bytes]) -> Mutator:
    ways = {"checkpoint": _note, ".json": tree.json_tree(), "": raw.raw()}
    return folder.folder(_copy(), ways)


def _run_ledger(data: bytes) -> object:
    """Entries, a line each: reading them never fails, and what they say is whole numbers."""
    from veedor.document import as_json
    from veedor.ledger.ledger import difference_between, published_at, read_ledger, receipt_names

    lines = data.split(b"\n")
    ledger = read_ledger(lines)
    require(ledger.size == len(lines), "every entry is read, whatever it is")
    for before, now in itertools.pairwise(lines):
        difference_between(before, now)
        published_at(now)
    names = receipt_names(ledger)
    require(len(set(names.values())) == len(names), "no two entries share a receipt's name")
    require(
        not any("/" in name or name.startswith(".") for name in names.values()), "a receipt's name is a file's name"
    )
    return json.dumps([as_json(ledger.totals(*key[1:3])) for key in ledger.standing], allow_nan=False)


def _ledgers() -> list[bytes]:
    made = entries(sheets(3))
    replaced = {**sheets(1)[0], "replaces": {"index": 0, "leaf": "0" * 64}, "reason": "typed wrongly"}
    withdrawn = {
        name: value for name, value in sheets(1)[0].items() if name in ("election", "contest", "count", "station")
    }
    return [b"\n".join([*made, *entries([replaced, {**withdrawn, "type": "withdrawal", "published": "x"}])])]


EMPTY = b"{}"

TARGETS = (
    Target(
        name="log-folder",
        run=_run_log,
        seeds=lambda: [EMPTY],
        mutator=_mutator,
        smaller=smaller,
        most_bytes=60_000,
        weight=2,
        share=25,
    ),
    Target(
        name="log-document",
        run=_run_document,
        seeds=lambda: [EMPTY],
        mutator=_mutator,
        smaller=smaller,
        most_bytes=60_000,
        weight=2,
        share=15,
    ),
    Target(
        name="log-watch",
        run=_run_watch,
        seeds=lambda: [EMPTY],
        mutator=_mutator,
        smaller=smaller,
        most_bytes=60_000,
        weight=2,
        share=15,
    ),
    Target(
        name="watch-copy",
        run=_run_copy,
        seeds=lambda: [EMPTY],
        mutator=_copy_mutator,
        smaller=smaller,
        most_bytes=60_000,
        share=15,
    ),
    Target(
        name="ledger", run=_run_ledger, seeds=_ledgers, mutator=lambda seeds: tree.by_line(tree.json_tree()), share=80
    ),
)
