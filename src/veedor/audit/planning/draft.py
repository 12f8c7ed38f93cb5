"""Drafting a plan: from the reported sheets and the terms that people chose to plan, manifest and results."""

import json
import shutil
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from veedor.audit.assertions.assertion import Assertion
from veedor.audit.assertions.from_rule import assertions_for
from veedor.audit.planning.first_rounds import default_rounds
from veedor.audit.protocol import folder as files
from veedor.audit.protocol.by_kind import Parts, Votes, parts_of
from veedor.audit.protocol.folder import AuditFolder
from veedor.audit.protocol.plan import (
    BALLOT_KINDS,
    MOST_SIGNATORIES,
    DiceSeed,
    FileHash,
    Kind,
    Plan,
    RecordHead,
    ReportedOutcome,
    RevealSeed,
    RiskTest,
    Signatory,
    check_kind,
    check_readers,
    check_signatories,
    faults_of,
    plan_bytes,
)
from veedor.audit.rounds.regions import region_depth
from veedor.audit.statistics.sample_sizes import undoing
from veedor.audit.tables import manifest_bytes, records_bytes, results_bytes
from veedor.audit.units import Bound, Units
from veedor.count.decision import Decision, decision_of
from veedor.election import Contest
from veedor.election.base import Identifier, Names, Table
from veedor.election.rules import Share
from veedor.errors import InputError, VeedorError
from veedor.rim.foreign import read_file

MOST_TERMS = 1 << 20
MOST_DOTS = 100
"""In one line of the terms: the reader of TOML takes a time that grows with the square of a key's parts."""

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
COMPARED_BALLOTS = Names(
    en="the vote on the paper ballot in the station's box", es="el voto de la papeleta en la urna de la mesa"
)
CANNOT_SHOW_BALLOTS = Names(
    en="Reading ballots shows whether the outcome is right by the paper in the boxes. That every ballot in a box was"
    " cast by a voter, and that no box was exchanged, is shown by their custody alone.",
    es="Leer papeletas muestra si el resultado es correcto según el papel de las urnas. Que cada papeleta la emitió una"
    " persona votante, y que ninguna urna se cambió, solo lo muestra su custodia.",
)
DEFAULT_TEST: dict[Kind, RiskTest] = {
    "sheets": RiskTest(name="capped", share=0.9),
    "regions": RiskTest(name="capped", share=0.9),
    "ballot_polling": RiskTest(name="shrink_truncate", weight=100),
    "ballot_comparison": RiskTest(name="capped", share=0.9),
    "oneaudit": RiskTest(name="adaptive"),
}
Sampling = Literal["proportional_to_error_bound", "equal_probability"]
DEFAULT_SAMPLING: dict[Kind, Sampling] = {
    "sheets": "proportional_to_error_bound",
    "regions": "proportional_to_error_bound",
    "ballot_polling": "equal_probability",
    "ballot_comparison": "equal_probability",
    "oneaudit": "equal_probability",
}


class Terms(Table):
    """The terms that people choose before a plan is drafted; the rest follows from the results.

    readers: signatories two of whom sign what was read of the sample; none: anybody may, or nobody.
    rounds: draws of the first round and, with the earlier ones, of each next; derived where not given, as are sampling,
    test and the words of `compared`.
    """

    title: Names | None = None
    risk_limit: Share
    kind: Kind = "sheets"
    region_level: str | None = None
    bound: Bound = "registered"
    sampling: Sampling | None = None
    numbering: Literal["veedor", "consistent_sampler"] = "veedor"
    test: RiskTest | None = None
    compared: Names | None = None
    publication: Names = PUBLICATION
    rounds: Annotated[tuple[int, ...], BeforeValidator(lambda v: tuple(v) if isinstance(v, list) else v)] = ()
    seed: Annotated[DiceSeed | RevealSeed, Field(discriminator="method")]
    signatories: tuple[Signatory, ...] = Field(min_length=1, max_length=MOST_SIGNATORIES)
    quorum: int = Field(ge=1)
    readers: tuple[Identifier, ...] = ()

    @model_validator(mode="after")
    def _agree(self) -> "Terms":
        parties = self.seed.parties if isinstance(self.seed, RevealSeed) else ()
        check_signatories(self.signatories, self.quorum, parties, self.readers)
        check_readers(self.readers)
        check_kind(self.kind, self.chosen_test, self.chosen_sampling, self.numbering, self.region_level)
        return self

    @property
    def chosen_test(self) -> RiskTest:
        """The test, or the kind's usual one."""
        return self.test or DEFAULT_TEST[self.kind]

    @property
    def chosen_sampling(self) -> Sampling:
        """The sampling, or the kind's usual one."""
        return self.sampling or DEFAULT_SAMPLING[self.kind]


def read_terms(path: Path) -> Terms:
    """The terms of a TOML file; every fault at once."""
    try:
        text = read_file(path, most=MOST_TERMS).decode("utf-8-sig")
        if any(line.count(".") > MOST_DOTS for line in text.splitlines()):
            raise VeedorError(f"{path} has a line with more than {MOST_DOTS} dots: no key of a plan's terms needs them")
        document = json.dumps(tomllib.loads(text), default=str)
    except RecursionError:
        raise VeedorError(f"{path} nests values inside one another too deep for a plan's terms") from None
    except ValueError as error:  # no UTF-8, no TOML, or a number of thousands of digits
        raise VeedorError(f"{path} is not TOML: {error}") from None
    try:
        return Terms.model_validate_json(document)
    except ValidationError as error:
        raise InputError(faults_of(error, str(path))) from None


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
    replaces: tuple[str, dict[str, str]] | None = None,
    records: Votes | None = None,
) -> tuple[Plan, dict[str, bytes]]:
    """The plan, and the files that it names: manifest, results and, for a ballot comparison, the cast vote records.

    replaces: what `replaced_by` says of the folder. Refused if the reported votes, or the records, do not give the
    reported outcome, or if two stations or ballots are one name in two spellings.
    """
    _check_given(units, terms, records)
    decision = decision_of(contest, units.tally())
    sampling, test = terms.chosen_sampling, terms.chosen_test
    limit = float(terms.risk_limit)
    parts = _parts(units, terms, records, reported)
    contents = _contents(units, parts, records)
    of_ballots = terms.kind in BALLOT_KINDS
    with _faults_of_plan():
        plan = Plan(
            title=terms.title or title,
            election=election,
            count=count,
            contest=contest,
            reported=reported_outcome(decision, units),
            results=_hash_of(contents, files.RESULTS),
            manifest=_hash_of(contents, files.MANIFEST),
            records=None if records is None else _hash_of(contents, files.RECORDS),
            record=record,
            kind=terms.kind,
            unit="ballot" if of_ballots else "sheet",
            region_level=terms.region_level,
            compared=terms.compared or (COMPARED_BALLOTS if of_ballots else COMPARED),
            sampling=sampling,
            numbering=terms.numbering,
            bound="ballots" if of_ballots else terms.bound,
            risk_limit=terms.risk_limit,
            test=test,
            assertions=parts.planned,
            rounds=terms.rounds or default_rounds(terms.kind, sampling, test, limit, units, parts, terms.region_level),
            sheets_that_undo=fewest_that_undo(units, assertions_for(contest, units.tally())),
            cannot_show=CANNOT_SHOW_BALLOTS if of_ballots else CANNOT_SHOW,
            seed=terms.seed,
            publication=terms.publication,
            signatories=terms.signatories,
            quorum=terms.quorum,
            readers=terms.readers,
            replaces=None if replaces is None else replaces[0],
            replaced=None if replaces is None else replaces[1],
        )
    _check_rounds(plan, units, parts)
    return plan, contents


def _check_given(units: Units, terms: Terms, records: Votes | None) -> None:
    _check_spellings("stations", units.ids)
    _check_spellings("ballots", records or ())
    if (records is not None) != (terms.kind == "ballot_comparison"):
        raise VeedorError("cast vote records (--records) go with kind = 'ballot_comparison', and only with it")


def _parts(units: Units, terms: Terms, records: Votes | None, reported: Decision | None) -> Parts:
    """What is compared of each unit, and how far it can err."""
    return parts_of(
        terms.kind,
        units,
        bound=terms.bound,
        sampling=terms.chosen_sampling,
        risk_limit=float(terms.risk_limit),
        records=records,
        reported=reported,
    )


def _hash_of(contents: Mapping[str, bytes], name: str) -> FileHash:
    return FileHash(file=name, sha256=sha256(contents[name]).hexdigest())


def _contents(units: Units, parts: Parts, records: Votes | None) -> dict[str, bytes]:
    """The files beside a plan, by name."""
    return {
        files.MANIFEST: manifest_bytes(units, units.levels, parts.most, parts.weight),
        files.RESULTS: results_bytes(units),
        **({} if records is None else {files.RECORDS: records_bytes(records)}),
    }


@contextmanager
def _faults_of_plan() -> Iterator[None]:
    """Whatever the plan's own checks find, as faults of its file."""
    try:
        yield
    except ValidationError as error:
        raise InputError(faults_of(error, files.PLAN)) from None


def _check_spellings(what: str, names: Iterable[str]) -> None:
    """Refuse names that a keyboard would not tell apart: one accent written in two ways (Unicode, NFC)."""
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(unicodedata.normalize("NFC", name), name)
        if other != name:
            raise VeedorError(f"the {what} {other!a} and {name!a} are one name in two spellings: correct one of them")


def _check_rounds(plan: Plan, units: Units, parts: Parts) -> None:
    """Refuse rounds that draw more, without replacement, than there is; and a level that the sheets lack."""
    there = parts.ballots if plan.of_ballots else len(parts.weight)
    if plan.sampling == "equal_probability" and plan.rounds[-1] > there:
        raise VeedorError(
            f"rounds of {plan.rounds[-1]:,} draws without replacement, but there are {there:,} {plan.unit}s"
        )
    if plan.region_level is not None:
        region_depth(plan.region_level, units.levels)


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


def replaced_by(target: Path) -> tuple[str, dict[str, str]] | None:
    """What a new plan must name of the plan that the folder holds: its hash, and each file that is its own by its hash.

    So no answer to the old plan can be taken away or changed once the new one is signed. None: there is no plan yet.
    """
    folder = AuditFolder(target)
    if not folder.has(files.PLAN):
        return None
    return folder.hash_of(files.PLAN), folder.hashes(_of_plan(folder))


def _of_plan(folder: AuditFolder) -> list[str]:
    """The files that go with a plan when it is replaced."""
    return [files.PLAN, *sorted(name for name in folder.names if name.startswith(("answers/", "seed/")))]


def write_plan(target: Path, plan: Plan, contents: Mapping[str, bytes]) -> str:
    """Write the audit's folder. A plan that is there already is kept under superseded/, if there is no seed yet.

    Returns the plan's hash. The new plan must name the old one, and all that belongs to it (`replaced_by`).
    """
    folder = AuditFolder(target)
    before = replaced_by(target)
    if before is not None:
        if folder.has(files.SEED):
            raise VeedorError(f"{target} has a seed: its plan is settled and is never replaced")
        if (plan.replaces, plan.replaced) != before:
            raise VeedorError(f"{target} has another plan; a changed plan names the hash of the one that it replaces")
        _supersede(folder)
    elif plan.replaces is not None:
        raise VeedorError(f"the plan replaces another one, which is not in {target}")
    data = plan_bytes(plan)
    if plan.records is None:
        (target / files.RECORDS).unlink(missing_ok=True)
    for name, content in contents.items():
        files.write(target, name, content)
    files.write(target, files.PLAN, data)
    return sha256(data).hexdigest()


def _supersede(folder: AuditFolder) -> None:
    """Move the plan, the answers to it and what was begun of its seed into superseded/N."""
    kept = folder / f"superseded/{1 + max(files.numbers_in(folder, 'superseded/'), default=0)}"
    kept.mkdir(parents=True)
    for name in (files.PLAN, "answers", "seed"):
        if (folder / name).exists():
            shutil.move(folder / name, kept / name)
