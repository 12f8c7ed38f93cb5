"""The tables of one file: the whole of it, or members of an archive and worksheets of a workbook."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from veedor.election import TOLD
from veedor.election.patterns import Pattern, PatternError, pattern_of
from veedor.errors import DefinitionError, Fault, InputError
from veedor.sheets.formats.column_map import named_in
from veedor.sheets.formats.unpack import PACKED, SHOWN, members, unpacked
from veedor.sheets.publications import PublishedFile
from veedor.sheets.workbook.read import open_worksheet

HIDDEN = "__MACOSX/"
"""Where an archive that a Mac has made keeps what is no file."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One table of a file. name: what faults call it; told: what a layout can name beside its columns (`@file`)."""

    name: str
    data: bytes
    sheet: str | None
    told: Mapping[str, str]


def pieces_of(raw: bytes, file: PublishedFile) -> Iterator[Piece]:
    """The tables that the source and its layout name. Raises InputError where there are none."""
    lines = file.layout.format in ("csv", "jsonl")
    names = _members(raw, file)
    for member in names:
        data = unpacked(raw, file.path.suffix, file.name, member=member, lines=lines)
        name = file.name if member is None or len(names) == 1 else f"{file.name} {member}"
        if not data:
            raise InputError([Fault(file=name, found="an empty file", wanted="tally sheets")])
        if file.layout.format != "xlsx":
            yield Piece(name=name, data=data, sheet=None, told=told_of(file, member))
            continue
        sheets = _worksheets(data, file, name)
        for sheet in sheets:
            own = name if sheet is None or len(sheets) == 1 else f"{name} {sheet}"
            yield Piece(name=own, data=data, sheet=sheet, told=told_of(file, member, sheet))


def told_of(file: PublishedFile, member: str | None = None, sheet: str | None = None) -> dict[str, str]:
    """What a layout can name of a table beside its columns, as far as it does."""
    wanted = named_in(file.layout) & set(TOLD)
    if not wanted:
        return {}
    path = PurePosixPath(file.name)
    known = {
        "@file": bare(path.name),
        "@folder": path.parent.name,
        "@member": bare(PurePosixPath(member).name) if member is not None else "",
        "@worksheet": sheet or "",
    }
    if empty := [name for name in wanted if not known[name]]:
        where = {"@folder": "folder", "@member": "member of an archive", "@worksheet": "worksheet named in the layout"}
        found = f"a file without a {where.get(empty[0], 'name')}"
        raise InputError([Fault(file=file.name, column=empty[0], found=found, wanted="one that gives the column")])
    return {name: text for name, text in known.items() if name in wanted}


def bare(name: str) -> str:
    """A file's name without its endings: of what it is packed by, and of its format."""
    path = PurePosixPath(name)
    return PurePosixPath(path.stem).stem if path.suffix.lower() in PACKED else path.stem


def _members(raw: bytes, file: PublishedFile) -> Sequence[str | None]:
    """The members of an archive that the source's pattern names; its `member` itself where that is no pattern."""
    wanted = file.source.member
    if wanted is None or "*" not in wanted or file.path.suffix.lower() != ".zip":
        return [wanted]
    known = [name for name in members(raw, file.name) if not name.startswith(HIDDEN)]
    return [wanted] if wanted in known else _matching(known, wanted, file, "member")


def _worksheets(data: bytes, file: PublishedFile, name: str) -> Sequence[str | None]:
    """The worksheets that the layout's patterns name, in the order of the workbook; the first where it names none."""
    wanted = file.layout.sheet
    if not wanted:
        return [None]
    if len(wanted) == 1 and "*" not in wanted[0]:
        return wanted
    known = open_worksheet(data, None, name, only_size=True).names
    found = {sheet for text in wanted for sheet in ([text] if text in known else _matching(known, text, file, "sheet"))}
    return [sheet for sheet in known if sheet in found]


def matching(known: Sequence[str], wanted: str) -> list[str]:
    """The members of an archive that a pattern names. Raises PatternError."""
    pattern = pattern_of(wanted)
    bare_names = "/" not in wanted  # in whatever folder of the archive
    steps = {name: [name.rpartition("/")[2]] if bare_names else name.split("/") for name in known}
    return [name for name, parts in steps.items() if _fits(pattern, parts)]


def _fits(pattern: Pattern, parts: Sequence[str]) -> bool:
    return len(parts) == len(pattern.steps) and all(
        step.match(part) is not None for step, part in zip(pattern.steps, parts, strict=True)
    )


def _matching(known: Sequence[str], wanted: str, file: PublishedFile, key: str) -> list[str]:
    """The members or worksheets that a pattern names. Raises InputError where it names none."""
    try:
        if key == "member":
            found = matching(known, wanted)
        else:
            pattern = pattern_of(wanted.replace("/", "\0"))
            found = [name for name in known if _fits(pattern, [name.replace("/", "\0")])]
    except PatternError as problem:
        raise DefinitionError(
            [Fault(file="election.toml", column=key, found=f"'{wanted[:100]}'", wanted=str(problem))]
        ) from None
    if not found:
        listed = ", ".join(known[:SHOWN]) + (f" and {len(known) - SHOWN} more" if len(known) > SHOWN else "")
        what = "members" if key == "member" else "worksheets"
        raise InputError([Fault(file=file.name, found=f"the {what} {listed or 'none'}", wanted=f"any named {wanted}")])
    return found
