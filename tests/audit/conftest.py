"""The real sheets of Bolivia 2019 as units of an audit."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.audit.town import write_town
from veedor.audit.units import Units, units_from
from veedor.election import Election
from veedor.election.read import read_election
from veedor.sheets.read import read_sheets


@pytest.fixture(scope="session")
def bolivia(shared: Path) -> tuple[Election, Path]:
    """The definition and the folder of its files."""
    return read_election("bolivia-2019"), shared / "data" / "bolivia-2019"


def read_units(bolivia: tuple[Election, Path], count: str, when: datetime | None = None) -> Units:
    election, data = bolivia
    contest = election.contests[0]
    chosen = next(one for one in election.counts if one.id == count)
    table = read_sheets(election, contest, chosen, data, when=when).table
    return units_from(table, contest, election.level_ids)


@pytest.fixture(scope="session")
def official(bolivia: tuple[Election, Path]) -> Units:
    """The official count."""
    return read_units(bolivia, "official")


@pytest.fixture(scope="session")
def before_the_stop(bolivia: tuple[Election, Path]) -> Units:
    """The preliminary count at 28,975 sheets."""
    return read_units(bolivia, "preliminary", datetime(2019, 10, 20, 19, 40, 57))


@pytest.fixture(scope="session")
def after_the_stop(bolivia: tuple[Election, Path]) -> Units:
    """The preliminary count at 32,806 sheets."""
    return read_units(bolivia, "preliminary", datetime(2019, 10, 21, 18, 29, 53))


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A small election of 40 sheets in three regions, and its cast vote records beside its folder."""
    return write_town(tmp_path / "town")
