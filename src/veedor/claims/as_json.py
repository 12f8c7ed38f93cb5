"""Claims and events as JSON: what was said and reported as it was, and what the findings say today."""

import datetime as dt
from collections.abc import Sequence

from veedor.claims.bind import Bound
from veedor.claims.model import Account, Claims, Condition, Event, Number, Source
from veedor.election import Election
from veedor.election.base import Names
from veedor.finding import Json


def claims_as_json(election: Election, claims: Claims, bound: Sequence[Bound]) -> dict[str, Json]:
    """`claims[]` with their answers, `events[]` with their accounts, in order of time; undated ones last."""
    return {
        "election": election.id,
        "claims": [_claim(each) for each in in_order(bound)],
        "events": [_event(event) for event in sorted(claims.events, key=_first)],
    }


def in_order(bound: Sequence[Bound]) -> list[Bound]:
    """Claims in order of time; undated ones last."""
    return sorted(bound, key=lambda each: _order(each.claim.when))


def _order(when: dt.date | dt.datetime | None) -> str:
    return "9999" if when is None else when.isoformat()


def _first(event: Event) -> str:
    return min((_order(account.start) for account in event.accounts), default="9999")


def _names(names: Names | None) -> dict[str, str] | None:
    return None if names is None else {"en": names.text.en, "es": names.text.es}


def _time(when: dt.date | dt.datetime | None) -> str | None:
    return None if when is None else when.isoformat()


def _source(source: Source) -> dict[str, Json]:
    return {
        "title": _names(source.title),
        "publisher": _names(source.publisher),
        "date": _time(source.date),
        "url": source.url,
    }


def _claim(bound: Bound) -> dict[str, Json]:
    claim = bound.claim
    return {
        "id": claim.id,
        "who": {"name": _names(claim.who.name), "office": _names(claim.who.office), "side": _names(claim.who.side)},
        "when": _time(claim.when),
        "precision": claim.precision,
        "where": _names(claim.where),
        "words": _names(claim.words),
        "quoted": claim.quoted,
        "language": claim.language,
        "source": _source(claim.source),
        "kind": claim.kind,
        "answer": bound.answer,
        "conditions": [
            {
                **_condition(checked.condition),
                "found": list(checked.found),
                "met": checked.met,
                "at_hand": checked.at_hand,
                "verdicts": list(checked.verdicts),
                "titles": list(checked.titles),
                "commands": list(checked.commands),
                "summaries": list(checked.summaries),
            }
            for checked in bound.checked
        ],
        "needs": None
        if claim.needs is None
        else {"data": _names(claim.needs.data), "holder": _names(claim.needs.holder)},
        "not_shown": _names(claim.not_shown),
        "answers": list(claim.answers),
        "contradicts": list(claim.contradicts),
        "withdraws": list(claim.withdraws),
    }


def _condition(condition: Condition) -> dict[str, Json]:
    test, value = condition.test
    return {
        "room": condition.room,
        "finding": condition.finding,
        "where": dict(condition.where),
        "field": condition.field,
        "test": {test: _plain(value)},
    }


def _plain(value: Json) -> Json:
    return value if isinstance(value, (str, bool, int)) else float(value)


def _event(event: Event) -> dict[str, Json]:
    return {
        "id": event.id,
        "kind": event.kind,
        "name": _names(event.name),
        "accounts": [_account(account) for account in event.accounts],
    }


def _account(account: Account) -> dict[str, Json]:
    return {
        "source": _source(account.source),
        "start": _time(account.start),
        "end": _time(account.end),
        "precision": account.precision,
        "places": [{"name": _names(place.name), "path": dict(place.path)} for place in account.places],
        "actors": [_names(actor) for actor in account.actors],
        "numbers": [_number(number) for number in account.numbers],
        "words": _names(account.words),
        "corrects": account.corrects,
    }


def _number(number: Number) -> dict[str, Json]:
    given = {
        "value": number.value,
        "at_least": number.at_least,
        "more_than": number.more_than,
        "at_most": number.at_most,
        "about": number.about,
    }
    return {"what": _names(number.what), **{name: value for name, value in given.items() if value is not None}}
