"""Checks of tally sheets: what each looks at, and the findings they give."""

from veedor.checks.inputs import ITEMS_SHOWN, CheckInputs, Side, side_named
from veedor.checks.run import CHECKS, findings_as_json, known_check, run_checks

__all__ = [
    "CHECKS",
    "ITEMS_SHOWN",
    "CheckInputs",
    "Side",
    "findings_as_json",
    "known_check",
    "run_checks",
    "side_named",
]
