"""Whether a folder may become a dossier; asked before anything heavy is loaded or read."""

from pathlib import Path

from veedor.errors import VeedorError
from veedor.rim import hostile_json
from veedor.rim.foreign import read_file

MANIFEST = "results/manifest.json"
LARGEST = 64 * 2**20
"""Bytes of a manifest; that of 100,000 raw files has some 25 MB."""
_KEYS = {"veedor", "election", "raw", "files"}


def check_replaceable(out: Path) -> None:
    """Raise VeedorError if `out` holds anything that is not a dossier: nobody's files are thrown away."""
    if not out.exists() and not out.is_symlink():
        return
    if not out.is_dir() or out.is_symlink():
        raise VeedorError(f"{out} is there and is no folder; name another one")
    if any(out.iterdir()) and not _is_dossier(out):
        raise VeedorError(f"{out} holds files that are not a dossier; name a new or an empty folder")


def _is_dossier(out: Path) -> bool:
    """True if it has a manifest as we write it: other programs have a file of that name too."""
    try:
        found = hostile_json.loads_object(read_file(out / MANIFEST, most=LARGEST, within=out), MANIFEST)
    except VeedorError:
        return False
    return found.keys() >= _KEYS
