"""The folder of a dossier: results, data files, tables, pages and the manifest, whole or not at all.

index.html  en/ es/   the pages        data/     what pages load as they need it
assets/               style, scripts   tables/   sheets and places as CSV
results/              every figure as JSON, and manifest.json with the hashes of raw files and of these files
election.toml         the definition that all of it follows
audit/                the public files of an audit, if one is shown
"""

import hashlib
import shlex
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from veedor.document import of_fields
from veedor.dossier.data_files import data_files
from veedor.dossier.derive.mixture import NAME as GIVEN
from veedor.dossier.derive.record import record_files
from veedor.dossier.derive.tables import GEOJSON, table_files
from veedor.dossier.derive.worker import helped
from veedor.dossier.dictionary.columns import Table
from veedor.dossier.dictionary.datapackage import data_package
from veedor.dossier.gather import as_json, gather
from veedor.dossier.input import Opened
from veedor.dossier.kept import Kept
from veedor.dossier.parsed import Parsed
from veedor.dossier.render import pages_of
from veedor.dossier.share.citation import SUMS, sums_of
from veedor.dossier.share.drawing import drawn_with
from veedor.dossier.show.bidi_marks import marked
from veedor.dossier.show.choices import shown_choices
from veedor.dossier.show.published import Published
from veedor.dossier.target_folder import MANIFEST, check_replaceable
from veedor.errors import VeedorError
from veedor.languages import OWN, codes
from veedor.leftovers import NEW, half_made_folder, put_in_place
from veedor.rim.process import Process

ASSETS = Path(__file__).parent / "assets"
DEFINITION = "election.toml"
CLAIMS = "claims.toml"
AUDIT = "audit"
"""Folder of the dossier with the public files of the audit that it shows."""

Step = Callable[[str], None]


def write_dossier(
    opened: Opened,
    out: Path,
    *,
    data: str,
    record: str | None = None,
    kept: Kept | None = None,
    step: Step = lambda name: None,
    beside: Process | None = None,
) -> list[str]:
    """Write the dossier into the folder `out`, which is new, empty or holds an earlier dossier; the paths written.

    data, record: where the raw files and the log lay, relative to the dossier, for `veedor verify`.
    kept: results of earlier reports, which `veedor verify` never takes. step: called with what is being done.
    beside: a program that waits for a share of the work.
    """
    check_replaceable(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with half_made_folder(out) as home:
            new = home / NEW
            paths = write_files(opened, new, data=data, record=record, kept=kept, step=step, beside=beside)
            new.chmod(0o755)
            put_in_place(home, out)
    except OSError as error:
        raise VeedorError(f"cannot write {out}: {error.strerror or error}") from None
    return paths


def write_files(
    opened: Opened,
    folder: Path,
    *,
    data: str,
    record: str | None = None,
    kept: Kept | None = None,
    step: Step = lambda name: None,
    beside: Process | None = None,
) -> list[str]:
    """Write every file of the dossier into an existing folder. The same sheets give the same bytes."""
    files = dossier_files(opened, data=data, record=record, kept=kept, step=step, beside=beside)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return sorted(files)


def dossier_files(
    opened: Opened,
    *,
    data: str,
    record: str | None = None,
    kept: Kept | None = None,
    step: Step = lambda name: None,
    beside: Process | None = None,
) -> dict[str, bytes]:
    """Every file of the dossier by its path."""
    with helped(opened, beside) as helped_opened:
        return _dossier_files(helped_opened, data=data, record=record, kept=kept, step=step)


def _dossier_files(opened: Opened, *, data: str, record: str | None, kept: Kept | None, step: Step) -> dict[str, bytes]:
    if opened.url is not None:
        drawn_with()  # said before the work, where the packages are not installed
    files: dict[str, bytes] = {DEFINITION: opened.definition}
    if opened.claims is not None:
        files[CLAIMS] = opened.claims
    step("results")
    aside = None if opened.aside is None else opened.aside.submit(table_files, opened)
    results = gather(opened, kept, step)
    files |= {f"results/{name}": marked(as_json(document).decode()).encode() for name, document in results.items()}
    step("data")
    files |= {f"data/{name}.js": marked(text).encode() for name, text in data_files(opened, results)}
    step("tables")
    tables = table_files(opened) if aside is None else aside.result()
    files |= tables.files
    package = data_package(tables.tables, files, opened.election, opened.contest)
    files["tables/datapackage.json"] = marked(as_json(package).decode()).encode()
    step("pages")
    files |= {f"assets/{path.name}": path.read_bytes() for path in sorted(ASSETS.iterdir()) if path.is_file()}
    files |= dict(record_files(opened))
    files |= {f"{AUDIT}/{name}": content for name, content in opened.audit_files.items()}
    published = _published(opened, results, files, tables.tables)
    files[SUMS] = sums_of(published.hashes)
    files |= {name: page if isinstance(page, bytes) else marked(page).encode() for name, page in pages_of(published)}
    files[MANIFEST] = as_json(_manifest(opened, files, data, record))
    return files


def _published(
    opened: Opened, results: Mapping[str, Parsed], files: Mapping[str, bytes], tables: Sequence[Table] = ()
) -> Published:
    return Published(
        election=opened.election,
        contest=opened.contest,
        own=opened.dataset.command(),
        count=opened.count,
        choices=shown_choices(opened.contest),
        results=results,
        tables=tables,
        geojson=(GEOJSON, len(files[GEOJSON])) if GEOJSON in files else None,
        url=opened.url,
        downloads=[
            name
            for name in sorted([*files, MANIFEST, SUMS])
            if name.startswith(("results/", "tables/", f"{AUDIT}/")) or name in (DEFINITION, CLAIMS)
        ],
        hashes={
            name: hashlib.sha256(content).hexdigest()
            for name, content in files.items()
            if name.startswith("results/") or name == DEFINITION
        },
    )


def _manifest(opened: Opened, files: Mapping[str, bytes], data: str, record: str | None) -> Parsed:
    return {
        "veedor": version("veedor"),
        "election": opened.election.id,
        "name": shlex.quote(opened.name),
        "contest": opened.contest.id,
        "skip_bad_rows": opened.dataset.skip_bad_rows,
        **({} if opened.cut is None else {"cut": opened.cut}),
        **({} if opened.url is None else {"url": opened.url, "cards_drawn_with": drawn_with()}),
        "data": data,
        **({} if record is None else {"record": record}),
        **({} if opened.audit is None else {"audit": AUDIT}),
        **({} if opened.mixture is None else {"given": [f"results/{GIVEN}"]}),
        **({} if codes() == OWN else {"languages": list(codes())}),
        "raw": [of_fields(one) for one in opened.raw],
        "files": [
            {"file": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in sorted(files.items())
        ],
    }


__all__ = [
    "AUDIT",
    "CLAIMS",
    "DEFINITION",
    "MANIFEST",
    "as_json",
    "check_replaceable",
    "dossier_files",
    "gather",
    "write_dossier",
    "write_files",
]
