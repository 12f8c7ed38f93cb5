"""What a plan would be about, before anybody decides: outcome, assertions, the close ones, what a sample costs."""

from typing import Any

import numpy as np

from veedor.audit.assertions.from_rule import assertions_for
from veedor.audit.planning.ballot_sizes import by_chance
from veedor.audit.planning.expected_errors import Rates, expected_costs
from veedor.audit.statistics.martingale import capped
from veedor.audit.statistics.sample_sizes import (
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
from veedor.count.decision import Decision, decision_of
from veedor.errors import VeedorError

RISK_LIMITS = (0.01, 0.02, 0.05, 0.1, 0.2)
"""The limits of the table; 5 and 10 per cent are the usual ones."""


def overview(
    units: Units, bound: Bound, risk_limit: float, reported: Decision | None = None, rates: Rates | None = None
) -> dict[str, Any]:
    """The figures of `veedor audit plan`, as JSON: assertions with the one that needs most draws first.

    rates: errors that are expected; the usual ones where not given.
    """
    tally, contest = units.tally(), units.contest
    decision = decision_of(contest, tally)
    every = assertions_for(contest, tally, reported)
    if not every:
        raise VeedorError(f"{contest.id}: nothing to audit; every choice is elected whatever the votes")
    planned = sorted((bounds(units, assertion, bound) for assertion in every), key=lambda one: -one.total)
    closest, limits = planned[0], sorted({*RISK_LIMITS, risk_limit})
    chances = by_chance(units, [one.assertion for one in planned], limits)
    return {
        "contest": contest.id,
        "outcome": {
            "result": decision.result,
            "choices": list(decision.choices),
            "seats": None if decision.seats is None else dict(decision.seats),
        },
        "sheets": tally.sheets,
        "valid": tally.valid,
        "ballots_cast": tally.cast,
        "registered": tally.registered,
        "bound": bound,
        "risk_limit": risk_limit,
        "assertions": [_assertion(units, one, risk_limit) for one in planned],
        "closest": closest.assertion.label,
        "equal_probability_sheets": equal_probability_draws(closest, risk_limit),
        "sheets_that_undo": _undo(units, closest),
        "costs": [
            {
                "risk_limit": cost.risk_limit,
                "draws": cost.draws,
                "expected_sheets": round(cost.sheets, 1),
                "expected_ballots": round(cost.ballots, 1),
                **chance,
            }
            for cost, chance in zip(costs(units, planned, limits), chances, strict=True)
        ],
        "expected_errors": _expected(units, planned, limits, rates or Rates()),
    }


def _expected(units: Units, planned: list[Bounds], limits: list[float], rates: Rates) -> dict[str, Any] | None:
    """What the closest assertion costs with errors; None where its ballots are not those cast."""
    closest, tally = planned[0], units.tally()
    if closest.assertion.counts_registered:
        return None
    margin = float(closest.assertion.margin(tally, tally.cast))
    return expected_costs(closest, closest.assertion, margin, weights(planned) / UNIT, rates, limits)


def expecting(
    units: Units, other: Units, bound: Bound, risk_limit: float, audits: int, rng: np.random.Generator
) -> dict[str, Any]:
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
    drawable = np.flatnonzero(weight)
    taint = np.zeros(len(weight))
    taint[drawable] = taints(closest, drawable, over[drawable], weight)
    results = {
        name: simulate_sheets(
            np.minimum(taint, 1.0), weight / weight.sum(), int(weight.sum()) / UNIT, bet, risk_limit, audits, rng
        )
        for name, bet in (("kaplan_markov", capped(1.0)), ("capped", capped(0.9)))
    }
    return {
        "assertion": closest.assertion.label,
        "sheets_compared": len(both),
        "sheets_that_differ": int((over != 0).sum()),
        "audits": audits,
        "tests": {
            name: {
                "confirmed": found.confirmed,
                "mean_draws": found.mean if found.confirmed else None,
                "median_draws": found.median if found.confirmed else None,
                "percentile_90_draws": found.percentile_90 if found.confirmed else None,
                "most_draws": found.most,
            }
            for name, found in results.items()
        },
    }


def _assertion(units: Units, bound: Bounds, risk_limit: float) -> dict[str, Any]:
    assertion, tally = bound.assertion, units.tally()
    universe = tally.registered if assertion.counts_registered else tally.cast
    assert universe is not None
    margin = assertion.margin(tally, universe)
    sentence, sum_shown = assertion.sentence, assertion.arithmetic(tally)
    return {
        "label": assertion.label,
        "sentence": {"en": sentence.en, "es": sentence.es},
        "arithmetic": {"en": sum_shown.en, "es": sum_shown.es},
        "margin_votes": float(assertion.total(tally)),
        "margin": float(margin),
        "upper_bound": float(assertion.upper_bound),
        "total_error_bound": float(bound.total),
        "draws_without_error": draws_without_error(bound.total, risk_limit),
        "ballots_compared_without_error": ballot_comparison_draws(
            float(margin), float(assertion.upper_bound), risk_limit
        ),
    }


def _undo(units: Units, bound: Bounds) -> dict[str, Any]:
    found = undoing(units, bound.assertion)
    return {
        "assertion": found.label,
        "altered": found.altered,
        "missing_average": found.missing_average,
        "missing_largest": found.missing_largest,
    }
