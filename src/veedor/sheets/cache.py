"""Where this machine keeps what it can get again: downloads, and documents of earlier reports, each in its own folder.

data/ID-HASH/        files that a definition names, for that definition alone
documents/           what rooms found, sealed (`veedor.dossier.kept`)

No identifier of an election leads out of `data`, so that no definition can put a file where documents are kept.
"""

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path


def cache_root() -> Path:
    """The folder that VEEDOR_CACHE names, else the one of the user's cache."""
    named = os.environ.get("VEEDOR_CACHE")
    if named:
        return Path(named)
    # pooch brings an HTTP client along: loaded only by those who look for downloads.
    import pooch

    return Path(pooch.os_cache("veedor"))


def data_folder(identifier: str, named: Iterable[str | None]) -> Path:
    """The folder of one definition's downloads. named: whatever makes two definitions two; it decides the folder."""
    digest = hashlib.sha256(json.dumps(list(named)).encode()).hexdigest()
    return cache_root() / "data" / f"{identifier}-{digest[:16]}"


def documents_folder() -> Path:
    """The folder of the documents of earlier reports."""
    return cache_root() / "documents"
