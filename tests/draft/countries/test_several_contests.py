"""Several contests in one file, several rows for one figure, rows about the precinct among those about candidates."""

from pathlib import Path

import pytest

from tests.draft.countries.ballots import added, invented
from tests.draft.countries.program import Program, assert_totals

GERMANY = """
id = "wahl"
name = { en = "Election of parliament" }
date = 2031-02-23
timezone = "Europe/Berlin"

[[contests]]
id = "erst"
name = { en = "First votes" }
rule = { kind = "plurality" }
choices = [{ id = "A1", name = { en = "Anna" } }, { id = "B1", name = { en = "Bernd" } }]

[[contests]]
id = "zweit"
name = { en = "Second votes" }
rule = { kind = "highest_averages", seats = 9, divisors = "sainte_lague", threshold = { at_least = "5 %" } }
choices = [{ id = "A", name = { en = "Alpha" } }, { id = "B", name = { en = "Beta" } }]

[[counts]]
id = "official"
kind = "official"
name = { en = "Official count" }
sources = [{ file = "wbz.csv", layout = "erst" }, { file = "wbz.csv", layout = "zweit" }]

[layouts.erst]
delimiter = ";"
header_row = 3
[layouts.erst.columns]
station = { join = ["Gemeinde", "Wahlbezirk"] }
registered = "Wahlberechtigte (A)"
null = "Ungültige - Erststimmen"
votes = { A1 = "Alpha - Erststimmen", B1 = "Beta - Erststimmen" }

[layouts.zweit]
delimiter = ";"
header_row = 3
[layouts.zweit.columns]
station = { join = ["Gemeinde", "Wahlbezirk"] }
registered = "Wahlberechtigte (A)"
null = "Ungültige - Zweitstimmen"
votes = { A = "Alpha - Zweitstimmen", B = "Beta - Zweitstimmen" }
"""


@pytest.mark.slow
def test_germany_two_votes_on_one_ballot(tmp_path: Path, veedor: Program) -> None:
    first = invented(51, 40, (48, 44), [("001",), ("002",)])
    second = invented(52, 40, (40, 50), [("001",), ("002",)])
    lines = ["# Wahlbezirksergebnisse", "", "Gemeinde;Wahlbezirk;Wahlberechtigte (A)"]
    for kind in ("Erststimmen", "Zweitstimmen"):
        lines[-1] += f";Ungültige - {kind};Alpha - {kind};Beta - {kind}"
    for a, b in zip(first, second, strict=True):
        invalid = (a.blank + a.null, b.blank + b.null)
        lines.append(f"{a.place[0]};{a.number:04};{a.registered};{invalid[0]};{a.votes[0]};{a.votes[1]};")
        lines[-1] += f"{invalid[1]};{b.votes[0]};{b.votes[1]}"
    (tmp_path / "wbz.csv").write_text("\r\n".join(lines) + "\r\n", encoding="utf-8-sig")
    (tmp_path / "election.toml").write_text(GERMANY, encoding="utf-8")
    for contest, sheets, ids in (("erst", first, ("A1", "B1")), ("zweit", second, ("A", "B"))):
        count = veedor.count(tmp_path, "--contest", contest)
        truth = added(sheets)
        votes = {choice["id"]: choice["votes"] for choice in count["choices"]}
        assert votes == dict(zip(ids, truth.votes, strict=True))
        assert (count["null"], count["sheets"]["counted"]) == (truth.blank + truth.null, 40)
        assert veedor("check", tmp_path, "--contest", contest).status == 0


UNITED_STATES = """
id = "precincts"
name = { en = "General election" }
date = 2031-11-05
timezone = "America/Chicago"

[[contests]]
id = "president"
name = { en = "President" }
rule = { kind = "plurality" }
choices = [{ id = "A", name = { en = "Ann Poe" } }, { id = "B", name = { en = "Ben Roe" } }]

[[counts]]
id = "official"
kind = "official"
name = { en = "Official count" }
sources = [{ file = "precincts.csv", layout = "file" }]

[layouts.file]
contest = { column = "office", values = { president = ["President", "Registered Voters", "Ballots Cast"] } }
[layouts.file.columns]
station = { join = ["county", "precinct"] }
[layouts.file.long]
choice = ["candidate", "office"]
votes = "votes"
labels = { A = "Ann Poe", B = "Ben Roe" }
blank = "Under Votes"
null = "Over Votes"
registered = "Registered Voters"
cast = "Ballots Cast"
add_over = ["party", "mode"]
"""


def _precincts(folder: Path) -> None:
    lines = ["county,precinct,office,party,candidate,mode,votes"]
    for s in invented(53, 40, (50, 46), [("Adams",), ("Clay",)]):
        place = f"{s.place[0]},{s.number // 2 + 1}"
        # Two parties put Ann Poe up, as in New York; each way of voting has its own row.
        fused = s.votes[0] // 4
        figures = [("DEM", "Ann Poe", s.votes[0] - fused), ("WFP", "Ann Poe", fused), ("REP", "Ben Roe", s.votes[1])]
        for party, name, votes in [*figures, ("", "Under Votes", s.blank), ("", "Over Votes", s.null)]:
            by_post = votes // 3
            lines.append(f"{place},President,{party},{name},Absentee,{by_post}")
            lines.append(f"{place},President,{party},{name},Election Day,{votes - by_post}")
        lines.append(f"{place},Registered Voters,,,,{s.registered}")
        lines.append(f"{place},Ballots Cast,,,,{s.cast}")
    (folder / "precincts.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_united_states_parts_of_a_figure_in_rows_of_their_own(tmp_path: Path, veedor: Program) -> None:
    _precincts(tmp_path)
    (tmp_path / "election.toml").write_text(UNITED_STATES, encoding="utf-8")
    truth = added(invented(53, 40, (50, 46), [("Adams",), ("Clay",)]))
    assert_totals(veedor.count(tmp_path), truth, ("A", "B"))
    sums = veedor("check", tmp_path, "sums", "--json").json["findings"][0]
    assert (sums["verdict"], sums["looked_at"]) == ("holds", 40)


def test_a_row_that_repeats_a_part_is_still_a_fault(tmp_path: Path, veedor: Program) -> None:
    _precincts(tmp_path)
    (tmp_path / "election.toml").write_text(UNITED_STATES, encoding="utf-8")
    with (tmp_path / "precincts.csv").open("a", encoding="utf-8") as file:
        file.write("Clay,1,President,DEM,Ann Poe,Absentee,7\n")
    answer = veedor("count", tmp_path)
    assert answer.status == 2
    assert "votes.A of station Clay-1 again" in answer.err
    without = UNITED_STATES.replace('add_over = ["party", "mode"]\n', "")
    (tmp_path / "election.toml").write_text(without, encoding="utf-8")
    answer = veedor("count", tmp_path)
    assert (answer.status, "`add_over`" in answer.err) == (2, True)


def test_a_station_repeated_a_thousand_times_is_told_in_few_words(tmp_path: Path, veedor: Program) -> None:
    _precincts(tmp_path)
    rows = "".join(f"1,{n},1\n" for n in range(1_000))
    (tmp_path / "precincts.csv").write_text("Mesa,a,b\n" + rows, encoding="utf-8")
    wide = UNITED_STATES.split("[layouts.file]")[0]
    wide += '[layouts.file.columns]\nstation = "Mesa"\nvotes = { A = "a", B = "b" }\n'
    (tmp_path / "election.toml").write_text(wide, encoding="utf-8")
    answer = veedor("count", tmp_path)
    assert answer.status == 2
    assert "and 995 more" in answer.err
    assert len(answer.err) < 20_000
