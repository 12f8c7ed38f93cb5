"""python -m bench [NAME...]: run the benchmarks and print a table of ratios. Exit status 1 if one is over its limit."""

import importlib
import os
import pkgutil
import sys
from collections.abc import Callable

from rich.console import Console
from rich.table import Table

import bench
from bench.measure import Result, Skip


def benchmarks() -> dict[str, Callable[[], list[Result]]]:
    """Every module of this package that has a `run`, by name."""
    found = {}
    for info in pkgutil.iter_modules(bench.__path__):
        if not info.name.startswith("_"):
            module = importlib.import_module(f"bench.{info.name}")
            if hasattr(module, "run"):
                found[info.name] = module.run
    return found


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all."""
    known = benchmarks()
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    table = Table("benchmark", "work", "ours", "against", "", "ratio", "most", "", box=None, pad_edge=False)
    for column in (2, 3, 5, 6):
        table.columns[column].justify = "right"
    over = 0
    busy = os.getloadavg()[0] / (os.cpu_count() or 1)
    for name in names or known:
        print(f"{name} ...", file=sys.stderr, flush=True)
        try:
            results = known[name]()
        except Skip as reason:
            table.add_row(name, f"skipped: {reason}")
            continue
        except RuntimeError as problem:
            table.add_row(name, "failed", *[""] * 5, "FAILED")
            print(problem, file=sys.stderr)
            over += 1
            continue
        for result in results:
            over += not result.within
            table.add_row(name, result.what, *_cells(result))
    Console(width=160, highlight=False).print(table)
    if busy > 0.5:
        print(f"other programs kept {busy:.0%} of the processors busy at the start: these times are too long")
    return 1 if over else 0


def _cells(result: Result) -> tuple[str, ...]:
    return (
        f"{result.ours:.3f} {result.unit}",
        f"{result.theirs:.3f} {result.unit}",
        result.peer,
        f"{result.ratio:.2f}",
        f"{result.most:.2f}",
        "" if result.within else "OVER",
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
