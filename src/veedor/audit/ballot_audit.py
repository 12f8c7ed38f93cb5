"""An audit of ballots: risk of every assertion from the ballots drawn so far, in the order drawn.

polling: the ballots alone. comparison: against each ballot's cast vote record. oneaudit: against the totals of the
sheet that each ballot belongs to (ONEAudit with one pool for each sheet).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from veedor.audit import folder as files
from veedor.audit.assertion import Assertion
from veedor.audit.ballots import assorter_values, comparison_null, comparison_values, polling_null, recorded_means
from veedor.audit.cvr import Records
from veedor.audit.derive import assertions_for
from veedor.audit.martingale import Bet, Floats, Null, adaptive, p_values, shrink_truncate, wealth
from veedor.audit.units import Units
from veedor.count.tally import Tally
from veedor.election import Contest
from veedor.errors import Fault, InputError, VeedorError

Kind = Literal["polling", "comparison", "oneaudit"]
BLANK, MISSING = "blank", "missing"
"""What the column `vote` says besides a choice: no valid vote (blank, null); the ballot could not be found."""


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """Ballots in the order drawn: their ids, the sheet each belongs to ('' unless needed), what people saw."""

    ballots: tuple[str, ...]
    sheets: tuple[str, ...]
    seen: tuple[str, ...]


def read_drawn(path: Path, contest: Contest) -> Drawn:
    """A CSV with the columns `ballot`, `vote` and, for oneaudit, `sheet`; a ballot drawn twice is there twice."""
    header, rows = files.read_table(path.parent, path.name)
    if not {"ballot", "vote"} <= set(header):
        raise InputError([Fault(file=str(path), row=1, found=", ".join(header)[:200], wanted="ballot, vote[, sheet]")])
    at = {name: place for place, name in enumerate(header)}
    known = {*contest.choice_ids, BLANK, MISSING}
    faults = [
        Fault(file=str(path), row=number, column="vote", found=row[at["vote"]], wanted=", ".join(sorted(known)))
        for number, row in enumerate(rows, start=2)
        if row[at["vote"]] not in known
    ]
    if faults:
        raise InputError(faults)
    return Drawn(
        ballots=tuple(row[at["ballot"]] for row in rows),
        sheets=tuple(row[at["sheet"]] if "sheet" in at else "" for row in rows),
        seen=tuple(row[at["vote"]] for row in rows),
    )


def tally_of(records: Records, contest: Contest, ballots: int) -> Tally:
    """What the records add up to; ballots without a record are blank."""
    votes = dict.fromkeys(contest.choice_ids, 0)
    for vote in records.votes.values():
        if vote is not None:
            votes[vote] += 1
    rest = ballots - sum(votes.values())
    if ballots < len(records.votes):
        raise VeedorError(f"{len(records.votes):,} records, but {ballots:,} ballots")
    return Tally(sheets=1, registered=ballots, votes=votes, blank=rest, null=0)


def assess_ballots(
    kind: Kind,
    drawn: Drawn,
    units: Units,
    risk_limit: float,
    *,
    records: Records | None = None,
    ballots: int | None = None,
    with_replacement: bool = False,
) -> list[dict[str, Any]]:
    """Risk of every assertion after the ballots drawn.

    units: the reported sheets, from which the outcome follows; for a comparison it follows from the records.
    ballots: how many there are by the manifest, if more than reported. Raises VeedorError where a ballot is unknown.
    """
    contest = units.contest
    whole = ballots if ballots is not None else int(units.cast.sum())
    if kind == "comparison":
        if records is None:
            raise VeedorError("a comparison needs the cast vote records")
        tally = tally_of(records, contest, whole)
    else:
        tally = units.tally()
        if whole < tally.cast:
            raise VeedorError(f"{tally.cast:,} ballots are reported, but the manifest has {whole:,}")
    size = None if with_replacement else whole
    results = []
    for assertion in assertions_for(contest, tally):
        if assertion.counts_registered:
            raise VeedorError(f"{assertion.label} counts registered voters; ballots alone cannot show it")
        x, null, bet = _numbers(kind, assertion, drawn, units, tally, whole, size, records)
        after = p_values(wealth(x, null, bet)) if len(x) else np.ones(1)
        met = np.flatnonzero(after <= risk_limit)
        results.append(
            {
                "label": assertion.label,
                "sentence": {"en": assertion.sentence.en, "es": assertion.sentence.es},
                "margin": float(assertion.margin(tally, whole)),
                "risk": float(after[-1]),
                "met_after": int(met[0]) + 1 if len(met) else None,
            }
        )
    return results


def _numbers(
    kind: Kind,
    assertion: Assertion,
    drawn: Drawn,
    units: Units,
    tally: Tally,
    whole: int,
    size: int | None,
    records: Records | None,
) -> tuple[Floats, Null, Bet]:
    """What the test sees of each ballot, its null, and the bet."""
    seen = assorter_values(
        assertion,
        [None if vote in (BLANK, MISSING) else vote for vote in drawn.seen],
        [vote != MISSING for vote in drawn.seen],
    )
    margin, upper = float(assertion.margin(tally, whole)), float(assertion.upper_bound)
    if kind == "polling":
        return seen, polling_null(assertion, size), shrink_truncate(min((1 + margin) / 2, upper), 100)
    null = comparison_null(margin, upper, size)
    if kind == "comparison":
        assert records is not None
        x = comparison_values(_of_records(assertion, drawn, records), seen, margin, upper)
        return x, null, adaptive(0.9, 0.9, 0.95)
    x = comparison_values(_of_sheets(assertion, drawn, units), seen, margin, upper)
    return x, null, adaptive(0.5, 0.6, 0.9)


def _of_records(assertion: Assertion, drawn: Drawn, records: Records) -> Floats:
    """h of each ballot's record; that of a blank ballot where there is none, as in the tally."""
    known: Mapping[str, str | None] = records.votes
    return assorter_values(assertion, [known.get(ballot) for ballot in drawn.ballots])


def _of_sheets(assertion: Assertion, drawn: Drawn, units: Units) -> Floats:
    """The mean of h on the sheet that each ballot belongs to."""
    unknown = sorted({sheet for sheet in drawn.sheets if sheet not in units.position})
    if unknown:
        raise VeedorError(f"ballots of sheets that are not reported: {', '.join(unknown[:5])}")
    means = recorded_means(assertion, units.contest.choice_ids, units.figures, np.maximum(units.cast, 1))
    values: Floats = means[[units.position[sheet] for sheet in drawn.sheets]]
    return values
