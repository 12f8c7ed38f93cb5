"""Places as ranges of stations: totals are those that a plain group-by gives."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veedor.dossier.geography import geography_of, totals_of
from veedor.dossier.input import Opened
from veedor.sheets import in_totals, vote_columns


def test_a_place_s_totals_are_those_of_its_stations(opened: Opened) -> None:
    geography, main = opened.geography, opened.table(opened.count.id)
    totals = totals_of(geography, opened.contest, main)
    columns = vote_columns(opened.contest)
    counted = main.filter(in_totals())
    for depth, level in enumerate(opened.election.level_ids):
        path = opened.election.level_ids[: depth + 1]
        sums = counted.group_by(*(pl.col(name).cast(pl.String) for name in path)).agg(
            pl.col("registered").sum(), pl.col(*columns).sum(), pl.len()
        )
        expected = {row[: depth + 1]: row[depth + 1 :] for row in sums.iter_rows()}
        for place in np.flatnonzero(geography.level == depth):
            found = (totals.registered[place], *totals.votes[:, place], totals.sheets[place])
            assert expected.get(geography.path(int(place)), (0,) * len(found)) == found, level


def test_the_whole_is_place_0_and_every_place_lies_inside_its_parent(opened: Opened) -> None:
    geography = opened.geography
    assert geography.size[0] == geography.stations.height
    for place in range(1, len(geography.name)):
        parent = geography.parent[place]
        assert geography.level[parent] == geography.level[place] - 1
        assert geography.start[parent] <= geography.start[place]
        assert geography.start[place] + geography.size[place] <= geography.start[parent] + geography.size[parent]


NAMES = st.sampled_from(["", "X", "Y", "Ñandú", "X / Y", "<b>"])


@pytest.mark.slow
@given(paths=st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=30))
@settings(max_examples=60)
def test_the_same_name_under_another_place_is_another_place(
    hostile_opened: Opened, paths: list[tuple[str, str]]
) -> None:
    base = hostile_opened.table("last")
    table = base.head(1).select(pl.all().repeat_by(len(paths)).list.explode()) if paths else base
    table = table.with_columns(
        pl.Series("station", [str(i) for i in range(len(paths))]),
        pl.Series("region", [a or None for a, _ in paths]).cast(pl.Categorical()),
        pl.Series("place", [b or None for _, b in paths]).cast(pl.Categorical()),
    )
    geography = geography_of(hostile_opened.election, table, [])
    deepest = [geography.path(int(place)) for place in np.flatnonzero(geography.level == 1)]
    assert sorted(deepest) == sorted(set(paths))
    by_station = dict(zip(geography.stations["station"], geography.finest(), strict=True))
    assert {i: geography.path(int(by_station[str(i)])) for i in range(len(paths))} == dict(enumerate(paths))
