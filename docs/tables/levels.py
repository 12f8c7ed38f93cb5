"""Measure how often each finding errs, kind by kind: false alarms, power, coverage (docs/methods/levels.md).

python docs/tables/levels.py PART [MINUTES [ELECTIONS]]: go on with a part for so many minutes (30 unless told), then
stop; the same command goes on where it stopped, until there are ELECTIONS of each kind (160). Every election is one
line of out/levels/PART.jsonl, its seed in it; the numbers do not hang on how often it was stopped.
python docs/tables/levels.py write: what there is into src/veedor/interruption/levels/levels.json, which comes with the
package, and from that the page. What has not been measured anew stays as it was.

Parts: `coverage` (the hierarchical projection on clean elections: its intervals, without what the election's own
earlier cuts may widen, and `lead_as_projected`), `random` (the same on kinds drawn at random), `power` (the same with
votes moved in late sheets), `interruption` (every finding of `veedor interruption` on clean elections), `altered` (the
same with votes moved), `rooms` (every finding of a dossier on clean elections of 1,000 sheets, with ordinary errors of
typing).
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from levels_page import alarms, any_of_rooms, coverage, of_rooms, projected, taken
from levels_summary import CLOCKS, TESTS, Table, merged, read
from random_kinds import SHAPES, draw_random

from veedor import open_election
from veedor.command import Command
from veedor.document import Json
from veedor.finding import Verdict
from veedor.interruption.clock.clocks import Ticks, arrival_clock
from veedor.interruption.clock.gaps import Gap
from veedor.interruption.findings import findings_of
from veedor.interruption.like import order_of
from veedor.interruption.outstanding.missing_sheets import hidden_places
from veedor.interruption.projection.hierarchy import Hierarchy
from veedor.interruption.projection.lateness.learned import HIDDEN_PLACES
from veedor.interruption.projection.placebo_cuts import placebo_cuts
from veedor.interruption.projection.projection import hierarchies_of, missing_margin
from veedor.interruption.projection.validation import unlike_others
from veedor.interruption.split import split_at
from veedor.interruption.study import Study, study_of
from veedor.simulation import (
    KINDS,
    Parameters,
    draw,
    draw_kind,
    election_of,
    sheet_table,
    simulate,
    write_simulated,
)
from veedor.simulation.definition import snapshot_times
from veedor.simulation.drawing import Drawn
from veedor.simulation.tables import series_drawn

ROOT = Path(__file__).resolve().parent.parent.parent
OUT = ROOT / "out" / "levels"
TABLE = ROOT / "docs" / "methods" / "levels.md"
LEVELS = ROOT / "src" / "veedor" / "interruption" / "levels" / "levels.json"

STATIONS = 2_000
ELECTIONS = 160
FIRST_SEED = 5_001
ALTERED = (0.0025, 0.005, 0.01, 0.02)

DEMO = {
    "demo, any order": Parameters(order="random"),
    "demo, places": Parameters(order="places"),
    "demo, geography": Parameters(order="geography"),
    "demo, stop at 60 %": Parameters(order="geography", stop_after=0.6),
}
"""The demo's own model, by order of arrival; the others are `veedor.simulation.KINDS`."""

SHEETS_OF_ROOMS = 1_000
WORSE = [verdict.value for verdict in (Verdict.HOLDS, Verdict.UNDECIDED, Verdict.DOES_NOT_HOLD)]

POWER_KINDS = ("demo, any order", "demo, geography", "remote-late")
DRAWN_AT_RANDOM = "random, "

Row = dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class Task:
    """One election to measure: its key is what it is known by among those measured."""

    kind: str
    seed: int
    altered: float = 0.0

    @property
    def key(self) -> tuple[str, int, float]:
        """What it is known by."""
        return self.kind, self.seed, self.altered


def drawn_for(task: Task) -> Drawn:
    """The election of a task."""
    if task.kind.startswith(DRAWN_AT_RANDOM):
        return draw_random(task.kind.removeprefix(DRAWN_AT_RANDOM), task.seed)
    scenario = "late_alteration" if task.altered else "clean"
    if task.kind in DEMO:
        shares = {"altered_votes": task.altered} if task.altered else {}
        dials = {**DEMO[task.kind].__dict__, **shares}
        return draw(STATIONS, scenario, task.seed, Parameters(**dials))
    return draw_kind(STATIONS, KINDS[task.kind], task.seed, scenario, Parameters(altered_votes=task.altered))


def studied(drawn: Drawn, clock: str, seed: int) -> Study:
    """The study of one simulated election at its stop, with the clock of every sheet, or of its snapshots only."""
    election = election_of(drawn)
    before, times = drawn.preliminary.calendar.before - 1, snapshot_times(drawn, "preliminary")
    table = sheet_table(drawn, "official")
    counted = sheet_table(drawn, "preliminary", before)
    return study_of(
        split_at(election, election.contests[0], counted, table, cut=times[before]),
        table=table,
        stop=Gap(
            clock="given",
            count="preliminary",
            start=times[before],
            end=times[before + 1],
            sheets_before=None,
            sheets_after=None,
        ),
        clocks=[ticks_of(drawn, clock)],
        groupings={},
        earlier={},
        draws=200,
        seed=seed,
        hidings=2,
        shuffles=40,
    )


def of_study(study: Study) -> Row:
    """The verdicts, and for the hierarchical rule its error and intervals, in points of the final lead."""
    (own,) = (each for each in study.projections if each.rule == "hierarchical")
    assert own.calibrated is not None
    assert own.lateness is not None
    return {
        "verdicts": {each.check: each.verdict.value for each in findings_of(study, Command(words=("interruption",)))},
        "error": 100 * (own.observed_alike - own.mean),
        "sd": 100 * own.calibrated.sd,
        "quantiles": {name: 100 * (value - own.observed_alike) for name, value in own.calibrated.quantiles.items()},
        "kind": own.lateness.kind,
        "tied": own.lateness.tied,
        "bend": own.lateness.bend,
        "late": 100 * own.lateness.votes * own.calibrated.sd / own.calibrated.margin_sd,
        "widening": own.validation.widening if own.validation else None,
        "widest": [100 * (end - own.observed_alike) for end in (own.lateness.widest_low, own.lateness.widest_high)],
        "nested": [
            100 * (each.calibrated.quantiles[name] - each.observed_alike)
            for each in study.projections
            if each.rule == "nested" and each.values == "cut" and each.calibrated
            for name in ("0.025", "0.975")
        ],
    }


def coverage_of(task: Task) -> Row:
    """The forecast of one clean election with both clocks: error and widths, in points of the final lead."""
    drawn = drawn_for(task)
    election = election_of(drawn)
    before, times = drawn.preliminary.calendar.before - 1, snapshot_times(drawn, "preliminary")
    counted = sheet_table(drawn, "preliminary", before)
    table = sheet_table(drawn, "official")
    split = split_at(election, election.contests[0], counted, table, cut=times[before])
    hidden = hidden_places(split)
    row: Row = {"hidden": hidden}
    for clock in CLOCKS:
        hierarchy = hierarchies_of(split, order_of(split, [ticks_of(drawn, clock)]), {})["hierarchical"]
        found = hierarchy.forecast(split.counted, split.missing)
        assert found is not None
        points = 100 / float((split.base + found.mean).sum())
        error = missing_margin(split) - found.lead
        far = abs(error) / found.widest_reach
        row[clock] = {
            "fails": far > 1 and hidden <= HIDDEN_PLACES and _stands_out(hierarchy, far),
            "error": points * error,
            "own": points * found.sd,
            "sd": points * found.calibrated_sd,
            "reach": points * found.widest_reach,
            "late": points * found.late_votes,
            "tied": found.tied_to_lateness,
            "bend": found.bend,
        }
    return row


def _stands_out(hierarchy: Hierarchy, beyond: float) -> bool:
    """Does `lead_as_projected` fail? beyond: the error in widest half widths, which the earlier cuts may widen."""
    cuts = None if hierarchy.order is None else placebo_cuts(hierarchy, hierarchy.order, rule="hierarchical")
    return cuts is not None and cuts.stands_out and beyond > unlike_others(cuts.z)


def ticks_of(drawn: Drawn, clock: str) -> Ticks:
    """The clock of every sheet, or of the snapshots only."""
    election = election_of(drawn)
    if clock == "sheets":
        arrived = sheet_table(drawn, "preliminary").select("station", when="arrived")
        return Ticks(id="arrival", count="preliminary", name=election.name.text, sheets=arrived)
    ticks = arrival_clock(series_drawn(drawn, election, "preliminary"))
    assert ticks is not None
    return ticks


def interruption(task: Task) -> Row:
    """Both clocks of one clean election."""
    drawn = drawn_for(task)
    return {clock: of_study(studied(drawn, clock, task.seed)) for clock in CLOCKS}


def altered(task: Task) -> Row:
    """The clock of every sheet of one election with votes moved in late sheets."""
    return {"sheets": of_study(studied(drawn_for(task), "sheets", task.seed))}


def rooms(task: Task) -> Row:
    """Every finding of a dossier: by its name, whether one of that name does not hold, else is undecided, else holds."""
    parameters = DEMO.get(task.kind, Parameters())
    kind = None if task.kind in DEMO else task.kind
    with TemporaryDirectory() as folder:
        simulated = simulate(SHEETS_OF_ROOMS, "clean", task.seed, parameters, kind=kind)
        election = open_election(write_simulated(simulated, Path(folder) / "election"))
        studied = election.interruption(draws=200).findings
        found: dict[str, str] = {}
        for each in (*election.check(), *studied, *election.forensics().findings):
            found[each.check] = max(found.get(each.check, Verdict.HOLDS.value), each.verdict.value, key=WORSE.index)
    return {"verdicts": found}


def _clean(elections: int) -> Iterator[Task]:
    for seed in range(FIRST_SEED, FIRST_SEED + elections):
        for kind in (*DEMO, *KINDS):
            yield Task(kind=kind, seed=seed)


def _random(elections: int) -> Iterator[Task]:
    for seed in range(FIRST_SEED, FIRST_SEED + elections):
        for shape in SHAPES:
            yield Task(kind=f"{DRAWN_AT_RANDOM}{shape}", seed=seed)


def _planted(elections: int) -> Iterator[Task]:
    for seed in range(FIRST_SEED, FIRST_SEED + elections):
        for kind in POWER_KINDS:
            for share in ALTERED:
                yield Task(kind=kind, seed=seed, altered=share)


PARTS: dict[str, tuple[Callable[[int], Iterator[Task]], Callable[[Task], Row]]] = {
    "coverage": (_clean, coverage_of),
    "random": (_random, coverage_of),
    "power": (_planted, coverage_of),
    "interruption": (_clean, interruption),
    "altered": (_planted, altered),
    "rooms": (_clean, rooms),
}


def measure(part: str, minutes: float, elections: int) -> None:
    """Go on with a part until its time is over or nothing is left."""
    tasks, measured = PARTS[part]
    done, end = {Task(**row["task"]).key for row in rows_of(part)}, time.monotonic() + 60 * minutes  # type: ignore[arg-type]
    OUT.mkdir(parents=True, exist_ok=True)
    with (OUT / f"{part}.jsonl").open("a") as file:
        for task in tasks(elections):
            if task.key in done:
                continue
            if time.monotonic() > end:
                sys.stderr.write(f"{part}: {task.seed - FIRST_SEED} of {elections} elections of each kind\n")
                return
            file.write(json.dumps({"task": task.__dict__, **measured(task)}) + "\n")
            file.flush()
    sys.stderr.write(f"{part}: all {elections} elections of each kind\n")


def rows_of(part: str) -> list[Row]:
    """What was measured of a part so far."""
    path = OUT / f"{part}.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


INTRODUCTION = """# Levels: how often each finding errs, kind by kind

Simulated elections of known truth, {sheets:,} sheets each, seeds from {seed} on, NumPy {numpy}; measured by
`python docs/tables/levels.py PART`, which can be stopped and goes on, and written by
`python docs/tables/levels.py write`. The kinds are those of [`veedor simulate`](../reference/simulation.md#kinds);
*demo* is its own model without `--kind`. What intervals need in width was learned on other elections, of kinds drawn at
random, none of them among these. A share of n elections has a standard error of at most 50 / sqrt(n) points; at 5 % of
160 elections, of 1.7.
"""

COVERAGE = """## The projection's intervals

Share of elections, in per cent, without altered votes, in which the hierarchical rule's calibrated 50, 80 and 95 %
intervals hold the final lead (the counted sheets as published), with the clock of every sheet and with snapshots only;
how wide they are; and in how many the lead lies outside even the widest interval, without which `lead_as_projected` is
at most undecided. Shares of intervals more than two standard errors below what they say are in bold.
"""

RANDOM = """### Kinds drawn at random

The same on elections each of which is of another kind, whose dials are drawn ({sheets}), by the
shape of remoteness: none; as a bell; many near and few very far; only the farthest fifth; evenly. *Hidden*: those in which more than a quarter of
the missing sheets are of places of which nothing was counted though something was of the places around them; there the finding
says so, and never speaks against the count.
"""

PROJECTED = """## The projection's verdict

Share of elections, in per cent, in which `lead_as_projected` does not hold, of so many. Its stated level is 5 %.
Without altered votes: false alarms, with the clock of every sheet and with snapshots; and how often it is undecided, with
the former. With altered votes, the clock of every sheet: power; votes are moved from the second to the first choice in late sheets, as a share of all valid votes,
and each moves the lead by twice as much.
"""

TAKEN = """### By what the projection takes an election for

The false alarms of the elections above, with the clock of every sheet, by what the projection says of them
([how](interruption.md#4-projection)). The finding prints that of its own row.
"""

ALARMS = """## False alarms and power of the interruption's other findings

Share of elections, in per cent, in which a finding does not hold, with the clock of every sheet. Without altered votes:
false alarms, whose stated level is 5 % each. With altered votes: power.
"""

ROOMS = """## Every finding of a dossier

Share of clean elections of {sheets:,} sheets, in per cent, in which a finding does not hold: over all kinds, and in the kind in
which it is most often. The simulated counts have ordinary errors of typing, missing and withdrawn sheets and a stop:
findings of fact (the first table) rightly do not hold where there are any. Findings by a test (the second) are false
alarms. The third table has the chance that at least one of the second table fails in a dossier.
"""


def summed_up() -> Table:
    """What there was, with what has been measured anew."""
    found = merged(read(LEVELS), {part: rows_of(part) for part in PARTS})
    told = {
        "seed": FIRST_SEED,
        "sheets": STATIONS,
        "sheets_of_rooms": SHEETS_OF_ROOMS,
        "numpy": np.__version__,
        "tests": TESTS,
    }
    return {**found, **told}


def page(found: Table) -> str:
    """The page, from the tables of levels.json."""
    return "\n".join(
        [
            INTRODUCTION.format(**{name: found[name] for name in ("sheets", "seed", "numpy")}),
            COVERAGE,
            coverage(found["coverage"]) + "\n",  # type: ignore[arg-type]
            RANDOM.format(sheets="400 to 4,000 sheets, stops at 25 to 95 %"),
            coverage(found["random"]) + "\n",  # type: ignore[arg-type]
            PROJECTED,
            projected({**found["coverage"], **found["random"]}, found["power"]) + "\n",  # type: ignore[arg-type]
            TAKEN,
            taken(found["taken_for"]) + "\n",  # type: ignore[arg-type]
            ALARMS,
            alarms(found["alarms"]) + "\n",  # type: ignore[arg-type]
            ROOMS.format(sheets=found["sheets_of_rooms"]),
            of_rooms(found["findings"], tests=False) + "\n",  # type: ignore[arg-type]
            of_rooms(found["findings"], tests=True) + "\n",  # type: ignore[arg-type]
            any_of_rooms(found["any"]) + "\n",  # type: ignore[arg-type]
        ]
    )


if __name__ == "__main__":
    name, *more = sys.argv[1:] or ["write"]
    if name == "write":
        found = summed_up()
        LEVELS.write_text(json.dumps(found, indent=1) + "\n")
        TABLE.write_text(page(found))
    else:
        measure(name, float(more[0]) if more else 30.0, int(more[1]) if more[1:] else ELECTIONS)
