"""Claims and events as data: who said what, when, and what happened as reported by each source.

Nothing is computed here. A claim is bound by name to findings and to numbers in them; an event keeps the accounts of
its sources side by side, each with its own time, place and numbers and with the precision it was given.
"""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from veedor.election.base import Identifier, Names, Table

Room = Literal["count", "checks", "interruption", "forensics", "audit", "record"]

Kind = Literal["testable", "needs_data", "procedural", "not_testable"]
"""testable: bound to findings; needs_data: testable with data not at hand; procedural: was a step done;
not_testable: said so, no verdict."""

Precision = Literal["second", "minute", "hour", "day", "week", "month", "unknown"]

EventKind = Literal[
    "election",
    "publication_stop",
    "publication_resume",
    "results",
    "victory_declared",
    "audit_announced",
    "audit_refused",
    "audit_report",
    "study",
    "statement",
    "protest",
    "clash",
    "mutiny",
    "offices_burned",
    "deaths",
    "injuries",
    "other",
]

TESTS = ("is", "at_least", "at_most", "more_than", "less_than")


def _named(value: object) -> object:
    """A text alone is the same in both languages."""
    return {"en": value} if isinstance(value, str) else value


Called = Annotated[Names, BeforeValidator(_named)]
"""A name or title: a text, or a table of names where languages differ."""


def _finite(value: Decimal | int) -> Decimal | int:
    """A number that can be compared and shown. Raises ValueError for nan, inf and 1e999999999."""
    if isinstance(value, Decimal) and not (value.is_finite() and -100 < value.adjusted() < 100):
        raise ValueError("a number that can be written out")
    return value


Amount = Annotated[Decimal | int, AfterValidator(_finite)]


class Source(Table):
    """The place where a reader can check a statement or report. A title stands as published, or in our own words.

    language: of a title as published.
    """

    title: Called
    publisher: Called | None = None
    date: dt.date | None = None
    url: str | None = None
    language: str | None = Field(default=None, pattern="^[a-z]{2,3}(-[A-Za-z0-9]+)*$")


class Speaker(Table):
    """The speaker: a person or a body, the office held then, and the side taken in the dispute."""

    name: Called
    office: Names | None = None
    side: Names | None = None


class Condition(Table):
    """One number or verdict of one finding, compared: the claim would hold if it is so.

    finding: the name a finding bears in its room; for `count` the count's id, or `id@time` for one of its snapshots.
    of: which audit or record it is about, where the room is one of these: the SHA-256 of the audit's plan or a
    signatory's key, the record's origin or its key. Without it nothing that is shown answers the claim.
    where: entries of the finding that must equal these texts, to choose among findings of one name.
    field: dotted path in the finding's JSON, such as `verdict` or `effect.votes`. Where a figure for each rule of
    projection stands there, every one is compared: where some meet the test and some do not, it depends on the rule.
    Exactly one of is, at_least, at_most, more_than, less_than.
    """

    room: Room
    finding: str
    of: str | None = None
    where: dict[str, str] = {}
    field: str
    is_: str | int | bool | None = None
    at_least: Amount | None = None
    at_most: Amount | None = None
    more_than: Amount | None = None
    less_than: Amount | None = None

    @model_validator(mode="before")
    @classmethod
    def _is(cls, value: object) -> object:
        if isinstance(value, dict) and "is" in value:
            return {("is_" if key == "is" else key): part for key, part in value.items()}
        return value

    @model_validator(mode="after")
    def _one_test(self) -> "Condition":
        if sum(part is not None for part in self._tests) != 1:
            raise ValueError(f"give exactly one of {', '.join(TESTS)}")
        return self

    @property
    def _tests(self) -> tuple[str | bool | Decimal | int | None, ...]:
        return self.is_, self.at_least, self.at_most, self.more_than, self.less_than

    @property
    def test(self) -> tuple[str, str | bool | Decimal | int]:
        """The test's name and the value compared with."""
        return next((name, part) for name, part in zip(TESTS, self._tests, strict=True) if part is not None)


class Needs(Table):
    """Data not at hand that would test a claim, and who holds them."""

    data: Names
    holder: Names | None = None


class Claim(Table):
    """A statement with its speaker and time, and the conditions under which it holds.

    words: a short quotation or a paraphrase (as `quoted` says); language: of the original, as spoken.
    conditions: all must be met; not_shown: what meeting them would still not show.
    answers, contradicts, withdraws: ids of other claims.
    """

    id: Identifier
    who: Speaker
    when: dt.date | dt.datetime | None = None
    precision: Precision = "day"
    where: Names | None = None
    words: Names
    quoted: bool = False
    language: str | None = None
    source: Source
    kind: Kind
    conditions: tuple[Condition, ...] = ()
    needs: Needs | None = None
    not_shown: Names | None = None
    answers: tuple[Identifier, ...] = ()
    contradicts: tuple[Identifier, ...] = ()
    withdraws: tuple[Identifier, ...] = ()

    @model_validator(mode="after")
    def _kind_fits(self) -> "Claim":
        if self.kind == "testable" and not self.conditions:
            raise ValueError("a testable claim needs at least one of [[claims.conditions]]")
        if self.kind in ("needs_data", "not_testable") and self.conditions:
            raise ValueError(f"a claim of kind {self.kind} has no conditions: call it testable or procedural")
        if self.kind == "needs_data" and self.needs is None:
            raise ValueError("say in `needs` what data would test it, and who holds them")
        return self


class Number(Table):
    """A number as one source gave it: a value, or a bound that stays a bound ("at least 3", "more than 300")."""

    what: Names
    value: int | None = None
    at_least: int | None = None
    more_than: int | None = None
    at_most: int | None = None
    about: int | None = None

    @model_validator(mode="after")
    def _something(self) -> "Number":
        if all(part is None for part in (self.value, self.at_least, self.more_than, self.at_most, self.about)):
            raise ValueError("give one of value, at_least, more_than, at_most, about")
        return self


class Where(Table):
    """A place: in words, and where it can be matched, names of the election's levels, broadest first."""

    name: Names
    path: dict[Identifier, str] = {}


class Account(Table):
    """One source's account of an event. corrects: number (from 1) of the account of this event that it corrects."""

    source: Source
    start: dt.date | dt.datetime | None = None
    end: dt.date | dt.datetime | None = None
    precision: Precision = "day"
    places: tuple[Where, ...] = ()
    actors: tuple[Names, ...] = ()
    numbers: tuple[Number, ...] = ()
    words: Names | None = None
    corrects: int | None = None


class Event(Table):
    """Something that happened, as each source tells it: conflicting accounts stand side by side."""

    id: Identifier
    kind: EventKind
    name: Names
    accounts: tuple[Account, ...]


class Change(Table):
    """A change of the file that readers should know of."""

    date: dt.date
    what: Names


class About(Table):
    """By which criteria the claims were chosen, what was changed since, and how to contest an entry."""

    criteria: Names
    contest: Names | None = None
    changes: tuple[Change, ...] = Field(default=(), max_length=1_000)


class Claims(Table):
    """The whole claims.toml."""

    about: About | None = None
    claims: tuple[Claim, ...] = Field(default=(), max_length=1_000)
    events: tuple[Event, ...] = Field(default=(), max_length=1_000)
