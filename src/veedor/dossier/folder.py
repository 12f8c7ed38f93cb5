"""Whether a folder may become a dossier; asked before anything heavy is loaded or read."""

from pathlib import Path

from veedor.errors import VeedorError

MANIFEST = "results/manifest.json"


def check_replaceable(out: Path) -> None:
    """Raise VeedorError if `out` holds anything that is not a dossier: nobody's files are thrown away."""
    if not out.exists() and not out.is_symlink():
        return
    if not out.is_dir() or out.is_symlink():
        raise VeedorError(f"{out} is there and is no folder; name another one")
    if any(out.iterdir()) and not (out / MANIFEST).is_file():
        raise VeedorError(f"{out} holds files that are not a dossier; name a new or an empty folder")
