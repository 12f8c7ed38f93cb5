"""The dossier with a record: its page, a receipt for each station, and the caption of a log made afterwards."""

import json
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from typer.testing import CliRunner

from tests.record.world import LOG_KEY, ORIGIN, WITNESSES, policy_text, signed
from veedor.cli import application
from veedor.dossier.derive.page_data import value_of
from veedor.errors import VeedorError
from veedor.record.keys import format_private_key
from veedor.record.log import add_signatures, checkpoints_of
from veedor.record.reader import read_entries
from veedor.record.source import Folder
from veedor.record.verify import parse_checkpoint, parse_policy, verify_receipt

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "record"
EVENING = 1_740_958_300  # 2025-03-02T19:31:40-04:00


def run(*arguments: str) -> str:
    result = CliRunner().invoke(application(), list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example's election, and a log of it: three publications."""
    shutil.copytree(EXAMPLE, tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("VEEDOR_RECORD_KEY", format_private_key(LOG_KEY))
    run("record", "init", "log", "--origin", ORIGIN)
    return tmp_path / "here"


def receipt_in(site: Path, station: str) -> bytes:
    """A station's receipt put together from its chunk as C2SP tlog-proof has its lines."""
    chunk = value_of((site / "data/receipts-0.js").read_text())
    row = chunk["station"].index(station)
    path = [chunk["nodes"][step] for step in chunk["path"][row]]
    head = ["c2sp.org/tlog-proof@v1", f"extra {chunk['entry'][row]}", f"index {chunk['index'][row]}"]
    return "\n".join([*head, *path, "", chunk["checkpoint"]]).encode()


def grow_cosigned(days_late: int) -> None:
    """Each publication appended and cosigned in its hour, or days after."""
    for number, when in enumerate(("2025-03-02T19:30:00", "2025-03-02T19:41:00", "2025-03-03T19:35:00")):
        run("record", "append", ".", "--log", "log", "--snapshot", when)
        size = 2 * number + 2
        entries = list(read_entries(Folder(Path("log")), size))
        time = EVENING + 86_400 * (days_late + (number == 2)) + 600 * number
        add_signatures(Path("log"), signed(entries, *WITNESSES.values(), time=time))
    Path("log/policy").write_bytes(policy_text())


def receipts_in(site: Path) -> dict[str, bytes]:
    """The receipts that a dossier carries, by name."""
    chunks = [value_of(path.read_text(encoding="utf-8")) for path in sorted(site.glob("data/receipts-*.js"))]
    return {name: text.encode() for chunk in chunks for name, text in chunk.items()}


@pytest.mark.slow
def test_a_log_kept_as_the_count_went_on(here: Path) -> None:
    grow_cosigned(0)
    run("report", ".", "--data", ".", "--record", "log", "--out", "site")
    document = json.loads((here / "site/results/record.json").read_text())
    assert (document["made_afterwards"], document["totals_equal_published"], document["receipts"]) == (False, True, 6)
    assert [row["size"] for row in document["checkpoints"]] == [2, 4, 6]
    roots = [parse_checkpoint(note.text).root.hex() for note in checkpoints_of(here / "log")]
    assert [row["root_sha256"] for row in document["checkpoints"]] == roots[1:]
    assert document["checkpoints"][0]["published"] == "2025-03-02T19:30:00-04:00"
    assert [one["witness"] for one in document["checkpoints"][0]["cosigned"]] == list(WITNESSES)
    for code, words in (("en", "Checkpoints over time"), ("es", "Puntos de control en el tiempo")):
        page = (here / f"site/{code}/record.html").read_text()
        assert words in page
        assert "made afterwards" not in page
        assert "se hizo después" not in page
        assert all(root in page for root in roots[1:])
    policy = parse_policy(policy_text())
    for station in (101, 102, 201, 202, 301, 302):
        run("record", "prove", "log", "--station", str(station), "--out", f"{station}.tlog-proof")
        receipt = receipt_in(here / "site", str(station))
        assert receipt == (here / f"{station}.tlog-proof").read_bytes()
        assert json.loads(verify_receipt(receipt, policy).entry)["station"] == str(station)
    assert not (here / "site/record/receipts").exists()
    assert LOG_KEY.public.name in (here / "site/record/verify.html").read_text()
    assert "all the same" in run("verify", "site")
    chunk = here / "site/data/receipts-0.js"
    chunk.write_text(chunk.read_text().replace('"index":[', '"index":[9', 1))
    assert "data/receipts-0.js, index[0]: found 9" in run("verify", "site")
    log, cosigned = document["findings"][-2:]
    assert (log["check"], log["verdict"], log["looked_at"], log["found"]) == ("record_log", "holds", 6, 0)
    assert (log["effect"]["entries"], log["effect"]["checkpoints"]) == (6, 3)
    assert (cosigned["check"], cosigned["verdict"], cosigned["looked_at"]) == ("record_quorum", "holds", 3)
    assert cosigned["effect"]["fewest_cosignatures"] == len(WITNESSES)


@pytest.mark.slow
def test_a_log_that_lacks_sheets_and_cosignatures_does_not_hold(here: Path) -> None:
    run("record", "append", ".", "--log", "log", "--snapshot", "2025-03-02T19:30:00")
    Path("log/policy").write_bytes(policy_text())
    run("report", ".", "--data", ".", "--record", "log", "--out", "site")
    log, cosigned = json.loads((here / "site/results/record.json").read_text())["findings"][-2:]
    assert (log["verdict"], log["effect"]["not_in_the_log"], log["found"]) == ("does_not_hold", 4, 4)
    assert {one["difference"] for one in log["items"]} == {"not in the record"}
    assert (cosigned["verdict"], cosigned["effect"]["below_quorum"]) == ("does_not_hold", 1)
    Path("log/policy").unlink()
    run("report", ".", "--data", ".", "--record", "log", "--out", "site")
    cosigned = json.loads((here / "site/results/record.json").read_text())["findings"][-1]
    assert (cosigned["verdict"], cosigned["looked_at"]) == ("undecided", 0)


@pytest.mark.slow
def test_a_log_made_afterwards_says_so(here: Path) -> None:
    grow_cosigned(30)
    run("report", ".", "--data", ".", "--record", "log", "--out", "site")
    assert json.loads((here / "site/results/record.json").read_text())["made_afterwards"] is True
    assert "This log was made afterwards, from the published files." in (here / "site/en/record.html").read_text()
    assert "Este registro se hizo después" in (here / "site/es/record.html").read_text()


@pytest.mark.slow
def test_without_a_policy_nobody_is_named(here: Path) -> None:
    grow_cosigned(0)
    (here / "log" / "policy").unlink()
    run("report", ".", "--data", ".", "--record", "log", "--out", "site")
    page = (here / "site/en/record.html").read_text()
    assert "No list of witnesses to trust was published beside this log" in page
    assert "made afterwards" in page


@pytest.mark.slow
def test_a_log_that_was_altered_or_says_other_totals(here: Path) -> None:
    grow_cosigned(0)
    table = here / "published" / "acta-20250303-193500.csv"
    table.write_text(table.read_text().replace("201,Valle,Colegio Norte,198,90", "201,Valle,Colegio Norte,198,91"))
    run("report", ".", "--data", ".", "--record", "log", "--out", "site")
    assert "do not add up to the published totals" in (here / "site/en/record.html").read_text()
    bundle = here / "log" / "tile" / "entries" / "000.p" / "6"
    bundle.write_bytes(bundle.read_bytes().replace(b'"A":80', b'"A":81'))
    with pytest.raises(VeedorError, match=r"the record cannot be shown: .*was altered: entry 0"):
        run("report", ".", "--data", ".", "--record", "log", "--out", "other")
    assert not (here / "other").exists()


@pytest.mark.slow
def test_without_a_record_there_is_no_page(here: Path) -> None:
    run("report", ".", "--data", ".", "--out", "site")
    assert not (here / "site/en/record.html").exists()
    assert not (here / "site/record").exists()
    assert '"receipts":null' in (here / "site/data/election.js").read_text().replace(" ", "")


@pytest.mark.browser
def test_the_pages_in_a_browser(here: Path, browser: Browser) -> None:
    """No complaint from axe, nothing asked of a network, no sideways scrolling on a phone; and the receipt's link."""
    grow_cosigned(30)
    run("report", ".", "--data", ".", "--record", "log", "--out", "site")
    run("record", "prove", "log", "--station", "201", "--out", "201.tlog-proof")
    run("record", "print", "201.tlog-proof", "--policy", "log/policy", "--out", "site/201.html")
    context = browser.new_context(viewport={"width": 320, "height": 640}, locale="es-BO", offline=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: asked.append(str(error)))
    for name in ("es/record.html", "en/record.html", "record/verify.html", "201.html"):
        page.goto((here / "site" / name).as_uri())
        rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        found = Axe().run(page, options={"runOnly": rules, "preload": False})
        assert found.response["violations"] == [], found.generate_report()
        if name != "201.html":  # that one is for paper
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
    page.goto((here / "site/es/station.html").as_uri() + "?id=201")
    button = page.get_by_role("button", name="Comprobante: prueba de que esta acta está en el registro")
    with page.expect_download() as saved:
        button.click()
    assert saved.value.suggested_filename == "201.tlog-proof"
    saved.value.save_as(here / "saved.tlog-proof")
    assert (here / "saved.tlog-proof").read_bytes() == (here / "201.tlog-proof").read_bytes()
    assert "verified" in run("record", "verify", "saved.tlog-proof", "--policy", "log/policy").lower()
    assert (
        page.get_by_role("link", name="verificarlo en este navegador").get_attribute("href") == "../record/verify.html"
    )
    found = Axe().run(page, options={"preload": False})
    assert found.response["violations"] == [], found.generate_report()
    assert [one for one in asked if not one.startswith(("file://", "data:", "blob:"))] == []
    context.close()
