"""The room's document for the dossier and for claims: what an audit needs, findings, and an audit's folder."""

from pathlib import Path
from typing import Any

from veedor.audit.findings import findings_of
from veedor.audit.planning.finding import need
from veedor.audit.planning.overview import overview
from veedor.audit.units import Units, units_from
from veedor.audit.verified import Audited, read_audit
from veedor.election import Count
from veedor.errors import VeedorError
from veedor.finding import finding_as_json
from veedor.rim.unchanged import ChangedError
from veedor.sheets.dataset import Dataset

RISK_LIMIT = 0.05


def audit_document(dataset: Dataset, *, folder: Path | None = None, shown_folder: str = "FOLDER") -> dict[str, Any]:
    """`veedor audit plan ELECTION --json`, or the reason why no sample can confirm it; findings; the audit itself.

    folder: of an audit, which commands call shown_folder. In the document: `audited`, whether there is one; `report`,
    what its page shows, None where it does not hold together. VeedorError if it has no plan that can be read.
    """
    head = {"election": dataset.election.id, "count": dataset.default_count.id}
    figures, refused = None, None
    try:
        figures = overview(_units(dataset, dataset.default_count), "registered", RISK_LIMIT)
    except ChangedError:
        raise
    except VeedorError as error:
        refused = str(error)
    audited = None if folder is None else read_audit(folder)
    findings = [
        need(figures, refused, f"veedor audit plan {dataset.name}"),
        *findings_of(audited, _published(dataset, audited), f"veedor audit verify {shown_folder}"),
    ]
    return {
        **head,
        **(figures or {}),
        "refused": refused,
        "findings": [finding_as_json(one) for one in findings],
        "audited": audited is not None,
        "report": None if audited is None else audited.report,
    }


def _published(dataset: Dataset, audited: Audited | None) -> Units | None:
    """The sheets of the count that the plan names; None if they are not at hand, or a figure is missing."""
    if audited is None or audited.plan.election != dataset.election.id:
        return None
    count = next((count for count in dataset.counts if count.id == audited.plan.count), None)
    if count is None:
        return None
    try:
        return _units(dataset, count)
    except ChangedError:
        raise
    except VeedorError:
        return None


def _units(dataset: Dataset, count: Count) -> Units:
    return units_from(dataset.table(count), dataset.contest, dataset.election.level_ids)
