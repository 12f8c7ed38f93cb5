"""An audit's folder as one document: plan, who signed and who refused and why, sample, risk; what its page shows."""

from collections import Counter
from pathlib import Path
from typing import Any

from veedor.audit.protocol import folder as files
from veedor.audit.protocol.consent import all_answers
from veedor.audit.protocol.entry_signatures import ENTRIES, check_entries, signatures_there, signer_of
from veedor.audit.protocol.file_models import SeedRecord, read_risk
from veedor.audit.protocol.folder import AuditFolder, audit_folder, numbers_in, open_plan, rounds_in
from veedor.audit.protocol.plan import Plan, parse_plan, plan_hash
from veedor.audit.protocol.seed import open_seed
from veedor.audit.protocol.signed_statement import Signed
from veedor.audit.protocol.status import status_of
from veedor.audit.rounds.draw import open_round, read_frame

COORDINATES = ("latitude", "longitude")
MOST = 0.8
"""The share of all sheets from which one of the broadest places is the one that the map draws."""


def report_of(folder: Path | AuditFolder) -> dict[str, Any]:
    """Everything public about the audit, as JSON. Whether it verifies, `audited.read_audit` adds."""
    opened = audit_folder(folder)
    plan, named = open_plan(opened)
    seed = open_seed(opened, plan, named) if opened.has(files.SEED) else None
    rounds = rounds_in(opened)
    drawn = open_round(opened, rounds[-1], plan, named) if rounds else []
    frame = read_frame(opened, plan)
    units, levels = frame.units, frame.levels
    broadest = Counter(place[0] if place else "" for place in units.places)
    sampled = {one.station for one in drawn if one.station}
    found = Counter(units.places[units.position[one]][0] if levels else "" for one in sampled)
    assessed = bool(rounds) and opened.has(f"round-{rounds[-1]}/risk.json")
    return {
        "plan": plan.model_dump(mode="json"),
        "status": status_of(opened),
        "answers": [_answer(one) for one in all_answers(opened, plan, named)],
        "earlier_plans": [_earlier(opened / f"superseded/{one}") for one in numbers_in(opened, "superseded/")],
        "seed": None if seed is None else seed.model_dump(mode="json", exclude_none=True),
        "sample": {
            "draws": len(drawn),
            "sheets": len(sampled),
            "units": len({one.unit for one in drawn}),
            "of_sheets": len(units.ids),
            "by_place": [{"place": name, "sheets": found[name], "of": of} for name, of in sorted(broadest.items())],
        },
        "map": _points(units.ids, units.places, levels, sampled),
        "entries": []
        if seed is None
        else [one for number in rounds for one in _entered(opened, plan, named, seed, number)],
        "risk": read_risk(opened, rounds[-1]).model_dump(mode="json") if assessed else None,
    }


def _answer(one: Signed) -> dict[str, Any]:
    said = one.statement
    return {
        "signatory": said.signatory,
        "answer": said.kind,
        "at": said.at,
        "reason": said.reason or None,
        "signed": one.signed,
    }


def _earlier(path: Path) -> dict[str, Any]:
    part = AuditFolder(path)
    data = part.read(files.PLAN)
    plan, named = parse_plan(data, str(part / files.PLAN)), plan_hash(data)
    return {"plan": named, "answers": [_answer(one) for one in all_answers(part, plan, named)]}


def _entered(folder: AuditFolder, plan: Plan, named: str, seed: SeedRecord, number: int) -> list[dict[str, Any]]:
    """Who signed what was entered of a round: one row for each entry that is there."""
    there = {
        name: folder.read(f"round-{number}/{name}.csv") for name in ENTRIES if folder.has(f"round-{number}/{name}.csv")
    }
    signed = check_entries(plan, named, number, seed.when, there, signatures_there(folder, number)) if there else {}
    return [
        {
            "round": number,
            "entry": name,
            "by": signer_of(plan, signed[name]) if name in signed else None,
            "at": signed[name].statement.at if name in signed else None,
            "named_in_plan": bool(signed[name].statement.signatory) if name in signed else None,
        }
        for name in there
    ]


def _points(
    ids: tuple[str, ...], places: tuple[tuple[str, ...], ...], levels: tuple[str, ...], sampled: set[str]
) -> dict[str, list[Any]]:
    """Every place with coordinates once: where it is, its sheets in the sample, and whether it is to be drawn.

    Where one of the broadest places has most of the sheets, as a country has with others abroad, only that one is.
    """
    points: dict[str, list[Any]] = {"latitude": [], "longitude": [], "sheets": [], "drawn": []}
    if levels[-2:] != COORDINATES:
        return points
    largest, held = Counter(place[0] for place in places).most_common(1)[0]
    whole = len(levels) == len(COORDINATES) or held < MOST * len(places)
    counts: Counter[tuple[str, str, bool]] = Counter()
    for unit, place in zip(ids, places, strict=True):
        counts[place[-2], place[-1], whole or place[0] == largest] += unit in sampled
    for (latitude, longitude, drawn), number in counts.items():
        try:
            values = float(latitude), float(longitude), number, drawn
        except ValueError:
            continue
        for name, value in zip(points, values, strict=True):
            points[name].append(value)
    return points
