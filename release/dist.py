"""The folder `dist/`: the files of one release, and SHA256SUMS of them all."""

import re
from collections.abc import Mapping
from pathlib import Path

from release.build import sha256
from release.calls import ReleaseError

SUMS = "SHA256SUMS"


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put the files there in place of those of an earlier release; nothing else may lie there."""
    folder.mkdir(exist_ok=True)
    earlier = _listed(folder)
    if foreign := sorted(path.name for path in folder.iterdir() if path.name not in earlier):
        raise ReleaseError(f"{folder} holds what no release put there: {', '.join(foreign)}; move it away")
    for name in earlier:
        (folder / name).unlink(missing_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    (folder / SUMS).write_text(sums(files), encoding="utf-8")


def sums(files: Mapping[str, bytes]) -> str:
    """What `sha256sum --check` reads."""
    return "".join(f"{sha256(data)}  {name}\n" for name, data in sorted(files.items()))


def _listed(folder: Path) -> set[str]:
    """The files that an earlier release says it put there, and its list."""
    path = folder / SUMS
    if not path.is_file():
        return set()
    return {SUMS, *re.findall(r"^[0-9a-f]{64}  ([^/\n]+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)}
