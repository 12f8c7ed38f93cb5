"""Anchors of findings on their pages."""

from collections.abc import Iterator, Sequence

from veedor.dossier.parsed import Parsed


def with_anchors(findings: Sequence[Parsed]) -> Iterator[tuple[Parsed, str]]:
    """Each finding with the anchor of its place on its page."""
    seen: dict[str, int] = {}
    for finding in findings:
        seen[finding["check"]] = seen.get(finding["check"], 0) + 1
        number = seen[finding["check"]]
        yield finding, finding["check"] if number == 1 else f"{finding['check']}-{number}"
