"""Super-simple ballot comparison: Kaplan-Markov with an inflated bound, by counts of overstatements.

Stark (2010), *Super-simple simultaneous single-ballot risk-limiting audits*. gamma > 1 inflates every ballot's bound,
so that a ballot misread by two votes does not end the audit; 1.03905 is the usual choice.
"""

from dataclasses import dataclass
from math import ceil, exp, log, log1p

GAMMA = 1.03905


@dataclass(frozen=True, kw_only=True)
class Misreadings:
    """Number of sampled ballots that overstate or understate the margin by one or two votes; or the rates expected."""

    over_one: float = 0.0
    over_two: float = 0.0
    under_one: float = 0.0
    under_two: float = 0.0

    def growth(self) -> float:
        """Their addition to ln P: log of 1 / (1 - taint) for each."""
        return -(
            self.over_one * log1p(-1 / (2 * GAMMA))
            + self.over_two * log1p(-1 / GAMMA)
            + self.under_one * log1p(1 / (2 * GAMMA))
            + self.under_two * log1p(1 / GAMMA)
        )


USUAL = Misreadings(over_one=0.001, over_two=0.0001, under_one=0.001, under_two=0.0001)
"""Rates that planning expects where nothing is known: 1 in 1,000 by one vote, 1 in 10,000 by two, either way."""


def risk(diluted_margin: float, ballots: int, found: Misreadings) -> float:
    """P after comparing this many ballots. diluted_margin: margin in votes over all ballots."""
    return min(1.0, exp(min(ballots * log1p(-diluted_margin / (2 * GAMMA)) + found.growth(), 0.0)))


def sample_size(diluted_margin: float, risk_limit: float, rates: Misreadings = USUAL) -> int | None:
    """Ballots to draw if misreadings come at these rates; None: a full count.

    As Arlo plans a first sample (`get_sample_sizes`): one-vote misreadings at their rate, rounded up to whole ballots;
    of two-vote ones the bare rate, less than a ballot. One that does turn up is answered by a larger next round.
    """
    per_ballot = log1p(-diluted_margin / (2 * GAMMA)) + rates.growth()
    if per_ballot >= 0:
        return None
    first = ceil(log(risk_limit) / per_ballot)
    expected = Misreadings(
        over_one=ceil(rates.over_one * first),
        over_two=rates.over_two,
        under_one=ceil(rates.under_one * first),
        under_two=rates.under_two,
    )
    return stopping_size(diluted_margin, risk_limit, expected)


def stopping_size(diluted_margin: float, risk_limit: float, found: Misreadings) -> int:
    """Ballots after which the limit is met, these misreadings among them (Stark 2010, equation 10)."""
    total = found.over_one + found.over_two + found.under_one + found.under_two
    return ceil(max(total, -2 * GAMMA * (log(risk_limit) - found.growth()) / diluted_margin))
