"""False alarms that come with the package: they are the page's, and findings say them."""

import re
from pathlib import Path

import pytest

from tests.interruption.cases import simulated_split
from veedor.command import Command
from veedor.interruption.levels import family_level, level_of
from veedor.interruption.levels.said import with_level
from veedor.interruption.outstanding.needed_lead import needed_at
from veedor.interruption.outstanding.needed_lead_finding import needed_finding

DOCS = Path(__file__).parents[2] / "docs"


def _slug(heading: str) -> str:
    """As the documentation's site makes an address of a heading: small letters, hyphens, no other marks."""
    return re.sub(r"[^a-z0-9 -]", "", heading.lower()).strip().replace(" ", "-")


@pytest.mark.parametrize(
    ("check", "taken_for"),
    [
        ("lead_as_projected", None),
        ("lead_as_projected", "unrelated"),
        ("lead_as_projected", "tied"),
        ("lead_as_projected", "bending"),
        ("within_place_change", "tied"),
        ("jump_at_stop", None),
        ("trend_between_places", None),
        ("last_digit", None),
    ],
)
def test_every_finding_by_a_test_has_a_row_of_the_page(check: str, taken_for: str | None) -> None:
    level = level_of(check, taken_for)
    assert level is not None
    assert 0 <= level.fails <= level.elections
    assert level.taken_for == (taken_for if check == "lead_as_projected" else None)
    page, heading = level.row.split("#")
    text = (DOCS / page).read_text()
    headings = {_slug(line.lstrip("#")) for line in text.splitlines() if line.startswith("#")}
    assert heading in headings
    if check == "lead_as_projected" and taken_for is not None:
        assert f"| {taken_for} | {level.elections} | {100 * level.share:.1f} |" in text


def test_findings_of_fact_have_no_false_alarms() -> None:
    for check in ("sums", "publication_gaps", "outcome_settled_at_stop", "no_such_finding"):
        assert level_of(check) is None
    split = simulated_split(3)
    finding = needed_finding(split, needed_at(split), Command(words=("interruption", "x")))
    assert with_level(finding, "tied") is finding


def test_the_chance_of_any_alarm_in_a_dossier_is_told() -> None:
    level = family_level()
    assert level is not None
    assert level.elections >= 30
