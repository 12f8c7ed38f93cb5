"""What pages show: every command on them, and every figure that names its place in what a command prints."""

import datetime as dt
import html
import json
import math
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from veedor.cli import application
from veedor.dossier.show.figures import at

RUNNER = CliRunner()
ROOMS = ("check", "interruption", "forensics", "audit")
PLACEHOLDERS = {"DATA", "DIR", "FOLDER", "LOG", "POLICY", "STATION.tlog-proof", "verify.py"}
"""Words in the place of what only the reader has."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A figure of a page: the command and path that it names, what it is before rounding, and the text shown."""

    page: str
    command: str
    path: str
    how: str
    value: float
    text: str


class _Page(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.open: list[tuple[str, str | None]] = []
        self.figures: list[Shown] = []
        self.data: dict[str, str] | None = None
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "data":
            self.data, self.text = given, ""
        if tag not in ("meta", "link", "input", "br", "img", "path", "circle", "rect", "line"):
            self.open.append((tag, given.get("data-command")))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "data" and self.data is not None:
            command = next((one for _, one in reversed(self.open) if one), "")
            self.figures.append(
                Shown(
                    page=self.page,
                    command=command,
                    path=self.data["data-path"],
                    how=self.data.get("data-how", ""),
                    value=json.loads(self.data["value"]),
                    text=self.text,
                )
            )
            self.data = None
        while self.open and self.open[-1][0] != tag:
            self.open.pop()
        if self.open:
            self.open.pop()


def figures_of(folder: Path) -> Iterator[Shown]:
    """Every figure of every page that names where it comes from."""
    for path in sorted(folder.glob("*/*.html")):
        page = _Page(f"{path.parent.name}/{path.name}")
        page.feed(path.read_text(encoding="utf-8"))
        yield from page.figures


def commands_of(folder: Path) -> set[str]:
    """Every command that pages show, but those that a reader completes, and those of rooms that were not run."""
    shown = {
        html.unescape(found)
        for path in folder.glob("*/*.html")
        for found in re.findall(r'<p class="command"><code>(.*?)</code>', path.read_text(encoding="utf-8"))
    }
    whole = {one for one in shown if not PLACEHOLDERS & set(shlex.split(one))}
    return {one for one in whole if not one.startswith(("veedor verify", "veedor mixture", "veedor audit verify"))}


def document_of(command: str) -> Any:
    """The JSON that a command prints."""
    made = RUNNER.invoke(application(shlex.split(command)[1]), [*shlex.split(command)[1:], "--json"])
    if made.exit_code:
        raise AssertionError(f"{command}: {made.output[-500:]} {made.exception!r}")
    return json.loads(made.stdout)


def computed(document: Mapping[str, Any], shown: Shown) -> float:
    """The figure, from what the command printed."""
    values = [at(document, path) for path in shown.path.split("; ")]
    if shown.how == "share":
        return float(values[0] / values[1])
    if shown.how == "part":
        return float(values[0] / (values[0] + values[1]))
    if shown.how == "lead":
        return float((values[0] - values[1]) / values[2])
    if shown.how == "difference":
        return float(values[0] - values[1])
    if shown.how == "seconds":
        start, end = (dt.datetime.fromisoformat(one) for one in values)
        return (end - start).total_seconds()
    return float(values[0])


def says(shown: Shown) -> bool:
    """Whether the text shown is the figure, rounded, as a page in that language writes it."""
    if shown.how == "seconds":
        return True  # in words: tests/dossier/test_texts.py
    digits = re.sub(r"[^\d.,]", "", shown.text).strip(".,")
    if shown.page.startswith("es/"):
        digits = digits.translate(str.maketrans(".,", ",."))
    digits = digits.replace(",", "")
    places = len(digits.partition(".")[2])
    half = 0.5 * 10**-places * (1 + 1e-9)
    return any(math.isclose(abs(shown.value) * by, float(digits), rel_tol=0, abs_tol=half) for by in (1, 100))


def unequal(folder: Path) -> Iterator[str]:
    """What a command on a page does not give: a figure of the page, or a finding of the room's document."""
    commands = commands_of(folder)
    printed: dict[str, Any] = {command: document_of(command) for command in commands}
    shown = list(figures_of(folder))
    assert shown
    for one in shown:
        assert one.command in printed, f"{one.page}: a figure without its command: {one}"
        found = computed(printed[one.command], one)
        if found != pytest.approx(one.value, rel=1e-12) or not says(one):
            yield f"{one.page}: {one.text!r} of {one.command}, {one.path}: {found}, shown as of {one.value}"
    for room in ROOMS:
        path = folder / "results" / f"{room}.json"
        findings = json.loads(path.read_text(encoding="utf-8"))["findings"] if path.exists() else []
        for finding in findings:
            if finding["command"] in printed and finding not in printed[finding["command"]]["findings"]:
                yield f"{room} {finding['check']}: not in what {finding['command']} prints"
