"""Totals: the same in any order and grouping of the sheets, and exact at any size."""

import datetime as dt
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.count.cases import contest_of, tally_of
from veedor.count import certain_from, open_part, states_of, statuses_of, tallies_by, tally
from veedor.election import Election, Plurality, TwoRound
from veedor.errors import VeedorError
from veedor.sheets import schema, series_of

ELECTION = Election.model_validate(
    {
        "id": "test",
        "name": {"en": "Test"},
        "date": dt.date(2020, 1, 1),
        "timezone": "America/La_Paz",
        "levels": ({"id": "country", "name": {"en": "Country"}}, {"id": "town", "name": {"en": "Town"}}),
        "contests": (contest_of(Plurality(kind="plurality"), "A", "B").model_dump(),),
        "counts": (
            {
                "id": "official",
                "kind": "official",
                "name": {"en": "Official"},
                "expected_sheets": 4,
                "sources": ({"file": "x.csv", "layout": "x"},),
            },
        ),
        "layouts": {"x": {"columns": {"station": "s", "votes": {"A": "a", "B": "b"}}}},
    }
)
CONTEST = ELECTION.contests[0]


def table_of(rows: list[dict[str, object]]) -> pl.DataFrame:
    kinds = schema(ELECTION, CONTEST)
    known = {name: [row.get(name) for row in rows] for name in kinds}
    return pl.DataFrame(
        {name: pl.Series(name, values, dtype=kinds[name]) for name, values in known.items()}, schema=kinds
    )


def sheet(station: str, a: int, b: int, town: str = "x", country: str = "c", **more: object) -> dict[str, object]:
    figures = {"votes.A": a, "votes.B": b, "blank": 1, "null": 2, "registered": a + b + 10}
    return {"station": station, "town": town, "country": country, **figures, **more}


sheets = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 300), st.sampled_from("xyz"), st.sampled_from("cd")),
    min_size=1,
    max_size=12,
)


@pytest.mark.slow
@given(rows=sheets, data=st.data())
def test_totals_do_not_depend_on_order_or_grouping(rows: list[tuple[int, int, str, str]], data: st.DataObject) -> None:
    made = [sheet(str(n), a, b, town, country) for n, (a, b, town, country) in enumerate(rows)]
    table = table_of(made)
    total = tally(table, CONTEST)
    assert total.votes == {"A": sum(row[0] for row in rows), "B": sum(row[1] for row in rows)}
    assert total.cast == sum(a + b + 3 for a, b, *_ in rows)
    assert tally(table_of(data.draw(st.permutations(made))), CONTEST) == total
    for level in ("country", "town"):
        places = tallies_by(table, ELECTION, CONTEST, level)
        sums = places.select(pl.sum("sheets", "registered", "cast", "valid", "blank", "null", "votes.A")).row(0)
        assert sums == (
            total.sheets,
            total.registered,
            total.cast,
            total.valid,
            total.blank,
            total.null,
            total.votes["A"],
        )
    # Towns of the same name in two countries are two places.
    assert tallies_by(table, ELECTION, CONTEST, "town").height == len({(row[2], row[3]) for row in rows})


def test_only_sheets_in_the_totals_count() -> None:
    states = ["counted", "observed", None, "withheld", "annulled"]
    table = table_of([sheet(str(n), 10**n, 0, status=status) for n, status in enumerate(states)])
    assert tally(table, CONTEST).votes["A"] == 111
    assert statuses_of(table) == {"withheld": 1, "quarantined": 0, "annulled": 1, "pending": 0}


def test_sums_do_not_wrap_around() -> None:
    large = 2**62
    table = table_of([sheet("1", large, 1), sheet("2", large, 1), sheet("3", large, 1)])
    assert tally(table, CONTEST).votes["A"] == 3 * large
    with pytest.raises(VeedorError, match="far too large"):
        tallies_by(table, ELECTION, CONTEST, "town")


def test_absent_registered_is_unknown_not_zero() -> None:
    table = table_of([sheet("1", 1, 1, registered=None)])
    assert tally(table, CONTEST).registered is None
    assert tallies_by(table, ELECTION, CONTEST, "town")["registered"].to_list() == [None]


def test_an_unknown_level_is_named() -> None:
    with pytest.raises(VeedorError, match="no level city; it has country, town"):
        tallies_by(table_of([sheet("1", 1, 1)]), ELECTION, CONTEST, "city")


def test_shares_name_their_denominator() -> None:
    total = tally_of(A=3, B=1, blank=1, registered=10)
    assert total.share_of_valid("A") == Fraction(3, 4)
    assert total.share_of_cast("A") == Fraction(3, 5)
    assert total.cast_of_registered == Fraction(1, 2)
    assert tally_of(A=0).share_of_valid("A") is None


def test_every_snapshot_equals_its_own_tally_and_certainty_is_the_last_unchangeable_run() -> None:
    """A revised sheet, a withdrawn one, one that changes its status: the running sums equal a fresh count."""
    at = [dt.datetime(2020, 1, 1, hour, tzinfo=ELECTION.zone) for hour in (18, 19, 20, 21)]
    states = [
        [sheet("1", 100, 0), sheet("2", 5, 50)],
        [sheet("1", 90, 10), sheet("2", 5, 50), sheet("3", 1, 2, status="withheld")],
        [sheet("1", 90, 10), sheet("3", 1, 2, status="counted")],
        [sheet("1", 90, 10), sheet("3", 1, 2), sheet("2", 6, 50), sheet("4", 1, 0)],
    ]
    tables = [table_of(rows) for rows in states]
    series = series_of(ELECTION, CONTEST, ELECTION.counts[0], list(zip(at, tables, strict=True)))
    found = states_of(series)
    assert [state.tally for state in found] == [tally(table, CONTEST) for table in tables]
    assert [state.open.by_status["withheld"] for state in found] == [0, 1, 0, 0]
    assert [state.open.outcome_can_change for state in found] == [True, True, True, False]
    assert certain_from(found) == at[3]
    assert certain_from(found[:3]) is None


def test_bolivia_2019_at_the_stop() -> None:
    """vectors/interruption/bolivia-2019-findings.json, B04: 21.135857709821952 points, out of 984,692 valid votes."""
    rule = TwoRound.model_validate(
        {"kind": "two_round", "alternative": {"at_least": "40 %"}, "lead": {"at_least": "10 points"}}
    )
    now = tally_of(MAS=2_355_644, CC=1_950_000, others=5_152_979 - 2_355_644 - 1_950_000)
    end = tally_of(MAS=2_889_359, CC=2_240_920, others=6_137_671 - 2_889_359 - 2_240_920)
    part = open_part(contest_of(rule, "MAS", "CC", "others"), now, expected=34_555, universe=end)
    assert part.valid == 984_692
    assert part.lead_needed == Fraction("208123.1") / 984_692
    assert float(part.lead_needed) == pytest.approx(0.21135857709821952, abs=1e-15)
    assert part.outcome_can_change is True


@given(a=st.integers(0, 50), b=st.integers(0, 50), rest=st.integers(0, 60))
def test_plurality_can_change_exactly_when_the_rest_can_close_the_gap(a: int, b: int, rest: int) -> None:
    contest = contest_of(Plurality(kind="plurality"), "A", "B")
    now, end = tally_of(A=a, B=b), tally_of(A=a + rest, B=b)
    part = open_part(contest, now, universe=end)
    results = {(a + x > b + y, a + x < b + y, a + b + x + y > 0) for x in range(rest + 1) for y in (0, rest - x)}
    assert part.outcome_can_change == (len(results) > 1)


def test_without_a_universe_registered_voters_bound_what_is_open() -> None:
    contest = contest_of(Plurality(kind="plurality"), "A", "B")
    now = tally_of(registered=100, A=50, B=30)
    known = open_part(contest, now, expected=3)
    assert (known.sheets, known.registered, known.valid, known.basis) == (2, 200, 200, "registered")
    assert known.lead_needed is None
    stated = open_part(contest, now, expected=3, turnout=Fraction(1, 2))
    assert (stated.valid, stated.basis, stated.lead_needed) == (100, "turnout", Fraction(-20, 100))
    unknown = open_part(contest, now)
    assert (unknown.sheets, unknown.valid, unknown.outcome_can_change) == (None, None, None)
