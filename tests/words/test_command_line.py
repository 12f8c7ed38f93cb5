"""The command line in the pseudo-language: whatever plain English word it prints is data, or is not in a catalogue."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from release.smoke import QUICK_COUNT
from tests.words import pseudo
from tests.words.test_help import ENGLISH
from tests.words.test_pseudo import fragments
from veedor.checks.run import CHECKS
from veedor.cli import GROUPS, application
from veedor.cli.speech import VARIABLE
from veedor.forensics.registry import METHODS
from veedor.simulation import simulate, write_demo_claims, write_simulated

ROOT = Path(__file__).parents[2]
WORD = re.compile(r"[A-Za-z]{3,}")
NOT_SAID = re.compile(r"\S*[/\\_.@=+]\S*|--[\w-]+|`[^`]*`|\b[0-9a-f]{6,}\b|\b20\d\d-\S+|\b[A-Z|]{3,}\b")
"""Addresses, names with a point or an underscore, options, commands, hashes, times, names of the usage line."""
PROGRAM = ("veedor", "str", "int", "float", "path", "datetime", "range", "none", "last", "all")
"""The program, and types and values of options."""
METHOD = ("nested", "pooled", "sheet", "uniform", "hierarchical", "capped", "apart")
"""Rules of projections, and tests of audits."""
GIVEN = ("president", "clean", "log", "sampled", "salt", "policy", "receipts", "other")
"""The election's, and the files' that the commands are given."""

SIMPLE = (
    "count town",
    "count town --count preliminary --by region",
    "count town --count preliminary --snapshot all",
    "check town",
    "interruption town --draws 20 --like 2",
    "forensics town last_digit --placebo 2",
    "forensics town town last_digit --placebo 2",
    "audit plan town --expect preliminary --audits 100",
    "simulate --stations 100 --out other",
    "export town --out sampled/sheets.csv",
    "claims town",
)
KEY = "--key log.key"
SEED = "--seed 31415926535897932384 --salt salt"
LATER = (
    "quickcount estimate sampled",
    "quickcount release sampled",
    "quickcount compare intervals.csv",
    "quickcount design sampled --salt salt --margin 2",
    f"quickcount draw sampled {SEED} --out drawn.csv",
    f"record init log --origin town.example/log {KEY}",
    f"record append town --log log {KEY}",
    "record checkpoint log",
    "record cosign log --policy policy",
    "record prove log --index 0 --out 0.tlog-proof",
    "record prove log --all --out receipts",
    "record verify 0.tlog-proof --policy policy",
)
HELP = ("--help", "count --help", "audit --help", "audit plan --help", "record watch --help", "quickcount --help")
REFUSED = (
    "export town --out x.txt",
    "simulate --stations 200 --kind x --like town --out y",
    "audit plan town --out x",
    "audit arlo town",
    "audit strata town --level region",
    "audit sign town --signatory x --key k --out o --passphrase p",
    "record prove log --out x",
    f"quickcount draw sampled {SEED} --out salt",
    "count",
    "cuont",
    "count town --sno",
)
KEY_LINE = "record key log.key --name town.example/log"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a simulated election, its claims and a quick count on it."""
    home = tmp_path_factory.mktemp("town")
    write_simulated(simulate(200, "late_alteration", 3), home / "town")
    write_demo_claims(home / "town")
    (home / "sampled").mkdir()
    definition = QUICK_COUNT.partition("<<END\n")[2].partition("END\n")[0]
    (home / "sampled/quickcount.toml").write_text(definition)
    (home / "salt").write_text("a-salt-of-more-than-thirty-two-characters")
    (home / "intervals.csv").write_text("choice,low,high,official\nx,49,51,50\ny,40,41,42\n")
    return home


@pytest.fixture(scope="module")
def told(town: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str]]:
    """What each command says in the pseudo-language; those of the record and the quick count need what others wrote."""
    settings = {
        **os.environ,
        "VEEDOR_LANGUAGES": str(pseudo.write(tmp_path_factory.mktemp("languages"))),
        "VEEDOR_RECORD_PASSPHRASE": "a long passphrase",
        VARIABLE: pseudo.CODE,
    }
    vkey = said([KEY_LINE], town, settings)[KEY_LINE][1].strip()
    (town / "policy").write_text(f"log {vkey}\nquorum none\n")
    found = said([*SIMPLE, *HELP, *LATER, *REFUSED], town, settings)
    return {line: (status, text.replace(vkey, "")) for line, (status, text) in found.items()}


def said(lines: list[str], folder: Path, settings: dict[str, str]) -> dict[str, tuple[int, str]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.words.said", str(folder)],
        cwd=ROOT,
        env=settings,
        input=json.dumps(lines),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {line: (status, text) for line, (status, text) in zip(lines, json.loads(done.stdout), strict=True)}


def words_of(*files: Path) -> set[str]:
    """Every word of files of data, without their comments."""
    text = " ".join(re.sub(r"(?m)^#.*$", "", path.read_text(encoding="utf-8")) for path in files)
    return {word.lower() for word in WORD.findall(text)}


@cache
def named(town: Path) -> frozenset[str]:
    """Names that an election and the program bring along."""
    names = {word.lower() for name in (*CHECKS, *METHODS, *GROUPS, *ENGLISH) for word in WORD.findall(name)}
    return frozenset((*PROGRAM, *METHOD, *GIVEN, *names)) | words_of(
        *(town / "town").glob("*.csv"), town / "town/election.toml"
    )


def plain(text: str, known: frozenset[str] | set[str]) -> set[str]:
    """English words that are left: in plain letters, and no data."""
    return {word for word in WORD.findall(NOT_SAID.sub(" ", text)) if word.lower() not in known}


@pytest.mark.slow
@pytest.mark.parametrize("line", [*SIMPLE, *LATER, *HELP])
def test_a_command_prints_no_plain_english(line: str, told: dict[str, tuple[int, str]], town: Path) -> None:
    status, text = told[line]
    assert status == 0, text
    assert pseudo.LONGER in text
    claims = words_of(town / "town/claims.toml") if line.startswith("claims") else set()
    assert plain(text, named(town) | claims) == set()
    assert {part for part in fragments() if part in text and not claims} == set()


@pytest.mark.slow
@pytest.mark.parametrize("line", REFUSED)
def test_the_command_lines_own_errors_are_in_the_language(
    line: str, told: dict[str, tuple[int, str]], town: Path
) -> None:
    status, text = told[line]
    assert status == 2, text
    assert pseudo.LONGER in text
    assert plain(text, named(town) | {"cuont"}) == set()


SPEAKING = frozenset(("print", "say", "titled", "dim", "Column", "show_table", "progress_bar", "prompt", "confirm"))
"""Functions that show their words to a person; and every error."""
SENTENCE = re.compile(r"[A-Za-z]{3,}[,;:]? [A-Za-z]{2,}|^[a-z]{3,}$")


def test_no_sentence_is_written_in_the_code_of_the_command_line() -> None:
    """But for the refusal of a language that there is not: it cannot be said in it."""
    found = []
    for path in sorted({*(ROOT / "src/veedor/cli").rglob("*.py")} - {ROOT / "src/veedor/cli/speech/__init__.py"}):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and (_name(node) in SPEAKING or _name(node).endswith("Error")):
                of_catalogue = _name(node) == "say" and isinstance(node.func, ast.Attribute)
                words = (
                    []
                    if of_catalogue
                    else [
                        text for part in node.args[: 1 if _name(node) == "Column" else None] for text in _strings(part)
                    ]
                )
                found += [f"{path.name}:{node.lineno}: {text}" for text in words if SENTENCE.search(text)]
    assert found == []


def _name(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _strings(node: ast.AST) -> Iterator[str]:
    """Strings of an argument that are shown as they are: none of a call inside it, and no keys."""
    if isinstance(node, ast.Call | ast.Subscript):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for below in ast.iter_child_nodes(node):
        yield from _strings(below)


@pytest.mark.slow
@pytest.mark.parametrize("line", ["count town --json", "check town sums --json", "audit plan town --json"])
def test_json_does_not_depend_on_the_language(line: str, town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(town)
    printed = {}
    for code in ("en", "es"):
        monkeypatch.setenv(VARIABLE, code)
        done = CliRunner().invoke(application(), line.split(), prog_name="veedor")
        assert done.exit_code == 0, done.output
        printed[code] = done.stdout
    assert printed["es"] == printed["en"]
    assert json.loads(printed["en"])
