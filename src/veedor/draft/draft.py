"""`veedor new`: a draft election.toml for files of unknown making, valid and running wherever they allow it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from veedor.draft.combine import Planned, planned_for
from veedor.draft.render_toml import rendered
from veedor.draft.vocabulary import slug
from veedor.election import Election
from veedor.election.read import DEFINITION, election_from
from veedor.errors import VeedorError
from veedor.files import atomic
from veedor.sheets.read import read_sheets


@dataclass(frozen=True, kw_only=True)
class Tried:
    """Result of reading a count with the draft: sheets and valid votes of the last state, or why not."""

    count: str
    sheets: int = 0
    valid: int = 0
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The text of the definition, what it defines, what is left to do, and how it fared on its files."""

    text: str
    election: Election
    folder: Path
    todo: tuple[str, ...]
    tried: tuple[Tried, ...]


def draft_of(identifier: str, files: Sequence[Path]) -> Draft:
    """Draft a definition. Raises InputError where a file cannot be opened at all."""
    if not files:
        raise VeedorError("name at least one file with results: veedor new DIR --from FILE...")
    planned = planned_for(slug(identifier, set(), "my-election"), files)
    text = rendered(planned)
    election = election_from(text, file=f"the draft {DEFINITION}")
    return Draft(
        text=text,
        election=election,
        folder=planned.folder,
        todo=planned.todo,
        tried=tuple(_tried(election, planned)),
    )


def write_draft(folder: Path, files: Sequence[Path]) -> Draft:
    """Draft a definition into the folder; one that is there already is never overwritten."""
    path = folder / DEFINITION
    if path.exists():
        raise VeedorError(f"{path} is there already; remove it, or name another folder")
    draft = draft_of(folder.resolve().name, files)
    with atomic(path) as temporary:
        temporary.write_text(draft.text, encoding="utf-8")
    return draft


def _tried(election: Election, planned: Planned) -> list[Tried]:
    from veedor.sheets.table import in_totals, valid_votes

    found = []
    contest = election.contests[0]
    for count in election.counts:
        try:
            table = read_sheets(election, contest, count, planned.folder).table
        except VeedorError as problem:
            lines = str(problem).splitlines()
            more = f" (and {len(lines) - 1} more lines)" if len(lines) > 1 else ""
            found.append(Tried(count=count.id, problem=lines[0] + more))
            continue
        counted = table.filter(in_totals())
        valid = int(counted.select(valid_votes(contest).sum()).item() or 0)
        found.append(Tried(count=count.id, sheets=counted.height, valid=valid))
    return found
