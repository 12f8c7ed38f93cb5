"""Elections that have little: no roll, no places, one choice, few, huge or no stations. A reason, not a traceback."""

from collections.abc import Callable

import numpy as np
import pytest

from tests.forensics.elections import of
from tests.parsed import parsed
from veedor.command import Command
from veedor.finding import Verdict
from veedor.forensics.comparison import chart
from veedor.forensics.findings import findings_of, study_document
from veedor.forensics.stations import Ints, Stations
from veedor.forensics.study import study


def _votes(size: int, choices: int, most: int, seed: int = 1) -> Ints:
    return np.random.default_rng(seed).integers(0, most, (size, choices))


def _none() -> Stations:
    return of(np.zeros(0, dtype=np.int64), np.zeros((0, 3), dtype=np.int64), places=np.zeros(0, dtype=np.int64))


def _no_roll() -> Stations:
    return of(np.zeros(800, dtype=np.int64), _votes(800, 3, 300), places=np.arange(800) // 4)


def _no_places() -> Stations:
    votes = _votes(800, 3, 300)
    return of(votes.sum(axis=1) + 100, votes)


def _one_choice() -> Stations:
    votes = _votes(800, 1, 300)
    return of(votes.sum(axis=1) + 100, votes, places=np.arange(800) // 4)


def _few() -> Stations:
    votes = _votes(3, 3, 300)
    return of(votes.sum(axis=1) + 100, votes, places=np.array([0, 0, 1]))


def _huge() -> Stations:
    votes = _votes(200, 3, 400_000)
    return of(votes.sum(axis=1) * 2 + 1, votes, places=np.arange(200) // 4)


def _nobody_voted() -> Stations:
    return of(np.full(300, 500), np.zeros((300, 2), dtype=np.int64), places=np.arange(300) // 3)


def _everyone_voted() -> Stations:
    votes = np.column_stack([np.full(600, 300), np.zeros(600, dtype=np.int64)])
    return of(np.full(600, 300), votes, places=np.arange(600) // 3)


def _more_than_the_roll() -> Stations:
    votes = _votes(600, 3, 300)
    return of(np.full(600, 10), votes, places=np.arange(600) // 3)


@pytest.mark.slow
@pytest.mark.parametrize(
    "make", [_none, _no_roll, _no_places, _one_choice, _few, _huge, _nobody_voted, _everyone_voted, _more_than_the_roll]
)
@pytest.mark.filterwarnings("error")
def test_an_election_with_little_gets_reasons(make: Callable[[], Stations]) -> None:
    done = study(make(), draws=3)
    findings = findings_of(done, Command(words=("x",)))
    document = study_document(done, findings, election="x", contest="y", count="z")
    for answer, finding, row in zip(done.answers, findings, document.methods, strict=True):
        if answer.measured is None or answer.measured.statistic is None:
            assert finding.verdict is Verdict.UNDECIDED
            assert row.statistic is None
            assert finding.summary.en.startswith(("Not applicable.", "No figure is given."))
            assert len(finding.summary.en) > 30
        else:
            assert np.isfinite(answer.measured.statistic)
    assert "NaN" not in str(parsed(document))
    for language in ("en", "es"):
        assert chart([document, document], language).startswith("<svg")


def test_methods_that_need_a_roll_say_so() -> None:
    findings = {finding.check: finding for finding in findings_of(study(_no_roll(), draws=3), Command(words=("x",)))}
    for name in ("integer_percentages", "klimek", "turnout_and_share", "resampled_density"):
        assert findings[name].summary.en.startswith("Not applicable. It needs")
        assert findings[name].summary.es.startswith("No aplicable. Necesita")
    assert findings["second_digit"].looked_at > 0
