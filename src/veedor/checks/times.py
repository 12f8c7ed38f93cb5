"""Times that cannot be: before election day, after the state that holds the sheet, or changed from state to state."""

import datetime as dt

import polars as pl

from veedor.checks.inputs import CheckInputs, as_items
from veedor.checks.texts import TEXTS
from veedor.document import Json
from veedor.election import Count
from veedor.finding import Finding, Text, Verdict
from veedor.sheets import Series, ballots_cast
from veedor.wording import number

NAME = "impossible_times"
BEFORE_DAY, AFTER_STATE, CHANGED = "before_election_day", "after_snapshot", "arrival_changed"


def check(inputs: CheckInputs) -> list[Finding]:
    """One finding for each count."""
    return [_finding(inputs, count) for count in inputs.counts]


def impossible(series: Series, day: dt.datetime) -> pl.DataFrame:
    """Rows whose time of arrival cannot be, with `why`; one sheet can be in it for several reasons.

    day: when election day begins in the election's zone. A row is judged at the publication that made it.
    """
    rows = series.changes.filter(pl.col("arrived").is_not_null() & (pl.col("change") != "withdrawn"))
    early = rows.filter(pl.col("arrived") < day).with_columns(pl.lit(BEFORE_DAY).alias("why"))
    late = rows.filter(pl.col("arrived") > pl.col("snapshot")).with_columns(pl.lit(AFTER_STATE).alias("why"))
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


def impossible_states(series: Series, day: dt.datetime) -> list[dict[str, Json]]:
    """Snapshots from before election day, or not later than the one before them."""
    found: list[dict[str, Json]] = []
    previous: dt.datetime | None = None
    for when in series.snapshots:
        shown = when.astimezone(series.election.zone).isoformat()
        if when < day:
            found.append({"snapshot": shown, "why": "state_before_election_day"})
        if previous is not None and when <= previous:
            found.append({"snapshot": shown, "why": "state_not_after_the_one_before"})
        previous = when
    return found


def _finding(inputs: CheckInputs, count: Count) -> Finding:
    series = inputs.series[count.id]
    day = dt.datetime.combine(inputs.election.date, dt.time(), tzinfo=inputs.election.zone)
    rows = impossible(series, day).with_columns(ballots_cast(inputs.contest).alias("ballots"))
    states = impossible_states(series, day)
    timed = series.changes.filter(pl.col("arrived").is_not_null())["station"].n_unique()
    looked_at = timed + len(series.snapshots)
    items = states + as_items(inputs, rows, ["station", "why", "arrived", "snapshot"])
    sheets = rows["station"].n_unique()
    found = sheets + len(states)
    reasons = {why: rows.filter(pl.col("why") == why).height for why in (BEFORE_DAY, AFTER_STATE, CHANGED)}
    return Finding(
        check=NAME,
        title=TEXTS.say("times.title"),
        verdict=Verdict.DOES_NOT_HOLD if found else Verdict.HOLDS,
        looked_at=looked_at,
        unit=TEXTS.say("times.unit"),
        expected=TEXTS.say("times.expected"),
        found=found,
        summary=_summary(count, timed, len(series.snapshots), sheets, len(states)),
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
