"""Tables of an audit: no spreadsheet runs a cell of them, and each is read back as it was; the forms' download too."""

import csv
import io
import json
import shutil
import subprocess
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from tests.audit import builders
from veedor.audit.formats.arlo import manifest_bytes, tallies_bytes
from veedor.audit.planning.draft import draft, write_plan
from veedor.audit.rounds.draw import draw_round
from veedor.audit.rounds.rounds import assess, enter
from veedor.audit.units import Units
from veedor.audit.verify import verify
from veedor.dossier.pages.audit import standalone
from veedor.election import Choice
from veedor.election.base import Names
from veedor.errors import InputError, VeedorError
from veedor.rim.csv_cells import csv_bytes, guard, rows_of

RUNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""How OWASP's page on CSV injection says that a cell begins which a spreadsheet runs."""
NAMES = [
    "=1+1",
    "+1",
    "-16.5",
    "@SUM(1)",
    "'quoted",
    "''twice",
    "＝1",
    '=HYPERLINK("http://x","y")',
    "plain",
    "a,b",
    "é",
]


def strange(**more: object) -> Units:
    """Sheets and places whose names a spreadsheet would run."""
    sheets = builders.units(len(NAMES) * 3)
    ids = tuple(f"{name}{'' if number == 0 else number}" for number in range(3) for name in NAMES)
    places = tuple((name, f"place of {name}", "-16.5", "-68.1") for name in NAMES[:3] * len(NAMES))
    levels = ("region", "=place", "latitude", "longitude")
    return replace(sheets, ids=ids, places=places, levels=levels, **more)  # type: ignore[arg-type]


def cells(path: Path) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")) for cell in row]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sheets", "regions", "ballot_comparison", "oneaudit"])
def test_no_cell_of_any_table_runs_and_the_audit_goes_on(tmp_path: Path, kind: str) -> None:
    folder, keys, sheets = tmp_path / "audit", builders.keys(), strange()
    more: dict[str, object] = {"kind": kind, "test": None, "rounds": [40]}
    more |= {"region_level": "region"} if kind == "regions" else {}
    records = None
    if kind == "ballot_comparison":
        votes = [
            choice
            for row in sheets.figures.tolist()
            for choice, n in zip(sheets.contest.choice_ids, row, strict=False)
            for _ in range(n)
        ]
        records = {f"={number}": vote for number, vote in enumerate(votes)}
    plan, contents = draft(
        sheets, sheets.contest, builders.terms(builders.signatories(keys), **more),
        election="town", count="official", title=Names(en="Town"), records=records,
    )  # fmt: skip
    write_plan(folder, plan, contents)
    builders.seeded(folder, keys)
    _, drawn = draw_round(folder)
    paths = sorted(folder.rglob("*.csv"))
    assert {path.name for path in paths} >= {"manifest.csv", "results.csv", "sample.csv", "pull-list.csv"}
    for path in paths:
        assert not any(cell.startswith(RUNS) for cell in cells(path)), path
    header, pulled = rows_of((folder / "round-1/pull-list.csv").read_bytes(), "it")
    if plan.of_ballots:
        rows = [[row[header.index("ballot")], "found", "ana"] for row in pulled]
        data = csv_bytes(["ballot", "status", "vote"], rows)
    else:
        stations = [row[header.index("station")] for row in pulled]
        assert set(stations) == {one.station for one in drawn} <= set(sheets.ids)
        rows = [[one, "found", *map(str, sheets.figures[sheets.position[one]])] for one in stations]
        data = csv_bytes(["station", "status", *sheets.contest.choice_ids, "blank", "null"], rows)
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_bytes(data)
    assert enter(folder, tmp_path / "a.csv", tmp_path / "b.csv") == []
    assess(folder)
    verify(folder)


def test_what_arlo_reads_is_refused_where_it_would_run() -> None:
    for make in (manifest_bytes, tallies_bytes):
        with pytest.raises(VeedorError, match="begins as a formula of a spreadsheet does, and Arlo"):
            make(strange())
    sheets = builders.units(3)
    choices = tuple(Choice(id=one.id, name=Names(en=f"={one.id}")) for one in sheets.contest.choices)
    named = replace(sheets, contest=sheets.contest.model_copy(update={"choices": choices}))
    with pytest.raises(VeedorError, match="'=ana' begins as a formula"):
        tallies_bytes(named)
    assert manifest_bytes(sheets).startswith(b"Container,Batch Name,Number of Ballots\n")


@pytest.mark.parametrize("script", ["forms", "ballots"])
def test_the_forms_download_guards_its_cells_as_we_do(script: str, tmp_path: Path) -> None:
    """The very functions of the page, run on what was typed or printed there."""
    if shutil.which("node") is None:
        pytest.skip("needs the program node, which is not installed")
    text = (Path(standalone.__file__).parent / f"standalone_files/{script}.js").read_text(encoding="utf-8")
    head = text[: text.index("document.getElementById")]
    given = [*NAMES, *(f"{mark}x" for mark in RUNS), "", "two\nlines", 'say "x"', "a\rb", "'"]
    program = tmp_path / "cells.js"
    program.write_text(f"{head}\nconsole.log(JSON.stringify({json.dumps(given)}.map(cell)));", encoding="utf-8")
    done = subprocess.run(["node", str(program)], capture_output=True, text=True, check=True, timeout=30)
    for before, cell in zip(given, json.loads(done.stdout), strict=True):
        (row,) = csv.reader(io.StringIO(f"{cell},end\n", newline=""), strict=True)
        assert row == [guard(before), "end"]


def test_accents_are_written_in_two_ways_and_read_as_one(tmp_path: Path) -> None:
    """What people type (NFD, as some keyboards do) is taken for what was drawn (NFC); in doubt it is not."""
    names = [f"{word} {number}" for number in range(10) for word in ("Ñuflo", "Potosí", "São Paulo")]
    sheets = replace(builders.units(30), ids=tuple(unicodedata.normalize("NFC", name) for name in names))
    folder, keys = tmp_path / "audit", builders.keys()
    builders.make(folder, builders.terms(builders.signatories(keys)), sheets)
    builders.seeded(folder, keys)
    draw_round(folder)
    data = builders.entries(folder, 1, sheets)
    one, two = tmp_path / "a.csv", tmp_path / "b.csv"
    one.write_bytes(unicodedata.normalize("NFD", data.decode()).encode())
    two.write_bytes(data)
    assert one.read_bytes() != two.read_bytes()
    row = next(line for line in data.decode().splitlines() if line.startswith("Ñuflo"))
    three, four = tmp_path / "c.csv", tmp_path / "d.csv"
    for path in (three, four):
        path.write_bytes(data + unicodedata.normalize("NFD", row).encode() + b"\n")
    with pytest.raises(InputError, match="only what this round drew"):
        enter(folder, three, four)
    assert enter(folder, one, two) == []
    assess(folder)
    verify(folder)


@pytest.mark.parametrize("what", ["stations", "ballots"])
def test_two_spellings_of_one_name_are_no_two_sheets(what: str) -> None:
    sheets, terms = builders.units(2), builders.terms(builders.signatories(builders.keys()), rounds=[1])
    records = None
    if what == "stations":
        sheets = replace(sheets, ids=("é", "e\u0301"))
    else:
        records = {"é": "ana", "e\u0301": "ana"}
        terms = builders.terms(terms.signatories, rounds=[1], kind="ballot_comparison", test=None)
    with pytest.raises(VeedorError, match=rf"the {what} '\\xe9' and 'e\\u0301' are one name in two spellings"):
        draft(sheets, sheets.contest, terms, election="t", count="o", title=Names(en="T"), records=records)
