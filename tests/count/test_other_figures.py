"""Figures with a name of their own: contested ballots are cast and no choice's; ballots issued are neither.

Added up by hand: sheet 1 has 50 + 40 + 2 + 1 + 3 = 96 ballots cast, sheet 2 has 30 + 60 + 0 + 4 + 1 = 95.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from veedor.cli import application
from veedor.draft.draft import draft_of

DEFINITION = """
id = "o"
name = { en = "o" }
date = 2030-05-05
timezone = "America/Lima"
levels = [{ id = "place", name = { en = "Place" } }]
[[contests]]
id = "c"
name = { en = "c" }
rule = { kind = "plurality" }
choices = [{ id = "A", name = { en = "A" } }, { id = "B", name = { en = "B" } }]
other = [
  { id = "contested", name = { en = "Contested ballots", es = "Votos impugnados" }, of_cast = true },
  { id = "issued", name = { en = "Ballots issued", es = "Papeletas entregadas" } },
]
[[counts]]
id = "official"
kind = "official"
name = { en = "Official" }
sources = [{ file = "s.csv", layout = "f" }]
[layouts.f.columns]
station = "mesa"
registered = "electores"
blank = "blancos"
null = "nulos"
cast = "emitidos"
levels = { place = "place" }
votes = { A = "a", B = "b" }
other = { contested = "impugnados", issued = "entregadas" }
"""
HEADER = "mesa,place,electores,a,b,blancos,nulos,impugnados,entregadas,emitidos\n"
SHEETS = HEADER + "1,X,200,50,40,2,1,3,99,96\n2,Y,200,30,60,0,4,1,96,95\n"


def run(folder: Path, *words: str, sheets: str = SHEETS) -> str:
    (folder / "election.toml").write_text(DEFINITION)
    (folder / "s.csv").write_text(sheets)
    command, *rest = words
    found = CliRunner().invoke(application(), [command, str(folder), "--data", str(folder), *rest])
    assert found.exit_code == 0, found.output
    return found.stdout


def document(folder: Path, *words: str, sheets: str = SHEETS) -> Any:
    return json.loads(run(folder, *words, "--json", sheets=sheets))


def test_they_are_shown_beside_the_votes_and_cast_holds_those_that_were_cast(tmp_path: Path) -> None:
    found = document(tmp_path, "count")
    assert (found["valid"], found["cast"]) == (180, 191)
    assert found["other"] == {"contested": 4, "issued": 195}
    assert "other_absent" not in found
    lines = [line.split() for line in run(tmp_path, "count").splitlines()]
    assert ["contested", "4"] in lines
    assert ["issued", "195"] in lines


def test_they_are_counted_by_place_and_in_every_state(tmp_path: Path) -> None:
    places = document(tmp_path, "count", "--by", "place")["places"]
    assert [(place["cast"], place["other"]) for place in places] == [
        (96, {"contested": 3, "issued": 99}),
        (95, {"contested": 1, "issued": 96}),
    ]
    (state,) = document(tmp_path, "count", "--snapshot", "all")["snapshots"]
    assert (state["cast"], state["other"]) == (191, {"contested": 4, "issued": 195})


@pytest.mark.parametrize(("printed", "differ"), [("96", 0), ("93", 1)])
def test_printed_ballots_cast_are_their_sum_with_those_cast(tmp_path: Path, printed: str, differ: int) -> None:
    sheets = SHEETS.replace(",99,96", f",99,{printed}")
    (finding,) = document(tmp_path, "check", "sums", sheets=sheets)["findings"]
    assert (finding["looked_at"], finding["effect"]["cast"]["differ"]) == (2, differ)


@pytest.mark.slow
def test_an_absent_one_is_told_and_leaves_its_sheet_out_of_the_comparison(tmp_path: Path) -> None:
    sheets = SHEETS.replace(",3,99,", ",,99,")
    found = document(tmp_path, "count", sheets=sheets)
    assert (found["other"]["contested"], found["other_absent"], found["cast"]) == (1, 1, 188)
    assert "1 figure is absent among contested, issued" in run(tmp_path, "count", sheets=sheets)
    (finding,) = document(tmp_path, "check", "sums", sheets=sheets)["findings"]
    assert (finding["looked_at"], finding["effect"]["not_comparable"]) == (1, 1)


def test_a_figure_that_no_contest_has_is_refused(tmp_path: Path) -> None:
    (tmp_path / "election.toml").write_text(DEFINITION.replace("{ contested =", "{ contestd ="))
    found = CliRunner().invoke(application(), ["count", str(tmp_path), "--data", str(tmp_path)])
    assert "did you mean contested?" in str(found.exception)


LONG = """
[layouts.f.columns]
station = "mesa"
levels = { place = "place" }
[layouts.f.long]
choice = "opcion"
votes = "votos"
labels = { A = "Ana", B = "Blas" }
blank = "BLANCO"
null = "NULO"
other = { contested = ["IMPUGNADO", "RECURRIDO"], issued = "ENTREGADAS" }
"""
ROWS = [
    "mesa,place,opcion,votos",
    *("1,X,Ana,50", "1,X,Blas,40", "1,X,BLANCO,2", "1,X,NULO,1", "1,X,IMPUGNADO,3", "1,X,ENTREGADAS,99"),
    *("2,Y,Ana,30", "2,Y,Blas,60", "2,Y,NULO,4", "2,Y,IMPUGNADO,1", "2,Y,ENTREGADAS,96"),
    *("3,Y,Ana,7", "3,Y,Blas,8", "3,Y,BLANCO,1", "3,Y,ENTREGADAS,16"),
]


def test_labels_of_a_long_file_are_other_figures(tmp_path: Path) -> None:
    """Contested 3 + 1, issued 99 + 96 + 16; cast: 96 and 95 as above, and 7 + 8 + 1 = 16 without a contested ballot."""
    definition = DEFINITION[: DEFINITION.index("[layouts.f.columns]")] + LONG.replace(
        '["IMPUGNADO", "RECURRIDO"]', '"IMPUGNADO"'
    )
    (tmp_path / "election.toml").write_text(definition)
    (tmp_path / "s.csv").write_text("\n".join(ROWS) + "\n")
    found = CliRunner().invoke(application(), ["count", str(tmp_path), "--data", str(tmp_path), "--json"])
    assert found.exit_code == 0, found.output
    totals = json.loads(found.stdout)
    assert totals["other"] == {"contested": 4, "issued": 211}
    assert (totals["cast"], totals["valid"], totals["blank"], totals["null"]) == (207, 195, 3, 5)
    assert "other_absent" not in totals


def test_a_label_of_an_other_figure_that_the_contest_lacks_is_told(tmp_path: Path) -> None:
    definition = DEFINITION[: DEFINITION.index("[layouts.f.columns]")] + LONG.replace("contested = [", "contestd = [")
    (tmp_path / "election.toml").write_text(definition)
    found = CliRunner().invoke(application(), ["count", str(tmp_path), "--data", str(tmp_path)])
    assert found.exit_code != 0
    assert "contested" in str(found.exception or found.output)


CAST = ["1,X,EMITIDOS,96", "2,Y,EMITIDOS,95", "3,Y,EMITIDOS,16"]
"""Printed ballots cast: 50 + 40 + 2 + 1 + 3, 30 + 60 + 4 + 1 and 7 + 8 + 1."""


@pytest.mark.parametrize("settled", [True, False])
def test_a_draft_of_a_long_file_keeps_contested_ballots_where_the_sums_settle_it(tmp_path: Path, settled: bool) -> None:
    rows = [row for row in ROWS if "ENTREGADAS" not in row]
    (tmp_path / "s.csv").write_text("\n".join([*rows, *(CAST if settled else [])]) + "\n")
    election = draft_of("d", [tmp_path / "s.csv"]).election
    long = election.layouts["file"].long
    assert long is not None
    assert long.other == ({"impugnado": ("IMPUGNADO",)} if settled else {})
    assert [figure.of_cast for figure in election.contests[0].other] == [True] * settled
    assert any("IMPUGNADO" in question.text for question in election.questions) is not settled
