"""Build the documentation site into site/: `make docs`."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QUIET = {"NO_MKDOCS_2_WARNING": "1"}
"""Of the theme: not to print what its makers plan, on every build."""


def build(site: Path = ROOT / "site") -> int:
    """Exit status of the build; a warning is an error."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(site)]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **QUIET}, check=False).returncode


if __name__ == "__main__":
    sys.exit(build())
