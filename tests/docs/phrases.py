"""How often the help, the documentation and the docstrings say what a native editor would say otherwise.

python -m tests.docs.phrases [ROOT]      a table for the checkout at ROOT; this one without it

Three places are counted apart: the help of the commands (docs/reference/commands.md, written from the program), all
other pages with README, CONTRIBUTING and SECURITY, and the docstrings of public modules, classes and functions. Code is
not prose: fenced and indented blocks and what stands between backticks are left out. A count says where to look, not
that every hit is wrong: "nobody can change it" is English.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

PHRASES = {
    "unless told": r"\bunless told\b",
    "as it is, as it stands": r"\bas (?:it|they) (?:is|are|stands?)\b",
    "stands, lies": r"\b(?:stands?|stood|lies?|lay)\b(?! (?:in )?for\b)",
    "of its own": r"\bof (?:its|their|his|our|your) own\b",
    "so many": r"\bso many\b",
    "told, tells": r"\b(?:told|tells?)\b",
    "less (minus)": r"(?<=[\w`)'\"]) less (?!than\b)(?=[\w`('\"])",
    "anew": r"\banew\b",
    "nobody": r"\bnobody\b",
    "precinct": r"\bprecincts?\b",
    "universe": r"\buniverses?\b",
    "published state": r"\bpublished states?\b",
}
"""Name of a mark of translation -> how to find it in prose."""
OPENING = "docstring opens with Whether, What, Which"
CODE = re.compile(r"^(```|~~~)[\s\S]*?^\1[ \t]*$|^(?: {4}|\t)\S.*$|`[^`\n]*`", re.MULTILINE)
HELP = "docs/reference/commands.md"


def prose_of(page: str) -> str:
    """The text of a page of Markdown without its code; a backtick keeps the place of inline code."""
    return " ".join(CODE.sub("`", page).split())


def pages(root: Path) -> Iterator[str]:
    """The prose of every page for readers that is in English, but for the reference of the commands."""
    found = [*(root / "docs").rglob("*.md"), *(root / f"{name}.md" for name in ("README", "CONTRIBUTING", "SECURITY"))]
    for path in sorted(found):
        name = path.relative_to(root).as_posix()
        if path.is_file() and name != HELP and not name.startswith("docs/es/"):
            yield prose_of(path.read_text(encoding="utf-8"))


def docstrings(root: Path) -> Iterator[str]:
    """The docstrings of public modules, classes, functions and methods."""
    for path in sorted((root / "src").rglob("*.py")):
        yield from _public(ast.parse(path.read_text(encoding="utf-8")))


def _public(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    text = ast.get_docstring(node)
    if text:
        yield " ".join(text.split())
    if isinstance(node, ast.Module | ast.ClassDef):
        for below in node.body:
            if isinstance(below, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and below.name[0] != "_":
                yield from _public(below)


def counted(texts: list[str]) -> dict[str, int]:
    """Phrase -> how often the texts say it."""
    return {
        name: sum(len(re.findall(pattern, text, re.IGNORECASE)) for text in texts) for name, pattern in PHRASES.items()
    }


def counts(root: Path) -> dict[str, dict[str, int]]:
    """Place -> phrase -> how often."""
    strings = list(docstrings(root))
    places = {
        "CLI help": counted([prose_of((root / HELP).read_text(encoding="utf-8"))]),
        "docs": counted(list(pages(root))),
        "docstrings": counted(strings),
    }
    places["docstrings"][OPENING] = sum(bool(re.match(r"(?:Whether|What|Which)\b", text)) for text in strings)
    return places


def table(root: Path) -> str:
    """The counts as a table of Markdown."""
    places = counts(root)
    head = f"| phrase | {' | '.join(places)} |\n|---|{'---|' * len(places)}"
    rows = [
        f"| {phrase} | {' | '.join(str(column.get(phrase, '')) for column in places.values())} |"
        for phrase in (*PHRASES, OPENING)
    ]
    return "\n".join([head, *rows])


if __name__ == "__main__":
    sys.stdout.write(table(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]) + "\n")
