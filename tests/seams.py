"""Loose types at the seams between rooms: `python -m tests.seams [ROOT]`, ROOT a checkout; this one where not given.

A seam is a module that another room imports. In its public signatures and class fields are counted: `Any`, also where a
name stands for a type that holds it; `Json` (where it is not Any itself); and `cast(` anywhere in the module.
"""

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent.parent
PACKAGE = "veedor"
COLUMNS = ("Any", "Json", "cast(")


@dataclass(frozen=True, kw_only=True)
class Loose:
    """One loose type: where it stands, and what it is (one of COLUMNS)."""

    module: str
    line: int
    what: str


def loose_types(root: Path) -> list[Loose]:
    """Every loose type at the seams of the checkout at `root`."""
    trees = {_module(path, root): ast.parse(path.read_text()) for path in sorted((root / "src").rglob("*.py"))}
    aliases = _aliases_of_any(trees)
    seams = {name for module, tree in trees.items() for name in _imported(tree, trees) if _room(name) != _room(module)}
    return [one for name in sorted(seams) for one in _loose(name, trees[name], aliases[name])]


def _module(path: Path, root: Path) -> str:
    return ".".join(path.relative_to(root / "src").with_suffix("").parts).removesuffix(".__init__")


def _room(module: str) -> str:
    return ".".join(module.split(".")[1:2]) or PACKAGE


def _imported(tree: ast.Module, trees: dict[str, ast.Module]) -> Iterator[str]:
    """Modules of the package that a module imports, wherever the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in trees:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in trees else str(node.module)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in trees)


def _aliases_of_any(trees: dict[str, ast.Module]) -> dict[str, set[str]]:
    """For each module the names that stand for Any there, or for a type that holds it: `Json = Any`, and what uses it.

    A name that a module imports from another stands for what it does there.
    """
    found = {module: {"Any"} for module in trees}
    while True:
        before = sum(map(len, found.values()))
        for module, tree in trees.items():
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom) and node.module in trees:
                    found[module] |= {each.name for each in node.names} & found[node.module]
            for each in tree.body:
                match each:
                    case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_type(value):
                        found[module] |= {name} if found[module] & _names(value) else set()
        if sum(map(len, found.values())) == before:
            return found


def _is_type(node: ast.expr) -> bool:
    return isinstance(node, ast.Name | ast.Subscript | ast.BinOp)


def _loose(module: str, tree: ast.Module, aliases: set[str]) -> Iterator[Loose]:
    for annotation in _annotations(tree.body):
        names = _names(annotation)
        if aliases & names:
            yield Loose(module=module, line=annotation.lineno, what="Any")
        elif "Json" in names:
            yield Loose(module=module, line=annotation.lineno, what="Json")
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "cast":
            yield Loose(module=module, line=node.lineno, what="cast(")


def _annotations(body: list[ast.stmt]) -> Iterator[ast.expr]:
    """Types of parameters, of what comes back, and of fields: of public functions and classes."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
            yield from (one.annotation for one in every if one is not None and one.annotation is not None)
            if node.returns is not None:
                yield node.returns
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from _annotations(node.body)
        elif isinstance(node, ast.AnnAssign):
            yield node.annotation


def _names(node: ast.expr) -> set[str]:
    """Every name in a type, those in quoted types too."""
    found = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    found |= {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and each.value.isprintable():
            try:
                found |= _names(ast.parse(each.value, mode="eval").body) if each.value != "" else set()
            except SyntaxError:
                continue
    return found


def table(found: list[Loose]) -> str:
    """How many of each, by room."""
    counts = Counter((_room(one.module), one.what) for one in found)
    rooms = sorted({room for room, _ in counts})
    rows = [[room, *(str(counts[room, what]) for what in COLUMNS)] for room in rooms]
    rows.append(["all", *(str(sum(counts[room, what] for room in rooms)) for what in COLUMNS)])
    return "\n".join(f"{row[0]:<14}{''.join(f'{cell:>8}' for cell in row[1:])}" for row in [["room", *COLUMNS], *rows])


if __name__ == "__main__":
    listed = loose_types(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
    if "--list" in sys.argv[2:]:
        sys.stdout.write("".join(f"{one.module}:{one.line} {one.what}\n" for one in listed))
    sys.stdout.write(table(listed) + "\n")
