"""No table cuts a figure or drops the name of a place, however narrow the terminal.

An election of twelve choices, figures of eight digits and long names of places, shown in a terminal of 80 columns and
in one of 200, and in a pipe.
"""

import csv
import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from veedor.cli.layout import Column, show_table
from veedor.simulation import simulate, write_demo_claims, write_simulated
from veedor.simulation.parameters import Parameters

MORE = [f"list{number}" for number in range(6, 13)]
FACTOR, EACH = 100_003, 1_100_033
FIGURES = ("registered", "aurora", "faro", "raiz", "norte", "menta", "blank", "null", "valid", "cast")
RUN = [sys.executable, "-c", "from veedor.cli import main; main()"]


@pytest.fixture(scope="module")
def election(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated election, with seven choices more, every figure times 100,003, and longer names."""
    folder = tmp_path_factory.mktemp("wide") / "election"
    write_simulated(simulate(100, "late_alteration", 1, Parameters(snapshots=3)), folder)
    write_demo_claims(folder)
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            row |= {name: str(int(row[name]) * FACTOR) for name in FIGURES if row[name]}
            row |= dict.fromkeys(MORE, str(EACH))
            sums = [name for name in ("registered", "valid", "cast") if row[name]]
            row |= {name: str(int(row[name]) + len(MORE) * EACH) for name in sums}
            row["region"] = f"Autonomous Region of Santa María Magdalena de {row['region']}"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    toml = (folder / "election.toml").read_text(encoding="utf-8")
    block = '[[contests.choices]]\nid = "{0}"\nname = {{ en = "{0}", es = "{0}" }}\n\n'
    choices = "".join(map(block.format, MORE))
    toml = toml.replace("[[counts]]", f"{choices}[[counts]]", 1)
    toml = toml.replace('menta = "menta"\n', 'menta = "menta"\n' + "".join(f'{one} = "{one}"\n' for one in MORE))
    (folder / "election.toml").write_text(toml, encoding="utf-8")
    return folder


def on_terminal(words: list[str], columns: int) -> str:
    """What the program shows on a terminal so wide, without colours."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
    process = subprocess.Popen(
        [*RUN, *words], stdin=follower, stdout=follower, stderr=subprocess.PIPE, env={**environment, "TERM": "xterm"}
    )
    os.close(follower)
    read = b""
    while True:
        try:
            part = os.read(leader, 65536)
        except OSError:  # the program has closed it
            break
        if not part:
            break
        read += part
    os.close(leader)
    errors = process.communicate()[1].decode()
    assert process.returncode == 0, errors
    return re.sub(r"\x1b\[[0-9;]*m", "", read.decode().replace("\r\n", "\n"))


def in_pipe(words: list[str]) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    return subprocess.run([*RUN, *words], capture_output=True, encoding="utf-8", check=True, env=environment).stdout


def whole(text: str) -> str:
    """The text without line ends and runs of blanks: a name may be on two lines."""
    return " ".join(text.split())


@pytest.mark.slow
@pytest.mark.parametrize("columns", [80, 200, 0], ids=["80", "200", "pipe"])
def test_totals_of_places_are_whole(election: Path, columns: int) -> None:
    words = ["count", str(election), "--by", "region"]
    shown = on_terminal(words, columns) if columns else in_pipe(words)
    document = json.loads(in_pipe([*words, "--json"]))
    places = document["places"]
    assert len(places) > 2
    for place in places:
        for name in place["path"].values():
            assert all(word in shown for word in name.split())
        for choice in place["choices"]:
            assert re.search(rf"(?<![\d,]){choice['votes']:,}(?![\d,])", shown), (place["path"], choice)
        for figure in ("registered", "valid", "cast", "blank", "null"):
            assert re.search(rf"(?<![\d,]){place[figure]:,}(?![\d,])", shown), (place["path"], figure)
    assert "…" not in shown


COMMANDS = {
    "count all": ["count", "ELECTION", "--snapshot", "all"],
    "check": ["check", "ELECTION"],
    "forensics": ["forensics", "ELECTION", "ELECTION", "last_digit", "--placebo", "2"],
    "interruption": ["interruption", "ELECTION", "--draws", "10"],
    "claims": ["claims", "ELECTION"],
    "audit plan": ["audit", "plan", "ELECTION"],
}


QUICK = ("count all", "check")
"""Shown on the wide terminal too; the others take seconds each time."""


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_tables_show_every_figure_that_a_pipe_shows(election: Path, name: str) -> None:
    """Figures with their signs and separators, as often as in the wider form; nothing ends in an ellipsis."""
    words = [str(election) if word == "ELECTION" else word for word in COMMANDS[name]]
    figures = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
    narrow, piped = on_terminal(words, 80), in_pipe(words)
    expected = sorted(set(figures.findall(whole(piped))))
    assert expected
    for shown in (narrow, on_terminal(words, 200)) if name in QUICK else (narrow,):
        assert sorted(set(figures.findall(whole(shown)))) == expected
        assert "…" not in shown
    assert max(len(line) for line in narrow.splitlines()) <= 80


@pytest.mark.slow
def test_a_table_that_fits_is_a_table_and_headings_wrap_before_rows_are_turned(election: Path) -> None:
    audit = on_terminal(["audit", "plan", str(election)], 80)
    assert re.search(r"^ *5 % +43 +290 +268$", audit, re.MULTILINE), "three figures beside each other"
    assert re.search(r"^  margin, votes +177,545,326\.2 *$", audit, re.MULTILINE), "one below the other"


COLUMNS = [Column("place", "name"), Column("votes")]
CELLS = [["Santa María Magdalena de Todos los Santos", f"{10**9 * n:,}"] for n in range(1, 4)]


def test_a_pipe_is_as_wide_as_names_are(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    show_table([*COLUMNS, *COLUMNS[1:] * 20], [[*row, *row[1:] * 20] for row in CELLS])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert all(CELLS[0][0] in line and line.count(",000,000,000") == 21 for line in lines[1:])


def test_a_pipe_keeps_the_width_that_columns_asks_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "44")
    show_table([*COLUMNS, *COLUMNS[1:] * 20], [[*row, *row[1:] * 20] for row in CELLS])
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= 44
    assert shown.count("3,000,000,000") == 21
