"""Packed files: gzip, xz, lzma and zip, unpacked within limits."""

from collections.abc import Sequence
from random import Random

from tests.fuzz.mutate import after_choice, archive, chosen, table, with_choices
from tests.fuzz.overlay import folder_with
from tests.fuzz.target import Mutator, Target, require

MOST = 64 * 2**20
"""Bytes unpacked: no input of some kilobytes may come to more here but by a limit's refusal."""


def _run(data: bytes) -> object:
    from veedor.sheets.formats.unpack import read_bytes

    suffix, content = chosen(data, archive.PACKINGS)
    name = f"sheets.csv{suffix}"
    with folder_with({name: content}) as folder:
        first = read_bytes(folder / name, name, lines=True)
        require(read_bytes(folder / name, name, lines=True) == first, "the same file unpacks to the same bytes")
    whole = archive.unpacked(suffix, content)
    if whole is not None and len(archive.members_of(content)) in (0, 1):
        require(first == whole or suffix in (".xz", ".lzma"), "a packed file unpacks as the standard library does it")
    return first


def _seeds() -> list[bytes]:
    from tests.sheets.small import CSV

    plain = CSV.encode()
    packed = {suffix: [archive.packed(suffix, plain)] for suffix in archive.PACKINGS}
    packed[".gz"].append(archive.packed(".gz", b"a" * 100_000 + b"\n"))
    packed[".xz"].append(packed[".xz"][0] * 2)
    packed[".zip"].append(archive.zip_of([("README", b"x"), ("data/sheets.csv", plain)]))
    return with_choices(archive.PACKINGS, packed)


def _mutator(seeds: Sequence[bytes]) -> Mutator:
    ways = {suffix: archive.repacked(suffix, table.table()) for suffix in archive.PACKINGS}
    ways[".zip"] = archive.zipped({"": table.table()}, ("sheets.csv", "../x", "/x"))

    def inner(data: bytes, rng: Random) -> bytes:
        kinds = {b"\x1f\x8b": ".gz", b"\xfd7": ".xz", b"PK": ".zip"}
        return ways[kinds.get(data[:2], ".lzma")](data, rng)

    return after_choice(len(archive.PACKINGS), inner)


TARGETS = (Target(name="packed", run=_run, seeds=_seeds, mutator=_mutator, share=80),)
