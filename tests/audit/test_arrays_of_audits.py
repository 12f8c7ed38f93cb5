"""Wealth, P-values and stopping times of several audits at once, each by hand and as if it stood alone."""

from math import inf, sqrt

import numpy as np
import pytest

from veedor.audit.statistics.martingale import (
    Null,
    adaptive,
    alternative,
    capped,
    fixed,
    p_values,
    risk,
    shrink_truncate,
    stopping_times,
    wealth,
)


def test_an_audit_that_refutes_the_null_says_nothing_of_the_audits_beside_it() -> None:
    """Four units with a mean of at most 1/2 sum to at most 2: three draws of 1 refute that, three of 0 do not."""
    x = np.array([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
    after = wealth(x, Null(mean=0.5, size=4), fixed(0.0))
    assert after[0].tolist() == [1.0, 1.0, inf]
    # After two draws of 0 the two units left must both be 1 if the null is just true: still possible.
    assert after[1, :2].tolist() == [1.0, 1.0]
    assert np.isfinite(after[1:]).all()


@pytest.mark.parametrize("size", [None, 12])
@pytest.mark.parametrize("bet", [capped(0.9), adaptive(0.4), alternative(0.7), shrink_truncate(0.7, 10)])
def test_each_of_several_audits_has_the_wealth_that_it_has_alone(bet: object, size: int | None) -> None:
    x = np.random.default_rng(5).choice([0.0, 0.5, 1.0], size=(6, 12), p=[0.2, 0.2, 0.6])
    null = Null(mean=0.5, size=size)
    together = wealth(x, null, bet)  # type: ignore[arg-type]
    for one, alone in zip(together, x, strict=True):
        np.testing.assert_allclose(one, wealth(alone, null, bet), rtol=1e-12)  # type: ignore[arg-type]


def test_the_p_value_is_one_over_the_greatest_wealth_so_far_of_the_same_audit() -> None:
    after = np.array([[2.0, 1.0, 4.0], [0.5, 1.0, 8.0], [0.0, inf, 0.0]])
    assert p_values(after).tolist() == [[0.5, 0.5, 0.25], [1.0, 1.0, 0.125], [1.0, 0.0, 0.0]]


def test_the_risk_is_the_p_value_after_all_draws() -> None:
    """A bet of 1 against a mean of 1/2: a draw of 1 multiplies by 1 + 1/2, a draw of 0 by 1 - 1/2."""
    null = Null(mean=0.5)
    assert risk(np.array([1.0]), null, fixed(1.0)) == pytest.approx(1 / 1.5)
    assert risk(np.array([1.0, 1.0]), null, fixed(1.0)) == pytest.approx(1 / 2.25)
    assert risk(np.array([1.0, 1.0, 0.0]), null, fixed(1.0)) == pytest.approx(1 / 2.25)
    assert risk(np.array([0.0, 1.0, 1.0]), null, fixed(1.0)) == pytest.approx(1 / 1.125)
    assert risk(np.array([]), null, fixed(1.0)) == 1.0


def test_an_audit_stops_at_the_first_draw_that_meets_its_limit_and_at_0_if_none_does() -> None:
    after = np.array([[1.0, 19.0, 21.0, 40.0], [1.0, 2.0, 3.0, 19.9], [20.0, 0.0, 0.0, 30.0]])
    assert stopping_times(after, 0.05).tolist() == [3, 0, 1]


def test_alpha_stays_half_the_reported_margin_above_the_null_unless_told() -> None:
    """Stark 2023, 2.5.2: estimate >= mu + c / sqrt(d + i - 1), c = (eta - mu) / 2 = 0.1; bet (estimate / mu - 1) / mu.

    After five draws of 0 the shrunk mean is 10 * 0.7 / 15 < 1/2, so that the sixth bet is 4 * 0.1 / sqrt(15).
    """
    x = np.array([0.0] * 6)
    null = Null(mean=0.5)
    bets = shrink_truncate(0.7, 10)(x, null.means(x), null)
    assert bets[0] == pytest.approx((0.7 / 0.5 - 1) / 0.5)
    assert bets[5] == pytest.approx(0.4 / sqrt(15))
