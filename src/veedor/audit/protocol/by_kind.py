"""What follows from the results for each kind of audit: assertions as the plan states them, bounds, sampling weights.

Drafting a plan and verifying one derive it here, so that both say the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from veedor.audit.assertions.assertion import Assertion, Integers
from veedor.audit.assertions.from_rule import assertions_for
from veedor.audit.protocol.plan import BALLOT_KINDS, Kind, PlannedAssertion, names
from veedor.audit.statistics.sample_sizes import ballot_comparison_draws, equal_probability_draws
from veedor.audit.statistics.sheet_comparison import Bounds, bounds, draws_without_error, weights
from veedor.audit.units import Bound, Units
from veedor.count.decision import Decision, decision_of
from veedor.count.totals import Tally
from veedor.election import Contest
from veedor.errors import VeedorError

Votes = Mapping[str, str | None]
"""Cast vote records: the choice on each ballot."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Parts:
    """bounds: error bounds of the sheets, where sheets are compared. most: ballots that each sheet can hold.

    weight: int64[sheet], what the draw weighs it by; of ballots, how many it holds. ballots: how many there are.
    tally: what the margins are of: the reported votes, or what the records add up to.
    """

    assertions: tuple[Assertion, ...]
    planned: tuple[PlannedAssertion, ...]
    bounds: tuple[Bounds, ...]
    weight: Integers
    most: Integers
    tally: Tally
    ballots: int


def parts_of(
    kind: Kind,
    units: Units,
    *,
    bound: Bound,
    sampling: str,
    risk_limit: float,
    records: Votes | None = None,
    reported: Decision | None = None,
) -> Parts:
    """Everything that follows; VeedorError if the reported votes, or the records, do not give the reported outcome."""
    tally = units.tally()
    every = assertions_for(units.contest, tally, reported)
    if not every:
        raise VeedorError(f"{units.contest.id}: nothing to audit; every choice is elected whatever the votes")
    if kind in BALLOT_KINDS:
        return _of_ballots(kind, units, every, risk_limit, records)
    limits = tuple(bounds(units, assertion, bound) for assertion in every)
    weight = np.ones(len(units.ids), dtype=np.int64) if sampling == "equal_probability" else weights(limits)
    planned = []
    for one in limits:
        if kind == "regions":
            # Every region draws a sample of its own: no one number of draws could be stated here.
            draws = None
        elif sampling == "equal_probability":
            draws = equal_probability_draws(one, risk_limit)
        else:
            draws = draws_without_error(one.total, risk_limit)
        planned.append(_planned(one.assertion, tally, float(one.total), draws))
    return Parts(
        assertions=every,
        planned=tuple(planned),
        bounds=limits,
        weight=weight,
        most=units.bounds(bound),
        tally=tally,
        ballots=tally.cast,
    )


def _of_ballots(
    kind: Kind, units: Units, every: tuple[Assertion, ...], risk_limit: float, records: Votes | None
) -> Parts:
    counted = [assertion.label for assertion in every if assertion.counts_registered]
    if counted:
        raise VeedorError(f"{counted[0]} counts registered voters; ballots alone cannot show it")
    tally = units.tally()
    whole = ballots_of(units, records)
    if kind == "ballot_comparison":
        if records is None:
            raise VeedorError("a ballot comparison needs the cast vote records: --records FILE")
        tally = tally_of(records, units.contest, whole)
        every = assertions_for(units.contest, tally, decision_of(units.contest, units.tally()))
    planned = []
    for assertion in every:
        margin, upper = float(assertion.margin(tally, whole)), float(assertion.upper_bound)
        if margin <= 0:
            raise VeedorError(f"{assertion.label} has no margin in the reported votes; count all ballots")
        draws = ballot_comparison_draws(margin, upper, risk_limit) if kind == "ballot_comparison" else None
        planned.append(_planned(assertion, tally, 2 * upper / margin, draws))
    return Parts(
        assertions=every,
        planned=tuple(planned),
        bounds=(),
        weight=units.cast,
        most=units.cast,
        tally=tally,
        ballots=whole,
    )


def ballots_of(units: Units, records: Votes | None) -> int:
    """Ballots that a sample is drawn from: those reported, or the records if there are more of them."""
    return max(int(units.cast.sum()), len(records or ()))


def tally_of(records: Votes, contest: Contest, ballots: int) -> Tally:
    """Totals of the records; ballots without a record are blank."""
    if ballots < len(records):
        raise VeedorError(f"{len(records):,} records, but {ballots:,} ballots")
    votes = dict.fromkeys(contest.choice_ids, 0)
    for vote in records.values():
        if vote is not None:
            votes[vote] += 1
    return Tally(sheets=1, registered=ballots, votes=votes, blank=ballots - sum(votes.values()), null=0)


def _planned(assertion: Assertion, tally: Tally, total: float, draws: int | None) -> PlannedAssertion:
    """One assertion as the plan states it. total: error bound in margins; of ballots 2u / v."""
    margin: Fraction = assertion.total(tally)
    return PlannedAssertion(
        label=assertion.label,
        sentence=names(assertion.sentence),
        arithmetic=names(assertion.arithmetic(tally)),
        scores=dict(assertion.scores),
        blank=assertion.blank,
        null=assertion.null,
        absent=assertion.absent,
        strict=assertion.strict,
        upper_bound=assertion.upper_bound,
        margin_votes=margin,
        total_error_bound=round(total, 6),
        draws_without_error=draws,
    )
