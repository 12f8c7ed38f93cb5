"""Duplicate stations: a station that one snapshot lists twice."""

import polars as pl

from veedor.checks.inputs import CheckInputs, as_items
from veedor.checks.texts import TEXTS
from veedor.document import Json
from veedor.election import Count
from veedor.errors import Fault
from veedor.finding import Finding, Text, Verdict
from veedor.sheets import Series, ballots_cast
from veedor.sheets.spellings import clashes
from veedor.wording import number

NAME = "duplicate_stations"


def check(inputs: CheckInputs) -> list[Finding]:
    """One finding for each count, over all its snapshots and the rows that were left out."""
    return [_finding(inputs, count) for count in inputs.counts]


def repeated(series: Series) -> pl.DataFrame:
    """Rows beyond the first that one snapshot gives for the same station, with `rows` (how many it gives in all)."""
    within = ["snapshot", "station"]
    once = pl.struct(within).is_first_distinct()
    if not series.changes.select(pl.struct(within).is_duplicated().any()).item():
        return series.changes.head(0).with_columns(pl.lit(0, dtype=pl.UInt32).alias("rows"))
    rows = series.changes.with_columns(pl.len().over(within).alias("rows"))
    return rows.filter(~once).sort("rows", "snapshot", "station", descending=[True, False, False])


def left_out_twice(faults: tuple[Fault, ...]) -> list[Fault]:
    """Rows that the reader left out because their station has another row in the same state."""
    return [fault for fault in faults if fault.column == "station" and fault.wanted.startswith("each station once")]


def _left_out_item(fault: Fault) -> dict[str, Json]:
    station = fault.found.removeprefix("station ").rpartition(" again")[0]
    return {"station": station, "file": fault.file, "row": fault.row, "found": fault.found, "left_out": True}


def _spellings(inputs: CheckInputs) -> list[Fault]:
    """Stations that the files of all counts write with different characters, and that are read as one."""
    return clashes(series.spellings for series in inputs.series.values())


def _with_spellings(summary: Text, spellings: list[Fault]) -> Text:
    """The summary, and that some stations are written in two ways, with the places of the first."""
    if not spellings:
        return summary
    n, first = number(len(spellings)), spellings[0]
    return TEXTS.say(
        "duplicates.with_spellings", summary=summary, n=n, file=first.file, row=str(first.row), found=first.found
    )


def _finding(inputs: CheckInputs, count: Count) -> Finding:
    series = inputs.series[count.id]
    spellings = _spellings(inputs) if count == inputs.counts[0] else []
    rows, faults = repeated(series), left_out_twice(series.left_out)
    rows = rows.with_columns(ballots_cast(inputs.contest).alias("ballots"))
    looked_at = series.changes.height + sum(fault.row is not None for fault in series.left_out)
    found = rows.height + len(faults)
    items: list[dict[str, Json]] = as_items(
        inputs, rows, ["station", "snapshot", "rows", pl.col("ballots").alias("cast")]
    )
    items += [_left_out_item(fault) for fault in faults]
    stations = {*rows["station"], *(_left_out_item(fault)["station"] for fault in faults)}
    called, looked, n, out = count.name.text, number(looked_at), number(found), number(len(faults))
    summary = TEXTS.say("duplicates.summary", called=called, n=n, looked=looked, out=out)
    summary = _with_spellings(summary, spellings)
    verdict = Verdict.UNDECIDED if not looked_at else Verdict.DOES_NOT_HOLD if found else Verdict.HOLDS
    return Finding(
        check=NAME,
        title=TEXTS.say("duplicates.title"),
        verdict=verdict,
        looked_at=looked_at,
        unit=TEXTS.say("unit.sheets"),
        expected=TEXTS.say("duplicates.expected"),
        found=found,
        summary=summary,
        cannot_show=TEXTS.say("duplicates.cannot_show"),
        other_explanations=TEXTS.say("duplicates.other_explanations"),
        command=inputs.command(NAME),
        effect={
            "count": count.id,
            "stations": len(stations),
            "votes": int(rows["ballots"].sum()),
            "left_out": len(faults),
            **({"spellings": list(map(str, spellings[: inputs.items]))} if spellings else {}),
        },
        items=items if inputs.items is None else items[: inputs.items],
        items_total=len(items) if inputs.items is None else found,
    )
