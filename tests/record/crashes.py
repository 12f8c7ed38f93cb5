"""A process that kills its children with SIGKILL while they append or witness, and checks what they leave behind.

    python -m tests.record.crashes append|witness|steps FOLDER ROUNDS SEED

Prints one line of JSON: rounds, acknowledged (rounds with an acknowledgement), lost, forked. A child is a fork, so that
two hundred of them take seconds. `steps` ends an append just before each of its calls that change the disk.
"""

import json
import os
import random
import secrets
import signal
import struct
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.record.world import LOG_KEY, ORIGIN, WITNESSES, entries, node_of, request, signed, watched
from veedor.record.log import append_entries, checkpoints_of, create_log, read_head
from veedor.record.merkle import consistency_proof, root_of_tree
from veedor.record.reader import all_levels, faults, read_entries
from veedor.record.service.witness import Store, Witness, format_request
from veedor.record.source import Folder
from veedor.record.verify import parse_checkpoint

NUMBERS = struct.Struct(">Q")


def _write(descriptor: int, number: int) -> None:
    os.write(descriptor, NUMBERS.pack(number))


def killed_at(child: Callable[[Callable[[int], None]], None], seconds: float) -> int | None:
    """Run child in a fork, kill it after so many seconds. Returns the last number it acknowledged."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reading)
        try:
            child(lambda number: _write(writing, number))
        finally:
            os._exit(0)
    os.close(writing)
    time.sleep(seconds)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    with os.fdopen(reading, "rb") as stream:
        said = stream.read()
    return NUMBERS.unpack(said[-NUMBERS.size :])[0] if said else None


def after_kills_of_append(folder: Path, delays: Iterator[float]) -> dict[str, int]:
    create_log(folder, ORIGIN, [LOG_KEY])
    rng = random.Random(1)
    counts = {"rounds": 0, "acknowledged": 0, "lost": 0, "forked": 0}

    def child(acknowledge: Callable[[int], None]) -> None:
        size = read_head(folder).checkpoint.size
        while True:
            batch = entries(rng.choice((1, 2, 40, 255)), size)
            size = append_entries(folder, batch, [LOG_KEY]).size
            acknowledge(size)

    for delay in delays:
        rng.seed(counts["rounds"])
        acknowledged = killed_at(child, delay)
        head = read_head(folder).checkpoint  # whose right edge gives its root, or this raises
        counts["rounds"] += 1
        counts["acknowledged"] += acknowledged is not None
        counts["lost"] += acknowledged is not None and head.size < acknowledged
        if counts["rounds"] % 20 == 0:
            counts["forked"] += list(read_entries(Folder(folder), head.size)) != entries(head.size)
    append_entries(folder, entries(3, read_head(folder).checkpoint.size), [LOG_KEY])
    head = read_head(folder).checkpoint
    levels = all_levels(entries(head.size))
    for note in checkpoints_of(folder):  # every checkpoint ever published is how this one began
        published = parse_checkpoint(note.text)
        counts["forked"] += root_of_tree(published.size, lambda level, at: levels[level][at]) != published.root
    counts["forked"] += faults(Folder(folder), head) != []
    counts["lost"] += [path.name for path in folder.glob(".checkpoint*")] != []
    return counts


def after_kills_of_witness(folder: Path, delays: Iterator[float]) -> dict[str, int]:
    folder.mkdir()
    state = folder / "state.sqlite"
    keys = [WITNESSES["oea"]]
    logs = watched()
    steps = 900
    made = entries(steps)
    node = node_of(made)
    notes = [str(signed(made[:size])).encode() for size in range(steps + 1)]
    fork = [b"other", *made[1:]]
    counts = {"rounds": 0, "acknowledged": 0, "lost": 0, "forked": 0}

    def child(acknowledge: Callable[[int], None]) -> None:
        witness = Witness(Store(state), logs, keys, time.time)
        known = witness.store.get(ORIGIN)
        for size in range((known.size if known else 0) + 1, steps):
            old = size - 1
            body = format_request(old, consistency_proof(old, size, node), notes[size])
            if witness.add_checkpoint(body).status == 200:
                acknowledge(size)

    for delay in delays:
        acknowledged = killed_at(child, delay)
        store = Store(state)
        known = store.get(ORIGIN)
        counts["rounds"] += 1
        counts["acknowledged"] += acknowledged is not None
        counts["lost"] += acknowledged is not None and (known is None or known.size < acknowledged)
        if known is not None and known.size + 1 < steps:
            witness = Witness(store, logs, keys, time.time)
            refused = witness.add_checkpoint(request(known.size, fork[: known.size + 1])).status
            counts["forked"] += (
                refused != 422 or parse_checkpoint(known.note.partition("\n\n")[0] + "\n").root != known.root
            )
        store.close()
    return counts


def after_each_step(folder: Path, delays: Iterator[float]) -> dict[str, int]:
    """An append of 300 entries to a log of 250, ended before its first, second, third ... call to the disk."""
    create_log(folder, ORIGIN, [LOG_KEY])
    append_entries(folder, entries(250), [LOG_KEY])
    counts = {"rounds": 0, "acknowledged": 0, "lost": 0, "forked": 0}
    for _ in delays:
        counts["rounds"] += 1
        size = read_head(folder).checkpoint.size
        process = os.fork()
        if process == 0:
            _end_before(counts["rounds"])
            append_entries(folder, entries(300, size), [LOG_KEY])
            os._exit(0)
        ended = os.waitpid(process, 0)[1] == 0
        head = read_head(folder).checkpoint
        counts["forked"] += head.size not in (size, size + 300) or faults(Folder(folder), head) != []
        counts["forked"] += list(read_entries(Folder(folder), head.size)) != entries(head.size)
        if ended:
            counts["acknowledged"] += 1
            counts["lost"] += head.size != size + 300
            break
    return counts


def _end_before(wanted: int) -> None:
    """Let this process end, without clean-up, just before the n-th call that changes the disk."""
    calls = 0

    def counted(function: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == wanted:
                os._exit(9)
            return function(*args, **kwargs)

        return call

    for owner, name in ((os, "fsync"), (os, "replace"), (os, "mkdir"), (Path, "open"), (secrets, "token_hex")):
        setattr(owner, name, counted(getattr(owner, name)))


def main(what: str, folder: str, rounds: str, seed: str) -> None:
    rng = random.Random(int(seed))
    work = {"append": after_kills_of_append, "witness": after_kills_of_witness, "steps": after_each_step}[what]
    sys.stdout.write(json.dumps(work(Path(folder), (rng.uniform(0, 0.025) for _ in range(int(rounds))))))


if __name__ == "__main__":
    main(*sys.argv[1:])
