"""The finds kept in the repository: finds/TARGET/HASH, the input itself and nothing else."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).resolve().with_name("finds")


def kept(folder: Path = FOLDER) -> Iterator[tuple[str, Path]]:
    """The target and the file of each find, in order."""
    for path in sorted(folder.glob("*/*")):
        if path.is_file() and not path.name.startswith("."):
            yield path.parent.name, path


def keep(target: str, data: bytes, folder: Path = FOLDER) -> Path:
    """Write a find, named by its hash."""
    path = folder / target / sha256(data).hexdigest()[:16]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
