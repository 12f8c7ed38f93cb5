"""Open questions, annulled sheets and several states of one count, on the pages that a reader sees.

One count of two states, three sheets and then four; one of the four is annulled. Worked out by hand: in the end A has
10 + 12 + 9 = 31 and B 20 + 21 + 8 = 49; sheet 2 changed by one vote of B between the states.
"""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.count.test_out_of_totals import ANNULLED, DEFINITION
from veedor.cli import application

pytestmark = pytest.mark.slow

QUESTION = "is 'void' out of the totals for good?"
STATES = (
    'sources = [{ file = "first.csv", time = 2030-05-05T20:00:00, layout = "f" }, '
    '{ file = "s.csv", time = 2030-05-06T20:00:00, layout = "f" }]'
)


@pytest.fixture(scope="module")
def dossier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("questions")
    definition = DEFINITION.replace('sources = [{ file = "s.csv", layout = "f" }]', STATES)
    definition = definition.replace('kind = "official"', 'kind = "party"\nauthority = "Unión Cívica"').replace(
        '"Official"', '"Own count"'
    )
    (folder / "election.toml").write_text(f'{definition}\n[[questions]]\nabout = "void"\ntext = "{QUESTION}"\n')
    (folder / "s.csv").write_text(ANNULLED)
    (folder / "first.csv").write_text("\n".join(ANNULLED.replace("12,21", "12,20").splitlines()[:4]))
    words = ["report", str(folder), "--data", str(folder), "--out", str(folder / "out"), "--cut", "2030-05-05T21:00"]
    made = CliRunner().invoke(application(), [*words, "--json"])
    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout)["open_questions"] == [QUESTION]
    return folder / "out"


def words(path: Path) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", path.read_text(encoding="utf-8")).replace("&#39;", "'").split())


def test_every_page_names_the_question(dossier: Path) -> None:
    pages = [path for lang in ("en", "es") for path in (dossier / lang).glob("*.html")]
    assert len(pages) > 10
    for path in pages:
        assert QUESTION in words(path), path


def test_the_headline_says_whose_count_it_is_and_that_a_question_is_open(dossier: Path) -> None:
    english, spanish = words(dossier / "en/index.html"), words(dossier / "es/index.html")
    assert "By the count of a party (Unión Cívica), B is elected, with 1 question on its files still open" in english
    assert "Según el cómputo de un partido (Unión Cívica), B gana la elección, con 1 pregunta abierta" in spanish
    said = re.sub(r"veedor check \S+ reconciliation --from \S+ --to \S+", "", english)  # the count's id is "official"
    assert "official" not in said.lower()


def test_an_annulled_sheet_is_neither_missing_nor_forgotten(dossier: Path) -> None:
    english = words(dossier / "en/index.html")
    assert "3 of 4 sheets are in, 1 annulled" in english
    assert "1 sheet is annulled, and in no total." in english


def test_two_states_of_one_count_are_compared(dossier: Path) -> None:
    english = words(dossier / "en/index.html")
    assert "No two published states" not in english
    # Sheet 1 and 2 are counted in both; sheet 2 changed.
    assert "What changed? 1 sheet" in english


def test_the_report_follows_the_cut_that_it_was_asked_for(dossier: Path) -> None:
    manifest = json.loads((dossier / "results/manifest.json").read_text())
    assert manifest["cut"] == "2030-05-05T21:00:00"
    found = CliRunner().invoke(application(), ["verify", str(dossier), "--data", str(dossier.parent)])
    assert found.exit_code == 0, found.output
