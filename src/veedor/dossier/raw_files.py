"""The raw files of a dossier: where they may be looked for, and whether they are those that its manifest names.

The manifest says where the files lay, and somebody else wrote it: `"data": "/etc"` must make us read nothing there. Its
path is followed inside the folder that the dossier lies in and no further, and the files are read as sheets only once
their names, sizes and hashes are those of the manifest. What `--data` names is the user's own word.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from veedor.dossier.compare import ABSENT, Difference
from veedor.dossier.input import ListedFile
from veedor.dossier.manifest import Raw
from veedor.election import Election
from veedor.errors import VeedorError
from veedor.rim.foreign import ForeignError, MissingFileError, hash_of, open_file
from veedor.sheets.formats.unpack import FILE_LIMIT
from veedor.sheets.publications import inside, publications


def followed(dossier: Path, told: str, *, what: str, option: str) -> Path:
    """The folder that a dossier names, seen from itself; it must lie in the folder that the dossier lies in.

    Raises VeedorError; what: what is looked for; option: how the user says where it lies.
    """
    remedy = f"say where with {option} DIR"
    try:
        home = dossier.resolve(strict=True)
        path = (home / told).resolve()
        if Path(told).is_absolute() or not path.is_relative_to(tree_of(home)):
            raise VeedorError(f"{what}: the dossier points to {told!r}, which leads out of {tree_of(home)}; {remedy}")
        if path.is_dir():
            return path
    except (OSError, ValueError, RuntimeError):  # no such path, a zero byte, links in a circle
        pass
    raise VeedorError(f"{what}: no folder {told!r}, seen from {dossier}; {remedy}")


def tree_of(dossier: Path) -> Path:
    """The folder that a dossier may point into: the one around it, but never the whole of a disk."""
    around = dossier.resolve().parent
    return around if around != around.parent else dossier.resolve()


def differences_from(recorded: Sequence[Raw], election: Election, source: Path, *, asked_for: bool) -> list[Difference]:
    """Raw files in a folder that are not those that the manifest records, by name, size and hash.

    asked_for: the user named the folder; else no hash of what lies there is told, and nothing is read that has another
    size than the manifest says. Raises MissingDataError, InputError where the files of the definition are not there.
    """
    present = dict.fromkeys(names_in(election, source))
    rows = {row.file: row for row in recorded}
    look = _Look(source=source, asked_for=asked_for)
    found = (look.difference(name, rows.get(name), name in present) for name in {**present, **dict.fromkeys(rows)})
    return [one for one in found if one is not None]


def names_in(election: Election, source: Path) -> list[str]:
    """The names of the files that would be read as raw files."""
    of_counts = [
        file.path.relative_to(source).as_posix()
        for count in election.counts
        for publication in publications(election, count, source)
        for file in publication.files
    ]
    tables = [table.file for table in election.plain_tables if (source / inside(table.file)).is_file()]
    return list(dict.fromkeys([*of_counts, *tables]))


def differences_of(recorded: Sequence[Raw], read: Sequence[ListedFile]) -> list[Difference]:
    """As `differences_from`, of files that were read as sheets: `read` has name and hash of each."""
    before = {row.file: row.sha256 for row in recorded}
    now = {row.file: row.sha256 for row in read}
    return [
        _hash_difference(name, before.get(name, ABSENT), now.get(name, ABSENT))
        for name in dict.fromkeys([*now, *before])
        if before.get(name) != now.get(name)
    ]


@dataclass(frozen=True, kw_only=True)
class _Look:
    """How the files of a folder are looked at, see `differences_from`."""

    source: Path
    asked_for: bool

    def difference(self, name: str, row: Raw | None, present: bool) -> Difference | None:
        """Difference of a file from its row in the manifest. present: the definition would have it read."""
        if row is not None and not _is_inside(name):
            found = "a name that leads out of their folder"
            return Difference(file=f"raw file {name}", where="", found=found, derived=ABSENT)
        recorded = ABSENT if row is None else row.sha256
        if not present:
            return _hash_difference(name, recorded, ABSENT)
        try:
            with open_file(self.source / name, within=None if self.asked_for else self.source) as stream:
                actual = self._hash(stream, row)
        except MissingFileError:
            actual = ABSENT
        except (ForeignError, OSError) as problem:
            return Difference(file=f"raw file {name}", where="", found="a file", derived=str(problem))
        if actual == recorded:
            return None
        return _hash_difference(name, recorded, actual if self.asked_for else "another file")

    def _hash(self, stream: BinaryIO, row: Raw | None) -> str:
        size = os.fstat(stream.fileno()).st_size
        if size > FILE_LIMIT or (not self.asked_for and (row is None or size != row.bytes)):
            return f"not taken of a file of {size:,} bytes"
        return hash_of(stream)


def _hash_difference(name: str, recorded: str, actual: str) -> Difference:
    return Difference(file=f"raw file {name}", where="SHA-256", found=recorded, derived=actual)


def _is_inside(name: str) -> bool:
    """True if a name stays in its folder, as those do that a definition may give."""
    return bool(name) and not (
        name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or re.match(r"[A-Za-z]:", name) or "\0" in name
    )
