"""Clean elections give no alarms above the level; planted changes are seen; a method that cannot apply says so."""

import numpy as np
import pytest

from tests.parsed import parsed
from veedor.command import Command
from veedor.finding import Verdict
from veedor.forensics.findings import findings_of, study_as_json
from veedor.forensics.methods.duplicates import duplicates
from veedor.forensics.methods.integers import integer_percentages
from veedor.forensics.registry import METHODS
from veedor.forensics.stations import Stations
from veedor.forensics.study import study


def clean(seed: int, stations: int = 1500, size: int = 600) -> Stations:
    """Stations of places of five that vote alike within a place."""
    rng = np.random.default_rng(seed)
    places = np.arange(stations) // 5
    registered = rng.integers(size // 2, size, stations)
    turnout = rng.beta(14, 6, places.max() + 1)[places]
    took_part = rng.binomial(registered, turnout)
    shares = rng.dirichlet((12, 9, 3, 0.6), places.max() + 1)[places]
    ballots = rng.multinomial(took_part, shares)
    return Stations(
        names=tuple(str(number) for number in range(stations)),
        choices=("a", "b", "c"),
        registered=registered,
        votes=ballots[:, :3].copy(),
        empty=ballots[:, 3].copy(),
        turned_out=took_part,
        leader=0,
        levels=("precinct",),
        places=(places,),
    )


@pytest.mark.slow
def test_integer_percentages_keep_their_level_on_clean_elections() -> None:
    alarms = sum(found.either.p_value <= 0.05 for seed in range(60) if (found := integer_percentages(clean(seed))))
    assert alarms <= 8  # P(Bin(60, 0.05) > 8) = 0.003


def test_rounded_results_are_seen() -> None:
    stations = clean(1, size=4000)  # a vote is less than 0.05 per cent of a station's ballots
    cast = stations.cast[:300]
    stations.votes[:300, 0] = np.minimum(np.round(cast * 0.7), cast - stations.votes[:300, 2])
    stations.votes[:300, 1] = cast - stations.votes[:300, 0] - stations.votes[:300, 2] - stations.empty[:300]
    found = integer_percentages(stations)
    assert found
    assert found.result.excess > 200
    assert found.either.p_value < 1e-6


@pytest.mark.slow
def test_a_few_repeated_rows_more_or_less_are_no_alarm() -> None:
    alarms = copied = 0
    for seed in range(60):
        stations = clean(seed, stations=600, size=120)
        alarms += repeated_p(stations) <= 0.05
        stations.votes[10:40] = stations.votes[500:530]
        copied += repeated_p(stations) <= 0.05
    assert alarms <= 8  # P(Bin(60, 0.05) > 8) = 0.003
    assert copied >= 55


def repeated_p(stations: Stations) -> float:
    """p of the pairs of repeated rows among those of clean elections."""
    answer = study(stations, ["repeated_rows"]).answers[0]
    assert answer.p_value is not None
    return answer.p_value


def test_copied_rows_are_counted() -> None:
    stations = clean(2)
    before = duplicates(stations)
    stations.votes[10:20] = stations.votes[500:510]
    after = duplicates(stations)
    assert before
    assert after
    assert after.pairs == before.pairs + 10


@pytest.mark.slow
def test_every_answer_says_what_it_cannot_show_and_the_same_seed_gives_the_same_figures() -> None:
    first, again = (study(clean(4, 400), draws=5, seed=7) for _ in range(2))
    findings = findings_of(first, Command(words=("x",)))
    document = parsed(study_as_json(first, findings, election="x", contest="y", count="z"))
    listed = findings_of(again, Command(words=("x",)))
    assert document == parsed(study_as_json(again, listed, election="x", contest="y", count="z"))
    assert [row["method"] for row in document["methods"]] == list(METHODS)
    for finding in findings:
        for text in (finding.cannot_show, finding.other_explanations, finding.expected, finding.summary):
            assert text.en != text.es
        said = " ".join((finding.title.en, finding.summary.en)).lower()
        assert "fraud" not in said
        assert "irregular" not in said
    given = [row for row in document["methods"] if row["statistic"] is not None]
    assert len(given) >= 6
    for row in given:
        if row["method"] == "local_outliers":  # a list, no test
            assert row["p_value"] is row["p_adjusted_bh"] is row["p_adjusted_bonferroni"] is None
            continue
        assert row["p_adjusted_bonferroni"] >= row["p_adjusted_bh"] >= row["p_value"]


def test_methods_that_do_not_apply_say_so_and_give_no_figure() -> None:
    small = study(clean(5, 60, size=40), draws=3)
    for answer, finding in zip(small.answers, findings_of(small, Command(words=("c",))), strict=True):
        assert answer.measured is None
        assert answer.p_value is None
        assert finding.verdict is Verdict.UNDECIDED
        assert finding.summary.en.startswith("Not applicable.")
    tiny_counts = study(clean(6, 400, size=60), ["last_digit"], draws=2)
    assert tiny_counts.answers[0].measured is None
