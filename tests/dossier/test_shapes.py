"""Elections of every rule, with and without places, coordinates, several publications: each gets a sensible dossier."""

from pathlib import Path

import pytest

from tests.dossier.conftest import opened_from
from veedor.cli.report import make_dossier
from veedor.dossier.site import write_dossier
from veedor.dossier.verify import verify_dossier

RULES = {
    "plurality": ('rule = { kind = "plurality" }', "Ana is elected", "Ana gana la elección"),
    "two_seats": ('rule = { kind = "plurality", seats = 2 }', "Ana (A) and Bea (B) elected", "ganan Ana (A) y Bea (B)"),
    "runoff": ('rule = { kind = "two_round" }', "a runoff between Ana and Bea", "segunda vuelta entre Ana y Bea"),
    "referendum": (
        'rule = { kind = "supermajority", proposal = "A" }',
        "Ana (A) is not adopted",
        "no se aprueba Ana (A)",
    ),
    "seats": (
        'rule = { kind = "highest_averages", seats = 5 }',
        "seats: A 2, B 2 and C 1",
        "escaños: A 2, B 2 y C 1",
    ),
    "remainders": ('rule = { kind = "largest_remainder", seats = 5 }', "seats: A 2, B 2 and C 1", "escaños"),
}

TOML = """
id = "small"
name = {{ en = "Small" }}
date = 2024-05-05
timezone = "America/Lima"
{levels}

[[contests]]
id = "contest"
name = {{ en = "Contest" }}
{rule}
choices = [
  {{ id = "A", name = {{ en = "Ana" }} }},
  {{ id = "B", name = {{ en = "Bea" }} }},
  {{ id = "C", name = {{ en = "Cleo" }} }},
]

[[counts]]
id = "only"
kind = "{kind}"
name = {{ en = "Only count", es = "Único cómputo" }}
sources = [{{ file = "only.csv", layout = "table" }}]

[layouts.table]
format = "csv"
[layouts.table.columns]
station = "station"
{columns}
votes = {{ A = "A", B = "B", C = "C" }}
"""

# Valid votes: A 44, B 38, C 18 of 100 (two boxes of 22, 19, 9).
SHEETS = "station,place,A,B,C\n1,X,22,19,9\n2,Y,22,19,9\n"


def write_small(folder: Path, rule: str, *, levels: bool = True, kind: str = "official") -> Path:
    folder.mkdir()
    text = TOML.format(
        rule=rule,
        kind=kind,
        levels='levels = [{ id = "place", name = { en = "Place", es = "Lugar" } }]' if levels else "",
        columns='levels = { place = "place" }' if levels else "",
    )
    (folder / "election.toml").write_text(text, encoding="utf-8")
    (folder / "only.csv").write_text(SHEETS, encoding="utf-8")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("name", RULES)
def test_every_rule_has_its_headline_in_both_languages(name: str, tmp_path: Path) -> None:
    rule, english, spanish = RULES[name]
    folder, out = write_small(tmp_path / "election", rule), tmp_path / "site"
    write_dossier(opened_from(folder, "small"), out, data="../election")
    for code, headline in (("en", english), ("es", spanish)):
        text = (out / code / "index.html").read_text(encoding="utf-8")
        assert headline in text.split("<h1>")[1].split("</h1>")[0]
    assert verify_dossier(out, None).differences == ()


@pytest.mark.slow
def test_without_places_coordinates_and_a_second_state_the_pages_say_so(tmp_path: Path) -> None:
    folder = write_small(tmp_path / "election", RULES["plurality"][0], levels=False, kind="preliminary")
    out = tmp_path / "site"
    write_dossier(opened_from(folder, "small"), out, data="../election")
    assert not (out / "en/timeline.html").exists()
    assert "timeline.html" not in (out / "en/index.html").read_text(encoding="utf-8")
    assert "no coordinates for any polling station" in (out / "en/map.html").read_text(encoding="utf-8")
    about = (out / "es/about.html").read_text(encoding="utf-8")
    assert "La definición no nombra fuentes" in about
    assert "How many sheets were expected is not known" in (out / "en/index.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_file_without_a_sheet_is_told_beside_the_figures_and_listed(tmp_path: Path) -> None:
    folder = write_small(tmp_path / "election", RULES["plurality"][0])
    toml = folder / "election.toml"
    source = '{ file = "only.csv", layout = "table" }'
    toml.write_text(toml.read_text().replace(source, f"{source}, {source.replace('only', 'empty')}"))
    (folder / "empty.csv").write_text(SHEETS.partition("\n")[0] + "\n")
    make_dossier(str(folder), tmp_path / "site", data=folder, skip_bad_rows=True)
    for code, told, listed in (
        ("en", "1 file of those published holds no tally sheet", "1 file holds no tally sheet"),
        ("es", "1 archivo de los publicados no trae ningún acta", "1 archivo no trae ningún acta"),
    ):
        overview = (tmp_path / "site" / code / "index.html").read_text(encoding="utf-8")
        about = (tmp_path / "site" / code / "about.html").read_text(encoding="utf-8")
        assert told in overview
        assert "0 " not in overview.split(told)[0][-4:]  # no sentence about 0 rows before it
        assert listed in about
        assert "empty.csv" in about
    assert verify_dossier(tmp_path / "site", folder).differences == ()
