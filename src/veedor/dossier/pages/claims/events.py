"""Reported events for the pages that show them beside figures: when, as finely as each source knows it, and where."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from veedor.dossier.pages.claims.page import account_time, names_of, time_said
from veedor.dossier.parsed import Parsed
from veedor.dossier.show.language import Language
from veedor.dossier.show.published import Published

SPANS = {"day": 1.0, "week": 7.0, "month": 30.0}
"""Days that a date of that precision stands for."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """One account's time: seconds since 1970 from and to (equal for a moment), and what to say of it."""

    start: float
    end: float
    say: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """An event with a date. number: as the charts of the page call it; told: its accounts that give a time."""

    number: int
    id: str
    name: str
    told: tuple[Told, ...]

    @property
    def moment(self) -> float | None:
        """The time on a clock, where some account knows it."""
        return next((one.start for one in self.told if one.start == one.end), None)


def dated(published: Published, lang: Language, zone: dt.tzinfo) -> list[Row]:
    """The events of which some account gives a date, in order."""
    rows = []
    for event in _events(published):
        told = [_told(account, lang, zone) for account in event["accounts"]]
        known = tuple(one for one in told if one is not None)
        if known:
            rows.append((event, known))
    return [
        Row(number=number, id=event["id"], name=lang.pick(event["name"]), told=known)
        for number, (event, known) in enumerate(rows, start=1)
    ]


def undated(published: Published, lang: Language) -> list[dict[str, str]]:
    """The events of which no account gives a date."""
    return [
        {"id": event["id"], "name": lang.pick(event["name"])}
        for event in _events(published)
        if not any(_known(account) for account in event["accounts"])
    ]


def placed(published: Published, lang: Language) -> list[dict[str, object]]:
    """The events of which some account names a place of the election, numbered as on the map."""
    rows: list[dict[str, object]] = []
    for event in _events(published):
        places = [place for account in event["accounts"] for place in account["places"] if place["matched"]]
        if places:
            rows.append(
                {
                    "id": event["id"],
                    "name": lang.pick(event["name"]),
                    "when": _first(event["accounts"], lang),
                    "places": list(dict.fromkeys(names_of(published, place)[-1] for place in places)),
                }
            )
    return rows


def _events(published: Published) -> Sequence[Parsed]:
    document = published.results.get("claims.json", {"events": []})
    return document["events"]  # type: ignore[no-any-return]  # a list by construction


def _known(account: Parsed) -> bool:
    return account["start"] is not None and account["precision"] != "unknown"


def _first(accounts: Sequence[Parsed], lang: Language) -> str:
    known = [account for account in accounts if _known(account)]
    if not known:
        return lang.say("claims.time_unknown")
    first = min(known, key=lambda account: str(account["start"]))
    return time_said(first["start"], first["precision"], lang)


def _told(account: Parsed, lang: Language, zone: dt.tzinfo) -> Told | None:
    if not _known(account):
        return None
    start = _seconds(account["start"], zone)
    days = SPANS.get(account["precision"], 0.0)
    end = start if account["end"] is None else _seconds(account["end"], zone)
    if account["precision"] in ("week", "month"):
        start -= days / 2 * 86_400
        end += (days / 2 + 1) * 86_400
    elif days:
        end += 86_400
    return Told(start=start, end=end, say=f"{account_time(account, lang)}. {lang.pick(account['source']['title'])}")


def _seconds(value: str, zone: dt.tzinfo) -> float:
    when = dt.datetime.fromisoformat(value)
    return (when if when.tzinfo else when.replace(tzinfo=zone)).timestamp()
