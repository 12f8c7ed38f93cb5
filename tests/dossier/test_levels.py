"""The page on the interruption: each finding by a test links to its false alarms on simulated elections."""

import json
import re
from pathlib import Path

import pytest


@pytest.mark.parametrize(("code", "decimal"), [("en", "."), ("es", ",")])
def test_each_finding_by_a_test_links_to_its_row_of_false_alarms(dossier: Path, code: str, decimal: str) -> None:
    page = (dossier / code / "interruption.html").read_text(encoding="utf-8")
    findings = json.loads((dossier / "results/interruption.json").read_text(encoding="utf-8"))["findings"]
    levels = {one["check"]: one["effect"].get("simulated_false_alarms") for one in findings}
    measured = {check: level for check, level in levels.items() if level}
    assert "lead_as_projected" in measured
    assert "outcome_settled_at_stop" not in measured  # a finding of fact has no false alarms
    for check in levels:
        assert page.count(f'href="#level-{check}"') == (1 if check in measured else 0)
    rows = dict(re.findall(r'<tr id="level-(\w+)">(.*?)</tr>', page, re.DOTALL))
    assert rows.keys() == measured.keys()
    for check, level in measured.items():
        share = f"{100 * level['share']:.1f}".replace(".", decimal)
        assert re.search(rf">{share}[\s\u00a0]?%<", rows[check]), rows[check]
        assert f"docs/{level['row']}" in rows[check]
