"""Ours and others' projections of the same missing sheets: coverage and width side by side (docs/methods/peers.md).

python docs/tables/peers.py [MINUTES [ELECTIONS]]: go on for so many minutes (15 unless told), then stop and write the
page; the same command goes on where it stopped, until there are ELECTIONS of each kind (20). Every forecast of one
election is one line of out/peers.jsonl, its seed in it. The real elections are read from the folder that VEEDOR_SHARED
names, else from ../shared; without it they are left out, and the page says so.
python docs/tables/peers.py write: the page from what there is.

Needs the extra `peers` (`pip install '.[peers]'`): elex-model, the newspapers' live models. See peers_models.py.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from statistics import NormalDist

import numpy as np
from levels import STATIONS, Task, drawn_for, ticks_of
from levels_page import table
from numpy.typing import NDArray
from peers_models import DRAWS, LEVELS, METHODS, Units, foretold, versions

from veedor import open_election
from veedor.document import Json
from veedor.election import EarlierVote
from veedor.errors import install_extra
from veedor.interruption.clock.order import Order
from veedor.interruption.earlier import earlier_shares
from veedor.interruption.like import order_of
from veedor.interruption.projection.draws import drawn
from veedor.interruption.projection.placebo_cuts import placebo_cuts
from veedor.interruption.projection.projection import DRAWN, donors_at, hierarchies_of
from veedor.interruption.projection.validation import unlike_others
from veedor.interruption.split import Split, lead_of, split_at
from veedor.interruption.study import at_stop
from veedor.sheets import in_totals
from veedor.simulation import election_of, sheet_table
from veedor.simulation.definition import snapshot_times
from veedor.simulation.drawing import Drawn

ROOT = Path(__file__).resolve().parent.parent.parent
LINES = ROOT / "out" / "peers.jsonl"
PAGE = ROOT / "docs" / "methods" / "peers.md"
SHARED = Path(os.environ.get("VEEDOR_SHARED", ROOT.parent / "shared")) / "data"

ELECTIONS = 20
FIRST_SEED = 7_001
KINDS = ("any-order", "places-late", "remote-late", "remote-early-stop", "remote-tail", "regions-late", "urban-first")
OWN_DRAWS = 400
SWING_TOWN, SWING_PLACE, SWING_TURNOUT = 0.25, 0.2, 0.05
"""How an earlier election differs, on the logit scale of each choice, by town and by polling place; and its turnout."""

LEAST_SHEETS = 1_000
"""Snapshots of 2020 with fewer are no stop that anyone would project from."""

Floats = NDArray[np.float64]
Row = dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class Case:
    """An election at a stop, with the order of its sheets and what the earlier election said of each station.

    lead_before: float[station], a fraction of valid votes of then. units: int[station], the peers' unit of each.
    """

    split: Split
    order: Order | None
    earlier: Floats
    units: NDArray[np.int64]


def simulated(kind: str, seed: int) -> Case:
    """Of a kind, with an earlier election that differs by towns and places. Every station is a unit."""
    found = drawn_for(Task(kind=kind, seed=seed))
    election = election_of(found)
    before, times = found.preliminary.calendar.before - 1, snapshot_times(found, "preliminary")
    counted, whole = sheet_table(found, "preliminary", before), sheet_table(found, "official")
    split = split_at(election, election.contests[0], counted, whole, cut=times[before])
    names = election.contests[0].choice_ids
    pair = (names.index(split.first), names.index(split.second))
    return Case(
        split=split,
        order=order_of(split, [ticks_of(found, "sheets")]),
        earlier=_earlier(found, pair, np.random.default_rng((seed, 1))),
        units=np.arange(len(split.counted)),
    )


def _earlier(found: Drawn, pair: tuple[int, int], rng: np.random.Generator) -> Floats:
    """float[station], the lead in its polling place in an election before, of places whose votes differed by chance."""
    geography, choices = found.geography, found.voters.votes[:, :-2]
    place, town = geography.precinct, geography.above[-1]
    votes = np.stack([np.bincount(place, each) for each in choices.T.astype(np.float64)]) + 0.5
    swing = rng.normal(0, SWING_TOWN, (len(votes), int(town.max()) + 1))[:, town]
    swing = swing + rng.normal(0, SWING_PLACE, votes.shape)
    then = votes * np.exp(swing)
    then = rng.poisson(then / then.sum(axis=0) * votes.sum(axis=0))
    lead = (then[pair[0]] - then[pair[1]]) / np.maximum(then.sum(axis=0), 1)
    return np.asarray(lead[place])


@cache
def _opened(name: str):
    return open_election(name, data=SHARED / name, skip_bad_rows=True).dataset


def bolivia_2019() -> Case:
    """The stop of 20 October 2019, with the referendum of 2016 as the earlier vote. Every polling place is a unit."""
    dataset = _opened("bolivia-2019")
    found = at_stop(dataset)
    (vote,) = dataset.election.earlier_votes
    share, _ = earlier_shares(vote, dataset.election, found.table.filter(in_totals()), dataset.folder)
    return Case(
        split=found.split,
        order=order_of(found.split, found.clocks),
        earlier=2 * share - 1,
        units=found.split.places.codes[-1],
    )


def bolivia_2020(snapshot: int) -> Case:
    """One publication of 2020 projected to the final count, with 2019 as the earlier election, matched by place."""
    dataset = _opened("bolivia-2020")
    count = dataset.counts[0]
    found = at_stop(dataset, count=count, cut=dataset.series(count).snapshots[snapshot])
    stations = found.table.filter(in_totals())
    shares = {
        first: earlier_shares(_of_2019(first), dataset.election, stations, SHARED / "bolivia-2019")[0]
        for first in (found.split.first, found.split.second)
    }
    return Case(
        split=found.split,
        order=order_of(found.split, found.clocks),
        earlier=shares[found.split.first] - shares[found.split.second],
        units=found.split.places.codes[-1],
    )


CHOICES_2019 = ("CC", "FPV", "MTS", "UCS", "MAS - IPSP", "21F", "PDC", "MNR", "PAN-BOL")


def _of_2019(first: str) -> EarlierVote:
    """The official count of 2019 as an earlier vote whose first answer is that choice's."""
    wanted = {"MAS-IPSP": "MAS - IPSP"}.get(first, first)
    columns = sorted(CHOICES_2019, key=lambda name: name != wanted)
    levels = ("country", "department", "province", "municipality", "locality", "precinct")
    names = ("País", "Departamento", "Provincia", "Municipio", "Localidad", "Recinto")
    return EarlierVote.model_validate(
        {
            "id": "general-2019",
            "name": {"en": "General election of 2019"},
            "file": "computo-final.csv",
            "station": "Número Mesa",
            "votes": {f"choice-{number}": column for number, column in enumerate(columns)},
            "levels": dict(zip(levels, names, strict=True)),
        }
    )


def snapshots_2020() -> list[int]:
    """Publications with enough sheets, but for the last, to which nothing was missing."""
    dataset = _opened("bolivia-2020")
    series = dataset.series(dataset.counts[0])
    return [number for number, when in enumerate(series.snapshots) if series.at(when).height >= LEAST_SHEETS]


def units_of(case: Case) -> Units:
    """The stations' figures added up by the peers' units; the earlier election has as many voters as are registered."""
    split = case.split
    counted = split.counted.astype(np.float64)
    rate = float(split.at_cut[split.counted].sum()) / float(split.registered_at_cut[split.counted].sum())
    before = np.maximum(split.registered, 1) * rate
    valid, lead = split.at_cut.sum(axis=1), split.at_cut[:, 0] - split.at_cut[:, 1]

    def added(values: Floats) -> Floats:
        return np.bincount(case.units, values, minlength=int(case.units.max()) + 1)

    number = added(np.ones(len(counted)))
    return Units(
        share=added(counted) / np.maximum(number, 1),
        valid=added(valid * counted),
        lead=added(lead * counted),
        valid_before=added(before),
        lead_before=added(before * case.earlier),
    )


def forecasts(case: Case, seed: int) -> Row:
    """Every rule's error (final lead less its middle) and how far its ends lie from the final lead, in points."""
    split = case.split
    truth = lead_of(split.base + split.final[split.missing].sum(axis=0))
    found: dict[str, Row] = {}
    for name, (middle, ends) in {**_ours(case), **_donors(case, seed)}.items():
        found[name] = _row(truth, middle, ends)
    for method in METHODS:
        start = time.process_time()
        try:
            told = foretold(units_of(case), method, seed=seed)
        except Exception as problem:  # a peer's failure is a result, and is written down
            found[method] = {"failed": f"{type(problem).__name__}: {problem}"[:200]}
            continue
        found[method] = _row(truth, told.middle, {level: (told.low[level], told.high[level]) for level in LEVELS})
        found[method]["cpu"] = round(time.process_time() - start, 2)
    return {"truth": 100 * truth, "counted": float(np.mean(split.counted)), "rules": found}


Ends = dict[float, tuple[float, float]]


def _row(truth: float, middle: float, ends: Ends) -> Row:
    return {
        "error": 100 * (truth - middle),
        "ends": {str(level): [100 * (low - truth), 100 * (high - truth)] for level, (low, high) in ends.items()},
    }


def _ours(case: Case) -> dict[str, tuple[float, Ends]]:
    """The printed intervals of the hierarchical rule, without and with the earlier election as a predictor."""
    split, found = case.split, {}
    rules = hierarchies_of(split, case.order, {"earlier": case.earlier})
    for rule, each in rules.items():
        forecast = each.forecast(split.counted, split.missing)
        assert forecast is not None
        cuts = None if each.order is None else placebo_cuts(each, each.order, rule=rule)
        sd = forecast.calibrated_sd * unlike_others([] if cuts is None else cuts.z)
        whole = split.base + forecast.mean
        valid, lead = float(whole.sum()), float(whole[0] - whole[1])
        reach = {level: NormalDist().inv_cdf((1 + level) / 2) * sd for level in LEVELS}
        ends = {level: ((lead - each) / valid, (lead + each) / valid) for level, each in reach.items()}
        found[rule] = lead / valid, ends
    return found


def _donors(case: Case, seed: int) -> dict[str, tuple[float, Ends]]:
    """The published donor rules with the intervals of their own draws."""
    split, donors, found = case.split, donors_at(case.split), {}
    for name, rule in DRAWN.items():
        whole = drawn(rule, donors, draws=OWN_DRAWS, seed=seed) + split.base
        lead = (whole[:, 0] - whole[:, 1]) / whole.sum(axis=1)
        ends = {
            level: (float(np.quantile(lead, (1 - level) / 2)), float(np.quantile(lead, (1 + level) / 2)))
            for level in LEVELS
        }
        found[name] = float(lead.mean()), ends
    return found


def tasks(elections: int) -> Iterator[tuple[str, int]]:
    """Name of the election and its seed, or the number of its snapshot; the real ones first."""
    if (SHARED / "bolivia-2019").is_dir():
        yield "bolivia-2019", 0
    if (SHARED / "bolivia-2020").is_dir() and (SHARED / "bolivia-2019").is_dir():
        yield from (("bolivia-2020", number) for number in snapshots_2020())
    for seed in range(FIRST_SEED, FIRST_SEED + elections):
        yield from ((kind, seed) for kind in KINDS)


def case_of(name: str, number: int) -> Case:
    """The election of a task."""
    if name == "bolivia-2019":
        return bolivia_2019()
    return bolivia_2020(number) if name == "bolivia-2020" else simulated(name, number)


def measure(minutes: float, elections: int) -> None:
    """Go on until the time is over or nothing is left."""
    done, end = {(row["name"], row["number"]) for row in rows()}, time.monotonic() + 60 * minutes
    LINES.parent.mkdir(parents=True, exist_ok=True)
    with LINES.open("a") as file:
        for name, number in tasks(elections):
            if (name, number) in done:
                continue
            if time.monotonic() > end:
                sys.stderr.write("time is over; the same command goes on\n")
                return
            found = forecasts(case_of(name, number), number)
            file.write(json.dumps({"name": name, "number": number, "versions": versions(), **found}) + "\n")
            file.flush()


def rows() -> list[Row]:
    """What was measured so far."""
    return [json.loads(line) for line in LINES.read_text().splitlines()] if LINES.exists() else []


ALL = "all of these"

NAMES = {
    "hierarchical": "veedor, hierarchical",
    "hierarchical_earlier": "veedor, hierarchical with the earlier vote",
    "nonparametric": "elex-model, nonparametric (conformal)",
    "gaussian": "elex-model, gaussian",
    "bootstrap": "elex-model, bootstrap",
    "uniform": "uniform donor sheet, own draws",
    "nested": "nested draw of places, own draws",
    "sheet": "sheet method (Long et al. 2019), own draws",
    "dirichlet_multinomial": "Dirichlet-multinomial (Rosnick and Wu 2022), own draws",
}

INTRODUCTION = """# Beside others' projections: coverage and width

The same missing sheets, projected by this package, by the donor rules published on Bolivia 2019, and by newspapers' live models
(`elex-model`, which the Washington Post publishes). Made by `python docs/tables/peers.py`, seeds from {seed} on,
{versions}. `elex-model` is an extra of its own (`pip install '.[peers]'` in a checkout; it shares every requirement's version with this
package, and brings pandas, boto3 and cvxpy): no other command needs it.

What each is given: the sheets counted at the stop; registered voters; the places; an earlier election's lead in every
place. The live models take nothing else; they need the earlier election, and know no order of arrival. veedor takes the order, and
the earlier vote in one of its two rows; donor rules take neither. Intervals of veedor are those that it prints, earlier
cuts included; of donor rules, of their own draws; of the live models, with their own defaults but for this: a unit is a
polling station (of the real elections a polling place: partly counted places are units that have not reported yet), the
one feature is the earlier lead, the whole country is one contest, whose own swing the bootstrap knows from no other,
and it draws {draws} samples, unregularised. All votes for others are given to both leaders by halves, so that a two-party model
foretells the lead as a share of all valid votes.

Half width of an interval in points of the lead; it holds if the final lead (the counted sheets as published) is inside.
"""

SIMULATED = """## Simulated kinds

{stations:,} sheets each, of the kinds of [`veedor simulate`](../reference/simulation.md#kinds); the earlier election is drawn around this
one's places, with a swing of its own in each town and place. Share of elections, in per cent, whose final lead an
interval holds; mean half width of the 95 % interval; root mean square error of the middle. A model that ends with an error
on an election has one fewer.
"""

REAL = """## Bolivia

2019: the last publication before the stop of 20 October, projected to the official count; the earlier vote is the
referendum of 2016. 2020: publications of the official count on the way, projected to its final figures; the earlier
election is that of 2019, matched by place. The final lead less the middle, ± half the width of the 95 % interval, in
points; bold where that interval does not hold the final lead. Before a quarter of the sheets is counted veedor says
that nothing is decided: it learned from no election stopped so early. Widths were learned without an earlier vote: with
one, intervals are shorter, and held less often in 2020.
"""


def written() -> str:
    """The page, of what has been measured so far."""
    found = rows()
    made = ", ".join(dict.fromkeys(str(row["versions"]) for row in found))
    kinds = [row for row in found if row["name"] in KINDS]
    real = [row for row in found if row["name"] not in KINDS]
    return "\n".join(
        [
            INTRODUCTION.format(seed=FIRST_SEED, versions=made, draws=DRAWS),
            SIMULATED.format(stations=STATIONS),
            _by_kind(kinds) + "\n",
            REAL if real else "The real elections were not at hand when this was made.\n",
            *([_of_real(real) + "\n"] if real else []),
        ]
    )


def _by_kind(found: list[Row]) -> str:
    lines = []
    for kind in (*KINDS, ALL):
        own = [row["rules"] for row in found if kind in (row["name"], ALL)]
        for rule, name in NAMES.items():
            each = [one[rule] for one in own if "failed" not in one[rule]]  # type: ignore[call-overload, index, operator]
            if not each:
                lines.append([kind, name, "0", *[""] * 5])
                continue
            held = [[_held(one, str(level)) for one in each] for level in LEVELS]
            width = sum(_half(one) for one in each) / len(each)
            error = (sum(one["error"] ** 2 for one in each) / len(each)) ** 0.5
            shares = [f"{100 * sum(one) / len(one):.0f}" for one in held]
            lines.append([kind, name, str(len(each)), *shares, f"{width:.2f}", f"{error:.2f}"])
    return table(["kind", "rule", "elections", "50 %", "80 %", "95 %", "half width", "error"], lines)


def _of_real(found: list[Row]) -> str:
    lines = []
    for row in sorted(found, key=lambda each: (each["name"], each["number"])):
        cells = [_cell(row["rules"][rule]) for rule in NAMES]  # type: ignore[call-overload, index]
        lines.append([str(row["name"]), f"{100 * float(row['counted']):.1f}", *cells])  # type: ignore[arg-type]
    return table(["election", "counted, %", *NAMES.values()], lines)


def _cell(one: Row) -> str:
    """Error and half width; bold where the 95 % interval does not hold."""
    if "failed" in one:
        return "failed"
    said = f"{one['error']:.2f} ± {_half(one):.2f}"
    return said if _held(one, "0.95") else f"**{said}**"


def _held(one: Row, level: str) -> bool:
    low, high = one["ends"][level]  # type: ignore[call-overload, index]
    return bool(low <= 0 <= high)


def _half(one: Row) -> float:
    low, high = one["ends"]["0.95"]  # type: ignore[call-overload, index]
    return float((high - low) / 2)


if __name__ == "__main__":
    first, *more = sys.argv[1:] or ["15"]
    if find_spec("elexmodel") is None:
        sys.exit(f"the live models need elex-model: {install_extra('peers')}")
    if first != "write":
        measure(float(first), int(more[0]) if more else ELECTIONS)
    PAGE.write_text(written())
