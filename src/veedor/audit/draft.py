"""Drafting a plan: from the reported sheets and the terms that people chose to plan, manifest and results."""

import json
import shutil
import tomllib
from hashlib import sha256
from math import ceil
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import BeforeValidator, Field, ValidationError

from veedor.audit import folder as files
from veedor.audit.assertion import Assertion, Integers
from veedor.audit.batch import UNIT, Bounds, bounds, draws_without_error, weights
from veedor.audit.derive import assertions_for
from veedor.audit.martingale import Bet, Null, wealth
from veedor.audit.plan import (
    DiceSeed,
    FileHash,
    Plan,
    PlannedAssertion,
    RecordHead,
    ReportedOutcome,
    RevealSeed,
    RiskTest,
    Signatory,
    faults_of,
    names,
    plan_bytes,
)
from veedor.audit.planning import equal_probability_draws, equal_probability_null, undoing
from veedor.audit.units import Bound, Units
from veedor.count.decision import Decision, decision_of
from veedor.election import Contest
from veedor.election.base import Names, Table
from veedor.election.rules import Share
from veedor.errors import InputError, VeedorError

COMPARED = Names(
    en="the votes on the paper tally sheet that the station's authorities and party delegates signed",
    es="los votos del acta en papel que firmaron las autoridades de la mesa y los delegados de los partidos",
)
CANNOT_SHOW = Names(
    en="Comparing sheets with sheets certifies that the sheets were transcribed and added up well enough for the"
    " outcome. Whether a sheet says what is in its ballot box is checked only where the box is recounted.",
    es="Comparar actas con actas certifica que se transcribieron y sumaron lo bastante bien para el resultado."
    " Si un acta dice lo que hay en su urna solo se comprueba donde se recuenta la urna.",
)
PUBLICATION = Names(
    en="This folder, whole, is published after each step.", es="Esta carpeta, entera, se publica después de cada paso."
)
GROWTH = 1.2
"""The first round is this much larger than what a count without any difference needs."""


class Terms(Table):
    """What people choose before a plan is drafted; the rest follows from the results.

    rounds: draws of the first round and, with the earlier ones, of each next; derived where not given.
    """

    title: Names | None = None
    risk_limit: Share
    bound: Bound = "registered"
    sampling: Literal["proportional_to_error_bound", "equal_probability"] = "proportional_to_error_bound"
    numbering: Literal["veedor", "consistent_sampler"] = "veedor"
    test: RiskTest = RiskTest(name="capped", share=0.9)
    compared: Names = COMPARED
    publication: Names = PUBLICATION
    rounds: Annotated[tuple[int, ...], BeforeValidator(lambda v: tuple(v) if isinstance(v, list) else v)] = ()
    seed: Annotated[DiceSeed | RevealSeed, Field(discriminator="method")]
    signatories: tuple[Signatory, ...] = Field(min_length=1)
    quorum: int = Field(ge=1)


def read_terms(path: Path) -> Terms:
    """The terms of a TOML file; every fault at once."""
    try:
        document = tomllib.loads(files.read(path.parent, path.name).decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise VeedorError(f"{path} is not TOML: {error}") from None
    try:
        return Terms.model_validate_json(json.dumps(document, default=str))
    except ValidationError as error:
        raise InputError(faults_of(error, str(path))) from None


def clean_draws(null: Null, bet: Bet, risk_limit: float, most: int) -> int | None:
    """Draws until the limit is met if no sheet differs, by the test itself; None if `most` do not suffice."""
    if null.size is not None:
        most = min(most, null.size)
    met = wealth(np.ones(most), null, bet) >= 1 / risk_limit
    return int(met.argmax()) + 1 if met.any() else None


def draft(
    units: Units,
    contest: Contest,
    terms: Terms,
    *,
    election: str,
    count: str,
    title: Names,
    record: RecordHead | None = None,
    reported: Decision | None = None,
    replaces: str | None = None,
) -> tuple[Plan, bytes, bytes]:
    """The plan, and the bytes of its manifest and results. Refused if the reported votes do not give the outcome."""
    tally = units.tally()
    decision = decision_of(contest, tally)
    every = assertions_for(contest, tally, reported)
    if not every:
        raise VeedorError(f"{contest.id}: nothing to audit; every choice is elected whatever the votes")
    planned = [(assertion, bounds(units, assertion, terms.bound)) for assertion in every]
    weight = sample_weights([bound for _, bound in planned], terms.sampling)
    manifest = files.manifest_bytes(units, units.levels, units.bounds(terms.bound), weight)
    results = files.results_bytes(units)
    plan = Plan(
        title=terms.title or title,
        election=election,
        count=count,
        contest=contest,
        reported=reported_outcome(decision, units),
        results=FileHash(file=files.RESULTS, sha256=sha256(results).hexdigest()),
        manifest=FileHash(file=files.MANIFEST, sha256=sha256(manifest).hexdigest()),
        record=record,
        compared=terms.compared,
        sampling=terms.sampling,
        numbering=terms.numbering,
        bound=terms.bound,
        risk_limit=terms.risk_limit,
        test=terms.test,
        assertions=tuple(
            planned_assertion(units, assertion, bound, float(terms.risk_limit), terms.sampling)
            for assertion, bound in planned
        ),
        rounds=terms.rounds or default_rounds(terms, [bound for _, bound in planned], weight),
        sheets_that_undo=fewest_that_undo(units, every),
        cannot_show=CANNOT_SHOW,
        seed=terms.seed,
        publication=terms.publication,
        signatories=terms.signatories,
        quorum=terms.quorum,
        replaces=replaces,
    )
    return plan, manifest, results


def sample_weights(every: list[Bounds], sampling: str) -> Integers:
    """The manifest's weights: in billionths of the margin, or 1 for each sheet."""
    return np.ones(len(every[0].largest), dtype=np.int64) if sampling == "equal_probability" else weights(every)


def reported_outcome(decision: Decision, units: Units) -> ReportedOutcome:
    """The outcome and totals as the plan states them."""
    tally = units.tally()
    assert decision.result in ("elected", "runoff")
    return ReportedOutcome(
        result="runoff" if decision.result == "runoff" else "elected",
        choices=decision.choices,
        seats=None if decision.seats is None else dict(decision.seats),
        sheets=tally.sheets,
        registered=tally.registered,
        votes=dict(tally.votes),
        blank=tally.blank,
        null=tally.null,
    )


def planned_assertion(
    units: Units, assertion: Assertion, bound: Bounds, risk_limit: float, sampling: str
) -> PlannedAssertion:
    """One assertion as the plan states it."""
    tally = units.tally()
    if sampling == "equal_probability":
        draws = equal_probability_draws(bound, risk_limit)
    else:
        draws = draws_without_error(bound.total, risk_limit)
    return PlannedAssertion(
        label=assertion.label,
        sentence=names(assertion.sentence),
        arithmetic=names(assertion.arithmetic(tally)),
        scores=dict(assertion.scores),
        blank=assertion.blank,
        null=assertion.null,
        absent=assertion.absent,
        strict=assertion.strict,
        upper_bound=assertion.upper_bound,
        margin_votes=assertion.total(tally),
        total_error_bound=round(float(bound.total), 6),
        draws_without_error=draws,
    )


def default_rounds(terms: Terms, every: list[Bounds], weight: Integers) -> tuple[int, ...]:
    """A fifth more than a count without any difference needs; then twice and four times that."""
    risk_limit, bet = float(terms.risk_limit), terms.test.bet()
    size = len(weight)
    if terms.sampling == "equal_probability":
        needed = [clean_draws(equal_probability_null(bound), bet, risk_limit, size) or size for bound in every]
        first = max(needed)
    else:
        total = int(weight.sum()) / UNIT
        most = ceil(64 * max(total, 1) * -np.log(risk_limit)) + 1
        clean = clean_draws(Null(mean=1 - 1 / max(total, 1.0), upper=np.inf), bet, risk_limit, most)
        if clean is None:
            raise VeedorError("this test never meets the risk limit here; choose another test or count all ballots")
        first = clean
    sizes = [ceil(GROWTH * first * factor) for factor in (1, 2, 4)]
    if terms.sampling == "equal_probability":
        sizes = sorted({min(number, size) for number in sizes})
    return tuple(sizes)


def fewest_that_undo(
    units: Units, every: tuple[Assertion, ...]
) -> dict[Literal["altered", "missing_average", "missing_largest"], int | None]:
    """Over all assertions: the fewest altered and the fewest missing sheets that undo one of them."""
    found = [undoing(units, assertion) for assertion in every]

    def least(values: list[int | None]) -> int | None:
        return min((value for value in values if value is not None), default=None)

    return {
        "altered": least([one.altered for one in found]),
        "missing_average": least([one.missing_average for one in found]),
        "missing_largest": least([one.missing_largest for one in found]),
    }


def write_plan(target: Path, plan: Plan, manifest: bytes, results: bytes) -> str:
    """Write the audit's folder. A plan that is there already is kept under superseded/, if there is no seed yet.

    Returns the plan's hash. The new plan must name the old one's hash in `replaces`.
    """
    old = target / files.PLAN
    if old.exists():
        if (target / files.SEED).exists():
            raise VeedorError(f"{target} has a seed: its plan is settled and is never replaced")
        if plan.replaces != files.hash_of(target, files.PLAN):
            raise VeedorError(f"{target} has another plan; a changed plan names the hash of the one that it replaces")
        _supersede(target)
    elif plan.replaces is not None:
        raise VeedorError(f"the plan replaces another one, which is not in {target}")
    data = plan_bytes(plan)
    files.write(target, files.RESULTS, results)
    files.write(target, files.MANIFEST, manifest)
    files.write(target, files.PLAN, data)
    return sha256(data).hexdigest()


def _supersede(target: Path) -> None:
    """Move the plan and the answers to it into superseded/N."""
    number = 1 + len(list((target / "superseded").glob("*")))
    kept = target / "superseded" / str(number)
    kept.mkdir(parents=True)
    for name in (files.PLAN, "answers", "seed"):
        if (target / name).exists():
            shutil.move(target / name, kept / name)
