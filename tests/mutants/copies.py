"""Copies of the tree to try changes in: the working tree is never touched."""

import hashlib
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

OUT = "out"
"""Where a tree's programs write; never copied."""
BESIDE = "shared"
"""A folder beside the tree that some tests look for; the copies see the same one."""


def files_of(root: Path) -> list[str]:
    """The tree's files: what git knows or would add; without git, all that are not hidden."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        names = listed.stdout.decode().split("\0")
    else:
        names = [path.relative_to(root).as_posix() for path in root.rglob("*")]
        names = [name for name in names if not any(part.startswith((".", "__pyc")) for part in Path(name).parts)]
    return sorted({name for name in names if name and not name.startswith(f"{OUT}/") and (root / name).is_file()})


def fingerprint(root: Path, names: Sequence[str]) -> str:
    """One name for the content of all files."""
    known = hashlib.sha256()
    for name in names:
        known.update(name.encode() + b"\0" + hashlib.sha256((root / name).read_bytes()).digest())
    return known.hexdigest()[:16]


@contextmanager
def copies(root: Path, names: Sequence[str], number: int) -> Iterator[list[Path]]:
    """So many copies of the tree in a temporary folder, which is removed afterwards."""
    with TemporaryDirectory(prefix="mutants-") as folder:
        made = [Path(folder).resolve() / str(index) / "tree" for index in range(number)]
        for copy in made:
            for name in names:
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(root / name, copy / name)
            if (root.parent / BESIDE).is_dir():
                (copy.parent / BESIDE).symlink_to((root.parent / BESIDE).resolve())
        yield made
