"""The page "veedor from Python" prints what it shows.

After a change of what it prints: `python -m tests.docs.test_python_page` writes what it prints now.
"""

import contextlib
import doctest
import io
import os
import tempfile
from pathlib import Path

import pytest

from tests.conftest import ROOT
from veedor.simulation import simulate, write_simulated

PAGE = ROOT / "docs" / "python" / "index.md"

pytestmark = pytest.mark.slow


def examples() -> doctest.DocTest:
    return doctest.DocTestParser().get_doctest(PAGE.read_text(encoding="utf-8"), {}, PAGE.name, str(PAGE), 0)


def test_it_prints_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_simulated(simulate(300, "late_alteration", 1), tmp_path / "election")
    monkeypatch.chdir(tmp_path)
    found = examples()
    assert len(found.examples) >= 14
    told = io.StringIO()
    result = doctest.DocTestRunner().run(found, out=told.write)
    assert result.failed == 0, told.getvalue()


def _write() -> None:
    """Put under each example what it prints now."""
    lines = PAGE.read_text(encoding="utf-8").split("\n")
    known: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        write_simulated(simulate(300, "late_alteration", 1), Path(folder) / "election")
        os.chdir(folder)
        written: list[str] = []
        for example in examples().examples:
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(compile(example.source, "page", "single"), known)  # noqa: S102 - our own page
            written.append(printed.getvalue().rstrip("\n"))
    out: list[str] = []
    inside = False
    for line in lines:
        if line.startswith(">>> "):
            out.append(line)
            text = written.pop(0)
            out += [text] if text else []
            inside = True
        elif inside and line:
            continue
        else:
            inside = False
            out.append(line)
    PAGE.write_text("\n".join(out), encoding="utf-8")


if __name__ == "__main__":
    _write()
