"""The rim is the only place where the program touches what others made: read from the source itself.

Each row: a name of the standard library or of a package, and the modules that may use it. `record/verify.py` runs alone
and so has its own copies, held equal elsewhere.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "veedor"

ALLOWED: dict[str, set[str]] = {
    "subprocess": {"rim/process.py"},
    "multiprocessing": set(),
    "os.system": set(),
    "os.popen": set(),
    "os.startfile": set(),
    "os.execv": set(),
    "os.spawnv": set(),
    "runpy": set(),
    "marshal": set(),
    "shelve": set(),
    "eval": set(),
    "exec": set(),
    "compile": set(),
    "__import__": set(),
    # what our own programs wrote, into a pipe or a folder that nobody else can write
    "pickle": {"dossier/derive/worker.py", "sheets/workbook/apart.py"},
    "csv.writer": {"rim/csv_cells.py"},
    "csv.DictWriter": set(),
    "json.load": set(),
    "json.loads": set(),
    "json.JSONDecoder": {"rim/hostile_json.py"},
    "http.client": {"rim/fetch.py"},
    "urllib.request": set(),
    "requests": set(),
    "httpx": set(),
    "socket": {"rim/fetch.py", "record/service/connections.py", "record/service/server.py"},
    "pooch": {"rim/fetch.py", "sheets/cache.py"},
    "sys.stdout": {
        "rim/terminal.py",
        "record/verify.py",
        "cli/common.py",
        "cli/__init__.py",
        "dossier/derive/worker.py",
    },
    "sys.stderr": {
        "rim/terminal.py",
        "record/verify.py",
        "cli/common.py",
        "cli/new.py",  # whether somebody is there to be asked
        "cli/__init__.py",
        "__main__.py",
        "sheets/workbook/apart.py",
    },
    "sys.path": {"__main__.py", "rim/run_module.py"},
    "importlib.import_module": {
        "__init__.py",  # the public names, loaded when they are asked for
        "rim/run_module.py",
        "cli/__init__.py",
        "forensics/mixture/backend.py",
    },
}


def names_used(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every dotted name that a module uses or imports, with its line; `from a import b` as a.b."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module, node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}", node.lineno
        elif isinstance(node, ast.Name):
            yield node.id, node.lineno


def uses() -> Iterator[tuple[str, str, int]]:
    for path in sorted(SOURCE.rglob("*.py")):
        module = path.relative_to(SOURCE).as_posix()
        for name, line in names_used(ast.parse(path.read_text(encoding="utf-8"))):
            for guarded in ALLOWED:
                if name == guarded or name.startswith(f"{guarded}."):
                    yield guarded, module, line


@pytest.fixture(scope="module")
def found() -> list[tuple[str, str, int]]:
    return list(uses())


@pytest.mark.slow
@pytest.mark.parametrize("name", ALLOWED)
def test_only_the_modules_named_use_it(name: str, found: list[tuple[str, str, int]]) -> None:
    elsewhere = [
        f"{module}:{line}" for guarded, module, line in found if guarded == name and module not in ALLOWED[name]
    ]
    assert not elsewhere, f"{name} is used in {', '.join(elsewhere)}; the rim has one way for it"


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, modules in ALLOWED.items() if modules])
def test_no_permission_is_left_over(name: str, found: list[tuple[str, str, int]]) -> None:
    assert {module for guarded, module, _ in found if guarded == name} == ALLOWED[name]


@pytest.mark.slow
def test_people_are_spoken_to_by_the_command_line_alone(found: list[tuple[str, str, int]]) -> None:
    speaking = set()
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("print", "input"):
                speaking.add(path.relative_to(SOURCE).parts[0])
    assert speaking == {"cli"}


READ_WHOLE = {
    "cli/report.py",  # what this very command has just written
    "dossier/pages/audit/standalone.py",  # files of the program itself, here and in the next five
    "dossier/kept.py",
    "interruption/levels/table.py",
    "saying.py",
    "languages.py",  # and of whoever brings a language, in a folder of their own
    "dossier/site.py",
    "record/paper.py",
    "sheets/workbook/apart.py",  # what our own program was given and gave, in a folder of our own
}


@pytest.mark.slow
def test_files_of_others_are_read_through_the_rim() -> None:
    reading = {
        path.relative_to(SOURCE).as_posix()
        for path in sorted(SOURCE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("read_bytes", "read_text")
    }
    assert reading == READ_WHOLE
