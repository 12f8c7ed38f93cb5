import pytest

from tests.checks.world import STATIONS, Row, inputs, rows, spoiled
from tests.parsed import effect_of, items_of
from veedor.checks import run_checks
from veedor.finding import Finding, Verdict
from veedor.sheets.dataset import in_memory


def missing(official: list[Row], preliminary: list[Row]) -> tuple[Finding, Finding]:
    first, second = run_checks(inputs(official, [preliminary]), ["missing_sheets"])
    assert (effect_of(first)["count"], effect_of(second)["count"]) == ("official", "preliminary")
    return first, second


def test_it_holds_where_both_counts_have_every_station() -> None:
    for finding in missing(rows(), rows()):
        assert (finding.verdict, finding.looked_at, finding.found) == (Verdict.HOLDS, 18, 0)


@pytest.mark.parametrize("station", STATIONS)
@pytest.mark.parametrize("side", [0, 1])
def test_every_station_is_missed_where_it_is_absent(station: str, side: int) -> None:
    rest = [row for row in rows() if row["station"] != station]
    findings = missing(rest, rows()) if side == 0 else missing(rows(), rest)
    gone = next(row for row in rows() if row["station"] == station)
    assert findings[side].verdict is Verdict.DOES_NOT_HOLD
    assert findings[1 - side].verdict is Verdict.HOLDS
    item = items_of(findings[side])[0]
    assert (item["missing_stations"], item["stations"], item["registered"], item["entirely"]) == (
        [station],
        3,
        240,
        False,
    )
    assert item["place"] == {"region": gone["region"], "precinct": gone["precinct"]}
    assert (effect_of(findings[side])["stations"], effect_of(findings[side])["votes"]) == (1, gone["cast"])


def test_a_place_without_any_sheet_is_told() -> None:
    rest = [row for row in rows() if row["precinct"] != "Precinct 4" and row["station"] != "101"]
    _, finding = missing(rows(), rest)
    assert effect_of(finding)["places_entirely_missing"] == 1
    assert [(item["place"]["precinct"], item["missing"]) for item in items_of(finding)] == [
        ("Precinct 4", 3),
        ("Precinct 0", 1),
    ]
    assert effect_of(finding)["places"] == {
        "region": {"places": 2, "with_missing": 2, "entirely_missing": 0},
        "precinct": {"places": 6, "with_missing": 2, "entirely_missing": 1},
    }


def test_a_sheet_held_back_is_not_missing_but_counted() -> None:
    _, finding = missing(rows(), spoiled(rows(), "103", status="withheld"))
    assert (finding.verdict, effect_of(finding)["not_in_totals"]) == (Verdict.HOLDS, 1)


def test_a_sheet_withdrawn_is_missing_from_the_state_after() -> None:
    finding = run_checks(inputs(preliminary=[rows(), rows()[1:]]), ["missing_sheets"])[0]
    assert (finding.verdict, finding.found) == (Verdict.DOES_NOT_HOLD, 1)


def test_nothing_is_said_where_nothing_tells_which_stations_there_are() -> None:
    finding = run_checks(inputs(rows()), ["missing_sheets"])[0]
    assert (finding.verdict, finding.looked_at) == (Verdict.UNDECIDED, 0)


def test_the_expected_number_of_sheets_counts_those_that_no_file_names() -> None:
    given = inputs(rows())
    series = given.series["official"]
    count = series.count.model_copy(update={"expected_sheets": 20})
    from dataclasses import replace

    known = replace(given, dataset=in_memory(given.election, [replace(series, count=count)]))
    finding = run_checks(known, ["missing_sheets"])[0]
    assert (finding.looked_at, finding.found, effect_of(finding)["not_named_anywhere"]) == (20, 2, 2)


def test_ballots_of_missing_sheets_are_a_minimum_where_figures_are_absent() -> None:
    """Sheet 101 is missing from the official count, and the preliminary one lacks its votes for C."""
    whole, gone = rows(), rows()[1:]
    [row] = [row for row in whole if row["station"] == "101"]
    assert row not in gone
    finding, _ = missing(gone, spoiled(whole, "101", **{"votes.C": None}))
    assert effect_of(finding)["figures_absent"] == 1
    stated = [row[name] for name in ("votes.A", "votes.B", "blank", "null")]
    assert effect_of(finding)["votes"] == sum(int(str(figure)) for figure in stated)
    assert finding.summary.en.endswith("is absent from those sources, too: the ballots are those stated, at least.")
    assert finding.summary.es.endswith("falta también en esas fuentes: los votos son los declarados, como mínimo.")
    assert "figures_absent" not in effect_of(missing(gone, whole)[0])
