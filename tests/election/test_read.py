"""election.toml: what a person can get wrong, and what the message says of it."""

import datetime as dt
import re
from fractions import Fraction
from pathlib import Path

import pytest

from veedor.election import Election, TwoRound
from veedor.election.read import election_from, find_definition, read_election
from veedor.errors import DefinitionError, VeedorError

SMALL = """\
id = "small"
name = { en = "Small" }
date = 2026-01-18
timezone = "America/La_Paz"
levels = [{ id = "region", name = { en = "Region", es = "Región" } }]

[[contests]]
id = "president"
name = { en = "President" }
rule = { kind = "two_round", alternative = { at_least = "40 %" }, lead = { at_least = "10 points" } }
choices = [{ id = "A", name = { en = "Ana" } }, { id = "B", name = { en = "Beto" } }]

[[counts]]
id = "official"
kind = "official"
name = { en = "Official" }

[[counts.sources]]
file = "results.csv"
time = 2026-01-19T20:00:00
layout = "plain"

[layouts.plain.columns]
station = "mesa"
levels = { region = "region" }
votes = { A = "ana", B = ["beto", "Beto"] }

[[interruptions]]
id = "stop"
count = "official"
start = 2026-01-18T20:00:00
end = 2026-01-18T22:00:00
name = { en = "Stop" }
"""


def faults_of(text: str) -> list[str]:
    with pytest.raises(DefinitionError) as caught:
        election_from(text)
    return [str(fault) for fault in caught.value.faults]


def test_a_small_definition_is_read() -> None:
    election = election_from(SMALL)
    assert election.level_ids == ("region",)
    assert election.contests[0].choice_ids == ("A", "B")
    assert election.layouts["plain"].columns.votes["B"].names == ("beto", "Beto")


def test_times_without_an_offset_are_in_the_elections_zone() -> None:
    time = election_from(SMALL).counts[0].sources[0].time
    # La Paz keeps UTC-4 all year (IANA time zone database).
    assert time is not None
    assert time.utcoffset() == dt.timedelta(hours=-4)


def test_shares_are_exact() -> None:
    rule = election_from(SMALL).contests[0].rule
    assert isinstance(rule, TwoRound)
    assert rule.majority.share == Fraction(1, 2)
    assert rule.majority.strict
    assert rule.alternative is not None
    assert rule.alternative.share == Fraction(2, 5)
    assert not rule.alternative.strict
    assert rule.lead is not None
    assert rule.lead.share == Fraction(1, 10)


@pytest.mark.parametrize(
    ("written", "share"),
    [
        ('"40 %"', Fraction(2, 5)),
        ('"40%"', Fraction(2, 5)),
        ('"2/3"', Fraction(2, 3)),
        ("0.4", Fraction(2, 5)),
        ('"33.3 %"', Fraction(333, 1000)),
        ('"12.5 points"', Fraction(1, 8)),
    ],
)
def test_every_way_to_write_a_share(written: str, share: Fraction) -> None:
    rule = election_from(SMALL.replace('"40 %"', written)).contests[0].rule
    assert isinstance(rule, TwoRound)
    assert rule.alternative is not None
    assert rule.alternative.share == share


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            'timezone = "America/La_Paz"',
            'timezone = "America/LaPaz"',
            ["row 4", "column timezone", "found 'America/LaPaz'"],
        ),
        (
            "alternative =",
            "alternativ =",
            ["row 10", "contests[1].rule.alternativ", "unknown key", "did you mean alternative?"],
        ),
        ('kind = "two_round"', 'kind = "two_rounds"', ["contests[1].rule.kind", "did you mean 'two_round'?"]),
        ('"40 %"', "40", ["contests[1].rule.alternative.at_least", "40 per cent is '40 %' or 0.4"]),
        ('"40 %"', '"forty"', ["found 'forty'", "wanted a share such as '40 %'"]),
        ('{ at_least = "40 %" }', "{ }", ["exactly one of at_least and more_than"]),
        ('layout = "plain"', 'layout = "plan"', ["row 21", "counts[1].sources[1].layout", "did you mean plain?"]),
        ('count = "official"', 'count = "oficial"', ["interruptions[1].count", "did you mean official?"]),
        ("end = 2026-01-18T22:00:00", "end = 2026-01-18T19:00:00", ["interruptions[1].end", "a time after its start"]),
        ('B = ["beto", "Beto"]', 'C = "beto"', ["layouts.plain.columns.votes.C", "found 'C'", "the id of a choice"]),
        ('{ A = "ana", B = ["beto", "Beto"] }', '{ A = "ana" }', ["choice 'B' that no column of count 'official'"]),
        ("levels = { region =", "levels = { regin =", ["layouts.plain.columns.levels.regin", "did you mean region?"]),
        ('file = "results.csv"', 'file = "../results.csv"', ["sources[1].file", "a path inside the data folder"]),
        ('file = "results.csv"', "", ["exactly one of file and files"]),
        ('{ id = "B", name', '{ id = "A", name', ["'A' 2 times", "ids used once"]),
        ('{ id = "B", name', '{ id = "blank", name', ["'blank'", "not a column of the sheet table"]),
        ('id = "small"', 'id = "small/../x"', ["column id", "found 'small/../x'"]),
        ('station = "mesa"', "", ["layouts.plain.columns.station", "wanted the key 'station'"]),
        ('station = "mesa"', "station = 3", ["layouts.plain.columns.station", "found 3"]),
        ('station = "mesa"', 'station = { join = [], value = "x", names = ["y"] }', ["give one of"]),
        ("date = 2026-01-18", 'date = "18 January"', ["row 3", "column date"]),
        ("[[contests]]", "[contests", ["TOML", "line 7"]),
    ],
)
def test_what_can_be_wrong_is_named_with_its_place(old: str, new: str, says: list[str]) -> None:
    assert old in SMALL
    message = "\n".join(faults_of(SMALL.replace(old, new, 1)))
    for part in says:
        assert part in message


def test_all_faults_come_at_once() -> None:
    text = SMALL.replace("timezone =", "timezon =").replace('kind = "official"', 'kind = "offical"').replace("mesa", "")
    message = "\n".join(faults_of(text))
    assert "did you mean timezone?" in message
    assert "did you mean 'official'?" in message


def test_a_definition_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "election.toml"
    path.write_bytes(SMALL.replace("Región", "Regi\xf3n").encode("latin-1"))
    with pytest.raises(DefinitionError, match="is not UTF-8"):
        read_election(path)


def test_a_file_too_large_to_be_a_definition(tmp_path: Path) -> None:
    path = tmp_path / "election.toml"
    with path.open("wb") as stream:
        stream.truncate(5 * 2**20)
    with pytest.raises(VeedorError, match="is larger than"):
        read_election(tmp_path)


def test_names_and_folders(tmp_path: Path) -> None:
    assert read_election("bolivia-2019").id == "bolivia-2019"
    assert find_definition("bolivia-2020").parent.name == "bolivia-2020"
    (tmp_path / "election.toml").write_text(SMALL)
    assert read_election(tmp_path).id == read_election(tmp_path / "election.toml").id == "small"
    with pytest.raises(VeedorError, match="did you mean bolivia-2019"):
        read_election("bolivia-201")
    (tmp_path / "empty").mkdir()
    with pytest.raises(VeedorError, match="veedor new"):
        read_election(tmp_path / "empty")


@pytest.mark.parametrize("name", ["bolivia-2019", "bolivia-2020"])
def test_the_definitions_that_come_along_hold_the_laws_lines(name: str) -> None:
    # Constitution of Bolivia (2009), article 166: "más del cincuenta por ciento de los votos válidos; o un mínimo del
    # cuarenta por ciento de los votos válidos, con una diferencia de al menos diez por ciento".
    election: Election = read_election(name)
    rule = election.contests[0].rule
    assert isinstance(rule, TwoRound)
    assert rule.of == "valid"
    assert rule.majority.more_than == Fraction(1, 2)
    assert rule.alternative is not None
    assert rule.alternative.at_least == Fraction(4, 10)
    assert rule.lead is not None
    assert rule.lead.at_least == Fraction(1, 10)


def test_a_folder_does_not_pass_for_an_election_that_comes_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bolivia-2019").mkdir()
    (tmp_path / "bolivia-2019/election.toml").write_text(SMALL)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        VeedorError, match=r"a folder here and an election that comes with veedor; write \./bolivia-2019"
    ):
        find_definition("bolivia-2019")
    assert find_definition("./bolivia-2019").read_text() == SMALL
    assert find_definition("bolivia-2020").parent != tmp_path / "bolivia-2020"


AFTER = """
[[aftermath]]
what = { en = "It was annulled.", es = "Se anuló." }
date = 2026-02-01
source = { title = "Ley 1", language = "es" }
"""


def test_what_became_of_an_election_is_read() -> None:
    (entry,) = election_from(SMALL + AFTER).aftermath
    assert (entry.what.text.es, entry.date.isoformat(), entry.source.title) == ("Se anuló.", "2026-02-01", "Ley 1")
    assert not entry.headline


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("2026-02-01", "2025-02-01", ["aftermath[1].date", "found 2025-02-01", "the election's day or a later one"]),
        ('source = { title = "Ley 1", language = "es" }', "", ["aftermath[1].source"]),
        ('title = "Ley 1"', 'titel = "Ley 1"', ["aftermath[1].source.titel", "did you mean title?"]),
        ('language = "es"', 'language = "Spanish!"', ["aftermath[1].source.language"]),
        ("2026-02-01", '"soon"', ["aftermath[1].date"]),
    ],
)
def test_what_can_be_wrong_in_what_became_of_it(old: str, new: str, says: list[str]) -> None:
    assert old in AFTER
    told = "\n".join(faults_of(SMALL + AFTER.replace(old, new)))
    line = len(SMALL.splitlines()) + 2
    assert re.search(rf"(row|line) ({line}|{line + 2}|{line + 3})", told), told
    for part in says:
        assert part in told
