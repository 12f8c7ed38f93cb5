"""What every room's tests share."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from tests.schemas import as_its_schema, check_printed

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent

# Shared runners are slow at odd moments: a deadline would make tests fail for reasons that are not theirs.
settings.register_profile("veedor", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
settings.load_profile("veedor")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder whose `data` holds files that real elections published; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("VEEDOR_SHARED", ROOT.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip(f"needs the files of real elections in {folder / 'data'}, which is not there")
    return folder


@pytest.fixture(autouse=True)
def documents_as_their_schemas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every document that a command prints with --json in a test, here or in a process, is what its schema says."""
    monkeypatch.setattr("veedor.cli.common.check_form", as_its_schema)
    run = subprocess.run

    def run_and_check(*arguments: Any, **options: Any) -> Any:
        done = run(*arguments, **options)
        words = arguments[0] if arguments else options.get("args")
        if isinstance(words, list | tuple) and done.returncode in (0, 1):
            check_printed(words, done.stdout)
        return done

    monkeypatch.setattr(subprocess, "run", run_and_check)


@pytest.fixture(autouse=True)
def no_width_of_somebody_s_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands started by a test print as in a pipe: a library that reads lines may have set the width."""
    for name in ("COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
        os.unsetenv(name)


CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """One Chromium for all tests of a process: there cannot be two. Without it they skip and say why."""
    if not CHROMIUM.is_file():
        pytest.skip(f"needs Chromium at {CHROMIUM}, which is not there")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield chromium
        chromium.close()
