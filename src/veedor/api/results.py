"""What the methods of an opened election give: frames, or small frozen objects that show themselves in one line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

import polars as pl

from veedor.command import Command
from veedor.document import as_json
from veedor.errors import VeedorError
from veedor.finding import Finding, Verdict
from veedor.notebook import one_line, titled_table

if TYPE_CHECKING:  # a room is loaded when it is asked, not when its answer is named
    from veedor.audit.planning.overview import Overview
    from veedor.checks.reconciliation import Comparison as Compared
    from veedor.count import Distance
    from veedor.forensics.study import Study as ForensicsStudy
    from veedor.interruption.study import Study as InterruptionStudy

NOT_COMPARED = ("valid", "cast", "snapshot", "count", "arrived", "latitude", "longitude", "status", "registered")
"""Columns of the sheet table that a comparison of figures leaves out."""


class Findings(Sequence[Finding]):
    """Findings in the order of their checks; one of them by its number or by the name of its check."""

    __slots__ = ("_all",)

    def __init__(self, findings: Sequence[Finding]) -> None:
        self._all = tuple(findings)

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._all)

    @overload
    def __getitem__(self, which: int | str) -> Finding: ...
    @overload
    def __getitem__(self, which: slice) -> "Findings": ...
    def __getitem__(self, which: int | str | slice) -> "Finding | Findings":
        if isinstance(which, slice):
            return Findings(self._all[which])
        if isinstance(which, int):
            return self._all[which]
        for finding in self._all:
            if finding.check == which:
                return finding
        raise VeedorError(f"no finding of {which!r}; there are {', '.join(dict.fromkeys(f.check for f in self._all))}")

    @property
    def failing(self) -> "Findings":
        """Those whose verdict is `does not hold`. What else explains each is in its `other_explanations`."""
        return Findings([finding for finding in self._all if finding.verdict is Verdict.DOES_NOT_HOLD])

    def frame(self) -> pl.DataFrame:
        """A row for each finding: check, verdict, found, looked_at, unit, summary, cannot_show, command."""
        return pl.DataFrame(
            [
                {
                    "check": finding.check,
                    "verdict": finding.verdict.value,
                    "found": finding.found,
                    "looked_at": finding.looked_at,
                    "unit": finding.unit.en,
                    "summary": finding.summary.en,
                    "cannot_show": finding.cannot_show.en,
                    "command": str(finding.command),
                }
                for finding in self._all
            ],
            # Columns are told: of no finding at all Polars would make a frame without any.
            schema={
                "check": pl.String,
                "verdict": pl.String,
                "found": pl.Int64,
                "looked_at": pl.Int64,
                "unit": pl.String,
                "summary": pl.String,
                "cannot_show": pl.String,
                "command": pl.String,
            },
        )

    def __repr__(self) -> str:
        names = ", ".join(f"{finding.check} {finding.verdict.value}" for finding in self._all)
        return one_line(f"<Findings: {names or 'none'}>")

    def _repr_html_(self) -> str:
        shown = self.frame().select("check", "verdict", "found", "looked_at", "unit", "summary")
        return titled_table("Findings", shown)


@dataclass(frozen=True, kw_only=True, repr=False)
class Interruption:
    """An interruption studied layer by layer. study: every figure; findings: what they say, and cannot say."""

    study: "InterruptionStudy"
    findings: Findings

    def projections(self) -> pl.DataFrame:
        """A row for each rule: what the counted places made one expect of the final lead, and what it leaves open.

        Leads are in points of valid votes. `q025_points` and `q975_points` are of the draws, null for a point estimate;
        `calibrated_...` as wide as such projections err. `values`: which votes counted sheets keep.
        `unexplained_votes`: observed minus projected lead of the missing sheets.
        """
        return pl.DataFrame(
            [
                {
                    "rule": each.rule,
                    "values": each.values,
                    "mean_points": 100 * each.mean,
                    "sd_points": None if each.sd is None else 100 * each.sd,
                    "q025_points": _points(each.quantiles, "0.025"),
                    "q975_points": _points(each.quantiles, "0.975"),
                    "calibrated_q025_points": _points(each.calibrated.quantiles if each.calibrated else None, "0.025"),
                    "calibrated_q975_points": _points(each.calibrated.quantiles if each.calibrated else None, "0.975"),
                    "observed_points": 100 * each.observed_alike,
                    "unexplained_votes": each.unexplained_votes,
                }
                for each in self.study.projections
            ],
            infer_schema_length=None,
        )

    def frame(self) -> pl.DataFrame:
        """The projections, see `projections`."""
        return self.projections()

    def __repr__(self) -> str:
        split = self.study.split
        return (
            f"<Interruption of {split.count} at {split.cut.isoformat()}: {int(split.counted.sum()):,} sheets counted, "
            f"{int(split.missing.sum()):,} missing, {len(self.study.projections)} projections>"
        )

    def _repr_html_(self) -> str:
        return titled_table(repr(self).strip("<>"), self.projections())


@dataclass(frozen=True, kw_only=True, repr=False)
class Forensics:
    """The field's statistical tests on one count, each beside its placebo."""

    study: "ForensicsStudy"
    findings: Findings

    def frame(self) -> pl.DataFrame:
        """A row for each method: its verdict, statistic, p-values and how often it alarms on clean elections.

        p_value: by the method's theory, else against the placebo; p_bh: corrected for the number of methods;
        alarm_rate: share of simulated clean elections on which it alarms. Null where a method does not apply.
        """
        rows = [
            {
                "method": answer.method,
                "verdict": finding.verdict.value,
                "statistic": None if answer.measured is None else answer.measured.statistic,
                "p_value": answer.p_value,
                "p_placebo": answer.p_placebo,
                "p_bh": answer.p_bh,
                "alarm_rate": answer.alarm_rate,
                "placebo_mean": answer.placebo_mean,
                "placebo_sd": answer.placebo_sd,
            }
            for answer, finding in zip(self.study.answers, self.findings, strict=True)
        ]
        figures = ("statistic", "p_value", "p_placebo", "p_bh", "alarm_rate", "placebo_mean", "placebo_sd")
        return pl.DataFrame(rows, schema_overrides=dict.fromkeys(figures, pl.Float64), infer_schema_length=None)

    def __repr__(self) -> str:
        return (
            f"<Forensics: {len(self.study.answers)} methods on {len(self.study.stations.names):,} stations, "
            f"{self.study.draws} clean elections beside them>"
        )

    def _repr_html_(self) -> str:
        return titled_table(repr(self).strip("<>"), self.frame())


@dataclass(frozen=True, kw_only=True, repr=False)
class AuditPlan:
    """The work that a risk-limiting audit of the outcome needs, before anything is decided.

    figures: what `veedor audit plan` prints.
    """

    figures: "Overview"
    command: Command

    @property
    def finding(self) -> Finding:
        """The same as a finding: what was assumed, and what no audit plan can show."""
        from veedor.audit.planning.finding import need

        return need(self.figures, None, self.command)

    def frame(self) -> pl.DataFrame:
        """A row for each risk limit: draws of sheets, and the sheets and ballots that they are expected to hit."""
        return pl.DataFrame([as_json(cost) for cost in self.figures.costs], infer_schema_length=None)

    def assertions(self) -> pl.DataFrame:
        """A row for each assertion that makes the outcome right, the one that needs most draws first."""
        rows = [as_json(assertion) for assertion in self.figures.assertions]
        plain = [name for name, value in rows[0].items() if not isinstance(value, dict | list)]
        return pl.DataFrame([{name: row[name] for name in plain} for row in rows], infer_schema_length=None)

    def __repr__(self) -> str:
        return one_line(f"<AuditPlan: {self.finding.summary.en}>")

    def _repr_html_(self) -> str:
        return titled_table(self.finding.summary.en, self.frame())


@dataclass(frozen=True, kw_only=True, repr=False)
class Comparison:
    """Two snapshots side by side, sheet by sheet. first, second: what they are called.

    finding: the reconciliation, as `veedor check ... reconciliation --from --to` gives it.
    """

    first: str
    second: str
    finding: Finding
    compared: "Compared"

    @property
    def added(self) -> pl.DataFrame:
        """Sheets that only the second has."""
        return self.compared.added

    @property
    def missing(self) -> pl.DataFrame:
        """Sheets that only the first has."""
        return self.compared.missing

    def frame(self) -> pl.DataFrame:
        """Sheets of both whose figures differ: the second's, and the first's in columns that end in ` before`."""
        return self.compared.changed.drop(NOT_COMPARED, strict=False)

    def __repr__(self) -> str:
        return one_line(f"<Comparison of {self.first} and {self.second}: {self.finding.summary.en}>")

    def _repr_html_(self) -> str:
        return titled_table(f"{self.first} and {self.second}: {self.finding.summary.en}", self.frame())


def distances_frame(distances: "Sequence[Distance]") -> pl.DataFrame:
    """Distances to other outcomes, nearest first: the fewest votes moved, removed or added that bring each.

    votes: null where no number does; taken, given: by choice; binds: the condition that needs the last of the votes;
    exact: false where fewer may do.
    """
    return pl.DataFrame(
        [
            {
                "result": each.to.result,
                "choices": list(each.to.choices),
                "how": each.how,
                "votes": each.votes,
                "taken": _votes_of(each.taken),
                "given": _votes_of(each.given),
                "binds": each.binds,
                "exact": each.exact,
            }
            for each in distances
        ],
        # Types are told: where no number of votes does it, `votes` is null in every row and would have no type.
        schema={
            "result": pl.String,
            "choices": pl.List(pl.String),
            "how": pl.String,
            "votes": pl.Int64,
            "taken": pl.String,
            "given": pl.String,
            "binds": pl.String,
            "exact": pl.Boolean,
        },
    )


def _votes_of(votes: Mapping[str, int]) -> str:
    return ", ".join(f"{choice} {number:,}" for choice, number in votes.items())


def _points(quantiles: Mapping[str, float] | None, at: str) -> float | None:
    return 100 * quantiles[at] if quantiles else None
