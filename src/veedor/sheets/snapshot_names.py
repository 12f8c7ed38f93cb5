"""Which snapshot a person means by a time, or by the beginning of one."""

import datetime as dt
from collections.abc import Sequence

from veedor.errors import VeedorError

SHOWN = 8
"""How many snapshots a refusal lists; the rest are counted."""


def moment_named(text: str, zone: dt.tzinfo, option: str) -> dt.datetime:
    """The time that an option's text states; without an offset it is in the zone. Raises VeedorError."""
    try:
        when = dt.datetime.fromisoformat(text)
    except ValueError:
        raise VeedorError(f"{option}: found {text!r}, wanted a time such as 2019-10-20T19:40:57") from None
    return when if when.tzinfo is not None else when.replace(tzinfo=zone)


def snapshot_named(text: str, times: Sequence[dt.datetime], zone: dt.tzinfo, count: str) -> dt.datetime:
    """The one of a count's snapshots that the text names, whole or by its beginning. Raises VeedorError."""
    known = {when: when.astimezone(zone).replace(tzinfo=None).isoformat() for when in times}
    try:
        asked = dt.datetime.fromisoformat(text)
    except ValueError:
        asked = None
    if asked is not None:
        asked = asked if asked.tzinfo is not None else asked.replace(tzinfo=zone)
        if asked in known:
            return asked
    found = [when for when, name in known.items() if name.startswith(text.replace(" ", "T"))]
    if len(found) == 1:
        return found[0]
    shown = [known[when] for when in (found or _nearest(times, asked))]
    more = f" and {len(shown) - SHOWN} more" if len(shown) > SHOWN else ""
    problem = "several snapshots begin with" if found else "no snapshot is called"
    hint = "they are" if found else "the nearest are"
    raise VeedorError(f"{count}: {problem} {text!r}; {hint} {', '.join(shown[:SHOWN])}{more}")


def _nearest(times: Sequence[dt.datetime], asked: dt.datetime | None) -> list[dt.datetime]:
    if asked is None:
        return list(times)
    return sorted(sorted(times, key=lambda when: abs(when - asked))[:3])
