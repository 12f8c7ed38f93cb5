"""Everything that lies in a dossier's folder, accounted for: what was derived again, and whatever else is there.

A web server serves what it finds: a `.htaccess`, a `.well-known/` folder, a packed twin of a page, a page that is a
link to a file that may be another tomorrow. So every name is looked at, and only regular files and folders pass. Sizes
are compared before bytes are read.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from veedor.dossier.compare import ABSENT, Difference, differences
from veedor.rim.foreign import Entry, ForeignError, entries, open_file

MOST_NAMED = 10_000
"""Names of nobody's making that are told one by one."""

ROOM = 1 << 20
"""Bytes by which a file may be larger than twice the derived one, and its differences still be looked for."""

KINDS = {"file": "a file", "folder": "a folder", "link": "a link", "other": "a pipe, a socket or a device"}


def folder_differences(folder: Path, derived: Mapping[str, bytes]) -> Iterator[Difference]:
    """Whatever in the folder is not what was derived. Raises ForeignError where it cannot be looked into."""
    listed = {entry.path: entry for entry in entries(folder)}
    folders = {str(parent) for name in derived for parent in PurePosixPath(name).parents} - {"."}
    for name in sorted(folders):
        if name in listed and listed[name].kind != "folder":
            yield Difference(file=name, where="", found=KINDS[listed[name].kind], derived="a folder")
    for name, content in derived.items():
        yield from _file_differences(folder, name, listed.get(name), content)
    strange = sorted(listed.keys() - derived.keys() - folders)
    for name in strange[:MOST_NAMED]:
        # A name may look like another one: spelt out, it does not.
        spelt = "" if name.isascii() else f", spelt {name!a}"
        yield Difference(file=name, where="", found=f"{KINDS[listed[name].kind]}{spelt}", derived=ABSENT)
    if len(strange) > MOST_NAMED:
        more = f"{len(strange) - MOST_NAMED:,} more names that nobody made"
        yield Difference(file="the folder", where="", found=more, derived=ABSENT)


def _file_differences(folder: Path, name: str, entry: Entry | None, derived: bytes) -> Iterator[Difference]:
    if entry is None or entry.kind != "file":
        found = ABSENT if entry is None else KINDS[entry.kind]
        yield Difference(file=name, where="", found=found, derived="a file")
        return
    try:
        with open_file(folder / name) as stream:
            status = os.fstat(stream.fileno())
            for problem in _not_plain(status):
                yield Difference(file=name, where="", found=problem, derived="a file of its own that can be read")
            if status.st_size > 2 * len(derived) + ROOM:
                size = f"{status.st_size:,} bytes"
                yield Difference(file=name, where="", found=size, derived=f"{len(derived):,} bytes")
                return
            found_bytes = stream.read(2 * len(derived) + ROOM + 1)  # it may have grown since
    except (ForeignError, OSError) as problem:
        yield Difference(file=name, where="", found=f"a file that cannot be read ({problem})", derived="a file")
        return
    yield from differences(name, found_bytes, derived)


def _not_plain(status: os.stat_result) -> Iterator[str]:
    """What is odd about a file beside its bytes: others may come to be there, or nobody may see them."""
    if not status.st_mode & stat.S_IRUSR and os.name == "posix":
        yield "a file that nobody may read"
    if status.st_mode & (stat.S_ISUID | stat.S_ISGID):
        yield "a file with the rights of its owner for whoever runs it"
    if status.st_nlink > 1:
        yield f"a file with {status.st_nlink} names (hard links), so that it can be changed elsewhere"
