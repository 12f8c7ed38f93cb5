"""The reference of election.toml names every key of the models, and its examples are valid."""

import tomllib

import pytest
from pydantic import BaseModel

from tests.conftest import ROOT
from tests.docs.blocks import blocks_of
from tests.docs.reference import all_models, fields_of, keys_of, needed_of, sections_of
from veedor import election as models
from veedor.election.clocks import Clock, EarlierVote, Grouping, PlainTable, PublicationTimes, SheetTimes
from veedor.election.layout import ContestFilter, RowFilter
from veedor.election.read import election_from

PAGE = (ROOT / "docs/reference/election-toml.md").read_text(encoding="utf-8")
PARTS = sections_of(PAGE)

SECTIONS: dict[str, type[BaseModel]] = {
    "The top of the file": models.Election,
    "Names": models.Names,
    "Levels: `levels`": models.Level,
    "Contests: `[[contests]]`": models.Contest,
    "Choices: `choices`": models.Choice,
    "Other figures: `other`": models.OtherFigure,
    "Thresholds: `majority`, `alternative`, `lead`, `line`, `threshold`": models.Threshold,
    '`kind = "plurality"`': models.Plurality,
    '`kind = "two_round"`': models.TwoRound,
    '`kind = "supermajority"`': models.Supermajority,
    "`quorum`": models.Quorum,
    '`kind = "highest_averages"`': models.HighestAverages,
    '`kind = "largest_remainder"`': models.LargestRemainder,
    "Counts: `[[counts]]`": models.Count,
    "Files: `[[counts.sources]]`": models.Source,
    "Layouts: `[layouts.ID]`": models.Layout,
    "Columns: `[layouts.ID.columns]`": models.Columns,
    "A column": models.Column,
    "Long files: `[layouts.ID.long]`": models.Long,
    "Columns that repeat: `[layouts.ID.groups]`": models.Groups,
    "Several contests in one file: `contest`": ContestFilter,
    "Rows that are no sheets: `drop`": RowFilter,
    "Interruptions: `[[interruptions]]`": models.Interruption,
    "What became of it: `[[aftermath]]`": models.Aftermath,
    "A document: `source`": models.Document,
    "A file beside the sheets": PlainTable,
    "Clocks: `[[clocks]]`": Clock,
    "Times of sheets: `[[clocks.of_sheets]]`": SheetTimes,
    "Times of publications: `[[clocks.of_publications]]`": PublicationTimes,
    "Groups of stations: `[[groupings]]`": Grouping,
    "Earlier votes: `[[earlier_votes]]`": EarlierVote,
    "Sources: `[[sources]]`": models.Reference,
    "Questions: `[[questions]]`": models.Question,
}

BASE = {
    "levels": 'levels = [{ id = "region", name = { en = "Region" } }]',
    "contests": '[[contests]]\nid = "president"\nname = { en = "President" }\nrule = { kind = "plurality" }\n'
    'choices = [{ id = "A", name = { en = "Ana" } }, { id = "B", name = { en = "Blas" } }]',
    "counts": '[[counts]]\nid = "official"\nkind = "official"\nname = { en = "Official" }\n'
    'sources = [{ file = "x.csv", layout = "file" }]',
    "layouts": '[layouts.file.columns]\nstation = "Mesa"\nvotes = { A = "Ana", B = "Blas" }',
}
HEAD = 'id = "x"\nname = { en = "X" }\ndate = 2030-05-05\ntimezone = "America/La_Paz"\n'


def test_every_model_has_its_section() -> None:
    assert all_models(models.Election) == set(SECTIONS.values())


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_key_is_in_the_table_of_its_section_and_no_other(heading: str) -> None:
    assert keys_of(PARTS[heading]) == list(fields_of(SECTIONS[heading]))


@pytest.mark.parametrize("heading", SECTIONS)
def test_what_is_needed_is_what_has_no_default(heading: str) -> None:
    assert needed_of(PARTS[heading]) == [
        name for name, field in fields_of(SECTIONS[heading]).items() if field.is_required()
    ]


EXAMPLES = [block.body for block in blocks_of(PAGE) if block.language == "toml"]


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_every_example_is_valid(example: str) -> None:
    given = tomllib.loads(example)
    if "id" in given:
        assert election_from(example).id == given["id"]
        return
    levels_first = example if "levels" in given else BASE["levels"]
    rest = [text for key, text in BASE.items() if key not in given and key != "levels"]
    election = election_from("\n".join([HEAD, levels_first, *rest, "" if "levels" in given else example]))
    assert set(election.level_ids) == ({"town", "department"} if "levels" in given else {"region"})
    assert given.keys() <= type(election).model_fields.keys()
