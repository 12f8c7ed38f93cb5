r"""Identical result rows within a place, against what chance gives.

For two stations of one place with the same number of ballots n, let x and y be their rows of figures (choices, blank,
null) and t = x + y. If the t ballots were mixed and dealt again into two boxes of n, every deal would be equally
likely, and the two rows would be equal with probability

    q = prod_c C(t_c, t_c / 2) / C(2n, n)    if every t_c is even, else 0

(the central term of the multivariate hypergeometric distribution). q depends on nothing unknown: no shares, no model
of the place. It assumes that the two boxes hold ballots of the same kind of voters; where they do not, equal rows
are rarer still, so that the test then errs towards silence. E[sum of q] = E[number of equal pairs].

Among the pairs with q <= u, let m be the sum over places of min(1, sum of q), and k the number of places that hold
an equal pair. For independent events P(at least k) <= m^k / k! (a union over all sets of k places), and
P(at least k) <= P(Poisson(m) >= k) when k >= m + 1 (Hoeffding 1956, Annals of Mathematical Statistics 27, theorem 5;
Anderson and Samuels 1967). The p-value is the smallest over the values of u in UNLIKELY, each
divided by its weight (Bonferroni: the weights sum to 1).
"""

import math
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veedor.checks.inputs import (
    CheckInputs,
    Side,
    as_items,
    figures,
    lacks_figure,
    place_levels,
    without_the_incomparable,
    without_the_places,
)
from veedor.checks.texts import TEXTS
from veedor.checks.wording import chance
from veedor.election import Contest
from veedor.finding import Finding, Text, Verdict
from veedor.sheets import ballots_cast, vote_columns
from veedor.wording import number

NAME = "identical_rows"
UNLIKELY = {1.0: 1 / 2, **{10.0**-power: 1 / 16 for power in range(1, 9)}}
"""Groups of pairs by their own chance q of being equal (at most this), and the weight of each group's reading."""
ALARM = 0.001
"""The finding does not hold where the p-value is below this."""


@dataclass(frozen=True, kw_only=True)
class Coincidences:
    """Result of the test.

    places: places with at least two sheets with the same number of ballots; comparable: pairs of such sheets.
    likely: pairs whose q is not 0, with `left`, `right` (stations), `chance` (q), `equal`, `place_key`, `ballots`.
    expected: sum of q; equal: number of equal pairs; p_value: chance of as much or more, at most.
    """

    places: int
    comparable: int
    likely: pl.DataFrame
    expected: float
    equal: int
    p_value: float


def check(inputs: CheckInputs) -> list[Finding]:
    """One finding for the last state of each count."""
    return [_finding(inputs, inputs.last(count)) for count in inputs.counts]


def coincidences(table: pl.DataFrame, contest: Contest, levels: list[str]) -> Coincidences:
    """Pairs of sheets of one place with the same number of ballots, and how many of them are equal."""
    columns = [*vote_columns(contest), "blank", "null"]
    rows = table.select(
        "station",
        pl.struct(levels).rank("dense").alias("place_key"),
        ballots_cast(contest).alias("ballots"),
        *(pl.col(name).fill_null(0) for name in columns),
    ).filter(pl.col("ballots") > 0)
    rows = rows.with_columns(pl.len().over("place_key", "ballots").alias("alike")).filter(pl.col("alike") > 1)
    groups = rows.group_by("place_key", "ballots").agg(pl.len().alias("alike"))
    likely = _likely_pairs(rows, columns)
    return Coincidences(
        places=groups["place_key"].n_unique(),
        comparable=int((groups["alike"] * (groups["alike"] - 1) // 2).sum()),
        likely=likely,
        expected=float(likely["chance"].sum()),
        equal=int(likely["equal"].sum()),
        p_value=p_value(likely),
    )


def _likely_pairs(rows: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """Pairs of equal size whose sums are all even: both rows have the same figures odd."""
    odd = [(pl.col(name) % 2).alias(f"odd {name}") for name in columns]
    keys = ["place_key", "ballots", *(f"odd {name}" for name in columns)]
    rows = rows.with_columns(*odd).with_row_index("index")
    rows = rows.filter(pl.len().over(keys) > 1)
    pairs = rows.join(rows, on=keys, suffix=" right").filter(pl.col("index") < pl.col("index right"))
    left, right = (pairs.select(name + side for name in columns).to_numpy() for side in ("", " right"))
    return pairs.select(
        pl.col("station").alias("left"),
        pl.col("station right").alias("right"),
        "place_key",
        "ballots",
        pl.Series("chance", equal_chance(left, right), dtype=pl.Float64),
        pl.Series("equal", (left == right).all(axis=1), dtype=pl.Boolean),
    ).sort("left", "right")


def equal_chance(left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.float64]:
    """Chance q that two boxes get equal rows when their ballots are mixed and dealt again; sums are even.

    left, right: int[pair, figure] with equal sums over figures -> float[pair].
    """
    both = left + right
    ways, deals = _log_halvings(both), _log_halvings(both.sum(axis=1))
    chances: NDArray[np.float64] = np.minimum(1.0, np.exp(ways.sum(axis=1) - deals))
    return chances


def _log_halvings(whole: NDArray[np.int64]) -> NDArray[np.float64]:
    """log C(n, n / 2) of each even number n; each number is worked out once."""
    numbers, where = np.unique(whole, return_inverse=True)
    logs = [math.lgamma(n + 1) - 2 * math.lgamma(n / 2 + 1) for n in numbers.tolist()]
    return np.array(logs, dtype=np.float64)[where].reshape(whole.shape)


def p_value(likely: pl.DataFrame) -> float:
    """The chance of as many places with equal pairs, or more, among pairs as unlikely as these: at most."""
    readings = (_tail(likely.filter(pl.col("chance") <= limit)) / weight for limit, weight in UNLIKELY.items())
    return min(1.0, *readings)


def _tail(pairs: pl.DataFrame) -> float:
    places = pairs.group_by("place_key", maintain_order=True).agg(
        pl.col("chance").sum().clip(upper_bound=1.0), pl.col("equal").any()
    )
    mean, seen = float(places["chance"].sum()), int(places["equal"].sum())
    if not seen:
        return 1.0
    union = math.exp(seen * math.log(mean) - math.lgamma(seen + 1))
    return min(union, poisson_tail(seen, mean) if seen >= mean + 1 else 1.0)


def poisson_tail(seen: int, mean: float) -> float:
    """P(Poisson(mean) >= seen) for seen >= mean + 1, where the terms fall from the first one on."""
    term = math.exp(seen * math.log(mean) - mean - math.lgamma(seen + 1))
    total, count = term, seen
    while term > total * 1e-17:
        count += 1
        term *= mean / count
        total += term
    return total


def _items(found: Coincidences, table: pl.DataFrame) -> pl.DataFrame:
    """Equal pairs with the figures they share, least likely first."""
    equal = found.likely.filter("equal").sort("chance", "left", "right")
    joined = equal.join(table, left_on="left", right_on="station", how="left", maintain_order="left")
    return joined.with_columns(pl.concat_list("left", "right").alias("stations"))


def _finding(inputs: CheckInputs, side: Side) -> Finding:
    counted, whole = inputs.stations(side)
    table = counted.filter(~lacks_figure(counted, inputs.contest))
    unknown = counted.height - table.height
    levels = place_levels(inputs.election, table)
    found = coincidences(table if levels else table.head(0), inputs.contest, levels or ["station"])
    called = inputs.called(side)
    equal = found.likely.filter("equal")
    stations = pl.concat([equal["left"], equal["right"]]).n_unique()
    effect = {
        **inputs.where(side),
        "not_comparable": unknown,
        "stations": stations,
        "votes": int(equal.unique("right")["ballots"].sum()),
        "equal_pairs": found.equal,
        "expected_pairs": found.expected,
        "p_value": found.p_value,
        "places": found.places,
    }
    items = _items(found, table)
    return Finding(
        check=NAME,
        title=TEXTS.say("identical.title"),
        verdict=_verdict(found),
        looked_at=found.comparable,
        unit=TEXTS.say("unit.pairs"),
        expected=TEXTS.say("identical.expected"),
        found=found.equal,
        summary=without_the_places(without_the_incomparable(_summary(found, called, bool(levels)), unknown), whole),
        cannot_show=TEXTS.say("identical.cannot_show"),
        other_explanations=TEXTS.say("identical.other_explanations"),
        command=inputs.command(NAME),
        effect=effect,
        uncertainty=TEXTS.say("identical.uncertainty", p_value=chance(found.p_value), alarm=chance(ALARM))
        if found.comparable
        else None,
        items=as_items(inputs, items, ["stations", "chance", "ballots", figures(inputs.contest).alias("figures")]),
        items_total=items.height,
        source="Multivariate hypergeometric distribution; Hoeffding (1956), On the distribution of the number of "
        "successes in independent trials, theorem 5",
    )


def _verdict(found: Coincidences) -> Verdict:
    if not found.comparable:
        return Verdict.UNDECIDED
    return Verdict.DOES_NOT_HOLD if found.p_value < ALARM else Verdict.HOLDS


def _summary(found: Coincidences, called: Text, with_places: bool) -> Text:
    if not with_places:
        return TEXTS.say("identical.no_places", called=called)
    if not found.comparable:
        return TEXTS.say("identical.no_pairs", called=called)
    pairs, places = TEXTS.plural("amount.pairs", found.comparable), TEXTS.plural("amount.places", found.places)
    equal = number(found.equal)
    expected = chance(found.expected)
    return TEXTS.say("identical.summary", called=called, equal=equal, expected=expected, pairs=pairs, places=places)
