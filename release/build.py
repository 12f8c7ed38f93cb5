"""Wheel and sdist of the tracked files, built under circumstances that must not reach their bytes."""

import hashlib
import os
import shutil
import tarfile
from dataclasses import dataclass
from pathlib import Path

from release.calls import ReleaseError, output_of, python


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What may differ between two builds of the same commit."""

    folder: str
    umask: int
    modified: int
    """Time of every file that is built from, in seconds since 1970."""
    zone: str
    hash_seed: str


ONE = Circumstances(folder="one", umask=0o022, modified=1_000_000_000, zone="UTC", hash_seed="1")
OTHER = Circumstances(
    folder="another/and a longer one", umask=0o077, modified=1_700_000_001, zone="Asia/Kathmandu", hash_seed="2"
)


def tracked(root: Path) -> list[str]:
    """The files that git knows of, by their paths under the root."""
    return output_of(["git", "ls-files", "-z"], folder=root).rstrip("\0").split("\0")


def built(root: Path, scratch: Path, circumstances: Circumstances, epoch: int) -> dict[str, bytes]:
    """Build the sdist from a copy of the tracked files, and the wheel from that sdist: name -> bytes.

    The wheel is built from the sdist, so that whoever has only the sdist gets the same wheel.
    """
    source, out = scratch / circumstances.folder / "source", scratch / circumstances.folder / "built"
    _copy(root, source, circumstances)
    environment = {
        **os.environ,
        "SOURCE_DATE_EPOCH": str(epoch),
        "TZ": circumstances.zone,
        "PYTHONHASHSEED": circumstances.hash_seed,
    }
    hatchling = python("hatchling", "build", "--directory", out)
    output_of([*hatchling, "--target", "sdist"], folder=source, environment=environment, umask=circumstances.umask)
    unpacked = _unpack(out, scratch / circumstances.folder / "unpacked")
    output_of([*hatchling, "--target", "wheel"], folder=unpacked, environment=environment, umask=circumstances.umask)
    return {path.name: path.read_bytes() for path in sorted(out.iterdir())}


def sha256(data: bytes) -> str:
    """The SHA-256 in hexadecimal, as sha256sum writes it."""
    return hashlib.sha256(data).hexdigest()


def _copy(root: Path, folder: Path, circumstances: Circumstances) -> None:
    """The tracked files as a checkout under that umask would leave them, all of the one time."""
    for name in tracked(root):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / name, path)
        runs = (root / name).stat().st_mode & 0o100
        path.chmod((0o777 if runs else 0o666) & ~circumstances.umask)
        os.utime(path, (circumstances.modified, circumstances.modified))


def _unpack(out: Path, folder: Path) -> Path:
    """The sdist's one folder."""
    (archive,) = out.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    inside = list(folder.iterdir())
    if len(inside) != 1:
        raise ReleaseError(f"{archive.name} holds {len(inside)} folders; wanted one")
    return inside[0]
