"""A dossier of sheets with absent figures: its pages say so, and none says that nothing is open."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from veedor.cli import application

DEFINITION = """
id = "small"
name = { en = "Small", es = "Chica" }
date = 2030-05-05
timezone = "UTC"
levels = [{ id = "town", name = { en = "Town", es = "Pueblo" } }]

[[contests]]
id = "mayor"
name = { en = "Mayor", es = "Alcaldía" }
rule = { kind = "plurality" }
choices = [{ id = "A", name = { en = "Ana" } }, { id = "B", name = { en = "Ben" } }]

[[counts]]
id = "official"
kind = "official"
name = { en = "Official", es = "Oficial" }
expected_sheets = 3
sources = [{ file = "sheets.csv", layout = "plain" }]

[layouts.plain]
missing = ["", "ILEGIBLE"]

[layouts.plain.columns]
station = "S"
registered = "Reg"
valid = "Valid"
levels = { town = "Town" }
votes = { A = "A", B = "B" }
"""
HEADER = "S,Town,Reg,A,B,Valid\n1,x,300,100,90,190\n2,y,300,80,95,175\n"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """The words of two dossiers, with and without the absent figure."""
    found = {}
    for name, last in (("gap", "3,y,300,70,ILEGIBLE,170\n"), ("whole", "3,y,300,70,100,170\n")):
        folder = tmp_path_factory.mktemp(name)
        (folder / "election.toml").write_text(DEFINITION)
        (folder / "sheets.csv").write_text(HEADER + last)
        made = CliRunner().invoke(
            application(), ["report", str(folder), "--data", str(folder), "--out", str(folder / "out")]
        )
        assert made.exit_code == 0, made.output
        paths = [folder / "out" / lang / f"{page}.html" for lang in ("en", "es") for page in ("index", "count")]
        found[name] = {f"{path.parent.name}/{path.stem}": words(path) for path in paths}
    return found


def words(path: Path) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        ("en/index", "1 figure is absent from 1 counted sheet and adds nothing to the totals."),
        ("en/index", "But figures are absent from counted sheets, and they could change this outcome."),
        ("en/index", "Ana is elected, as far as their figures are stated: those that are absent could change it"),
        ("es/index", "Ana gana la elección, según las cifras consignadas: las que faltan podrían cambiarlo"),
        ("en/count", "they hold at most 100 valid votes."),
        ("es/index", "Falta 1 cifra en 1 acta contada; no suma nada a los totales."),
        ("es/index", "en actas contadas faltan cifras, que podrían cambiar este resultado."),
        ("es/count", "valen a lo sumo 100 votos válidos."),
    ],
)
def test_the_pages_say_that_a_figure_is_absent(pages: dict[str, dict[str, str]], page: str, sentence: str) -> None:
    assert sentence in pages["gap"][page]
    assert sentence not in pages["whole"][page]


def test_no_page_says_that_nothing_is_open(pages: dict[str, dict[str, str]]) -> None:
    for lang, nothing in (("en", "nothing is left that could still change"), ("es", "no queda nada que pueda cambiar")):
        assert nothing in pages["whole"][f"{lang}/index"]
        assert nothing not in pages["gap"][f"{lang}/index"]
