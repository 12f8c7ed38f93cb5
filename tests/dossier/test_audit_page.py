"""An audit in the dossier: its page, its findings, and `veedor verify` on its files."""

import json
import shutil
from pathlib import Path

import pytest

from tests.audit import builders
from veedor.audit.protocol.plan import plan_hash
from veedor.audit.protocol.seed import rolled
from veedor.audit.rounds.draw import draw_round
from veedor.audit.rounds.rounds import assess, enter
from veedor.audit.units import Units, units_from
from veedor.cli.report import make_dossier
from veedor.dossier.input import Opened
from veedor.dossier.verify import verify_dossier
from veedor.errors import VeedorError

pytestmark = pytest.mark.slow

CHECKS = ("audit_need", "audit_results", "audit_order", "audit_consent", "audit_sample", "audit_risk")


def sheets_of(opened: Opened) -> Units:
    return units_from(opened.table(opened.count.id), opened.contest, opened.election.level_ids)


KEYS = builders.keys()


def consented(folder: Path, opened: Opened, *names: str) -> Path:
    """An audit of the simulated election that these have consented to; the blues first objected to another plan."""
    keys, units = KEYS, sheets_of(opened)
    who = builders.signatories(keys)
    made = (None, opened.election.id, opened.count.id)
    builders.make(folder, builders.terms(who, risk_limit="10 %"), units, *made)
    builders.objection(folder, "blues", "ten per cent is too much", keys["blues"], at="2026-03-01T09:00:00-04:00")
    builders.make(folder, builders.terms(who), units, *made)
    for name in names:
        builders.consent(folder, name, keys[name])
    return folder


@pytest.fixture(scope="session")
def audit(opened: Opened, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished audit of the simulated election, in which no sheet differed."""
    home = tmp_path_factory.mktemp("audit")
    folder, keys = consented(home / "audit", opened, *builders.NAMES), KEYS
    rolled(folder, "31415926535897932384", who="a child", where="the square", when="2026-03-02T10:00:00-04:00")
    builders.attest(folder, keys)
    draw_round(folder)
    data = builders.entries(folder, 1, sheets_of(opened))
    for name in ("a.csv", "b.csv"):
        (home / name).write_bytes(data)
    signed = [builders.entered(folder, data, "mission", keys["mission"]), None]
    assert enter(folder, home / "a.csv", home / "b.csv", signed) == []
    assert assess(folder).next.step == "confirmed"
    return folder


@pytest.fixture(scope="session")
def site(simulated: Path, audit: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("audited") / "site"
    make_dossier(str(simulated), out, data=simulated, audit=audit)
    return out


def findings(site: Path) -> dict[str, dict[str, object]]:
    document = json.loads((site / "results/audit.json").read_text(encoding="utf-8"))
    return {one["check"]: one for one in document["findings"]}


def test_the_findings_of_a_finished_audit(site: Path) -> None:
    found = findings(site)
    assert tuple(found) == CHECKS
    assert {one["verdict"] for one in found.values()} == {"holds"}
    consent = found["audit_consent"]["effect"]
    assert (consent["signatories"], consent["consented"], consent["parties_consented"]) == (4, 4, 2)  # type: ignore[index]
    assert (consent["unanswered_ids"], consent["earlier_objections"]) == ([], 1)  # type: ignore[index]
    risk = found["audit_risk"]["effect"]
    assert 0 < risk["largest_risk"] <= risk["risk_limit"] == 0.05  # type: ignore[index]
    assert found["audit_sample"]["effect"]["seed"] == "31415926535897932384"  # type: ignore[index]


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_page_tells_of_it_and_stands_in_the_menu(site: Path, lang: str) -> None:
    html = (site / lang / "audit.html").read_text(encoding="utf-8")
    for text in (
        "The blues",
        "ten per cent is too much",
        "31415926535897932384",
        plan_hash((site / "audit/plan.json").read_bytes()),
    ):
        assert text in html
    assert html.count('<svg class="chart"') >= 2
    assert '<a href="audit.html">' in (site / lang / "index.html").read_text(encoding="utf-8")


def test_without_an_audit_nothing_is_said_of_one(dossier: Path) -> None:
    found = findings(dossier)
    assert tuple(found) == CHECKS
    assert found["audit_need"]["verdict"] == "holds"
    assert found["audit_need"]["effect"]["altered_sheets_that_undo"] >= 1  # type: ignore[index]
    for name in CHECKS[1:]:
        assert (found[name]["verdict"], found[name]["looked_at"]) == ("undecided", 0)
    assert not (dossier / "audit").exists()


def test_a_plan_that_lacks_consent_is_undecided_and_one_objected_to_does_not_hold(
    simulated: Path, opened: Opened, tmp_path: Path
) -> None:
    folder = consented(tmp_path / "audit", opened, "authority", "mission")
    make_dossier(str(simulated), tmp_path / "site", data=simulated, audit=folder)
    found = findings(tmp_path / "site")["audit_consent"]
    assert found["verdict"] == "undecided"
    assert found["effect"]["unanswered_ids"] == ["reds", "blues"]  # type: ignore[index]
    assert findings(tmp_path / "site")["audit_risk"]["verdict"] == "undecided"
    builders.objection(folder, "reds", "no", at="2026-03-01T18:00:00Z")
    make_dossier(str(simulated), tmp_path / "site", data=simulated, audit=folder)
    found = findings(tmp_path / "site")["audit_consent"]
    assert (found["verdict"], found["effect"]["objected_ids"]) == ("does_not_hold", ["reds"])  # type: ignore[index]


def test_an_untouched_dossier_with_an_audit_verifies(site: Path, simulated: Path) -> None:
    assert verify_dossier(site, simulated).differences == ()


@pytest.mark.parametrize(
    ("file", "before", "after", "step"),
    [
        ("plan.json", "the square", "the squarE", "consent"),
        ("answers/reds-1.txt", "T10:00:00", "T10:00:01", "consent"),
        ("answers/reds-1.sig", "A", "B", "consent"),
        ("seed.json", "a child", "a chilD", None),
        ("round-1/interpretations.csv", ",found,", ",missing,", "round 1 risk"),
        ("round-1/risk.json", '"draws": ', '"draws": 1', "round 1 risk"),
        ("results.csv", "\n", "\n\n", "files"),
        ("superseded/1/answers/blues-1.txt", "too much", "too mucH", "history"),
    ],
)
def test_a_changed_byte_in_the_audit_is_named(
    site: Path, simulated: Path, tmp_path: Path, file: str, before: str, after: str, step: str | None
) -> None:
    copy = Path(shutil.copytree(site, tmp_path / "copy"))
    path = copy / "audit" / file
    text = path.read_text(encoding="utf-8")
    changed = (
        text.replace(before, after, 1)
        if file != "answers/reds-1.sig"
        else text[:-6] + ("B" if text[-6] != "B" else "C") + text[-5:]
    )
    assert changed != text
    path.write_text(changed, encoding="utf-8")
    found = verify_dossier(copy, simulated).differences
    assert (f"audit/{file}", "SHA-256") in {(one.file, one.where) for one in found}
    assert step is None or ("audit", step) in {(one.file, one.where) for one in found}


def test_hashes_changed_along_with_it_do_not_hide_a_change(site: Path, simulated: Path, tmp_path: Path) -> None:
    """Whoever forges the manifest too still lacks the signatures: the audit's own steps name it."""
    copy = tmp_path / "audit"
    shutil.copytree(site / "audit", copy)
    path = copy / "plan.json"
    path.write_text(path.read_text(encoding="utf-8").replace("the square", "the squarE", 1), encoding="utf-8")
    make_dossier(str(simulated), tmp_path / "site", data=simulated, audit=copy)
    assert findings(tmp_path / "site")["audit_consent"]["verdict"] == "does_not_hold"
    assert "audit" in {one.file for one in verify_dossier(tmp_path / "site", simulated).differences}


def test_an_audit_of_something_else_is_refused(simulated: Path, tmp_path: Path) -> None:
    builders.make(tmp_path / "audit", builders.terms(builders.signatories(builders.keys())), builders.units())
    with pytest.raises(VeedorError, match="is an audit of town, mayor"):
        make_dossier(str(simulated), tmp_path / "site", data=simulated, audit=tmp_path / "audit")
    with pytest.raises(VeedorError, match="is not there"):
        make_dossier(str(simulated), tmp_path / "site", data=simulated, audit=tmp_path / "nothing")
