"""Audit: the public sample against a bare loop, and risk against the limits that the other audit tools set."""

import hashlib
import heapq
from fractions import Fraction

import numpy as np

from bench.measure import Result, against_limit, paired
from veedor.audit.statistics.ballot_values import comparison_null, comparison_values, expecting
from veedor.audit.statistics.martingale import Null, stopping_times, wealth
from veedor.audit.statistics.polling_simulated import simulate_polling
from veedor.audit.statistics.sheet_comparison import macro
from veedor.draw.sampling import equal_probability

SHEETS, DRAWS, AUDITS = 34_555, 1000, 200
SEED = "31415926535897932384"


def run() -> list[Result]:
    """The four works of the table in the methods page; Arlo and SHANGRLA are not on PyPI, hence limits."""
    return [sample(), macro_risk(), polling(), comparison()]


def sample() -> Result:
    """1,000 of a million ids by SHA-256 ticket, against hashlib and heapq with nothing around them."""
    ids = [f"{n:07d}" for n in range(1_000_000)]

    def bare() -> list[tuple[bytes, str]]:
        return heapq.nsmallest(DRAWS, ((hashlib.sha256(f"{SEED}{unit}".encode()).digest(), unit) for unit in ids))

    ours, theirs = paired(lambda: equal_probability(ids, SEED, DRAWS), bare, rounds=3)
    return Result(what="1,000 of 1,000,000 ids", ours=ours, theirs=theirs, peer="hashlib and heapq", most=1.2)


def macro_risk() -> Result:
    """MACRO risk of 1,000 draws on 34,555 sheets (Arlo 268 ms)."""
    rng = np.random.default_rng(1)
    over, shares = rng.integers(-3, 4, SHEETS) * (rng.random(SHEETS) < 0.02), rng.uniform(0.002, 0.01, SHEETS)
    margin = 34_671.9
    places = rng.integers(0, SHEETS, DRAWS)

    def ours() -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        total = float(shares.sum())
        return macro(over[places] / margin / shares[places], total)

    seconds, _ = paired(ours, lambda: None)
    return against_limit("MACRO risk of 1,000 draws, 34,555 sheets", seconds, 0.005)


def polling() -> Result:
    """200 ALPHA polling audits of 100,000 ballots with a margin of 2 % (SHANGRLA 10.0 s; mean 16,821 draws)."""
    null = Null(mean=0.5, size=100_000)

    def ours() -> float:
        rng = np.random.default_rng(1)
        return simulate_polling([0.0, 1.0], [49_000, 51_000], null, 0.05, AUDITS, rng, eta=0.51).mean

    mean = ours()
    assert abs(mean - 16_821) < 3500, f"mean {mean:,.0f} draws: four Monte-Carlo errors of 200 audits are 3,400"
    seconds, _ = paired(ours, lambda: None, rounds=3)
    return against_limit(f"200 polling audits, ALPHA, mean {mean:,.0f} draws", seconds, 0.3)


def comparison() -> Result:
    """200 comparison audits, 0.1 % one-vote and 0.01 % two-vote overstatements (SHANGRLA 1.29 s; mean 353, p90 438).

    The bet is that of SHANGRLA's `optimal_comparison` with error_rate_2 = 0.0001, a margin of 2 %, 100,000 cards: with
    two one-vote overstatements it takes exactly 438 draws (tests/audit/test_risk.py). Over many audits its mean is 340;
    one of 200 audits has a Monte-Carlo error of 7.3, so that both 353 and the mean printed here lie within two.
    """
    margin, upper = 0.02, 1.0
    rates = np.array([float(Fraction(1, 10_000)), float(Fraction(1, 1000))])

    def ours() -> float:
        rng = np.random.default_rng(1)
        chance = rng.random((AUDITS, 1500))
        omega = np.where(chance < rates[0], 1.0, np.where(chance < rates.sum(), 0.5, 0.0))
        x = comparison_values(omega, np.zeros_like(omega), margin, upper)
        after = wealth(x, comparison_null(margin, upper, 100_000), expecting(margin, upper, 1e-4))
        needed = stopping_times(after, 0.05)
        return float(needed[needed > 0].mean())

    mean = ours()
    assert abs(mean - 353) < 41, f"mean {mean:.0f} draws: four Monte-Carlo errors of twice 200 audits are 41"
    seconds, _ = paired(ours, lambda: None, rounds=3)
    return against_limit(f"200 comparison audits, mean {mean:.0f} draws", seconds, 0.1)
