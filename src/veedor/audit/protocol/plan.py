"""The audit plan: what all sign before the seed exists. One JSON file that a lawyer can read, frozen by its hash."""

import json
import re
from collections.abc import Sequence
from fractions import Fraction
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from veedor.audit.assertions.assertion import Assertion
from veedor.audit.protocol.lookalike import taken_for_each_other
from veedor.audit.protocol.same_key import identity
from veedor.audit.protocol.signing import check_key
from veedor.audit.statistics.martingale import Bet, adaptive, capped
from veedor.audit.units import Bound
from veedor.election import Contest
from veedor.election.base import Identifier, Names, Table
from veedor.errors import Fault, InputError, VeedorError
from veedor.finding import Text
from veedor.rim.hostile_json import loads, named
from veedor.rim.terminal import plain_name, printable

FEWEST_DIGITS = 20
MOST_BYTES = 64 << 20
MOST_SIGNATORIES = 1_000
LONGEST = 500
"""Characters of a name, a place or a time in words."""
OLD_FORM = "veedor/audit-plan/1"

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


_FRACTION = re.compile(r"-?[0-9]{1,200}(?:/[0-9]{1,200})?")


def _exact(value: object) -> Fraction:
    if isinstance(value, Fraction):
        return value
    if isinstance(value, str) and _FRACTION.fullmatch(value):  # 1e999999999 is one too, and fills the memory
        try:
            return Fraction(value)
        except ZeroDivisionError:
            pass
    raise ValueError("wanted a fraction such as '9/10'")


def _plain(value: str) -> str:
    if not plain_name(value) or len(value) > LONGEST:
        raise ValueError(f"wanted 1 to {LONGEST} characters that a screen shows as they are")
    return value


def _plain_or_empty(value: str) -> str:
    return value if not value else _plain(value)


Plain = Annotated[str, AfterValidator(_plain)]
"""A name on one line: nothing in it steers a terminal or turns the direction of what is read."""
Words = Annotated[str, AfterValidator(_plain_or_empty)]
"""As a name; it may be empty."""


Exact = Annotated[Fraction, BeforeValidator(_exact), PlainSerializer(str, return_type=str)]
"""A fraction, as text such as '9/10' in the file."""


Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 in hexadecimal digits."""


class FileHash(Table):
    """A file of the audit's folder and the SHA-256 of its bytes."""

    file: str
    sha256: Sha256


class RecordHead(Table):
    """The checkpoint of the record in which the results under audit are fixed."""

    origin: Plain
    size: int = Field(ge=0)
    root: str


class ReportedOutcome(Table):
    """The authority's report: the outcome, and the totals it follows from."""

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
    """The test by which evidence is measured.

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
    who: Words
    where: Words
    when: Words


class RevealSeed(Table):
    """Each of the parties commits to a secret; when all have, each reveals its own."""

    method: Literal["commit_and_reveal"]
    parties: tuple[Identifier, ...] = Field(min_length=2)
    where: Words
    when: Words


class Signatory(Table):
    """Somebody whose consent is asked. required: without it the plan does not bind, whatever the quorum."""

    id: Identifier
    name: Plain
    role: Literal["authority", "party", "observer", "court", "other"]
    key: str = Field(max_length=4_000)
    required: bool = True

    @field_validator("key")
    @classmethod
    def _is_key(cls, value: str) -> str:
        if not plain_name(value):
            raise ValueError("a key is one line without characters that a screen does not show")
        try:
            check_key(value)
        except VeedorError as error:
            raise ValueError(str(error)) from None
        return value


def check_signatories(signatories: Sequence[Signatory], quorum: int, *named: Sequence[str]) -> None:
    """Raise ValueError where one could pass for another, the quorum is more than there are, or an id is not known.

    named: lists of ids, none of which may have one twice.
    """
    ids = [signatory.id for signatory in signatories]
    if len(set(ids)) < len(ids):
        raise ValueError("two signatories have the same id")
    for what, words in (("ids", ids), ("names", [signatory.name for signatory in signatories])):
        clash = taken_for_each_other(words)
        if clash is not None:
            raise ValueError(f"the {what} {clash[0]!a} and {clash[1]!a} can be taken for each other")
    owner: dict[object, str] = {}
    for signatory in signatories:
        other = owner.setdefault(identity(signatory.key), signatory.id)
        if other != signatory.id:
            raise ValueError(f"{other} and {signatory.id} have the same key: one person would sign for two")
    if quorum > len(ids):
        raise ValueError(f"the quorum is {quorum}, but there are {len(ids)} signatories")
    for some in named:
        if not set(some) <= set(ids):
            raise ValueError(f"not signatories: {', '.join(sorted(set(some) - set(ids)))}")
        if len(set(some)) < len(some):
            raise ValueError("a signatory is named twice in one list")


class Plan(Table):
    """The whole plan.

    kind: what is sampled and compared. region_level: the level whose places draw samples of their own.
    records: the cast vote records, where each ballot is compared with its own.
    compared: what each sampled sheet is compared with, in words. bound: what its error bound rests on.
    rounds: draws of the first round and, together with the earlier ones, of each next; then all ballots are counted.
    quorum: how many of the signatories must consent, those that are required among them; and how many must sign the
    record of the seed. readers: signatories two of whom sign what was read of the sample; none: anybody may, or nobody.
    replaces: hash of the plan before this one, if there was one; replaced: every file that belonged to it, its answers
    among them, by its hash.
    """

    format: Literal["veedor/audit-plan/1", "veedor/audit-plan/2"] = "veedor/audit-plan/2"
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
    signatories: tuple[Signatory, ...] = Field(min_length=1, max_length=MOST_SIGNATORIES)
    quorum: int = Field(ge=1)
    readers: tuple[Identifier, ...] = ()
    replaces: Sha256 | None = None
    replaced: dict[str, Sha256] | None = None

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> "Plan":
        parties = self.seed.parties if isinstance(self.seed, RevealSeed) else ()
        check_signatories(self.signatories, self.quorum, parties, self.readers)
        check_readers(self.readers)
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
        if not self.old_form and (self.replaces is None) != (self.replaced is None):
            raise ValueError("replaces and replaced go together")
        return self

    @property
    def old_form(self) -> bool:
        """True if it is of the first form, under which nobody had to sign the record of the seed."""
        return self.format == OLD_FORM

    @property
    def of_ballots(self) -> bool:
        """True if ballots are drawn, not sheets."""
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


def check_readers(readers: Sequence[str]) -> None:
    """Raise ValueError if there is one reader alone: the sample is read twice."""
    if len(readers) == 1:
        raise ValueError("what was read is signed by two readers: name two or more, or none")


def plan_bytes(plan: Plan) -> bytes:
    """The plan as the file that is signed: JSON, UTF-8, two spaces, a newline at the end; harmless on a terminal."""
    document = plan.model_dump(mode="json", exclude_none=True)
    if not plan.readers:
        del document["readers"]
    return (printable(json.dumps(document, ensure_ascii=False, indent=2)) + "\n").encode()


def parse_plan(data: bytes, file: str = "plan.json") -> Plan:
    """The plan of a file; every fault at once."""
    loads(data, file, most_bytes=MOST_BYTES)  # a key twice, for one, is taken without a word below
    try:
        return Plan.model_validate_json(data.removeprefix(b"\xef\xbb\xbf"))
    except ValidationError as error:
        raise InputError(faults_of(error, file)) from None


def faults_of(error: ValidationError, file: str) -> list[Fault]:
    """Every fault of a file, with the dotted name of its key; of a whole file, how it disagrees with itself."""
    faults = []
    for fault in error.errors(include_url=False):
        message = fault["msg"].removeprefix("Value error, ")
        whole = not fault["loc"]
        faults.append(
            Fault(
                file=file,
                column=".".join(str(part)[:80] for part in fault["loc"]) or None,
                found=message if whole else _shown(fault.get("input")),
                wanted="what agrees with the rest of the file" if whole else message,
            )
        )
    return faults


def _shown(value: object) -> str:
    """What was found, in few words."""
    if isinstance(value, str):
        return repr(value[:80])
    plain = value is None or isinstance(value, float) or (isinstance(value, int) and abs(value) < 10**30)
    return repr(value) if plain else named(value)


def plan_hash(data: bytes) -> str:
    """SHA-256 of the plan's file: what each party signs."""
    return sha256(data).hexdigest()


def names(text: Text) -> Names:
    """A sentence in both languages, as the plan's file has it."""
    return Names(en=text.en, es=text.es)
