"""Totals of places whose stations are not published (`if_empty`): no test of stations looks at them, and it is said."""

from tests.checks.test_whole_places import ELECTION, WHOLE
from tests.checks.world import rows, table
from veedor.finding import Text
from veedor.forensics.findings import with_left_out
from veedor.forensics.stations import stations_of

SAID = Text(en="Said.", es="Dicho.")


def test_a_whole_place_is_no_station_and_a_finding_says_so() -> None:
    contest = ELECTION.contests[0]
    without = stations_of(table(rows(), ELECTION), ELECTION, contest)
    with_it = stations_of(table([*rows(), WHOLE], ELECTION), ELECTION, contest)
    assert with_it.names == without.names
    assert (without.whole_places, with_it.whole_places) == (0, 1)
    assert with_left_out(SAID, without) == SAID
    told = with_left_out(SAID, with_it)
    assert told.en == "Said. 1 sheet is left out: it is the total of a place whose stations are not published."
    assert told.es == "Dicho. Queda fuera 1 acta: es el total de un lugar cuyas mesas no se publican."
