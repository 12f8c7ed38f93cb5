"""Documents kept from earlier reports on this machine, each under all that it follows from; verify is given none.

documents/                   the user's alone, else nothing is kept
documents/seal-key           made at first use, 0600: only who may read it can write a document that is taken
documents/PROGRAM/           one folder for each state of the program, with a mark; only the last one stays
documents/PROGRAM/KEY        seal, newline, document
"""

import contextlib
import hashlib
import hmac
import json
import os
import re
import secrets
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path

from veedor.document import of_fields
from veedor.dossier.input import Opened
from veedor.dossier.parsed import Parsed
from veedor.errors import VeedorError
from veedor.languages import more_languages
from veedor.leftovers import PART, half_made_file
from veedor.rim import hostile_json
from veedor.rim.foreign import read_file

SECRET = "seal-key"  # noqa: S105 - the name of its file
SECRET_BYTES = 32
MARK = "kept-by-veedor"
"""File that says that veedor made a folder; it deletes no other."""
LARGEST = 256 * 2**20

_OURS = re.compile(rf"[0-9a-f]{{64}}|\..+{re.escape(PART)}|part-.+|{MARK}")
"""Documents, parts of them, parts as earlier versions called them, and the mark."""
_STATE = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The documents in a folder. One that cannot be read, or written, costs time and nothing else."""

    folder: Path
    _secret: bytes | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_secret", _secret_in(self.folder))

    def read(self, key: str) -> hostile_json.Json:
        """The document kept under the key; None if there is none or its file is not as it was written."""
        try:
            seal, _, document = read_file(self._home / key, most=LARGEST).partition(b"\n")
            if self._secret is None or not hmac.compare_digest(seal, self._seal(key, document)):
                return None
            return hostile_json.loads(document, key, most_bytes=LARGEST)
        except VeedorError:
            return None

    def write(self, key: str, document: bytes) -> None:
        """Keep a document."""
        if self._secret is None:
            return
        with contextlib.suppress(OSError):
            if not (self._home / MARK).is_file():
                self._home.mkdir(exist_ok=True)
                (self._home / MARK).touch()
                self._leave_others()
            with half_made_file(self._home / key) as part:
                part.write_bytes(self._seal(key, document) + b"\n" + document)
                part.replace(self._home / key)

    @property
    def _home(self) -> Path:
        return self.folder / program()[:16]

    def _seal(self, key: str, document: bytes) -> bytes:
        """Binds a document to its key and to this state of the program: moved or changed, it is derived again."""
        said = b"\n".join([program().encode(), key.encode(), document])
        return hmac.new(self._secret or b"", said, hashlib.sha256).hexdigest().encode()

    def _leave_others(self) -> None:
        """Delete what other states of the program kept, and nothing else, whatever lies there."""
        for other in self.folder.iterdir():
            if other == self._home or other.is_symlink() or not _STATE.fullmatch(other.name):
                continue
            if (other / MARK).is_file():
                for path in _files_of_ours(other):
                    path.unlink()
                with contextlib.suppress(OSError):  # not empty: somebody put a file of his own there
                    other.rmdir()


def _files_of_ours(folder: Path) -> Iterator[Path]:
    """Documents and parts of them, and last the mark."""
    ours = [path for path in folder.iterdir() if _OURS.fullmatch(path.name) and path.is_file()]
    yield from sorted(ours, key=lambda path: path.name == MARK)


def _secret_in(folder: Path) -> bytes | None:
    """The key of the seals; None where anybody else could have put it there, or nothing can be kept."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not _of_this_user(folder.stat(), others_may=0o022):
            return None
        with os.fdopen(_opened(folder / SECRET), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1 or not _of_this_user(status, others_may=0o077):
                return None
            found = file.read(SECRET_BYTES + 1)
            return found if len(found) == SECRET_BYTES else None
    except OSError:
        return None


def _opened(path: Path) -> int:
    """A descriptor of the key's file, which is made where there is none."""
    flags = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        return os.open(path, os.O_RDONLY | flags)
    except FileNotFoundError:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | flags, 0o600)
        os.write(descriptor, secrets.token_bytes(SECRET_BYTES))
        os.lseek(descriptor, 0, os.SEEK_SET)
        return descriptor


def _of_this_user(status: os.stat_result, *, others_may: int) -> bool:
    """True if it is this user's, and others have none of these rights. Where there are no owners, yes."""
    if not hasattr(os, "geteuid"):
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & others_may


@cache
def program() -> str:
    """SHA-256 of the whole program: another line of it anywhere, and nothing that was kept is taken.

    The catalogues of languages that did not come along are lines of it: documents hold sentences in each.
    """
    home = Path(__file__).parent.parent
    digest = hashlib.sha256(repr([version(name) for name in ("numpy", "polars", "scipy")]).encode())
    more = more_languages()
    lines = {path.relative_to(home).as_posix(): path for path in [*home.rglob("*.py"), *home.rglob("*.toml")]}
    if more is not None:
        lines |= {f"languages/{path.relative_to(more).as_posix()}": path for path in more.glob("*/*.toml")}
    for name, path in sorted(lines.items()):
        digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def key_of(opened: Opened, name: str) -> str:
    """The inputs of a document as one hash: the raw files, the definition, what was asked for, and its name."""
    files = [of_fields(one) for one in opened.raw]
    parts: list[Parsed] = [files, opened.name, opened.contest.id, opened.dataset.skip_bad_rows, name]
    parts += [] if opened.cut is None else [{"cut": opened.cut}]
    parts += [[path, hashlib.sha256(data).hexdigest()] for path, data in opened.audit_files.items()]
    definition = hashlib.sha256(opened.dataset.definition).hexdigest()
    return hashlib.sha256(json.dumps([definition, *parts]).encode()).hexdigest()
