"""Stations of a place: gaps in their numbers, and how many there are against their registered voters."""

import itertools

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veedor.checks.inputs import CheckInputs, as_items, place_levels, without_the_places
from veedor.checks.texts import TEXTS
from veedor.document import Json
from veedor.finding import Finding, Text, Verdict
from veedor.wording import number

NUMBERS = "station_numbers"
PER_PLACE = "stations_per_place"
IN_A_ROW = (9, 10)
"""Stations count as numbered in a row within places where at least this part of the places has no gap."""
SLACK = (1, 5)
"""A place may have one station more or fewer than its voters fill, and this part of that number besides."""
LARGE_ROLL = (3, 2)
"""A roll is out of pattern above this multiple of the typical one."""
GAPS_SHOWN = 20


def check_numbers(inputs: CheckInputs) -> list[Finding]:
    """One finding over the stations that any count names."""
    known = inputs.without_places(inputs.universe)
    levels = place_levels(inputs.election, known)
    runs = runs_of(known, levels) if levels else known.head(0).pipe(runs_of, ["station"])
    return [_numbers_finding(inputs, runs, inputs.universe.height - known.height)]


def check_per_place(inputs: CheckInputs) -> list[Finding]:
    """One finding over the stations that any count names and that have a roll."""
    return [_per_place_finding(inputs, inputs.without_places(inputs.universe))]


def runs_of(known: pl.DataFrame, levels: list[str]) -> pl.DataFrame:
    """Stations of a place whose identifiers share what stands before their last digits, if there are at least two.

    Columns: levels, prefix, `stations`, `first`, `last`, `numbers` (sorted), `elsewhere` (numbers in between that
    stations of other places have), `absent` (numbers in between that no station has).
    """
    digits = pl.col("station").str.extract_groups(r"^(.*?)([0-9]{1,15})$")
    parts = known.select(
        *levels,
        digits.struct.field("1").alias("prefix"),
        digits.struct.field("2").cast(pl.Int64, strict=False).alias("number"),
    ).filter(pl.col("number").is_not_null())
    parts = parts.unique([*levels, "prefix", "number"])
    # The rank among all numbers of the same prefix tells how many stations of any place lie between two of them.
    parts = parts.with_columns(pl.col("number").rank("dense").over("prefix").cast(pl.Int64).alias("rank"))
    runs = parts.group_by(*levels, "prefix").agg(
        pl.len().cast(pl.Int64).alias("stations"),
        pl.col("number").min().alias("first"),
        pl.col("number").max().alias("last"),
        (pl.col("rank").max() - pl.col("rank").min() + 1).alias("between"),
        pl.col("number").sort().alias("numbers"),
    )
    runs = runs.filter(pl.col("stations") > 1).with_columns(
        (pl.col("between") - pl.col("stations")).alias("elsewhere"),
        (pl.col("last") - pl.col("first") + 1 - pl.col("between")).alias("absent"),
    )
    return runs.sort("absent", "elsewhere", "prefix", "first", descending=[True, True, False, False])


def out_of_pattern(known: pl.DataFrame, levels: list[str]) -> tuple[pl.DataFrame, int]:
    """Places with more or fewer stations than their voters fill, or with a roll far above the typical one; and 2 S.

    The typical roll S is the median roll of stations that share their place with others. With R voters a place of
    k stations is out of pattern when |k - R / S| > 1 + R / (5 S), or when a roll exceeds 3 S / 2. Exact: in 2 S.
    """
    rolls = known.filter(pl.col("registered").is_not_null())
    shared = rolls.filter(pl.len().over(levels) > 1)
    double = int(2 * np.median(typical)) if len(typical := _rolls(shared if shared.height else rolls)) else 0
    places = rolls.group_by(levels).agg(
        pl.len().cast(pl.Int64).alias("stations"),
        pl.col("registered").sum(),
        pl.col("registered").max().alias("largest_roll"),
        pl.col("station").min().alias("first"),
    )
    filled = 2 * pl.col("registered")
    away = (pl.col("stations") * double - filled).abs()
    odd_number = SLACK[1] * (away - double) > SLACK[0] * filled
    odd_roll = 2 * LARGE_ROLL[1] * pl.col("largest_roll") > LARGE_ROLL[0] * double
    places = places.with_columns(
        away.alias("away"),
        odd_number.alias("odd_number"),
        odd_roll.alias("odd_roll"),
        (filled / double).alias("filled"),
    )
    if not double:
        places = places.head(0)
    found = places.filter(pl.col("odd_number") | pl.col("odd_roll"))
    return found.sort("away", "largest_roll", "first", descending=[True, True, False]), double


def _rolls(stations: pl.DataFrame) -> NDArray[np.int64]:
    """Registered voters of each station, as an array."""
    rolls: NDArray[np.int64] = stations["registered"].to_numpy()
    return rolls


def _gaps(numbers: list[int]) -> list[dict[str, int]]:
    """Where a sorted run of numbers jumps: the number before each jump and the one after it."""
    jumps = [{"after": low, "before": high} for low, high in itertools.pairwise(numbers) if high - low > 1]
    return jumps[:GAPS_SHOWN]


def _numbers_finding(inputs: CheckInputs, runs: pl.DataFrame, whole_places: int) -> Finding:
    broken = runs.filter((pl.col("absent") > 0) | (pl.col("elsewhere") > 0))
    whole = runs.height - broken.height
    in_a_row = runs.height > 0 and IN_A_ROW[1] * whole >= IN_A_ROW[0] * runs.height
    found = broken.height if in_a_row else 0
    absent, elsewhere = int(broken["absent"].sum()), int(broken["elsewhere"].sum())
    items = as_items(inputs, broken, ["prefix", "stations", "first", "last", "absent", "elsewhere"])
    for item, numbers in zip(items, broken["numbers"].head(len(items)).to_list(), strict=True):
        item["gaps"] = _gaps(numbers)
    return Finding(
        check=NUMBERS,
        title=TEXTS.say("numbering.numbers_finding.title"),
        verdict=_numbers_verdict(found, absent) if in_a_row else Verdict.UNDECIDED,
        looked_at=runs.height,
        unit=TEXTS.say("numbering.numbers_finding.unit"),
        expected=TEXTS.say("numbering.numbers_finding.expected"),
        found=found,
        summary=without_the_places(
            _numbers_summary(runs.height, whole, broken.height, (absent, elsewhere), in_a_row=in_a_row), whole_places
        ),
        cannot_show=TEXTS.say("numbering.numbers_finding.cannot_show"),
        other_explanations=TEXTS.say("numbering.numbers_finding.other_explanations"),
        command=inputs.command(NUMBERS),
        effect={
            "stations": absent if in_a_row else 0,
            "votes": None,
            "places_with_gaps": broken.height,
            "absent_numbers": absent,
            "numbers_elsewhere": elsewhere,
            "numbered_in_a_row": in_a_row,
        },
        items=items if in_a_row else [],
        items_total=found,
    )


def _numbers_verdict(found: int, absent: int) -> Verdict:
    """Numbers that no station has do not hold; numbers that stations of other places have are only there to look at."""
    if absent:
        return Verdict.DOES_NOT_HOLD
    return Verdict.UNDECIDED if found else Verdict.HOLDS


def _numbers_summary(places: int, whole: int, broken: int, numbers: tuple[int, int], *, in_a_row: bool) -> Text:
    looked, n, intact = number(places), number(broken), number(whole)
    if not places:
        return TEXTS.say("numbering.no_numbers")
    if not in_a_row:
        return TEXTS.say("numbering.no_pattern", intact=intact, looked=looked)
    absent, elsewhere = number(numbers[0]), number(numbers[1])
    return TEXTS.say("numbering.numbers_finding.summary", n=n, looked=looked, absent=absent, elsewhere=elsewhere)


def _per_place_finding(inputs: CheckInputs, known: pl.DataFrame) -> Finding:
    levels = place_levels(inputs.election, known)
    rolls = known.filter(pl.col("registered").is_not_null()) if levels else known.head(0)
    found, double = out_of_pattern(rolls, levels or ["station"])
    looked_at = rolls.select(levels).n_unique() if double else 0
    typical = double / 2
    looked, n = number(looked_at), number(found.height)
    stations = TEXTS.plural("amount.stations", int(found["stations"].sum()))
    effect: dict[str, Json] = {
        "stations": int(found["stations"].sum()),
        "votes": None,
        "registered": int(found["registered"].sum()),
        "places": found.height,
        "odd_number": int(found["odd_number"].sum()),
        "odd_roll": int(found["odd_roll"].sum()),
        "typical_roll": typical,
    }
    columns = ["stations", "registered", "filled", "largest_roll", "odd_number", "odd_roll"]
    return Finding(
        check=PER_PLACE,
        title=TEXTS.say("numbering.per_place_finding.title"),
        verdict=Verdict.UNDECIDED if not looked_at or found.height else Verdict.HOLDS,
        looked_at=looked_at,
        unit=TEXTS.say("unit.places"),
        expected=TEXTS.say("numbering.per_place_finding.expected", typical=f"{typical:g}"),
        found=found.height,
        summary=without_the_places(
            TEXTS.say("numbering.per_place_finding.summary", n=n, looked=looked, stations=stations)
            if looked_at
            else TEXTS.say("numbering.per_place_finding.nothing"),
            inputs.universe.height - known.height,
        ),
        cannot_show=TEXTS.say("numbering.per_place_finding.cannot_show"),
        other_explanations=TEXTS.say("numbering.per_place_finding.other_explanations"),
        command=inputs.command(PER_PLACE),
        effect=effect,
        items=as_items(inputs, found, columns),
        items_total=found.height,
    )
