"""What pyproject.toml says."""

import re
import tomllib
from pathlib import Path

from release.calls import ReleaseError

ROOT = Path(__file__).resolve().parent.parent


def read(root: Path) -> dict[str, object]:
    """The table `project`."""
    return _table(tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"])


def version(root: Path) -> str:
    """The version of the program, which stands in one place."""
    found = re.findall(r'^__version__ = "([^"]+)"$', (root / "src/veedor/__init__.py").read_text("utf-8"), re.MULTILINE)
    if len(found) != 1:
        raise ReleaseError("src/veedor/__init__.py names no version")
    return str(found[0])


def dependencies(root: Path, extra: str | None = None) -> list[str]:
    """The requirements of veedor itself, or of an extra, as they are written."""
    table = read(root)
    found = table["dependencies"] if extra is None else _table(table["optional-dependencies"])[extra]
    assert isinstance(found, list)
    return [str(line) for line in found]


def oldest_python(root: Path) -> str:
    """The oldest Python that veedor runs on, such as 3.11."""
    wanted = str(read(root)["requires-python"])
    if not re.fullmatch(r">=3\.\d+", wanted):
        raise ReleaseError(f"requires-python is {wanted!r} in pyproject.toml; wanted one lower bound, such as '>=3.11'")
    return wanted.removeprefix(">=")


def _table(found: object) -> dict[str, object]:
    assert isinstance(found, dict)
    return found
