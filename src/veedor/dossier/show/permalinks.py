"""Addresses that last: a finding is called by what was checked and on which snapshots, never by its place in a list."""

import re
from collections.abc import Mapping, Sequence

from veedor.dossier.parsed import Parsed


def sides(effect: Mapping[str, Parsed]) -> list[Mapping[str, Parsed]]:
    """The counts or snapshots that a finding looked at: itself for one, `from` and `to` for two; none for neither."""
    if "count" in effect:
        return [effect]
    return [side for key in ("from", "to") if isinstance(side := effect.get(key), dict) and "count" in side]


def finding_anchor(finding: Mapping[str, Parsed]) -> str:
    """sums-official-20191025T210930: the check, and of each side the count and the local time of its snapshot.

    Another snapshot, count, station or check changes no anchor of those that were there.
    """
    parts = [finding["check"]]
    for side in sides(finding["effect"]):
        parts.append(side["count"])
        if side.get("snapshot"):
            parts.append(re.sub(r"[^0-9T]", "", side["snapshot"][:19]))
    return "-".join(parts)


def anchors(findings: Sequence[Mapping[str, Parsed]]) -> list[str]:
    """The anchor of each finding. Two that look at the same are told apart by their order: there is nothing else."""
    seen: dict[str, int] = {}
    made = []
    for finding in findings:
        name = finding_anchor(finding)
        seen[name] = seen.get(name, 0) + 1
        made.append(name if seen[name] == 1 else f"{name}.{seen[name]}")
    return made
