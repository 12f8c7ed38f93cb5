"""quickcount.toml read into a QuickCount; all faults at once, with file, line, key and the nearest name."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from veedor.election.faults import toml_of, validated
from veedor.election.line_numbers import line_of
from veedor.election.nearest import nearest_name
from veedor.election.read import DEFINITION, definition_bytes, find_definition, read_election, text_of
from veedor.errors import DefinitionError, Fault, VeedorError
from veedor.quickcount.definition import QuickCount

QUICKCOUNT = "quickcount.toml"


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A quick count, its file, and what its election calls it."""

    definition: QuickCount
    path: Path
    election: str
    text: str

    @property
    def folder(self) -> Path:
        """Where its files are, without --data."""
        return self.path.parent


def open_quickcount(name_or_path: str | Path) -> Opened:
    """The quick count meant by a folder, by that file, or by the name of a bundled election. Raises VeedorError."""
    path = find_quickcount(name_or_path)
    text = text_of(definition_bytes(path, QUICKCOUNT), path)
    definition = quickcount_from(text, file=str(path))
    beside = path.parent / DEFINITION
    election = path.resolve().parent.name
    if beside.is_file():
        election = _checked_against(beside, definition, text, str(path))
    elif definition.contest is not None:
        fault = Fault(
            file=str(path),
            row=line_of(text, ("contest",)),
            column="contest",
            found=f"{definition.contest!r}",
            wanted=f"an {DEFINITION} beside this file, which has that contest",
            remedy="put it there, or leave the key out",
        )
        raise DefinitionError([fault])
    return Opened(definition=definition, path=path, election=election, text=text)


def find_quickcount(name_or_path: str | Path) -> Path:
    """The quickcount.toml meant. Raises VeedorError where there is none."""
    path = Path(name_or_path)
    if path.is_file() and path.name != DEFINITION:
        return path
    found = path / QUICKCOUNT if path.is_dir() else find_definition(name_or_path).parent / QUICKCOUNT
    if not found.is_file():
        raise VeedorError(f"{found} is not there: a quick count is defined in {QUICKCOUNT}, beside {DEFINITION}")
    return found


def quickcount_from(text: str, *, file: str = QUICKCOUNT) -> QuickCount:
    """The quick count that a TOML text defines; `file` names it in messages. Raises DefinitionError."""
    return validated(QuickCount, toml_of(text, file), text, file, dt.UTC)


def _checked_against(election_file: Path, definition: QuickCount, text: str, file: str) -> str:
    """The election's ID. Where a contest is named, each choice must be one of its choices."""
    election = read_election(election_file)
    if definition.contest is None:
        return election.id
    ids = [contest.id for contest in election.contests]
    if definition.contest not in ids:
        near = nearest_name(definition.contest, ids)
        remedy = f"did you mean {near!r}?" if near else ""
        raise DefinitionError(
            [
                Fault(
                    file=file,
                    row=line_of(text, ("contest",)),
                    column="contest",
                    found=f"{definition.contest!r}",
                    wanted=f"a contest of {DEFINITION}: {', '.join(ids)}",
                    remedy=remedy,
                )
            ]
        )
    known = [choice.id for choice in election.contests[ids.index(definition.contest)].choices]
    faults = [
        Fault(
            file=file,
            row=line_of(text, ("choices", place, "id")),
            column=f"choices[{place + 1}].id",
            found=f"{choice.id!r}",
            wanted=f"a choice of the contest {definition.contest}: {', '.join(known)}",
        )
        for place, choice in enumerate(definition.choices)
        if choice.id not in known
    ]
    if faults:
        raise DefinitionError(faults)
    return election.id
