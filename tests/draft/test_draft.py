"""A draft is valid and counts, whatever the file looks like; where it cannot, it says what to fill in."""

import re
import tomllib
from pathlib import Path

import polars as pl
import pytest

from tests.draft import files
from veedor.draft.combine import time_in
from veedor.draft.draft import Draft, draft_of, write_draft
from veedor.draft.vocabulary import plain_words, role_of, slug, status_of
from veedor.election import Election
from veedor.election.read import read_election
from veedor.errors import InputError, VeedorError
from veedor.sheets import in_totals
from veedor.sheets.read import read_series, read_sheets


def table_by(draft: Draft, count: str = "official") -> tuple[Election, pl.DataFrame]:
    election = draft.election
    [chosen] = [one for one in election.counts if one.id == count]
    table = read_sheets(election, election.contests[0], chosen, draft.folder).table
    return election, table.filter(in_totals())


def totals_by(draft: Draft, count: str = "official") -> dict[str, int]:
    """Totals of the drafted count, votes under the names of the choices."""
    election, table = table_by(draft, count)
    names = {f"votes.{choice.id}": choice.name.en for choice in election.contests[0].choices}
    figures = ["registered", "blank", "null", *names]
    found = {names.get(figure, figure): int(table[figure].sum()) for figure in figures}
    return {"sheets": table.height, **found}


@pytest.mark.slow
@pytest.mark.parametrize("make", [files.strange, files.argentine, files.french, files.english])
def test_a_file_of_another_country_counts_to_what_it_was_made_of(tmp_path: Path, make: object) -> None:
    path, totals = make(tmp_path)  # type: ignore[operator]
    draft = write_draft(tmp_path / "my", [path])
    assert read_election(tmp_path / "my") == draft.election
    found = totals_by(draft)
    assert {name: found[name] for name in totals} == totals
    assert draft.todo == ()


def test_the_strange_file_in_detail(tmp_path: Path) -> None:
    path, _ = files.strange(tmp_path)
    draft = draft_of("my", [path])
    layout = tomllib.loads(draft.text)["layouts"]["file"]
    wanted = {"encoding": "latin-1", "delimiter": ";", "header_row": 3, "thousands": ".", "format": "csv"}
    assert {key: layout[key] for key in wanted} == wanted
    assert layout["drop"] == [{"column": "Mesa", "is": "TOTAL"}]
    assert draft.election.level_ids == ("province", "commune", "precinct")
    assert draft.election.date.isoformat() == "2024-10-27"
    assert "# unique in all 240 rows\nstation" in draft.text


@pytest.mark.slow
def test_coalition_columns_are_one_choice(tmp_path: Path) -> None:
    path, totals = files.mexican(tmp_path)
    draft = draft_of("my", [path])
    [preliminary] = draft.election.counts
    assert preliminary.kind == "preliminary"
    found = totals_by(draft, "preliminary")
    assert found["PAN + PRI + PRD"] == sum(totals[name] for name in ("PAN", "PRI", "PRD", "PAN_PRI_PRD", "PAN_PRI"))
    assert found["MORENA"] == totals["MORENA"]
    assert found["CANDIDATO/A NO REGISTRADO/A"] == totals["CANDIDATO/A NO REGISTRADO/A"]
    # Three rows have dashes for every figure: their sheets have not come, and are not counted.
    assert (found["sheets"], found["registered"], found["null"]) == (
        117,
        totals["registered"] - 3 * 700,
        totals["null"],
    )


def test_statuses_and_times_are_found(tmp_path: Path) -> None:
    path, _ = files.english(tmp_path)
    draft = draft_of("my", [path])
    layout = tomllib.loads(draft.text)["layouts"]["file"]
    assert layout["status"] == {"Counted": "counted", "Annulled": "annulled"}
    assert layout["columns"]["arrived"] == "Received at"


# Published totals: see the README of each folder; Russia 2018 as published by the Central Election Commission.
KNOWN = {
    "bolivia-2019": (["bolivia-2019/computo-final.csv"], "official", 34_555, "MAS - IPSP", 2_889_359, 6_137_671),
    "bolivia-2019 preliminary": (
        ["bolivia-2019/trep-2019-10-20T19-40-57.csv"],
        "preliminary",
        28_975,
        "MAS - IPSP",
        2_355_644,
        5_152_979,
    ),
    "bolivia-2020": (
        ["bolivia-2020/elecciones_generales_2020.parquet", "bolivia-2020/elecciones_generales_2020_exterior.parquet"],
        "official",
        35_599,
        "MAS-IPSP",
        3_394_052,
        6_159_211,
    ),
    "russia 2018": (["russia/2018.csv.zip"], "official", 97_699, "Путин Владимир Владимирович", 56_430_712, 72_787_734),
    "referendum 2016": (["bolivia-2019/referendum-2016.csv.gz"], "official", 29_224, "NO", 2_645_048, 5_151_610),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", KNOWN)
def test_real_files_count_to_the_known_totals(shared: Path, name: str) -> None:
    paths, count, sheets, choice, votes, valid = KNOWN[name]
    draft = draft_of("my", [shared / "data" / path for path in paths])
    found = totals_by(draft, count)
    choices = [one.name.en for one in draft.election.contests[0].choices]
    assert (found["sheets"], found[choice], sum(found[name] for name in choices)) == (sheets, votes, valid)


@pytest.mark.slow
def test_published_files_of_bolivia_2020_are_a_series(shared: Path) -> None:
    folder = shared / "data/bolivia-2020/published"
    draft = draft_of("my", sorted(folder.glob("*20201018_2*.csv.xz")) + sorted(folder.glob("*20201020_0158*.xlsx")))
    election = draft.election
    series = read_series(election, election.contests[0], election.counts[0], folder, skip_bad_rows=True)
    assert len(series.left_out) == 16
    assert series.snapshots[0].isoformat() == "2020-10-18T19:56:55+00:00"
    assert election.counts[0].sources[0].files == "exportacion_EG2020_{time:%Y%m%d_%H%M%S}_*.csv.xz"
    assert election.layouts["file-1"].encoding == "latin-1"
    assert election.layouts["file-2"].sheet == ("Presidente",)
    assert {"MAS_IPSP", "CC", "CREEMOS"} <= set(election.contests[0].choice_ids)


def test_an_election_toml_is_never_overwritten(tmp_path: Path) -> None:
    path, _ = files.english(tmp_path)
    (tmp_path / "my").mkdir()
    (tmp_path / "my/election.toml").write_text("mine")
    with pytest.raises(VeedorError, match="is there already"):
        write_draft(tmp_path / "my", [path])
    assert (tmp_path / "my/election.toml").read_text() == "mine"


UNUSABLE = {
    "empty.csv": b"",
    "picture.png": b"\x89PNG",
    "cut.zip": b"PK\x03\x04",
    "cut.csv.gz": b"\x1f\x8b\x08\x00",
    "bad.xlsx": b"not a workbook",
    "bad.parquet": b"PAR1",
    "bad.json": b"[]",
    "bad.jsonl": b"{",
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_what_cannot_be_opened_is_named_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(UNUSABLE[name])
    with pytest.raises(InputError, match=re.escape(name)):
        write_draft(tmp_path / "my", [tmp_path / name])
    assert not (tmp_path / "my").exists()
    with pytest.raises(InputError, match="no such file"):
        write_draft(tmp_path / "my", [tmp_path / "absent.csv"])


ODD = {
    "one column": b"a\n1\n2\n",
    "no figures": b"name,town\nx,y\nz,w\n",
    "only figures": b"1,2,3\n4,5,6\n",
    "repeated header": b"a,a,a,b\n1,2,3,4\n5,6,7,8\n",
    "nul": b"station,A,B\n\x00,1,2\n",
    "escapes": b'st"ation,"A\nB",C\\,D"]\n1,2,3,4\n',
    "comment": "station,A\u2028[[x]],B#\u0085y\n1,2,3\n".encode(),
    "header only": b"station,A,B\n",
    "duplicates": b"mesa,A,B,Nulos\n1,2,3,0\n1,4,5,0\n2,1,1,0\n",
}


@pytest.mark.parametrize("name", ODD)
def test_whatever_the_cells_hold_the_draft_is_valid(tmp_path: Path, name: str) -> None:
    (tmp_path / "odd.csv").write_bytes(ODD[name])
    draft = write_draft(tmp_path / "my", [tmp_path / "odd.csv"])
    assert read_election(tmp_path / "my") == draft.election
    [tried] = draft.tried
    assert tried.sheets > 0 or tried.problem or draft.todo


def test_where_stations_repeat_the_draft_says_so(tmp_path: Path) -> None:
    (tmp_path / "odd.csv").write_bytes(ODD["duplicates"])
    draft = draft_of("my", [tmp_path / "odd.csv"])
    assert draft.todo == ("odd.csv: 'mesa' repeats in 1 of 3 rows; see columns.station",)
    assert "# TODO 'mesa' repeats in 1 of 3 rows" in draft.text


@pytest.mark.parametrize(
    ("name", "role"),
    {
        "Inscritos": "registered",
        "Electores habilitados": "registered",
        "INSCRITOS_HABILITADOS": "registered",
        "Lista Nominal": "registered",
        "Inscrits": "registered",
        "QT_APTOS": "registered",
        "Wahlberechtigte": "registered",
        "Elettori": "registered",
        "Число избирателей, включенных в список избирателей": "registered",
        "Votos nulos": "null",
        "Nuls": "null",
        "Rejected ballots": "null",
        "Ungültige": "null",
        "Число недействительных избирательных бюллетеней": "null",
        "Votos en Blanco": "blank",
        "QT_VOTOS_BRANCOS": "blank",
        "Blancs": "blank",
        "Schede bianche": "blank",
        "Votos válidos": "valid",
        "Exprimés": "valid",
        "Gültige": "valid",
        "Число действительных избирательных бюллетеней": "valid",
        "Emitidos": "cast",
        "Votants": "cast",
        "Comparecimento": "cast",
        "Abgegebene": "cast",
        "Abstentions": "ignored",
        "% Vot/Ins": "ignored",
        "Número Mesa": "station",
        "CLAVE_CASILLA": "station",
        "Code du b.vote": "station",
        "NR_SEÇÃO": "station",
        "MAS - IPSP": None,
    }.items(),
)
def test_words_of_seven_languages(name: str, role: str | None) -> None:
    assert role_of(name) == role


def test_ids_are_safe_and_differ() -> None:
    taken: set[str] = set()
    names = ["MAS - IPSP", "MAS-IPSP", "Путин Владимир", "ñandú", "民主", "1. Alianza", "LIBRE_21", "", "x" * 99]
    ids = [slug(name, taken, f"choice-{number}") for number, name in enumerate(names)]
    assert ids[:3] == ["MAS-IPSP", "MAS-IPSP-2", "Putin-Vladimir"]
    assert ids[6] == "LIBRE_21"
    assert len(set(ids)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", one) for one in ids)


@pytest.mark.parametrize(
    ("name", "time"),
    {
        "acta.2019.10.20.19.40.57.xlsx": "2019-10-20T19:40:57",
        "trep-2019-10-20T19-40-57.csv": "2019-10-20T19:40:57",
        "exportacion_EG2020_20201018_204655_2811385803455459461.csv.xz": "2020-10-18T20:46:55",
        "20301399_999999.csv": None,
        "results.csv": None,
    }.items(),
)
def test_times_in_names(name: str, time: str | None) -> None:
    found = time_in(name)
    assert (found[0].isoformat() if found else None) == time


def test_words_and_statuses() -> None:
    assert plain_words("Nº de Mesa") == "no de mesa"
    assert plain_words("CódigoMesa") == "codigo mesa"
    assert [status_of(word) for word in ("Computada", "Anulada", "Observada", "Pendiente", "???")] == [
        "counted",
        "annulled",
        "observed",
        "pending",
        None,
    ]


def test_schools_of_the_same_name_in_every_town_are_the_last_level(tmp_path: Path) -> None:
    rows = [
        f"{100 * town + 10 * school + table},Town {town},School {school},50,40,Counted"
        for town in range(1, 8)
        for school in range(1, 4)
        for table in range(1, 4)
    ]
    (tmp_path / "x.csv").write_text("\n".join(["Mesa,Municipio,Recinto,A,B,Estado", *rows]))
    draft = draft_of("my", [tmp_path / "x.csv"])
    assert draft.election.level_ids == ("municipality", "precinct")
    assert draft.election.contests[0].choice_ids == ("A", "B")


def test_candidates_may_be_called_like_columns(tmp_path: Path) -> None:
    names = ["Carlos Mesa", "Centro Democrático", "Luis Blanco", "Blanca Estado"]
    header = ["Número de mesa", "Departamento", "Habilitados", *names, "Votos blancos", "Nulos", "Válidos"]
    votes = [[n, 2 * n % 7, 40, n % 5] for n in range(40)]
    lines = [",".join(map(str, [100 + n, f"D{n % 3}", 500, *row, 3, 1, sum(row)])) for n, row in enumerate(votes)]
    (tmp_path / "x.csv").write_text("\n".join([",".join(header), *lines]))
    draft = draft_of("my", [tmp_path / "x.csv"])
    assert [choice.name.en for choice in draft.election.contests[0].choices] == names
    found = totals_by(draft)
    assert (found["Carlos Mesa"], found["Luis Blanco"], found["blank"], found["null"]) == (780, 1600, 120, 40)
    assert draft.election.level_ids == ("department",)
