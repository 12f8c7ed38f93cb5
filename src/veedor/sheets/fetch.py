"""Published files downloaded once, checked against their SHA-256, and kept; and where an election's files are."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from veedor.election import Election, PlainTable
from veedor.election.read import find_definition
from veedor.errors import MissingDataError, VeedorError
from veedor.rim import fetch
from veedor.sheets.locate import inside, publications
from veedor.sheets.opening import FILE_LIMIT, read_bytes
from veedor.sheets.write_atomic import atomic


@dataclass(frozen=True, kw_only=True)
class Download:
    """A file that the definition names: its name in the data folder, its address and what its bytes must be."""

    name: str
    url: str | None
    sha256: str | None


def downloads(election: Election) -> tuple[Download, ...]:
    """Every single file that the definition names, once; not those that only a pattern names."""
    found = {download.name: download for download in (*_of_counts(election), *_of_tables(election))}
    return tuple(found.values())


def folder_of_data(election: Election, *, definition: str | Path, data: Path | None) -> Path:
    """Where the election's files are: `data` if given, else beside the definition, else the cache.

    The cache is filled first where a file of a count is missing from it and the definition gives its address. Where it
    gives no address the files can only be beside it, whether they are there or not.
    """
    if data is not None:
        if not data.is_dir():
            raise MissingDataError(f"{data} is not a folder; --data is the folder with the files of {election.id}")
        return data
    beside = find_definition(definition).parent
    if _complete(election, beside):
        return beside
    cache = cache_folder(election)
    if _complete(election, cache):
        return cache
    if not any(source.url for count in election.counts for source in count.sources):
        return beside
    _fetch_all(_of_counts(election), cache)
    return cache


def cache_folder(election: Election) -> Path:
    """Where downloaded files of the election are kept."""
    # pooch brings an HTTP client along: loaded only by those who look for downloads.
    import pooch

    return Path(pooch.os_cache("veedor")) / election.id


def fetch_election(election: Election, folder: Path | None = None) -> list[Path]:
    """Download what the definition names and the folder (the cache if None) lacks; paths of all that is there now.

    A file appears in the folder whole and with the right hash, or not at all; one that is there already is never
    replaced. Raises MissingDataError with every file that could not be had.
    """
    return _fetch_all(downloads(election), cache_folder(election) if folder is None else folder)


def _fetch_all(wanted: Iterable[Download], folder: Path) -> list[Path]:
    paths: list[Path] = []
    missing: list[str] = []
    for download in wanted:
        path = folder / download.name
        try:
            if path.exists():
                _check(path, download)
            else:
                _fetch(path, download)
            paths.append(path)
        except MissingDataError as problem:
            missing.append(str(problem))
    if missing:
        raise MissingDataError("\n".join(missing))
    return paths


def _of_counts(election: Election) -> Iterator[Download]:
    for source in (source for count in election.counts for source in count.sources):
        if source.file is not None:
            yield Download(name=inside(source.file), url=source.url, sha256=source.sha256)


def _of_tables(election: Election) -> Iterator[Download]:
    logs = [table for clock in election.clocks for table in (*clock.of_sheets, *clock.of_publications)]
    tables: list[PlainTable] = [*logs, *election.groupings, *election.earlier_votes]
    for table in tables:
        yield Download(name=inside(table.file), url=table.url, sha256=table.sha256)


def _complete(election: Election, folder: Path) -> bool:
    """Whether the folder holds a file for each source of each count."""
    try:
        return all(publications(election, count, folder) for count in election.counts)
    except MissingDataError:
        return False


def _check(path: Path, download: Download) -> None:
    if download.sha256 is None:
        return
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if digest != download.sha256.lower():
        raise MissingDataError(
            f"{path} is not the file that the definition names: its SHA-256 is {digest}, "
            f"wanted {download.sha256.lower()} (move it away and fetch again, or correct the definition)"
        )


def _fetch(path: Path, download: Download) -> None:
    if download.url is None:
        raise MissingDataError(f"{download.name}: the definition gives no address; put the file into {path.parent}")
    if not download.url.lower().startswith(("http://", "https://")):
        raise MissingDataError(f"{download.name}: '{download.url}' is no address that begins with https:// or http://")
    packed = download.url.lower().endswith(".zip") and path.suffix.lower() != ".zip"
    try:
        with tempfile.TemporaryDirectory() as folder:
            got = Path(folder) / ("packed.zip" if packed else "file")
            fetch.download(download.url, got, most=FILE_LIMIT)
            if packed:
                got = _unpacked(got, download)
            _keep(got, path, download)
    except (VeedorError, OSError, ValueError) as problem:
        raise MissingDataError(f"{download.name}: could not be had from {download.url} ({problem})") from problem


def _unpacked(archive: Path, download: Download) -> Path:
    """The one file in a zip of its own."""
    content = read_bytes(archive, download.name, lines=False)
    unpacked = archive.with_name("file")
    unpacked.write_bytes(content)
    return unpacked


def _keep(got: Path, path: Path, download: Download) -> None:
    """Put the file in its place, once its hash is the one wanted."""
    with got.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if download.sha256 is not None and digest != download.sha256.lower():
        raise ValueError(f"its SHA-256 is {digest}, wanted {download.sha256.lower()}")
    with atomic(path) as temporary:
        shutil.copyfile(got, temporary)
