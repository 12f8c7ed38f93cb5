"""The record of the seed in the log that the plan names: before the draw, once, and what the receipt is worth."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.audit import builders, finished, keeper
from tests.audit.finished import Audit
from tests.audit.town import veedor
from veedor.audit.protocol.seed import rolled
from veedor.audit.protocol.seed_entry import log_seed
from veedor.audit.protocol.status import status_of
from veedor.audit.rounds.draw import draw_round
from veedor.audit.verify import NotVerifiedError, verify
from veedor.errors import VeedorError
from veedor.ledger.audited_sheets import check_record
from veedor.record.keys import new_key, save_key
from veedor.record.log import append_entries, create_log
from veedor.record.source import Folder
from veedor.record.verify import ED25519, parse_policy


@pytest.fixture
def seeded(tmp_path: Path) -> Audit:
    """An audit whose plan names a log; the seed is rolled, and all have signed it."""
    audit = finished.begun(tmp_path, quorum=4)
    for name in builders.NAMES:
        builders.consent(audit.folder, name, audit.keys[name], at="2026-03-01T18:00:00-04:00")
    rolled(audit.folder, finished.DIGITS, who="a child", where="the square", when=finished.REVEALED)
    builders.attest(audit.folder, audit.keys)
    return audit


def test_no_draw_before_the_seed_is_in_the_log(seeded: Audit) -> None:
    folder, log = seeded.folder, str(seeded.log)
    assert status_of(folder).next == "log-seed"
    with pytest.raises(VeedorError, match=r"names the log example\.org/town, and .*receipt\.tlog-proof is not there"):
        draw_round(folder)
    key = new_key("example.org/town", ED25519)
    create_log(folder.parent / "other", "example.org/village", [new_key("example.org/village", ED25519)])
    with pytest.raises(VeedorError, match=r"'example\.org/village'; the plan names 'example\.org/town'"):
        log_seed(folder, str(folder.parent / "other"), lambda: [key])
    with pytest.raises(VeedorError, match="not the log's own"):
        log_seed(folder, log, lambda: [key])
    assert log_seed(folder, log, lambda: [seeded.log_key]) == 60
    assert log_seed(folder, log, lambda: pytest.fail("no key is needed where the entry is there")) == 60
    policy = parse_policy(f"log {seeded.log_key.public}\nquorum none\n".encode())
    stranger = parse_policy(f"log {key.public}\nquorum none\n".encode())
    with pytest.raises(VeedorError, match=r"receipt\.tlog-proof: no known key signed this"):
        draw_round(folder, stranger)
    draw_round(folder, policy)
    with pytest.raises(VeedorError, match="its seed goes into the log before that"):
        log_seed(folder, log, lambda: [seeded.log_key])
    assert "entry 60 of example.org/town" in verify(folder)[4].says
    assert check_record(folder, Folder(seeded.log), policy).says.endswith("entry 60 the record of the seed")
    with pytest.raises(NotVerifiedError, match="no known key signed"):
        check_record(folder, Folder(seeded.log), stranger)


def test_a_second_seed_is_refused_by_the_log_and_named(seeded: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, log = seeded.folder, seeded.log
    assert log_seed(folder, str(log), lambda: [seeded.log_key]) == 60
    keeper.reroll_with(*builders.NAMES)(seeded, monkeypatch)
    monkeypatch.undo()
    with pytest.raises(VeedorError, match="holds another seed of this plan, at entry 60"):
        log_seed(folder, str(log), lambda: [seeded.log_key])
    with pytest.raises(NotVerifiedError, match="holds another seed of this plan, at entry 60"):
        check_record(folder, Folder(log), None)
    (folder / "seed.json").unlink()
    for path in (folder / "seed").iterdir():
        path.unlink()
    with pytest.raises(NotVerifiedError, match="holds a seed of this plan, at entry 60, and this folder has none"):
        check_record(folder, Folder(log), None)


def test_the_same_seed_twice_or_too_early_is_named(seeded: Audit) -> None:
    folder, log = seeded.folder, seeded.log
    log_seed(folder, str(log), lambda: [seeded.log_key])
    entry = keeper.entries_of(seeded)[60]
    append_entries(log, [entry], [seeded.log_key])
    with pytest.raises(NotVerifiedError, match="holds the seed of this plan twice, at entries 60, 61"):
        check_record(folder, Folder(log), None)


def test_a_receipt_of_another_tree_is_not_taken_for_the_logs(seeded: Audit) -> None:
    """A log of the keeper's own under the same origin: the folder alone cannot tell, the real log can."""
    folder = seeded.folder
    real = shutil.copytree(seeded.log, folder.parent / "real")
    log_seed(folder, str(seeded.log), lambda: [seeded.log_key])
    assert "(check it with --record)" in verify(folder)[4].says
    with pytest.raises(NotVerifiedError, match=r"is of entry 60, and .* does not hold the seed there"):
        check_record(folder, Folder(Path(real)), None)


@pytest.mark.slow
def test_by_the_command_line(seeded: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEEDOR_RECORD_PASSPHRASE", "a long passphrase")
    save_key(seeded.log_key, seeded.folder.parent / "log.key", "a long passphrase")
    log, key = seeded.log, seeded.folder.parent / "log.key"
    assert "veedor audit log-seed" in veedor("audit", "draw", seeded.folder).output
    done = veedor("audit", "log-seed", seeded.folder, "--log", log, "--key", key, "--json")
    assert json.loads(done.output) == {"log": str(log), "index": 60}
    assert veedor("audit", "draw", seeded.folder).exit_code == 0
    said = json.loads(veedor("audit", "verify", seeded.folder, "--record", log, "--json").output)
    assert said["verified"] is True
    assert said["unsigned"] == []
    assert said["steps"][-1]["says"].endswith("entry 60 the record of the seed")


def test_a_plan_without_a_log_needs_none(tmp_path: Path) -> None:
    keys = builders.keys()
    builders.make(tmp_path / "audit", builders.terms(builders.signatories(keys)), builders.units(30))
    builders.seeded(tmp_path / "audit", keys)
    audit = Audit(folder=tmp_path / "audit", keys=keys, log=tmp_path / "log", log_key=keys["reds"])
    with pytest.raises(VeedorError, match="the plan names no log"):
        log_seed(audit.folder, str(audit.log), list)
    draw_round(replace(audit).folder)
