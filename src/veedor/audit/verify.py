"""Verify a whole audit from its public folder: signatures, order of events, sample and risk, derived again.

Needs nothing but the folder. What it leaves to the reader: that the keys in the plan belong to whom one believes, that
the seed was made as its record says, that the people who read the sheets read them rightly, and that the results file
is the one that the authority published (the plan states its hash, and the record's checkpoint where there is one).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import floor, log10
from pathlib import Path
from typing import Any

from veedor.audit.assertions.from_rule import assertions_for
from veedor.audit.planning.draft import fewest_that_undo, reported_outcome
from veedor.audit.protocol import folder as files
from veedor.audit.protocol import unsigned
from veedor.audit.protocol.attestation import attestation_files, attestations, lacking
from veedor.audit.protocol.by_kind import Votes, parts_of
from veedor.audit.protocol.commit_reveal import begun
from veedor.audit.protocol.consent import all_answers, lacks
from veedor.audit.protocol.entry_signatures import ENTRIES, check_entries, signatures_there, signer_of
from veedor.audit.protocol.file_models import SeedRecord, read_risk
from veedor.audit.protocol.folder import AuditFolder, audit_folder, check_rests_on, numbers_in, open_plan, rounds_in
from veedor.audit.protocol.plan import Plan, parse_plan
from veedor.audit.protocol.seed import check_nothing_else, open_seed
from veedor.audit.protocol.seed_entry import check_receipt
from veedor.audit.protocol.signed_statement import Signed
from veedor.audit.protocol.unsigned import Unsigned
from veedor.audit.rounds.draw import open_round
from veedor.audit.rounds.readings import Interpretations, as_drawn, differences
from veedor.audit.rounds.rounds import INTERPRETATIONS, assessment, bases, new_units, read_entry
from veedor.audit.tables import read_records, read_units
from veedor.audit.texts import SAID, everybody
from veedor.audit.units import Units
from veedor.count.decision import decision_of
from veedor.document import as_json
from veedor.errors import VeedorError
from veedor.saying import figures, joined

SHOWN = 5
"""How many files beside the audit's a sentence names."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that was derived again. done: whether the audit has come that far. unsigned: what nobody signed."""

    name: str
    done: bool
    says: str
    unsigned: tuple[Unsigned, ...] = ()


class NotVerifiedError(VeedorError):
    """Something in the folder is not what follows from the rest; the text says what. step: where it was found."""

    step: str = ""


@contextmanager
def at_step(step: str) -> Iterator[None]:
    """Whatever goes wrong inside does not follow, and was found in this step."""
    try:
        yield
    except NotVerifiedError as error:
        error.step = error.step or step
        raise
    except (VeedorError, ArithmeticError, LookupError, TypeError, ValueError, RecursionError, AssertionError) as error:
        failed = NotVerifiedError((error.said if isinstance(error, VeedorError) else str(error)) or repr(error))
        failed.step = step
        raise failed from error


def verify(folder: Path | AuditFolder) -> list[Step]:
    """Derive everything again, in the order of events; NotVerifiedError at the first thing that does not follow."""
    with at_step("files"):
        return _steps(audit_folder(folder))


def _steps(folder: AuditFolder) -> list[Step]:
    # 1. The results and the manifest are those that the plan names; nothing strange lies among the files.
    plan, named = open_plan(folder)
    units, most, weights, _ = read_units(folder, plan)
    if folder.strangers:
        raise NotVerifiedError(SAID.say("verify.stranger", file=str(folder / folder.strangers[0])))
    says = [SAID.say("steps.sheets", n=len(units.ids)), SAID.say("steps.plan_hash", hash=named)]
    says += [SAID.say("steps.beside", files=_few(folder.others))] if folder.others else []
    steps = [_step("files", says)]
    # 2. The plan follows from the results: outcome, assertions, margins, bounds, weights.
    with at_step("plan"):
        records = None if plan.records is None else read_records(folder, plan)
        _check_plan(plan, units, records, most.tolist(), weights.tolist())
    steps.append(_step("plan", [SAID.say("steps.assertions", n=len(plan.assertions))]))
    # 3. Superseded plans: each names the one before, and the answers to it.
    with at_step("history"):
        steps.append(_check_history(folder, plan))
    # 4. Every answer is about this plan, signed, and the next of its signatory; does the plan bind?
    with at_step("consent"):
        every = all_answers(folder, plan, named)
        reasons = lacks(plan, {one.statement.signatory: one for one in every})
    binds = SAID.say("steps.binds", n=sum(a.statement.kind == "consents" for a in every))
    unsigned_answers = tuple(_unsigned_answers(every))
    steps.append(_step("consent", reasons or [binds], done=not reasons, unsigned=unsigned_answers))
    # 5. The seed rests on the plan and on every answer, came after them, and its record is signed.
    with at_step("seed"):
        _check_rounds_whole(folder)
        steps.append(_check_seed(folder, plan, named))
        if not folder.has(files.SEED):
            return steps
    # 6. Each round: the sample, what was read twice and by whom, the risk and the next step.
    for number in rounds_in(folder):
        sampled = SAID.say("step_name.round_sample", number=number)
        with at_step(sampled):
            drawn = open_round(folder, number, plan, named)
        different = len({one.unit for one in drawn})
        says = [SAID.say(f"steps.draws_of_{plan.unit}s", draws=len(drawn), different=different)]
        steps.append(Step(name=sampled, done=True, says=says[0]))
        with at_step(SAID.say("step_name.round_risk", number=number)):
            steps.append(_check_risk(folder, plan, named, number, new_units(drawn, number)))
    return steps


def _step(name: str, says: Sequence[str], *, done: bool = True, unsigned: tuple[Unsigned, ...] = ()) -> Step:
    """A step of one of the names that every audit has."""
    return Step(name=SAID.say(f"step_name.{name}"), done=done, says=joined("; ", says), unsigned=unsigned)


def _few(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:SHOWN])
    return SAID.say("who.and_more", names=shown, n=len(names) - SHOWN) if len(names) > SHOWN else shown


def _check_plan(plan: Plan, units: Units, records: Votes | None, most: list[int], weights: list[int]) -> None:
    if reported_outcome(decision_of(plan.contest, units.tally()), units) != plan.reported:
        raise NotVerifiedError(SAID.say("verify.outcome"))
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
            raise NotVerifiedError(SAID.say("verify.assertion", label=theirs.label))
    if len(parts.planned) != len(plan.assertions):
        raise NotVerifiedError(SAID.say("verify.assertions", number=len(plan.assertions), wanted=len(parts.planned)))
    if parts.most.tolist() != most:
        raise NotVerifiedError(SAID.say("verify.bounds"))
    if parts.weight.tolist() != weights:
        raise NotVerifiedError(SAID.say("verify.weights"))
    undoing = fewest_that_undo(units, assertions_for(plan.contest, units.tally()))
    if any(plan.sheets_that_undo.get(name) != number for name, number in undoing.items()):
        raise NotVerifiedError(SAID.say("verify.undo"))


def _check_history(folder: AuditFolder, plan: Plan) -> Step:
    """Each plan names the one before and, by one hash, everything that belonged to it."""
    numbers = numbers_in(folder, "superseded/")
    if numbers != list(range(1, len(numbers) + 1)):
        found = _few(tuple(map(str, numbers)))
        raise NotVerifiedError(SAID.say("verify.numbers", folder=str(folder), found=found))
    before: AuditFolder | None = None
    notes: list[str] = []
    loose: list[Unsigned] = []
    for number in numbers:
        name = f"superseded/{number}"
        part = AuditFolder(folder / name)
        with _inside(name):
            old, named = parse_plan(part.read(files.PLAN), str(part / files.PLAN)), part.hash_of(files.PLAN)
            loose += _check_replaces(old, before, f"{name}/{files.PLAN}", number - 1)
            loose += _unsigned_answers(all_answers(part, old, named), f"{name}/")
            check_nothing_else(part, old)
            notes += [joined(": ", (name, said)) for said in [begun(part, old, named)] if said]
        before = part
    loose += _check_replaces(plan, before, files.PLAN, len(numbers))
    return _step("history", [SAID.say("steps.earlier_plans", n=len(numbers)), *notes], unsigned=tuple(loose))


@contextmanager
def _inside(name: str) -> Iterator[None]:
    """What does not follow inside lies in this folder, and its message says so."""
    try:
        yield
    except VeedorError as error:
        raise NotVerifiedError(error.said if name in str(error) else joined("/", (name, error.said))) from error


def _check_replaces(plan: Plan, before: AuditFolder | None, name: str, number: int) -> list[Unsigned]:
    """That a plan names the one before, and what belonged to it; what it leaves open. number: of that one."""
    old = f"superseded/{number}/{files.PLAN}"
    if before is None:
        if plan.replaces is not None:
            raise NotVerifiedError(SAID.say("verify.none_replaced", name=name))
        return []
    if plan.replaces != before.hash_of(files.PLAN):
        raise NotVerifiedError(SAID.say("verify.not_named", name=name, old=old))
    if plan.replaced is None:
        return [unsigned.replaced_plan(old)]
    check_rests_on(before, plan.replaced, name, before.names)
    return []


def _unsigned_answers(every: list[Signed], folder: str = "") -> Iterator[Unsigned]:
    for one in every:
        if not one.signed:
            yield unsigned.objection(folder + one.file)
        elif one.statement.old_form and not one.file.endswith("-1.txt"):
            yield unsigned.answers_unchained(folder + one.file)


def _check_rounds_whole(folder: AuditFolder) -> None:
    numbers = rounds_in(folder)
    there = numbers_in(folder, "round-")
    for number in range(1, max(there, default=0) + 1):
        if number not in numbers:
            raise NotVerifiedError(SAID.say("folder.missing", file=str(folder / f"round-{number}/draw.json")))
    if numbers and not folder.has(files.SEED):
        raise NotVerifiedError(SAID.say("verify.no_seed", file=str(folder / files.SEED)))


def _check_seed(folder: AuditFolder, plan: Plan, named: str) -> Step:
    check_nothing_else(folder, plan)
    if not folder.has(files.SEED):
        for name in [*attestation_files(folder), *(name for name in folder.names if name == files.RECEIPT)]:
            raise NotVerifiedError(SAID.say("verify.about_a_seed", file=str(folder / name), seed=files.SEED))
        for name in sorted(name for name in folder.names if name.startswith("seed/") and name.endswith(".secret")):
            raise NotVerifiedError(
                SAID.say("folder.in_file", file=str(folder / name), why=SAID.say("committed.never_closed"))
            )
        said = begun(folder, plan, named)
        return _step("seed", [SAID.say("steps.no_seed"), *filter(None, [said])], done=False)
    seed = open_seed(folder, plan, named)
    says: list[str] = [SAID.say("steps.seed", seed=seed.seed, when=seed.when)]
    if seed.old_form:
        loose = [unsigned.seed_record(), *([] if plan.record is None else [unsigned.not_logged(plan.record.origin)])]
        return _step("seed", says, unsigned=tuple(loose))
    return _check_attested(folder, plan, named, seed, says)


def _check_attested(folder: AuditFolder, plan: Plan, named: str, seed: SeedRecord, says: list[str]) -> Step:
    signed = attestations(folder, plan, named, seed)
    reason = lacking(plan, signed)
    says = [*says, SAID.say("steps.record_signed", who=everybody(signed))]
    if reason and rounds_in(folder):
        raise NotVerifiedError(SAID.say("verify.drawn", reason=reason))
    if plan.record is not None and (folder.has(files.RECEIPT) or rounds_in(folder)):
        index = check_receipt(folder, plan, named)
        says.append(SAID.say("steps.entry_of", index=str(index), origin=plan.record.origin))
    return _step("seed", [*says, *filter(None, [reason])], done=not reason)


def _check_risk(folder: AuditFolder, plan: Plan, named: str, number: int, wanted: set[str]) -> Step:
    """What was read from the round's sheets, twice and by whom, and the risk that it gives. wanted: what it drew."""
    name = SAID.say("step_name.round_risk", number=number)
    risk, read = f"round-{number}/risk.json", f"round-{number}/{INTERPRETATIONS}.csv"
    seed = open_seed(folder, plan, named)
    if not folder.has(read):
        there = [one for one in sorted(folder.names) if one.startswith((f"round-{number}/entry-", risk))]
        if there:
            raise NotVerifiedError(SAID.say("verify.without", file=str(folder / read), other=there[0]))
        return Step(name=name, done=False, says=SAID.say("steps.not_entered"))
    entries = {one: folder.read(f"round-{number}/{one}.csv") for one in ENTRIES}
    tables = {
        one: as_drawn(read_entry(folder.read(one), folder / one, plan), wanted, folder / one)
        for one in (*_entry_files(number), read)
    }
    _require_equal(tables, plan)
    signed = check_entries(plan, named, number, seed.when, entries, signatures_there(folder, number))
    loose, by = tuple(_unsigned_entries(signed, number)), _entered_by(plan, signed)
    if not folder.has(risk):
        says = joined("; ", (by, SAID.say("steps.not_assessed")))
        return Step(name=name, done=False, says=says, unsigned=loose)
    stated = read_risk(folder, number)
    check_rests_on(folder, stated.rests_on, risk, bases(folder, number))
    ours = assessment(folder, plan, named, number)
    if not _same(as_json(ours), {key: value for key, value in folder.json(risk).items() if key != "rests_on"}):
        raise NotVerifiedError(SAID.say("verify.risk", file=str(folder / risk)))
    worst = max(ours.assertions, key=lambda one: one.risk)
    limit, most = figures(f"{float(plan.risk_limit)}"), figures(f"{worst.risk:.4f}")
    said = SAID.say("steps.risk", risk=most, label=worst.label, limit=limit)
    says = joined("; ", (by, said, SAID.say(f"next_step.{ours.next.step}")))
    return Step(name=name, done=True, says=says, unsigned=loose)


def _entry_files(number: int) -> list[str]:
    return [f"round-{number}/{one}.csv" for one in ENTRIES]


def _entered_by(plan: Plan, signed: dict[str, Signed]) -> str:
    who = ", ".join(signer_of(plan, one) for one in signed.values())
    return SAID.say("steps.entered_by", who=who or SAID.say("who.nobody_who_signed"))


def _unsigned_entries(signed: dict[str, Signed], number: int) -> Iterator[Unsigned]:
    for one in ENTRIES:
        if one not in signed:
            yield unsigned.entry(f"round-{number}/{one}.csv")
        elif signed[one].statement.reader:
            yield unsigned.entry_of_stranger(f"round-{number}/{one}.csv", signed[one].statement.reader)


def _require_equal(tables: Mapping[str, Interpretations], plan: Plan) -> None:
    """Both entries and the interpretations say the same, cell by cell. tables: by their file."""
    (first, one), *others = tables.items()
    for name, other in others:
        found = differences(one, other, plan)
        if found:
            where = f"{found[0].station!r}, {found[0].column}"
            raise NotVerifiedError(SAID.say("verify.not_equal", first=first, second=name, where=where))


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
