"""Run checks by name, and write what they find as JSON."""

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from veedor.checks import (
    ballots,
    differences,
    duplicates,
    identical,
    missing_sheets,
    numbering,
    reconciliation,
    revisions,
    sums,
    times,
)
from veedor.checks.inputs import CheckInputs
from veedor.document import LEFT_OUT, Json, as_json
from veedor.election import Contest, Election
from veedor.errors import VeedorError
from veedor.finding import Finding

Check = Callable[[CheckInputs], list[Finding]]

CHECKS: Mapping[str, Check] = {
    sums.NAME: sums.check,
    ballots.OVER: ballots.check_over,
    ballots.FULL: ballots.check_full,
    ballots.ZERO: ballots.check_zero,
    duplicates.NAME: duplicates.check,
    identical.NAME: identical.check,
    differences.REGISTERED: differences.check_registered,
    differences.GEOGRAPHY: differences.check_geography,
    missing_sheets.NAME: missing_sheets.check,
    reconciliation.NAME: reconciliation.check,
    revisions.NAME: revisions.check,
    times.NAME: times.check,
    numbering.NUMBERS: numbering.check_numbers,
    numbering.PER_PLACE: numbering.check_per_place,
}
"""Every check by the name that the command line and claims call it, in the order in which they are reported."""


def run_checks(inputs: CheckInputs, names: Sequence[str] | None = None) -> list[Finding]:
    """The findings of the checks named (all if None), in the order of CHECKS. Nothing is drawn by chance."""
    if not inputs.series:
        raise VeedorError(f"{inputs.election.id}: no count has data, so there is nothing to check")
    wanted = list(CHECKS) if names is None else [known_check(name) for name in names]
    return [finding for name, check in CHECKS.items() if name in wanted for finding in check(inputs)]


def known_check(name: str) -> str:
    """The name, if a check bears it; else an error that suggests the nearest."""
    if name in CHECKS:
        return name
    near = difflib.get_close_matches(name.lower().replace("-", "_"), CHECKS, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(CHECKS)}"
    raise VeedorError(f"no check {name!r}; {hint}")


@dataclass(frozen=True, kw_only=True)
class CheckDocument:
    """`veedor check --json`.

    left_out: rows left out with --skip-bad-rows; open_questions: those of a draft; notes: what was said of the files.
    """

    election: str
    contest: str
    findings: Sequence[Finding]
    left_out: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)
    open_questions: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)
    notes: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)


def findings_as_json(election: Election, contest: Contest, findings: Sequence[Finding]) -> dict[str, Json]:
    """The document that `veedor check --json` prints."""
    return as_json(
        CheckDocument(
            election=election.id, contest=contest.id, findings=findings, open_questions=election.open_questions or None
        )
    )
