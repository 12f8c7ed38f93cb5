"""Elections whose files say little: no places, no rolls, no blank or null votes, one choice."""

import pytest

from tests.checks.world import EVENING, HOUR, table
from veedor.checks import CHECKS, CheckInputs, run_checks
from veedor.election.read import election_from
from veedor.errors import VeedorError
from veedor.finding import Verdict
from veedor.sheets import series_of
from veedor.sheets.dataset import in_memory

BARE = """
id = "bare"
name = { en = "Bare" }
date = 2024-05-12
timezone = "America/La_Paz"

[[contests]]
id = "question"
name = { en = "Question" }
rule = { kind = "plurality" }
choices = [CHOICES]

[[counts]]
id = "only"
kind = "official"
name = { en = "Only count", es = "Único conteo" }
sources = [{ files = "only-{time:%Y%m%d_%H%M%S}.csv", layout = "plain" }]

[layouts.plain.columns]
station = "station"
votes = { VOTES }
"""


def bare(choices: tuple[str, ...], states: int) -> CheckInputs:
    names = ", ".join(f'{{ id = "{name}", name = {{ en = "{name}" }} }}' for name in choices)
    columns = ", ".join(f'{name} = "{name}"' for name in choices)
    election = election_from(BARE.replace("CHOICES", names).replace("VOTES", columns))
    made = [{"station": f"{n}", **{f"votes.{name}": 10 + n for name in choices}} for n in range(1, 9)]
    whole = [(EVENING + n * HOUR, table(made[: 4 + 2 * n], election)) for n in range(states)]
    count = election.counts[0]
    return CheckInputs(dataset=in_memory(election, [series_of(election, election.contests[0], count, whole)]))


@pytest.mark.parametrize("choices", [("yes", "no"), ("only",)])
@pytest.mark.parametrize("states", [1, 3])
def test_every_check_answers(choices: tuple[str, ...], states: int) -> None:
    findings = run_checks(bare(choices, states))
    assert [finding.check for finding in findings] == list(CHECKS)
    for finding in findings:
        assert finding.verdict is not Verdict.DOES_NOT_HOLD, finding.summary.en
        assert finding.looked_at or finding.verdict is Verdict.UNDECIDED


def test_what_needs_a_place_a_roll_or_a_second_count_is_undecided() -> None:
    # Two states of one count are a pair to reconcile.
    undecided = {
        finding.check for finding in run_checks(bare(("yes", "no"), 2)) if finding.verdict is Verdict.UNDECIDED
    }
    assert undecided == {
        "sums",
        "ballots_over_registered",
        "full_turnout",
        "identical_rows",
        "registered_differs",
        "geography_differs",
        "station_numbers",
        "stations_per_place",
    }


def test_without_any_data_there_is_nothing_to_check() -> None:
    given = bare(("yes", "no"), 1)
    with pytest.raises(VeedorError, match="no count has data"):
        run_checks(CheckInputs(dataset=in_memory(given.election, [])))
