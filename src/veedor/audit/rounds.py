"""Rounds: what people read from the sample comes in twice and must agree; then risk, and the plan's next step."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from veedor.audit import folder as files
from veedor.audit.draw import Drawn, open_round, read_frame
from veedor.audit.plan import Plan
from veedor.audit.readings import (
    Interpretations,
    differences,
    parse_interpretations,
    read_bytes,
    require_sample,
)
from veedor.audit.risk import Risk, risks_of
from veedor.errors import VeedorError

BROKEN = {
    "sheet": "a sheet holds more ballots than the plan's bound",
    "ballot": "there are more ballots than the plan lists",
}


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
    data = [read_bytes(one), read_bytes(two)]
    entries = [
        parse_interpretations(part, path, plan.contest, of_ballots=plan.of_ballots)
        for part, path in zip(data, (one, two), strict=True)
    ]
    found = differences(entries[0], entries[1], plan)
    if found:
        return found
    require_sample(entries[0], new_units(drawn, number), one)
    for name, part in zip(("entry-a.csv", "entry-b.csv", "interpretations.csv"), (*data, data[0]), strict=True):
        files.write_new(folder, f"round-{number}/{name}", part)
    return []


def new_units(drawn: Sequence[Drawn], number: int) -> set[str]:
    """Sheets, or ballots, that round `number` draws for the first time."""
    return {one.unit for one in drawn if one.round == number} - {one.unit for one in drawn if one.round < number}


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
    risks = risks_of(plan, read_frame(folder, plan), drawn, read)
    limit = float(plan.risk_limit)
    return {
        "format": "veedor/audit-risk/1",
        "round": number,
        "draws": len(drawn),
        "sheets": len({one.unit for one in drawn}),
        "risk_limit": limit,
        "assertions": [_as_json(risk, limit) for risk in risks],
        "next": next_step(plan, number, risks),
    }


def next_step(plan: Plan, number: int, risks: Sequence[Risk]) -> dict[str, Any]:
    """What the plan says now: the outcome is confirmed, another round, or a count of all ballots."""
    limit = float(plan.risk_limit)
    open_ones = [risk.label for risk in risks if risk.now > limit]
    if any(risk.broken for risk in risks):
        return {"step": "full_count", "reason": BROKEN[plan.unit], "open": open_ones}
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
        data = files.read(folder, name)
        parts.append(parse_interpretations(data, folder / name, plan.contest, of_ballots=plan.of_ballots))
    return Interpretations(
        stations=tuple(station for part in parts for station in part.stations),
        statuses=tuple(status for part in parts for status in part.statuses),
        figures=np.concatenate([part.figures for part in parts]),
    )
