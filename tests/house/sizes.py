"""python -m tests.house.sizes [SOURCE]: functions and modules by size, a row for each room.

A function is measured whole, from its first decorator to its last line; a module by all its lines.
"""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "veedor"
MOST_LINES = 60
"""Lines of a function."""
MOST_MODULES = 16
"""Modules in one folder, its `__init__.py` not counted."""


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Name and length of every function of a module, those inside others not counted again."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            yield node.name, (node.end_lineno or node.lineno) - first + 1


def modules(source: Path) -> list[Path]:
    """Every module of the package."""
    return sorted(source.rglob("*.py"))


def folders(source: Path) -> dict[str, int]:
    """How many modules each folder holds."""
    counted: dict[str, int] = defaultdict(int)
    for path in modules(source):
        counted[path.parent.relative_to(source).as_posix()] += path.name != "__init__.py"
    return dict(counted)


def at(values: Sequence[int], share: float) -> int:
    """The value below which this share of the values lie, one of them."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def table(source: Path) -> list[tuple[str, int, str, str]]:
    """For each room: modules, their lines and its functions' as median / 90th percentile / largest."""
    rooms: dict[str, list[Path]] = defaultdict(list)
    for path in modules(source):
        parts = path.relative_to(source).parts
        rooms[parts[0] if len(parts) > 1 else "."].append(path)
    rows = []
    for room, paths in [("all", modules(source)), *sorted(rooms.items())]:
        lines = [len(path.read_text(encoding="utf-8").splitlines()) for path in paths]
        found = [length for path in paths for _, length in functions(path)] or [0]
        rows.append((room, len(paths), _shown(lines), _shown(found)))
    return rows


def _shown(values: Sequence[int]) -> str:
    return f"{at(values, 0.5)} / {at(values, 0.9)} / {max(values)}"


def main() -> None:
    """Print the table, and the largest folders and functions."""
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE
    print("| room | modules | lines of a module | lines of a function |\n|---|---|---|---|")
    for row in table(source):
        print(f"| {' | '.join(str(cell) for cell in row)} |")
    largest = sorted(folders(source).items(), key=lambda one: -one[1])[:5]
    print("\nlargest folders: " + ", ".join(f"{name} {number}" for name, number in largest))
    longest = [
        (length, f"{path.relative_to(source)}:{name}") for path in modules(source) for name, length in functions(path)
    ]
    print("longest functions: " + ", ".join(f"{name} {length}" for length, name in sorted(longest)[:-9:-1]))


if __name__ == "__main__":
    main()
