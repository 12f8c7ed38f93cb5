"""The page that leads to the gallery: its lines stand in the definitions that it names, and it names all of them."""

import re

from tests.conftest import ROOT
from tests.docs.blocks import blocks_of
from veedor.election.read import known_elections

PAGE = (ROOT / "docs/guide/elections-like-yours.md").read_text(encoding="utf-8")


def lines_of(name: str) -> set[str]:
    return {line.strip() for line in known_elections()[name].read_text(encoding="utf-8").splitlines()}


def test_every_line_of_the_page_stands_in_a_definition_that_its_section_names() -> None:
    looked_at = 0
    for section in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]:
        named = set(re.findall(r"`([a-z]+-\d{4}(?:-[a-z]+)?)`", section))
        lines = {line for name in named for line in lines_of(name)}
        for block in blocks_of(section):
            wanted = [line.strip() for line in block.body.splitlines() if line.strip()]
            assert [line for line in wanted if line not in lines] == [], section[:40]
            looked_at += len(wanted)
    assert looked_at > 40


def test_the_page_names_every_election_and_no_other() -> None:
    assert set(re.findall(r"`([a-z]+-\d{4}(?:-first)?)`", PAGE)) == set(known_elections())


def test_the_links_inside_the_page_lead_to_its_headings() -> None:
    headings = {
        re.sub(r"[^a-z ]", "", line.lower()).replace(" ", "-") for line in re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([a-z-]+)\)", PAGE)) <= headings
