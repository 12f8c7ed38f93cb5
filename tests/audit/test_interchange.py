"""Arlo's manifest and tallies, and cast vote records in three forms; then audits of ballots with them."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.audit.builders import contest, units
from veedor.audit.formats.arlo import manifest_bytes, read_batches, tallies_bytes
from veedor.audit.formats.cvr import Records, read_records
from veedor.audit.protocol.by_kind import tally_of
from veedor.audit.rounds.ballots import Drawn, assess_ballots, read_drawn
from veedor.audit.units import Units
from veedor.errors import InputError, VeedorError

TOWN = contest()


def test_arlos_files_come_back_as_they_went(tmp_path: Path) -> None:
    sheets = units(40)
    (tmp_path / "manifest.csv").write_bytes(manifest_bytes(sheets))
    (tmp_path / "tallies.csv").write_bytes(tallies_bytes(sheets))
    again = read_batches(tmp_path / "manifest.csv", tmp_path / "tallies.csv", sheets.contest)
    assert again.ids == sheets.ids
    assert (again.figures[:, :3] == sheets.figures[:, :3]).all()
    assert (again.cast == sheets.cast).all()


def test_a_file_as_arlo_documents_it(tmp_path: Path) -> None:
    """Columns of Arlo's documentation: Container, Tabulator, Batch Name, Number of Ballots; contest - choice."""
    (tmp_path / "m.csv").write_text(
        'Container,Tabulator,Batch Name,Number of Ballots\nBox 1,T,B1,"1,000"\nBox 1,T,B2,90\n'
    )
    (tmp_path / "t.csv").write_text("Batch Name,Mayor - Bea,Mayor - Ana,Mayor - Cyd\nB2,10,60,5\nB1,300,500,100\n")
    read = read_batches(tmp_path / "m.csv", tmp_path / "t.csv", TOWN)
    assert read.figures.tolist() == [[500, 300, 100, 100, 0], [60, 10, 5, 15, 0]]
    assert read.places == (("Box 1", "T"), ("Box 1", "T"))


@pytest.mark.parametrize(
    ("manifest", "tallies", "words"),
    [
        ("Batch Name,Number of Ballots\nB1,10\nB1,12\n", "Batch Name,ana,bea,cyd\nB1,1,2,3\n", "twice"),
        ("Batch Name,Number of Ballots\nB1,10\n", "Batch Name,ana,bea,cyd\nB2,1,2,3\n", "no row"),
        ("Batch Name,Number of Ballots\nB1,10\n", "Batch Name,ana,bea\nB1,1,2\n", "cyd"),
        ("Batch Name,Number of Ballots\nB1,5\n", "Batch Name,ana,bea,cyd\nB1,1,2,3\n", "6 votes in B1"),
        ("Batch Name,Number of Ballots\nB1,ten\n", "Batch Name,ana,bea,cyd\nB1,1,2,3\n", "whole number"),
        ("Batch Name\nB1\n", "Batch Name,ana,bea,cyd\nB1,1,2,3\n", "Number of Ballots"),
    ],
)
def test_faulty_files_are_refused(tmp_path: Path, manifest: str, tallies: str, words: str) -> None:
    (tmp_path / "m.csv").write_text(manifest)
    (tmp_path / "t.csv").write_text(tallies)
    with pytest.raises(VeedorError, match=words):
        read_batches(tmp_path / "m.csv", tmp_path / "t.csv", TOWN)


DOMINION = """Town 2026,5.10,,,,,
,,,,Mayor (Vote For=1),Mayor (Vote For=1),Mayor (Vote For=1)
,,,,Ana,Bea,Cyd
CvrNumber,TabulatorNum,BatchId,ImprintedId,,,
1,1,1,1-1-1,1,0,0
2,1,1,1-1-2,0,1,0
3,1,1,1-1-3,0,0,0
4,1,1,1-1-4,1,1,0
5,1,1,1-1-5,,,
"""
RAIRE = """1
Contest,mayor,3,ana,bea,cyd
mayor,1-1-1,ana
mayor,1-1-2,bea,ana
mayor,1-1-3
other,1-1-5,x
"""
NIST = {
    "@type": "CVR.CastVoteRecordReport",
    "Election": [
        {
            "@id": "e",
            "Candidate": [
                {"@id": f"c-{name}", "Name": {"Text": [{"Content": name}]}} for name in ("Ana", "Bea", "Cyd")
            ],
            "Contest": [
                {
                    "@id": "k1",
                    "Name": "Mayor",
                    "ContestSelection": [
                        {"@id": f"s-{name}", "CandidateIds": [f"c-{name}"]} for name in ("Ana", "Bea")
                    ],
                }
            ],
        }
    ],
    "CVR": [
        {
            "UniqueId": ballot,
            "CurrentSnapshotId": "new",
            "CVRSnapshot": [
                {"@id": "old", "Type": "original", "CVRContest": []},
                {
                    "@id": "new",
                    "Type": "interpreted",
                    "CVRContest": [
                        {
                            "ContestId": "k1",
                            "CVRContestSelection": [
                                {"ContestSelectionId": f"s-{name}", "SelectionPosition": [{"HasIndication": "yes"}]}
                                for name in marks
                            ],
                        }
                    ],
                },
            ],
        }
        for ballot, marks in {"1-1-1": ["Ana"], "1-1-2": ["Bea"], "1-1-3": [], "1-1-4": ["Ana", "Bea"]}.items()
    ],
}


@pytest.mark.parametrize("form", ["dominion", "raire", "nist"])
def test_cast_vote_records_of_three_forms(tmp_path: Path, form: str) -> None:
    text = {"dominion": DOMINION, "raire": RAIRE, "nist": json.dumps(NIST)}[form]
    (tmp_path / "cvr").write_text("\ufeff" + text if form == "dominion" else text, encoding="utf-8")
    wanted = {"1-1-1": "ana", "1-1-2": "bea", "1-1-3": None}
    if form != "raire":
        wanted["1-1-4"] = None
    assert read_records(tmp_path / "cvr", TOWN).votes == wanted


@pytest.mark.parametrize(
    "text",
    ["", "{", '{"CVR": []}', "1\nContest,senate,1,x\n", DOMINION.replace("Cyd", "Zoe"),
     DOMINION.replace("1-1-2", "1-1-1"),
     "a,b\n\0", '{"Election": 3, "CVR": 4}'],
)  # fmt: skip
def test_faulty_records_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "cvr").write_text(text)
    with pytest.raises(VeedorError):
        read_records(tmp_path / "cvr", TOWN)


def ballots_of(number: int) -> list[str]:
    """A population: 50 % ana, 30 % bea, 15 % cyd, 5 % blank, in a random order."""
    votes = ["ana"] * (number // 2) + ["bea"] * (3 * number // 10) + ["cyd"] * (15 * number // 100)
    votes += ["blank"] * (number - len(votes))
    return [votes[place] for place in np.random.default_rng(4).permutation(number)]


def test_ballot_comparison_and_what_a_missing_ballot_costs() -> None:
    votes = ballots_of(4000)
    records = Records(votes={f"b{n}": None if vote == "blank" else vote for n, vote in enumerate(votes)})
    names = tuple(f"b{n}" for n in range(150))
    seen = tuple(votes[:150])
    sheets = units()
    clean = assess_ballots(
        "comparison", Drawn(ballots=names, sheets=names, seen=seen), sheets, 0.05, records=records, ballots=4000
    )
    assert {one.label for one in clean} == {"F(ana)", "D(bea)", "D(cyd)"}
    assert max(one.risk for one in clean) < 0.01
    first = seen.index("ana")
    lost = (*seen[:first], "missing", *seen[first + 1 :])
    worse = assess_ballots(
        "comparison", Drawn(ballots=names, sheets=names, seen=lost), sheets, 0.05, records=records, ballots=4000
    )
    assert all(after.risk > before.risk for before, after in zip(clean, worse, strict=True))
    assert tally_of(records.votes, TOWN, 4010).blank == 210
    with pytest.raises(VeedorError, match="4,000 records, but 3,999 ballots"):
        tally_of(records.votes, TOWN, 3999)


def test_polling_and_oneaudit_on_the_same_ballots() -> None:
    """Sheets of 100 ballots that mostly vote alike; ONEAudit knows their totals, and needs fewer ballots."""
    votes = sorted(ballots_of(6000))
    by_sheet = [votes[start : start + 100] for start in range(0, 6000, 100)]
    order = [*TOWN.choice_ids, "blank"]
    figures = np.array([[*(part.count(name) for name in order), 0] for part in by_sheet], dtype=np.int64)
    names = tuple(f"s{n}" for n in range(60))
    sheets = Units(contest=TOWN, ids=names, figures=figures, registered=figures.sum(axis=1), places=((),) * 60)
    places = np.random.default_rng(5).permutation(6000)[:900]
    drawn = Drawn(
        ballots=tuple(f"b{n}" for n in places),
        sheets=tuple(f"s{n // 100}" for n in places),
        seen=tuple(votes[n] for n in places),
    )
    polling = assess_ballots("polling", drawn, sheets, 0.05)
    oneaudit = assess_ballots("oneaudit", drawn, sheets, 0.05)
    assert all(one.met_after for one in (*polling, *oneaudit))
    assert max(one.met_after or 0 for one in oneaudit) < max(one.met_after or 0 for one in polling) / 2
    with pytest.raises(VeedorError, match="not reported"):
        assess_ballots("oneaudit", Drawn(ballots=("b",), sheets=("nowhere",), seen=("ana",)), sheets, 0.05)


def test_the_file_of_drawn_ballots(tmp_path: Path) -> None:
    path = tmp_path / "drawn.csv"
    path.write_text("ballot,vote\nb1,ana\nb2,missing\nb2,blank\n")
    assert read_drawn(path, TOWN).seen == ("ana", "missing", "blank")
    path.write_text("ballot,vote\nb1,zoe\n")
    with pytest.raises(InputError, match="zoe"):
        read_drawn(path, TOWN)
