"""An audit's folder as one document: plan, who signed and who refused and why, sample, risk; what its page shows."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from veedor.audit.protocol import folder as files
from veedor.audit.protocol.consent import all_answers
from veedor.audit.protocol.entry_signatures import ENTRIES, check_entries, signatures_there, signer_of
from veedor.audit.protocol.file_models import RiskRecord, SeedRecord, read_risk
from veedor.audit.protocol.folder import AuditFolder, audit_folder, numbers_in, open_plan, rounds_in
from veedor.audit.protocol.plan import Plan, parse_plan, plan_hash
from veedor.audit.protocol.seed import open_seed
from veedor.audit.protocol.signed_statement import Signed
from veedor.audit.protocol.status import Status, status_of
from veedor.audit.rounds.draw import open_round, read_frame

COORDINATES = ("latitude", "longitude")
MOST = 0.8
"""The share of all sheets from which one of the broadest places is the one that the map draws."""


@dataclass(frozen=True, kw_only=True)
class AnswerShown:
    """A signatory's answer, and if it is signed."""

    signatory: str
    answer: str
    at: str
    reason: str | None
    signed: bool


@dataclass(frozen=True, kw_only=True)
class EarlierPlan:
    """A plan that another one replaced, by its hash, and the answers to it."""

    plan: str
    answers: tuple[AnswerShown, ...]


@dataclass(frozen=True, kw_only=True)
class PlaceSample:
    """One of the broadest places: its sheets in the sample, of how many."""

    place: str
    sheets: int
    of: int


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The sample drawn so far. units: different sheets or ballots; of_sheets: how many the plan lists."""

    draws: int
    sheets: int
    units: int
    of_sheets: int
    by_place: tuple[PlaceSample, ...]


@dataclass(frozen=True, kw_only=True)
class Points:
    """Every place with coordinates once, in columns: its sheets in the sample, and whether the map draws it."""

    latitude: list[float]
    longitude: list[float]
    sheets: list[int]
    drawn: list[bool]


@dataclass(frozen=True, kw_only=True)
class Entered:
    """One entry of a round: who signed it and when; None where nobody did."""

    round: int
    entry: str
    by: str | None
    at: str | None
    named_in_plan: bool | None


@dataclass(frozen=True, kw_only=True)
class Report:
    """Everything public about an audit. seed, risk: None before they are there; risk: after the last round."""

    plan: Plan
    status: Status
    answers: tuple[AnswerShown, ...]
    earlier_plans: tuple[EarlierPlan, ...]
    seed: SeedRecord | None
    sample: Sample
    map: Points
    entries: tuple[Entered, ...]
    risk: RiskRecord | None


def report_of(folder: Path | AuditFolder) -> Report:
    """Everything public about the audit. Whether it verifies, `verified.read_audit` adds."""
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
    return Report(
        plan=plan,
        status=status_of(opened),
        answers=tuple(_answer(one) for one in all_answers(opened, plan, named)),
        earlier_plans=tuple(_earlier(opened / f"superseded/{one}") for one in numbers_in(opened, "superseded/")),
        seed=seed,
        sample=Sample(
            draws=len(drawn),
            sheets=len(sampled),
            units=len({one.unit for one in drawn}),
            of_sheets=len(units.ids),
            by_place=tuple(PlaceSample(place=name, sheets=found[name], of=of) for name, of in sorted(broadest.items())),
        ),
        map=_points(units.ids, units.places, levels, sampled),
        entries=()
        if seed is None
        else tuple(one for number in rounds for one in _entered(opened, plan, named, seed, number)),
        risk=read_risk(opened, rounds[-1]) if assessed else None,
    )


def _answer(one: Signed) -> AnswerShown:
    said = one.statement
    return AnswerShown(
        signatory=said.signatory, answer=said.kind, at=said.at, reason=said.reason or None, signed=one.signed
    )


def _earlier(path: Path) -> EarlierPlan:
    part = AuditFolder(path)
    data = part.read(files.PLAN)
    plan, named = parse_plan(data, str(part / files.PLAN)), plan_hash(data)
    return EarlierPlan(plan=named, answers=tuple(_answer(one) for one in all_answers(part, plan, named)))


def _entered(folder: AuditFolder, plan: Plan, named: str, seed: SeedRecord, number: int) -> list[Entered]:
    """Who signed what was entered of a round: one row for each entry that is there."""
    there = {
        name: folder.read(f"round-{number}/{name}.csv") for name in ENTRIES if folder.has(f"round-{number}/{name}.csv")
    }
    signed = check_entries(plan, named, number, seed.when, there, signatures_there(folder, number)) if there else {}
    return [
        Entered(
            round=number,
            entry=name,
            by=signer_of(plan, signed[name]) if name in signed else None,
            at=signed[name].statement.at if name in signed else None,
            named_in_plan=bool(signed[name].statement.signatory) if name in signed else None,
        )
        for name in there
    ]


def _points(
    ids: tuple[str, ...], places: tuple[tuple[str, ...], ...], levels: tuple[str, ...], sampled: set[str]
) -> Points:
    """The places with coordinates.

    Where one of the broadest places has most of the sheets, as a country has with others abroad, only that one is.
    """
    points = Points(latitude=[], longitude=[], sheets=[], drawn=[])
    if levels[-2:] != COORDINATES:
        return points
    largest, held = Counter(place[0] for place in places).most_common(1)[0]
    whole = len(levels) == len(COORDINATES) or held < MOST * len(places)
    counts: Counter[tuple[str, str, bool]] = Counter()
    for unit, place in zip(ids, places, strict=True):
        counts[place[-2], place[-1], whole or place[0] == largest] += unit in sampled
    for (latitude, longitude, drawn), number in counts.items():
        try:
            where = float(latitude), float(longitude)
        except ValueError:
            continue
        points.latitude.append(where[0])
        points.longitude.append(where[1])
        points.sheets.append(number)
        points.drawn.append(drawn)
    return points
