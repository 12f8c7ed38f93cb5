"""The audit's folder: which file is what, written whole or not at all, and bound to each other by their hashes.

plan.json                    the plan (step 2)
manifest.csv, results.csv    the sheets, their bounds and weights; their reported votes (step 1)
records.csv                  cast vote records, where ballots are compared with them
answers/NAME-1.txt, .sig     what each signatory answered, and the signature (step 3)
seed/NAME.commit.txt, .sig   commitments, where the seed is made by commit and reveal; NAME.secret when revealed
seed.json                    the seed (step 4)
round-1/sample.csv           the draws of a round; draw.json says what they rest on
round-1/entry-*.csv          what two people read from the sheets; interpretations.csv once they agree (step 5)
round-1/risk.json            risk of each assertion after each draw, and the next step
superseded/1/                a plan that was changed, with its answers
"""

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from veedor.audit.assertion import Integers
from veedor.audit.plan import Plan, parse_plan
from veedor.audit.units import Units
from veedor.election import Contest
from veedor.errors import Fault, InputError, VeedorError
from veedor.sheets.write_atomic import atomic

PLAN, MANIFEST, RESULTS, SEED = "plan.json", "manifest.csv", "results.csv", "seed.json"
RECORDS = "records.csv"
MOST_BYTES = 1 << 30


def read(folder: Path, name: str) -> bytes:
    """The bytes of one file of the folder."""
    path = folder / name
    try:
        if path.stat().st_size > MOST_BYTES:
            raise VeedorError(f"{path} is larger than any file of an audit")
        return path.read_bytes()
    except FileNotFoundError:
        raise VeedorError(f"{path} is not there; is {folder} the folder of an audit?") from None
    except OSError as error:
        raise VeedorError(f"{path} cannot be read: {error.strerror}") from None


def write(folder: Path, name: str, data: bytes) -> Path:
    """Write one file of the folder whole, or not at all."""
    path = folder / name
    with atomic(path) as temporary:
        temporary.write_bytes(data)
    return path


def write_new(folder: Path, name: str, data: bytes) -> Path:
    """As write, but a file that is there already is never replaced."""
    if (folder / name).exists():
        raise VeedorError(f"{folder / name} is there already and is never replaced")
    return write(folder, name, data)


def hash_of(folder: Path, name: str) -> str:
    """SHA-256 of one file of the folder."""
    return sha256(read(folder, name)).hexdigest()


def hashes(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """What a later file rests on: each file with its hash."""
    return {name: hash_of(folder, name) for name in names}


def check_rests_on(folder: Path, document: dict[str, Any], name: str) -> None:
    """Refuse if any file that this one rests on has been changed since."""
    for file, wanted in document.get("rests_on", {}).items():
        if not isinstance(file, str) or file.startswith("/") or ".." in file.split("/"):
            raise VeedorError(f"{folder / name} rests on {file!r}, which is not a file of this folder")
        if hash_of(folder, file) != wanted:
            raise VeedorError(f"{folder / file} was changed after {name} was written; everything after it is void")


def as_json(document: dict[str, Any]) -> bytes:
    """A document of the folder as bytes."""
    return (json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def read_json(folder: Path, name: str) -> dict[str, Any]:
    """A document of the folder."""
    try:
        document = json.loads(read(folder, name))
    except ValueError as error:
        raise VeedorError(f"{folder / name} is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise VeedorError(f"{folder / name} is not a JSON object")
    return document


def open_plan(folder: Path) -> tuple[Plan, str]:
    """The plan and its hash; refused if the results or the manifest are not those that it names."""
    data = read(folder, PLAN)
    plan = parse_plan(data, str(folder / PLAN))
    for named, file in ((plan.results, RESULTS), (plan.manifest, MANIFEST), (plan.records, RECORDS)):
        if named is None:
            continue
        if named.file != file or hash_of(folder, named.file) != named.sha256:
            raise VeedorError(f"{folder / named.file} is not the file that the plan names: its hash differs")
    return plan, sha256(data).hexdigest()


PUBLIC = re.compile(
    r"(?:(?:superseded/[1-9][0-9]*/)?(?:plan\.json|answers/[\w.-]+\.(?:txt|sig)|seed/[\w.-]+\.(?:txt|sig|secret))"
    r"|(?:manifest|results|records)\.csv|seed\.json"
    r"|round-[1-9][0-9]*/(?:(?:sample|pull-list|entry-[ab]|interpretations)\.csv|(?:draw|risk)\.json))"
)
"""The files that make an audit; whatever else lies in its folder is not part of it."""


def public_files(folder: Path) -> dict[str, bytes]:
    """The bytes of every file of the audit by its path in the folder, in order."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    names = [path.relative_to(folder).as_posix() for path in paths]
    return {name: read(folder, name) for name in names if PUBLIC.fullmatch(name)}


def rounds_in(folder: Path) -> list[int]:
    """Numbers of the rounds that were drawn, in order."""
    found = [re.fullmatch(r"round-([1-9][0-9]{0,3})", path.name) for path in folder.glob("round-*")]
    return sorted(int(match[1]) for match in found if match and (folder / match[0] / "draw.json").exists())


def time_of(text: str) -> dt.datetime:
    """A time in ISO 8601 with its offset from UTC."""
    try:
        time = dt.datetime.fromisoformat(text)
    except ValueError:
        raise VeedorError(f"not a time in ISO 8601: {text!r} (such as 2026-03-02T10:00:00-04:00)") from None
    if time.tzinfo is None:
        raise VeedorError(f"a time without its offset from UTC: {text!r} (such as 2026-03-02T10:00:00-04:00)")
    return time


# --- manifest and results ---------------------------------------------------------------------------------------------


def manifest_bytes(units: Units, levels: Sequence[str], bounds: Integers, weights: Integers) -> bytes:
    """The manifest: each sheet with its place, registered voters, most ballots, and sampling weight."""
    rows = zip(
        units.ids, units.places, units.registered.tolist(), bounds.tolist(), weights.tolist(), strict=True
    )  # fmt: skip
    header = ["station", *levels, "registered", "most_ballots", "weight"]
    return csv_bytes(header, ([unit, *place, *map(str, numbers)] for unit, place, *numbers in rows))


def results_bytes(units: Units) -> bytes:
    """The reported votes of each sheet."""
    header = ["station", *(f"votes.{choice}" for choice in units.contest.choice_ids), "blank", "null"]
    rows = zip(units.ids, units.figures.tolist(), strict=True)
    return csv_bytes(header, ([unit, *map(str, figures)] for unit, figures in rows))


def read_units(folder: Path, contest: Contest) -> tuple[Units, Integers, Integers, tuple[str, ...]]:
    """The sheets as manifest and results have them; then most ballots, weights, and the names of the levels."""
    header, rows = read_table(folder, MANIFEST)
    if header[:1] != ["station"] or header[-3:] != ["registered", "most_ballots", "weight"]:
        raise VeedorError(f"{folder / MANIFEST}: the columns are not those of a manifest")
    figures_header, figure_rows = read_table(folder, RESULTS)
    wanted = ["station", *(f"votes.{choice}" for choice in contest.choice_ids), "blank", "null"]
    if figures_header != wanted or [row[0] for row in rows] != [row[0] for row in figure_rows]:
        raise VeedorError(f"{folder / RESULTS}: not the same sheets and choices as the manifest and the plan")
    numbers = whole_numbers(folder / MANIFEST, [row[-3:] for row in rows], header[-3:])
    units = Units(
        contest=contest,
        ids=tuple(row[0] for row in rows),
        figures=whole_numbers(folder / RESULTS, [row[1:] for row in figure_rows], wanted[1:]),
        registered=numbers[:, 0],
        places=tuple(tuple(row[1:-3]) for row in rows),
        levels=tuple(header[1:-3]),
    )
    return units, numbers[:, 1], numbers[:, 2], tuple(header[1:-3])


def records_bytes(votes: Mapping[str, str | None]) -> bytes:
    """Cast vote records: each ballot with the choice in it, empty where there is none."""
    return csv_bytes(["ballot", "vote"], ([ballot, vote or ""] for ballot, vote in votes.items()))


def read_records(folder: Path, contest: Contest) -> dict[str, str | None]:
    """The records as the folder has them, in their order."""
    header, rows = read_table(folder, RECORDS)
    known = {"", *contest.choice_ids}
    if header != ["ballot", "vote"] or any(row[1] not in known for row in rows):
        raise VeedorError(f"{folder / RECORDS} does not hold a ballot and a choice of the contest in each row")
    if len({row[0] for row in rows}) < len(rows):
        raise VeedorError(f"{folder / RECORDS} has two records of one ballot")
    return {ballot: vote or None for ballot, vote in rows}


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table as CSV: UTF-8, commas, newline."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue().encode()


def read_table(folder: Path, name: str) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a CSV file; every row must have as many cells as the header."""
    return table_of(read(folder, name), folder / name)


def table_of(data: bytes, path: Path) -> tuple[list[str], list[list[str]]]:
    """Header and rows of the bytes of a CSV file."""
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise VeedorError(f"{path} is not CSV in UTF-8: {error}") from None
    if not rows:
        raise VeedorError(f"{path} is empty")
    header, body = rows[0], [row for row in rows[1:] if row]
    faults = [
        Fault(file=str(path), row=number, found=f"{len(row)} cells", wanted=f"{len(header)}, as in the header")
        for number, row in enumerate(body, start=2)
        if len(row) != len(header)
    ]
    if faults:
        raise InputError(faults)
    return header, body


def whole_numbers(path: Path, rows: Sequence[Sequence[str]], columns: Sequence[str]) -> Integers:
    """Cells as whole numbers, none negative: int64[row, column]."""
    faults = [
        Fault(file=str(path), row=number, column=name, found=repr(cell)[:40], wanted="a whole number, digits only")
        for number, row in enumerate(rows, start=2)
        for name, cell in zip(columns, row, strict=True)
        if not (cell.isascii() and cell.isdigit() and len(cell) <= 18)
    ]
    if faults:
        raise InputError(faults)
    return np.array([[int(cell) for cell in row] for row in rows], dtype=np.int64).reshape(len(rows), len(columns))
