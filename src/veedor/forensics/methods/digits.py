"""Second digits against Benford's law (Mebane 2006) and last digits against equal chances (Beber & Scacco 2012)."""

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, ndtr

from veedor.forensics.stations import Floats, Ints

FEWEST = 100
"""Counts that a test needs."""
THREE_DIGITS = 100
"""The last digit is tested on counts of at least three digits."""

SECOND_DIGIT: Floats = np.array([sum(np.log10(1 + 1 / (10 * k + d)) for k in range(1, 10)) for d in range(10)])
"""P(second digit = d) = sum over k = 1..9 of log10(1 + 1 / (10 k + d))."""
SECOND_MEAN = float(SECOND_DIGIT @ np.arange(10))
SECOND_SD = float(np.sqrt(SECOND_DIGIT @ np.arange(10) ** 2 - SECOND_MEAN**2))


@dataclass(frozen=True, kw_only=True)
class Digits:
    """counts: int[10]; mean and its standard error from the sample; chi2 with 9 degrees of freedom, its p-value.

    p_value: of the mean, two-sided, against `reference`. zero_five: share of 0 and 5 (C05s); percent_zero_five: the
    same for rounded percentages (P05s), None where it is not asked.
    """

    n: int
    counts: Ints
    mean: float
    se: float
    reference: float
    chi2: float
    p_chi2: float
    p_value: float
    zero_five: float
    percent_zero_five: float | None = None


def second_digit(votes: Ints) -> Digits | None:
    """Second digits of counts of at least two digits; None with fewer than FEWEST of them."""
    counts = votes[votes >= 10]
    if len(counts) < FEWEST:
        return None
    return _digits(second_digits(counts), SECOND_DIGIT, SECOND_MEAN, SECOND_SD)


def second_digits(counts: Ints) -> Ints:
    """The second digit from the left of whole numbers of at least two digits."""
    powers = 10 ** np.arange(1, 19, dtype=np.int64)
    longer = np.searchsorted(powers, counts, side="right")
    digits: Ints = counts // 10 ** np.maximum(longer - 1, 0) % 10
    return digits


def last_digit(votes: Ints, valid: Ints | None = None, *, least: int = THREE_DIGITS) -> Digits | None:
    """Last digits of counts of at least `least`; None with fewer than FEWEST of them. valid: for P05s."""
    keep = votes >= least
    if keep.sum() < FEWEST:
        return None
    share = None
    if valid is not None:
        of = np.maximum(valid[keep], 1)
        whole = (200 * votes[keep] + of) // (2 * of)
        share = float(np.isin(whole % 10, (0, 5)).mean())
    uniform = np.full(10, 0.1)
    return _digits(votes[keep] % 10, uniform, 4.5, float(np.sqrt(8.25)), share)


def _digits(digits: Ints, chances: Floats, mean: float, sd: float, percent: float | None = None) -> Digits:
    n = len(digits)
    counts = np.bincount(digits, minlength=10).astype(np.int64)
    distance = float(((counts - n * chances) ** 2 / (n * chances)).sum())
    found = float(digits.mean())
    return Digits(
        n=n,
        counts=counts,
        mean=found,
        se=float(digits.std(ddof=1) / np.sqrt(n)),
        reference=mean,
        chi2=distance,
        p_chi2=float(chdtrc(9, distance)),
        p_value=float(2 * ndtr(-abs(found - mean) / (sd / np.sqrt(n)))),
        zero_five=float((counts[0] + counts[5]) / n),
        percent_zero_five=percent,
    )
