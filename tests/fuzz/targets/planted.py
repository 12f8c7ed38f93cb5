"""Targets that fail on purpose: the harness must find each fault, keep it, make it small, and go on."""

import os
import time

from tests.fuzz.mutate import raw
from tests.fuzz.target import Target, require


def _raises(data: bytes) -> object:
    if b"\xff" in data:
        raise KeyError("planted")
    return None


def _breaks(data: bytes) -> object:
    require(data.count(b"A") < 3, "fewer than three of them")
    return None


def _hangs(data: bytes) -> object:
    if b"\xff" in data:
        time.sleep(3600)
    return None


def _dies(data: bytes) -> object:
    if b"\xff" in data:
        os.abort()
    return None


def _eats(data: bytes) -> object:
    return bytearray(8 << 30) if b"\xff" in data else None


def _fails_to_begin() -> list[bytes]:
    raise RuntimeError("planted: no seeds")


_SEEDS = [b"harmless input", b"another"]

PLANTED = {
    f"planted-{name}": Target(
        name=f"planted-{name}", run=run, seeds=lambda: _SEEDS, mutator=lambda seeds: raw.raw((b"\xff", b"AAA"))
    )
    for name, run in (("raise", _raises), ("break", _breaks), ("hang", _hangs), ("death", _dies), ("memory", _eats))
}
PLANTED["planted-start"] = Target(
    name="planted-start", run=_raises, seeds=_fails_to_begin, mutator=lambda seeds: raw.raw()
)
