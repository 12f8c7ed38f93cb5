"""Gaps of a clock, found from the data by a stated rule, beside those that the definition declares.

The rule: an interval between two successive ticks is a gap if it is at least TIMES times the clock's median interval
and at least LEAST_SECONDS long.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from veedor.election import Election
from veedor.interruption.clock.clocks import Ticks

TIMES = 10
LEAST_SECONDS = 3600


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A stop of one clock: its last tick before and its first after, and the sheets passed at both.

    declared: whether the election's definition names it (id) rather than the rule having found it.
    """

    clock: str
    count: str
    start: dt.datetime
    end: dt.datetime
    sheets_before: int | None
    sheets_after: int | None
    declared: str | None = None

    @property
    def seconds(self) -> int:
        """Length in whole seconds."""
        return int((self.end - self.start).total_seconds())


def gaps_of(ticks: Ticks) -> list[Gap]:
    """The gaps of one clock by the rule of this module, oldest first; none without moments."""
    moments, sheets = _moments(ticks)
    if len(moments) < 3:
        return []
    seconds = np.array([(after - before).total_seconds() for before, after in pairwise(moments)])
    line = max(LEAST_SECONDS, TIMES * float(np.median(seconds)))
    return [
        Gap(
            clock=ticks.id,
            count=ticks.count,
            start=moments[index],
            end=moments[index + 1],
            sheets_before=sheets[index],
            sheets_after=sheets[index + 1],
        )
        for index in np.flatnonzero(seconds >= line)
    ]


def declared_gaps(election: Election, clocks: Iterable[Ticks]) -> list[Gap]:
    """The interruptions of the definition, with the sheets that their count's clock of publications shows."""
    known = list(clocks)
    return [
        Gap(
            clock="declared",
            count=stop.count,
            start=stop.start,
            end=stop.end,
            sheets_before=_sheets_at(known, stop.count, stop.start),
            sheets_after=_sheets_at(known, stop.count, stop.end),
            declared=stop.id,
        )
        for stop in election.interruptions
    ]


def _sheets_at(clocks: list[Ticks], count: str, when: dt.datetime) -> int | None:
    for ticks in clocks:
        if ticks.count == count and ticks.publications is not None and "sheets" in ticks.publications.columns:
            moments, sheets = _moments(ticks)
            known = [number for moment, number in zip(moments, sheets, strict=True) if moment <= when]
            if known:
                return known[-1]
    return None


def _moments(ticks: Ticks) -> tuple[list[dt.datetime], list[int | None]]:
    """Distinct moments, oldest first, and the sheets passed by then."""
    if ticks.publications is not None:
        table = ticks.publications.drop_nulls("when").unique("when", keep="last", maintain_order=True).sort("when")
        sheets = table["sheets"].to_list() if "sheets" in table.columns else [None] * table.height
        return table["when"].to_list(), sheets
    if ticks.sheets is None or "when" not in ticks.sheets.columns:
        return [], []
    by_moment = ticks.sheets.drop_nulls("when").group_by("when").len().sort("when")
    return by_moment["when"].to_list(), by_moment["len"].cum_sum().to_list()
