"""Documents and findings as a reader of their JSON has them: values of any kind, looked up by name."""

import json
from typing import Any

from veedor.document import plain
from veedor.finding import Finding


def parsed(document: object) -> Any:
    """The document as it reads once written."""
    return json.loads(json.dumps(plain(document), allow_nan=False))


def effect_of(finding: Finding) -> dict[str, Any]:
    """A finding's figures."""
    return dict(finding.effect)


def items_of(finding: Finding) -> list[dict[str, Any]]:
    """The units that a finding lists."""
    return [dict(item) for item in finding.items]
