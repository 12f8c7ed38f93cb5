"""Reader of NIST SP 1500-100 version 2 election results, JSON and XML: one row of cells for each counted unit.

The cells come as those of a spreadsheet do, so that `layout.columns` names them like the columns of any other file:

- `ObjectId`, `ExternalIdentifier`, `Name`, `Number`, `Type` of the reporting unit; `VotersRegistered`; `CountStatus`;
  `Latitude`, `Longitude`;
- for each kind of place above it one column, called by its Type (`county`) or, for Type `other`, by its OtherType;
- `Contest`, `ContestId`; `Undervotes`, `Overvotes`, `WriteIns`; `BallotsCast`, `BallotsRejected`;
- for each selection of the contest one column under each of its spellings (ObjectId, external identifier, names of the
  candidates or parties, abbreviation) that means no other selection.

What the layout does not name is filled in by `completed`: blank votes are Undervotes, null votes BallotsRejected.
"""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from veedor.election import STATUSES, Column, Contest, Election, Layout, Status
from veedor.errors import Fault, InputError
from veedor.sheets.formats.column_map import plain
from veedor.sheets.formats.rows import ROW, Rows
from veedor.sheets.nist import shape
from veedor.sheets.nist.counts import SelectionCounts, selection_counts, unit_figures
from veedor.sheets.nist.load import load_json, load_xml
from veedor.sheets.nist.references import reference_faults
from veedor.sheets.nist.units import Unit, reporting_units, stations_among

USED = ("GpUnitId", "ComposingGpUnitIds", "CandidateId", "CandidateIds", "PartyIds", "ElectionDistrictId")
"""References that a count rests on; others may dangle without changing a figure."""

MOST_CELLS = 40_000_000
"""Units times the columns that can be named of them."""

STATUS_WORDS: dict[str, Status] = {
    "completed": "counted",
    "in-process": "observed",
    "unknown": "observed",
    "not-processed": "pending",
}
"""CountItemStatus -> our status, where the layout has no `status` of its own."""


def read_nist(data: bytes, file: str, election: Election, contest: Contest, layout: Layout) -> tuple[Rows, Layout]:
    """The cells of the contest's counted units, and the layout with what it leaves out filled in.

    The row of a unit, in faults too, is its place among the report's GpUnits, counted from 1.
    Raises InputError where the report as a whole cannot be read.
    """
    load: Callable[[bytes, str], shape.Report] = load_xml if layout.format == "nist-xml" else load_json
    report = load(data, file)
    broken = [
        fault
        for fault in reference_faults(report, file)
        if fault.found.startswith("the id ") or (fault.column or "").rpartition(".")[2] in USED
    ]
    if broken:
        raise InputError(broken)
    try:
        told, elections = _contest_among(report, file, contest, layout)
        return _rows(report, told, elections, file, election, contest, layout)
    except (AttributeError, TypeError, KeyError) as problem:
        # A list where an object belongs, or the like: the schema names the very place, we only that there is one.
        fault = Fault(file=file, found=f"objects of another shape ({problem})", wanted="a report valid by its schema")
        raise InputError([fault]) from problem


def _rows(
    report: shape.Report,
    told: shape.Contest,
    around: shape.Election,
    file: str,
    election: Election,
    contest: Contest,
    layout: Layout,
) -> tuple[Rows, Layout]:
    units = reporting_units(report)
    faults: list[Fault] = []
    selections = selection_counts(told, around, report, units, file, faults)
    # A small file can name many selections and many units: their product is looked at before memory is taken for it.
    if len(selections) * len(units) > MOST_CELLS:
        raise TypeError(f"{len(selections)} selections and {len(units)} units")
    stations, unclear = stations_among(units, selections, file, _dropped_types(layout))
    faults += unclear
    kinds, names = _place_kinds(stations), {name for selection in selections for name in selection.names}
    if (len(kinds) + len(names)) * len(stations) > MOST_CELLS:
        raise TypeError(f"{len(kinds)} kinds of places and {len(names)} names of choices for {len(stations)} units")
    cells: dict[str, list[str | None]] = _unit_cells(stations)
    cells |= {plain(name): [unit.above.get(name) for unit in stations] for name in kinds}
    cells["Contest"] = [str(told.get("Name", ""))] * len(stations)
    cells["ContestId"] = [str(told["@id"])] * len(stations)
    for name, figures in unit_figures(told, around, units, file, faults).items():
        cells[name] = [figures.get(unit.id) for unit in stations]
    spellings = _spellings(selections, cells)
    for name, selection in spellings.items():
        cells[name] = [selection.votes.get(unit.id) for unit in stations]
    filled = completed(layout, election, contest, cells)
    _carried(selections, spellings, filled, contest, file)
    frame = pl.DataFrame({name: pl.Series(values, dtype=pl.String) for name, values in cells.items()})
    frame = frame.with_columns(pl.Series(ROW, [unit.row for unit in stations], dtype=pl.UInt32))
    bad = {fault.row for fault in faults}
    return Rows(file=file, cells=frame.filter(~pl.col(ROW).is_in(list(bad))), faults=tuple(faults)), filled


def _contest_among(
    report: shape.Report, file: str, contest: Contest, layout: Layout
) -> tuple[shape.Contest, shape.Election]:
    """The contest in the report that the definition means, and the election that holds it."""
    known = [(told, around) for around in report.get("Election", ()) for told in around.get("Contest", ())]
    if layout.contest is not None and contest.id in layout.contest.values:
        wanted = {plain(label) for label in layout.contest.values[contest.id]}
        key = {"Contest": "Name", "ContestId": "@id"}.get(layout.contest.column[0], "@id")
        meant = [(told, around) for told, around in known if plain(str(told.get(key, ""))) in wanted]
    else:
        names = {name.casefold() for name in (contest.id, contest.name.en, contest.name.es) if name}
        meant = [(told, around) for told, around in known if names & _contest_names(told)]
        if not meant and len(known) == 1:
            meant = known
    if len(meant) != 1:
        listed = "; ".join(f"{told.get('Name')} ({told.get('@id')})" for told, _ in known[:20])
        raise InputError(
            [
                Fault(
                    file=file,
                    column=f"contest {contest.id}",
                    found=f"{len(meant)} of the contests {listed or '(none)'}",
                    wanted="one",
                    remedy='name it in the layout: contest = { column = "ContestId", values = { '
                    + f'{contest.id} = "..." }} }}',
                )
            ]
        )
    return meant[0]


def _contest_names(told: shape.Contest) -> set[str]:
    names: list[object] = [told.get("@id"), told.get("Name"), told.get("Abbreviation")]
    names += [identifier.get("Value") for identifier in told.get("ExternalIdentifier", ())]
    return {str(name).casefold() for name in names if name}


def _dropped_types(layout: Layout) -> frozenset[str]:
    """Kinds of units whose rows the layout drops: they need not agree with the stations' sums."""
    return frozenset(label for rule in layout.drop if rule.column == "Type" for label in rule.is_)


def _unit_cells(stations: list[Unit]) -> dict[str, list[str | None]]:
    return {
        "ObjectId": [unit.id for unit in stations],
        "ExternalIdentifier": [unit.external for unit in stations],
        "Name": [unit.name for unit in stations],
        "Number": [unit.number for unit in stations],
        "Type": [unit.kind for unit in stations],
        "VotersRegistered": [unit.registered for unit in stations],
        "CountStatus": [unit.status for unit in stations],
        "Latitude": [unit.latitude for unit in stations],
        "Longitude": [unit.longitude for unit in stations],
    }


def _place_kinds(stations: list[Unit]) -> list[str]:
    return list(dict.fromkeys(kind for unit in stations for kind in unit.above))


def _spellings(selections: list[SelectionCounts], taken: Mapping[str, object]) -> dict[str, SelectionCounts]:
    """Every spelling that means one selection only and is no other column."""
    meant: dict[str, list[SelectionCounts]] = {}
    for selection in selections:
        for name in dict.fromkeys(map(plain, selection.names)):
            meant.setdefault(name, []).append(selection)
    return {name: found[0] for name, found in meant.items() if len(found) == 1 and name not in taken}


def completed(layout: Layout, election: Election, contest: Contest, cells: Mapping[str, list[str | None]]) -> Layout:
    """The layout with columns for what it does not name, where the report has them.

    Choices are found by their id, name or party among the selections' spellings, levels by the kind of place.
    """
    columns = layout.columns
    found: dict[str, Any] = {}
    if not columns.votes:
        by_fold = {name.casefold(): name for name in reversed(list(cells))}
        votes: dict[str, Column] = {}
        for choice in contest.choices:
            names = [choice.id, choice.name.en, choice.name.es, choice.party]
            label = next((by_fold[name.casefold()] for name in names if name and name.casefold() in by_fold), None)
            votes[choice.id] = Column(names=(label or choice.id,))
        found["votes"] = votes
    if not columns.levels:
        found["levels"] = {level: Column(names=(level,)) for level in election.level_ids if level in cells}
    standard = {"registered": "VotersRegistered", "blank": "Undervotes", "null": "BallotsRejected"}
    standard |= {"status": "CountStatus", "latitude": "Latitude", "longitude": "Longitude"}
    for target, name in standard.items():
        if getattr(columns, target) is None and any(cell is not None for cell in cells[name]):
            found[target] = Column(names=(name,))
    status = layout.status or {**STATUS_WORDS, **{word: word for word in STATUSES}}
    return layout.model_copy(update={"columns": columns.model_copy(update=found), "status": status})


def _carried(
    selections: list[SelectionCounts],
    spellings: Mapping[str, SelectionCounts],
    layout: Layout,
    contest: Contest,
    file: str,
) -> None:
    """No selection with votes may go uncounted because no choice carries it."""
    named = {
        plain(name)
        for choice in contest.choice_ids
        if choice in layout.columns.votes
        for name in (*layout.columns.votes[choice].names, *layout.columns.votes[choice].sum)
    }
    carried = {id(spellings[name]) for name in named if name in spellings}
    faults = [
        Fault(
            file=file,
            column=selection.id,
            found=f"{selection.total} votes for {selection.names[0]!r}, which no choice carries",
            wanted="a choice for every selection with votes",
            remedy="add it to the contest's choices, or to a choice's `sum` in columns.votes",
        )
        for selection in selections
        if id(selection) not in carried and selection.total
    ]
    if faults:
        raise InputError(faults)
