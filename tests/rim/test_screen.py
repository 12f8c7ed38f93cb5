"""Every command on an election whose places, stations and files are called what steers a terminal."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from veedor.rim.terminal import STEERING

pytestmark = pytest.mark.slow

CLEAR, TITLE, REVERSED, HIDDEN = "\x1b[2J", "\x1b]0;pwn\x07", "\u202e", "\u200b"
EVIL = f"{CLEAR}{TITLE}{REVERSED}{HIDDEN}\x9b31m\rverified"
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
DEFINITION = """
id = "town"
date = 2024-03-03
timezone = "America/La_Paz"
name = "Town"
levels = [{ id = "place", name = "Place" }]
[[contests]]
id = "mayor"
name = "Mayor"
rule = { kind = "plurality" }
choices = [{ id = "red", name = "Red" }, { id = "blue", name = "Blue" }]
[[counts]]
id = "official"
kind = "official"
name = "Official"
sources = [{ file = "SHEETS", layout = "sheets" }]
[layouts.sheets.columns]
station = "station"
levels = { place = "place" }
registered = "registered"
blank = "blank"
null = "null"
votes = { red = "red", blue = "blue" }
"""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    rows = "".join(
        f'"{number}{EVIL}","[red]x[/] :smile: {place}{EVIL}",100,1,1,{40 + number},{30 - number}\n'
        for number, place in enumerate(["North", "South", "[/bold]", "line\nOutcome  elected: blue"] * 3)
    )
    (folder / "sheets.csv").write_text(f"station,place,registered,blank,null,red,blue\n{rows}")
    (folder / "election.toml").write_text(DEFINITION.replace("SHEETS", "sheets.csv"))
    broken = folder / "broken"
    broken.mkdir()
    (broken / f"x{CLEAR}{REVERSED}\nveedor: all fine.csv").write_text("station,place\n1\n")
    (broken / "election.toml").write_text(DEFINITION.replace("SHEETS", "x*.csv").replace("file =", "files ="))
    odd = folder / f"odd{CLEAR}{REVERSED}"
    odd.mkdir()
    (odd / "election.toml").write_text('id = "\x7f"'.replace("\x7f", "é") + f'\n# {EVIL[:4]!r}\n"key\\u001b[2J" = 1\n')
    return folder


COMMANDS = [
    ["count", "."],
    ["count", ".", "--by", "place"],
    ["count", ".", "--json"],
    ["check", "."],
    ["check", ".", "--json"],
    ["claims", "."],
    ["count", "broken"],
    ["count", f"odd{CLEAR}{REVERSED}"],
    ["count", EVIL],
    ["verify", EVIL],
    ["new", "drafted", "--from", "sheets.csv"],
    ["new", "other", "--from", f"broken/x{CLEAR}{REVERSED}\nveedor: all fine.csv"],
    ["export", ".", "--out", f"out{CLEAR}.csv"],
    ["audit", "plan", "."],
    ["audit", "status", f"odd{CLEAR}{REVERSED}"],
    ["record", "show", EVIL],
]


def shown(words: list[str], folder: Path, *, on_terminal: bool) -> str:
    command = [sys.executable, "-P", "-m", "veedor", *words]
    if not on_terminal:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=60)
        return (done.stdout + done.stderr).decode()
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "300"}
    with subprocess.Popen(command, cwd=folder, stdout=theirs, stderr=theirs, stdin=theirs, env=environment) as process:
        os.close(theirs)
        pieces = []
        try:
            while piece := os.read(ours, 65536):
                pieces.append(piece)
        except OSError:  # how a terminal says that the program has ended
            pass
        process.wait(timeout=60)
    os.close(ours)
    return b"".join(pieces).decode().replace("\r\n", "\n")


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(map(ascii, words)))
def test_nothing_from_a_file_steers_the_terminal(town: Path, words: list[str]) -> None:
    said = shown(words, town, on_terminal=False)
    assert said
    assert not STEERING.findall(said)
    assert not re.search(r"^(Outcome  elected: blue|veedor: all fine)", said, re.MULTILINE)
    assert "Traceback" not in said


@pytest.mark.parametrize("words", [["count", ".", "--by", "place"], ["count", "broken"], ["check", "."]])
def test_nor_where_there_is_one(town: Path, words: list[str]) -> None:
    said = shown(words, town, on_terminal=True)
    moves = re.compile(r"\x1b\[(?:\?25[lh]|[0-9]*[AK])|\r")  # of our own progress bar
    assert not STEERING.findall(COLOURS.sub("", moves.sub("", said)).replace("\u2800", ""))
    assert "Traceback" not in said
