"""Simulated elections like a given one: the rooms of interruptions and of simulation do not know each other."""

from collections.abc import Sequence

import numpy as np

from veedor.document import of_fields
from veedor.interruption.clock.clocks import Ticks, arrival_clock
from veedor.interruption.like import Like, distances, order_of, summed_up
from veedor.interruption.projection.lateness.passing import passing
from veedor.interruption.projection.lateness.places import lateness
from veedor.interruption.split import Split, split_at
from veedor.interruption.study import Study
from veedor.simulation import Drawn, Kind, draw_kind, election_of, sheet_table
from veedor.simulation.definition import snapshot_times
from veedor.simulation.kinds.like import Given, kind_like
from veedor.simulation.tables import series_drawn

MOST_SHEETS = 4_000
"""Larger elections are checked on smaller ones like them."""

TOLD_APART = 100
"""Ticks before the stop from which on a clock is taken for one of every sheet; with fewer, for one of snapshots."""


def kind_of(split: Split, clocks: Sequence[Ticks]) -> Kind:
    """The kind of an election at its stop: its places, variances, and slopes over the count."""
    order = order_of(split, clocks)
    late = lateness(split.places, passing(order, split.counted, split.missing))
    return kind_like(
        Given(
            codes=split.places.codes[1:],
            votes=split.final[:, :2] if not split.final[:, 2].any() else split.final,
            registered=split.registered,
            time=late.sheets + late.whole[split.places.codes[-1]],
            stop_after=float(np.mean(split.counted)),
        )
    )


def like(study: Study, elections: int, seed: int = 1) -> Like:
    """The hierarchical projection on so many simulated elections like the one under study."""
    kind, order = kind_of(study.split, study.clocks), order_of(study.split, study.clocks)
    ticks = 0 if order is None else len(np.unique(order.position[study.split.counted]))
    sheets = min(len(study.split.counted), MOST_SHEETS)
    found = []
    for number in range(elections):
        split, clock = _cut(draw_kind(sheets, kind, seed + number), every_sheet=ticks >= TOLD_APART)
        found.append(distances(split, order_of(split, [clock] if clock is not None else [])))
    dials = {name: value for name, value in of_fields(kind).items() if name != "about"}
    return summed_up(found, sheets=sheets, seed=seed, dials=dials)


def _cut(drawn: Drawn, *, every_sheet: bool) -> tuple[Split, Ticks | None]:
    """A simulated election at its stop, with the clock that it publishes."""
    election, before = election_of(drawn), drawn.preliminary.calendar.before - 1
    counted = sheet_table(drawn, "preliminary", before)
    cut = snapshot_times(drawn, "preliminary")[before]
    split = split_at(election, election.contests[0], counted, sheet_table(drawn, "official"), cut=cut)
    if not every_sheet:
        return split, arrival_clock(series_drawn(drawn, election, "preliminary"))
    arrived = sheet_table(drawn, "preliminary").select("station", when="arrived")
    return split, Ticks(id="arrival", count="preliminary", name=election.name.text, sheets=arrived)
