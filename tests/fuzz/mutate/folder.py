"""Changes to folders: of files by what they are, of names and kinds; and the hashes and signatures made to fit again.

A folder whose files name each other by their hashes refuses nearly every change at once. So half of the changed folders
are mended as somebody would who holds the keys: each hash of a changed file is replaced wherever it stands, and what
was signed is signed again. What is read behind the hashes is reached so.
"""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from random import Random

from tests.fuzz.mutate import raw
from tests.fuzz.overlay import Change, Changes, Files, bytes_in, bytes_of, changes_of, content
from tests.fuzz.target import Mutator

Resign = Callable[[bytes, bytes], bytes | None]
"""A signature made anew: as it was, and the text that it is to be under now; None where no key of ours made it."""

SIGNED = ("", ".txt", ".json", ".csv")
"""What a file may end in whose signature lies beside it, under the same name and `.sig`."""

LINKS = ("/etc/passwd", "../x", ".", "..", "/dev/zero", "/etc", "plan.json", "x")
MENDINGS = 8


def folder(
    base: Files, ways: Mapping[str, Mutator], *, resign: Resign | None = None, names: Sequence[str] = ()
) -> Mutator:
    """ways: how a file is changed, by the end of its name, the first that fits. names: of files that may be added."""
    known = sorted(base)

    def mutate(data: bytes, rng: Random) -> bytes:
        changes = changes_of(data)
        if changes and rng.random() < 0.2:
            del changes[rng.choice(sorted(changes))]
        for _ in range(rng.choice((1, 1, 1, 2))):
            name = rng.choice(sorted(changes) if changes and rng.random() < 0.3 else known)
            _change(changes, name, base, ways, (*known, *names), rng)
        return bytes_of(mended(base, changes, resign) if rng.random() < 0.5 else changes)

    return mutate


def _change(
    changes: Changes, name: str, base: Files, ways: Mapping[str, Mutator], known: Sequence[str], rng: Random
) -> None:
    before = bytes_in(changes[name]) if name in changes else base.get(name)
    match rng.randrange(24):
        case 0:
            changes[name] = "removed"
        case 1:
            others: list[Change] = ["pipe", "folder", *({"link": to} for to in LINKS)]
            changes[name] = rng.choice(others)
        case 2:
            changes[name] = content(base[rng.choice(sorted(base))])
        case 3:
            changes[_another(name, known, rng)] = content(before or b"")
        case 4:
            other = _another(name, known, rng)
            changes[other], changes[name] = content(before or b""), "removed"
        case _:
            way = next((way for end, way in ways.items() if name.endswith(end)), None) or raw.raw()
            changes[name] = content(way(before or b"", rng))


def _another(name: str, known: Sequence[str], rng: Random) -> str:
    """Another file's name, or one made of this one."""
    stem, dot, end = name.rpartition(".")
    made = (f"{name}.bak", f"{name}/x", f".{name}", name.upper(), f"{stem}2{dot}{end}", f"x/{name}", ".htaccess")
    other = rng.choice((*known, *made, raw.text(name, rng).replace("\0", "")))
    return raw.number(other.encode(), rng).decode("utf-8", "replace") if rng.random() < 0.2 else other


def mended(base: Files, changes: Changes, resign: Resign | None) -> Changes:
    """The changes, with every hash of a changed file replaced in the others, and what was signed signed again."""
    source = dict(base)
    for name, change in changes.items():
        data = bytes_in(change)
        if data is None:
            source.pop(name, None)
        else:
            source[name] = data
    files = source
    for _ in range(MENDINGS):  # a file names one that names another: as often as the longest chain has links
        new = _fitted(base, source, files, resign)
        if new == files:
            break
        files = new
    altered: dict[str, Change] = {name: content(data) for name, data in files.items() if base.get(name) != data}
    kept = {name: change for name, change in changes.items() if bytes_in(change) is None}
    return {**altered, **kept}


def _fitted(base: Files, source: Files, files: Files, resign: Resign | None) -> dict[str, bytes]:
    """The files as they were changed, with the hashes of the others as they are now."""
    replaced = {
        sha256(data).hexdigest().encode(): sha256(files[name]).hexdigest().encode()
        for name, data in base.items()
        if name in files and files[name] != data
    }
    new = {}
    for name, data in source.items():
        for before, after in replaced.items():
            data = data.replace(before, after) if before in base.get(name, b"") else data
        new[name] = data
    for name in [name for name in new if name.endswith(".sig")] if resign else ():
        stem = name.removesuffix(".sig")
        text = next((stem + end for end in SIGNED if stem + end in new), None)
        if text is not None and new[text] != base.get(text):
            new[name] = (resign(source[name], new[text]) if resign else None) or new[name]
    return new
