"""An audit of ballots: risk of every assertion from the ballots drawn so far, in the order drawn.

polling: the ballots alone. comparison: against each ballot's cast vote record. oneaudit: against the totals of the
sheet that each ballot belongs to (ONEAudit with one pool for each sheet).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from veedor.audit.assertions.assertion import Assertion
from veedor.audit.assertions.from_rule import assertions_for
from veedor.audit.formats.cvr import Records
from veedor.audit.protocol.by_kind import Votes, tally_of
from veedor.audit.protocol.plan import Kind, RiskTest
from veedor.audit.statistics.ballot_values import (
    assorter_values,
    comparison_null,
    comparison_values,
    expecting,
    polling_null,
    recorded_means,
)
from veedor.audit.statistics.martingale import Bet, Floats, Null, adaptive, capped, p_values, shrink_truncate, wealth
from veedor.audit.tables import table_of_others
from veedor.audit.units import Units
from veedor.count.totals import Tally
from veedor.election import Contest
from veedor.errors import Fault, InputError, VeedorError
from veedor.finding import Text

KINDS: dict[str, Kind] = {"polling": "ballot_polling", "comparison": "ballot_comparison", "oneaudit": "oneaudit"}
TEST = RiskTest(name="shrink_truncate", weight=100)
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
    header, rows = table_of_others(path)
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


@dataclass(frozen=True, kw_only=True)
class BallotsAssessed:
    """The risk of one assertion after the ballots drawn. met_after: how many met the limit, None where they did not."""

    label: str
    sentence: Text
    margin: float
    risk: float
    met_after: int | None


def assess_ballots(
    kind: Literal["polling", "comparison", "oneaudit"],
    drawn: Drawn,
    units: Units,
    risk_limit: float,
    *,
    records: Records | None = None,
    ballots: int | None = None,
    with_replacement: bool = False,
) -> list[BallotsAssessed]:
    """Risk of every assertion after the ballots drawn.

    units: the reported sheets, from which the outcome follows; for a comparison it follows from the records.
    ballots: how many there are by the manifest, if more than reported. Raises VeedorError where a ballot is unknown.
    """
    contest = units.contest
    whole = ballots if ballots is not None else int(units.cast.sum())
    if kind == "comparison":
        if records is None:
            raise VeedorError("a comparison needs the cast vote records")
        tally = tally_of(records.votes, contest, whole)
    else:
        tally = units.tally()
        if whole < tally.cast:
            raise VeedorError(f"{tally.cast:,} ballots are reported, but the manifest has {whole:,}")
    size = None if with_replacement else whole
    results = []
    for assertion in assertions_for(contest, tally):
        if assertion.counts_registered:
            raise VeedorError(f"{assertion.label} counts registered voters; ballots alone cannot show it")
        x, null, bet, _ = numbers_of_ballots(
            assertion,
            KINDS[kind],
            TEST if kind == "polling" else RiskTest(name="adaptive"),
            list(zip(drawn.ballots, drawn.sheets, strict=True)),
            [None if vote in (BLANK, MISSING) else vote for vote in drawn.seen],
            [vote != MISSING for vote in drawn.seen],
            units=units,
            tally=tally,
            whole=whole,
            records=None if records is None else records.votes,
            size=size,
        )
        after = p_values(wealth(x, null, bet)) if len(x) else np.ones(1)
        # P holds after every draw at once (Ville's inequality), so that the first to meet the limit may be taken.
        met = np.flatnonzero(after <= risk_limit)
        results.append(
            BallotsAssessed(
                label=assertion.label,
                sentence=assertion.sentence,
                margin=float(assertion.margin(tally, whole)),
                risk=float(after[-1]),
                met_after=int(met[0]) + 1 if len(met) else None,
            )
        )
    return results


def numbers_of_ballots(
    assertion: Assertion,
    kind: Kind,
    test: RiskTest,
    drawn: Sequence[tuple[str, str]],
    seen: Sequence[str | None],
    found: Sequence[bool] | NDArray[np.bool_],
    *,
    units: Units,
    tally: Tally,
    whole: int,
    records: Votes | None,
    size: int | None,
) -> tuple[Floats, Null, Bet, float]:
    """What the test sees of each ballot, its null, the bet, and the number of a ballot as recorded (polling: none).

    drawn: ballot and sheet of each; seen: the choice on it, None where there is none; found: whether it was. whole: how
    many ballots there are; size: as many where they are drawn without replacement, None otherwise.
    """
    values = assorter_values(assertion, seen, list(found))
    margin, upper = float(assertion.margin(tally, whole)), float(assertion.upper_bound)
    if kind == "ballot_polling":
        # v = 2 mean - 1: the estimate sets out from the assorter's mean if the report is right.
        bet = shrink_truncate(min((1 + margin) / 2, upper), test.weight or 100)
        return values, polling_null(assertion, size), bet, float("nan")
    if kind == "ballot_comparison":
        recorded = assorter_values(assertion, [(records or {}).get(ballot) for ballot, _ in drawn])
    else:
        recorded = _of_sheets(assertion, [sheet for _, sheet in drawn], units)
    x = comparison_values(recorded, values, margin, upper)
    return x, comparison_null(margin, upper, size), bet_of(test, kind, margin, upper), 1 / (2 - margin / upper)


def bet_of(test: RiskTest, kind: Kind, margin: float, upper: float) -> Bet:
    """The bet of a comparison of ballots. margin: v; upper: u of the assorter."""
    if test.name == "expected_errors":
        return expecting(margin, upper, test.two_vote_rate or 0.0)
    if test.name == "capped":
        return capped(test.share or 1.0)
    return adaptive(0.9, 0.9, 0.95) if kind == "ballot_comparison" else adaptive(0.5, 0.6, 0.9)


def _of_sheets(assertion: Assertion, sheets: Sequence[str], units: Units) -> Floats:
    """The mean of h on the sheet that each ballot belongs to."""
    unknown = sorted({sheet for sheet in sheets if sheet not in units.position})
    if unknown:
        raise VeedorError(f"ballots of sheets that are not reported: {', '.join(unknown[:5])}")
    means = recorded_means(assertion, units.contest.choice_ids, units.figures, np.maximum(units.cast, 1))
    values: Floats = means[[units.position[sheet] for sheet in sheets]]
    return values
