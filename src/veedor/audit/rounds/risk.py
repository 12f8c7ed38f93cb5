"""Risk of every assertion after each draw, by the plan's kind, sampling and test.

A sheet that is missing or cannot be read counts as the worst that it could hold: every ballot up to its bound scores
against the assertion (Stark 2008; Bañuelos & Stark 2012, *Limiting risk by turning manifest phantoms into evil
zombies*). A sheet that is there but not in the manifest takes all its ballots from the margin in the same way. A ballot
that is missing scores as the worst there is; one more ballot than the plan lists breaks its premise.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from veedor.audit.assertions.assertion import Assertion, Integers
from veedor.audit.protocol.by_kind import ballots_of, tally_of
from veedor.audit.protocol.plan import Plan
from veedor.audit.rounds.ballots import numbers_of_ballots
from veedor.audit.rounds.draw import Drawn, Frame
from veedor.audit.rounds.readings import Interpretations, rows_of
from veedor.audit.rounds.regions import region_depth, regions
from veedor.audit.statistics.martingale import EDGE, Floats, Null, p_values, wealth
from veedor.audit.statistics.sheet_comparison import UNIT, bounds
from veedor.audit.statistics.stratified import Stratum, stratified_risk
from veedor.audit.units import scores

LOOKS = 12
"""How many times within all draws the regions' samples are combined; the last time after the last draw."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Risk:
    """Risk of one assertion after each draw. broken: stations with more ballots than the plan's bound allows."""

    label: str
    after: Floats
    overstated: int
    understated: int
    worst: int
    broken: tuple[str, ...]

    @property
    def now(self) -> float:
        """Risk after the last draw."""
        return float(self.after[-1]) if len(self.after) else 1.0


def risks_of(plan: Plan, frame: Frame, drawn: Sequence[Drawn], read: Interpretations) -> list[Risk]:
    """The risk of every assertion. drawn: all draws so far; read: what was read of all of them."""
    most = frame.units.bounds(plan.bound)
    weights = np.asarray(frame.weights, dtype=np.int64)
    if plan.of_ballots:
        return [_of_ballots(assertion, plan, frame, drawn, read) for assertion in plan.planned]
    return [_of_sheets(assertion, plan, frame, most, weights, drawn, read) for assertion in plan.planned]


def _of_sheets(
    assertion: Assertion,
    plan: Plan,
    frame: Frame,
    most: Integers,
    weights: Integers,
    drawn: Sequence[Drawn],
    read: Interpretations,
) -> Risk:
    units = frame.units
    bound = bounds(units, assertion, plan.bound)
    at = rows_of(read)
    rows = np.array([at[one.station] for one in drawn], dtype=np.int64)
    positions = np.array([units.position[one.station] for one in drawn], dtype=np.int64)
    lost = np.array([status in ("missing", "unreadable") for status in read.statuses], dtype=bool)
    ballots = read.figures.sum(axis=1)
    # 1. Overstatement of each drawn sheet, in the assertion's whole measure; the worst where there is nothing to read.
    found = scores(assertion, plan.contest, read.figures[rows], units.registered[positions])
    over = np.where(lost[rows], bound.largest[positions], bound.reported[positions] - found)
    if plan.test.understatements == "taken_as_zero":
        over = np.maximum(over, 0)
    # 2. Sheets outside the manifest take all their ballots from the margin.
    extra = np.array([status == "extra" for status in read.statuses], dtype=bool)
    left = bound.margin + bound.lowest * int(ballots[extra].sum())
    over_bound = ~lost[rows] & (ballots[rows] > most[positions])
    broken = sorted({one.station for one, too_many in zip(drawn, over_bound.tolist(), strict=True) if too_many})
    stated = Risk(
        label=assertion.label,
        after=np.ones(len(drawn)),
        overstated=len(set(rows[over > 0].tolist())),
        understated=len(set(rows[over < 0].tolist())),
        worst=int(lost[np.unique(rows)].sum()) if len(rows) else 0,
        broken=tuple(broken),
    )
    if broken or left <= 0:
        return stated
    if plan.kind == "regions":
        x = np.maximum(1 - over / bound.margin / (weights[positions] / UNIT), 0.0)
        return replace(stated, after=_of_regions(plan, frame, weights, drawn, x, left / bound.margin))
    # 3. The numbers that the test sees, and their mean if the outcome is just wrong.
    if plan.sampling == "equal_probability":
        largest = int(bound.largest.max())
        x = 1 - over / largest
        null = Null(mean=1 - left / (len(units.ids) * largest), upper=np.inf, size=len(units.ids))
    else:
        x = 1 - over / bound.margin / (weights[positions] / UNIT)
        null = Null(mean=1 - left / bound.margin / (int(weights.sum()) / UNIT), upper=np.inf)
    return replace(stated, after=p_values(wealth(np.maximum(x, 0.0), null, plan.test.bet())))


def _of_regions(plan: Plan, frame: Frame, weights: Integers, drawn: Sequence[Drawn], x: Floats, left: float) -> Floats:
    """The regions' samples combined at some draws; between them the risk stays what it was. left: of the margin.

    The product of the regions' martingales is valid however their samples grow, so that the least risk so far counts.
    """
    depth = region_depth(plan.region_level or "", frame.levels)
    places = {name: found for name, found in regions(frame.units, depth).items() if weights[found].sum()}
    where = {place: name for name, found in places.items() for place in found}
    names = np.array([where[frame.units.position[one.station]] for one in drawn])
    looks = sorted({len(x) * step // LOOKS for step in range(1, LOOKS + 1)} - {0})
    after = np.ones(len(x))
    for look in looks:
        strata = [
            Stratum(x=x[:look][names[:look] == name], total=float(weights[found].sum()) / UNIT / left)
            for name, found in places.items()
        ]
        assert plan.test.share is not None
        after[look - 1 :] = min(after[look - 1], stratified_risk(strata, plan.test.share, "product"))
    return after


def _of_ballots(assertion: Assertion, plan: Plan, frame: Frame, drawn: Sequence[Drawn], read: Interpretations) -> Risk:
    units, records = frame.units, frame.records
    whole = ballots_of(units, records)
    tally = units.tally() if records is None else tally_of(records, units.contest, whole)
    at = rows_of(read)
    rows = np.array([at[one.unit] for one in drawn], dtype=np.int64)
    choices = (*units.contest.choice_ids, None, None)
    lost = np.array([status in ("missing", "unreadable") for status in read.statuses], dtype=bool)[rows]
    # A ballot has a 1 in one column. One that is lost has none and reads as the first choice: `~lost` makes it the
    # worst.
    seen = [choices[place] for place in read.figures[rows].argmax(axis=1).tolist()]
    x, null, bet, clean = numbers_of_ballots(
        assertion,
        plan.kind,
        plan.test,
        [(one.ballot, one.station) for one in drawn],
        seen,
        ~lost,
        units=units,
        tally=tally,
        whole=whole,
        records=records,
        size=whole,
    )
    extra = sorted(name for name, status in zip(read.stations, read.statuses, strict=True) if status == "extra")
    after = np.ones(len(drawn)) if extra else p_values(wealth(np.maximum(x, 0.0), null, bet))
    return Risk(
        label=assertion.label,
        after=after,
        overstated=int((x < clean - EDGE).sum()),
        understated=int((x > clean + EDGE).sum()),
        worst=int(lost.sum()),
        broken=tuple(extra),
    )
