"""Elections for the dossier's tests: one simulated, and one whose names try to break out of the page."""

import csv
import dataclasses
from pathlib import Path

import pytest

from veedor.dossier.input import Opened, open_sheets
from veedor.dossier.site import write_dossier
from veedor.sheets.dataset import open_dataset
from veedor.simulation import simulate, write_simulated

BOMB = "<script>window.hacked=1</script>"
HOSTILE = (
    BOMB,
    "</script><script>window.hacked=2</script>",
    "\"><img src=x onerror='window.hacked=3'>",
    "{{ 7 * 7 }}{% raw %}",
    "line\u2028separator & <b>bold</b>",
    '=HYPERLINK("https://example.org","x")',
    "a/b#c?d%2F é \u202e12\u2066x",
    "__proto__",
)

TOML = """
id = "hostile"
name = {{ en = '''{bomb}''', es = '''{bomb}''' }}
date = 2024-05-05
timezone = "America/La_Paz"
levels = [
  {{ id = "region", name = {{ en = '''{bomb}''' }} }},
  {{ id = "place", name = {{ en = "Place", es = "Lugar" }} }},
]
sources = [{{ title = '''{bomb}''', url = "javascript:alert(1)", licence = '''{bomb}''' }}]

[[contests]]
id = "contest"
name = {{ en = '''{bomb}''' }}
choices = [
  {{ id = "A", name = {{ en = '''{bomb}''' }}, party = '''{bomb}''', color = "#aa3300" }},
  {{ id = "B", name = {{ en = "B & C" }} }},
]

[contests.rule]
kind = "two_round"
alternative = {{ at_least = "40 %" }}
lead = {{ at_least = "10 points" }}

[[counts]]
id = "first"
kind = "preliminary"
name = {{ en = '''{bomb}''' }}
expected_sheets = 24
sources = [
  {{ file = "one.csv", time = 2024-05-05T20:00:00, layout = "table" }},
  {{ file = "two.csv", time = 2024-05-06T08:00:00, layout = "table" }},
]

[[counts]]
id = "last"
kind = "official"
name = {{ en = "Official", es = "Oficial" }}
expected_sheets = 24
sources = [{{ file = "last.csv", time = 2024-05-07T20:00:00, layout = "table" }}]

[layouts.table]
format = "csv"
[layouts.table.columns]
station = "station"
registered = "registered"
blank = "blank"
null = "null"
latitude = "lat"
longitude = "lon"
levels = {{ region = "region", place = "place" }}
votes = {{ A = "A", B = "B" }}
"""


def hostile_rows() -> list[dict[str, object]]:
    """24 sheets; votes are whole numbers that a reader can follow: A has 60 + number, B has 40."""
    return [
        {
            "station": f"{HOSTILE[i % len(HOSTILE)]}{i}" if i < 8 else str(i),
            "region": HOSTILE[i % 2],
            "place": HOSTILE[i % len(HOSTILE)],
            "registered": 200,
            "A": 60 + i,
            "B": 40,
            "blank": 1,
            "null": 2,
            "lat": -16 - i / 10 if i % 3 else "",
            "lon": -68 + i / 10 if i % 3 else "",
        }
        for i in range(24)
    ]


def write_hostile(folder: Path) -> Path:
    """The hostile election's definition and files."""
    folder.mkdir(parents=True)
    (folder / "election.toml").write_text(TOML.format(bomb=BOMB), encoding="utf-8")
    rows = hostile_rows()
    changed = [{**row, "A": int(str(row["A"])) + 5} if row["station"] == "20" else row for row in rows]
    for name, part in (("one.csv", rows[8:16]), ("two.csv", rows[4:]), ("last.csv", changed)):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(part)
    return folder


def opened_from(folder: Path, name: str) -> Opened:
    """An election read from a folder that holds its definition and its files."""
    return open_sheets(dataclasses.replace(open_dataset(folder, data=folder), name=name))


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a simulated election of 300 stations with two counts."""
    return write_simulated(simulate(300, "late_alteration", 1), tmp_path_factory.mktemp("simulated") / "election")


@pytest.fixture(scope="session")
def opened(simulated: Path) -> Opened:
    """The simulated election, read."""
    return opened_from(simulated, "simulated")


@pytest.fixture(scope="session")
def dossier(opened: Opened, simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The simulated election's dossier; tests that spoil it copy it first."""
    out = tmp_path_factory.mktemp("dossier") / "site"
    write_dossier(opened, out, data=str(simulated))
    return out


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the hostile election."""
    return write_hostile(tmp_path_factory.mktemp("hostile") / "election")


@pytest.fixture(scope="session")
def hostile_opened(hostile: Path) -> Opened:
    """The hostile election, read."""
    return opened_from(hostile, "hostile")


@pytest.fixture(scope="session")
def hostile_dossier(hostile_opened: Opened, hostile: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hostile election's dossier."""
    out = tmp_path_factory.mktemp("hostile-dossier") / "site"
    write_dossier(hostile_opened, out, data=str(hostile))
    return out
