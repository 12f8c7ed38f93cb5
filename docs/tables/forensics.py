"""Re-make docs/methods/forensics-table.md: alarms on clean simulated elections, and power on planted changes.

python docs/tables/forensics.py [ELECTIONS [STATIONS]]: so many elections of each clean kind (200 unless told) and a
fifth as many of each planted one, of 1,000 stations unless told, seeds from 1 on, each with the command's own study of
19 clean placebo elections. Two processes; what is done so far is written as it comes.
"""

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from veedor.finding import Verdict
from veedor.forensics.findings import verdict_of
from veedor.forensics.klimek.measure import klimek
from veedor.forensics.klimek.model import Shape
from veedor.forensics.klimek.model import drawn as drawn_by_model
from veedor.forensics.registry import METHODS
from veedor.forensics.stations import Ints, Stations, stations_of
from veedor.forensics.study import LEVEL, study
from veedor.simulation import Parameters, draw, election_of, sheet_table

TABLE = Path(__file__).resolve().parent.parent / "methods" / "forensics-table.md"
NAMES = [name for name, method in METHODS.items() if method.default and not method.lists]
Maker = Callable[[int, int], Stations]


def simulated(scenario: str, parameters: Parameters) -> Maker:
    """Elections of `veedor simulate`: rolls of at most 240 voters, five levels of places."""

    def make(seed: int, stations: int) -> Stations:
        drawn = draw(stations, scenario, seed, parameters)
        election = election_of(drawn)
        return stations_of(sheet_table(drawn, "official"), election, election.contests[0])

    return make


def sized(low: int, high: int, rounded: float = 0.0) -> Maker:
    """Places of five stations with rolls between low and high; a share of the stations with rounded results.

    A rounded station's leader is given votes up to the next multiple of 5 per cent of its ballots, from the second.
    """

    def make(seed: int, stations: int) -> Stations:
        rng = np.random.default_rng(seed)
        places = np.arange(stations) // 5
        rolls = rng.integers(low, high + 1, stations)
        turnout = rng.beta(28, 12, places.max() + 1)[places]
        cast = rng.binomial(rolls, rng.beta(turnout * 150, (1 - turnout) * 150))
        mean = rng.dirichlet((12, 9, 3, 0.6), places.max() + 1)[places]
        weights = rng.standard_gamma(np.maximum(mean, 1e-3) * 150)
        ballots = rng.multinomial(cast, weights / weights.sum(axis=1, keepdims=True))
        votes = ballots[:, :3].copy()
        if rounded > 0:
            _round(votes, cast, rng.choice(stations, round(rounded * stations), replace=False))
        return Stations(
            names=tuple(str(number) for number in range(stations)),
            choices=("a", "b", "c"),
            registered=rolls,
            votes=votes,
            empty=ballots[:, 3].copy(),
            turned_out=cast,
            leader=0,
            levels=("precinct",),
            places=(places.astype(np.int64),),
        )

    return make


def _round(votes: Ints, cast: Ints, rows: Ints) -> None:
    aimed = np.ceil(20 * votes[rows, 0] / np.maximum(cast[rows], 1)) / 20
    moved = np.clip(np.rint(aimed * cast[rows]).astype(np.int64) - votes[rows, 0], 0, votes[rows, 1])
    votes[rows, 0] += moved
    votes[rows, 1] -= moved


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A row of the table."""

    name: str
    make: Maker


NO_PLACES = Parameters(place_spread=0, urban_gradient=0)
STRONG = Parameters(place_spread=2, urban_gradient=2)
CLEAN = (
    Kind(name="no geography", make=simulated("clean", NO_PLACES)),
    Kind(name="strong geography", make=simulated("clean", STRONG)),
    Kind(name="small stations (30 to 80)", make=sized(30, 80)),
    Kind(name="large stations (1,000 to 3,000)", make=sized(1000, 3000)),
)
PLANTED = (
    *(
        Kind(
            name=f"{scenario}, {share:.1%} of votes",
            make=simulated(scenario, replace(Parameters(), altered_votes=share)),
        )
        for scenario in ("stuffing", "switching")
        for share in (0.005, 0.02, 0.05)
    ),
    *(Kind(name=f"rounding, {share:.0%} of stations", make=sized(1000, 3000, share)) for share in (0.02, 0.05, 0.1)),
)


@dataclass
class Counts:
    """Of one kind, by method: elections given a figure, alarms at the level, verdicts 'does not hold'."""

    elections: int = 0
    given: dict[str, int] = field(default_factory=lambda: dict.fromkeys(NAMES, 0))
    alarms: dict[str, int] = field(default_factory=lambda: dict.fromkeys(NAMES, 0))
    against: dict[str, int] = field(default_factory=lambda: dict.fromkeys(NAMES, 0))


def counted(kind: Kind, elections: int, stations: int) -> Counts:
    """Study so many elections of a kind."""
    found = Counts()
    for seed in range(1, elections + 1):
        done = study(kind.make(seed, stations), seed=seed)
        found.elections += 1
        for answer in done.answers:
            if answer.p_value is None:
                continue
            found.given[answer.method] += 1
            found.alarms[answer.method] += answer.p_value <= LEVEL
            found.against[answer.method] += verdict_of(answer) is Verdict.DOES_NOT_HOLD
    return found


def lines(rows: Sequence[tuple[str, Counts]], pick: Callable[[Counts], dict[str, int]]) -> list[str]:
    """A table of shares: of the elections on which the method gave a figure; a dash where it gave none."""
    head = ["| elections |", *(f" {name} |" for name in NAMES)]
    text = ["".join(head), "|---|" + "---|" * len(NAMES)]
    for title, counts in rows:
        cells = []
        for name in NAMES:
            given = counts.given[name]
            share = f"{100 * pick(counts)[name] / given:.1f}%" if given else "-"
            cells.append(share if given in (0, counts.elections) else f"{share} of {given}")
        text.append(f"| {title} ({counts.elections}) | " + " | ".join(cells) + " |")
    return text


@dataclass
class Recovery:
    """Elections of Klimek's own model: how many were given fractions, alarmed, and had the truth inside."""

    elections: int = 0
    given: int = 0
    alarms: int = 0
    inside: list[int] = field(default_factory=lambda: [0, 0])
    means: list[float] = field(default_factory=lambda: [0.0, 0.0])


FRACTIONS = ((0.0, 0.0), (0.05, 0.0), (0.2, 0.02), (0.6, 0.03))
SHAPE = Shape(tau=0.53, spread_turnout=0.08, nu=0.33, spread_share=0.07, theta=0.45, alpha=2.3)


def recovered(fractions: tuple[float, float], elections: int, stations: int) -> Recovery:
    """Fit elections drawn from the model with known fractions; rolls between 300 and 2,000."""
    found = Recovery(elections=elections)
    for seed in range(1, elections + 1):
        rng = np.random.default_rng(seed)
        rolls = rng.integers(300, 2000, stations)
        cast, leader = drawn_by_model(SHAPE, fractions, rolls, rng)
        measured = klimek(plain(rolls, np.stack([leader, cast - leader], axis=1)), seed)
        if measured is None or measured.statistic is None or measured.p_value is None:
            continue
        found.given += 1
        found.alarms += measured.p_value <= LEVEL
        for number, name in enumerate(("f_i", "f_e")):
            low, high = measured.effect[f"{name}_low"], measured.effect[f"{name}_high"]
            found.inside[number] += low - 1e-3 <= fractions[number] <= high
            found.means[number] += measured.effect[name]
    return found


def plain(rolls: Ints, votes: Ints) -> Stations:
    """Stations without places or blank ballots."""
    return Stations(
        names=tuple(str(number) for number in range(len(rolls))),
        choices=("a", "b"),
        registered=rolls,
        votes=votes,
        empty=np.zeros(len(rolls), dtype=np.int64),
        turned_out=votes.sum(axis=1),
        leader=0,
        levels=(),
        places=(),
    )


def work(number: int, elections: int, stations: int) -> tuple[str, Counts | Recovery]:
    """One row: clean kinds first, then planted ones, then Klimek's."""
    kinds = (*CLEAN, *PLANTED)
    if number < len(kinds):
        many = elections if number < len(CLEAN) else max(1, elections // 5)
        return kinds[number].name, counted(kinds[number], many, stations)
    fractions = FRACTIONS[number - len(kinds)]
    return f"{fractions[0]:g}, {fractions[1]:g}", recovered(fractions, max(1, elections // 4), 3 * stations)


def main(elections: int, stations: int) -> None:
    """Count every kind, the longest first, and write the table."""
    found: dict[str, Counts | Recovery] = {}
    with ProcessPoolExecutor(2) as pool:
        tasks = [
            pool.submit(work, number, elections, stations)
            for number in range(len(CLEAN) + len(PLANTED) + len(FRACTIONS))
        ]
        for task in as_completed(tasks):
            name, counts = task.result()
            found[name] = counts
            clean = [(kind.name, found[kind.name]) for kind in CLEAN if kind.name in found]
            planted = [(kind.name, found[kind.name]) for kind in PLANTED if kind.name in found]
            models = [(name, each) for name, each in sorted(found.items()) if isinstance(each, Recovery)]
            _write(clean, planted, models, elections, stations)  # type: ignore[arg-type]


def _recovery_lines(rows: Sequence[tuple[str, Recovery]]) -> list[str]:
    text = [
        "| f_i, f_e | figure given | p at most 5 % | mean f_i | mean f_e | f_i inside | f_e inside |",
        "|---" * 7 + "|",
    ]
    for name, each in rows:
        given = max(each.given, 1)
        text.append(
            f"| {name} ({each.elections}) | {each.given} | {each.alarms} | {each.means[0] / given:.3f} "
            f"| {each.means[1] / given:.4f} "
            f"| {100 * each.inside[0] / given:.0f}% | {100 * each.inside[1] / given:.0f}% |"
        )
    return text


def _write(
    clean: Sequence[tuple[str, Counts]],
    planted: Sequence[tuple[str, Counts]],
    models: Sequence[tuple[str, Recovery]],
    elections: int,
    stations: int,
) -> None:
    text = [
        "# Forensics: false alarms and power",
        "",
        f"Simulated elections of {stations:,} stations, seeds from 1 on, NumPy {np.__version__}; made by",
        f"`python docs/tables/forensics.py {elections} {stations}`. The number of elections is in brackets. A",
        f"share of {elections} has a standard error of at most {50 / elections**0.5:.1f} points, at 5 % of "
        f"{100 * (0.0475 / elections) ** 0.5:.1f}.",
        "Where a method gave a figure on some elections only, their number follows; a dash: on none.",
        "`local_outliers` is a list without a verdict; how often it lists is "
        "[with the method](forensics.md#local-outliers).",
        "",
        "## Share of clean elections with p of at most 5 %",
        "",
        "Before any correction. Methods far above 5 % are those whose theory does not hold for such sizes or places; their",
        "alarm on an election is then met by as many on its own placebo, and no verdict is given.",
        "",
        *lines(clean, lambda counts: counts.alarms),
        "",
        "## Share of clean elections on which the verdict is *does not hold*",
        "",
        "What is stated: at most 5 %.",
        "",
        *lines(clean, lambda counts: counts.against),
        "",
        "## Power: share of elections with planted changes on which the verdict is *does not hold*",
        "",
        "Stuffing and switching as `veedor simulate` plants them (share of all valid votes, in stations that give half",
        "of what they have); rounding: the leader's share of ballots brought up to the next multiple of 5 per cent.",
        "",
        *lines(planted, lambda counts: counts.against),
        "",
        "## The same with p of at most 5 %, before any correction",
        "",
        *lines(planted, lambda counts: counts.alarms),
        "",
        "## Klimek's model on elections drawn from it",
        "",
        f"{3 * stations:,} stations of 300 to 2,000 voters, honest turnout 0.53 (sd 0.08), share 0.33 (0.07), theta",
        "0.45, alpha 2.3. Inside: the truth within the interval of 95 per cent, among elections on which a figure was",
        "given; a fit that is refused counts nowhere. Below, the ends of intervals are read to 0.001.",
        "",
        *_recovery_lines(models),
    ]
    TABLE.write_text("\n".join(text) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*(int(word) for word in (sys.argv[1:] + ["200", "1000"][len(sys.argv) - 1 :])))
