"""Arlo's files: the ballot manifest and the batch tallies, read and written; a batch is a tally sheet.

Manifest: `Batch Name`, `Number of Ballots`, and where batches lie in containers or come from tabulators `Container`,
`Tabulator`. Tallies: `Batch Name` and one column for each choice, named as the choice or as `contest - choice`.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from veedor.audit.tables import table_of_others, whole_numbers
from veedor.audit.units import Units
from veedor.election import Contest
from veedor.errors import Fault, InputError, VeedorError
from veedor.rim.csv_cells import raw_csv_bytes

BATCH, BALLOTS = "Batch Name", "Number of Ballots"
PLACES = ("Container", "Tabulator")
READER = "Arlo"


def manifest_bytes(units: Units) -> bytes:
    """The manifest: every sheet as a batch with its reported ballots cast, its place as the container."""
    rows = zip(units.ids, units.places, units.cast.tolist(), strict=True)
    cells = ([", ".join(place), unit, str(ballots)] for unit, place, ballots in rows)
    return raw_csv_bytes(["Container", BATCH, BALLOTS], cells, reader=READER)


def tallies_bytes(units: Units) -> bytes:
    """The batch tallies: votes of each choice on each sheet."""
    names = choice_names(units.contest)
    figures = units.figures[:, :-2].tolist()
    rows = ([unit, *map(str, votes)] for unit, votes in zip(units.ids, figures, strict=True))
    header = [BATCH, *names.values()]
    raw_csv_bytes([], [header], reader=READER)  # refuses a choice's name that a spreadsheet would run
    return raw_csv_bytes(header, rows, reader=READER)


def read_batches(manifest: Path, tallies: Path, contest: Contest) -> Units:
    """Batches with their votes; ballots without a vote in the contest count as blank. Every fault at once."""
    header, rows = table_of_others(manifest)
    wanted = {BATCH, BALLOTS}
    if not wanted <= set(header) or len(set(header)) != len(header):
        raise InputError(
            [Fault(file=str(manifest), row=1, found=", ".join(header)[:200], wanted=f"{BATCH}, {BALLOTS}")]
        )
    at = {name: place for place, name in enumerate(header)}
    places = [tuple(row[at[name]] for name in PLACES if name in at) for row in rows]
    ballots = whole_numbers(manifest, [[_plain(row[at[BALLOTS]])] for row in rows], [BALLOTS])[:, 0]
    names = _batch_names(manifest, [row[at[BATCH]].strip() for row in rows])
    votes, listed = _votes(tallies, contest), set(names)
    faults = [
        Fault(file=str(tallies), column=BATCH, found="no row", wanted=f"batch {name}, which the manifest has")
        for name in names
        if name not in votes
    ]
    faults += [
        Fault(file=str(tallies), column=BATCH, found=name, wanted="a batch of the manifest")
        for name in votes
        if name not in listed
    ]
    over = [
        Fault(file=str(tallies), column=BATCH, found=f"{sum(votes[name])} votes in {name}", wanted=f"at most {number}")
        for name, number in zip(names, ballots.tolist(), strict=True)
        if name in votes and sum(votes[name]) > number
    ]
    if faults or over:
        raise InputError(faults + over)
    figures = np.array([[*votes[name], 0, 0] for name in names], dtype=np.int64)
    figures[:, -2] = ballots - figures.sum(axis=1)
    # Arlo's files know no registered voters: the manifest's ballots are the most that a batch can hold, and bound it.
    return Units(contest=contest, ids=tuple(names), figures=figures, registered=ballots, places=tuple(places))


def choice_names(contest: Contest) -> Mapping[str, str]:
    """The name of each choice as the files have it: its English name, or its id where two share a name."""
    names = {choice.id: choice.name.text.en for choice in contest.choices}
    return names if len(set(names.values())) == len(names) else {choice: choice for choice in names}


def choice_of(contest: Contest, label: str) -> str | None:
    """The id of the choice that a label of a file means: an id, a name, or `contest - name`; None if it means none."""
    plain = label.strip()
    for choice in contest.choices:
        known = {choice.id, *choice.name.text.values()}
        known |= {f"{prefix} - {name}" for prefix in (contest.id, *contest.name.text.values()) for name in known}
        if plain in known:
            return choice.id
    return None


def _votes(path: Path, contest: Contest) -> dict[str, list[int]]:
    header, rows = table_of_others(path)
    columns = {choice_of(contest, label): place for place, label in enumerate(header) if label != BATCH}
    missing = [choice for choice in contest.choice_ids if choice not in columns]
    if BATCH not in header or missing:
        raise InputError(
            [Fault(file=str(path), row=1, found=", ".join(header)[:200], wanted=", ".join([BATCH, *missing]))]
        )
    order = [columns[choice] for choice in contest.choice_ids]
    cells = [[_plain(row[place]) for place in order] for row in rows]
    numbers = whole_numbers(path, cells, contest.choice_ids).tolist()
    names = _batch_names(path, [row[header.index(BATCH)].strip() for row in rows])
    return dict(zip(names, numbers, strict=True))


def _batch_names(path: Path, names: list[str]) -> list[str]:
    seen: set[str] = set()
    for number, name in enumerate(names, start=2):
        if name in seen or not name:
            raise VeedorError(f"{path}, row {number}: batch {name!r} is there twice, or has no name")
        seen.add(name)
    return names


def _plain(cell: str) -> str:
    """A number as people write it: `1,234` is 1234."""
    return cell.strip().replace(",", "")
