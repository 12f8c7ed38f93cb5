"""Verify a whole audit from its public folder: signatures, order of events, sample and risk, derived again.

Needs nothing but the folder. What it leaves to the reader: that the keys in the plan belong to whom one believes, that
the seed was made as its record says, that the people who read the sheets read them rightly, and that the results file
is the one that the authority published (the plan states its hash, and the record's checkpoint where there is one).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import floor, log10
from pathlib import Path
from typing import Any

from veedor.audit import folder as files
from veedor.audit.consent import Answer, all_answers, answers, lacks
from veedor.audit.derive import assertions_for
from veedor.audit.draft import fewest_that_undo, reported_outcome
from veedor.audit.draw import open_round
from veedor.audit.kinds import Votes, parts_of
from veedor.audit.plan import Plan, parse_plan, plan_hash
from veedor.audit.readings import differences, parse_interpretations
from veedor.audit.recorded import still_fixed_by
from veedor.audit.rounds import assessment
from veedor.audit.seed import open_seed
from veedor.audit.units import Units
from veedor.count.decision import decision_of
from veedor.errors import VeedorError
from veedor.record.source import Source
from veedor.record.verify import Policy


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that was derived again. done: whether the audit has come that far."""

    name: str
    done: bool
    says: str


class NotVerifiedError(VeedorError):
    """Something in the folder is not what follows from the rest; the text says what. step: where it was found."""

    step: str = ""


@contextmanager
def _at(step: str) -> Iterator[None]:
    """Whatever goes wrong inside does not follow, and was found in this step."""
    try:
        yield
    except NotVerifiedError as error:
        error.step = error.step or step
        raise
    except (VeedorError, ArithmeticError, LookupError, TypeError, ValueError, RecursionError, AssertionError) as error:
        failed = NotVerifiedError(str(error) or repr(error))
        failed.step = step
        raise failed from error


def verify(folder: Path) -> list[Step]:
    """Derive everything again, in the order of events; NotVerifiedError at the first thing that does not follow."""
    with _at("files"):
        return _steps(folder)


def check_record(folder: Path, source: Source, policy: Policy | None) -> Step:
    """That the log which the plan names holds the sheets under audit; NotVerifiedError if not. policy: its signers."""
    try:
        plan, _ = files.open_plan(folder)
        units, *_ = files.read_units(folder, plan.contest)
        if plan.record is None:
            raise NotVerifiedError("the plan names no checkpoint of a record")
        still_fixed_by(source, policy, plan.record, units, plan.election, plan.count)
    except VeedorError as error:
        raise NotVerifiedError(str(error)) from error
    says = f"the first {plan.record.size} entries of {plan.record.origin} hold these {len(units.ids)} sheets"
    return Step(name="record", done=True, says=says)


def _steps(folder: Path) -> list[Step]:
    # 1. The results and the manifest are those that the plan names.
    plan, named = files.open_plan(folder)
    units, most, weights, _ = files.read_units(folder, plan.contest)
    steps = [Step(name="files", done=True, says=f"{len(units.ids)} sheets; plan sha256 {named}")]
    # 2. The plan follows from the results: outcome, assertions, margins, bounds, weights.
    with _at("plan"):
        records = None if plan.records is None else files.read_records(folder, plan.contest)
        _check_plan(plan, units, records, most.tolist(), weights.tolist())
    steps.append(Step(name="plan", done=True, says=f"{len(plan.assertions)} assertions follow from the reported votes"))
    # 3. Superseded plans: each names the one before.
    with _at("history"):
        steps.append(_check_history(folder, plan))
    # 4. Every answer is about this plan and signed; does the plan bind?
    with _at("consent"):
        every = all_answers(folder, plan, named)
        reasons = lacks(plan, answers(folder, plan, named))
    says = "; ".join(reasons) or f"{sum(a.kind == 'consents' for a in every)} signed consents, the plan binds"
    steps.append(Step(name="consent", done=not reasons, says=says))
    # 5. The seed rests on the plan and on every answer, and came after them.
    with _at("seed"):
        _check_rounds_whole(folder)
        if not (folder / files.SEED).exists():
            if files.rounds_in(folder):
                raise NotVerifiedError("a sample was drawn, but there is no seed")
            return [*steps, Step(name="seed", done=False, says="there is no seed yet")]
        seed = open_seed(folder, plan, named)
        _check_times(every, seed)
    steps.append(Step(name="seed", done=True, says=f"seed {seed['seed']}, made {seed['when']}"))
    # 6. Each round: the sample, what was read twice, the risk and the next step.
    for number in files.rounds_in(folder):
        with _at(f"round {number} sample"):
            drawn = open_round(folder, number, plan, named)
        says = f"{len(drawn)} draws of {len({one.unit for one in drawn})} {plan.unit}s"
        steps.append(Step(name=f"round {number} sample", done=True, says=says))
        with _at(f"round {number} risk"):
            steps.append(_check_risk(folder, plan, named, number))
    return steps


def _check_plan(plan: Plan, units: Units, records: Votes | None, most: list[int], weights: list[int]) -> None:
    if reported_outcome(decision_of(plan.contest, units.tally()), units) != plan.reported:
        raise NotVerifiedError("the plan's reported outcome is not what the reported votes give")
    parts = parts_of(
        plan.kind,
        units,
        bound=plan.bound,
        sampling=plan.sampling,
        risk_limit=float(plan.risk_limit),
        records=records,
    )
    for ours, theirs in zip(parts.planned, plan.assertions, strict=False):
        if ours != theirs:
            raise NotVerifiedError(f"the plan's assertion {theirs.label} is not what the rule and the votes give")
    if len(parts.planned) != len(plan.assertions):
        raise NotVerifiedError(f"the plan has {len(plan.assertions)} assertions, the rule needs {len(parts.planned)}")
    if parts.most.tolist() != most:
        raise NotVerifiedError("the manifest's bounds are not those that the plan's kind of bound gives")
    if parts.weight.tolist() != weights:
        raise NotVerifiedError("the manifest's sampling weights are not those that the error bounds give")
    undoing = fewest_that_undo(units, assertions_for(plan.contest, units.tally()))
    if any(plan.sheets_that_undo.get(name) != number for name, number in undoing.items()):
        raise NotVerifiedError("the plan's count of sheets that undo the outcome is not what the votes give")


def _check_history(folder: Path, plan: Plan) -> Step:
    older = sorted((folder / "superseded").glob("*"), key=lambda path: (len(path.name), path.name))
    wanted: str | None = None
    for path in older:
        data = files.read(path, files.PLAN)
        old = parse_plan(data, str(path / files.PLAN))
        if old.replaces != wanted:
            raise NotVerifiedError(f"{path / files.PLAN} does not name the plan that it replaced")
        wanted = plan_hash(data)
        all_answers(path, old, wanted)
    if plan.replaces != wanted:
        raise NotVerifiedError("the plan does not name the plan that it replaced")
    return Step(name="history", done=True, says=f"earlier plans, each named by the next: {len(older)}")


def _check_rounds_whole(folder: Path) -> None:
    numbers = files.rounds_in(folder)
    if len(list(folder.glob("round-*"))) != len(numbers) or numbers != list(range(1, len(numbers) + 1)):
        raise NotVerifiedError("a round's draw.json is missing, or a round is")


def _check_times(every: list[Answer], seed: dict[str, Any]) -> None:
    made = files.time_of(str(seed["when"]))
    for answer in every:
        if files.time_of(answer.at) > made:
            raise NotVerifiedError(f"{answer.file} is of {answer.at}, after the seed of {seed['when']}")


def _check_risk(folder: Path, plan: Plan, named: str, number: int) -> Step:
    """What was read from the round's sheets, twice, and the risk that it gives."""
    name = f"round {number} risk"
    risk, read = f"round-{number}/risk.json", f"round-{number}/interpretations.csv"
    if not (folder / read).exists():
        if (folder / risk).exists() or any((folder / f"round-{number}").glob("entry-*")):
            raise NotVerifiedError(f"{folder / read} is missing")
        return Step(name=name, done=False, says="not entered yet")
    entries = [
        parse_interpretations(files.read(folder, name), folder / name, plan.contest, of_ballots=plan.of_ballots)
        for name in (f"round-{number}/entry-a.csv", f"round-{number}/entry-b.csv", read)
    ]
    _require_equal(entries, plan, number)
    if not (folder / risk).exists():
        return Step(name=name, done=False, says="not assessed yet")
    stated = files.read_json(folder, risk)
    files.check_rests_on(folder, stated, risk)
    ours = assessment(folder, plan, named, number)
    if not _same(ours, {key: value for key, value in stated.items() if key != "rests_on"}):
        raise NotVerifiedError(f"{folder / risk} is not what the plan, the sample and the interpretations give")
    worst = max(ours["assertions"], key=lambda one: float(one["risk"]))
    says = (
        f"risk {worst['risk']:.4f} at most ({worst['label']}), limit {float(plan.risk_limit)}; {ours['next']['step']}"
    )
    return Step(name=name, done=True, says=says)


def _require_equal(entries: list[Any], plan: Plan, number: int) -> None:
    for other in entries[1:]:
        if differences(entries[0], other, plan):
            raise NotVerifiedError(f"round {number}: the two entries and the interpretations do not agree")


def _same(ours: object, theirs: object) -> bool:
    """Equal; floats up to the rounding of the nine digits that are written."""
    compare: dict[type, Callable[[Any, Any], bool]] = {
        dict: lambda a, b: a.keys() == b.keys() and all(_same(a[key], b[key]) for key in a),
        list: lambda a, b: len(a) == len(b) and all(_same(x, y) for x, y in zip(a, b, strict=True)),
        float: lambda a, b: a == b or abs(a - b) < 0.51 * 10.0 ** (floor(log10(abs(a) or 1.0)) - 8),
    }
    if isinstance(ours, float) and isinstance(theirs, int | float):
        return compare[float](ours, theirs)
    if type(ours) is not type(theirs):
        return False
    return compare[type(ours)](ours, theirs) if type(ours) in compare else ours == theirs
