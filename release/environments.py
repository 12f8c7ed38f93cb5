"""Fresh environments to install into."""

import os
import sys
from pathlib import Path

from release.calls import output_of, python


def fresh(folder: Path) -> Path:
    """A new environment of this Python, without pip in it; the folder."""
    output_of([sys.executable, "-m", "venv", "--clear", "--without-pip", folder], folder=folder.parent)
    return folder


def program(environment: Path, name: str) -> Path:
    """A program that was installed there."""
    return environment / "bin" / name


def pip(environment: Path, *arguments: str | Path, folder: Path) -> None:
    """What the documentation tells a reader to do with pip, in that environment."""
    words = ("--disable-pip-version-check", "--quiet", "--python", program(environment, "python"))
    output_of(python("pip", *words, *arguments), folder=folder)


def uv(*arguments: str | Path, folder: Path) -> str:
    """What uv printed; an environment that happens to be active does not count."""
    settings = {name: text for name, text in os.environ.items() if name != "VIRTUAL_ENV"}
    return output_of(python("uv", *arguments), folder=folder, environment=settings)
