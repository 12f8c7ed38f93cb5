"""What the code says of its catalogues: which room has one, and which sentences its modules name."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "veedor"
GAP = re.compile(r"\{(\w+)\}")
FORMS = frozenset(("zero", "one", "two", "few", "many", "other"))
QUOTED = re.compile(r"""["']([a-z_]\w*\.[\w.]*)["']""")


GROUND = re.compile(r"from veedor\.errors import [^\n]*\bSAID\b")
"""What makes a module speak with the catalogue of the ground, beside what a language is."""


@dataclass(frozen=True, kw_only=True)
class Use:
    """One call: say or plural with a constant key, and the names of the values that it gives; None where `**` gives."""

    where: str
    method: str
    key: str
    given: frozenset[str] | None


def rooms() -> dict[str, Path]:
    """Every folder with catalogues, texts/, by the name of its room."""
    return {
        "language" if path.parent.parent == SOURCE else path.parent.parent.name: path.parent
        for path in sorted(SOURCE.rglob("texts/en.toml"))
    }


def own_modules(texts: Path) -> list[Path]:
    """The modules that speak with the room's catalogue: those that import it."""
    if texts.parent == SOURCE:
        return [
            SOURCE / "wording.py",
            SOURCE / "errors.py",
            *(path for path in SOURCE.rglob("*.py") if GROUND.search(path.read_text())),
        ]
    imported = f"veedor.{texts.parent.relative_to(SOURCE).as_posix().replace('/', '.')}.texts import"
    return [path for path in SOURCE.rglob("*.py") if imported in path.read_text()]


def speakers(texts: Path) -> list[Path]:
    """Every file that may name a sentence of the room: its modules, templates and scripts."""
    if texts.parent == SOURCE:
        return own_modules(texts)
    room = [path for kind in ("py", "html", "js") for path in texts.parent.rglob(f"*.{kind}")]
    return room + [path for path in own_modules(texts) if path not in room]


def strings(path: Path) -> Iterator[str]:
    """Every string that the file holds, and of those with gaps the constant beginning and end, `*` where they go on."""
    if path.suffix != ".py":
        for name in QUOTED.findall(path.read_text()):
            yield f"{name}*" if name.endswith((".", "_")) else name
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr) and node.values:
            first, last = node.values[0], node.values[-1]
            if isinstance(first, ast.Constant):
                yield f"{first.value!s}*"
            if isinstance(last, ast.Constant):
                yield f"*{last.value!s}"
        elif isinstance(node, ast.Call) and _method(node) == "table" and isinstance(node.args[0], ast.Constant):
            yield f"{node.args[0].value!s}.*"


def uses(path: Path) -> Iterator[Use]:
    """Every sentence that the module says by a constant name."""
    for node in ast.walk(ast.parse(path.read_text())):
        method = _method(node)
        if method not in ("say", "plural"):
            continue
        assert isinstance(node, ast.Call)
        if not node.args or not isinstance(node.args[0], ast.Constant):
            continue
        names = [keyword.arg for keyword in node.keywords]
        given = None if None in names else frozenset(name for name in names if name is not None)
        yield Use(where=f"{path.name}:{node.lineno}", method=method, key=str(node.args[0].value), given=given)


def _method(node: ast.AST) -> str | None:
    """say, plural or table of a catalogue called TEXTS, or of its sentences called SAID."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    of = node.func.value
    return node.func.attr if isinstance(of, ast.Name) and of.id in ("TEXTS", "SAID") else None
