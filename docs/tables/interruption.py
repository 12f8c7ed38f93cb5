"""Re-make docs/methods/interruption-table.md: false alarms, power and coverage on simulated elections of known truth.

python docs/tables/interruption.py [ELECTIONS]: so many elections of each kind (200 unless told), each of 2,000
stations, seeds 1 to ELECTIONS, with the commands' own code and fast settings (200 draws, 6 + 6 hidings, 100 shuffles).
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.stats import norm

from veedor.finding import Verdict
from veedor.interruption.clocks import Ticks
from veedor.interruption.findings import findings_of
from veedor.interruption.gaps import Gap
from veedor.interruption.split import split_at
from veedor.interruption.study import Study, study_of
from veedor.simulation import Parameters, draw, election_of, sheet_table
from veedor.simulation.definition import snapshot_times
from veedor.simulation.drawing import Drawn

TABLE = Path(__file__).resolve().parent.parent / "methods" / "interruption-table.md"
STATIONS = 2_000
CHECKS = ("lead_as_projected", "within_place_change", "jump_at_stop", "trend_between_places")
LEVELS = (0.5, 0.8, 0.95)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One condition: order of arrival, and votes moved in late sheets as a share of all valid votes."""

    order: str
    altered: float

    @property
    def parameters(self) -> Parameters:
        """The simulation's dials."""
        return Parameters(order=self.order, altered_votes=self.altered)  # type: ignore[arg-type]


KINDS = (
    Kind(order="random", altered=0.0),
    Kind(order="geography", altered=0.0),
    *(Kind(order=order, altered=share) for order in ("random", "geography") for share in (0.0025, 0.005, 0.01, 0.02)),
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
        hidings=6,
        shuffles=100,
    )


@dataclass
class Counts:
    """What the elections of one kind gave."""

    elections: int
    against: dict[str, int]
    undecided: dict[str, int]
    inside: dict[str, int]


def counted(kind: Kind, elections: int) -> Counts:
    """Study so many elections of a kind."""
    found = Counts(elections=elections, against={}, undecided={}, inside={})
    scenario = "late_alteration" if kind.altered else "clean"
    for seed in range(1, elections + 1):
        drawn = draw(STATIONS, scenario, seed, kind.parameters)
        study = studied(drawn, seed)
        for finding in findings_of(study, ""):
            found.against[finding.check] = found.against.get(finding.check, 0) + (
                finding.verdict is Verdict.DOES_NOT_HOLD
            )
            found.undecided[finding.check] = found.undecided.get(finding.check, 0) + (
                finding.verdict is Verdict.UNDECIDED
            )
        for name, inside in _covered(study, drawn):
            found.inside[name] = found.inside.get(name, 0) + inside
    return found


def _covered(study: Study, drawn: Drawn) -> Iterator[tuple[str, bool]]:
    """Which intervals hold the truth: the lead as voted, and no change within places."""
    delta = drawn.planted.delta
    first, second = (study.split.contest.choice_ids.index(name) for name in (study.split.first, study.split.second))
    moved = float(delta[:, first].sum() - delta[:, second].sum()) if len(delta) else 0.0
    final = study.split.final.sum(axis=0)
    truth = (float(final[0] - final[1]) - moved) / float(final.sum())
    for each in study.projections:
        if each.sd is None or each.values != "cut":
            continue
        for level in LEVELS if each.rule == "hierarchical" else (0.95,):
            reach = float(norm.ppf((1 + level) / 2)) * each.sd
            yield f"{each.rule} {level:.0%}", abs(truth - each.mean) <= reach
    inner = next(each for each in study.within if each.of == "lead" and each.level == study.split.places.levels[-1])
    if inner.estimate is not None and inner.se and inner.se_clustered:
        yield "within, robust 95%", abs(inner.estimate) <= 1.96 * inner.se
        yield "within, clustered 95%", abs(inner.estimate) <= 1.96 * inner.se_clustered
    for jump in study.jumps:
        if jump.estimate is not None and jump.se and jump.bandwidth == 10.0:
            yield f"jump {'within' if jump.within else 'raw'} 95%", abs(jump.estimate) <= 1.96 * jump.se


def written(results: dict[Kind, Counts]) -> str:
    """The table as Markdown."""
    elections = next(iter(results.values())).elections
    names = list(dict.fromkeys(name for found in results.values() for name in found.inside))
    head = ["order of arrival", "votes altered"]
    lines = [
        "# Interruption: false alarms, power and coverage",
        "",
        f"{elections} simulated elections of {STATIONS:,} stations for each row, seeds 1 to {elections}, NumPy "
        f"{np.__version__}; made by `python docs/tables/interruption.py {elections}`. A share of {elections} has a "
        f"standard error of at most {100 * 0.5 / elections**0.5:.1f} points, at 5 % of "
        f"{100 * (0.05 * 0.95 / elections) ** 0.5:.1f}.",
        "",
        "## Share of elections in which a finding does not hold",
        "",
        "The first two rows are false alarms, the others power. Votes altered: moved from the second to the first",
        "choice in late sheets, as a share of all valid votes; each moves the lead by twice as much.",
        "",
        "| " + " | ".join([*head, *CHECKS]) + " |",
        "|" + "---|" * (len(head) + len(CHECKS)),
    ]
    for kind, found in results.items():
        cells = [f"{found.against[check] / found.elections:.1%}" for check in CHECKS]
        lines.append("| " + " | ".join([kind.order, f"{kind.altered:.2%}", *cells]) + " |")
    lines += [
        "",
        "## Share of intervals that hold the truth",
        "",
        "Projections: the lead as voted, before any alteration. Within and jump: no change. With altered votes the",
        "regressions see the alteration, so their last rows are power, not coverage.",
        "",
        "| interval | " + " | ".join(f"{kind.order} {kind.altered:.2%}" for kind in results) + " |",
        "|" + "---|" * (len(results) + 1),
    ]
    for name in names:
        cells = [f"{found.inside.get(name, 0) / found.elections:.1%}" for found in results.values()]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main(elections: int) -> None:
    """Study every kind and write the table."""
    results = {}
    for kind in KINDS:
        sys.stderr.write(f"{kind.order} {kind.altered}\n")
        results[kind] = counted(kind, elections)
        TABLE.write_text(written(results))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
