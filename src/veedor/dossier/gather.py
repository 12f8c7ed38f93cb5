"""Every room's document: derived, taken from an earlier report of the same raw files, or left out with a reason."""

import json
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

from veedor.document import Json
from veedor.document import as_json as as_plain
from veedor.dossier.derive import results as rooms
from veedor.dossier.derive.documents import PageSkipped
from veedor.dossier.input import Opened
from veedor.dossier.kept import Kept, key_of
from veedor.dossier.pages import PAGES, Page
from veedor.dossier.parsed import Parsed
from veedor.errors import VeedorError
from veedor.rim import hostile_json
from veedor.rim.unchanged import ChangedError

WORKERS = 2


def as_json(document: Parsed) -> bytes:
    """A document as a file of results/ holds it."""
    return (json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def gather(
    opened: Opened, kept: Kept | None = None, step: Callable[[str], None] = lambda name: None
) -> dict[str, Parsed]:
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
    results: dict[str, Parsed] = {"election.json": rooms.election_document(opened)}
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


def _one(opened: Opened, page: Page, name: str, kept: Kept | None, step: Callable[[str], None]) -> Parsed:
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
    return _read_back(written, name)


def _plain(document: Parsed) -> Parsed:
    """The document as a reader of its file has it, so that a kept one and a new one are the same."""
    return _read_back(as_json(document), "a result")


def _read_back(written: bytes, name: str) -> Parsed:
    return hostile_json.loads(written, name, most_bytes=len(written))


def _made(running: Mapping[str, Future[Parsed]]) -> dict[str, Parsed]:
    documents = {name: future.result() for name, future in running.items()}
    return {name: document for name, document in documents.items() if document is not None}


def _skipped(page: Page, problem: VeedorError) -> Mapping[str, Json]:
    return as_plain(PageSkipped(page=page.id, title=page.title, reason=str(problem)))
