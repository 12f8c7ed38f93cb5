"""Exact versions with hashes: `constraints.txt` of what veedor needs, `release/tools.txt` of what a release needs.

`python -m release.pins` writes both, and changes only what pyproject.toml forces; with `--upgrade` it takes the newest
versions. Neither names where packages come from: that is for whoever installs.
"""

import re
import shutil
import sys
import tempfile
from pathlib import Path

from release.calls import ReleaseError
from release.environments import uv
from release.project import ROOT, oldest_python

CONSTRAINTS = "constraints.txt"
TOOLS = "release/tools.txt"
COMMAND = "python -m release.pins"

SOURCES = {CONSTRAINTS: ("pyproject.toml",), TOOLS: ("--group", "pyproject.toml:release")}
"""What each file is resolved from, as uv wants it: the dependencies, and the dependency group `release`."""


def resolved(root: Path, name: str, *, upgrade: bool = False) -> str:
    """The file as it would be written now. Pins that stand in it stay as long as they satisfy pyproject.toml."""
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / Path(name).name
        if (root / name).exists():
            shutil.copyfile(root / name, out)
        how = ["--universal", "--python-version", oldest_python(root), "--generate-hashes", "--quiet"]
        how += ["--upgrade"] if upgrade else []
        how += ["--custom-compile-command", COMMAND]
        uv("pip", "compile", *SOURCES[name], *how, "--output-file", out, folder=root)
        text = out.read_text(encoding="utf-8")
    if "://" in text:
        raise ReleaseError(f"{name} would name an address; it must say what is installed, not from where")
    return text


def pins(text: str) -> set[tuple[str, str]]:
    """Name and version of every package that such a file pins; a package may stand there once for each Python."""
    return set(re.findall(r"^([a-z0-9-]+)==([^ ]+)", text, flags=re.MULTILINE))


def require_fresh(root: Path, name: str) -> None:
    """Raise where the file is not what pyproject.toml gives."""
    if (root / name).read_text(encoding="utf-8") != resolved(root, name):
        raise ReleaseError(f"{name} is not what pyproject.toml gives: run `{COMMAND}`, look at it, and commit it")


def main() -> int:
    """Write both files."""
    upgrade = "--upgrade" in sys.argv[1:]
    for name in SOURCES:
        text = resolved(ROOT, name, upgrade=upgrade)
        (ROOT / name).write_text(text, encoding="utf-8")
        print(f"wrote {name}: {len(pins(text))} exact versions, {text.count('--hash=')} hashes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
