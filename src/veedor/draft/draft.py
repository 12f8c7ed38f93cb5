"""`veedor new`: a draft election.toml for files of unknown making, valid and running wherever they allow it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from veedor.draft.columns import columns_of
from veedor.draft.combine import planned_for
from veedor.draft.evidence import ColumnEvidence, NotRead, RowsLeftOut
from veedor.draft.render_toml import rendered
from veedor.draft.vocabulary import slug
from veedor.election import Election
from veedor.election.definition import Question
from veedor.election.read import DEFINITION, election_from
from veedor.errors import VeedorError
from veedor.files import atomic
from veedor.rim.terminal import one_line
from veedor.sheets import Series, in_totals, valid_votes
from veedor.sheets.dataset import alike_in_all
from veedor.sheets.read import read_series, read_sheets, snapshot_times, with_names_compared
from veedor.sheets.spellings import clashes


@dataclass(frozen=True, kw_only=True)
class Tried:
    """Result of reading a count with the draft: sheets and valid votes of the last state, or why not."""

    count: str
    sheets: int = 0
    valid: int = 0
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The text of the definition, what it defines, what is left to do, and how it fared on its files.

    notes: what was said of stations and places when the files were read as the draft says.
    """

    text: str
    election: Election
    folder: Path
    todo: tuple[str, ...]
    tried: tuple[Tried, ...]
    columns: tuple[ColumnEvidence, ...] = ()
    left_out: tuple[RowsLeftOut, ...] = ()
    not_read: tuple[NotRead, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def questions(self) -> tuple[Question, ...]:
        """What the draft leaves open."""
        return self.election.questions


Answer = Callable[[Question], str | None]
"""What answers a question of the draft: one of its choices, or None where it stays open."""


Progress = Callable[[int, int], None]
"""Called with the number of steps that are done, and of all."""


def draft_of(
    identifier: str, files: Sequence[Path], answer: Answer | None = None, progress: Progress | None = None
) -> Draft:
    """Draft a definition. Raises InputError where a file cannot be opened at all.

    answer: a question that is answered with its first choice, the one that was taken, is not written down; with another
    it is, with that answer, since the draft does not say so yet.
    """
    if not files:
        raise VeedorError("name at least one file with results: veedor new DIR --from FILE...")
    step = progress or _silent
    steps = len(files) + 2
    planned = planned_for(slug(identifier, set(), "my-election"), files, lambda done: step(done, steps))
    step(steps - 1, steps)
    if answer is not None:
        planned = replace(planned, questions=tuple(_left_open(planned.questions, answer)))
    text = rendered(planned)
    election = election_from(text, file=f"the draft {DEFINITION}")
    columns = tuple(column for part in planned.parts for column in columns_of(part.guess))
    left_out = tuple(rows for part in planned.parts for rows in part.guess.left_out)
    folder, todo, not_read = planned.folder, planned.todo, planned.not_read
    del planned  # the cells of a large file are not to be held while it is read as the draft says
    tried, notes = _tried(election, folder)
    return Draft(
        text=text,
        election=election,
        folder=folder,
        todo=todo,
        tried=tuple(tried),
        columns=columns,
        left_out=left_out,
        not_read=not_read,
        notes=tuple(notes),
    )


def _silent(done: int, total: int) -> None:
    """Nobody looks on."""


def _left_open(questions: Sequence[Question], answer: Answer) -> Iterator[Question]:
    for question in questions:
        given = answer(question)
        if given is None:
            yield question
        elif given != question.choices[0]:
            told = f"{question.text} (answered: {given}; the layout is to say so)"
            yield question.model_copy(update={"text": told})


def write_draft(
    folder: Path, files: Sequence[Path], answer: Answer | None = None, progress: Progress | None = None
) -> Draft:
    """Draft a definition into the folder; one that is there already is never overwritten."""
    path = folder / DEFINITION
    if path.exists():
        raise VeedorError(f"{path} is there already; remove it, or name another folder")
    draft = draft_of(folder.resolve().name, files, answer, progress)
    with atomic(path) as temporary:
        temporary.write_text(draft.text, encoding="utf-8")
    return draft


def _tried(election: Election, folder: Path) -> tuple[list[Tried], list[str]]:
    """How each count is read as the draft says, and what is to be said of its stations and places."""
    found: list[Tried] = []
    read: dict[str, Series] = {}
    notes: list[str] = []
    contest = election.contests[0]
    for count in election.counts:
        try:
            if len(election.counts) > 1 or len(snapshot_times(election, count, folder)) > 1:
                read[count.id] = read_series(election, contest, count, folder)
                table = read[count.id].at()
            else:
                sheets = with_names_compared(read_sheets(election, contest, count, folder), election)
                table, notes = sheets.table, list(sheets.notes)
        except VeedorError as problem:
            lines = str(problem).splitlines()
            more = f" (and {len(lines) - 1} more lines)" if len(lines) > 1 else ""
            found.append(Tried(count=count.id, problem=lines[0] + more))
            continue
        counted = table.filter(in_totals())
        valid = int(counted.select(valid_votes(contest).sum()).item() or 0)
        found.append(Tried(count=count.id, sheets=counted.height, valid=valid))
    return found, [*notes, *_of_several(read)]


def _of_several(read: Mapping[str, Series]) -> list[str]:
    """What several states and counts say of each other's stations: written in two ways, or none in both."""
    read = alike_in_all(read)
    spelt = [str(fault) for fault in clashes(one.spellings for one in read.values())]
    notes = [note for one in read.values() for note in one.notes]
    tables = {
        f"{name} at {when.isoformat()}": one.at(when) for name, one in read.items() for when in one.snapshots[-3:]
    }
    for (one, left), (other, right) in pairwise(tables.items()):
        if left.height and right.height and not left["station"].is_in(right["station"].implode()).any():
            named = f"{one_line(left['station'][0])!r} and {one_line(right['station'][0])!r}"
            notes.append(f"no station of {one} is in {other}: are the identifiers written alike ({named})?")
    return [*dict.fromkeys([*spelt, *notes])]
