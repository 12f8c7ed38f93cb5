"""An audit of sheets sampled region by region: risk of every assertion from the regions' samples together.

In each region sheets are drawn with replacement in proportion to their error bounds there, each with its own part of
the public seed: `stratum_seed`. How the regions' evidence is combined is said in `stratified`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from veedor.audit.assertions.from_rule import assertions_for
from veedor.audit.rounds.readings import Interpretations, rows_of
from veedor.audit.statistics.sheet_comparison import UNIT, bounds, overstatements, weights
from veedor.audit.statistics.stratified import Stratum, stratified_risk
from veedor.audit.units import Bound, Units
from veedor.draw.sampling import proportional
from veedor.errors import VeedorError

SHARE = 0.9
"""Share of the largest bet."""


def stratum_seed(seed: str, name: str) -> str:
    """The seed of one region's sample: the public seed, a slash, and the region's name."""
    return f"{seed}/{name}"


def regions(units: Units, depth: int) -> dict[str, list[int]]:
    """Positions of the sheets of each region. depth: how many levels of a place's path name the region."""
    found: dict[str, list[int]] = {}
    for place, path in enumerate(units.places):
        found.setdefault(", ".join(path[:depth]), []).append(place)
    return dict(sorted(found.items()))


def region_depth(level: str, levels: Sequence[str]) -> int:
    """Number of levels of a path that name the regions of this level; VeedorError if there is no such level."""
    if level not in levels or level in ("latitude", "longitude"):
        raise VeedorError(f"the sheets have no level {level!r}; they have {', '.join(levels)}")
    return list(levels).index(level) + 1


def draw_strata(units: Units, bound: Bound, depth: int, seed: str, draws: int) -> dict[str, list[str]]:
    """The sheets drawn in each region, in the order drawn; draws: of each region."""
    every = [bounds(units, one, bound) for one in assertions_for(units.contest, units.tally())]
    weight = weights(every)
    return {
        name: [units.ids[places[k]] for k in proportional(weight[places].tolist(), stratum_seed(seed, name), draws)]
        for name, places in regions(units, depth).items()
        if weight[places].sum()
    }


@dataclass(frozen=True, kw_only=True)
class RegionsAssessed:
    """The risk of one assertion after the draws of all regions."""

    label: str
    risk: float
    draws: int
    regions: int


def assess_strata(
    units: Units,
    bound: Bound,
    depth: int,
    drawn: Sequence[str],
    read: Interpretations,
    method: Literal["product", "fisher"] = "product",
) -> list[RegionsAssessed]:
    """Risk of every assertion. drawn: stations in the order drawn, each region's in its own order, repeats repeated.

    Missing and unreadable sheets count as the worst; extra sheets take all their ballots from the margin.
    """
    unknown = [station for station in drawn if station not in units.position]
    if unknown:
        raise VeedorError(f"sheets that are not reported: {', '.join(unknown[:5])}")
    every = [bounds(units, one, bound) for one in assertions_for(units.contest, units.tally())]
    weight, most = weights(every), units.bounds(bound)
    where = {place: name for name, places in regions(units, depth).items() for place in places}
    at = rows_of(read)
    missing = sorted({station for station in drawn if station not in at})
    if missing:
        raise VeedorError(f"sheets that were drawn have no row in what was read: {', '.join(missing[:5])}")
    rows = np.array([at[station] for station in drawn], dtype=np.int64)
    positions = np.array([units.position[station] for station in drawn], dtype=np.int64)
    lost = np.array([read.statuses[row] in ("missing", "unreadable") for row in rows.tolist()], dtype=bool)
    extra = int(sum(read.figures[row].sum() for row, status in enumerate(read.statuses) if status == "extra"))
    names = np.array([where[place] for place in positions.tolist()])
    broken = bool((~lost & (read.figures[rows].sum(axis=1) > most[positions])).any())
    results = []
    for one in every:
        over = np.where(lost, one.largest[positions], overstatements(one, units, positions, read.figures[rows]))
        left = one.margin + one.lowest * extra
        if broken or left <= 0:
            risk = 1.0
        else:
            x = np.maximum(1 - over / one.margin / (weight[positions] / UNIT), 0.0)
            # Extra sheets shrink the margin: everything is measured in what is left of it.
            totals = {
                name: float(weight[places].sum()) / UNIT * one.margin / left
                for name, places in regions(units, depth).items()
            }
            strata = [Stratum(x=x[names == name], total=total) for name, total in totals.items() if total > 0]
            risk = stratified_risk(strata, SHARE, method)
        results.append(RegionsAssessed(label=one.assertion.label, risk=risk, draws=len(drawn), regions=len(set(names))))
    return results
