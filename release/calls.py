"""Other programs, called by name: git, hatchling, uv, pip, the SBOM's writer."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path


class ReleaseError(Exception):
    """Something that a release needs is not so; the text says what, and what to do."""


def output_of(
    command: Sequence[str | Path], *, folder: Path, environment: Mapping[str, str] | None = None, umask: int = -1
) -> str:
    """What the program printed; raises ReleaseError with its words where it failed."""
    words = [str(word) for word in command]
    done = subprocess.run(
        words, cwd=folder, env=environment, umask=umask, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode != 0:
        raise ReleaseError(f"{' '.join(words)} ended with {done.returncode}:\n{(done.stdout + done.stderr).strip()}")
    return done.stdout


def python(module: str, *arguments: str | Path) -> list[str | Path]:
    """The command that runs a module of this environment, such as hatchling or uv; never one of the current folder."""
    return [sys.executable, "-P", "-m", module, *arguments]
