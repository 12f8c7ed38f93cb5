"""The draw: the sample of a round, from the seed, the plan and the manifest, and nothing else; and its pull list."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from veedor.audit import folder as files
from veedor.audit.kinds import Votes, ballots_of
from veedor.audit.plan import Plan
from veedor.audit.sampling import ballots, consistent_sampler, equal_probability, proportional
from veedor.audit.seed import open_seed
from veedor.audit.strata_audit import region_depth, regions, stratum_seed
from veedor.audit.units import Units
from veedor.errors import VeedorError

UNLISTED = "unlisted"
"""What ballots without a record are called: unlisted/1, unlisted/2, ..."""


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """One draw. number: its place in the sample, from 1; round: the round that draws it.

    station: its sheet, '' for a ballot known by its record only. ballot: '' where sheets are drawn. ticket: what
    decided its place, '' where the number alone does.
    """

    number: int
    station: str
    ticket: str
    ballot: str = ""
    round: int = 1

    @property
    def unit(self) -> str:
        """What people fetch and read: the sheet or the ballot."""
        return self.ballot or self.station


@dataclass(frozen=True, kw_only=True, eq=False)
class Frame:
    """What is drawn from: the sheets with their weights, and the records where ballots have some."""

    units: Units
    weights: Sequence[int]
    levels: tuple[str, ...]
    records: Votes | None


def read_frame(folder: Path, plan: Plan) -> Frame:
    """What the folder's sample is drawn from."""
    units, _, weights, levels = files.read_units(folder, plan.contest)
    records = None if plan.records is None else files.read_records(folder, plan.contest)
    return Frame(units=units, weights=weights.tolist(), levels=levels, records=records)


def sample(plan: Plan, frame: Frame, seed: str, rounds: int) -> list[Drawn]:
    """The draws of the first `rounds` rounds."""
    sizes = plan.rounds[:rounds]
    if plan.kind == "regions":
        return _of_regions(plan, frame, seed, sizes)
    drawn = _of_ballots(plan, frame, seed, sizes[-1]) if plan.of_ballots else _of_sheets(plan, frame, seed, sizes[-1])
    return [replace(one, round=1 + sum(one.number > size for size in sizes)) for one in drawn]


def _of_sheets(plan: Plan, frame: Frame, seed: str, size: int) -> list[Drawn]:
    ids = frame.units.ids
    if plan.sampling == "proportional_to_error_bound":
        places = proportional(frame.weights, seed, size)
        return [Drawn(number=k, station=ids[place], ticket="") for k, place in enumerate(places, start=1)]
    if plan.numbering == "consistent_sampler":
        numbered = consistent_sampler(ids, seed, size, digits=18)
        return [Drawn(number=k, station=one.unit, ticket=one.number) for k, one in enumerate(numbered, start=1)]
    tickets = equal_probability(ids, seed, size)
    return [Drawn(number=k, station=one.unit, ticket=one.number) for k, one in enumerate(tickets, start=1)]


def _of_ballots(plan: Plan, frame: Frame, seed: str, size: int) -> list[Drawn]:
    """Ballots without replacement: by their record, or as the n-th of the ballots that a sheet reports."""
    places = ballots(ballots_of(frame.units, frame.records), seed, size)
    if frame.records is not None:
        known = list(frame.records)
        named = [known[place] if place < len(known) else f"{UNLISTED}/{place - len(known) + 1}" for place in places]
        return [Drawn(number=k, station="", ticket="", ballot=name) for k, name in enumerate(named, start=1)]
    ends = np.cumsum(np.asarray(frame.weights, dtype=np.int64))
    sheets = np.searchsorted(ends, np.asarray(places, dtype=np.int64), side="right")
    starts = ends - np.asarray(frame.weights, dtype=np.int64)
    return [
        Drawn(
            number=k,
            station=frame.units.ids[sheet],
            ticket="",
            ballot=f"{frame.units.ids[sheet]}/{place - int(starts[sheet]) + 1}",
        )
        for k, (place, sheet) in enumerate(zip(places, sheets.tolist(), strict=True), start=1)
    ]


def _of_regions(plan: Plan, frame: Frame, seed: str, sizes: Sequence[int]) -> list[Drawn]:
    """Each region's own draws, as many as its share of all weights, rounded up; those of a round spread evenly."""
    units, total = frame.units, sum(frame.weights)
    depth = region_depth(plan.region_level or "", frame.levels)
    drawn: list[Drawn] = []
    spread: list[tuple[int, Fraction, str, Drawn]] = []
    for name, places in regions(units, depth).items():
        weights = [frame.weights[place] for place in places]
        share = sum(weights)
        if not share:
            continue
        ends = [-(-size * share // total) for size in sizes]
        for k, place in enumerate(proportional(weights, stratum_seed(seed, name), ends[-1]), start=1):
            number = 1 + sum(k > end for end in ends)
            before = 0 if number == 1 else ends[number - 2]
            one = Drawn(number=0, station=units.ids[places[place]], ticket=f"{name}: {k}", round=number)
            spread.append((number, Fraction(k - before, ends[number - 1] - before), name, one))
    for k, (_, _, _, one) in enumerate(sorted(spread, key=lambda entry: entry[:3]), start=1):
        drawn.append(replace(one, number=k))
    return drawn


def draw_round(folder: Path) -> tuple[int, list[Drawn]]:
    """Draw the next round. Refused before the plan binds and the seed is there, and before the last round is assessed.

    Also refused if plan, manifest, results, an answer or the seed is not what the later files rest on.
    """
    plan, plan_hash = files.open_plan(folder)
    if not (folder / files.SEED).exists():
        from veedor.audit.consent import require_binding

        require_binding(folder, plan, plan_hash)
        raise VeedorError("there is no seed yet; it is made in public as the plan says, and there is no preview")
    seed = open_seed(folder, plan, plan_hash)
    done = files.rounds_in(folder)
    number = len(done) + 1
    rests_on = [*_bases(plan), files.SEED]
    if done:
        last = f"round-{done[-1]}/risk.json"
        if not (folder / last).exists():
            raise VeedorError(f"round {done[-1]} has not been assessed yet (`veedor audit assess`)")
        assessed = files.read_json(folder, last)
        files.check_rests_on(folder, assessed, last)
        if assessed["next"]["step"] != "next_round":
            raise VeedorError(f"the plan's next step is not another round but: {assessed['next']['step']}")
        rests_on.append(last)
    frame = read_frame(folder, plan)
    drawn = sample(plan, frame, str(seed["seed"]), number)
    _write(folder, number, drawn, frame, rests_on)
    return number, drawn


def _bases(plan: Plan) -> list[str]:
    """The files that were settled before the seed."""
    return [files.PLAN, files.MANIFEST, files.RESULTS, *([] if plan.records is None else [files.RECORDS])]


def open_round(folder: Path, number: int, plan: Plan, plan_hash: str) -> list[Drawn]:
    """The draws of rounds 1 to `number`, drawn again from the seed and compared with the file."""
    document: dict[str, Any] = files.read_json(folder, f"round-{number}/draw.json")
    files.check_rests_on(folder, document, f"round-{number}/draw.json")
    if not {*_bases(plan), files.SEED} <= set(document.get("rests_on", {})):
        raise VeedorError(f"{folder}/round-{number}/draw.json does not rest on plan, manifest, results and seed")
    seed = open_seed(folder, plan, plan_hash)
    if number > len(plan.rounds):
        raise VeedorError(f"the plan has {len(plan.rounds)} rounds, and there is a round {number}")
    frame = read_frame(folder, plan)
    drawn = sample(plan, frame, str(seed["seed"]), number)
    for name, derive in (("sample.csv", sample_bytes), ("pull-list.csv", pull_list)):
        if files.read(folder, f"round-{number}/{name}") != derive(drawn, frame, number):
            raise VeedorError(f"{folder}/round-{number}/{name} is not what the seed gives")
    return drawn


def sample_bytes(drawn: Sequence[Drawn], frame: Frame, number: int) -> bytes:
    """The draws of the round alone."""
    of_ballots = bool(drawn and drawn[0].ballot)
    rows = (
        [str(one.number), one.station, *([one.ballot] if of_ballots else [one.ticket]), *_place(one, frame)]
        for one in drawn
        if one.round == number
    )
    return files.csv_bytes(["draw", "station", "ballot" if of_ballots else "ticket", *frame.levels], rows)


def pull_list(drawn: Sequence[Drawn], frame: Frame, number: int) -> bytes:
    """What to fetch in the order of the route: place by place, each sheet once, without those already fetched."""
    if drawn and drawn[0].ballot:
        new = sorted((one for one in drawn if one.round == number), key=lambda one: (_place(one, frame), _order(one)))
        rows = ([*_place(one, frame), one.station, one.ballot] for one in new)
        return files.csv_bytes([*frame.levels, "station", "ballot"], rows)
    fetched = {one.station for one in drawn if one.round < number}
    times = Counter(one.station for one in drawn if one.round == number)
    units = frame.units
    stations = sorted(set(times) - fetched, key=lambda station: (units.places[units.position[station]], station))
    listed = ([*units.places[units.position[station]], station, str(times[station])] for station in stations)
    return files.csv_bytes([*frame.levels, "station", "times_drawn"], listed)


def _place(one: Drawn, frame: Frame) -> tuple[str, ...]:
    units = frame.units
    return units.places[units.position[one.station]] if one.station else ("",) * len(frame.levels)


def _order(one: Drawn) -> tuple[str, int, str]:
    """Ballots of one sheet by their number in it, others by their name."""
    number = one.ballot.rpartition("/")[2]
    return one.station, int(number) if one.station else 0, one.ballot


def _write(folder: Path, number: int, drawn: list[Drawn], frame: Frame, rests_on: Sequence[str]) -> None:
    new = sum(one.round == number for one in drawn)
    document = {
        "format": "veedor/audit-draw/1",
        "round": number,
        "first_draw": len(drawn) - new + 1,
        "last_draw": len(drawn),
        "rests_on": files.hashes(folder, rests_on),
    }
    files.write(folder, f"round-{number}/sample.csv", sample_bytes(drawn, frame, number))
    files.write(folder, f"round-{number}/pull-list.csv", pull_list(drawn, frame, number))
    files.write_new(folder, f"round-{number}/draw.json", files.as_json(document))
