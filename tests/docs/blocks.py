"""Fenced blocks of a page of the documentation, run as a reader would run them.

A block whose info string names a file (`csv file=my-election/results.csv`) is written there; `console` blocks hold
lines `$ command` with what the command prints below them. A line `...` in that stands for any lines.
After a change of what a command prints: `python -m tests.docs.blocks docs/guide/PAGE.md` writes what it prints now.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Block:
    """One fenced block: its language, the file that it names, its text, and where the text stands in the page."""

    language: str
    file: str | None
    body: str
    start: int
    end: int


def blocks_of(page: str) -> list[Block]:
    """All fenced blocks of a page, in order."""
    found = []
    for match in FENCE.finditer(page):
        language, _, rest = match["info"].strip().partition(" ")
        named = re.search(r"\bfile=(\S+)", rest)
        found.append(
            Block(
                language=language,
                file=named[1] if named else None,
                body=match["body"],
                start=match.start("body"),
                end=match.end("body"),
            )
        )
    return found


def commands_of(body: str) -> Iterator[tuple[str, str]]:
    """The commands of a console block, each with what it prints."""
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        command, _, printed = part.partition("\n")
        yield command.strip(), printed


def run(command: str, folder: Path) -> str:
    """What the command prints in that folder, both streams, without blanks at the ends of lines."""
    words = shlex.split(command)
    settings = {name: value for name, value in os.environ.items() if name != "COLUMNS"}  # tables of any width
    while re.fullmatch(r"[A-Z_]+=\S*", words[0]):
        name, _, value = words.pop(0).partition("=")
        settings[name] = value
    if words[0] == "cat":
        printed = "".join((folder / name).read_text(encoding="utf-8") for name in words[1:])
    else:
        assert words[0] == "veedor", f"a command that a page may not run: {command}"
        program = [sys.executable, "-c", "from veedor.cli import main; main()"]
        done = subprocess.run(
            [*program, *words[1:]],
            cwd=folder,
            env=settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        printed = done.stdout
    return "\n".join(line.rstrip() for line in printed.rstrip().splitlines()) + "\n"


def run_page(page: str, folder: Path) -> str:
    """The page with what its commands print now."""
    parts: list[str] = []
    last = 0
    for block in blocks_of(page):
        if block.file is not None:
            path = folder / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.body, encoding="utf-8")
        if block.language != "console":
            continue
        body = ""
        for command, expected in commands_of(block.body):
            printed = run(command, folder)
            body += f"$ {command}\n{expected if agrees(expected, printed) else printed}"
        parts += [page[last : block.start], body]
        last = block.end
    return "".join([*parts, page[last:]])


def agrees(expected: str, printed: str) -> bool:
    """Whether the page's text stands for what was printed."""
    lines = [".*" if line == "..." else re.escape(line) for line in expected.rstrip().splitlines()]
    return re.fullmatch("\n".join(lines), printed.rstrip(), flags=re.DOTALL) is not None


if __name__ == "__main__":
    for name in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as temporary:
            path = Path(name)
            path.write_text(run_page(path.read_text(encoding="utf-8"), Path(temporary)), encoding="utf-8")
