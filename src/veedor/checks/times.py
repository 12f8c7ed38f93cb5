"""Times that cannot be: before election day, after the state that holds the sheet, or changed from state to state."""

import datetime as dt

import polars as pl

from veedor.checks.inputs import CheckInputs, as_items
from veedor.checks.texts import TEXTS
from veedor.document import Json
from veedor.election import Count
from veedor.finding import Finding, Text, Verdict
from veedor.sheets import Series, ballots_cast
from veedor.sheets.publications import assumed_time
from veedor.wording import number

NAME = "impossible_times"
BEFORE_DAY, AFTER_STATE, CHANGED = "before_election_day", "after_snapshot", "arrival_changed"


def check(inputs: CheckInputs) -> list[Finding]:
    """One finding for each count."""
    return [_finding(inputs, count) for count in inputs.counts]


def impossible(series: Series, day: dt.datetime | None) -> pl.DataFrame:
    """Rows whose time of arrival cannot be, with `why`; one sheet can be in it for several reasons.

    day: when election day begins in the election's zone, None where the definition does not know it. A row is judged at
    the publication that made it, if that states its time: one that does not only seems to be of the end of that day.
    """
    rows = series.changes.filter(pl.col("arrived").is_not_null() & (pl.col("change") != "withdrawn"))
    before = pl.lit(value=False) if day is None else pl.col("arrived") < day
    early = rows.filter(before).with_columns(pl.lit(BEFORE_DAY).alias("why"))
    stated = pl.col("snapshot").is_in(_stated(series))
    late = rows.filter((pl.col("arrived") > pl.col("snapshot")) & stated)
    late = late.with_columns(pl.lit(AFTER_STATE).alias("why"))
    moved = _moved(rows).with_columns(pl.lit(CHANGED).alias("why"))
    found = pl.concat([early, late, moved.select(early.columns)]).unique(
        ["station", "why"], keep="first", maintain_order=True
    )
    return found.sort("why", "snapshot", "station")


def _moved(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows that give another time of arrival than the row before of the same sheet."""
    several = rows.filter(pl.len().over("station") > 1).sort("station", "snapshot", maintain_order=True)
    same = pl.col("station") == pl.col("station").shift(1)
    return several.filter(same & (pl.col("arrived") != pl.col("arrived").shift(1)))


def _stated(series: Series) -> list[dt.datetime]:
    """The snapshots whose time their source states."""
    assumed = assumed_time(series.election, series.count)
    zone = series.election.zone
    return [when.astimezone(zone) for when in series.snapshots if when != assumed]


def impossible_states(series: Series, day: dt.datetime | None) -> list[dict[str, Json]]:
    """Snapshots from before election day, or not later than the one before them."""
    found: list[dict[str, Json]] = []
    previous: dt.datetime | None = None
    for when in series.snapshots:
        shown = when.astimezone(series.election.zone).isoformat()
        if day is not None and when < day:
            found.append({"snapshot": shown, "why": "state_before_election_day"})
        if previous is not None and when <= previous:
            found.append({"snapshot": shown, "why": "state_not_after_the_one_before"})
        previous = when
    return found


def _finding(inputs: CheckInputs, count: Count) -> Finding:
    series = inputs.series[count.id]
    election = inputs.election
    day = dt.datetime.combine(election.date, dt.time(), tzinfo=election.zone) if election.date_known else None
    stated = len(_stated(series))
    rows = impossible(series, day).with_columns(ballots_cast(inputs.contest).alias("ballots"))
    states = impossible_states(series, day)
    timed = series.changes.filter(pl.col("arrived").is_not_null())["station"].n_unique()
    comparable = day is not None or bool(stated) or len(series.snapshots) > 1
    looked_at = timed + len(series.snapshots) if comparable else 0
    items = states + as_items(inputs, rows, ["station", "why", "arrived", "snapshot"])
    sheets = rows["station"].n_unique()
    found = sheets + len(states)
    reasons = {why: rows.filter(pl.col("why") == why).height for why in (BEFORE_DAY, AFTER_STATE, CHANGED)}
    return Finding(
        check=NAME,
        title=TEXTS.say("times.title"),
        verdict=Verdict.UNDECIDED if not looked_at else Verdict.DOES_NOT_HOLD if found else Verdict.HOLDS,
        looked_at=looked_at,
        unit=TEXTS.say("times.unit"),
        expected=TEXTS.say("times.expected"),
        found=found,
        summary=_summary(count, timed, len(series.snapshots), sheets, len(states))
        if looked_at
        else TEXTS.say("times.unknown", called=count.name.text),
        cannot_show=TEXTS.say("times.cannot_show"),
        other_explanations=TEXTS.say("times.other_explanations"),
        command=inputs.command(NAME),
        effect={
            "count": count.id,
            "stations": sheets,
            "votes": int(rows.unique("station")["ballots"].sum()),
            "states": len(states),
            "sheets_with_time": timed,
            **reasons,
        },
        items=items if inputs.items is None else items[: inputs.items],
        items_total=rows.height + len(states),
    )


def _summary(count: Count, timed: int, states: int, sheets: int, bad_states: int) -> Text:
    called = count.name.text
    looked, shown, n, bad = (number(value) for value in (timed, states, sheets, bad_states))
    if not timed:
        return TEXTS.say("times.no_times", called=called, bad=bad, shown=shown)
    return TEXTS.say("times.summary", called=called, n=n, looked=looked, bad=bad, shown=shown)
