"""The audit plan: what all sign before the seed exists. One JSON file that a lawyer can read, frozen by its hash."""

import json
from fractions import Fraction
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, ValidationError, field_validator, model_validator

from veedor.audit.assertion import Assertion
from veedor.audit.martingale import Bet, adaptive, capped
from veedor.audit.signing import check_key
from veedor.audit.units import Bound
from veedor.election import Contest
from veedor.election.base import Identifier, Names, Table
from veedor.errors import Fault, InputError, VeedorError
from veedor.finding import Text

FEWEST_DIGITS = 20

Kind = Literal["sheets", "regions", "ballot_polling", "ballot_comparison", "oneaudit"]
"""sheets: tally sheets compared with the paper ones, one sample. regions: such a sample in each region. ballot_polling:
ballots alone. ballot_comparison: each ballot with its cast vote record. oneaudit: each with the totals of its sheet."""

BALLOT_KINDS: tuple[Kind, ...] = ("ballot_polling", "ballot_comparison", "oneaudit")

TESTS_OF: dict[Kind, tuple[str, ...]] = {
    "sheets": ("kaplan_markov", "capped", "adaptive"),
    "regions": ("capped",),
    "ballot_polling": ("shrink_truncate",),
    "ballot_comparison": ("capped", "adaptive", "expected_errors"),
    "oneaudit": ("capped", "adaptive"),
}
"""The tests that each kind of audit can use."""


def _exact(value: object) -> Fraction:
    if isinstance(value, Fraction):
        return value
    if isinstance(value, str | int) and not isinstance(value, bool):
        try:
            return Fraction(value)
        except (ValueError, ZeroDivisionError):
            pass
    raise ValueError("wanted a fraction such as '9/10'")


Exact = Annotated[Fraction, BeforeValidator(_exact), PlainSerializer(str, return_type=str)]
"""A fraction, as text such as '9/10' in the file."""


class FileHash(Table):
    """A file of the audit's folder and the SHA-256 of its bytes."""

    file: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class RecordHead(Table):
    """The checkpoint of the record in which the results under audit are fixed."""

    origin: str
    size: int
    root: str


class ReportedOutcome(Table):
    """What the authority reports: the outcome, and the totals it follows from."""

    result: Literal["elected", "runoff"]
    choices: tuple[Identifier, ...]
    seats: dict[Identifier, int] | None = None
    sheets: int
    registered: int | None
    votes: dict[Identifier, int]
    blank: int
    null: int


class PlannedAssertion(Table):
    """One assertion with its scores, margin and the draws that it needs if no sheet differs."""

    label: str
    sentence: Names
    arithmetic: Names
    scores: dict[Identifier, Exact]
    blank: Exact
    null: Exact
    absent: Exact
    strict: bool
    upper_bound: Exact
    margin_votes: Exact
    total_error_bound: float | None = None
    draws_without_error: int | None = None

    def assertion(self) -> Assertion:
        """The assertion itself."""
        return Assertion(
            label=self.label,
            scores=self.scores,
            blank=self.blank,
            null=self.null,
            absent=self.absent,
            strict=self.strict,
            sentence=self.sentence.text,
        )


class RiskTest(Table):
    """How evidence is measured.

    kaplan_markov: the largest bet (MACRO): fewest draws without error, ended by one wholly wrong sheet.
    capped: a fixed share of the largest bet. adaptive: a bet that learns from the sheets seen.
    shrink_truncate: ALPHA for ballot polling, the reported share weighing as much as `weight` ballots.
    expected_errors: the bet that is best if this share of ballots overstates by two votes and the rest are right.
    understatements: count for the outcome as the theory allows, or are taken as no difference.
    """

    name: Literal["kaplan_markov", "capped", "adaptive", "shrink_truncate", "expected_errors"]
    share: float | None = Field(default=None, gt=0, lt=1)
    weight: int | None = Field(default=None, ge=1)
    two_vote_rate: float | None = Field(default=None, gt=0, lt=0.5)
    understatements: Literal["counted", "taken_as_zero"] = "counted"

    @model_validator(mode="after")
    def _has_its_parameter(self) -> "RiskTest":
        for name, key in (("capped", "share"), ("shrink_truncate", "weight"), ("expected_errors", "two_vote_rate")):
            if (self.name == name) != (getattr(self, key) is not None):
                raise ValueError(f"{key} goes with the test {name!r}, and only with it")
        return self

    def bet(self) -> Bet:
        """The bet of a test of sheets."""
        if self.name == "adaptive":
            return adaptive(first=0.9, lowest_cap=0.9, highest_cap=0.99)
        return capped(1.0 if self.share is None else self.share)


def check_kind(kind: Kind, test: RiskTest, sampling: str, numbering: str, region_level: str | None) -> None:
    """Raise ValueError unless the parts of a plan go with its kind."""
    if test.name not in TESTS_OF[kind]:
        raise ValueError(f"the test of {kind} is one of {', '.join(TESTS_OF[kind])}")
    if (kind == "regions") != (region_level is not None):
        raise ValueError("region_level goes with the kind 'regions', and only with it")
    wanted = {"regions": "proportional_to_error_bound"} | dict.fromkeys(BALLOT_KINDS, "equal_probability")
    if kind in wanted and (sampling, numbering) != (wanted[kind], "veedor"):
        raise ValueError(f"{kind} draws with sampling {wanted[kind]!r} and numbering 'veedor'")


class DiceSeed(Table):
    """Digits rolled in public: how many, who rolls, where and when."""

    method: Literal["dice"]
    digits: int = Field(default=FEWEST_DIGITS, ge=FEWEST_DIGITS, le=200)
    who: str
    where: str
    when: str


class RevealSeed(Table):
    """Each of the parties commits to a secret, then all reveal: as long as one is honest, nobody chose the seed."""

    method: Literal["commit_and_reveal"]
    parties: tuple[Identifier, ...] = Field(min_length=2)
    where: str
    when: str


class Signatory(Table):
    """Somebody whose consent is asked. required: without it the plan does not bind, whatever the quorum."""

    id: Identifier
    name: str
    role: Literal["authority", "party", "observer", "court", "other"]
    key: str
    required: bool = True

    @field_validator("key")
    @classmethod
    def _is_key(cls, value: str) -> str:
        try:
            check_key(value)
        except VeedorError as error:
            raise ValueError(str(error)) from None
        return value


class Plan(Table):
    """The whole plan.

    kind: what is sampled and compared. region_level: the level whose places draw samples of their own.
    records: the cast vote records, where each ballot is compared with its own.
    compared: what each sampled sheet is compared with, in words. bound: what its error bound rests on.
    rounds: draws of the first round and, together with the earlier ones, of each next; then all ballots are counted.
    quorum: how many of the signatories must consent, those that are required among them.
    replaces: hash of the plan before this one, if there was one.
    """

    format: Literal["veedor/audit-plan/1"] = "veedor/audit-plan/1"
    title: Names
    election: Identifier
    count: Identifier
    contest: Contest
    reported: ReportedOutcome
    results: FileHash
    manifest: FileHash
    records: FileHash | None = None
    record: RecordHead | None = None
    kind: Kind = "sheets"
    unit: Literal["sheet", "ballot"] = "sheet"
    region_level: str | None = None
    compared: Names
    sampling: Literal["proportional_to_error_bound", "equal_probability"]
    numbering: Literal["veedor", "consistent_sampler"] = "veedor"
    bound: Bound
    risk_limit: Exact
    test: RiskTest
    assertions: tuple[PlannedAssertion, ...] = Field(min_length=1)
    rounds: tuple[int, ...] = Field(min_length=1)
    after_last_round: Literal["full_count"] = "full_count"
    missing: Literal["worst"] = "worst"
    sheets_that_undo: dict[Literal["altered", "missing_average", "missing_largest"], int | None]
    cannot_show: Names
    seed: DiceSeed | RevealSeed = Field(discriminator="method")
    publication: Names
    signatories: tuple[Signatory, ...] = Field(min_length=1)
    quorum: int = Field(ge=1)
    replaces: str | None = None

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> "Plan":
        ids = [signatory.id for signatory in self.signatories]
        if len(set(ids)) < len(ids):
            raise ValueError("two signatories have the same id")
        if len({signatory.key for signatory in self.signatories}) < len(ids):
            raise ValueError("two signatories have the same key")
        if self.quorum > len(ids):
            raise ValueError(f"the quorum is {self.quorum}, but there are {len(ids)} signatories")
        if not 0 < self.risk_limit < 1:
            raise ValueError(f"risk_limit must lie between 0 and 1, got {self.risk_limit} (5 % is '1/20')")
        if list(self.rounds) != sorted(set(self.rounds)) or self.rounds[0] < 1:
            raise ValueError("rounds are numbers of draws, each more than the one before")
        if self.numbering == "consistent_sampler" and self.sampling != "equal_probability":
            raise ValueError("consistent_sampler numbers equal-probability samples only")
        check_kind(self.kind, self.test, self.sampling, self.numbering, self.region_level)
        if (self.unit == "ballot") != self.of_ballots:
            raise ValueError(f"the unit of {self.kind} is the {'ballot' if self.of_ballots else 'sheet'}")
        if (self.kind == "ballot_comparison") != (self.records is not None):
            raise ValueError("records go with the kind 'ballot_comparison', and only with it")
        if isinstance(self.seed, RevealSeed) and not set(self.seed.parties) <= set(ids):
            raise ValueError("seed.parties must be signatories")
        return self

    @property
    def of_ballots(self) -> bool:
        """Whether ballots are drawn, not sheets."""
        return self.kind in BALLOT_KINDS

    @property
    def planned(self) -> tuple[Assertion, ...]:
        """The assertions."""
        return tuple(planned.assertion() for planned in self.assertions)

    def signatory(self, name: str) -> Signatory:
        """The signatory with this id."""
        for signatory in self.signatories:
            if signatory.id == name:
                return signatory
        known = ", ".join(signatory.id for signatory in self.signatories)
        raise VeedorError(f"the plan has no signatory {name!r}; it has {known}")


def plan_bytes(plan: Plan) -> bytes:
    """The plan as the file that is signed: JSON, UTF-8, two spaces, a newline at the end."""
    document = plan.model_dump(mode="json", exclude_none=True)
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def parse_plan(data: bytes, file: str = "plan.json") -> Plan:
    """The plan of a file; every fault at once."""
    try:
        return Plan.model_validate_json(data)
    except ValidationError as error:
        raise InputError(faults_of(error, file)) from None


def faults_of(error: ValidationError, file: str) -> list[Fault]:
    """Every fault of a file, with the dotted name of its key."""
    return [
        Fault(
            file=file,
            column=".".join(str(part) for part in fault["loc"]) or None,
            found=repr(fault.get("input"))[:80],
            wanted=fault["msg"],
        )
        for fault in error.errors(include_url=False)
    ]


def plan_hash(data: bytes) -> str:
    """SHA-256 of the plan's file: what each party signs."""
    return sha256(data).hexdigest()


def names(text: Text) -> Names:
    """A sentence in both languages, as the plan's file has it."""
    return Names(en=text.en, es=text.es)
