"""The bill of materials: what is installed when the release is installed from `constraints.txt`."""

import json
import re
from pathlib import Path

from release.calls import ReleaseError, output_of, python
from release.pins import pins
from release.project import version


def bill(environment: Path, root: Path, constraints: str) -> bytes:
    """CycloneDX JSON of the environment, the same bytes for the same packages.

    Raises where it names a package that constraints.txt does not pin to that version, or a folder of this machine.
    """
    words = ("--pyproject", "pyproject.toml", "--output-reproducible", "--output-format", "JSON")
    document = json.loads(output_of(python("cyclonedx_py", "environment", *words, environment), folder=root))
    document["metadata"]["component"]["version"] = version(root)  # which its writer does not find: it is dynamic
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    found = {(_canonical(part["name"]), part["version"]) for part in document["components"]}
    if unknown := sorted(found - pins(constraints)):
        raise ReleaseError(f"in the bill of materials, but not pinned so in constraints.txt: {unknown}")
    if "file://" in text or str(environment) in text:
        raise ReleaseError("the bill of materials names a folder of this machine")
    return text.encode()


def components(data: bytes) -> int:
    """How many packages a bill lists."""
    return len(json.loads(data)["components"])


def _canonical(name: str) -> str:
    """The one spelling of a package's name: that of the index."""
    return re.sub(r"[-_.]+", "-", name).lower()
