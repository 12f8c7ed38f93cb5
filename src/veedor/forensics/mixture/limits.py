"""What the mixture's chains must reach before a fraction is shown, and clean elections before a verdict is given."""

from collections.abc import Sequence

from veedor.finding import Verdict

MOST_RHAT = 1.01
LEAST_ESS = 400.0
LEAST_BFMI = 0.3
MOST_TAIL = 0.7
"""Pareto's k of the thinning's weights above which they say nothing reliable."""
PRIOR_MEAN_NONE = 0.5232481437645478
"""3 ln 3 - 4 ln 2: mean of pi_1 in qbl and bl before any station is seen; in rn it is a third."""
LEAST_PLACEBO = 19
"""Clean elections needed before this election can be said to stand out from them: the smallest rank is then 1 / 20."""


def prior_mean_none(variant: str) -> float:
    """Mean fraction in state none before any station is seen."""
    return 1 / 3 if variant == "rn" else PRIOR_MEAN_NONE


def verdict_of(outside: float | None, clean: Sequence[float | None]) -> Verdict:
    """By the rank of the fraction outside state none among clean elections; None where chains do not agree."""
    known = [one for one in clean if one is not None]
    if outside is None or len(known) < LEAST_PLACEBO or len(known) < len(clean):
        return Verdict.UNDECIDED
    return Verdict.DOES_NOT_HOLD if outside > max(known) else Verdict.HOLDS
