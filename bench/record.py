"""The record: a national log appended, tiled and signed; all receipts of a real count; hashing against bare hashlib."""

import sys
import tempfile
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from bench.data import STATIONS, bolivia_2019
from bench.measure import Result, Skip, against_limit, paired, process
from veedor.election.read import read_election
from veedor.ledger.entry import sheets_of
from veedor.ledger.ledger import Ledger, entries_for
from veedor.record.keys import new_key
from veedor.record.log import append_entries, create_log
from veedor.record.merkle import leaf_hash, root_of_hashes
from veedor.record.receipts import make_receipt, make_receipts, write_receipts
from veedor.record.source import Folder
from veedor.record.verify import ED25519, parse_policy, verify_receipt
from veedor.sheets.read import read_sheets

ORIGIN = "bench.example/log"
HASHED = 200_000
VERIFIED = 500


def entries(count: int) -> Iterator[bytes]:
    """Entries of the size of a Bolivian sheet's."""
    for number in range(count):
        yield b'{"blank":3,"station":"%08d","votes":{"A":%d,"B":%d}}' % (number, number % 211, number % 97) + b" " * 200


def national(folder: Path) -> None:
    """What the first benchmark times: a whole process, from nothing to the signed checkpoint."""
    key = new_key(ORIGIN, ED25519)
    create_log(folder, ORIGIN, [key])
    checkpoint = append_entries(folder, entries(STATIONS), [key])
    assert checkpoint.size == STATIONS


def bare(made: list[bytes]) -> bytes:
    """The root by nothing but a loop over hashlib: every leaf, then every pair of nodes."""
    level = [sha256(b"\0" + entry).digest() for entry in made]
    while len(level) > 1:
        above = [sha256(b"\1" + level[at] + level[at + 1]).digest() for at in range(0, len(level) - 1, 2)]
        level = above + level[len(above) * 2 :]
    return level[0]


def ours(made: list[bytes]) -> bytes:
    """The same root by the record's own functions."""
    return root_of_hashes([leaf_hash(entry) for entry in made])


def _national() -> list[Result]:
    with tempfile.TemporaryDirectory() as name:
        code = "import sys; from pathlib import Path; from bench.record import national; national(Path(sys.argv[1]))"
        done = process([sys.executable, "-c", code, f"{name}/log"])
    work = f"{STATIONS:,} entries appended, tiled and signed"
    return [
        against_limit(work, done.seconds, 30),
        against_limit(f"peak memory, {work}", done.memory, 1, "GB"),
    ]


def _hashing() -> list[Result]:
    made = list(entries(HASHED))
    assert bare(made) == ours(made)
    mine, theirs = paired(lambda: ours(made), lambda: bare(made))
    what = f"leaves and nodes of {HASHED:,} entries"
    return [Result(what=what, ours=mine, theirs=theirs, peer="bare hashlib loop", most=1 / 0.6)]


def _receipts() -> list[Result]:
    data = bolivia_2019()
    election = read_election("bolivia-2019")
    contest, count = election.contests[0], election.counts[-1]
    sheets = read_sheets(election, contest, count, data)
    scope = (election.id, contest.id, count.id)
    content = sheets_of(sheets.table, election, contest)
    key = new_key(ORIGIN, ED25519)
    policy = parse_policy(f"log {key.public}\nquorum none\n".encode())
    with tempfile.TemporaryDirectory() as name:
        log = Path(name) / "log"
        create_log(log, ORIGIN, [key])
        size = append_entries(log, entries_for(content, Ledger(), sheets.when.isoformat(), scope=scope), [key]).size
        names = {index: str(index) for index in range(size)}
        start = time.perf_counter()
        done = write_receipts(Path(name) / "receipts", make_receipts(Folder(log)), names)
        seconds = time.perf_counter() - start
        one = bytes(make_receipt(Folder(log), size // 2))
    verify_receipt(one, policy)
    start = time.perf_counter()
    for _ in range(VERIFIED):
        verify_receipt(one, policy)
    each = (time.perf_counter() - start) / VERIFIED
    return [
        against_limit(f"all {done:,} receipts of bolivia-2019 as files", seconds, 5),
        against_limit(f"verifying one receipt (mean of {VERIFIED})", each, 0.001),
    ]


def run() -> list[Result]:
    results = [*_national(), *_hashing()]
    try:
        return [*results, *_receipts()]
    except Skip as reason:
        sys.stderr.write(f"record, receipts: {reason}\n")
        return results
