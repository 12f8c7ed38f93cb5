"""Elections of known truth: for the demo, for tests of every method, and for benchmarks."""

from dataclasses import dataclass, replace

from veedor.election import Election
from veedor.sheets import Series
from veedor.simulation.definition import election_of
from veedor.simulation.drawing import CountHistory, Drawn, draw
from veedor.simulation.kinds import KINDS, Kind, draw_kind, kind_named
from veedor.simulation.parameters import DEFAULT, Parameters, Scenario
from veedor.simulation.tables import series_drawn, sheet_table
from veedor.simulation.truth import Totals, Truth, truth_as_json, truth_of
from veedor.simulation.writing import write_demo_claims, write_simulated

__all__ = [
    "KINDS",
    "CountHistory",
    "Drawn",
    "Kind",
    "Parameters",
    "Scenario",
    "Simulated",
    "Totals",
    "Truth",
    "draw",
    "draw_kind",
    "election_of",
    "sheet_table",
    "simulate",
    "truth_as_json",
    "truth_of",
    "write_demo_claims",
    "write_simulated",
]


@dataclass(frozen=True, kw_only=True)
class Simulated:
    """An election, what its counts published (by the count's id), and the truth beside it."""

    election: Election
    series: dict[str, Series]
    truth: Truth


def simulate(
    stations: int,
    scenario: Scenario | str,
    seed: int,
    parameters: Parameters = DEFAULT,
    *,
    kind: Kind | str | None = None,
    clock: bool = False,
) -> Simulated:
    """An election of 100 to 1,200,000 stations; the same seed (and NumPy) gives the same votes.

    kind: one of KINDS by name, or of your own; None: the demo's. clock: whether the time of every sheet is published.

    A scenario's election is the clean one of the same seed plus the planted faults. For hundreds of elections, `draw`
    and `sheet_table` give only what a test needs.
    """
    drawn = replace(_drawn(stations, scenario, seed, parameters, kind), clock=clock)
    election = election_of(drawn)
    series = {count: series_drawn(drawn, election, count) for count in drawn.histories}
    return Simulated(election=election, series=series, truth=truth_of(drawn, election))


def _drawn(
    stations: int, scenario: Scenario | str, seed: int, parameters: Parameters, kind: Kind | str | None
) -> Drawn:
    if kind is None:
        return draw(stations, scenario, seed, parameters)
    if isinstance(kind, Kind):
        return replace(draw_kind(stations, kind, seed, scenario, parameters), kind="like-another")
    return replace(draw_kind(stations, kind_named(kind), seed, scenario, parameters), kind=kind)
