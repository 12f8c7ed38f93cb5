"""The process that tries given inputs of targets, one after the other, and says how each ended.

    python -m tests.fuzz.replay TARGET FILE...            one line of JSON a file, `now` before each
    python -m tests.fuzz.replay --share SEED TARGET...    the targets' seeds and some changed inputs: no finds, no lines
    python -m tests.fuzz.replay --shrink SECONDS TARGET FILE    the file's find made smaller, in its place

A process that an input ends tells, by the last `now`, which one it was.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any

from tests.fuzz.judge import Ending, judge
from tests.fuzz.limits import SECONDS, Watch, limit_memory
from tests.fuzz.shrink import shrunk
from tests.fuzz.target import Target
from tests.fuzz.targets import target_named
from tests.fuzz.worker import LOADING


def main(arguments: Sequence[str]) -> None:
    """Try what is asked."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.replay")
    parser.add_argument("--share", type=int)
    parser.add_argument("--shrink", type=float)
    parser.add_argument("names", nargs="+")
    asked = parser.parse_args(arguments)
    if asked.share is not None:
        for name in asked.names:
            _share(target_named(name), asked.share)
    elif asked.shrink is not None:
        _shrink(target_named(asked.names[0]), Path(asked.names[1]), asked.shrink)
    else:
        _replay(asked.names)


def _replay(names: Sequence[str]) -> None:
    """names: TARGET FILE, and more such pairs."""
    watch = Watch()
    for number, (name, file) in enumerate(zip(names[::2], names[1::2], strict=True)):
        target = target_named(name)
        if number == 0:
            _load(target)
        _say(now=file)
        watch.lives()
        _say(file=file, **_told(judge(target, Path(file).read_bytes())))
    watch.rests()


def share_of(target: Target, seed: int) -> Iterator[bytes]:
    """Every seed, and changed inputs, the same in every run."""
    seeds = list(target.seeds())
    yield from seeds
    mutate = target.mutator(seeds)
    rng = Random(f"{target.name} {seed}")
    for _ in range(target.share):
        data = mutate(rng.choice(seeds), rng)
        while rng.random() < 0.3:
            data = mutate(data, rng)
        yield data[: 2 * target.most_bytes]


def _share(target: Target, seed: int) -> None:
    watch, loading = Watch(), Watch(LOADING * SECONDS)
    tried = 0
    for data in share_of(target, seed):
        _say(now=target.name)
        (watch if tried else loading).lives()
        ending = judge(target, data)
        tried += 1
        if not ending.allowed:
            _say(target=target.name, input=data.decode("latin-1"), **_told(ending))
    watch.rests()
    _say(done=target.name, tried=tried)


def _load(target: Target) -> None:
    """Load what the target needs, which may take long, before memory is limited."""
    watch = Watch(LOADING * SECONDS)
    watch.lives()
    judge(target, target.seeds()[0])
    watch.rests()
    limit_memory()


def _shrink(target: Target, path: Path, seconds: float) -> None:
    _load(target)
    watch = Watch()
    watch.lives()
    data = path.read_bytes()
    way = judge(target, data).way

    def same(candidate: bytes) -> bool:
        watch.lives()
        return judge(target, candidate).way == way

    path.write_bytes(shrunk(data, same, seconds=seconds, smaller=target.smaller))
    watch.rests()


def _told(ending: Ending) -> dict[str, Any]:
    return {**asdict(ending), "way": ending.way}


def _say(**said: Any) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
