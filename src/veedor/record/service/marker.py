"""What a witness cosigned last, kept outside its state: beside the state's file and beside each key's.

A witness whose state is deleted, or put back from a backup, would sign a second history and not know it. So at each
start the state must be at least where the markers say that it was; and a fresh start is possible only on purpose.
"""

import json
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from veedor.record.errors import LogError, MalformedError
from veedor.record.files import read_file, write_atomically
from veedor.record.verify import hash_from_base64, to_base64
from veedor.rim.hostile_json import Json, JsonError, a_count, a_text, an_array, an_object, loads_object

MAX_MARKER = 1 << 24


@dataclass(frozen=True, kw_only=True)
class Mark:
    """The size and root of the largest tree of a log that the witness cosigned."""

    size: int
    root: bytes


Held = Callable[[str], Mark | None]
"""What the state holds of the log of this origin."""


def marker_beside(path: Path) -> Path:
    """Path of the marker of a state's or key's file."""
    return path.with_name(f"{path.name}.mark")


class Marker:
    """The marks of every log, in one file or several that say the same. remarks: what the operator is to be told."""

    def __init__(self, paths: Sequence[Path], marks: dict[str, Mark], anew: list[str]) -> None:
        self.paths, self.marks, self.anew = list(paths), marks, anew
        self.remarks: list[str] = []
        self._lock = threading.Lock()

    def keep(self, origin: str, mark: Mark) -> None:
        """Note a tree that was cosigned; on disk when this returns. A smaller one than is noted changes nothing."""
        with self._lock:
            before = self.marks.get(origin)
            if before is not None and before.size >= mark.size:
                return
            self.marks[origin] = mark
            for path in self.paths:
                self.write(path)

    def write(self, path: Path) -> None:
        """Write all marks to one file."""
        logs = {name: {"size": mark.size, "root": to_base64(mark.root)} for name, mark in sorted(self.marks.items())}
        content = {"veedor_witness": 1, "logs": logs, "begun_anew": self.anew}
        write_atomically({path: (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()})


def open_marker(state: Path, keys: Iterable[Path], origins: Sequence[str], held: Held, *, anew: str = "") -> Marker:
    """The marker of this state and these keys, brought up to the state. LogError where the state is behind it.

    anew: the time (ISO 8601) of a fresh start on purpose, whatever was cosigned before; kept in the marker.
    """
    beside_state, *beside_keys = map(marker_beside, (state, *keys))
    marks, begun = _read([beside_state, *beside_keys], broken_allowed=bool(anew))
    behind = [origin for origin in origins if origin in marks and not _covers(held(origin), marks[origin][0])]
    if behind and not anew:
        raise LogError("\n".join(_refusal(state, origin, *marks[origin]) for origin in behind) + ADVICE)
    if behind:
        begun.append(anew)
    current = {origin: mark for origin, (mark, _) in marks.items() if origin not in behind}
    marker = Marker([beside_state], {**current, **_all_held(origins, held)}, begun)
    marker.write(beside_state)
    for path in beside_keys:
        try:
            marker.write(path)
        except LogError as error:
            marker.remarks.append(f"no marker can be kept beside the key ({error}): only the one beside the state is")
        else:
            marker.paths.append(path)
    return marker


ADVICE = (
    "\nA witness that forgets can be made to sign two histories. Put the state back as it was last; if it is lost, make"
    " a new key under a new name, and say so in public. To go on with this key on purpose: --begin-anew"
)


def _refusal(state: Path, origin: str, mark: Mark, where: Path) -> str:
    return f"{state} does not hold the tree of {mark.size} entries of {origin} that was cosigned, says {where}."


def _covers(held: Mark | None, mark: Mark) -> bool:
    """True if a state that holds this is where the mark says that it was, or further."""
    return held is not None and (held.size > mark.size or held == mark)


def _all_held(origins: Iterable[str], held: Held) -> dict[str, Mark]:
    return {origin: mark for origin in origins if (mark := held(origin)) is not None}


def _read(paths: Iterable[Path], *, broken_allowed: bool) -> tuple[dict[str, tuple[Mark, Path]], list[str]]:
    """The largest mark of each log, with the file that says so; and when this witness started afresh."""
    marks: dict[str, tuple[Mark, Path]] = {}
    begun: set[str] = set()
    for path in paths:
        if not path.exists():
            continue
        try:
            content = loads_object(read_file(path, MAX_MARKER), str(path))
            begun.update(a_text(time, "begun_anew") for time in an_array(content["begun_anew"], "begun_anew"))
            logs = an_object(content["logs"], "logs")
            found = {origin: _mark(an_object(value, origin)) for origin, value in logs.items()}
        except (JsonError, LogError, MalformedError, KeyError):
            if broken_allowed:
                continue
            raise LogError(f"{path} is not the marker of a witness: restore it.{ADVICE}") from None
        for origin, mark in found.items():
            if origin not in marks or marks[origin][0].size < mark.size:
                marks[origin] = mark, path
    return marks, sorted(begun)


def _mark(value: Mapping[str, Json]) -> Mark:
    return Mark(size=a_count(value["size"], "size"), root=hash_from_base64(a_text(value["root"], "a root"), "a root"))
