"""Revisions in a series: sheets whose figures change, and sheets withdrawn and returned, between publications."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from veedor.checks.inputs import CheckInputs, as_items, figures, one_side_absent, place_levels, with_those_of_one_side
from veedor.checks.texts import TEXTS
from veedor.document import Json
from veedor.election import Contest, Count
from veedor.finding import Finding, Text, Verdict
from veedor.sheets import Series, in_totals, vote_columns
from veedor.wording import moment, number

NAME = "revisions"
BEFORE = " before"
KINDS = ("revised", "withdrawn", "returned", "status")


@dataclass(frozen=True, kw_only=True)
class Events:
    """Changes of sheets after their first publication.

    table: one row for each event, in order of publication: `event` (one of KINDS), the figures as published, the
      ones before with BEFORE, `<figure> change` in the totals, `moved` (sum of absolute changes), `other_figures`.
    other_revisions: changes of other cells only (a name, a coordinate), which are not events.
    """

    table: pl.DataFrame
    other_revisions: int


def check(inputs: CheckInputs) -> list[Finding]:
    """One finding for each count."""
    return [_finding(inputs, count) for count in inputs.counts]


def events_of(series: Series, contest: Contest) -> Events:
    """Every revision, withdrawal, return and change of status in a series."""
    names = [*vote_columns(contest), "blank", "null"]
    known = ["registered", *names]
    rows = series.changes.filter(pl.len().over("station") > 1).sort("station", "snapshot", maintain_order=True)
    counts = (in_totals() & (pl.col("change") != "withdrawn")).alias("counts")
    rows = rows.with_columns(counts)
    before = [pl.col(name).shift(1).alias(name + BEFORE) for name in ("station", "counts", "change", *known)]
    rows = rows.with_columns(*before).filter(pl.col("station") == pl.col("station" + BEFORE))
    other = pl.any_horizontal(*(pl.col(name).ne_missing(pl.col(name + BEFORE)) for name in known))
    event = (
        pl.when(pl.col("change") == "withdrawn")
        .then(pl.lit("withdrawn"))
        .when(pl.col("change") == "added")
        .then(pl.lit("returned"))
        .when(other)
        .then(pl.lit("revised"))
        .when(pl.col("counts") != pl.col("counts" + BEFORE))
        .then(pl.lit("status"))
    )
    rows = rows.with_columns(event.alias("event"), other.alias("other_figures"))
    change = [(_if(name, "counts") - _if(name + BEFORE, "counts" + BEFORE)).alias(f"{name} change") for name in names]
    moved = pl.sum_horizontal(*(pl.col(f"{name} change").abs() for name in names)).alias("moved")
    rows = rows.with_columns(*change).with_columns(moved)
    table = rows.filter(pl.col("event").is_not_null()).sort("snapshot", "station")
    return Events(table=table, other_revisions=rows.height - table.height)


def _if(name: str, condition: str) -> pl.Expr:
    return pl.when(condition).then(pl.col(name).fill_null(0)).otherwise(0)


def totals_down(series: Series, events: Events, contest: Contest) -> list[dict[str, Json]]:
    """Snapshots at which a total is lower than in the one before: snapshot, figure, votes (negative)."""
    names = [*vote_columns(contest), "blank", "null"]
    keys = [*contest.choice_ids, "blank", "null"]
    new = series.changes.filter((pl.col("change") == "added") & in_totals())
    gained = new.group_by("snapshot").agg(pl.col(name).sum().alias(f"{name} change") for name in names)
    moved = events.table.filter(pl.col("event") != "returned").select(gained.columns)
    by_snapshot = pl.concat([gained, moved]).group_by("snapshot").agg(pl.all().sum()).sort("snapshot")
    long = by_snapshot.select(
        "snapshot", *(pl.col(f"{name} change").alias(key) for key, name in zip(keys, names, strict=True))
    )
    down = long.unpivot(index="snapshot", variable_name="figure", value_name="votes").filter(pl.col("votes") < 0)
    rows = down.sort("snapshot", "figure").iter_rows()
    return [{"snapshot": when.isoformat(), "figure": figure, "votes": votes} for when, figure, votes in rows]


def concentration(series: Series, events: Events, levels: list[str]) -> list[dict[str, Json]]:
    """For each level, the place with the most events: its share of all events and of all sheets."""
    if events.table.height < 2:
        return []
    sheets = series.changes.unique("station", keep="last")
    found = []
    for depth, level in enumerate(levels, start=1):
        path = levels[:depth]
        names = [pl.col(name).cast(pl.String) for name in path]
        most = events.table.group_by(path).agg(pl.len().alias("events")).with_columns(names)
        top = most.sort("events", *path, descending=[True, *(False for _ in path)]).row(0, named=True)
        here = pl.all_horizontal(*(pl.col(name).cast(pl.String).eq_missing(top[name]) for name in path))
        there = int(sheets.select(here.sum()).item())
        found.append(
            {
                "level": level,
                "place": {name: top[name] for name in path},
                "events": top["events"],
                "sheets": there,
                "share_of_events": top["events"] / events.table.height,
                "share_of_sheets": there / sheets.height,
            }
        )
    return found


def _effect(inputs: CheckInputs, series: Series, events: Events) -> dict[str, Any]:
    contest, table = inputs.contest, events.table
    names = [*vote_columns(contest), "blank", "null"]
    keys = [*contest.choice_ids, "blank", "null"]
    kinds = {kind: table.filter(pl.col("event") == kind) for kind in KINDS}
    changes = table.select(pl.col(f"{name} change").alias(key) for key, name in zip(keys, names, strict=True))
    revised = kinds["revised"].select(
        pl.col(f"{name} change").alias(key) for key, name in zip(keys, names, strict=True)
    )
    last = table.filter(pl.col("event").is_in(["withdrawn", "returned"])).unique(
        "station", keep="last", maintain_order=True
    )
    returned = kinds["returned"]
    return {
        "count": series.count.id,
        "snapshots": len(series.snapshots),
        "stations": table["station"].n_unique(),
        "votes": int(table["moved"].sum()),
        "revised": kinds["revised"].height,
        "revised_sheets": kinds["revised"]["station"].n_unique(),
        "withdrawn": kinds["withdrawn"].height,
        "withdrawn_sheets": kinds["withdrawn"]["station"].n_unique(),
        "returned": returned.height,
        "returned_with_other_figures": returned.filter(pl.col("other_figures")).height,
        "still_withdrawn": last.filter(pl.col("event") == "withdrawn").height,
        "status_changes": kinds["status"].height,
        "other_revisions": events.other_revisions,
        "left_out": len(series.left_out),
        "not_comparable": one_side_absent(kinds["revised"].filter("counts", "counts" + BEFORE), names, BEFORE),
        "net": {key: int(changes[key].sum()) for key in keys},
        "votes_down": {key: int(revised[key].filter(revised[key] < 0).sum()) for key in keys},
        "totals_down": totals_down(series, events, contest),
        "concentration": concentration(series, events, place_levels(inputs.election, series.changes)),
    }


def _finding(inputs: CheckInputs, count: Count) -> Finding:
    series = inputs.series[count.id]
    several, apart = len(series.snapshots) > 1, _apart(series)
    looked_at = series.changes["station"].n_unique() if several and apart is None else 0
    events = events_of(series, inputs.contest)
    if apart is not None:
        events = Events(table=events.table.head(0), other_revisions=0)
    effect = _effect(inputs, series, events)
    worst = events.table.sort("moved", "snapshot", "station", descending=[True, False, False])
    difference = figures(inputs.contest, suffix=" change").alias("difference")
    return Finding(
        check=NAME,
        title=TEXTS.say("revisions.title"),
        verdict=Verdict.UNDECIDED if not looked_at else Verdict.DOES_NOT_HOLD if worst.height else Verdict.HOLDS,
        looked_at=looked_at,
        unit=TEXTS.say("unit.sheets"),
        expected=TEXTS.say("revisions.expected"),
        found=effect["stations"],
        summary=apart or _summary(count, effect, looked_at),
        cannot_show=TEXTS.say("revisions.cannot_show"),
        other_explanations=TEXTS.say("revisions.other_explanations"),
        command=inputs.command(NAME),
        effect=effect,
        items=as_items(inputs, worst, ["station", "snapshot", pl.col("event").alias("change"), "moved", difference]),
        items_total=worst.height,
    )


def _apart(series: Series) -> Text | None:
    """That two states that follow one another have no station in common, as a question; None where all have some."""
    numbers = series.changes.group_by("snapshot").agg(
        (pl.col("change") == "added").sum().alias("added"), (pl.col("change") == "withdrawn").sum().alias("withdrawn")
    )
    by_snapshot = {when: (added, gone) for when, added, gone in numbers.iter_rows()}
    size = 0
    for before, when in zip([None, *series.snapshots], series.snapshots, strict=False):
        added, gone = by_snapshot.get(when, (0, 0))
        if before is not None and size and added and gone == size:
            zone = series.election.zone
            called = series.count.name.text
            return TEXTS.say("apart.states", called=called, before=moment(before, zone), after=moment(when, zone))
        size += added - gone
    return None


def _summary(count: Count, effect: dict[str, Any], looked_at: int) -> Text:
    called = count.name.text
    if not looked_at:
        return TEXTS.say("revisions.one_state", called=called)
    looked, states = number(looked_at), number(effect["snapshots"])
    keys = ("revised_sheets", "withdrawn_sheets", "returned", "still_withdrawn")
    revised, withdrawn, returned, gone = (number(effect[key]) for key in keys)
    said = TEXTS.say(
        "revisions.summary",
        called=called,
        states=states,
        looked=looked,
        revised=revised,
        withdrawn=withdrawn,
        returned=returned,
        gone=gone,
    )
    said = with_those_of_one_side(said, effect["not_comparable"])
    if effect["totals_down"]:
        said += TEXTS.say("revisions.totals_down", lower=number(len(effect["totals_down"])))
    return said
