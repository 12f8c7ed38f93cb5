"""Re-make docs/methods/interruption-table.md: false alarms, power and coverage on simulated elections of known truth.

python docs/tables/interruption.py [ELECTIONS [PROCESSES]]: so many elections of each kind (200 unless told), each of
2,000 stations, seeds 1 to ELECTIONS, with the command's own code and settings but for fewer draws (200), shuffles (100)
and hidings (10 in each of the two ways). The numbers do not hang on the number of processes.
"""

import os
import sys
from collections.abc import Iterator
from concurrent.futures.process import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from veedor.finding import Verdict
from veedor.interruption.clock.clocks import Ticks
from veedor.interruption.clock.gaps import Gap
from veedor.interruption.findings import findings_of
from veedor.interruption.places import Places
from veedor.interruption.projection import placebo_cuts, projection, validation
from veedor.interruption.projection.hierarchical import Total, project
from veedor.interruption.projection.projection import Projection
from veedor.interruption.split import split_at
from veedor.interruption.study import Study, study_of
from veedor.simulation import Parameters, draw, election_of, sheet_table
from veedor.simulation.definition import snapshot_times
from veedor.simulation.drawing import Drawn

TABLE = Path(__file__).resolve().parent.parent / "methods" / "interruption-table.md"
STATIONS = 2_000
CHECKS = ("lead_as_projected", "within_place_change", "jump_at_stop", "trend_between_places")
LEVELS = (0.5, 0.8, 0.95)
HIDINGS = 10
AT_ONCE = 10


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One condition: its name, votes moved in late sheets as a share of all valid votes, and the simulation's dials."""

    name: str
    altered: float = 0.0
    parameters: Parameters


def kind(name: str, altered: float = 0.0, **dials: object) -> Kind:
    """A condition by its dials."""
    return Kind(name=name, altered=altered, parameters=Parameters(altered_votes=altered, **dials))  # type: ignore[arg-type]


ALTERED = (0.0025, 0.005, 0.01, 0.02)

KINDS = (
    kind("random", order="random"),
    kind("places", order="places"),
    kind("geography", order="geography"),
    kind("geography, stop at 60 %", order="geography", stop_after=0.6),
    *(kind(order, share, order=order) for order in ("random", "geography") for share in ALTERED),
)


def studied(drawn: Drawn, seed: int) -> Study:
    """The study of one simulated election at its stop, with its clock of arrival."""
    election = election_of(drawn)
    before = drawn.preliminary.calendar.before - 1
    times = snapshot_times(drawn, "preliminary")
    table = sheet_table(drawn, "official")
    split = split_at(
        election, election.contests[0], sheet_table(drawn, "preliminary", before), table, cut=times[before]
    )
    arrived = sheet_table(drawn, "preliminary").select("station", when="arrived")
    clock = Ticks(id="arrival", count="preliminary", name=election.name.text, sheets=arrived)
    stop = Gap(
        clock="given",
        count="preliminary",
        start=times[before],
        end=times[before + 1],
        sheets_before=None,
        sheets_after=None,
    )
    return study_of(
        split,
        table=table,
        stop=stop,
        clocks=[clock],
        groupings={},
        earlier={},
        draws=200,
        seed=seed,
        hidings=HIDINGS,
        shuffles=100,
    )


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One election: which checks did not hold, and which intervals held the truth."""

    against: dict[str, bool]
    inside: dict[str, bool]


def seen(kind: Kind, seed: int) -> Seen:
    """Draw and study one election of a kind."""
    drawn = draw(STATIONS, "late_alteration" if kind.altered else "clean", seed, kind.parameters)
    study = studied(drawn, seed)
    return Seen(
        against={each.check: each.verdict is Verdict.DOES_NOT_HOLD for each in findings_of(study, "")},
        inside=dict(_covered(study)) if not kind.altered else {},
    )


def every_kind(seed: int) -> list[Seen]:
    """The elections of one seed."""
    with projected_once():
        return [seen(kind, seed) for kind in KINDS]


@contextmanager
def projected_once() -> Iterator[None]:
    """Projections of the same sheets are made once: elections with and without altered late votes share theirs."""
    known: dict[tuple[object, ...], Total] = {}

    def remembered(places: Places, **inputs: NDArray[np.float64]) -> Total:
        key = (*(code.tobytes() for code in places.codes), *((name, each.tobytes()) for name, each in inputs.items()))
        if key not in known:
            known[key] = project(places, **inputs)  # type: ignore[arg-type]  # as it came
        return known[key]

    users = (placebo_cuts, validation, projection)
    for user in users:
        user.project = remembered  # type: ignore[assignment, attr-defined]
    yield
    for user in users:
        user.project = project  # type: ignore[attr-defined]


def _covered(study: Study) -> Iterator[tuple[str, bool]]:
    """Which intervals hold the truth: the lead as voted, the counted sheets as published; no change within places."""
    for each in study.projections:
        if each.values == "cut":
            yield from _of_projection(each)
    finest = study.split.places.levels[-1]
    inner = next(each for each in study.within if each.level == finest and each.of == "lead")
    if inner.estimate is not None and inner.se and inner.se_clustered:
        yield "within, robust 95%", abs(inner.estimate) <= 1.96 * inner.se
        yield "within, clustered 95%", abs(inner.estimate) <= 1.96 * inner.se_clustered
    for jump in study.jumps:
        if jump.estimate is not None and jump.se and jump.bandwidth == 10.0:
            yield f"jump {'within' if jump.within else 'raw'} 95%", abs(jump.estimate) <= 1.96 * jump.se


def _of_projection(each: Projection) -> Iterator[tuple[str, bool]]:
    widths = [("own", each.sd, (0.95,)), ("calibrated", each.calibrated.sd if each.calibrated else None, LEVELS)]
    for name, sd, levels in widths:
        for level in levels if sd is not None else ():
            reach = float(norm.ppf((1 + level) / 2)) * (sd or 0.0)
            yield f"{each.rule}, {name} {level:.0%}", abs(each.observed_alike - each.mean) <= reach


def _share(found: list[bool]) -> str:
    return f"{sum(found) / len(found):.1%}" if found else ""


def written(results: dict[Kind, list[Seen]]) -> str:
    """The table as Markdown."""
    clean = {kind: found for kind, found in results.items() if not kind.altered}
    elections = len(next(iter(results.values())))
    names = list(dict.fromkeys(name for found in clean.values() for each in found for name in each.inside))
    lines = [
        "# Interruption: false alarms, power and coverage",
        "",
        f"{elections} simulated elections of {STATIONS:,} stations for each row, seeds 1 to {elections}, NumPy "
        f"{np.__version__}; made by `python docs/tables/interruption.py {elections}`. A share of {elections} has a "
        f"standard error of at most {100 * 0.5 / elections**0.5:.1f} points, at 5 % of "
        f"{100 * (0.05 * 0.95 / elections) ** 0.5:.1f}.",
        "",
        "Order of arrival. *Random*: any. *Places*: whole places and their neighbours together, towns and countryside",
        "alike. *Geography*: whole places, remote ones late. The stop comes at 84 % of the sheets, else as named.",
        "",
        "## Share of elections in which a finding does not hold",
        "",
        "Without altered votes: false alarms; with them: power. Votes altered: moved from the second to the first",
        "choice in late sheets, as a share of all valid votes; each moves the lead by twice as much.",
        "",
        "| order of arrival | votes altered | " + " | ".join(CHECKS) + " |",
        "|" + "---|" * (len(CHECKS) + 2),
    ]
    for kind, found in results.items():
        cells = [_share([each.against[check] for each in found]) for check in CHECKS]
        lines.append("| " + " | ".join([kind.name, f"{kind.altered:.2%}", *cells]) + " |")
    lines += [
        "",
        "## Share of intervals that hold the truth, without altered votes",
        "",
        "Projections: the lead as voted, with the counted sheets as published: by the rule's *own* draws, and as",
        "*calibrated* by hidden sheets and earlier cuts. Within and jump: no change.",
        "",
        "| interval | " + " | ".join(kind.name for kind in clean) + " |",
        "|" + "---|" * (len(clean) + 1),
    ]
    for name in names:
        cells = [_share([each.inside[name] for each in found if name in each.inside]) for found in clean.values()]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main(elections: int, processes: int) -> None:
    """Study elections of every kind, and write the table anew after each AT_ONCE of them."""
    results: dict[Kind, list[Seen]] = {kind: [] for kind in KINDS}
    with ProcessPoolExecutor(processes) as pool:
        for seed, found in enumerate(pool.map(every_kind, range(1, elections + 1)), start=1):
            for kind, each in zip(KINDS, found, strict=True):
                results[kind].append(each)
            if seed % AT_ONCE == 0 or seed == elections:
                TABLE.write_text(written(results))
                sys.stderr.write(f"{seed} of {elections} elections of each kind\n")


if __name__ == "__main__":
    asked = [int(argument) for argument in sys.argv[1:]]
    main(*(asked + [200, os.cpu_count() or 1][len(asked) :]))
