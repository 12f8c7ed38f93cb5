"""Rounds: what people read from the sample comes in twice and must agree; then risk, and the plan's next step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np

from veedor.audit.protocol.entry_signatures import ENTRIES, Signature, check_entries, signature_files
from veedor.audit.protocol.file_models import OLD_RISK_FORM, RISK_FORM, read_seed
from veedor.audit.protocol.folder import AuditFolder, audit_folder, document_bytes, open_plan, rounds_in
from veedor.audit.protocol.plan import Plan
from veedor.audit.rounds.draw import Drawn, open_round, read_frame
from veedor.audit.rounds.readings import (
    Difference,
    Interpretations,
    as_drawn,
    differences,
    parse_interpretations,
    read_bytes,
    require_sample,
)
from veedor.audit.rounds.risk import Risk, risks_of
from veedor.audit.texts import SAID
from veedor.document import LEFT_OUT, as_json
from veedor.errors import VeedorError

BROKEN = {
    "sheet": "a sheet holds more ballots than the plan's bound",
    "ballot": "there are more ballots than the plan lists",
}
INTERPRETATIONS = "interpretations"


@dataclass(frozen=True, kw_only=True)
class AssertionAssessed:
    """Risk of one assertion. met_after_draw: the first draw after which it met the limit, None where none did."""

    label: str
    risk: float
    met_after_draw: int | None
    sheets_overstated: int
    sheets_understated: int
    sheets_missing_or_unreadable: int
    sheets_over_their_bound: tuple[str, ...]
    risk_after_each_draw: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class NextOfPlan:
    """The plan's next step. draws: of the next round and all before it; reason: of a full count; open: assertions."""

    step: Literal["confirmed", "next_round", "full_count"]
    draws: int | None = field(default=None, metadata=LEFT_OUT)
    reason: str | None = field(default=None, metadata=LEFT_OUT)
    open: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """Content of round-N/risk.json. Numbers have nine significant digits: as many as are the same on every machine.

    rests_on: the files that it rests on, by their hash; None until it is written.
    """

    format: str
    round: int
    draws: int
    sheets: int
    risk_limit: float
    assertions: tuple[AssertionAssessed, ...]
    next: NextOfPlan
    rests_on: Mapping[str, str] | None = field(default=None, metadata=LEFT_OUT)


def enter(folder: Path, one: Path, two: Path, signed: Sequence[Signature | None] = (None, None)) -> list[Difference]:
    """Take two entries of the last round. If they agree they are kept; else nothing is, and the differences return.

    signed: the statement under each, of who entered it; None where nobody signed.
    """
    opened = AuditFolder(folder)
    plan, named = open_plan(opened)
    number = _last_round(opened)
    drawn = open_round(opened, number, plan, named)
    if one.resolve() == two.resolve():
        raise VeedorError(SAID.say("rounds.same_file"))
    data = dict(zip(ENTRIES, (read_bytes(one), read_bytes(two)), strict=True))
    wanted = new_units(drawn, number)
    entries = [
        as_drawn(read_entry(part, path, plan), wanted, path)
        for part, path in zip(data.values(), (one, two), strict=True)
    ]
    found = differences(entries[0], entries[1], plan)
    if found:
        return found
    require_sample(entries[0], wanted, one)
    statements = {name: given for name, given in zip(ENTRIES, signed, strict=True) if given is not None}
    check_entries(plan, named, number, read_seed(opened).when, data, statements)
    for name, given in statements.items():
        opened.write_new(f"round-{number}/{name}.sig", given.signature.encode())
        opened.write_new(f"round-{number}/{name}.txt", given.text)
    for name, part in {**data, INTERPRETATIONS: data[ENTRIES[0]]}.items():
        opened.write_new(f"round-{number}/{name}.csv", part)
    return []


def read_entry(data: bytes, path: Path, plan: Plan) -> Interpretations:
    """One person's readings, in the plan's kind and form."""
    return parse_interpretations(data, path, plan.contest, of_ballots=plan.of_ballots, guarded=not plan.old_form)


def _last_round(folder: AuditFolder) -> int:
    done = rounds_in(folder)
    if not done:
        raise VeedorError(SAID.say("entered.nothing_drawn"))
    return done[-1]


def new_units(drawn: Sequence[Drawn], number: int) -> set[str]:
    """Sheets, or ballots, that round `number` draws for the first time."""
    return {one.unit for one in drawn if one.round == number} - {one.unit for one in drawn if one.round < number}


def assess(folder: Path) -> Assessment:
    """Risk of every assertion after every draw so far, written as round-N/risk.json, with the plan's next step."""
    opened = AuditFolder(folder)
    plan, named = open_plan(opened)
    number = _last_round(opened)
    assessed = replace(assessment(opened, plan, named, number), rests_on=opened.hashes(bases(opened, number)))
    opened.write_new(f"round-{number}/risk.json", document_bytes(as_json(assessed)))
    return assessed


def bases(folder: AuditFolder, number: int) -> list[str]:
    """The files that the risk after a round rests on: draws, what was read, and who entered it."""
    names: list[str] = []
    for one in range(1, number + 1):
        names += [f"round-{one}/{name}" for name in ("draw.json", "sample.csv", f"{INTERPRETATIONS}.csv")]
        if not read_seed(folder).old_form:
            names += [*(f"round-{one}/{name}.csv" for name in ENTRIES), *signature_files(folder, one)]
    return names


def assessment(folder: Path | AuditFolder, plan: Plan, named: str, number: int) -> Assessment:
    """Content of round-N/risk.json, derived from plan, seed and interpretations alone; but for what it rests on."""
    opened = audit_folder(folder)
    drawn = open_round(opened, number, plan, named)
    read = _all_interpretations(opened, plan, drawn, number)
    risks = risks_of(plan, read_frame(opened, plan), drawn, read)
    limit = float(plan.risk_limit)
    return Assessment(
        format=OLD_RISK_FORM if read_seed(opened).old_form else RISK_FORM,
        round=number,
        draws=len(drawn),
        sheets=len({one.unit for one in drawn}),
        risk_limit=_rounded(limit),
        assertions=tuple(_assessed(risk, limit) for risk in risks),
        next=next_step(plan, number, risks),
    )


def next_step(plan: Plan, number: int, risks: Sequence[Risk]) -> NextOfPlan:
    """The plan's next step: the outcome is confirmed, another round, or a count of all ballots."""
    limit = float(plan.risk_limit)
    open_ones = tuple(risk.label for risk in risks if risk.now > limit)
    if any(risk.broken for risk in risks):
        return NextOfPlan(step="full_count", reason=BROKEN[plan.unit], open=open_ones)
    if not open_ones:
        return NextOfPlan(step="confirmed", open=())
    if number < len(plan.rounds):
        return NextOfPlan(step="next_round", draws=plan.rounds[number], open=open_ones)
    return NextOfPlan(step="full_count", reason="all rounds of the plan have been drawn", open=open_ones)


def _rounded(value: float) -> float:
    return float(f"{value:.9g}")


def _assessed(risk: Risk, limit: float) -> AssertionAssessed:
    met = np.flatnonzero(risk.after <= limit)
    return AssertionAssessed(
        label=risk.label,
        risk=_rounded(risk.now),
        met_after_draw=int(met[0]) + 1 if len(met) else None,
        sheets_overstated=risk.overstated,
        sheets_understated=risk.understated,
        sheets_missing_or_unreadable=risk.worst,
        sheets_over_their_bound=risk.broken,
        risk_after_each_draw=tuple(_rounded(value) for value in risk.after.tolist()),
    )


def _all_interpretations(folder: AuditFolder, plan: Plan, drawn: Sequence[Drawn], number: int) -> Interpretations:
    """The interpretations of rounds 1 to `number` as one; of exactly what each of them drew."""
    parts = []
    for one in range(1, number + 1):
        name = f"round-{one}/{INTERPRETATIONS}.csv"
        if not folder.has(name):
            raise VeedorError(SAID.say("rounds.not_entered", round=one))
        wanted = new_units(drawn, one)
        parts.append(as_drawn(read_entry(folder.read(name), folder / name, plan), wanted, folder / name))
        require_sample(parts[-1], wanted, folder / name)
    return Interpretations(
        stations=tuple(station for part in parts for station in part.stations),
        statuses=tuple(status for part in parts for status in part.statuses),
        figures=np.concatenate([part.figures for part in parts]),
    )
