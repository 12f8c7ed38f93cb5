"""The clocks in the study's document: times as ISO 8601, leads and shares as fractions of valid votes."""

from collections.abc import Mapping
from dataclasses import dataclass

from veedor.interruption.clock.clocks import Ticks
from veedor.interruption.clock.gaps import LEAST_SECONDS, TIMES, Gap
from veedor.interruption.clock.timeline import Line, Point
from veedor.interruption.clock.unpublished import Unpublished
from veedor.languages import others


@dataclass(frozen=True, kw_only=True)
class ClockShown:
    """A clock's name for people, in English and under `translations`."""

    id: str
    count: str
    name: str
    translations: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, kw_only=True)
class GapShown:
    """A stop of one clock: its last tick before and its first after, and the sheets passed at both.

    declared: the id by which the election's definition names it; null where the rule of gaps found it.
    """

    clock: str
    count: str
    from_: str
    to: str
    seconds: int
    sheets_before: int | None
    sheets_after: int | None
    declared: str | None


@dataclass(frozen=True, kw_only=True)
class GapRule:
    """A gap is at least this multiple of the clock's median interval, and at least this many seconds."""

    times_median: float = TIMES
    least_seconds: float = LEAST_SECONDS


@dataclass(frozen=True, kw_only=True)
class PointShown:
    """counted: share of the universe's sheets passed; lead, share: of the valid votes passed (share: the leader's)."""

    time: str | None
    counted: float | None
    lead: float | None
    share: float | None


@dataclass(frozen=True, kw_only=True)
class LineShown:
    """One clock's line; region: null for the whole."""

    clock: str
    region: str | None
    points: tuple[PointShown, ...]


@dataclass(frozen=True, kw_only=True)
class UnpublishedShown:
    """Sheets that a clock held when it came to rest, and the last snapshot did not show: see `Unpublished`."""

    clock: str
    last: str
    passed: int
    sheets: int
    before_stop: int
    after_stop: int
    lead: float | None
    lead_before_stop: float | None
    lead_after_stop: float | None
    lead_if_published: float | None
    sheets_if_published: int
    published_not_passed: tuple[str, ...]


def clock_shown(ticks: Ticks) -> ClockShown:
    """A clock."""
    return ClockShown(
        id=ticks.id,
        count=ticks.count,
        name=ticks.name.en,
        translations={code: {"name": ticks.name.to(code)} for code in others()},
    )


def gap_shown(gap: Gap) -> GapShown:
    """A gap."""
    return GapShown(
        clock=gap.clock,
        count=gap.count,
        from_=gap.start.isoformat(),
        to=gap.end.isoformat(),
        seconds=gap.seconds,
        sheets_before=gap.sheets_before,
        sheets_after=gap.sheets_after,
        declared=gap.declared,
    )


def line_shown(line: Line) -> LineShown:
    """A clock's line."""
    return LineShown(clock=line.clock, region=line.region, points=tuple(_point(point) for point in line.points))


def _point(point: Point) -> PointShown:
    return PointShown(
        time=None if point.when is None else point.when.isoformat(),
        counted=round(point.counted, 6),
        lead=round(point.lead, 6),
        share=round(point.share, 6),
    )


def unpublished_shown(each: Unpublished) -> UnpublishedShown:
    """Sheets that a clock held and that were not published."""
    return UnpublishedShown(
        clock=each.clock,
        last=each.last,
        passed=each.passed,
        sheets=each.sheets,
        before_stop=each.before_stop,
        after_stop=each.after_stop,
        lead=each.lead,
        lead_before_stop=each.lead_before_stop,
        lead_after_stop=each.lead_after_stop,
        lead_if_published=each.lead_if_published,
        sheets_if_published=each.sheets_if_published,
        published_not_passed=each.not_passed,
    )
