"""Bolivia 2019: the figures of a real audit plan. Expected values: derived independently, see tests/vectors/audit."""

from pathlib import Path

import numpy as np
import pytest

from veedor.audit.assertions.from_rule import assertions_for
from veedor.audit.planning.overview import overview
from veedor.audit.statistics.martingale import capped
from veedor.audit.statistics.sample_sizes import simulate_sheets, undoing
from veedor.audit.statistics.sheet_comparison import UNIT, bounds, draws_without_error, overstatements, taints, weights
from veedor.audit.units import Units

pytestmark = pytest.mark.slow


def test_the_reported_outcome_gives_f_and_d_for_the_eight_others(official: Units) -> None:
    labels = [assertion.label for assertion in assertions_for(official.contest, official.tally())]
    others = [choice for choice in official.contest.choice_ids if choice != "MAS-IPSP"]
    assert labels == ["F(MAS-IPSP)", *(f"D({choice})" for choice in others)]
    assert len(others) == 8


@pytest.mark.parametrize(
    ("bound", "total", "draws"),
    [("ballots", 205.966, {0.05: 616, 0.1: 474, 0.01: 947}), ("registered", 233.09, {0.05: 697})],
)
def test_the_close_assertion(official: Units, bound: str, total: float, draws: dict[float, int]) -> None:
    by_label = {one.label: one for one in assertions_for(official.contest, official.tally())}
    lead = by_label["D(CC)"]
    tally = official.tally()
    assert float(lead.total(tally)) == 34_671.9
    assert float(lead.margin(tally, tally.cast)) == pytest.approx(0.004879, abs=5e-7)
    found = bounds(official, lead, bound)  # type: ignore[arg-type]
    assert float(found.total) == pytest.approx(total, abs=0.005)
    for limit, number in draws.items():
        assert draws_without_error(found.total, limit) == number


def test_what_every_plan_prints(official: Units) -> None:
    """79 altered sheets at the least; 168 missing ones of average size, or the 78 with the largest bounds; 1,483."""
    lead = next(one for one in assertions_for(official.contest, official.tally()) if one.label == "D(CC)")
    found = undoing(official, lead)
    assert (found.altered, found.missing_average, found.missing_largest) == (79, 168, 78)
    document = overview(official, "registered", 0.05)
    assert document.closest == "D(CC)"
    assert document.equal_probability_sheets == 1483
    assert [cost.draws for cost in document.costs if cost.risk_limit == 0.05] == [697]


def test_at_28975_sheets_the_outcome_was_a_runoff(before_the_stop: Units) -> None:
    """The plan derives a runoff's assertions, and says which of them are the close ones."""
    assert len(before_the_stop.ids) == 28_975
    document = overview(before_the_stop, "registered", 0.05)
    assert document.outcome.result == "runoff"
    assert set(document.outcome.choices) == {"MAS-IPSP", "CC"}
    labels = [one.label for one in document.assertions]
    assert labels[:2] == ["notD(MAS-IPSP, CC)", "notM(MAS-IPSP)"], "the close ones come first"
    assert {label for label in labels if label.startswith("P(")} == {
        f"P({one}, {other})"
        for one in ("MAS-IPSP", "CC")
        for other in before_the_stop.contest.choice_ids
        if other not in ("MAS-IPSP", "CC")
    }


def test_the_preliminary_count_as_findings(official: Units, after_the_stop: Units) -> None:
    """2,000 simulated audits (Kaplan-Markov, registered voters as bound): mean 745 +- 10 draws, 90th percentile 884."""
    lead = next(one for one in assertions_for(official.contest, official.tally()) if one.label == "D(CC)")
    bound = bounds(official, lead, "registered")
    figures = official.figures.copy()
    rows = [official.position[station] for station in after_the_stop.ids]
    figures[rows] = after_the_stop.figures
    everywhere = np.arange(len(official.ids))
    over = overstatements(bound, official, everywhere, figures)
    assert len(rows) == 32_806
    assert int((over != 0).sum()) == 533
    weight = weights([bound])
    taint = taints(bound, everywhere, over, weight)
    rng = np.random.default_rng(20191020)
    found = simulate_sheets(taint, weight / weight.sum(), int(weight.sum()) / UNIT, capped(1.0), 0.05, 2000, rng)
    assert found.confirmed == found.audits == 2000
    assert found.mean == pytest.approx(745, abs=10)
    assert found.percentile_90 == pytest.approx(884, abs=20)


def test_a_plan_of_the_real_election(official: Units, tmp_path: Path) -> None:
    """It is written, read again, and follows from its own files."""
    from tests.audit import builders
    from veedor.audit.verify import verify

    builders.make(tmp_path, builders.terms(builders.signatories(builders.keys())), official)
    steps = verify(tmp_path)
    assert [step.name for step in steps if step.done] == ["files", "plan", "history"]
    assert "34555 sheets" in steps[0].says
