"""veedor verify: rebuild a dossier from its raw files and compare every file of it.

1. Read the dossier's manifest and its election.toml: they say which files were read, and how.
2. Compare name and hash of every raw file with the manifest's. Where only the manifest says in which folder they lie,
   nothing is read as sheets unless all are the same.
3. Derive every result, data file, table and page again.
   An audit that it shows is derived again from its own files: signatures, order of events, sample, risk.
   A mixture that it shows is not: its figures are checked against each other, and the command that gives them is named.
4. Compare all of it with the dossier, figure by figure; name every file that is missing, and whatever lies in the
   folder that nobody made: hidden files, links, pipes, empty folders.

Somebody else made the folder. Every file of it is opened once, as a regular file of a size that it may have; nothing in
it leads verify elsewhere.

What this does not show: that the raw files are what the authority published (compare their hashes with a source of
your own), or that the dossier's election.toml is the one you trust (`veedor report` with your own, and compare).
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from veedor.audit.protocol.folder import PUBLIC
from veedor.audit.verified import read_audit
from veedor.dossier.compare import ABSENT, Difference
from veedor.dossier.derive.mixture import LARGEST as LARGEST_MIXTURE
from veedor.dossier.derive.mixture import NAME as GIVEN
from veedor.dossier.derive.mixture import with_mixture
from veedor.dossier.input import Opened, open_sheets
from veedor.dossier.inventory import folder_differences
from veedor.dossier.manifest import REMEDY, Manifest, is_name_in_commands, read_manifest, unquoted
from veedor.dossier.raw_files import differences_from, differences_of, followed
from veedor.dossier.site import AUDIT, CLAIMS, DEFINITION, dossier_files
from veedor.dossier.target_folder import MANIFEST
from veedor.election import Contest, Election
from veedor.election.read import election_of
from veedor.election.toml_shape import MOST_BYTES
from veedor.errors import Fault, InputError, MissingDataError, VeedorError
from veedor.languages import FOLDER, codes
from veedor.rim.foreign import entries, hash_of, open_file, read_file
from veedor.sheets.dataset import Dataset

MIXTURE = f"results/{GIVEN}"
LARGEST_AUDIT = 256 * 2**20
"""Bytes of all files of an audit in a dossier."""

Step = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Verification:
    """The comparison and every difference. raw, files: number of raw files and dossier files examined.

    written_by: the version of veedor that the manifest names; None where it names none. given: files that the dossier
    shows as they were given, each with the command that derives it; they are not derived here.
    """

    election: str
    written_by: str | None
    given: tuple[tuple[str, str], ...]
    raw: int
    files: int
    differences: tuple[Difference, ...]


def verify_dossier(
    folder: Path, data: Path | None, *, record: Path | None = None, step: Step = lambda name: None
) -> Verification:
    """Derive the dossier in `folder` again and compare.

    data, record: the raw files and the log; None for where the manifest says, if that lies in the folder around it.
    """
    manifest = read_manifest(folder)
    unknown = [code for code in manifest.languages if code not in codes()]
    if unknown:
        raise VeedorError(
            f"the dossier is also in {', '.join(unknown)}; {FOLDER} must name the folder with its catalogues"
        )
    definition = _bytes_of(folder, DEFINITION, MOST_BYTES)
    election = election_of(definition, str(folder / DEFINITION))
    contest = _contest(folder, election, manifest.contest)
    source = data if data is not None else followed(folder, manifest.data, what="the raw files", option="--data")
    if not source.is_dir():
        raise VeedorError(f"the raw files are not in {source}; say where they are with --data DIR")
    step("raw files")
    found = differences_from(manifest.raw, election, source, asked_for=data is not None)
    if found and data is None:
        reason = f"nothing: these are not the files that were read; --data {source} derives from them all the same"
        return _verification(election, manifest, 0, [*found, _every_figure(reason)], ())
    with _audit(folder, manifest) as audit:
        try:
            opened = open_sheets(
                Dataset(
                    election=election,
                    contest=contest,
                    counts=election.counts,
                    name=unquoted(manifest.name),
                    folder=source,
                    definition=definition,
                    skip_bad_rows=manifest.skip_bad_rows,
                ),
                claims=_claims(folder),
                record=_record(folder, manifest, record),
                audit=audit,
                cut=manifest.cut,
            )
        except (MissingDataError, InputError) as problem:
            if not found:
                raise
            # Other raw files than the manifest's that cannot be read: what differs is known, the figures are not.
            return _verification(election, manifest, 0, [*found, _every_figure(f"nothing: {problem}")], ())
        opened = replace(opened, url=manifest.url)
        found = found or differences_of(manifest.raw, opened.raw)
        found += _name_differences(manifest)
        opened, problems = _with_mixture(folder, manifest, opened)
        derived = dossier_files(opened, data=manifest.data, record=manifest.record, step=step)
        step("comparing")
        found += [*problems, *_audit_differences(audit, manifest)]
    found += folder_differences(folder, derived)
    given = () if opened.mixture is None else ((MIXTURE, str(opened.mixture["command"])),)
    return _verification(election, manifest, len(derived) - len(given), found, given)


def _verification(
    election: Election,
    manifest: Manifest,
    files: int,
    found: Sequence[Difference],
    given: tuple[tuple[str, str], ...],
) -> Verification:
    return Verification(
        election=election.id,
        written_by=manifest.veedor,
        given=given,
        raw=len(manifest.raw),
        files=files,
        differences=tuple(found),
    )


def _every_figure(derived: str) -> Difference:
    return Difference(file="every figure", where="", found="a dossier", derived=derived)


def _name_differences(manifest: Manifest) -> list[Difference]:
    """What the commands on the pages call the election, where `veedor report` would not call it so.

    Nothing derives it; and readers copy these commands into their shell.
    """
    if is_name_in_commands(manifest.name):
        return []
    wanted = "a name that a shell takes for one word"
    return [Difference(file=MANIFEST, where="name", found=repr(manifest.name)[:80], derived=wanted)]


def _claims(folder: Path) -> bytes | None:
    path = folder / CLAIMS
    return _bytes_of(folder, CLAIMS, MOST_BYTES) if path.exists() or path.is_symlink() else None


def _record(folder: Path, manifest: Manifest, told: Path | None) -> Path | None:
    """The log that the dossier shows: where the user says, else where the manifest says it lay."""
    if manifest.record is None:
        return None
    if told is None:
        return followed(folder, manifest.record, what="the record", option="--record")
    if not told.is_dir():
        raise VeedorError(f"the record is not in {told}; say where it is with --record DIR")
    return told


@contextmanager
def _audit(folder: Path, manifest: Manifest) -> Iterator[Path | None]:
    """The audit that the dossier shows: a folder of our own with its public files, each read once.

    So all that is derived from them is derived from the same bytes, and nothing else in that folder is looked at.
    """
    if manifest.audit is None:
        yield None
        return
    home = folder / AUDIT
    if home.is_symlink() or not home.is_dir():
        raise VeedorError(f"the audit that this dossier shows is not in {home}")
    with tempfile.TemporaryDirectory(prefix="veedor-verify-") as name:
        left = LARGEST_AUDIT
        for entry in entries(home):
            if entry.kind == "file" and PUBLIC.fullmatch(entry.path):
                content = _bytes_of(home, entry.path, left)
                left -= len(content)
                path = Path(name) / entry.path
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        yield Path(name)


def _hash_inside(folder: Path, name: str) -> str:
    with open_file(folder / name, within=folder) as stream:
        return hash_of(stream)


def _audit_differences(audit: Path | None, manifest: Manifest) -> list[Difference]:
    """Files of the audit that are not those of the manifest; and whatever in it does not follow from the rest."""
    if audit is None:
        return []
    recorded = {row.file: row.sha256 for row in manifest.files if row.file.startswith(f"{AUDIT}/")}
    actual = {
        f"{AUDIT}/{entry.path}": _hash_inside(audit, entry.path) for entry in entries(audit) if entry.kind == "file"
    }
    found = [
        Difference(file=name, where="SHA-256", found=recorded.get(name, ABSENT), derived=actual.get(name, ABSENT))
        for name in dict.fromkeys([*actual, *recorded])
        if recorded.get(name) != actual.get(name)
    ]
    try:
        audited = read_audit(audit)
    except VeedorError as error:
        return [*found, Difference(file=f"{AUDIT}/plan.json", where="", found=str(error), derived="a plan")]
    if audited.failed is not None:
        step, reason = audited.failed
        found.append(Difference(file=AUDIT, where=step, found=reason, derived="what follows from the steps before"))
    return found


def _with_mixture(folder: Path, manifest: Manifest, opened: Opened) -> tuple[Opened, list[Difference]]:
    """The election with the mixture that the dossier shows, if it shows one whose figures agree."""
    if MIXTURE not in manifest.given:
        return opened, []
    try:
        return with_mixture(opened, _bytes_of(folder, MIXTURE, LARGEST_MIXTURE), MIXTURE), []
    except VeedorError as problem:
        return opened, [Difference(file=MIXTURE, where="", found=str(problem), derived="figures that agree")]


def _bytes_of(folder: Path, name: str, most: int) -> bytes:
    try:
        return read_file(folder / name, most=most, within=folder)
    except VeedorError as problem:
        raise VeedorError(f"{problem}; {REMEDY}") from None


def _contest(folder: Path, election: Election, wanted: str) -> Contest:
    for contest in election.contests:
        if contest.id == wanted:
            return contest
    known = ", ".join(contest.id for contest in election.contests)
    fault = Fault(file=str(folder / MANIFEST), column="contest", found=repr(wanted), wanted=f"one of {known}")
    raise InputError([fault])
