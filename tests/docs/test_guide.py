"""The guide says what the commands print."""

import json
import re
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.docs.blocks import agrees, blocks_of, commands_of, run, run_page
from veedor.errors import MissingExtraError

NAMES = (
    "guide/describe-your-election",
    "guide/tutorial",
    "guide/check-a-count",
    "guide/in-your-language",
    "read/how-to-read-a-finding",
    "es/tutorial",
    "es/en-su-idioma",
    "es/como-leer-un-hallazgo",
)
PAGES = [ROOT / f"docs/{name}.md" for name in NAMES]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_commands_print_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")
    shown = [command for block in blocks_of(text) if block.language == "console" for command in commands_of(block.body)]
    assert shown, "a page without a command is not a guide"
    assert run_page(text, tmp_path) == text


@pytest.mark.slow
def test_what_the_page_on_findings_says_of_its_example_is_the_truth(tmp_path: Path) -> None:
    """None of the sheets that were altered, and only typing errors, are among those that changed between the counts."""
    run("veedor simulate --stations 2400 --scenario late_alteration --seed 2031 --out demo/election", tmp_path)
    compared = "reconciliation --from preliminary@2031-05-18T22:40:48 --to official --items 0 --json"
    (finding,) = json.loads(run(f"veedor check demo/election {compared}", tmp_path))["findings"]
    truth = json.loads((tmp_path / "demo/election/truth.json").read_text(encoding="utf-8"))
    changed = {item["station"] for item in finding["items"] if item["change"] == "changed"}
    planted = {item["station"] for item in truth["planted"]["items"]}
    typed = {item["station"] for item in truth["misread"]}
    assert len(changed) == 20
    assert changed <= typed
    assert changed.isdisjoint(planted)
    page = PAGES[NAMES.index("read/how-to-read-a-finding")].read_text(encoding="utf-8")
    assert f"contains {len(planted)} sheets that were altered on purpose" in " ".join(page.split())


@pytest.mark.parametrize("name", ["tutorial", "dossier-in-pictures"])
def test_the_spanish_page_runs_and_shows_what_the_english_one_does(name: str) -> None:
    spanish = {"tutorial": "tutorial", "dossier-in-pictures": "expediente-en-imagenes"}[name]
    pages = [(ROOT / f"docs/{page}.md").read_text(encoding="utf-8") for page in (f"guide/{name}", f"es/{spanish}")]
    first, second = ([(block.file, block.body) for block in blocks_of(page)] for page in pages)
    assert first == second
    first_shown, second_shown = (set(re.findall(r"screenshots/[\w-]+\.png", page)) for page in pages)
    assert first_shown == second_shown


def test_dots_stand_for_any_lines_and_nothing_else_does() -> None:
    assert agrees("a\n...\nd\n", "a\nb\nc\nd\n")
    assert not agrees("a\nd\n", "a\nb\nd\n")
    assert not agrees("a.c\n", "abc\n")


def of_veedor(page: str) -> str:
    """The page's files, and its console blocks that call veedor and nothing else."""
    blocks = [block for block in blocks_of(page) if block.file or block.body.startswith("$ veedor")]
    info = {block.start: block.language + (f" file={block.file}" if block.file else "") for block in blocks}
    return "".join(f"```{info[block.start]}\n{block.body}```\n" for block in blocks)


@pytest.mark.slow
def test_commands_of_the_readme_print_what_it_shows(tmp_path: Path) -> None:
    page = of_veedor(README)
    assert "$ veedor count" in page
    assert run_page(page, tmp_path) == page


@pytest.mark.slow
def test_the_demo_prints_what_the_readme_shows(tmp_path: Path) -> None:
    """`make demo` calls `veedor demo --out out/demo`."""
    assert "$(BIN)/veedor demo --out out/demo" in (ROOT / "Makefile").read_text(encoding="utf-8")
    shown = {command: printed for block in blocks_of(README) for command, printed in commands_of(block.body)}
    assert agrees(shown["make demo"].strip("\n"), run("veedor demo --out out/demo", tmp_path))


def test_the_readme_names_the_wheel_of_this_version() -> None:
    assert set(re.findall(r"veedor-([\d.]+)-py3", README)) == {version("veedor")}


def test_a_missing_extra_is_installed_from_a_folder_or_a_file() -> None:
    said = str(MissingExtraError("it needs x", extra="bayes"))
    assert said == (
        "it needs x: in a checkout, pip install '.[bayes]'; "
        "from a wheel, pip install './veedor-VERSION-py3-none-any.whl[bayes]'"
    )


def test_nothing_is_installed_by_a_name_on_an_index() -> None:
    """The threat model names the command, to say what it does."""
    told = re.compile(r"pip install(?: -\S+)* [\"']?veedor(?![-/])")
    places = [*(ROOT / "src").rglob("*.py"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")]
    found = {path.name for path in places if told.search(path.read_text(encoding="utf-8"))}
    assert found == {"threat-model.md"}
