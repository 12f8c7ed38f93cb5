"""Claims and events as JSON: what was said and reported as it was, and what the findings say today."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from veedor.claims.bind import Bound, Checked
from veedor.claims.model import About, Account, Claims, Condition, Event, Number, Source
from veedor.document import INLINED, LEFT_OUT, Json, as_json
from veedor.election import Election
from veedor.election.base import Names
from veedor.finding import Text


@dataclass(frozen=True, kw_only=True)
class SourceShown:
    """A publication as source; date: as precise as it is known."""

    title: Text | None
    publisher: Text | None
    date: str | None
    url: str | None
    language: str | None


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """The person or body that said something."""

    name: Text | None
    office: Text | None
    side: Text | None


@dataclass(frozen=True, kw_only=True)
class ConditionShown:
    """The binding of a claim: a room's finding, its field, and the test that the field must meet."""

    room: str
    finding: str
    of: str | None
    where: Mapping[str, str]
    field: str
    test: Mapping[str, bool | float | str]


@dataclass(frozen=True, kw_only=True)
class CheckedShown:
    """A condition today: see `Checked`."""

    condition: ConditionShown = field(metadata=INLINED)
    found: tuple[Json, ...]
    met: bool | None
    depends: bool
    at_hand: bool
    other: bool
    verdicts: tuple[str | None, ...]
    titles: tuple[Mapping[str, str], ...]
    commands: tuple[str, ...]
    summaries: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class NeedsShown:
    """The evidence that would answer a claim, and its holder."""

    data: Text | None
    holder: Text | None


@dataclass(frozen=True, kw_only=True)
class ClaimShown:
    """A claim as it was said, and what the findings say of it today. answers, contradicts, withdraws: ids of claims."""

    id: str
    who: Speaker
    when: str | None
    precision: str
    where: Text | None
    words: Text | None
    quoted: bool
    language: str | None
    source: SourceShown
    kind: str
    answer: str
    conditions: tuple[CheckedShown, ...]
    needs: NeedsShown | None
    not_shown: Text | None
    answers: tuple[str, ...]
    contradicts: tuple[str, ...]
    withdraws: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class NumberShown:
    """A number of an account: as it was given, exactly or as a bound."""

    what: Text | None
    value: float | None = field(default=None, metadata=LEFT_OUT)
    at_least: float | None = field(default=None, metadata=LEFT_OUT)
    more_than: float | None = field(default=None, metadata=LEFT_OUT)
    at_most: float | None = field(default=None, metadata=LEFT_OUT)
    about: float | None = field(default=None, metadata=LEFT_OUT)


@dataclass(frozen=True, kw_only=True)
class PlaceShown:
    """A place of an account, by its names by level. matched: in a dossier, whether the election has such a place."""

    name: Text | None
    path: Mapping[str, str]
    matched: bool | None = field(default=None, metadata=LEFT_OUT)


@dataclass(frozen=True, kw_only=True)
class AccountShown:
    """One source's report of an event. corrects: the account that it corrects."""

    source: SourceShown
    start: str | None
    end: str | None
    precision: str
    places: tuple[PlaceShown, ...]
    actors: tuple[Text | None, ...]
    numbers: tuple[NumberShown, ...]
    words: Text | None
    corrects: int | None


@dataclass(frozen=True, kw_only=True)
class EventShown:
    """An event, by its accounts."""

    id: str
    kind: str
    name: Text | None
    accounts: tuple[AccountShown, ...]


@dataclass(frozen=True, kw_only=True)
class ChangeShown:
    """A change of claims.toml."""

    date: str
    what: Text


@dataclass(frozen=True, kw_only=True)
class AboutShown:
    """By which criteria the claims were chosen, how to contest one, and what was changed."""

    criteria: Text
    contest: Text | None
    changes: tuple[ChangeShown, ...]


@dataclass(frozen=True, kw_only=True)
class ClaimsDocument:
    """`veedor claims --json`: claims with their answers, events with their accounts, in order of time.

    about: of the file, where it says so.
    open_questions: of the definition, where it has any.
    """

    election: str
    about: AboutShown | None
    claims: tuple[ClaimShown, ...]
    events: tuple[EventShown, ...]
    open_questions: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)


def claims_document(election: Election, claims: Claims, bound: Sequence[Bound]) -> ClaimsDocument:
    """Claims and events in order of time; undated ones last."""
    return ClaimsDocument(
        election=election.id,
        about=_about(claims.about),
        claims=tuple(_claim(each) for each in in_order(bound)),
        events=tuple(_event(event) for event in sorted(claims.events, key=_first)),
        open_questions=election.open_questions or None,
    )


def _about(about: About | None) -> AboutShown | None:
    if about is None:
        return None
    return AboutShown(
        criteria=about.criteria.text,
        contest=_names(about.contest),
        changes=tuple(ChangeShown(date=one.date.isoformat(), what=one.what.text) for one in about.changes),
    )


def claims_as_json(election: Election, claims: Claims, bound: Sequence[Bound]) -> dict[str, Json]:
    """The same as JSON."""
    return as_json(claims_document(election, claims, bound))


def in_order(bound: Sequence[Bound]) -> list[Bound]:
    """Claims in order of time; undated ones last."""
    return sorted(bound, key=lambda each: _order(each.claim.when))


def _order(when: dt.date | dt.datetime | None) -> str:
    return "9999" if when is None else when.isoformat()


def _first(event: Event) -> str:
    return min((_order(account.start) for account in event.accounts), default="9999")


def _names(names: Names | None) -> Text | None:
    return None if names is None else names.text


def _time(when: dt.date | dt.datetime | None) -> str | None:
    return None if when is None else when.isoformat()


def _source(source: Source) -> SourceShown:
    return SourceShown(
        title=_names(source.title),
        publisher=_names(source.publisher),
        date=_time(source.date),
        url=source.url,
        language=source.language,
    )


def _claim(bound: Bound) -> ClaimShown:
    claim = bound.claim
    return ClaimShown(
        id=claim.id,
        who=Speaker(name=_names(claim.who.name), office=_names(claim.who.office), side=_names(claim.who.side)),
        when=_time(claim.when),
        precision=claim.precision,
        where=_names(claim.where),
        words=_names(claim.words),
        quoted=claim.quoted,
        language=claim.language,
        source=_source(claim.source),
        kind=claim.kind,
        answer=bound.answer,
        conditions=tuple(_checked(checked) for checked in bound.checked),
        needs=None
        if claim.needs is None
        else NeedsShown(data=_names(claim.needs.data), holder=_names(claim.needs.holder)),
        not_shown=_names(claim.not_shown),
        answers=tuple(claim.answers),
        contradicts=tuple(claim.contradicts),
        withdraws=tuple(claim.withdraws),
    )


def _checked(checked: Checked) -> CheckedShown:
    return CheckedShown(
        condition=_condition(checked.condition),
        found=checked.found,
        met=checked.met,
        depends=checked.depends,
        at_hand=checked.at_hand,
        other=checked.other,
        verdicts=checked.verdicts,
        titles=checked.titles,
        commands=checked.commands,
        summaries=checked.summaries,
    )


def _condition(condition: Condition) -> ConditionShown:
    test, value = condition.test
    return ConditionShown(
        room=condition.room,
        finding=condition.finding,
        of=condition.of,
        where=dict(condition.where),
        field=condition.field,
        test={test: value if isinstance(value, str | bool | int) else float(value)},
    )


def _event(event: Event) -> EventShown:
    return EventShown(
        id=event.id,
        kind=event.kind,
        name=_names(event.name),
        accounts=tuple(_account(account) for account in event.accounts),
    )


def _account(account: Account) -> AccountShown:
    return AccountShown(
        source=_source(account.source),
        start=_time(account.start),
        end=_time(account.end),
        precision=account.precision,
        places=tuple(PlaceShown(name=_names(place.name), path=dict(place.path)) for place in account.places),
        actors=tuple(_names(actor) for actor in account.actors),
        numbers=tuple(_number(number) for number in account.numbers),
        words=_names(account.words),
        corrects=account.corrects,
    )


def _number(number: Number) -> NumberShown:
    return NumberShown(
        what=_names(number.what),
        value=number.value,
        at_least=number.at_least,
        more_than=number.more_than,
        at_most=number.at_most,
        about=number.about,
    )
