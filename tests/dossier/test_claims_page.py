"""The page of claims: bound to the dossier's own results, as `veedor claims` says; accounts side by side."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.claims.test_claims import CLAIM, EVENT
from tests.dossier.conftest import BOMB
from veedor.dossier.input import open_sheets
from veedor.dossier.site import write_dossier
from veedor.dossier.verify import verify_dossier
from veedor.errors import DefinitionError
from veedor.sheets.dataset import open_dataset

pytestmark = pytest.mark.slow

COUNTS = """
[[claims]]
id = "counted"
who = { name = "Bob" }
words = { en = "It is decided.", es = "Está decidido." }
source = { title = "B" }
kind = "testable"
contradicts = ["closer-than-said"]

[[claims.conditions]]
room = "count"
finding = "official"
field = "outcome.result"
is = "elected"
"""


def written(simulated: Path, out: Path, claims: str) -> Path:
    dataset = replace(open_dataset(simulated, data=simulated), name="simulated")
    opened = open_sheets(dataset, claims=claims.encode())
    write_dossier(opened, out, data=str(simulated))
    return out


@pytest.fixture(scope="module")
def site(simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    text = (CLAIM + COUNTS + EVENT).replace('name = "Ana"', f"name = '''{BOMB}'''")
    text = text.replace(', path = { department = "La Paz" }', "")
    return written(simulated, tmp_path_factory.mktemp("claims") / "site", text)


def test_the_page_says_what_the_results_of_the_dossier_say(site: Path) -> None:
    claims = json.loads((site / "results/claims.json").read_text(encoding="utf-8"))["claims"]
    by_id = {claim["id"]: claim for claim in claims}
    count = json.loads((site / "results/count.json").read_text(encoding="utf-8"))
    assert by_id["counted"]["conditions"][0]["found"] == [count["outcome"]["result"]]
    assert by_id["counted"]["answer"] == ("agrees" if count["outcome"]["result"] == "elected" else "does_not_agree")
    checks = json.loads((site / "results/check.json").read_text(encoding="utf-8"))["findings"]
    changed = [one["effect"]["changed_sheets"] for one in checks if one["check"] == "reconciliation"]
    assert by_id["closer-than-said"]["conditions"][0]["found"] == changed
    assert by_id["closer-than-said"]["answer"] == ("agrees" if all(changed) else "does_not_agree")


def test_accounts_of_an_event_stand_side_by_side_and_what_is_unknown_stays_so(site: Path) -> None:
    text = re.sub(r"<[^>]+>", " ", (site / "es/claims.html").read_text(encoding="utf-8"))
    for part in ("al menos 3 muertos", "más de 300 injured", "4 muertos", "Corrige el relato 1", "Fecha no conocida"):
        assert part in text, part
    assert "Los relatos difieren en fecha u hora, lugar y cifras." in text
    assert "6 de noviembre de 2019, 14:30" in text
    assert "6 de noviembre de 2019, 14:30:00" not in text


def test_a_hostile_speaker_is_text(site: Path) -> None:
    for path in (*site.glob("*/claims.html"), *site.glob("data/*.js")):
        assert BOMB not in path.read_text(encoding="utf-8")


def test_a_changed_claim_is_named(site: Path, simulated: Path, tmp_path: Path) -> None:
    assert verify_dossier(site, simulated).differences == ()
    path = site / "claims.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('is = "elected"', 'is = "tie"'), encoding="utf-8")
    try:
        found = {(one.file, one.where) for one in verify_dossier(site, simulated).differences}
    finally:
        path.write_text(text, encoding="utf-8")
    assert any(file == "results/claims.json" and "conditions[0].test.is" in where for file, where in found)
    assert ("claims.toml" in {file for file, _ in found}) is False  # it is what the rest is derived from
    assert "results/manifest.json" in {file for file, _ in found}


def test_a_name_that_no_finding_has_ends_the_report(simulated: Path, tmp_path: Path) -> None:
    text = CLAIM.replace('finding = "reconciliation"', 'finding = "reconcilation"')
    with pytest.raises(DefinitionError, match="did you mean reconciliation"):
        written(simulated, tmp_path / "site", text)
    assert not (tmp_path / "site").exists()


def test_without_claims_there_is_no_page(dossier: Path) -> None:
    assert not (dossier / "results/claims.json").exists()
    assert not (dossier / "en/claims.html").exists()
