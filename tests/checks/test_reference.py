"""The reference names what the checks give: every check, every key of an effect, every key of an item."""

import re
from pathlib import Path

import pytest

from tests.checks.world import inputs, rows, spoiled
from veedor.checks import CHECKS, run_checks
from veedor.finding import Finding, finding_as_json

ROOT = Path(__file__).resolve().parents[2]
CHECKS_PAGE = (ROOT / "docs/reference/checks.md").read_text(encoding="utf-8")
JSON_PAGE = (ROOT / "docs/reference/json-check.md").read_text(encoding="utf-8")
COMMON = {"stations", "votes", "count", "snapshot", "from", "to", "place", "registered"}
CHOICES = {"A", "B", "C", "blank", "null", "region", "precinct"}


def section(name: str) -> str:
    found = re.search(rf"^### {name}\n(.*?)(?=^##)", CHECKS_PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"no section on {name}"
    return found.group(1)


def keys(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*(keys(part) for part in value.values()))
    return set().union(*(keys(part) for part in value)) if isinstance(value, list | tuple) else set()


def spoilt() -> list[Finding]:
    """Findings with something in nearly every list."""
    many = rows(places=40, stations=4)
    official = spoiled(many, "101", **{"votes.A": 900})
    official = spoiled(official, "105", **dict.fromkeys(("votes.A", "votes.B", "votes.C"), 0))
    official = spoiled(official, "109", registered=many[8]["cast"])
    official = [row for row in official if row["station"] != "114"]
    first = spoiled(spoiled(many, "120", registered=1), "121", precinct="Elsewhere")
    return run_checks(inputs(official, [first, spoiled(many, "102", blank=50), many[5:]]))


@pytest.mark.slow
@pytest.mark.parametrize("name", list(CHECKS))
def test_a_section_names_every_key(name: str) -> None:
    text = section(name)
    for finding in spoilt():
        if finding.check == name:
            for key in (keys(dict(finding.effect)) | keys(list(finding.items))) - COMMON - CHOICES:
                assert f"`{key}`" in text, (name, key)


def test_the_table_lists_the_checks_in_their_order() -> None:
    assert re.findall(r"^\| \[`(\w+)`\]\(#\w+\) \|", CHECKS_PAGE, re.MULTILINE) == list(CHECKS)


@pytest.mark.slow
def test_the_json_page_names_every_key_of_a_finding() -> None:
    for key in finding_as_json(spoilt()[0]):
        assert f"`{key}`" in JSON_PAGE, key
