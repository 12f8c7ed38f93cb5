"""Every kind of file of a dossier, and every kind of raw file: one changed figure is caught, and named by its file.

Each kind is spoiled in one copy of its own place at a time, all in one copy of the dossier, so that `veedor verify`
derives it once; a second pass spoils each raw file.
"""

import csv
import json
import re
import shutil
from pathlib import Path

import pytest

from tests.dossier.conftest import write_hostile
from veedor.cli.report import make_dossier
from veedor.dossier.compare import Difference
from veedor.dossier.verify import verify_dossier

pytestmark = pytest.mark.slow

CLAIMS = """\
[[claims]]
id = "elected"
who = { name = "Ana" }
words = { en = "It is decided." }
source = { title = "Paper" }
kind = "testable"

[[claims.conditions]]
room = "count"
finding = "official"
field = "outcome.result"
is = "elected"

[[events]]
id = "clash"
kind = "clash"
name = { en = "Clash" }

[[events.accounts]]
source = { title = "Paper" }
start = 2031-05-20
numbers = [{ what = { en = "injured" }, at_least = 3 }]
"""


@pytest.fixture(scope="module")
def source(simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The simulated election with claims and events beside it."""
    folder = Path(shutil.copytree(simulated, tmp_path_factory.mktemp("source") / "election"))
    (folder / "claims.toml").write_text(CLAIMS, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def whole(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its dossier."""
    out = tmp_path_factory.mktemp("whole") / "site"
    make_dossier(str(source), out, data=source)
    return out


def spoil_json(text: str) -> str:
    """The last figure of the document, one more."""
    last = list(re.finditer(r"(?<=[ \[])\d+(?=[,\n\]])", text))[-1]
    return text[: last.start()] + str(int(last[0]) + 1) + text[last.end() :]


def spoil_cell(text: str) -> str:
    """The last cell of the last row that ends in a digit."""
    return re.sub(r"(\d)(\D*)\Z", lambda found: str((int(found[1]) + 1) % 10) + found[2], text)


def spoil_page(text: str) -> str:
    """The first digit that a reader sees in the body, else a letter of the page's title."""
    return re.sub(r"(<main.*?>[^<>]*)(\d)", lambda f: f[1] + str((int(f[2]) + 1) % 10), text, count=1, flags=re.DOTALL)


def spoil_any(text: str) -> str:
    """One more space in the middle."""
    return text[: len(text) // 2] + " " + text[len(text) // 2 :]


def spoiled(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    ways = {
        ".json": [spoil_json],
        ".csv": [spoil_cell],
        ".html": [spoil_page, spoil_any],
        ".js": [spoil_cell, spoil_any],
    }
    for way in [*ways.get(path.suffix, []), spoil_any]:
        changed = way(text)
        if changed != text:
            path.write_text(changed, encoding="utf-8")
            return
    raise AssertionError(f"nothing to change in {path}")


@pytest.fixture(scope="module")
def every(whole: Path, source: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Difference]]:
    """What verify says of a copy in which every file but those that the rest is derived from is spoiled."""
    copy = Path(shutil.copytree(whole, tmp_path_factory.mktemp("every") / "site"))
    for path in sorted(copy.rglob("*")):
        if path.is_file() and path.name not in ("manifest.json", "election.toml", "claims.toml"):
            spoiled(path)
    found: dict[str, list[Difference]] = {}
    for one in verify_dossier(copy, source).differences:
        found.setdefault(one.file, []).append(one)
    return found


KINDS = {
    "results": "results/*.json",
    "sums": "results/*.sha256",
    "tables": "tables/*.csv",
    "places": "tables/*.geojson",
    "dictionary": "tables/*.json",
    "pages": "*/*.html",
    "entry": "index.html",
    "data": "data/*.js",
    "assets": "assets/*",
    "cards": "*/card.svg",
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_change_in_any_file_of_that_kind_is_caught_and_named(
    kind: str, whole: Path, every: dict[str, list[Difference]]
) -> None:
    names = {path.relative_to(whole).as_posix() for path in whole.glob(KINDS[kind])} - {"results/manifest.json"}
    assert names, kind
    assert names <= set(every), names - set(every)
    if kind in ("results", "tables", "dictionary", "data"):
        assert all(every[name][0].where for name in names)


def test_the_kinds_are_all_there_is(whole: Path, every: dict[str, list[Difference]]) -> None:
    listed = {path.relative_to(whole).as_posix() for glob in KINDS.values() for path in whole.glob(glob)}
    derived_from = {"election.toml", "claims.toml"}
    assert {path.relative_to(whole).as_posix() for path in whole.rglob("*") if path.is_file()} == listed | derived_from
    assert set(every) <= listed


def test_a_json_figure_is_named_by_its_path_and_a_cell_by_row_and_column(
    whole: Path, every: dict[str, list[Difference]]
) -> None:
    one = every["results/count.json"][0]
    assert int(one.found) == int(one.derived) + 1
    row = every["tables/places-region.csv"][0]
    lines = (whole / "tables/places-region.csv").read_text(encoding="utf-8").splitlines()
    assert row.where == f"row {len(lines)}, column {lines[0].split(',')[-1]}"


@pytest.mark.parametrize(
    ("name", "old", "new", "named"),
    [
        ("claims.toml", 'is = "elected"', 'is = "runoff"', "claims[0].conditions[0].test.is"),
        ("claims.toml", "at_least = 3", "at_least = 4", "events[0].accounts[0].numbers[0].at_least"),
        (
            "claims.toml",
            'title = "Paper" }\nstart',
            'title = "Sheet" }\nstart',
            "events[0].accounts[0].source.title.en",
        ),
    ],
)
def test_a_changed_claim_or_event_is_named_where_it_stands(
    whole: Path, source: Path, tmp_path: Path, name: str, old: str, new: str, named: str
) -> None:
    copy = Path(shutil.copytree(whole, tmp_path / "copy"))
    text = (copy / name).read_text(encoding="utf-8")
    assert old in text
    (copy / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    found = {(one.file, one.where) for one in verify_dossier(copy, source).differences}
    assert ("results/claims.json", named) in found


def test_a_changed_definition_is_named_by_what_follows_from_it(whole: Path, source: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(whole, tmp_path / "copy"))
    text = (copy / "election.toml").read_text(encoding="utf-8")
    (copy / "election.toml").write_text(text.replace('at_least = "40 %"', 'at_least = "60 %"'), encoding="utf-8")
    found = {one.file for one in verify_dossier(copy, source).differences}
    assert {"results/count.json", "en/index.html", "results/manifest.json"} <= found


@pytest.mark.parametrize("name", ["first.csv", "last.csv"])
def test_a_changed_cell_of_a_raw_file_is_named_by_file_and_by_figure(
    whole: Path, source: Path, tmp_path: Path, name: str
) -> None:
    raw = Path(shutil.copytree(source, tmp_path / "raw"))
    path = (min if name == "first.csv" else max)(raw.glob("official-*.csv"))
    with path.open(encoding="utf-8", newline="") as file:
        header, first, *rest = csv.reader(file)
    at = header.index("registered")
    first[at] = str(int(first[at]) + 1)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, first, *rest])
    found = verify_dossier(whole, raw).differences
    assert (found[0].file, found[0].where) == (f"raw file {path.name}", "SHA-256")
    figures = {(one.file, one.where) for one in found}
    wanted = ("results/count.json", "registered") if name == "last.csv" else ("results/timeline.json", "")
    assert any(file == wanted[0] and where.endswith(wanted[1]) for file, where in figures)


def test_every_raw_file_is_bound_by_its_hash(whole: Path, source: Path, tmp_path: Path) -> None:
    raw = Path(shutil.copytree(source, tmp_path / "raw"))
    named = [row["file"] for row in json.loads((whole / "results/manifest.json").read_text(encoding="utf-8"))["raw"]]
    assert set(named) == {path.name for path in raw.glob("*.csv")}
    for name in named:
        path = raw / name
        path.write_text(path.read_text(encoding="utf-8").replace("\n", "\r\n"), encoding="utf-8", newline="")
    found = [one for one in verify_dossier(whole, raw).differences if one.where == "SHA-256"]
    assert [one.file for one in found] == [f"raw file {name}" for name in named]


def test_hostile_names_do_not_hide_a_change(tmp_path: Path) -> None:
    folder = write_hostile(tmp_path / "hostile")
    out = tmp_path / "site"
    make_dossier(str(folder), out, data=folder)
    table = out / "tables/sheets-official.csv"
    spoiled(table if table.is_file() else next(out.glob("tables/*.csv")))
    found = verify_dossier(out, folder).differences
    assert [one.file for one in found] == [
        (table if table.is_file() else next(out.glob("tables/*.csv"))).relative_to(out).as_posix()
    ]
