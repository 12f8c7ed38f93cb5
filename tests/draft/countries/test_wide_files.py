"""Files with a row for each sheet, as Mexico, France, Spain, Italy and Kenya publish them."""

import zipfile
from pathlib import Path

import pytest

from tests.draft.countries.ballots import Sheet, added, invented
from tests.draft.countries.program import Program, assert_totals
from tests.draft.countries.workbooks import write_xlsx

MEXICO = """
id = "prep"
name = { en = "Preliminary results" }
date = 2030-06-02
timezone = "America/Mexico_City"
levels = [{ id = "entidad", name = { en = "State", es = "Entidad" } }]
[[contests]]
id = "presidencia"
name = { en = "President" }
rule = { kind = "plurality" }
choices = [{ id = "X", name = { en = "Ana" } }, { id = "Y", name = { en = "Blas" } }]
[[counts]]
id = "prep"
kind = "preliminary"
name = { en = "PREP" }
expected_sheets = 90
sources = [{ file = "prep.zip", member = "20300602_2000/PRES.csv", time = 2030-06-02T20:00:00, layout = "prep" }]
[layouts.prep]
delimiter = "|"
encoding = "windows-1252"
header_row = 6
missing = ["", "-", "ILEGIBLE", "SIN DATO"]
[layouts.prep.columns]
station = { join = ["ID_ENTIDAD", "SECCION", "TIPO_CASILLA", "ID_CASILLA"] }
levels = { entidad = "ENTIDAD" }
registered = "LISTA_NOMINAL"
null = "NULOS"
status = "CONTABILIZADA"
[layouts.prep.columns.votes]
X = { sum = ["PAN", "PRI", "PAN-PRI"] }
Y = "MORENA"
[layouts.prep.status]
"1" = "counted"
"0" = "quarantined"
"2" = "pending"
"""


def test_mexico_titles_before_the_header_coalitions_and_sheets_that_have_not_come(
    tmp_path: Path, veedor: Program
) -> None:
    sheets = invented(5, 80, (20, 15, 5, 41), [("MÉXICO",), ("Nuevo “León”",)])
    head = "CLAVE_ACTA|ID_ENTIDAD|ENTIDAD|SECCION|ID_CASILLA|TIPO_CASILLA|LISTA_NOMINAL|PAN|PRI|PAN-PRI|MORENA|NULOS|"
    lines = ["RESULTADOS", "02/06/2030 20:00", "ACTAS_ESPERADAS|ACTAS_REGISTRADAS|%", "90|80|88.8889", ""]
    lines.append(head + "OBSERVACIONES|CONTABILIZADA")
    for sheet in sheets:
        a, b, c, d = map(str, sheet.votes)
        key = f"'{sheet.number:08}|{1 + sheet.number % 2}|{sheet.place[0]}|{sheet.number:04}|01|B|{sheet.registered}"
        note, state = "", "1"
        if sheet.number % 20 == 0:
            a, b, c, d, note, state = "ILEGIBLE", "SIN DATO", "-", "-", "SIN ACTA", "2"
        lines.append(f"{key}|{a}|{b}|{c}|{d}|{sheet.null}|{note}|{state}")
    with zipfile.ZipFile(tmp_path / "prep.zip", "w") as archive:
        archive.writestr("20300602_2000/PRES.csv", "\r\n".join(lines).encode("windows-1252") + b"\r\n")
        archive.writestr("LEEME.txt", "hola")
    (tmp_path / "election.toml").write_text(MEXICO, encoding="utf-8")
    come = added([sheet for sheet in sheets if sheet.number % 20])
    count = veedor.count(tmp_path)
    votes = {choice["id"]: choice["votes"] for choice in count["choices"]}
    assert votes == {"X": sum(come.votes[:3]), "Y": come.votes[3]}
    assert (count["sheets"], count["null"]) == ({"expected": 90, "counted": 76}, come.null)
    assert (count["open"]["sheets"], count["open"]["by_status"]["pending"]) == (14, 4)
    without = MEXICO.replace(', member = "20300602_2000/PRES.csv"', "")
    (tmp_path / "election.toml").write_text(without, encoding="utf-8")
    answer = veedor("count", tmp_path)
    assert (answer.status, "`member`" in answer.err) == (2, True)


PLAIN = """
id = "plain"
name = { en = "Plain" }
date = 2030-05-05
timezone = "Europe/Paris"
[[contests]]
id = "c"
name = { en = "C" }
rule = { kind = "two_round" }
choices = [{ id = "A", name = { en = "Ana" } }, { id = "B", name = { en = "Blas" } }]
[[counts]]
id = "official"
kind = "official"
name = { en = "Official" }
sources = [{ file = "votes.csv", layout = "file" }]
[layouts.file]
delimiter = ";"
[layouts.file.columns]
station = { join = ["Commune", "Bureau"] }
registered = "Inscrits"
blank = "Blancs"
null = "Nuls"
votes = { A = "VOTES_A", B = "VOTES_B" }
"""


def _plain(folder: Path, votes_a: str, votes_b: str, **changes: str) -> None:
    text = PLAIN.replace("VOTES_A", votes_a).replace("VOTES_B", votes_b)
    for before, after in changes.items():
        text = text.replace(before, after)
    (folder / "election.toml").write_text(text, encoding="utf-8")


def _french_rows(sheets: list[Sheet]) -> list[str]:
    return [
        f"{sheet.place[0]};{sheet.number:04};{sheet.registered};{sheet.blank};{sheet.null};"
        f"1;F;ANA;{sheet.votes[0]};2;M;BLAS;{sheet.votes[1]}"
        for sheet in sheets
    ]


def test_france_a_block_of_columns_for_each_candidate(tmp_path: Path, veedor: Program) -> None:
    sheets = invented(6, 60, (48, 44), [("L’Haÿ",), ("Bœuf",)])
    fixed = "Commune;Bureau;Inscrits;Blancs;Nuls"
    block = ";N°;Sexe;Nom;Voix"
    (tmp_path / "votes.csv").write_text("\n".join([fixed + block * 2, *_french_rows(sheets)]), encoding="utf-8")
    _plain(tmp_path, "Voix#1", "Voix#2")
    assert_totals(veedor.count(tmp_path), added(sheets), ("A", "B"))
    _plain(tmp_path, "Voix", "Voix#2")
    answer = veedor("count", tmp_path)
    assert answer.status == 2
    assert "2 columns named 'Voix'" in answer.err
    assert "'Voix#1' for the first" in answer.err


def test_france_a_header_that_names_the_first_block_only(tmp_path: Path, veedor: Program) -> None:
    sheets = invented(6, 60, (48, 44), [("L’Haÿ",), ("Bœuf",)])
    header = "Commune;Bureau;Inscrits;Blancs;Nuls;N°;Sexe;Nom;Voix"
    (tmp_path / "votes.csv").write_text("\n".join([header, *_french_rows(sheets)]), encoding="utf-8")
    _plain(tmp_path, "Voix", "#13")
    assert_totals(veedor.count(tmp_path), added(sheets), ("A", "B"))
    _plain(tmp_path, "Voix", "Voix")
    answer = veedor("count", tmp_path)
    assert answer.status == 2
    assert "'#10'" in answer.err
    shorter = [header, *_french_rows(sheets)]
    shorter[7] = shorter[7].rsplit(";", 4)[0]
    (tmp_path / "votes.csv").write_text("\n".join(shorter), encoding="utf-8")
    _plain(tmp_path, "Voix", "#13")
    answer = veedor("count", tmp_path)
    assert (answer.status, "row 8: found 9 cells, wanted 13" in answer.err) == (2, True)


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-16", "\t"), ("windows-1252", ";"), ("utf-16-le", "\t"), ("utf-8-sig", ",")]
)
def test_excel_exports_with_strange_headers(tmp_path: Path, veedor: Program, encoding: str, delimiter: str) -> None:
    sheets = invented(7, 50, (48, 44), [("Peña “Alta”",), ("D’Or",)])
    mark = delimiter
    header = ["Commune ", ' "Bureau"'.strip(), "Inscrits", "Blancs", "Nuls", '"Voix\nd’Ana  "', " Voix   de Blas"]
    rows = [
        [
            sheet.place[0],
            f"{sheet.number:03}",
            f'"{sheet.registered:,}"'.replace(",", "."),
            *map(str, (sheet.blank, sheet.null, *sheet.votes)),
        ]
        for sheet in sheets
    ]
    text = "".join(mark.join(row) + "\r\n" for row in [header, *rows])
    (tmp_path / "votes.csv").write_bytes(text.encode(encoding))
    _plain(tmp_path, "Voix d’Ana", "Voix de Blas")
    definition = (tmp_path / "election.toml").read_text(encoding="utf-8")
    written = mark.replace("\t", r"\t")
    lines = f'delimiter = "{written}"\nthousands = "."\nencoding = "{encoding}"'
    (tmp_path / "election.toml").write_text(definition.replace('delimiter = ";"', lines), encoding="utf-8")
    assert_totals(veedor.count(tmp_path), added(sheets), ("A", "B"))


ITALY = """
id = "quesito"
name = { en = "Referendum" }
date = 2030-06-12
timezone = "Europe/Rome"
[[contests]]
id = "quesito"
name = { en = "Question" }
rule = { kind = "supermajority", proposal = "si", quorum = { more_than = "50 %" } }
choices = [{ id = "si", name = { en = "Yes", es = "Sí" } }, { id = "no", name = { en = "No" } }]
[[counts]]
id = "ufficiale"
kind = "official"
name = { en = "Official" }
expected_sheets = 40
sources = [{ file = "sezioni.xlsx", layout = "sezioni" }]
[layouts.sezioni]
format = "xlsx"
sheet = "Risultati"
header_row = 4
thousands = ","
drop = [{ column = "Sezione", is = "TOTALE" }]
[layouts.sezioni.columns]
station = "Sezione"
registered = "Elettori"
blank = "Bianche"
null = "Nulle"
votes = { si = "Sì", no = "No" }
"""


@pytest.mark.parametrize("turnout", ["low", "high"])
def test_italy_quorum_in_a_workbook_with_titles_and_a_total(tmp_path: Path, veedor: Program, turnout: str) -> None:
    sheets = invented(8, 40, (70, 20), [("Roma",)])
    if turnout == "low":
        sheets = [Sheet(**{**vars(sheet), "registered": sheet.registered * 3}) for sheet in sheets]
    rows: list[list[object]] = [["REFERENDUM"], [], ["Ministero — risultati"]]
    rows.append(["Sezione", "Elettori", "Sì", "No", "Bianche", "Nulle"])
    rows += [[f"{s.number:04}", f"{s.registered:,}", *s.votes, s.blank, s.null] for s in sheets]
    truth = added(sheets)
    rows.append(["TOTALE", truth.registered, *truth.votes, truth.blank, truth.null])
    rows += [[None], ["Fonte: inventata"]]
    write_xlsx(tmp_path / "sezioni.xlsx", "Risultati", rows)
    (tmp_path / "election.toml").write_text(ITALY, encoding="utf-8")
    answer = veedor("count", tmp_path)
    assert answer.status == 2, "a footer is a fault until the definition says what it is"
    assert "Fonte: inventata" in answer.err or f"row {4 + len(sheets) + 3}" in answer.err
    assert "`drop`" in answer.err
    dropped = ITALY.replace('is = "TOTALE"', 'is = ["TOTALE", "Fonte: inventata"]')
    (tmp_path / "election.toml").write_text(dropped, encoding="utf-8")
    count = veedor.count(tmp_path)
    assert_totals(count, truth, ("si", "no"))
    assert count["outcome"]["choices"] == (["si"] if 2 * truth.cast > truth.registered else ["no"])
    assert (2 * truth.cast > truth.registered) is (turnout == "high")


def test_rows_without_figures_are_sheets_that_have_not_come(tmp_path: Path, veedor: Program) -> None:
    sheets = invented(9, 30, (48, 44), [("X",)])
    lines = ["Commune;Bureau;Inscrits;Blancs;Nuls;a;b"]
    for s in sheets:
        figures = ";;;" if s.number > 25 else f"{s.blank};{s.null};{s.votes[0]};{s.votes[1]}"
        lines.append(f"X;{s.number};{s.registered};{figures}")
    (tmp_path / "votes.csv").write_text("\n".join(lines), encoding="utf-8")
    _plain(tmp_path, "a", "b")
    count = veedor.count(tmp_path)
    assert_totals(count, added(sheets[:25]), ("A", "B"))
    assert count["open"]["by_status"]["pending"] == 5


@pytest.mark.slow
def test_no_figure_in_any_row(tmp_path: Path, veedor: Program) -> None:
    (tmp_path / "votes.csv").write_text("Commune;Bureau;Inscrits;Blancs;Nuls;a;b\nX;1;100;0;0;0;0\nX;2;100;0;0;0;0\n")
    _plain(tmp_path, "a", "b")
    count = veedor.count(tmp_path)
    assert (count["valid"], count["outcome"]["result"], count["choices"][0]["share_of_valid"]) == (0, "undecided", None)
    answer = veedor("check", tmp_path, "--json")
    assert (answer.status, len(answer.json["findings"]) > 5) == (0, True)
    (tmp_path / "votes.csv").write_text("Commune;Bureau;Inscrits;Blancs;Nuls;a;b\nX;1;100;0;0;90;20\nX;2;9;0;0;0;0\n")
    assert veedor("check", tmp_path, "ballots_over_registered").status == 0
    assert veedor("check", tmp_path, "ballots_over_registered", "--strict").status == 1
