"""Every room's document: derived, taken from an earlier report of the same raw files, or left out with a reason."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from veedor.dossier import rooms
from veedor.dossier.opened import Opened
from veedor.dossier.pages import PAGES, Page
from veedor.errors import VeedorError
from veedor.finding import Json
from veedor.rim.unchanged import ChangedError

WORKERS = 2


def as_json(document: Json) -> bytes:
    """A document as a file of results/ holds it."""
    return (json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Documents kept from earlier reports, by everything that they follow from. `veedor verify` is given none.

    folder: where; one folder inside it for each state of the program, and only the last one stays.
    """

    folder: Path

    def read(self, key: str) -> Json:
        """The document kept under the key; None if there is none or its file is not as it was written."""
        try:
            seal, _, document = (self._home() / key).read_bytes().partition(b"\n")
            return json.loads(document) if seal == _seal(key, document) else None
        except (OSError, ValueError, RecursionError):
            return None

    def write(self, key: str, document: bytes) -> None:
        """Keep a document. A folder that cannot be written costs time later, nothing else."""
        home = self._home()
        try:
            home.mkdir(parents=True, exist_ok=True)
            for other in self.folder.iterdir():
                if other != home:
                    shutil.rmtree(other, ignore_errors=True)
            descriptor, name = tempfile.mkstemp(dir=home)
            with os.fdopen(descriptor, "wb") as file:
                file.write(_seal(key, document) + b"\n" + document)
            Path(name).replace(home / key)
        except OSError:
            return

    def _home(self) -> Path:
        return self.folder / program()[:16]


def _seal(key: str, document: bytes) -> bytes:
    """Hash of a kept document under its key: one that was spoiled, or moved to another key, is derived again."""
    return hashlib.sha256(key.encode() + b"\n" + document).hexdigest().encode()


def kept_folder() -> Path:
    """Where documents of earlier reports are kept on this machine: the user's cache folder, or VEEDOR_CACHE."""
    import pooch

    return Path(os.environ.get("VEEDOR_CACHE") or pooch.os_cache("veedor")) / "report"


@cache
def program() -> str:
    """SHA-256 of the whole program: another line of it anywhere, and nothing that was kept is taken."""
    home = Path(__file__).parent.parent
    digest = hashlib.sha256(repr([version(name) for name in ("numpy", "polars", "scipy")]).encode())
    for path in sorted([*home.rglob("*.py"), *home.rglob("*.toml")]):
        digest.update(path.relative_to(home).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def key_of(opened: Opened, name: str) -> str:
    """What a document follows from, as one hash: the raw files, the definition, what was asked for, and its name."""
    parts: list[Json] = [list(opened.raw), opened.name, opened.contest.id, opened.skip_bad_rows, name]
    parts += [[path, hashlib.sha256(data).hexdigest()] for path, data in opened.audit_files.items()]
    definition = hashlib.sha256(opened.definition).hexdigest()
    return hashlib.sha256(json.dumps([definition, *parts]).encode()).hexdigest()


def gather(
    opened: Opened, kept: Kept | None = None, step: Callable[[str], None] = lambda name: None
) -> dict[str, Json]:
    """Every room's document, by the name of its file in results/. The rooms run side by side.

    A page whose room cannot run for this election adds nothing; election.json says which and why. The longest room
    goes to the process beside this one, where there is one; then the others run here one after the other, as threads
    of one process get in each other's way more than they gain.
    """
    opened.geography  # noqa: B018 - made once, before several rooms ask for it
    aside = [page for page in PAGES if page.beside and opened.aside is not None]
    with ThreadPoolExecutor(1 if aside else WORKERS) as pool, ThreadPoolExecutor(max(len(aside), 1)) as waiting:
        running = {
            page.id: {
                name: (waiting if page in aside else pool).submit(_one, opened, page, name, kept, step)
                for name in page.derive
            }
            for page in (*aside, *sorted((page for page in PAGES if page not in aside), key=lambda page: page.shared))
        }
    results: dict[str, Json] = {"election.json": rooms.election_document(opened)}
    skipped = []
    for page in PAGES:
        try:
            results |= _made(running[page.id])
        except VeedorError as problem:
            if page.required or isinstance(problem, ChangedError):
                raise
            skipped.append(_skipped(page, problem))
    for page in PAGES:
        concluded = {name: conclude(opened, results) for name, conclude in page.conclude.items()}
        results |= {name: _plain(document) for name, document in concluded.items() if document is not None}
    results["election.json"]["skipped"] = skipped
    return results


def _one(opened: Opened, page: Page, name: str, kept: Kept | None, step: Callable[[str], None]) -> Json:
    key = key_of(opened, name)
    if kept is not None and page.cached and (known := kept.read(key)) is not None:
        return known
    derive = page.derive[name]
    document = opened.aside.submit(derive, opened).result() if page.beside and opened.aside else derive(opened)
    step(name)
    if document is None:
        return None
    written = as_json(document)
    if kept is not None and page.cached:
        kept.write(key, written)
    return json.loads(written)


def _plain(document: Json) -> Json:
    """The document as a reader of its file has it, so that a kept one and a new one are the same."""
    return json.loads(as_json(document))


def _made(running: Mapping[str, Future[Json]]) -> dict[str, Json]:
    documents = {name: future.result() for name, future in running.items()}
    return {name: document for name, document in documents.items() if document is not None}


def _skipped(page: Page, problem: VeedorError) -> Json:
    return {"page": page.id, "title": {"en": page.title.en, "es": page.title.es}, "reason": str(problem)}
