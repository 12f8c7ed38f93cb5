"""Rounds: what people read from the sampled sheets comes in twice and must agree; then risk, and the plan's next step.

A sheet that is missing or cannot be read counts as the worst that it could hold: every ballot up to its bound scores
against the assertion (Stark 2008; Bañuelos & Stark 2012, *Limiting risk by turning manifest phantoms into evil
zombies*). A sheet that is there but not in the manifest takes all its ballots from the margin in the same way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from veedor.audit import folder as files
from veedor.audit.assertion import Assertion, Integers
from veedor.audit.batch import UNIT, bounds
from veedor.audit.draw import Drawn, open_round
from veedor.audit.martingale import Floats, Null, p_values, wealth
from veedor.audit.plan import Plan
from veedor.audit.units import Units, scores
from veedor.election import Contest
from veedor.errors import Fault, InputError, VeedorError

Status = Literal["found", "missing", "unreadable", "extra"]
STATUSES = ("found", "missing", "unreadable", "extra")


@dataclass(frozen=True, kw_only=True, eq=False)
class Interpretations:
    """What was read from the sampled sheets: figures[sheet, choice + 2] of the stations, and how each was found."""

    stations: tuple[str, ...]
    statuses: tuple[str, ...]
    figures: Integers


@dataclass(frozen=True, kw_only=True, eq=False)
class Risk:
    """Risk of one assertion after each draw. broken: stations with more ballots than the plan's bound allows."""

    label: str
    after: Floats
    overstated: int
    understated: int
    worst: int
    broken: tuple[str, ...]

    @property
    def now(self) -> float:
        """Risk after the last draw."""
        return float(self.after[-1]) if len(self.after) else 1.0


def columns(contest: Contest) -> list[str]:
    """The header of a file of interpretations."""
    return ["station", "status", *contest.choice_ids, "blank", "null"]


def read_interpretations(path: Path, contest: Contest) -> Interpretations:
    """As parse_interpretations, from a file."""
    return parse_interpretations(_read(path), path, contest)


def parse_interpretations(data: bytes, path: Path, contest: Contest) -> Interpretations:
    """Read a file of interpretations; figures of sheets that were not found or not readable may be empty."""
    header, rows = files.table_of(data, path)
    wanted = columns(contest)
    if header != wanted:
        raise InputError([Fault(file=str(path), row=1, found=",".join(header)[:200], wanted=",".join(wanted))])
    faults = [
        Fault(file=str(path), row=number, column="status", found=repr(row[1]), wanted=" or ".join(STATUSES))
        for number, row in enumerate(rows, start=2)
        if row[1] not in STATUSES
    ]
    names = [row[0] for row in rows]
    first = {name: number for number, name in reversed(list(enumerate(names, start=2)))}
    faults += [
        Fault(file=str(path), row=number, column="station", found=f"{name!r} a second time", wanted="each sheet once")
        for number, name in enumerate(names, start=2)
        if first[name] != number
    ]
    if faults:
        raise InputError(faults)
    readable = [row[2:] if row[1] in ("found", "extra") else ["0"] * len(row[2:]) for row in rows]
    return Interpretations(
        stations=tuple(names),
        statuses=tuple(row[1] for row in rows),
        figures=files.whole_numbers(path, readable, wanted[2:]),
    )


def differences(one: Interpretations, two: Interpretations, plan: Plan) -> list[dict[str, str]]:
    """Where two entries of the same sheets differ: station, column, and what each says."""
    first, second = _cells(one), _cells(two)
    found = []
    for station in sorted(set(first) | set(second)):
        left, right = first.get(station), second.get(station)
        if left is None or right is None:
            found.append({"station": station, "column": "station", "a": _there(left), "b": _there(right)})
            continue
        for name, a, b in zip(columns(plan.contest)[1:], left, right, strict=True):
            if a != b:
                found.append({"station": station, "column": name, "a": a, "b": b})
    return found


def enter(folder: Path, one: Path, two: Path) -> list[dict[str, str]]:
    """Take two entries of the last round. If they agree they are kept; else nothing is, and the differences return."""
    plan, plan_hash = files.open_plan(folder)
    done = files.rounds_in(folder)
    if not done:
        raise VeedorError("nothing has been drawn yet")
    number = done[-1]
    drawn = open_round(folder, number, plan, plan_hash)
    if one.resolve() == two.resolve():
        raise VeedorError("the two entries are the same file; the sheets are to be read twice, by two people")
    data = [_read(one), _read(two)]
    entries = [parse_interpretations(part, path, plan.contest) for part, path in zip(data, (one, two), strict=True)]
    found = differences(entries[0], entries[1], plan)
    if found:
        return found
    _require_sample(entries[0], new_sheets(drawn, plan, number), one)
    for name, part in zip(("entry-a.csv", "entry-b.csv", "interpretations.csv"), (*data, data[0]), strict=True):
        files.write_new(folder, f"round-{number}/{name}", part)
    return []


def new_sheets(drawn: Sequence[Drawn], plan: Plan, number: int) -> set[str]:
    """Stations that round `number` draws for the first time."""
    earlier = 0 if number == 1 else plan.rounds[number - 2]
    return {one.station for one in drawn} - {one.station for one in drawn[:earlier]}


def assess(folder: Path) -> dict[str, Any]:
    """Risk of every assertion after every draw so far, written as round-N/risk.json, with the plan's next step."""
    plan, plan_hash = files.open_plan(folder)
    done = files.rounds_in(folder)
    if not done:
        raise VeedorError("nothing has been drawn yet")
    number = done[-1]
    document: dict[str, Any] = _rounded(assessment(folder, plan, plan_hash, number))
    rests_on = [f"round-{n}/{name}" for n in done for name in ("draw.json", "sample.csv", "interpretations.csv")]
    document["rests_on"] = files.hashes(folder, rests_on)
    files.write_new(folder, f"round-{number}/risk.json", files.as_json(document))
    return document


def assessment(folder: Path, plan: Plan, plan_hash: str, number: int) -> dict[str, Any]:
    """What round-N/risk.json says, derived from plan, seed and interpretations alone."""
    drawn = open_round(folder, number, plan, plan_hash)
    read = _all_interpretations(folder, plan, number)
    units, most, weights, _ = files.read_units(folder, plan.contest)
    risks = [risk_of(assertion, plan, units, most, weights, drawn, read) for assertion in plan.planned]
    limit = float(plan.risk_limit)
    return {
        "format": "veedor/audit-risk/1",
        "round": number,
        "draws": len(drawn),
        "sheets": len({one.station for one in drawn}),
        "risk_limit": limit,
        "assertions": [_as_json(risk, limit) for risk in risks],
        "next": next_step(plan, number, risks),
    }


def risk_of(
    assertion: Assertion,
    plan: Plan,
    units: Units,
    most: Integers,
    weights: Integers,
    drawn: Sequence[Drawn],
    read: Interpretations,
) -> Risk:
    """Risk of one assertion after each draw, by the plan's sampling and test."""
    bound = bounds(units, assertion, plan.bound)
    at = {station: place for place, station in enumerate(read.stations)}
    rows = np.array([at[one.station] for one in drawn], dtype=np.int64)
    positions = np.array([units.position[one.station] for one in drawn], dtype=np.int64)
    lost = np.array([status in ("missing", "unreadable") for status in read.statuses], dtype=bool)
    ballots = read.figures.sum(axis=1)
    # 1. Overstatement of each drawn sheet, in the assertion's whole measure; the worst where there is nothing to read.
    found = scores(assertion, plan.contest, read.figures[rows], units.registered[positions])
    over = np.where(lost[rows], bound.largest[positions], bound.reported[positions] - found)
    if plan.test.understatements == "taken_as_zero":
        over = np.maximum(over, 0)
    # 2. Sheets outside the manifest take all their ballots from the margin.
    extra = np.array([status == "extra" for status in read.statuses], dtype=bool)
    left = bound.margin + bound.lowest * int(ballots[extra].sum())
    over_bound = ~lost[rows] & (ballots[rows] > most[positions])
    broken = sorted({one.station for one, too_many in zip(drawn, over_bound.tolist(), strict=True) if too_many})
    stated = Risk(
        label=assertion.label,
        after=np.ones(len(drawn)),
        overstated=len(set(rows[over > 0].tolist())),
        understated=len(set(rows[over < 0].tolist())),
        worst=int(lost[np.unique(rows)].sum()) if len(rows) else 0,
        broken=tuple(broken),
    )
    if broken or left <= 0:
        return stated
    # 3. The numbers that the test sees, and their mean if the outcome is just wrong.
    if plan.sampling == "equal_probability":
        largest = int(bound.largest.max())
        x = 1 - over / largest
        null = Null(mean=1 - left / (len(units.ids) * largest), upper=np.inf, size=len(units.ids))
    else:
        x = 1 - over / bound.margin / (weights[positions] / UNIT)
        null = Null(mean=1 - left / bound.margin / (int(weights.sum()) / UNIT), upper=np.inf)
    after = p_values(wealth(np.maximum(x, 0.0), null, plan.test.bet()))
    return Risk(
        label=stated.label,
        after=after,
        overstated=stated.overstated,
        understated=stated.understated,
        worst=stated.worst,
        broken=(),
    )


def next_step(plan: Plan, number: int, risks: Sequence[Risk]) -> dict[str, Any]:
    """What the plan says now: the outcome is confirmed, another round, or a count of all ballots."""
    limit = float(plan.risk_limit)
    open_ones = [risk.label for risk in risks if risk.now > limit]
    if any(risk.broken for risk in risks):
        return {"step": "full_count", "reason": "a sheet holds more ballots than the plan's bound", "open": open_ones}
    if not open_ones:
        return {"step": "confirmed", "open": []}
    if number < len(plan.rounds):
        return {"step": "next_round", "draws": plan.rounds[number], "open": open_ones}
    return {"step": "full_count", "reason": "all rounds of the plan have been drawn", "open": open_ones}


def _rounded(document: Any) -> Any:
    """All floats to nine significant digits: as many as are the same on every machine."""
    if isinstance(document, dict):
        return {key: _rounded(value) for key, value in document.items()}
    if isinstance(document, list):
        return [_rounded(value) for value in document]
    return float(f"{document:.9g}") if isinstance(document, float) else document


def _as_json(risk: Risk, limit: float) -> dict[str, Any]:
    met = np.flatnonzero(risk.after <= limit)
    return {
        "label": risk.label,
        "risk": risk.now,
        "met_after_draw": int(met[0]) + 1 if len(met) else None,
        "sheets_overstated": risk.overstated,
        "sheets_understated": risk.understated,
        "sheets_missing_or_unreadable": risk.worst,
        "sheets_over_their_bound": list(risk.broken),
        "risk_after_each_draw": risk.after.tolist(),
    }


def _all_interpretations(folder: Path, plan: Plan, number: int) -> Interpretations:
    """The interpretations of rounds 1 to `number` as one."""
    parts = []
    for one in range(1, number + 1):
        name = f"round-{one}/interpretations.csv"
        if not (folder / name).exists():
            raise VeedorError(f"what was read in round {one} has not been entered yet (`veedor audit enter`)")
        parts.append(parse_interpretations(files.read(folder, name), folder / name, plan.contest))
    return Interpretations(
        stations=tuple(station for part in parts for station in part.stations),
        statuses=tuple(status for part in parts for status in part.statuses),
        figures=np.concatenate([part.figures for part in parts]),
    )


def _require_sample(read: Interpretations, wanted: set[str], path: Path) -> None:
    """Exactly the sheets of the round, and extra ones that say so."""
    got = {s for s, status in zip(read.stations, read.statuses, strict=True) if status != "extra"}
    faults = [
        Fault(file=str(path), column="station", found="no row", wanted=f"sheet {station}, which was drawn")
        for station in sorted(wanted - got)
    ]
    faults += [
        Fault(
            file=str(path), column="station", found=station, wanted="only sheets drawn in this round, or status extra"
        )
        for station in sorted(got - wanted)
    ]
    if faults:
        raise InputError(faults)


def _cells(entry: Interpretations) -> dict[str, list[str]]:
    return {
        station: [status, *map(str, figures)]
        for station, status, figures in zip(entry.stations, entry.statuses, entry.figures.tolist(), strict=True)
    }


def _there(row: list[str] | None) -> str:
    return "absent" if row is None else "present"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise VeedorError(f"{path} cannot be read: {error.strerror}") from None
