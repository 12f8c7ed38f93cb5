"""Files with a row for each choice: Argentina's telegrams, Brazil's ballot boxes, Indonesia's lines of JSON."""

import gzip
import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.draft.countries.ballots import Sheet, added, invented
from tests.draft.countries.program import Program, assert_totals

PLACES: list[tuple[str, ...]] = [("Río Claro", "Norte"), ("Río Claro", "Sur"), ("Ñandú", "Único"), ("Ñandú", "Centro")]

ARGENTINA = """
id = "reparto"
name = { en = "General election", es = "Elección general" }
date = 2031-10-26
timezone = "America/Argentina/Buenos_Aires"
levels = [
  { id = "distrito", name = { en = "District", es = "Distrito" } },
  { id = "seccion", name = { en = "Section", es = "Sección" } },
]

[[contests]]
id = "presidente"
name = { en = "President", es = "Presidente y vice" }
choices = [
  { id = "A", name = { en = "Alianza del Alba" } },
  { id = "B", name = { en = "Frente Boreal" } },
  { id = "C", name = { en = "Partido \\"C\\"" } },
]
[contests.rule]
kind = "two_round"
majority = { more_than = "45 %" }
alternative = { at_least = "40 %" }
lead = { more_than = "10 points" }

[[contests]]
id = "diputados"
name = { en = "Deputies", es = "Diputados" }
rule = { kind = "highest_averages", seats = 7, threshold = { at_least = "3 %" } }
choices = [{ id = "A", name = { en = "Alianza del Alba" } }, { id = "B", name = { en = "Frente Boreal" } }]

[[counts]]
id = "provisorio"
kind = "preliminary"
name = { en = "Provisional count", es = "Recuento provisorio" }
expected_sheets = 70
sources = [{ file = "resultados.csv", layout = "telegramas" }]

[layouts.telegramas]
delimiter = ";"
contest = { column = "cargo_nombre", values = { presidente = "PRESIDENTE Y VICE", diputados = "DIPUTADO NACIONAL" } }

[layouts.telegramas.columns]
station = { join = ["distrito_id", "seccion_id", "mesa_id"] }
registered = "mesa_electores"
levels = { distrito = "distrito_nombre", seccion = "seccion_nombre" }

[layouts.telegramas.long]
choice = ["agrupacion_nombre", "votos_tipo"]
votes = "votos_cantidad"
labels = { A = "ALIANZA DEL ALBA", B = "FRENTE BOREAL", C = 'PARTIDO "C"' }
blank = "EN BLANCO"
null = "NULO"
ignore = ["IMPUGNADO", "RECURRIDO", "COMANDO"]
"""

COLUMNS = (
    "año;eleccion_tipo;recuento_tipo;padron_tipo;distrito_id;distrito_nombre;seccion_id;seccion_nombre;mesa_id;"
    "mesa_electores;cargo_nombre;agrupacion_nombre;votos_tipo;votos_cantidad"
)


def _telegrams(sheets: list[Sheet], office: str, parties: list[str]) -> Iterator[str]:
    for sheet in sheets:
        place = PLACES.index(sheet.place)
        head = (
            f"2031;GENERAL;PROVISORIO;NORMAL;{place // 2:02};{sheet.place[0]};{place:03};{sheet.place[1]};"
            f"{sheet.number:05};{sheet.registered};{office}"
        )
        for party, votes in zip(parties, sheet.votes, strict=True):
            yield f"{head};{party};POSITIVO;{votes}"
        others = {"EN BLANCO": sheet.blank, "NULO": sheet.null, "IMPUGNADO": 2, "RECURRIDO": 1, "COMANDO": 0}
        for kind, votes in others.items():
            yield f"{head};;{kind};{votes}"


@pytest.mark.slow
def test_argentina_several_offices_in_one_file(tmp_path: Path, veedor: Program) -> None:
    presidents = invented(1, 60, (46, 30, 20), PLACES)
    deputies = invented(2, 60, (50, 40), PLACES)
    lines = [
        COLUMNS,
        *_telegrams(presidents, "PRESIDENTE Y VICE", ["ALIANZA DEL ALBA", "FRENTE BOREAL", '"PARTIDO ""C"""']),
    ]
    lines += _telegrams(deputies, "DIPUTADO NACIONAL", ["ALIANZA DEL ALBA", "FRENTE BOREAL"])
    (tmp_path / "resultados.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "election.toml").write_text(ARGENTINA, encoding="utf-8")
    count = veedor.count(tmp_path, "--by", "seccion")
    assert_totals(count, added(presidents), ("A", "B", "C"))
    assert count["open"]["sheets"] == 10
    for place in count["places"]:
        inside = [sheet for sheet in presidents if sheet.place == tuple(place["path"].values())]
        assert place["valid"] == added(inside).valid
    assert len(count["places"]) == 4
    others = veedor.count(tmp_path, "--contest", "diputados")
    assert_totals(others, added(deputies), ("A", "B"))
    assert others["outcome"]["seats"] == dhondt(added(deputies).votes, ("A", "B"), 7)


def dhondt(votes: tuple[int, ...], choices: tuple[str, ...], seats: int) -> dict[str, int]:
    """Seats by the highest quotients, by hand."""
    quotients = sorted(
        (
            (-number / divisor, choice)
            for choice, number in zip(choices, votes, strict=True)
            for divisor in range(1, seats + 1)
        )
    )
    won = [choice for _, choice in quotients[:seats]]
    return {choice: won.count(choice) for choice in choices}


BRAZIL = """
id = "urnas"
name = { en = "Urns" }
date = 2030-10-06
timezone = "America/Sao_Paulo"
levels = [{ id = "uf", name = { en = "State", es = "Estado" } }, { id = "municipio", name = { en = "Town" } }]

[[contests]]
id = "governador"
name = { en = "Governor" }
rule = { kind = "two_round" }
choices = [{ id = "c15", name = { en = "João" } }, { id = "c45", name = { en = "Conceição" } }]

[[counts]]
id = "bu"
kind = "official"
name = { en = "Urn reports" }
expected_sheets = 50
sources = [{ files = "bweb_*.csv", layout = "bu" }]

[layouts.bu]
encoding = "latin-1"
delimiter = ";"
contest = { column = "DS_CARGO_PERGUNTA", values = { governador = "Governador" } }

[layouts.bu.columns]
station = { join = ["NR_ZONA", "NR_SECAO"] }
registered = "QT_APTOS"
levels = { uf = "SG_UF", municipio = "NM_MUNICIPIO" }

[layouts.bu.long]
choice = "NR_VOTAVEL"
votes = "QT_VOTOS"
labels = { c15 = "15", c45 = "45" }
blank = "95"
null = "96"
"""


@pytest.mark.slow
def test_brazil_latin_1_quoted_cells_one_file_for_each_state(tmp_path: Path, veedor: Program) -> None:
    places: list[tuple[str, ...]] = [("AC", "SÃO JOSÉ"), ("XY", "Água D'Alta")]
    sheets = invented(3, 50, (52, 45), places)
    header = "DT_GERACAO;SG_UF;NM_MUNICIPIO;NR_ZONA;NR_SECAO;DS_CARGO_PERGUNTA;QT_APTOS;NR_VOTAVEL;NM_VOTAVEL;QT_VOTOS"
    for state, town in places:
        rows = [header.split(";")]
        for sheet in sheets:
            if sheet.place[0] != state:
                continue
            for office, add in (("Governador", 0), ("Senador", 7)):
                figures = {"15": sheet.votes[0], "45": sheet.votes[1], "95": sheet.blank, "96": sheet.null}
                for number, votes in figures.items():
                    name = {"95": "Branco", "96": "Nulo"}.get(number, f"NOME; {number}")
                    zone, section = str(1 + sheet.number % 3), f"{sheet.number:04}"
                    rows.append(
                        [
                            "06/10/2030",
                            state,
                            town,
                            zone,
                            section,
                            office,
                            str(sheet.registered),
                            number,
                            name,
                            str(votes + add),
                        ]
                    )
        text = "".join(";".join(f'"{cell}"' for cell in row) + "\r\n" for row in rows)
        (tmp_path / f"bweb_1t_{state}.csv").write_text(text, encoding="latin-1", newline="")
    (tmp_path / "election.toml").write_text(BRAZIL, encoding="utf-8")
    count = veedor.count(tmp_path, "--by", "municipio")
    assert_totals(count, added(sheets), ("c15", "c45"))
    assert [place["path"]["municipio"] for place in count["places"]] == ["SÃO JOSÉ", "Água D'Alta"]
    assert count["open"]["outcome_can_change"] is False
    wrong = (tmp_path / "election.toml").read_text(encoding="utf-8").replace('"latin-1"', '"utf-8"')
    (tmp_path / "election.toml").write_text(wrong, encoding="utf-8")
    answer = veedor("count", tmp_path)
    assert answer.status == 2
    assert "`encoding`" in answer.err
    assert "latin-1" in answer.err


INDONESIA = """
id = "desa"
name = { en = "Village election" }
date = 2029-02-14
timezone = "Asia/Jakarta"
levels = [{ id = "provinsi", name = { en = "Province" } }]
[[contests]]
id = "kepala"
name = { en = "Head" }
rule = { kind = "plurality" }
choices = [
  { id = "p01", name = { en = "Satu" } },
  { id = "p02", name = { en = "Dua" } },
  { id = "p03", name = { en = "Tiga" } },
]
[[counts]]
id = "sirekap"
kind = "official"
name = { en = "Count" }
sources = [{ file = "tps.jsonl.gz", layout = "tps" }]
[layouts.tps]
format = "jsonl"
[layouts.tps.columns]
station = "kode"
levels = { provinsi = "provinsi" }
registered = "pengguna.dpt"
null = "suara_tidak_sah"
votes = { p01 = "chart.100025", p02 = "chart.100026", p03 = "chart.100027" }
"""


def test_indonesia_json_lines_with_objects_inside_and_long_ids(tmp_path: Path, veedor: Program) -> None:
    sheets = invented(4, 80, (30, 31, 12), [("Jawa Isa",), ("Ma’luku",)])
    truth = added(sheets)
    lines = [
        {
            "kode": f"00{1101012001000 + sheet.number:013}",
            "provinsi": sheet.place[0],
            "pengguna": {"dpt": sheet.registered},
            "chart": dict(zip(("100025", "100026", "100027"), sheet.votes, strict=True)),
            "suara_tidak_sah": sheet.null,
        }
        for sheet in sheets
    ]
    with gzip.open(tmp_path / "tps.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(line) + "\n" for line in lines)
    (tmp_path / "election.toml").write_text(INDONESIA, encoding="utf-8")
    count = veedor.count(tmp_path)
    assert {choice["id"]: choice["votes"] for choice in count["choices"]} == dict(
        zip(("p01", "p02", "p03"), truth.votes, strict=True)
    )
    assert (count["null"], count["registered"]) == (truth.null, truth.registered)
    out = tmp_path / "sheets.csv"
    assert veedor("export", tmp_path, "--out", out).status == 0
    stations = [line.split(",")[2] for line in out.read_text(encoding="utf-8").splitlines()[1:]]
    assert sorted(stations) == [line["kode"] for line in lines]
    assert all(low < high for low, high in pairwise(sorted(stations)))
