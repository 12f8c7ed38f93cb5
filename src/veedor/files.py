"""Write a file whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from veedor.errors import SAID, VeedorError
from veedor.leftovers import half_made_file


@contextmanager
def atomic(path: Path) -> Iterator[Path]:
    """A temporary file in the same folder, which takes the path's name when the block ends without an error.

    Raises VeedorError if it cannot be written, or if the path is a folder, a device or a pipe: those are not replaced.
    """
    if path.exists() and not path.is_file():
        raise VeedorError(SAID.say("file.is_folder" if path.is_dir() else "file.no_plain_file", path=str(path)))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with half_made_file(path) as temporary:
            yield temporary
            temporary.chmod(0o644)
            os.replace(temporary, path)
    except OSError as error:
        raise VeedorError(SAID.say("file.not_written", path=str(path), why=error.strerror or str(error))) from error
