"""Sheets that had passed a clock when publication stood still: counted within, not shown without."""

from dataclasses import dataclass

import polars as pl

from veedor.interruption.clock.clocks import Ticks
from veedor.interruption.clock.gaps import Gap, gaps_of
from veedor.interruption.split import Split
from veedor.sheets import VOTES


@dataclass(frozen=True, kw_only=True)
class Unpublished:
    """Sheets that a clock held when it came to rest itself, and the last snapshot did not show.

    last: the clock's last tick before its own rest; passed: sheets that had passed it by then.
    sheets: those of them absent from the last publication: before_stop had passed before it, after_stop after it.
    lead, lead_before_stop, lead_after_stop: of these sheets, on the log's own figures, as fractions of valid votes.
    lead_if_published: of the last publication and these sheets together, on `sheets_if_published` sheets.
    not_passed: published sheets that had not passed this clock by then.
    """

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
    not_passed: tuple[str, ...]


def unpublished(ticks: Ticks, split: Split, stop: Gap) -> Unpublished | None:
    """The unpublished sheets by a clock of sheets with moments; None for other clocks."""
    if ticks.sheets is None or "when" not in ticks.sheets.columns or ticks.count != split.count:
        return None
    # The clock may itself have rested during the stop: what passed it afterwards was not there to be published.
    rests = [gap for gap in gaps_of(ticks) if gap.end > stop.start and gap.start < stop.end]
    last = rests[0].start if rests else stop.end
    passed = ticks.sheets.filter(pl.col("when") <= last)
    published = split.station.filter(pl.Series(split.counted))
    absent = passed.filter(~pl.col("station").is_in(published.implode()))
    early, late = absent.filter(pl.col("when") <= split.cut), absent.filter(pl.col("when") > split.cut)
    margin, valid = _margin(absent, split)
    base = split.base
    together = None
    if valid is not None and margin is not None and (total := int(base.sum()) + valid):
        together = (int(base[0] - base[1]) + margin) / total
    waiting = published.filter(~published.is_in(passed["station"].implode()))
    return Unpublished(
        clock=ticks.id,
        last=last.isoformat(),
        passed=passed.height,
        sheets=absent.height,
        before_stop=early.height,
        after_stop=late.height,
        lead=_lead(absent, split),
        lead_before_stop=_lead(early, split),
        lead_after_stop=_lead(late, split),
        lead_if_published=together,
        sheets_if_published=int(split.counted.sum()) + split.sheets_outside + absent.height,
        not_passed=tuple(waiting.head(20).to_list()),
    )


def _margin(rows: pl.DataFrame, split: Split) -> tuple[int | None, int | None]:
    """First minus second and valid votes of a log's rows; None where the log has no such figures."""
    first, second = VOTES + split.first, VOTES + split.second
    if not {first, second, "valid"} <= set(rows.columns):
        return None, None
    return int((rows[first] - rows[second]).sum()), int(rows["valid"].sum())


def _lead(rows: pl.DataFrame, split: Split) -> float | None:
    margin, valid = _margin(rows, split)
    return margin / valid if margin is not None and valid else None
