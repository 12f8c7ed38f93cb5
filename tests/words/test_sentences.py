"""Sentences that are English until they are said: of errors, of the steps of an audit, of the faults of a log."""

import ast
import copy
import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.audit import finished
from tests.words import pseudo
from tests.words.test_command_line import SENTENCE, _name, _strings, plain, said
from veedor.catalogue import said as in_language
from veedor.cli import application
from veedor.cli.speech import VARIABLE
from veedor.election.read import known_elections
from veedor.errors import SAID, Fault, InputError, VeedorError
from veedor.saying import Sentence, figures, joined, message_of

SOURCE = Path(__file__).parents[2] / "src/veedor"
SPEAKING = (
    *(SOURCE / "rim").glob("*.py"),
    *(SOURCE / "audit/protocol").glob("*.py"),
    *(SOURCE / "audit/rounds").glob("*.py"),
    *(SOURCE / name for name in ("errors.py", "files.py", "audit/verify.py", "audit/tables.py")),
    *(SOURCE / name for name in ("ledger/audited_sheets.py", "draw/seed.py", "sheets/fetch.py", "election/read.py")),
    *(SOURCE / "record" / name for name in ("reader.py", "source.py")),
)
"""Modules whose errors and steps are sentences of a catalogue."""
TO_US = {
    "rim/process.py": {"not a module of this program: "},
    "rim/fetch.py": {"a thread leaves one outcome at most"},
}
"""What is wrong with the program, or goes into another error: no person is told."""
STILL_ENGLISH = frozenset(("plan.py", "file_models.py", "by_kind.py", "readings.py", "regions.py", "ballots.py"))
"""Of the audit: faults of files that people write, whose words are those of a definition's faults."""


def test_a_sentence_is_english_text_that_is_said_in_another_language() -> None:
    sentence = SAID.say("fault.said", where="a.csv", found=figures("1,234.5"), wanted="x")
    assert sentence == "a.csv: found 1,234.5, wanted x"
    assert in_language(sentence, "es") == "a.csv: se halló 1.234,5, se esperaba x"
    assert in_language("plain", "es") == "plain"
    assert json.dumps(sentence) == json.dumps(str(sentence))


def test_sentences_one_after_the_other_are_said_each() -> None:
    text = joined("; ", ["a.csv", SAID.say("fault.row", row=2)])
    assert text == "a.csv; row 2"
    assert in_language(text, "es") == "a.csv; fila 2"


def test_a_copy_is_still_a_sentence() -> None:
    """By the way that copies and other processes take."""
    sentence = SAID.say("fault.row", row=2)
    other = copy.deepcopy(sentence)
    assert other == sentence
    assert in_language(other, "es") == "fila 2"
    assert in_language(copy.copy(VeedorError(sentence)).said, "es") == "fila 2"


def test_an_error_is_english_as_text_and_keeps_its_sentence() -> None:
    error = InputError([Fault(file="a.csv", row=2, column="votes\n", found="'x'", wanted="a number", remedy="look")])
    assert str(error) == "a.csv, row 2, column votes\\n: found 'x', wanted a number (look)"
    assert not isinstance(str(error), Sentence)
    spanish = "a.csv, fila 2, columna votes\\n: se halló 'x', se esperaba a number (look)"
    assert in_language(message_of(error), "es") == spanish


def test_errors_of_these_rooms_are_sentences_of_catalogues() -> None:
    found: dict[str, set[str]] = {}
    for path in SPEAKING:
        if path.name in STILL_ENGLISH:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and (_name(node).endswith("Error") or _name(node) in ("Step", "note")):
                parts = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "says")]
                words = {text for part in parts for text in _strings(part) if SENTENCE.search(text)}
                if words:
                    found.setdefault(path.relative_to(SOURCE).as_posix(), set()).update(words)
    assert found == TO_US


AUDIT = ("audit status audit", "audit verify audit", "audit verify audit --record log")
REFUSED = (
    "count nowhere",
    "count nowhere.toml",
    "audit status nowhere",
    "audit draw audit",
    "audit verify altered",
    "record checkpoint damaged",
    "count broken",
)
NAMES = (
    "authority",
    "mission",
    "reds",
    "blues",
    "The",
    "plan",
    "town",
    "example",
    "receipt",
    "sample",
    "Ana",
    "TOML",
    "UTF",
)
"""Who signed in the audit, by the names of the tests' builder; files, and words that are no English alone."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished audit, one with a sample altered, a log with a tile altered, a definition that is none."""
    home = tmp_path_factory.mktemp("audits")
    audit = finished.secret(home)
    _copy(audit.folder, home / "altered")
    sample = home / "altered/round-1/sample.csv"
    sample.write_text(sample.read_text().replace("\n1,", "\n2,", 1))
    _copy(audit.log, home / "damaged")
    tile = max((home / "damaged/tile/0").rglob("*.p/*"), key=lambda path: int(path.name))
    tile.write_bytes(bytes(32) + tile.read_bytes()[32:])
    (home / "broken").mkdir()
    (home / "broken/election.toml").write_bytes(b"id = \xff")
    return home


def _copy(folder: Path, to: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            (to / path.relative_to(folder)).parent.mkdir(parents=True, exist_ok=True)
            (to / path.relative_to(folder)).write_bytes(path.read_bytes())


@pytest.fixture(scope="module")
def told(home: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str]]:
    languages = str(pseudo.write(tmp_path_factory.mktemp("languages")))
    return said([*AUDIT, *REFUSED], home, {**os.environ, "VEEDOR_LANGUAGES": languages, VARIABLE: pseudo.CODE})


@pytest.mark.slow
@pytest.mark.parametrize("line", [*AUDIT, *REFUSED])
def test_a_command_says_it_in_the_language(line: str, told: dict[str, tuple[int, str]]) -> None:
    status, text = told[line]
    assert status == (0 if line in AUDIT else 1 if line in ("audit verify altered", "record checkpoint damaged") else 2)
    assert pseudo.LONGER in text
    here = (*NAMES, *" ".join(known_elections()).replace("-", " ").split(), *line.split())
    assert plain(text, {name.lower() for name in here}) == set()


@pytest.mark.slow
def test_without_the_variable_it_is_english(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home)
    monkeypatch.delenv(VARIABLE, raising=False)
    shown = CliRunner().invoke(application(), ["audit", "verify", "audit"], prog_name="veedor").output
    assert "consent: 4 signed consents, the plan binds\n" in shown
    assert "round 1 sample: 200 draws of " in shown
    assert shown.rstrip().endswith("; confirmed")


@pytest.mark.slow
@pytest.mark.parametrize(
    "line", ["audit status audit --json", "audit verify audit --json", "audit verify altered --json"]
)
def test_json_is_the_same_in_each_language(line: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home)
    printed = []
    for code in ("en", "es"):
        monkeypatch.setenv(VARIABLE, code)
        printed.append(CliRunner().invoke(application(), line.split(), prog_name="veedor").stdout)
    assert printed[0] == printed[1]
    assert json.loads(printed[0])
