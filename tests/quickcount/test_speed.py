"""A whole night's sample with 1,000 replicates takes less than two seconds of one processor."""

import time

import numpy as np
import numpy.typing as npt
import pytest

from veedor.quickcount.bootstrap import replicates
from veedor.quickcount.ratio import Separate, ratio
from veedor.quickcount.weights import Weighting

STATIONS, STRATA = 7787, 350


def night(rng: np.random.Generator) -> tuple[npt.NDArray[np.float64], Weighting]:
    """Six choices, null, total and roll of stations in strata of about 22, five in a hundred of the election each."""
    cell = np.sort(np.concatenate([np.repeat(np.arange(STRATA), 2), rng.integers(0, STRATA, STATIONS - 2 * STRATA)]))
    roll = rng.integers(300, 750, STATIONS)
    turnout = rng.binomial(roll, 0.63)
    votes = np.array([rng.multinomial(number, (0.53, 0.22, 0.16, 0.05, 0.01, 0.005, 0.025)) for number in turnout])
    values = np.column_stack([votes, turnout, roll]).astype(np.float64)
    held = np.bincount(cell)
    weighting = Weighting(
        cell=cell,
        weight=np.full(STATIONS, 20.0),
        group=cell,
        fraction=np.full(STRATA, 0.05),
        stations=(held * 20.0).astype(np.float64),
        roll=(np.bincount(cell, weights=roll) * 20.0).astype(np.float64),
        collapsed=(),
        strata=STRATA,
        received=STRATA,
        empty=0,
    )
    return values, weighting


@pytest.mark.slow
@pytest.mark.parametrize("separate", [False, True])
def test_a_thousand_replicates_of_a_whole_sample(separate: bool) -> None:
    values, weighting = night(np.random.default_rng(1))
    assert weighting.roll is not None
    by_voters = Separate(roll=values[:, -1], totals=weighting.roll) if separate else None
    start = time.process_time()
    drawn = replicates(values, weighting, number=1000, seed=1, separate=by_voters)
    assert time.process_time() - start < 2.0
    errors = (drawn[:, :4] / drawn[:, [-2]]).std(axis=0, ddof=1)
    linear = [ratio(values[:, at], values[:, -2], weighting, by_voters).error for at in range(4)]
    assert errors / linear == pytest.approx(np.ones(4), abs=0.07)
