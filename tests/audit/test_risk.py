"""No test confirms a wrong outcome more often than its risk limit; simulated at the null, for every kind and shape.

The full run, with 20,000 audits each, is `python -m tests.audit.simulated_risk`; see docs/reference/audit-risk.json.
"""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.audit import simulated_risk
from tests.audit.simulated_risk import LIMITS, Wrong, allowed, confirmed, stratified_confirmed, wrong_outcomes
from veedor.audit.assertions.statements import Statements
from veedor.audit.statistics.martingale import Null, adaptive, alternative, capped, p_values, shrink_truncate, wealth
from veedor.audit.statistics.sheet_comparison import bounds
from veedor.audit.units import Units
from veedor.election import Threshold

AUDITS = 1000
RUN = Path(__file__).parents[2] / "docs/reference/audit-risk.json"
COMBINATIONS = [(wrong, name) for wrong in wrong_outcomes(300) for name in wrong.bets]


@pytest.mark.parametrize(("wrong", "name"), COMBINATIONS, ids=[f"{w.kind}: {w.shape}: {n}" for w, n in COMBINATIONS])
def test_a_wrong_outcome_is_confirmed_at_most_at_the_risk_limit(wrong: Wrong, name: str) -> None:
    rates = confirmed(wrong, wrong.bets[name], AUDITS, np.random.default_rng(11))
    for limit, rate in zip(LIMITS, rates, strict=True):
        assert rate <= allowed(limit, AUDITS)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["product", "fisher"])
def test_strata_confirm_a_wrong_outcome_at_most_at_the_risk_limit(method: str) -> None:
    for rates in stratified_confirmed(method, 60, np.random.default_rng(12)).values():
        for limit, rate in zip(LIMITS, rates, strict=True):
            assert rate <= allowed(limit, 60)


def test_the_full_run_on_record_keeps_every_limit() -> None:
    run = json.loads(RUN.read_text(encoding="utf-8"))
    assert run["audits"] >= 20_000
    seen = {(row["kind"], row["shape"], row["test"]) for row in run["rows"]}
    assert seen >= {(wrong.kind, wrong.shape, name) for wrong, name in COMBINATIONS}
    for row in run["rows"]:
        audits = 1000 if row["kind"] == "two strata" else run["audits"]
        for limit, rate in zip(LIMITS, row["confirmed"], strict=True):
            assert rate <= allowed(limit, audits), row


def test_the_simulation_notices_a_test_that_is_not_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wealth multiplied up twice (the fault of a well-known SPRT) confirms ties far above the limit."""
    honest = wealth
    monkeypatch.setattr(
        simulated_risk, "wealth", lambda *given: np.exp(np.cumsum(np.log(np.maximum(honest(*given), 1e-9)), axis=-1))
    )
    tie = next(wrong for wrong in wrong_outcomes(300) if wrong.shape == "a tie")
    rates = confirmed(tie, tie.bets["ALPHA, fixed alternative"], AUDITS, np.random.default_rng(13))
    assert rates[1] > 0.3


@pytest.mark.slow
def test_the_real_election_made_wrong_by_the_fewest_sheets(official: Units) -> None:
    """Bolivia 2019, just enough sheets altered: 4.8 % (+-0.2) confirmed in 12,000 runs elsewhere, at a 5 % limit."""
    assertion = Statements(official.contest).leads("MAS-IPSP", "CC", Threshold(at_least=Fraction(1, 10)), "valid")
    u = bounds(official, assertion, "registered").shares
    e = simulated_risk.overstated("the fewest sheets, wholly wrong", u, np.random.default_rng(1))
    rng, sums = np.random.default_rng(2), np.cumsum(u)
    x = 1 - (e / u)[np.minimum(np.searchsorted(sums, rng.random((1000, 1200)) * sums[-1]), len(u) - 1)]
    after = wealth(np.maximum(x, 0), Null(mean=1 - 1 / sums[-1], upper=np.inf), capped(1.0))
    rate = float((after.max(axis=1) >= 20).mean())
    assert rate <= allowed(0.05, 1000)
    assert rate > 0.02, "the bound is nearly met: the fewest sheets are the worst case for this test"


@pytest.mark.slow
@given(
    st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=1, max_size=60),
    st.sampled_from([capped(0.5), capped(1.0), adaptive(0.4), alternative(0.7), shrink_truncate(0.7, 10)]),
    st.booleans(),
)
def test_risk_never_rises_and_lies_between_0_and_1(x: list[float], bet: object, with_size: bool) -> None:
    null = Null(mean=0.5, size=80 if with_size else None)
    after = wealth(np.array(x), null, bet)  # type: ignore[arg-type]
    assert (after >= 0).all()
    risk = p_values(after)
    assert ((risk >= 0) & (risk <= 1)).all()
    assert (np.diff(risk) <= 0).all()


@pytest.mark.slow
@given(st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=2, max_size=40), st.integers(1, 39))
def test_a_bet_knows_nothing_of_later_draws(x: list[float], cut: int) -> None:
    """The wealth after k draws does not depend on draws after them."""
    whole, part = np.array(x), np.array(x[:cut])
    for bet in (capped(0.9), adaptive(0.4), alternative(0.7), shrink_truncate(0.7, 10)):
        for size in (None, 50):
            null = Null(mean=0.5, size=size)
            assert wealth(whole, null, bet)[: len(part)] == pytest.approx(wealth(part, null, bet))


def test_a_sample_that_exceeds_the_null_total_refutes_it() -> None:
    after = wealth(np.ones(6), Null(mean=0.5, size=10), capped(0.5))
    assert np.isinf(after[5])
    assert not np.isinf(after[4])


def test_the_mean_of_what_is_left_down_to_the_last_unit() -> None:
    """ALPHA, section 2.2: (3 x 0.5 - what was drawn) / units left, of which there are 3, 2 and 1."""
    assert Null(mean=0.5, size=3).means(np.array([1.0, 0.0, 1.0])).tolist() == [0.5, 0.25, 0.5]


def test_the_estimate_is_truncated_just_below_the_bound() -> None:
    """Stark (2023), section 2.5.2: eta is at most u (1 - eps), and a bet of (u / mu - 1) / (u - mu) is 1 / mu."""
    bets = shrink_truncate(0.99, d=10)(np.ones(5), np.full(5, 0.99), Null(mean=0.5))
    assert bets == pytest.approx(1 / 0.99, abs=1e-9)


def test_a_population_that_can_no_longer_pass_has_no_evidence() -> None:
    """After eight zeros of ten the null is certain: the mean is at most 0.2."""
    after = wealth(np.array([0.0] * 8 + [1.0]), Null(mean=0.5, size=10), capped(0.5))
    assert after[-1] == 0


@pytest.mark.parametrize("wrong", [-0.1, 1.5, 0.0])
def test_a_share_of_the_bet_outside_its_range_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        capped(wrong)
