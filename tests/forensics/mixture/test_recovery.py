# ruff: noqa: E402 - JAX is set up before it is used
"""Chains recover the fractions of an election drawn from the model, and agree among themselves."""

import numpy as np
import pytest

pytest.importorskip("jax")

from veedor.forensics.mixture.backend import prepare

prepare(chains=4)

from tests.forensics.mixture.elections import election
from veedor.forensics.mixture.sampling import Settings
from veedor.forensics.mixture.study import fit_counts

pytestmark = pytest.mark.slow


def test_chains_recover_the_fractions_of_an_election_drawn_from_the_model() -> None:
    counts, states = election("qbl", 100, seed=5)
    found = fit_counts(counts, "qbl", Settings(chains=2, warmup=100, draws=120, seed=1))
    seen = found.diagnostics
    # 240 draws: R-hat of the worst of 15 parameters scatters by 0.02 around what long chains have.
    assert seen.rhat < 1.06
    assert min(seen.ess_bulk, seen.ess_tail) > 80
    assert seen.divergences == 0
    # Of the 100 stations drawn, not of the fractions behind them; 0.1 is two errors of a count of 100.
    for fraction, share in zip(found.fractions(), np.bincount(states, minlength=3) / 100, strict=True):
        assert fraction.low - 0.1 < share < fraction.high + 0.1
    assert found.fractions()[0].high - found.fractions()[0].low < 0.45
