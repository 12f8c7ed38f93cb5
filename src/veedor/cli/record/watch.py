"""One look at a log, with what its entries say: the record's monitor and the sheets' ledger put side by side."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from veedor.cli.common import open_with_data
from veedor.cli.documents import LoggedTotals
from veedor.cli.record.tables import read_policy
from veedor.finding import Text
from veedor.ledger.ledger import (
    Difference,
    Ledger,
    Standings,
    Sums,
    difference_between,
    differences_of_totals,
    growth_in_words,
)
from veedor.record.budget import Budget
from veedor.record.monitor import Alarm, Kind, Look, Monitor, Sentence
from veedor.record.source import source_of
from veedor.rim.unchanged import one_look
from veedor.wording import number


@dataclass(frozen=True, kw_only=True)
class Published:
    """The published files whose totals to compare with, as the command line names them."""

    election: str
    contest: str | None
    count: str | None
    snapshot: str | None
    data: Path | None


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A look, and what the entries say: what grew, and the totals by contest and count. None where not verified."""

    look: Look
    growth: Text | None
    totals: list[LoggedTotals]
    totals_equal: bool | None
    unannounced: int

    @property
    def alarmed(self) -> bool:
        """True if something must not be as it is."""
        return bool(self.look.alarms) or self.totals_equal is False or self.unannounced > 0


FIGURES_AN_ENTRY = 20
"""Figures of its sheets that are added up, for each entry that may be read."""
OPTIONS = Sentence(
    "--most-entries, --most-megabytes and --most-seconds set how much is read",
    "--most-entries, --most-megabytes y --most-seconds fijan cuánto se lee",
)


@one_look()
def look(
    log: str,
    policy: Path,
    copy: Path,
    silence: float | None,
    published: Published | None,
    budget: Callable[[], Budget] = Budget,
) -> Watched:
    """Look once. silence: minutes; budget: makes what this look may take."""
    limits = budget()
    monitor = Monitor(
        source=source_of(log, limits),
        policy=read_policy(policy),
        copy=copy,
        silence=None if silence is None else timedelta(minutes=silence),
        describe=_described,
    )
    sums = Sums(most=FIGURES_AN_ENTRY * limits.entries)
    seen = monitor.look(datetime.now(UTC), sums.take)
    if seen.whole and sums.over:
        seen = replace(seen, alarms=(*seen.alarms, _too_much(sums)))
    seen = replace(seen, alarms=tuple(map(_with_options, seen.alarms)))
    if not seen.whole or sums.over:
        return Watched(look=seen, growth=None, totals=[], totals_equal=None, unannounced=0)
    before = 0 if seen.before is None else min(seen.before.size, sums.size)
    differences = None if published is None else _differences(sums, published)
    totals = sorted(sums.all_totals().items())
    return Watched(
        look=seen,
        growth=growth_in_words(sums, before, differences),
        totals=[
            LoggedTotals(
                contest=contest,
                count=count,
                sheets=figures.sheets,
                blank=figures.blank,
                null=figures.null,
                votes=figures.votes,
            )
            for (contest, count), figures in totals
        ],
        totals_equal=None if differences is None else not differences,
        unannounced=sum(not one.announced for one in sums.corrections if one.index >= before),
    )


def _described(before: bytes, now: bytes) -> Sentence:
    what = difference_between(before, now)
    return Sentence(what.en, what.es)


def _too_much(sums: Sums) -> Alarm:
    size, most = number(sums.size), number(sums.most)
    return Alarm(
        kind=Kind.LIMIT,
        sentence=Sentence(
            f"The log's {size.en} entries hold more than {most.en} figures: they were not added up.",
            f"Las {size.es} entradas del registro tienen más de {most.es} cifras: no se sumaron.",
        ),
    )


def _with_options(alarm: Alarm) -> Alarm:
    """An alarm of a limit says which options set it."""
    if alarm.kind is not Kind.LIMIT:
        return alarm
    said = (f"{text.removesuffix('.')}; {options}." for text, options in zip(alarm.sentence, OPTIONS, strict=True))
    return replace(alarm, sentence=Sentence(*said))


def _differences(ledger: Ledger, published: Published) -> list[Difference]:
    # Imported here: who follows a log without an election's files loads nothing that reads them.
    from veedor.count import tally
    from veedor.ledger.publish import published_time

    dataset = open_with_data(published.election, published.contest, published.data)
    count = dataset.election.count_named(published.count)
    when = None if published.snapshot is None else published_time(published.snapshot, dataset.election)
    totals = tally(dataset.sheets(count, when=when).table, dataset.contest)
    theirs = Standings(sheets=totals.sheets, blank=totals.blank, null=totals.null, votes=dict(totals.votes))
    return differences_of_totals(theirs, ledger.totals(dataset.contest.id, count.id))
