"""veedor verify: make a dossier anew from its raw files and compare every file of it.

1. Read the dossier's manifest and its election.toml: they say which files were read, and how.
2. Compare the hash of every raw file with the manifest's.
3. Derive every result, data file, table and page again, into a temporary folder.
   An audit that it shows is derived again from its own folder: signatures, order of events, sample, risk.
   A mixture that it shows is not: its figures are checked against each other, and the command that gives them is named.
4. Compare all of it with the dossier, figure by figure; name files that are missing or that nobody made.

What this does not show: that the raw files are what the authority published (compare their hashes with a source of
your own), or that the dossier's election.toml is the one you trust (`veedor report` with your own, and compare).
"""

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from veedor.audit.audited import read_audit
from veedor.audit.folder import public_files
from veedor.dossier.compare import ABSENT, Difference, differences
from veedor.dossier.given import NAME as GIVEN
from veedor.dossier.given import with_mixture
from veedor.dossier.opened import open_sheets, raw_files
from veedor.dossier.site import AUDIT, CLAIMS, DEFINITION, MANIFEST, write_files
from veedor.election import Contest, Election
from veedor.election.read import election_from
from veedor.errors import Fault, InputError, MissingDataError, VeedorError
from veedor.finding import Json

MIXTURE = f"results/{GIVEN}"
REMEDY = "point to a folder that `veedor report` wrote"


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What was compared, and every difference. raw, files: how many raw files and dossier files were looked at.

    written_by: the version of veedor that the manifest names; None where it names none. given: files that the dossier
    shows as they were given, each with the command that derives it; they are not derived here.
    """

    election: str
    written_by: str | None
    given: tuple[tuple[str, str], ...]
    raw: int
    files: int
    differences: tuple[Difference, ...]


def verify_dossier(folder: Path, data: Path | None, *, step: Callable[[str], None] = lambda name: None) -> Verification:
    """Derive the dossier in `folder` again and compare. data: the raw files; None for where the manifest says."""
    manifest = read_manifest(folder)
    definition = _bytes_of(folder / DEFINITION)
    election = _election(folder, definition)
    contest = _contest(folder, election, manifest["contest"])
    source = data if data is not None else folder / manifest["data"]
    if not source.is_dir():
        raise VeedorError(f"the raw files are not in {source}; say where they are with --data DIR")
    step("raw files")
    found = _raw_differences(manifest["raw"], raw_files(election, source))
    try:
        opened = open_sheets(
            election,
            contest,
            name=manifest["name"],
            definition=definition,
            data=source,
            skip_bad_rows=manifest["skip_bad_rows"],
            claims=_bytes_of(folder / CLAIMS) if (folder / CLAIMS).is_file() else None,
            record=_record(folder, manifest),
            audit=_audit(folder, manifest),
        )
    except (MissingDataError, InputError) as problem:
        if not found:
            raise
        # Other raw files than the manifest's that cannot be read: what differs is known, the figures are not.
        found.append(Difference(file="every figure", where="", found="a dossier", derived=f"nothing: {problem}"))
        return _verification(election, manifest, 0, found, ())
    if _shows_mixture(manifest):
        try:
            opened = with_mixture(opened, _bytes_of(folder / MIXTURE), MIXTURE)
        except VeedorError as problem:
            found.append(Difference(file=MIXTURE, where="", found=str(problem), derived="figures that agree"))
    with tempfile.TemporaryDirectory(prefix="veedor-verify-") as made:
        written = write_files(opened, Path(made), data=manifest["data"], record=manifest.get("record"), step=step)
        step("comparing")
        found += _audit_differences(folder, manifest)
        found += _file_differences(folder, Path(made), written)
    given = () if opened.mixture is None else ((MIXTURE, str(opened.mixture["command"])),)
    return _verification(election, manifest, len(written) - len(given), found, given)


def _verification(
    election: Election,
    manifest: Mapping[str, Json],
    files: int,
    found: Sequence[Difference],
    given: tuple[tuple[str, str], ...],
) -> Verification:
    writer = manifest.get("veedor")
    return Verification(
        election=election.id,
        written_by=writer if isinstance(writer, str) else None,
        given=given,
        raw=len(manifest["raw"]),
        files=files,
        differences=tuple(found),
    )


def read_manifest(folder: Path) -> Mapping[str, Json]:
    """The manifest of a dossier, with its few needed fields checked. Raises InputError."""
    path = folder / MANIFEST
    try:
        manifest = json.loads(_bytes_of(path))
    except (ValueError, RecursionError) as error:
        raise InputError(
            [Fault(file=str(path), found=f"no JSON ({error})", wanted="a manifest", remedy=REMEDY)]
        ) from None
    wanted: dict[str, type] = {"name": str, "contest": str, "skip_bad_rows": bool, "data": str, "raw": list}
    given = manifest if isinstance(manifest, dict) else {}
    faults = [
        Fault(file=str(path), column=key, found=repr(given.get(key))[:80], wanted=f"a {kind.__name__}", remedy=REMEDY)
        for key, kind in wanted.items()
        if not isinstance(given.get(key), kind)
    ]
    if faults:
        raise InputError(faults)
    return given


def _record(folder: Path, manifest: Mapping[str, Json]) -> Path | None:
    """The log that the dossier shows, where the manifest says it lay."""
    record = manifest.get("record")
    if record is None:
        return None
    if not isinstance(record, str) or not (folder / record).is_dir():
        raise VeedorError(f"the record that this dossier shows is not in {record!r}, seen from {folder}")
    return folder / record


def _audit(folder: Path, manifest: Mapping[str, Json]) -> Path | None:
    """The audit's folder inside the dossier, if the manifest says that it shows one."""
    if manifest.get(AUDIT) is None:
        return None
    if not (folder / AUDIT).is_dir():
        raise VeedorError(f"the audit that this dossier shows is not in {folder / AUDIT}")
    return folder / AUDIT


def _shows_mixture(manifest: Mapping[str, Json]) -> bool:
    given = manifest.get("given", [])
    return isinstance(given, list) and MIXTURE in given


def _audit_differences(folder: Path, manifest: Mapping[str, Json]) -> list[Difference]:
    """Files of the audit that are not those of the manifest; and whatever in it does not follow from the rest."""
    audit = _audit(folder, manifest)
    if audit is None:
        return []
    recorded = [row for row in manifest.get("files", []) if str(row.get("file", "")).startswith(f"{AUDIT}/")]
    actual = [
        {"file": f"{AUDIT}/{name}", "sha256": sha256(data).hexdigest()} for name, data in public_files(audit).items()
    ]
    found = _hash_differences(recorded, actual, "")
    try:
        audited = read_audit(audit)
    except VeedorError as error:
        return [*found, Difference(file=f"{AUDIT}/plan.json", where="", found=str(error), derived="a plan")]
    if audited.failed is not None:
        step, reason = audited.failed
        found.append(Difference(file=AUDIT, where=step, found=reason, derived="what follows from the steps before"))
    return found


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise VeedorError(f"{path} cannot be read: {error.strerror}; {REMEDY}") from None


def _election(folder: Path, definition: bytes) -> Election:
    path = folder / DEFINITION
    try:
        return election_from(definition.decode("utf-8-sig"), file=str(path))
    except UnicodeDecodeError as error:
        raise InputError([Fault(file=str(path), found=f"byte {error.start} is not UTF-8", wanted="UTF-8")]) from None


def _contest(folder: Path, election: Election, wanted: str) -> Contest:
    for contest in election.contests:
        if contest.id == wanted:
            return contest
    known = ", ".join(contest.id for contest in election.contests)
    fault = Fault(file=str(folder / MANIFEST), column="contest", found=repr(wanted), wanted=f"one of {known}")
    raise InputError([fault])


def _raw_differences(recorded: list[Json], actual: list[Json]) -> list[Difference]:
    """Raw files whose hash, or whose presence, is not what the manifest records."""
    return _hash_differences(recorded, actual, "raw file ")


def _hash_differences(recorded: list[Json], actual: list[Json], kind: str) -> list[Difference]:
    key = "sha256"
    before = {row.get("file"): row.get(key) for row in recorded if isinstance(row, dict)}
    now = {row["file"]: row[key] for row in actual}
    return [
        Difference(
            file=f"{kind}{name}",
            where="SHA-256",
            found=str(before.get(name, ABSENT)),
            derived=str(now.get(name, ABSENT)),
        )
        for name in dict.fromkeys([*now, *before])
        if before.get(name) != now.get(name)
    ]


def _file_differences(folder: Path, made: Path, written: list[str]) -> list[Difference]:
    present = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }
    found: list[Difference] = []
    for name in written:
        if name not in present:
            found.append(Difference(file=name, where="", found=ABSENT, derived="a file"))
            continue
        found += differences(name, (folder / name).read_bytes(), (made / name).read_bytes())
    found += [
        Difference(file=name, where="", found="a file", derived=ABSENT) for name in sorted(present - set(written))
    ]
    return found
