"""Missing sheets: stations known from another count or an earlier snapshot that a state does not have, by place."""

from collections.abc import Mapping

import polars as pl

from veedor.checks.inputs import CheckInputs, Side, as_items, place_levels
from veedor.checks.texts import TEXTS
from veedor.document import Json
from veedor.election import Count
from veedor.finding import Finding, Text, Verdict
from veedor.sheets import ballots_cast, columns_absent
from veedor.wording import number

NAME = "missing_sheets"
STATIONS_SHOWN = 20
"""How many stations an item names; `missing` counts them."""


def check(inputs: CheckInputs) -> list[Finding]:
    """One finding for the last state of each count, and for its state before each known interruption."""
    known = inputs.universe
    return [_finding(inputs, side, known) for side in _sides(inputs)]


def _sides(inputs: CheckInputs) -> list[Side]:
    if inputs.start is not None and inputs.end is not None:
        return [inputs.start, inputs.end]
    last = [inputs.last(count) for count in inputs.counts]
    return list(dict.fromkeys([*last, *inputs.before_interruptions()]))


def by_place(known: pl.DataFrame, missing: pl.DataFrame, levels: list[str]) -> pl.DataFrame:
    """Places with missing stations, most missing voters first.

    Columns: the levels, `stations` (known), `missing`, `registered` (voters at the missing ones), `entirely` (whether
    all are missing), `missing_stations` (the first STATIONS_SHOWN of them).
    """
    marked = known.join(missing.select("station", pl.lit(True).alias("gone")), on="station", how="left")
    marked = marked.with_columns(pl.col("gone").fill_null(False))
    gone = pl.col("gone")
    places = marked.group_by(levels).agg(
        pl.len().alias("stations"),
        gone.sum().alias("missing"),
        pl.col("registered").filter(gone).sum().alias("registered"),
        gone.all().alias("entirely"),
        pl.col("station").filter(gone).sort().head(STATIONS_SHOWN).alias("missing_stations"),
    )
    places = places.filter(pl.col("missing") > 0)
    order = pl.concat_list("missing_stations").list.first()
    return places.sort("registered", "missing", order, descending=[True, True, False])


def _levels_effect(known: pl.DataFrame, missing: pl.DataFrame, levels: list[str]) -> dict[str, Json]:
    effect: dict[str, Json] = {}
    for depth, level in enumerate(levels, start=1):
        path = levels[:depth]
        known_places = known.group_by(path).agg(pl.len().alias("stations"))
        missing_places = missing.group_by(path).agg(pl.len().alias("missing"))
        both = known_places.join(missing_places, on=path, how="inner", nulls_equal=True)
        effect[level] = {
            "places": known_places.height,
            "with_missing": both.height,
            "entirely_missing": both.filter(pl.col("missing") == pl.col("stations")).height,
        }
    return effect


def _expected(inputs: CheckInputs, side: Side, known: pl.DataFrame) -> int:
    """Stations that the definition expects beyond those that any file names."""
    count: Count = inputs.series[side.count].count
    return max(0, (count.expected_sheets or 0) - known.height)


def _can_tell(inputs: CheckInputs, side: Side, apart: Mapping[str, Text]) -> bool:
    """True if anything besides this one state says which stations there are. apart: counts that name others."""
    several = len(inputs.series) > 1 + len(apart) or len(inputs.series[side.count].snapshots) > 1
    return several or inputs.series[side.count].count.expected_sheets is not None


def _apart(inputs: CheckInputs, side: Side) -> dict[str, Text]:
    """Counts that have no station in common with this state, and the question that this raises."""
    others = {count.id: inputs.apart((side, inputs.last(count))) for count in inputs.counts if count.id != side.count}
    return {name: question for name, question in others.items() if question is not None}


def _finding(inputs: CheckInputs, side: Side, known: pl.DataFrame) -> Finding:
    table = inputs.table(side)
    apart = _apart(inputs, side)
    for name in apart:  # their stations may be these, under other identifiers
        known = known.join(
            inputs.series[name].changes.select("station"), on="station", how="anti", maintain_order="left"
        )
    missing = known.join(table.select("station"), on="station", how="anti", maintain_order="left")
    unnamed = _expected(inputs, side, known)
    beyond = _beyond(inputs, side)
    more = [TEXTS.say("missing_sheets.beyond", n=number(beyond), of=number(table.height))] if beyond else []
    out = table.height - inputs.counted(side).height
    more += [TEXTS.plural("missing_sheets.out", out)] if out else []
    absent = _figures_absent(inputs, known, missing)
    more += [TEXTS.plural("missing_sheets.absent", absent)] if absent else []
    levels = place_levels(inputs.election, known) or ["station"]
    places = by_place(known, missing, levels)
    looked_at = known.height + unnamed if _can_tell(inputs, side, apart) else 0
    found = missing.height + unnamed if looked_at else 0
    voters = int(missing["registered"].sum())
    ballots = int(missing.select(ballots_cast(inputs.contest).sum()).item() or 0)
    entirely = int(places["entirely"].sum())
    effect = {
        **inputs.where(side),
        "stations": found,
        "registered": voters,
        "votes": ballots,
        **({"figures_absent": absent} if absent else {}),
        "not_named_anywhere": unnamed,
        **({"more_than_expected": beyond} if beyond else {}),
        **({"apart": list(apart)} if apart else {}),
        "left_out": len(inputs.series[side.count].left_out),
        "not_in_totals": out,
        "places_entirely_missing": entirely,
        "places": _levels_effect(known, missing, levels) if levels != ["station"] else {},
    }
    columns = ["stations", "missing", "registered", "entirely", "missing_stations"]
    return Finding(
        check=NAME,
        title=TEXTS.say("missing_sheets.title"),
        verdict=Verdict.UNDECIDED if not looked_at else Verdict.DOES_NOT_HOLD if found else Verdict.HOLDS,
        looked_at=looked_at,
        unit=TEXTS.say("unit.stations"),
        expected=TEXTS.say("missing_sheets.expected"),
        found=found,
        summary=_with_questions(
            _summary(inputs, side, looked_at, found, (voters, ballots, entirely)), [*apart.values(), *more]
        ),
        cannot_show=TEXTS.say("missing_sheets.cannot_show"),
        other_explanations=TEXTS.say("missing_sheets.other_explanations"),
        command=inputs.command(NAME),
        effect=effect,
        items=as_items(inputs, places, columns),
        items_total=places.height,
    )


def _figures_absent(inputs: CheckInputs, known: pl.DataFrame, missing: pl.DataFrame) -> int:
    """Figures that the other sources lack of the missing sheets: their ballots are those stated, at least."""
    return sum(missing[name].null_count() for name in columns_absent(known, inputs.contest))


def _beyond(inputs: CheckInputs, side: Side) -> int:
    """Stations of the state beyond the number that the definition expects."""
    expected = inputs.series[side.count].count.expected_sheets
    return 0 if expected is None else max(0, inputs.table(side).height - expected)


def _with_questions(summary: Text, questions: list[Text]) -> Text:
    """The summary, and what must be answered before it can be relied on."""
    return Text.join(" ", [summary, *questions]) if questions else summary


def _summary(inputs: CheckInputs, side: Side, looked_at: int, found: int, sizes: tuple[int, int, int]) -> Text:
    called = inputs.called(side)
    if not looked_at:
        return TEXTS.say("missing_sheets.no_other", called=called)
    looked, n, places = number(looked_at), number(found), number(sizes[2])
    voters, votes = TEXTS.plural("amount.voters", sizes[0]), TEXTS.plural("amount.ballots", sizes[1])
    return TEXTS.say(
        "missing_sheets.summary", called=called, n=n, looked=looked, voters=voters, votes=votes, places=places
    )
