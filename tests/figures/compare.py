"""Two dossiers compared by their figures: every number of every JSON document and of every page."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

NUMBER = re.compile(r"[-−+]?\d+(?:[.,]\d+)*")
PLAIN_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
"""In files for programs a comma separates."""
HASH = re.compile(r"\b[0-9a-f]{40,}\b")
"""Hashes of files: they change with every word of a sentence, and are no figures."""
SKIPPED_TAGS = {"script", "style"}
VERSION_FIELDS = {"veedor", "sha256", "bytes"}
"""Fields of the manifest that name the program or the files that it wrote, and so differ with every state of it."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A place, and what stands there in the earlier and in the later dossier."""

    where: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.where}: {self.before} -> {self.after}"


@dataclass(frozen=True, kw_only=True)
class Compared:
    """files, figures: how many were compared."""

    files: int
    figures: int
    differences: list[Difference]


def compare_folders(before: Path, after: Path) -> Compared:
    """Every JSON document, data file and page of two dossiers. A file that only one of them has is a difference."""
    names = {
        path.relative_to(root).as_posix() for root in (before, after) for path in root.rglob("*") if path.is_file()
    }
    shown = sorted(name for name in names if name.endswith((".json", ".html", ".csv", ".js", ".svg")))
    found: list[Difference] = []
    figures = files = 0
    for name in shown:
        one, other = before / name, after / name
        if name.startswith(("assets/", "audit_files/")):
            continue  # the program's own scripts hold no figure of an election
        if not (one.is_file() and other.is_file()):
            found.append(Difference(where=name, before=_there(one), after=_there(other)))
            continue
        files += 1
        first, second = list(figures_of(one)), list(figures_of(other))
        figures += len(first)
        found += _differences(name, first, second)
    return Compared(files=files, figures=figures, differences=found)


def figures_of(path: Path) -> Iterator[tuple[str, str]]:
    """Place and figure, in the file's order."""
    text = HASH.sub("", path.read_text(encoding="utf-8"))
    if path.suffix == ".json":
        yield from numbers_in(json.loads(text), "")
    elif path.suffix in (".html", ".svg"):
        yield from (("", number) for number in NUMBER.findall(text_of(text)))
    else:
        yield from (("", number) for number in PLAIN_NUMBER.findall(text))


def numbers_in(value: Any, where: str) -> Iterator[tuple[str, str]]:
    """Every number of a JSON document with its path, those inside its strings included."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key not in VERSION_FIELDS:
                yield from numbers_in(part, f"{where}.{key}")
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from numbers_in(part, f"{where}[{index}]")
    elif isinstance(value, str):
        yield from ((where, number) for number in NUMBER.findall(value))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield where, repr(value)


class _Text(HTMLParser):
    """What a reader sees: text, and the marks that a picture draws."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._inside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside += tag in SKIPPED_TAGS

    def handle_endtag(self, tag: str) -> None:
        self._inside -= tag in SKIPPED_TAGS

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.parts.append(data)


def text_of(page: str) -> str:
    """The text of a page."""
    reader = _Text()
    reader.feed(page)
    return " ".join(reader.parts)


def _differences(name: str, first: list[tuple[str, str]], second: list[tuple[str, str]]) -> list[Difference]:
    if first == second:
        return []
    one, other = Counter(first), Counter(second)
    gone, come = sorted((one - other).elements()), sorted((other - one).elements())
    if not gone and not come:
        return [Difference(where=name, before="the same figures", after="in another order")]
    return [
        Difference(
            where=f"{name}{(gone or come)[0][0]}",
            before=", ".join(f"{place} {number}".strip() for place, number in gone[:8]) or "nothing",
            after=", ".join(f"{place} {number}".strip() for place, number in come[:8]) or "nothing",
        )
    ]


def _there(path: Path) -> str:
    return "there" if path.is_file() else "absent"
