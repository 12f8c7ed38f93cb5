"""Where the files of a count lie: what each published state is made of, found in the data folder."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from veedor.election import Count, Election, Layout, Source
from veedor.errors import DefinitionError, Fault, InputError, MissingDataError

PLACEHOLDER = re.compile(r"\{time:([^{}]+)\}")

TIME_DIRECTIVES = {
    "%Y": r"\d{4}",
    "%y": r"\d{2}",
    "%m": r"\d{2}",
    "%d": r"\d{2}",
    "%H": r"\d{2}",
    "%I": r"\d{2}",
    "%M": r"\d{2}",
    "%S": r"\d{2}",
    "%j": r"\d{3}",
    "%f": r"\d{1,6}",
    "%b": r"[^\W\d_]+\.?",
    "%B": r"[^\W\d_]+",
    "%p": r"[AaPp][Mm]",
    "%z": r"(?:Z|[+-]\d{2}:?\d{2})",
}

TIME_LIKE = re.compile(r"(?=(?:\D*\d){3})[\d._:TZ +-]+")
"""What stands in the place of a time in a name, for the file to be taken for a misnamed one: digits and marks."""


@dataclass(frozen=True, kw_only=True)
class PublishedFile:
    """One file of a published state: where it lies, what faults call it, and how it is read."""

    path: Path
    name: str
    source: Source
    layout: Layout


@dataclass(frozen=True, kw_only=True)
class Publication:
    """One published state of a count: its time, and the files that together hold it."""

    when: dt.datetime
    files: tuple[PublishedFile, ...]


def publications(election: Election, count: Count, data: Path) -> tuple[Publication, ...]:
    """The count's published states found in the folder `data`, oldest first. Files of the same time are one state.

    A source without a time is taken as published at the end of election day. Raises MissingDataError naming every
    file that is not there, InputError for files whose names nearly fit a pattern: they would be missed in silence.
    """
    if faults := _misnamed(election, count, data):
        raise InputError(faults)
    found: dict[dt.datetime, list[PublishedFile]] = {}
    missing: list[str] = []
    for source in count.sources:
        layout = _layout_of(election, source)
        files = list(_files_of(election, source, data))
        if not files:
            missing.append(_absent(source, data))
        for when, path, name in files:
            found.setdefault(when, []).append(PublishedFile(path=path, name=name, source=source, layout=layout))
    if missing:
        addresses = any(source.url for source in count.sources)
        remedy = f"fetch it with `veedor fetch {election.id}` or say where it is" if addresses else "say where it is"
        raise MissingDataError("\n".join([*missing, f"{remedy} with --data DIR"]))
    return tuple(Publication(when=when, files=tuple(found[when])) for when in sorted(found))


def check_hash(file: PublishedFile) -> None:
    """Raise MissingDataError if the definition gives the file's SHA-256 and its bytes have another."""
    if file.source.sha256 is None:
        return
    with file.path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if digest != file.source.sha256.lower():
        raise MissingDataError(
            f"{file.name} is not the file that the definition names: its SHA-256 is {digest}, "
            f"wanted {file.source.sha256.lower()} (fetch it again, or correct the definition)"
        )


def _layout_of(election: Election, source: Source) -> Layout:
    if source.layout not in election.layouts:
        known = ", ".join(election.layouts) or "none"
        raise DefinitionError(
            [Fault(file="election.toml", column="layout", found=f"'{source.layout}'", wanted=f"one of {known}")]
        )
    return election.layouts[source.layout]


def _files_of(election: Election, source: Source, data: Path) -> Iterator[tuple[dt.datetime, Path, str]]:
    if source.file is not None:
        name = inside(source.file)
        path = data / name
        if path.is_file():
            yield _time_of(election, source), path, name
    if source.files is not None:
        pattern = inside(source.files)
        for path, name, text in _matches(data, pattern):
            yield _time_in_name(election, source, name, text), path, name


def inside(name: str) -> str:
    """The name itself, if it cannot lead out of the data folder."""
    if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or re.match(r"[A-Za-z]:", name):
        raise DefinitionError(
            [Fault(file="election.toml", column="sources", found=f"'{name}'", wanted="a name inside the data folder")]
        )
    return name


def _time_of(election: Election, source: Source) -> dt.datetime:
    if source.time is None:
        return dt.datetime.combine(election.date + dt.timedelta(days=1), dt.time(), election.zone)
    return in_zone(source.time, election)


def in_zone(when: dt.datetime, election: Election) -> dt.datetime:
    """The time in the election's zone; a time without an offset is meant there."""
    return when.replace(tzinfo=election.zone) if when.tzinfo is None else when.astimezone(election.zone)


def _matches(data: Path, pattern: str, *, loosely: bool = False) -> Iterator[tuple[Path, str, str | None]]:
    """Files that the pattern names, sorted: path, name relative to the folder, and the text of the time.

    loosely: whatever stands in the place of the time.
    """
    expression = re.compile(_expression(pattern, loosely=loosely))
    folders = [data]
    for _ in range(pattern.count("/")):
        folders = [
            child for folder in folders if folder.is_dir() for child in sorted(folder.iterdir()) if child.is_dir()
        ]
    for folder in folders:
        for path in sorted(folder.iterdir()) if folder.is_dir() else []:
            name = path.relative_to(data).as_posix()
            match = expression.fullmatch(name)
            if match and path.is_file():
                yield path, name, match.group("time") if "time" in expression.groupindex else None


def _misnamed(election: Election, count: Count, data: Path) -> list[Fault]:
    """Files that a pattern would name but for how the time in their name is written, and that nothing else names."""
    patterns = [source.files for source in count.sources if source.files and PLACEHOLDER.search(source.files)]
    near = {
        name: (pattern, text)
        for pattern in patterns
        for _, name, text in _matches(data, inside(pattern), loosely=True)
        if text and TIME_LIKE.fullmatch(text)
    }
    if not near:
        return []
    for other in (source for each in election.counts for source in each.sources):
        named = [name for _, name, _ in _matches(data, inside(other.files))] if other.files else [other.file]
        for name in named:
            near.pop(_plain(name or ""), None)
    for table in election.plain_tables:
        near.pop(_plain(table.file), None)
    return [
        Fault(
            file=name,
            found=f"'{text}' in its name",
            wanted=f"a name as {pattern}",
            remedy="rename it, or move it out of the folder",
        )
        for name, (pattern, text) in near.items()
    ]


def _plain(name: str) -> str:
    """A file's name without `.` and doubled marks."""
    return PurePosixPath(name).as_posix()


def _expression(pattern: str, *, loosely: bool = False) -> str:
    before, *rest = PLACEHOLDER.split(pattern, maxsplit=1)
    if not rest:
        return _wildcards(before)
    time_format, after = rest
    time = "[^/]+?" if loosely else _digits(time_format)
    return f"{_wildcards(before)}(?P<time>{time}){_wildcards(after)}"


def _wildcards(pattern: str) -> str:
    return "[^/]*".join(re.escape(part) for part in pattern.split("*"))


def _digits(time_format: str) -> str:
    parts = re.split(r"(%.)", time_format)
    return "".join(TIME_DIRECTIVES.get(part, ".+?") if part.startswith("%") else re.escape(part) for part in parts)


def _time_in_name(election: Election, source: Source, name: str, text: str | None) -> dt.datetime:
    placeholder = PLACEHOLDER.search(source.files or "")
    if text is None or placeholder is None:
        return _time_of(election, source)
    try:
        return in_zone(dt.datetime.strptime(text, placeholder.group(1)), election)
    except ValueError as problem:
        wanted = f"a time written as {placeholder.group(1)} in the file's name"
        raise InputError([Fault(file=name, found=f"'{text}'", wanted=wanted)]) from problem


def _absent(source: Source, data: Path) -> str:
    what = f"the file {source.file}" if source.file is not None else f"any file named {source.files}"
    url = f"; it is published at {source.url}" if source.url else ""
    path = data / source.file if source.file is not None else data
    if source.file is not None and path.exists():
        return f"{path} is {'a folder' if path.is_dir() else 'no regular file'}, wanted {what}{url}"
    return f"{data} does not hold {what}{url}"


def names_of(files: Sequence[PublishedFile]) -> str:
    """The files' names as one text for people."""
    return " and ".join(file.name for file in files)
