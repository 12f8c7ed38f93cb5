"""Programs are started so that the folder somebody stands in decides nothing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from veedor.errors import VeedorError
from veedor.rim import process
from veedor.rim.process import program_named, python_command, run

HOSTILE = "import pathlib; pathlib.Path(__file__).with_name('ran').touch()\n"


def test_no_module_of_the_current_folder_or_of_pythonpath_runs(tmp_path: Path) -> None:
    for name in ("json", "tomllib", "polars", "numpy", "veedor", "sitecustomize", "usercustomize", "encodings"):
        (tmp_path / f"{name}.py").write_text(HOSTILE)
    command = python_command("veedor.rim.test_of_nothing")
    done = subprocess.run(command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True)
    assert b"No module named 'veedor.rim.test_of_nothing'" in done.stderr
    assert not (tmp_path / "ran").exists()


def test_the_helper_is_the_veedor_that_asks_whatever_else_is_installed(tmp_path: Path) -> None:
    """A copy of the package elsewhere runs its own modules, not those of the one that the environment knows."""
    copy = tmp_path / "copy" / "veedor"
    shutil.copytree(Path(process.__file__).parent.parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "rim" / "asked.py").write_text("import veedor\n\ndef main():\n    print(veedor.__file__)\n")
    command = [sys.executable, "-I", str(copy / "rim" / "run_module.py"), "veedor.rim.asked"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(copy / "__init__.py")


def test_only_our_own_modules_are_run() -> None:
    with pytest.raises(ValueError, match="not a module of this program"):
        python_command("http.server")


def test_a_program_has_an_end_and_no_input() -> None:
    assert run(["cat"], seconds=5).status == 0
    with pytest.raises(VeedorError, match="did not end within"):
        run(["sleep", "5"], seconds=0.1)
    with pytest.raises(VeedorError, match="cannot be run"):
        run(["/no/such/program"], seconds=1)


def test_a_program_of_the_current_folder_is_not_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "chromium").write_text("#!/bin/sh\n")
    (tmp_path / "chromium").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", ".:")
    assert program_named("chromium") is None
