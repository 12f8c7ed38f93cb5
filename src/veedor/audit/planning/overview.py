"""What a plan would be about, before anybody decides: outcome, assertions, the close ones, what a sample costs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from veedor.audit.assertions.from_rule import assertions_for
from veedor.audit.planning.ballot_sizes import BallotSizes, by_chance
from veedor.audit.planning.expected_errors import ExpectedErrors, Rates, expected_costs
from veedor.audit.statistics.martingale import capped
from veedor.audit.statistics.sample_sizes import (
    Cost,
    Simulated,
    Undoing,
    ballot_comparison_draws,
    costs,
    equal_probability_draws,
    simulate_sheets,
    undoing,
)
from veedor.audit.statistics.sheet_comparison import (
    UNIT,
    Bounds,
    bounds,
    draws_without_error,
    overstatements,
    taints,
    weights,
)
from veedor.audit.units import Bound, Units
from veedor.count.decision import Decision, Result, decision_of
from veedor.document import INLINED
from veedor.errors import VeedorError
from veedor.finding import Text

RISK_LIMITS = (0.01, 0.02, 0.05, 0.1, 0.2)
"""The limits of the table; 5 and 10 per cent are the usual ones."""


@dataclass(frozen=True, kw_only=True)
class ReportedOutcome:
    """The outcome that the rule gives on the reported votes. seats: where the rule gives seats."""

    result: Result
    choices: tuple[str, ...]
    seats: Mapping[str, int] | None


@dataclass(frozen=True, kw_only=True)
class PlannedAssertion:
    """One statement that the outcome rests on.

    margin_votes: in the assertion's own measure; margin: v, of the numbers that an audit's test sees (twice the mean
    less one); upper_bound: the largest of them; total_error_bound: U, of all sheets, in margins.
    draws_without_error, ballots_compared_without_error: what confirms it at the risk limit if nothing differs.
    """

    label: str
    sentence: Text
    arithmetic: Text
    margin_votes: float
    margin: float
    upper_bound: float
    total_error_bound: float
    draws_without_error: int
    ballots_compared_without_error: int


@dataclass(frozen=True, kw_only=True)
class SampleCost:
    """The cost of one sample for all assertions at a risk limit if the report is right; expected_...: on average."""

    risk_limit: float
    draws: int
    expected_sheets: float
    expected_ballots: float
    of_ballots: BallotSizes = field(metadata=INLINED)


@dataclass(frozen=True, kw_only=True)
class Overview:
    """The figures of `veedor audit plan`.

    assertions: the one that needs most draws first, which `closest` names; equal_probability_sheets: for it, None where
    not even all sheets do; expected_errors: None where its ballots are not those cast.
    """

    contest: str
    outcome: ReportedOutcome
    sheets: int
    valid: int
    ballots_cast: int
    registered: int | None
    bound: Bound
    risk_limit: float
    assertions: tuple[PlannedAssertion, ...]
    closest: str
    equal_probability_sheets: int | None
    sheets_that_undo: Undoing
    costs: tuple[SampleCost, ...]
    expected_errors: ExpectedErrors | None


def overview(
    units: Units, bound: Bound, risk_limit: float, reported: Decision | None = None, rates: Rates | None = None
) -> Overview:
    """The figures that a plan starts from. rates: expected errors (default: the usual ones)."""
    tally, contest = units.tally(), units.contest
    decision = decision_of(contest, tally)
    every = assertions_for(contest, tally, reported)
    if not every:
        raise VeedorError(f"{contest.id}: nothing to audit; every choice is elected whatever the votes")
    planned = sorted((bounds(units, assertion, bound) for assertion in every), key=lambda one: -one.total)
    closest, limits = planned[0], sorted({*RISK_LIMITS, risk_limit})
    chances = by_chance(units, [one.assertion for one in planned], limits)
    return Overview(
        contest=contest.id,
        outcome=ReportedOutcome(result=decision.result, choices=decision.choices, seats=decision.seats),
        sheets=tally.sheets,
        valid=tally.valid,
        ballots_cast=tally.cast,
        registered=tally.registered,
        bound=bound,
        risk_limit=risk_limit,
        assertions=tuple(_assertion(units, one, risk_limit) for one in planned),
        closest=closest.assertion.label,
        equal_probability_sheets=equal_probability_draws(closest, risk_limit),
        sheets_that_undo=undoing(units, closest.assertion),
        costs=tuple(_cost(cost, chance) for cost, chance in zip(costs(units, planned, limits), chances, strict=True)),
        expected_errors=_expected(units, planned, limits, rates or Rates()),
    )


def _cost(cost: Cost, of_ballots: BallotSizes) -> SampleCost:
    return SampleCost(
        risk_limit=cost.risk_limit,
        draws=cost.draws,
        expected_sheets=round(cost.sheets, 1),
        expected_ballots=round(cost.ballots, 1),
        of_ballots=of_ballots,
    )


def _expected(units: Units, planned: list[Bounds], limits: list[float], rates: Rates) -> ExpectedErrors | None:
    """What the closest assertion costs with errors; None where its ballots are not those cast."""
    closest, tally = planned[0], units.tally()
    if closest.assertion.counts_registered:
        return None
    margin = float(closest.assertion.margin(tally, tally.cast))
    return expected_costs(closest, closest.assertion, margin, weights(planned) / UNIT, rates, limits)


@dataclass(frozen=True, kw_only=True)
class SimulatedTest:
    """Results of simulated audits by one test. Mean and percentiles are of those that confirm, if any does."""

    confirmed: int
    mean_draws: float | None
    median_draws: float | None
    percentile_90_draws: float | None
    most_draws: int


@dataclass(frozen=True, kw_only=True)
class Expected:
    """Results of audits of the closest assertion that find what another count says; tests: by their name."""

    assertion: str
    sheets_compared: int
    sheets_that_differ: int
    audits: int
    tests: Mapping[str, SimulatedTest]


def expecting(
    units: Units, other: Units, bound: Bound, risk_limit: float, audits: int, rng: np.random.Generator
) -> Expected:
    """Simulated audits of the closest assertion that find, in every sheet, what another count says of it.

    other: for instance the preliminary count. Sheets that it lacks are taken as not differing.
    """
    every = assertions_for(units.contest, units.tally())
    closest = max((bounds(units, assertion, bound) for assertion in every), key=lambda one: one.total)
    figures = units.figures.copy()
    both = [station for station in other.ids if station in units.position]
    rows = [units.position[station] for station in both]
    figures[rows] = other.figures[[other.position[station] for station in both]]
    everywhere = np.arange(len(units.ids))
    over = overstatements(closest, units, everywhere, figures)
    weight = weights([closest])
    # A sheet of weight 0 is never drawn and cannot overstate; its taint would be 0 / 0.
    drawable = np.flatnonzero(weight)
    taint = np.zeros(len(weight))
    taint[drawable] = taints(closest, drawable, over[drawable], weight)
    results = {
        name: simulate_sheets(
            np.minimum(taint, 1.0), weight / weight.sum(), int(weight.sum()) / UNIT, bet, risk_limit, audits, rng
        )
        for name, bet in (("kaplan_markov", capped(1.0)), ("capped", capped(0.9)))
    }
    return Expected(
        assertion=closest.assertion.label,
        sheets_compared=len(both),
        sheets_that_differ=int((over != 0).sum()),
        audits=audits,
        tests={name: _simulated(found) for name, found in results.items()},
    )


def _simulated(found: Simulated) -> SimulatedTest:
    return SimulatedTest(
        confirmed=found.confirmed,
        mean_draws=found.mean if found.confirmed else None,
        median_draws=found.median if found.confirmed else None,
        percentile_90_draws=found.percentile_90 if found.confirmed else None,
        most_draws=found.most,
    )


def _assertion(units: Units, bound: Bounds, risk_limit: float) -> PlannedAssertion:
    assertion, tally = bound.assertion, units.tally()
    universe = tally.registered if assertion.counts_registered else tally.cast
    assert universe is not None
    margin = float(assertion.margin(tally, universe))
    upper = float(assertion.upper_bound)
    return PlannedAssertion(
        label=assertion.label,
        sentence=assertion.sentence,
        arithmetic=assertion.arithmetic(tally),
        margin_votes=float(assertion.total(tally)),
        margin=margin,
        upper_bound=upper,
        total_error_bound=float(bound.total),
        draws_without_error=draws_without_error(bound.total, risk_limit),
        ballots_compared_without_error=ballot_comparison_draws(margin, upper, risk_limit),
    )
