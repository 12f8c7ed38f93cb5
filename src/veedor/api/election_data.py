"""An opened election for people who write Python: the rooms as methods, `veedor.open_election` its way in."""

import datetime as dt
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, overload

import polars as pl

from veedor.api.results import AuditPlan, Comparison, Findings, Forensics, Interruption, distances_frame
from veedor.election import Contest, Count, Election
from veedor.sheets.dataset import Dataset, open_dataset
from veedor.sheets.fetch import Offer
from veedor.sheets.snapshot_names import moment_named

if TYPE_CHECKING:
    from veedor.count import Outcome, Tally


def open_election(
    name: str | Path,
    *,
    data: str | Path | None = None,
    contest: str | None = None,
    skip_bad_rows: bool = False,
    download: bool = False,
) -> "ElectionData":
    """Open an election: a folder with election.toml, that file, or the name of one that comes with veedor.

    data: the folder with the files that the definition names; if None, VEEDOR_DATA, else beside the definition, else
    the cache. contest: its id; the first if None. skip_bad_rows: go on without rows that cannot be read (they are in
    `left_out`). download: fetch what is missing from the addresses that the definition names. No sheet is read yet.
    Raises VeedorError (and of its kind DefinitionError, MissingDataError), each with what to do.
    """

    def accept(offer: Offer) -> bool:
        return download

    given = data if data is not None else os.environ.get("VEEDOR_DATA")
    dataset = open_dataset(
        name,
        contest=contest,
        data=None if given is None else Path(given),
        skip_bad_rows=skip_bad_rows,
        accept=accept,
    )
    return ElectionData(dataset)


@dataclass(frozen=True, repr=False)
class ElectionData:
    """One contest of an election with its published files, each read once, when a method first needs it.

    Methods take the id of a count (the last official one if None) and `at`, a snapshot of it: a time, or the
    beginning of one in the election's local time, the last if None.
    """

    dataset: Dataset

    @property
    def election(self) -> Election:
        """The definition: contests, counts, levels, sources."""
        return self.dataset.election

    @property
    def contest(self) -> Contest:
        """The contest that is counted."""
        return self.dataset.contest

    @property
    def counts(self) -> tuple[str, ...]:
        """Ids of the counts."""
        return tuple(count.id for count in self.dataset.counts)

    @property
    def left_out(self) -> tuple[str, ...]:
        """Rows that were not read so far, each with its file, row and reason."""
        return tuple(str(fault) for fault in self.dataset.left_out)

    def snapshots(self, count: str | None = None) -> tuple[dt.datetime, ...]:
        """Times of a count's snapshots, oldest first."""
        zone = self.election.zone
        return tuple(when.astimezone(zone) for when in self.dataset.snapshots(self._count(count)))

    def sheets(self, count: str | None = None, *, at: str | dt.datetime | None = None) -> pl.DataFrame:
        """The tally sheets of one snapshot, a row each; absent figures are null, never zero.

        Columns: see `veedor.sheets.schema`.
        """
        counted = self._count(count)
        return self.dataset.sheets(counted, when=self._moment(counted, at)).table

    @overload
    def tally(self, count: str | None = None, *, at: str | dt.datetime | None = None) -> "Tally": ...
    @overload
    def tally(self, count: str | None = None, *, at: str | dt.datetime | None = None, by: str) -> pl.DataFrame: ...
    def tally(
        self, count: str | None = None, *, at: str | dt.datetime | None = None, by: str | None = None
    ) -> "Tally | pl.DataFrame":
        """Totals of the sheets; with `by` a row for each place of that level.

        Of places: sheets, registered, cast, valid, blank, null, `votes.<choice>`, `share.<choice>` (of valid votes) and
        `turnout` (ballots cast of registered voters); null where the denominator is unknown or zero.
        """
        from veedor.count import tallies_by, tally

        table = self.sheets(count, at=at)
        if by is None:
            return tally(table, self.contest)
        places = tallies_by(table, self.election, self.contest, self.election.level_named(by).id)
        shares = [_share(f"votes.{choice}", "valid").alias(f"share.{choice}") for choice in self.contest.choice_ids]
        return places.with_columns(*shares, _share("cast", "registered").alias("turnout"))

    def outcome(self, count: str | None = None, *, at: str | dt.datetime | None = None) -> "Outcome":
        """The outcome of the count under the contest's rule, with the reason."""
        from veedor.count import decide

        return decide(self.contest, self.tally(count, at=at))

    def distances(self, count: str | None = None, *, at: str | dt.datetime | None = None) -> pl.DataFrame:
        """Distance to every other outcome: the fewest votes moved, removed or added that bring it, nearest first."""
        from veedor.count import distances

        return distances_frame(distances(self.contest, self.tally(count, at=at)))

    def check(self, *checks: str, items: int | None = None) -> Findings:
        """The checks named, or all: what the sheets say about themselves and each other.

        items: how many items a finding lists, None for all.
        """
        from veedor.checks import CheckInputs, run_checks

        return Findings(run_checks(CheckInputs(dataset=self.dataset, items=items), checks or None))

    def compare(self, first: str, second: str | None = None) -> Comparison:
        """Two snapshots, sheet by sheet: `COUNT` or `COUNT@WHEN` each.

        second: the default count's last state if None.
        """
        from veedor.checks import CheckInputs, run_checks
        from veedor.checks.inputs import sides_named
        from veedor.checks.reconciliation import NAME, compare

        inputs = CheckInputs(dataset=self.dataset, items=None)
        before, after = sides_named(inputs, first, second)
        assert before is not None  # as the first is named
        assert after is not None
        (finding,) = run_checks(replace(inputs, start=before, end=after), [NAME])
        return Comparison(
            first=before.label,
            second=after.label,
            finding=finding,
            compared=compare(inputs.counted(before), inputs.counted(after), self.contest),
        )

    def interruption(
        self,
        count: str | None = None,
        *,
        cut: str | dt.datetime | None = None,
        universe: str | None = None,
        draws: int = 1_000,
        seed: int = 1,
    ) -> Interruption:
        """Study a stop of a count: the declared one, else the longest gap between snapshots.

        count, cut: another count, and its last publication before the stop. universe: the count that says which sheets
        there are (the last official one). draws: of each projection.
        """
        from veedor.interruption.findings import findings_of, study_command
        from veedor.interruption.study import study

        told = self.election
        when = moment_named(cut, told.zone, "cut") if isinstance(cut, str) else cut
        named = None if count is None else told.count_named(count)
        whole = None if universe is None else told.count_named(universe)
        found = study(self.dataset.at_hand(), count=named, cut=when, universe=whole, draws=draws, seed=seed)
        command = study_command(self.dataset, count=named, cut=when, universe=whole, draws=draws, seed=seed)
        return Interruption(study=found, findings=Findings(findings_of(found, command)))

    def forensics(
        self, methods: Sequence[str] = (), *, count: str | None = None, placebo: int = 19, seed: int = 1
    ) -> Forensics:
        """The field's statistical tests, or those named; placebo: clean elections simulated beside this one."""
        from veedor.forensics.findings import findings_of
        from veedor.forensics.registry import known_method
        from veedor.forensics.stations import stations_of
        from veedor.forensics.study import study

        stations = stations_of(self.sheets(count), self.election, self.contest)
        found = study(stations, [known_method(name) for name in methods], draws=placebo, seed=seed)
        command = self.dataset.command("forensics").option("--count", count)
        return Forensics(study=found, findings=Findings(findings_of(found, command)))

    def audit_plan(self, *, risk_limit: float = 0.05, count: str | None = None) -> AuditPlan:
        """Work that an audit of the outcome by whole sheets needs. risk_limit: a fraction, 0.05 for 5 %."""
        from veedor.audit.planning.finding import plan_command
        from veedor.audit.planning.overview import overview
        from veedor.audit.units import units_from
        from veedor.errors import VeedorError

        if not 0 < risk_limit < 1:
            raise VeedorError(f"risk_limit must lie between 0 and 1, got {risk_limit:g} (5 % is 0.05)")
        units = units_from(self.sheets(count), self.contest, self.election.level_ids)
        figures = overview(units, "registered", risk_limit)
        return AuditPlan(figures=figures, command=plan_command(self.dataset, count=count, risk_limit=risk_limit))

    def __repr__(self) -> str:
        return f"<ElectionData {self.election.id}, {self.contest.id}: {', '.join(self.counts)}>"

    def _count(self, name: str | None) -> Count:
        return self.dataset.default_count if name is None else self.election.count_named(name)

    def _moment(self, count: Count, at: str | dt.datetime | None) -> dt.datetime | None:
        return self.dataset.snapshot(count, at) if isinstance(at, str) else at


def _share(part: str, whole: str) -> pl.Expr:
    return pl.when(pl.col(whole) > 0).then(pl.col(part) / pl.col(whole))
