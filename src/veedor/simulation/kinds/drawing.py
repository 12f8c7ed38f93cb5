"""A simulated election of another kind, as the same arrays as the demo's (`veedor.simulation.drawing.Drawn`)."""

from dataclasses import replace

import numpy as np

from veedor.simulation.drawing import Drawn, publish
from veedor.simulation.geography import Geography
from veedor.simulation.kinds.electorate import kind_voters
from veedor.simulation.kinds.kind import Kind
from veedor.simulation.kinds.places import by_level, kind_geography, remoteness, urbanity
from veedor.simulation.parameters import DEFAULT, Parameters, Scenario, check_stations, scenario_named
from veedor.simulation.types import Floats


def draw_kind(
    stations: int, kind: Kind, seed: int, scenario: Scenario | str = "clean", parameters: Parameters = DEFAULT
) -> Drawn:
    """Simulate an election of a kind. parameters: noise of typing and what is planted; the rest is the kind's."""
    check_stations(stations)
    scenario = scenario_named(scenario)
    parameters = replace(
        parameters,
        shares=kind.shares,
        turnout=kind.turnout,
        order="places",
        snapshots=kind.snapshots,
        stop_after=kind.stop_after,
    )
    parts = [np.random.Generator(np.random.PCG64(part)) for part in np.random.SeedSequence(seed).spawn(7)]
    places, electorate, preliminary_order, official_order, typing, planting, far = parts
    geography = kind_geography(places, kind, stations)
    remote, urban = remoteness(far, geography, kind), urbanity(geography)
    voters = kind_voters(electorate, geography, kind, remote, urban)
    return publish(
        scenario,
        seed,
        parameters,
        geography,
        voters,
        lateness=_lateness(preliminary_order, geography, kind, remote, urban),
        official_lateness=_lateness(official_order, geography, kind, 0 * remote, 0 * urban),
        typing=typing,
        planting=planting,
    )


def _lateness(rng: np.random.Generator, geography: Geography, kind: Kind, remote: Floats, urban: Floats) -> Floats:
    """float[station], the higher, the later."""
    place = by_level(rng, geography, kind.place_late) + kind.remote_late * remote - kind.urban_late * urban
    bands = rng.permutation(np.arange(len(geography.names[0])) % kind.zones)
    place = place + kind.zone_late * bands[geography.places(0)]
    return np.asarray(place[geography.precinct] + kind.sheet_late * rng.normal(0, 1, geography.stations))
