"""The room's document for the dossier and for claims: what an audit needs, findings, and an audit's folder."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from veedor.audit.findings import findings_of
from veedor.audit.planning.finding import need
from veedor.audit.planning.overview import overview
from veedor.audit.units import Units, units_from
from veedor.audit.verified import Audited, read_audit
from veedor.election import Contest, Election
from veedor.errors import VeedorError
from veedor.finding import finding_as_json
from veedor.rim.unchanged import ChangedError

RISK_LIMIT = 0.05


def audit_document(
    election: Election,
    contest: Contest,
    shown: str,
    table_of: Callable[[str], pl.DataFrame],
    *,
    name: str,
    folder: Path | None = None,
    shown_folder: str = "FOLDER",
) -> dict[str, Any]:
    """`veedor audit plan ELECTION --json`, or the reason why no sample can confirm it; findings; the audit itself.

    shown: the count whose outcome is audited; table_of: the sheets of a count by its id; name: the election as commands
    call it; folder: of an audit, which commands call shown_folder. In the document: `audited`, whether there is one;
    `report`, what its page shows, None where it does not hold together. VeedorError if it has no plan that can be read.
    """
    head = {"election": election.id, "count": shown}
    figures, refused = None, None
    try:
        figures = overview(units_from(table_of(shown), contest, election.level_ids), "registered", RISK_LIMIT)
    except ChangedError:
        raise
    except VeedorError as error:
        refused = str(error)
    audited = None if folder is None else read_audit(folder)
    findings = [
        need(figures, refused, f"veedor audit plan {name}"),
        *findings_of(audited, _published(election, contest, table_of, audited), f"veedor audit verify {shown_folder}"),
    ]
    return {
        **head,
        **(figures or {}),
        "refused": refused,
        "findings": [finding_as_json(one) for one in findings],
        "audited": audited is not None,
        "report": None if audited is None else audited.report,
    }


def _published(
    election: Election, contest: Contest, table_of: Callable[[str], pl.DataFrame], audited: Audited | None
) -> Units | None:
    """The sheets of the count that the plan names; None if they are not at hand, or a figure is missing."""
    if audited is None or audited.plan.election != election.id:
        return None
    if audited.plan.count not in {count.id for count in election.counts}:
        return None
    try:
        return units_from(table_of(audited.plan.count), contest, election.level_ids)
    except ChangedError:
        raise
    except VeedorError:
        return None
