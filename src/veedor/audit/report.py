"""An audit's folder as one document: plan, who signed and who refused and why, sample, risk; what its page shows."""

from collections import Counter
from pathlib import Path
from typing import Any

from veedor.audit import folder as files
from veedor.audit.consent import all_answers
from veedor.audit.draw import open_round
from veedor.audit.plan import parse_plan, plan_hash
from veedor.audit.status import status_of

COORDINATES = ("latitude", "longitude")
MOST = 0.8
"""The share of all sheets from which one of the broadest places is the one that the map draws."""


def report_of(folder: Path) -> dict[str, Any]:
    """Everything public about the audit, as JSON. Whether it verifies, `audited.read_audit` adds."""
    plan, named = files.open_plan(folder)
    document: dict[str, Any] = {"plan": plan.model_dump(mode="json"), "status": status_of(folder)}
    document["answers"] = [_answer(one) for one in all_answers(folder, plan, named)]
    document["earlier_plans"] = [_earlier(path) for path in sorted((folder / "superseded").glob("*"))]
    document["seed"] = files.read_json(folder, files.SEED) if (folder / files.SEED).exists() else None
    rounds = files.rounds_in(folder)
    drawn = open_round(folder, rounds[-1], plan, named) if rounds else []
    units, _, _, levels = files.read_units(folder, plan.contest)
    broadest = Counter(place[0] if place else "" for place in units.places)
    sampled = {one.station for one in drawn if one.station}
    found = Counter(units.places[units.position[one]][0] if levels else "" for one in sampled)
    document["sample"] = {
        "draws": len(drawn),
        "sheets": len(sampled),
        "units": len({one.unit for one in drawn}),
        "of_sheets": len(units.ids),
        "by_place": [{"place": name, "sheets": found[name], "of": of} for name, of in sorted(broadest.items())],
    }
    document["map"] = _points(units.ids, units.places, levels, sampled)
    risk = f"round-{rounds[-1]}/risk.json" if rounds else ""
    document["risk"] = files.read_json(folder, risk) if rounds and (folder / risk).exists() else None
    return document


def _answer(answer: Any) -> dict[str, Any]:
    return {
        "signatory": answer.signatory,
        "answer": answer.kind,
        "at": answer.at,
        "reason": answer.detail or None,
        "signed": answer.signed,
    }


def _earlier(path: Path) -> dict[str, Any]:
    data = files.read(path, files.PLAN)
    plan, named = parse_plan(data, str(path / files.PLAN)), plan_hash(data)
    return {"plan": named, "answers": [_answer(one) for one in all_answers(path, plan, named)]}


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
