"""One look at a log, with what its entries say: the record's monitor and the sheets' ledger put side by side."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from veedor.cli.common import contest_of, count_of, data_folder, open_election
from veedor.cli.record_publish import published_time
from veedor.count import tally
from veedor.finding import Text
from veedor.record.monitor import Look, Monitor, Sentence
from veedor.record.source import source_of
from veedor.record.verify import parse_policy
from veedor.rim.unchanged import one_look
from veedor.sheets.ledger import (
    Difference,
    Ledger,
    difference_between,
    differences_of_totals,
    growth_in_words,
    read_ledger,
)
from veedor.sheets.read import read_sheets


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
    totals: list[dict[str, Any]]
    totals_equal: bool | None
    unannounced: int

    @property
    def alarmed(self) -> bool:
        """Whether something must not be as it is."""
        return bool(self.look.alarms) or self.totals_equal is False or self.unannounced > 0


@one_look()
def look(log: str, policy: Path, copy: Path, silence: float | None, published: Published | None) -> Watched:
    """Look once. silence: minutes."""
    monitor = Monitor(
        source=source_of(log),
        policy=parse_policy(policy.read_bytes()),
        copy=copy,
        silence=None if silence is None else timedelta(minutes=silence),
        describe=lambda before, now: Sentence(*difference_between(before, now)),
    )
    seen = monitor.look(datetime.now(UTC))
    if seen.now is None:
        return Watched(look=seen, growth=None, totals=[], totals_equal=None, unannounced=0)
    ledger = read_ledger(seen.entries)
    before = 0 if seen.before is None else min(seen.before.size, ledger.size)
    differences = None if published is None else _differences(ledger, published)
    scopes = sorted({key[1:3] for key in ledger.standing})
    return Watched(
        look=seen,
        growth=growth_in_words(ledger, before, differences),
        totals=[{"contest": contest, "count": count, **ledger.totals(contest, count)} for contest, count in scopes],
        totals_equal=None if differences is None else not differences,
        unannounced=sum(not one.announced for one in ledger.corrections if one.index >= before),
    )


def _differences(ledger: Ledger, published: Published) -> list[Difference]:
    election = open_election(published.election)
    contest, count = contest_of(election, published.contest), count_of(election, published.count)
    data = data_folder(election, published.election, published.data)
    when = None if published.snapshot is None else published_time(published.snapshot, election)
    sheets = read_sheets(election, contest, count, data, when=when)
    totals = tally(sheets.table, contest)
    theirs = {"sheets": totals.sheets, "blank": totals.blank, "null": totals.null, "votes": totals.votes}
    return differences_of_totals(theirs, ledger.totals(contest.id, count.id))
