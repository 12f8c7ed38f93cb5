"""The audit's folder: which file is what, each read once, written whole or not at all, bound to others by hashes.

plan.json                       the plan (step 2)
manifest.csv, results.csv       the sheets, their bounds and weights; their reported votes (step 1)
records.csv                     cast vote records, where ballots are compared with them
answers/NAME-1.txt, .sig        what each signatory answered, and the signature (step 3)
seed/NAME.commit.txt, .sig      commitments, where the seed is made by commit and reveal
seed/commitments.txt            every answer and commitment by its hash: from here on none is taken any more
seed/NAME.reveal.txt, .sig      a party's secret, signed together with the hash of that list
seed.json                       the record of the seed (step 4)
seed/NAME.attest.txt, .sig      who was there, signed over the hash of that record
seed/receipt.tlog-proof         that the record of the seed is an entry of the log that the plan names
round-1/sample.csv              the draws of a round; pull-list.csv in the order of the route; draw.json: on what
round-1/entry-*.csv             what two people read from the sheets; interpretations.csv once they agree (step 5)
round-1/entry-*.txt, .sig       who entered that, signed over its hash
round-1/risk.json               risk of each assertion after each draw, and the next step
superseded/1/                   a plan that was changed, with its answers and what was begun of its seed
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from veedor.audit.protocol.plan import Plan, parse_plan
from veedor.audit.texts import SAID
from veedor.errors import VeedorError
from veedor.files import atomic
from veedor.rim.foreign import ForeignError, MissingFileError, entries, read_file
from veedor.rim.hostile_json import Json, loads_object
from veedor.rim.terminal import printable

PLAN, MANIFEST, RESULTS, SEED = "plan.json", "manifest.csv", "results.csv", "seed.json"
RECORDS = "records.csv"
COMMITMENTS, RECEIPT = "seed/commitments.txt", "seed/receipt.tlog-proof"

OF_PLAN = r"plan\.json|answers/[\w.-]+\.(?:txt|sig)|seed/[\w.-]+\.(?:txt|sig|secret)"
PUBLIC = re.compile(
    rf"(?:superseded/[1-9][0-9]{{0,3}}/)?(?:{OF_PLAN})"
    r"|(?:manifest|results|records)\.csv|seed\.json|seed/receipt\.tlog-proof"
    r"|round-[1-9][0-9]{0,3}/(?:(?:sample|pull-list|entry-[ab]|interpretations)\.csv|entry-[ab]\.(?:txt|sig)"
    r"|(?:draw|risk)\.json)",
    re.ASCII,
)
"""The files that make an audit; whatever else lies in its folder is not part of it."""
FOLDERS = re.compile(r"(?:superseded/[1-9][0-9]{0,3}/)?(?:answers|seed)|superseded(?:/[1-9][0-9]{0,3})?|round-.*")
WITHIN = re.compile(r"(?:answers|seed|superseded|round-[^/]*)(?:/.*)?", re.DOTALL)
"""What lies where an audit's files lie: there nothing else may be, but for names that begin with a dot."""

Made = TypeVar("Made")

MOST_OF = (
    (".txt", 1 << 16), (".sig", 1 << 16), (".secret", 1 << 12), (".tlog-proof", 1 << 20), (".json", 64 << 20),
    (RECORDS, 512 << 20), ("", 128 << 20),
)  # fmt: skip
"""The largest that a file of an audit may be, by how its name ends; the first that fits."""


class AuditFolder:
    """The folder of an audit. Each file is read once: what is hashed, compared and counted are the same bytes.

    No link is followed, and nothing but regular files is read: VeedorError names what else lies under a name of ours.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._data: dict[str, bytes] = {}
        self._made: dict[str, Any] = {}
        self._listed: Listing | None = None

    def __str__(self) -> str:
        return str(self.path)

    def __truediv__(self, name: str) -> Path:
        return self.path / name

    def read(self, name: str) -> bytes:
        """The bytes of one file of the folder."""
        if name not in self._data:
            most = next(size for end, size in MOST_OF if name.endswith(end))
            try:
                if (self.path / name).is_symlink():
                    raise ForeignError(SAID.say("folder.link", file=str(self / name)))
                self._data[name] = read_file(self.path / name, most=most, within=self.path)
            except MissingFileError:
                raise VeedorError(SAID.say("folder.not_there", file=str(self / name), folder=str(self))) from None
        return self._data[name]

    def hash_of(self, name: str) -> str:
        """SHA-256 of one file of the folder."""
        return sha256(self.read(name)).hexdigest()

    def hashes(self, names: Iterable[str]) -> dict[str, str]:
        """The files that a later file rests on, each with its hash."""
        return {name: self.hash_of(name) for name in names}

    def text(self, name: str) -> str:
        """A signature's file as text."""
        return self.read(name).decode("utf-8", "replace")

    def json(self, name: str) -> dict[str, Json]:
        """A document of the folder."""
        return loads_object(self.read(name), str(self / name))

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        """The value made of the folder's files under this name, kept until one of them is written."""
        if name not in self._made:
            self._made[name] = make()
        made: Made = self._made[name]
        return made

    @property
    def names(self) -> frozenset[str]:
        """Every file of the audit that is there."""
        return self._listing().names

    @property
    def strangers(self) -> tuple[str, ...]:
        """Names among the audit's files that are none of them."""
        return self._listing().strangers

    @property
    def others(self) -> tuple[str, ...]:
        """Names beside the audit's files that are no part of it; but for names that begin with a dot."""
        return self._listing().others

    def has(self, name: str) -> bool:
        """True if that file is there."""
        return name in self.names

    def write(self, name: str, data: bytes) -> Path:
        """Write one file of the folder whole, or not at all."""
        path = write(self.path, name, data)
        self._data[name] = data
        self._listed = None
        self._made.clear()
        return path

    def write_new(self, name: str, data: bytes) -> Path:
        """As write, but a file that is there already is never replaced."""
        if (self / name).exists() or (self / name).is_symlink():
            raise VeedorError(SAID.say("folder.never_replaced", file=str(self / name)))
        return self.write(name, data)

    def _listing(self) -> "Listing":
        if self._listed is None:
            self._listed = _list(self)
        return self._listed


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Content of an audit's folder: its files; what lies among them; what lies beside them."""

    names: frozenset[str]
    strangers: tuple[str, ...]
    others: tuple[str, ...]


def _list(folder: AuditFolder) -> Listing:
    names, strangers, others = set(), [], []
    for entry in entries(folder.path) if folder.path.is_dir() else ():
        ours = PUBLIC.fullmatch(entry.path) is not None
        hidden = entry.path.startswith(".") or "/." in entry.path
        if not ours and (hidden or not WITHIN.fullmatch(entry.path)):
            if not hidden and "/" not in entry.path:
                others.append(entry.path)
            continue
        if entry.kind in ("link", "other"):
            what = SAID.say("folder.a_link" if entry.kind == "link" else "folder.a_device")
            raise VeedorError(SAID.say("folder.regular_only", file=str(folder / entry.path), what=what))
        if ours and entry.kind == "file":
            names.add(entry.path)
        elif ours or entry.kind == "file" or not FOLDERS.fullmatch(entry.path):
            strangers.append(entry.path)
    return Listing(names=frozenset(names), strangers=tuple(strangers), others=tuple(others))


def audit_folder(folder: Path | AuditFolder) -> AuditFolder:
    """The folder, to be read: what was read of it before is not read again."""
    return folder if isinstance(folder, AuditFolder) else AuditFolder(folder)


def read(folder: Path, name: str) -> bytes:
    """The bytes of one file of a folder."""
    return AuditFolder(folder).read(name)


def write(folder: Path, name: str, data: bytes) -> Path:
    """Write one file of a folder whole, or not at all."""
    path = folder / name
    if path.parent.exists() and not path.parent.resolve().is_relative_to(folder.resolve()):
        raise VeedorError(SAID.say("folder.leads_out", path=str(path.parent), folder=str(folder)))
    with atomic(path) as temporary:
        temporary.write_bytes(data)
    return path


def check_rests_on(folder: AuditFolder, rests_on: Mapping[str, str], name: str, wanted: Iterable[str]) -> None:
    """Refuse unless the file rests on exactly the wanted ones, and none of them has been changed since."""
    for file in sorted(set(rests_on) | set(wanted), key=lambda name: name.replace(".sig", ".~sig")):
        if not PUBLIC.fullmatch(file):
            raise VeedorError(SAID.say("folder.no_file_of_audit", file=str(folder / name), base=repr(file[:200])))
        if file in rests_on and not folder.has(file):
            raise VeedorError(SAID.say("folder.base_missing", file=str(folder / file), name=name))
        if file in rests_on and folder.hash_of(file) != rests_on[file]:
            raise VeedorError(SAID.say("folder.base_changed", file=str(folder / file), name=name))
    missing = sorted(set(wanted) - set(rests_on))
    if missing and not folder.has(missing[0]):
        raise VeedorError(SAID.say("folder.base_not_there", file=str(folder / missing[0]), name=name))
    if missing:
        raise VeedorError(SAID.say("folder.came_later", file=str(folder / missing[0]), name=name))
    more = sorted(set(rests_on) - set(wanted))
    if more:
        raise VeedorError(SAID.say("folder.not_before", file=str(folder / name), base=more[0]))


def document_bytes(document: Mapping[str, object]) -> bytes:
    """A document of the folder as bytes, harmless on a terminal."""
    return (printable(json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)) + "\n").encode()


def listing(folder: AuditFolder, names: Iterable[str]) -> str:
    """Files with their hashes as `sha256sum` writes and checks them, in the order of their names."""
    return "".join(f"{folder.hash_of(name)}  {name}\n" for name in sorted(names))


def open_plan(folder: AuditFolder) -> tuple[Plan, str]:
    """The plan and its hash; refused if the results or the manifest are not those that it names."""
    data = folder.read(PLAN)
    plan = parse_plan(data, str(folder / PLAN))
    for named, file in ((plan.results, RESULTS), (plan.manifest, MANIFEST), (plan.records, RECORDS)):
        if named is None:
            continue
        if named.file != file or folder.hash_of(file) != named.sha256:
            raise VeedorError(SAID.say("folder.other_hash", file=str(folder / file)))
    return plan, sha256(data).hexdigest()


def public_files(folder: Path) -> dict[str, bytes]:
    """The bytes of every file of the audit by its path in the folder, in order."""
    opened = AuditFolder(folder)
    return {name: opened.read(name) for name in sorted(opened.names)}


def numbers_in(folder: AuditFolder, kind: str) -> list[int]:
    """Numbers of the rounds, or of the superseded plans, of which something is there, in order."""
    found = (re.match(rf"{kind}([1-9][0-9]{{0,3}})/", name) for name in folder.names)
    return sorted({int(match[1]) for match in found if match})


def rounds_in(folder: AuditFolder) -> list[int]:
    """Numbers of the rounds that were drawn, in order."""
    return [number for number in numbers_in(folder, "round-") if folder.has(f"round-{number}/draw.json")]


def time_of(text: str) -> dt.datetime:
    """A time in ISO 8601 with its offset from UTC, in UTC."""
    try:
        time = dt.datetime.fromisoformat(text)
    except ValueError:
        raise VeedorError(SAID.say("folder.no_time", text=repr(text[:60]))) from None
    if time.tzinfo is None:
        raise VeedorError(SAID.say("folder.no_offset", text=repr(text)))
    try:
        return time.astimezone(dt.UTC)
    except OverflowError:
        raise VeedorError(SAID.say("folder.no_calendar", text=repr(text))) from None
