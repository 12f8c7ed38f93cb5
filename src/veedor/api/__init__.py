"""The public face: what `import veedor` offers. Other rooms may change from one version to the next; this does not."""

from veedor.api.election_data import ElectionData, open_election
from veedor.api.results import AuditPlan, Comparison, Findings, Forensics, Interruption

__all__ = ["AuditPlan", "Comparison", "ElectionData", "Findings", "Forensics", "Interruption", "open_election"]
