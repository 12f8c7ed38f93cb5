import pytest

from tests.checks.world import STATIONS, Row, inputs, rows, spoiled
from tests.parsed import effect_of, items_of
from veedor.checks import run_checks
from veedor.finding import Finding, Verdict


def numbers(made: list[Row]) -> Finding:
    return run_checks(inputs(made), ["station_numbers"])[0]


def per_place(made: list[Row]) -> Finding:
    return run_checks(inputs(made), ["stations_per_place"])[0]


def many() -> list[Row]:
    return rows(places=40, stations=4)


def test_numbers_in_a_row_hold() -> None:
    finding = numbers(many())
    assert (finding.verdict, finding.looked_at, finding.found) == (Verdict.HOLDS, 40, 0)


INNER = [str(row["station"]) for n, row in enumerate(many()) if n % 4 in (1, 2)]


@pytest.mark.parametrize("station", INNER)
def test_every_number_left_out_inside_a_place_is_seen(station: str) -> None:
    finding = numbers([row for row in many() if row["station"] != station])
    assert finding.verdict is Verdict.DOES_NOT_HOLD
    gap = items_of(finding)[0]["gaps"]
    assert gap == [{"after": int(station) - 1, "before": int(station) + 1}]
    assert (finding.found, effect_of(finding)["absent_numbers"]) == (1, 1)


def test_a_number_that_another_place_has_is_only_there_to_look_at() -> None:
    finding = numbers(spoiled(many(), "110", precinct="Precinct 39", region="Region 13"))
    assert finding.verdict is Verdict.UNDECIDED
    # The place that lost 110 has a jump over it, the place that got it has one over all others in between.
    assert (effect_of(finding)["absent_numbers"], finding.found) == (0, 2)


def test_numbers_within_each_place_are_as_good() -> None:
    inside = [{**row, "station": f"{row['precinct']}-{n % 4 + 1}"} for n, row in enumerate(many())]
    assert numbers(inside).verdict is Verdict.HOLDS
    assert numbers(inside[:1] + inside[2:]).verdict is Verdict.DOES_NOT_HOLD


def test_stations_that_are_not_numbered_in_a_row_are_left_undecided() -> None:
    scattered = [{**row, "station": str(7 * int(str(row["station"])))} for row in many()]
    finding = numbers(scattered)
    assert (finding.verdict, finding.found, effect_of(finding)["numbered_in_a_row"]) == (Verdict.UNDECIDED, 0, False)


def test_identifiers_without_numbers_are_left_undecided() -> None:
    finding = numbers([{**row, "station": f"{row['station']}x"} for row in many()])
    assert (finding.verdict, finding.looked_at) == (Verdict.UNDECIDED, 0)


def test_places_with_as_many_stations_as_their_voters_fill_hold() -> None:
    finding = per_place(rows())
    assert (finding.verdict, finding.looked_at, effect_of(finding)["typical_roll"]) == (Verdict.HOLDS, 6, 240.0)


@pytest.mark.parametrize("station", STATIONS)
def test_a_roll_far_above_the_typical_one_is_described(station: str) -> None:
    assert per_place(spoiled(rows(), station, registered=360)).verdict is Verdict.HOLDS
    finding = per_place(spoiled(rows(), station, registered=361))
    assert finding.verdict is Verdict.UNDECIDED
    place = next(row["precinct"] for row in rows() if row["station"] == station)
    assert [item["place"]["precinct"] for item in items_of(finding)] == [place]
    assert effect_of(finding)["odd_roll"] == 1


@pytest.mark.parametrize("place", range(6))
def test_more_stations_than_voters_fill_are_described(place: int) -> None:
    # Three stations of R voters in all at a typical roll of 240: |3 - R / 240| > 1 + R / 1200 where R < 400.
    def with_roll(voters: int) -> list[Row]:
        here = [{**row, "registered": voters} if row["precinct"] == f"Precinct {place}" else row for row in rows()]
        return [{**row} for row in here]

    assert per_place(with_roll(134)).verdict is Verdict.HOLDS
    finding = per_place(with_roll(133))
    assert (finding.verdict, effect_of(finding)["odd_number"]) == (Verdict.UNDECIDED, 1)
    assert items_of(finding)[0]["place"]["precinct"] == f"Precinct {place}"


def test_nothing_is_said_without_rolls() -> None:
    finding = per_place([{**row, "registered": None} for row in rows()])
    assert (finding.verdict, finding.looked_at) == (Verdict.UNDECIDED, 0)
