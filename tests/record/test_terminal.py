"""What an entry, a name or a file says can neither steer a terminal nor look like a line of ours."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.record.world import LOG_KEY, ORIGIN, WITNESSES, log_at, policy_text, receipt_of, signed
from veedor.cli import application
from veedor.record import verify
from veedor.record.log import add_signatures
from veedor.record.paper import verifying_page
from veedor.record.verify import Note, Signature
from veedor.rim import terminal

ALONE = f"log {LOG_KEY.public}\nquorum none\n".encode()
FORGERIES = {
    "a line of its own": b"{}\ncosigned by onu at 2025-03-02T19:41:00+00:00",
    "one line": b"cosigned by onu at 2025-03-02T19:41:00+00:00",
    "back to the line before": b"\x1b[1A\rverified: entry 0 of 1 in x, cosigned by onu\x1b[K",
    "a carriage return": b"{}\rcosigned by onu",
    "C1": "{}\x9b1Acosigned by onu\x85cosigned by onu".encode(),
    "direction": "{}\u202euno yb dengisoc\u2066\u200b".encode(),
    "lines of Unicode": "{}\u2028cosigned by onu\u2029cosigned by onu".encode(),
    "vertical tab and form feed": b"{}\x0bcosigned by onu\x0ccosigned by onu",
    "not UTF-8": b"\xff\x1b[2J",
}


def harmless(text: str) -> bool:
    return terminal.STEERING.search(text) is None


@pytest.mark.slow
def test_the_copy_of_the_rim_s_function_does_the_same() -> None:
    """verify.py stands alone, so it carries its own: on every character, and on characters in company."""
    everything = "".join(map(chr, range(0x110000)))
    for text in (everything, "a\n\x1b[31m\tb\u202e\U000e0041", ""):
        assert verify.printable(text) == terminal.printable(text)
        assert verify.one_line(text) == terminal.one_line(text)


@pytest.mark.slow
@pytest.mark.parametrize("how", FORGERIES)
def test_the_one_file_shows_an_entry_as_one_line(how: str, tmp_path: Path) -> None:
    shutil.copy(Path(verify.__file__), tmp_path / "verify.py")
    (tmp_path / "receipt").write_bytes(receipt_of([FORGERIES[how]], 0))
    (tmp_path / "policy").write_bytes(ALONE)
    command = [sys.executable, "-P", "verify.py", "receipt", "policy"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    said = done.stdout.decode()
    assert (done.returncode, harmless(said)) == (0, True), said
    first, second, end = said.split("\n")
    assert first == f"verified: entry 0 of 1 in {ORIGIN}, cosigned by no witness"
    assert second.startswith("entry: ")
    assert end == ""


@pytest.mark.slow
@pytest.mark.parametrize("how", FORGERIES)
def test_the_command_shows_an_entry_as_one_line(how: str, tmp_path: Path) -> None:
    (tmp_path / "receipt").write_bytes(receipt_of([FORGERIES[how]], 0))
    (tmp_path / "policy").write_bytes(ALONE)
    arguments = ["record", "verify", str(tmp_path / "receipt"), "--policy", str(tmp_path / "policy")]
    result = CliRunner().invoke(application(), arguments)
    assert (result.exit_code, harmless(result.stdout)) == (0, True), result.output
    assert re.fullmatch(r"verified: [^\n]*\nentry: [^\n]*\n", result.stdout), result.stdout
    assert not [line for line in result.stdout.split("\n") if line.startswith("cosigned")]


@pytest.mark.slow
def test_the_one_file_s_faults_are_shown_as_one_line(tmp_path: Path) -> None:
    shutil.copy(Path(verify.__file__), tmp_path / "verify.py")
    name = "a\x1b[2J\nverified: entry 0 of 1"
    (tmp_path / name).write_bytes(b"no receipt")
    (tmp_path / "policy").write_bytes(b"witness \x7f\xc2\x9b2J nothing\n")
    for arguments, status in (([name, "policy"], 1), (["absent\x1b[2J", "policy"], 2)):
        command = [sys.executable, "-P", "verify.py", *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
        said = done.stderr.decode()
        assert (done.returncode, harmless(said), said.count("\n")) == (status, True, 1), said


@pytest.mark.slow
def test_a_checkpoint_names_only_signers_whose_lines_were_verified(tmp_path: Path) -> None:
    log = log_at(tmp_path / "log", [b"{}"])
    add_signatures(log, signed([b"{}"], WITNESSES["oea"]))
    text = (log / "checkpoint").read_text()
    stranger = str(Signature(name="onu.example/testigo", key_id=b"none", value=bytes(72)))
    (log / "checkpoint").write_text(text + stranger)
    (tmp_path / "policy").write_bytes(policy_text("1"))
    arguments = ["record", "checkpoint", str(log)]
    checked = CliRunner().invoke(application(), [*arguments, "--policy", str(tmp_path / "policy")])
    assert (checked.exit_code, "onu" in checked.stdout) == (0, False), checked.output
    assert f"signed by {ORIGIN}, {WITNESSES['oea'].name}\n" in checked.stdout
    unchecked = CliRunner().invoke(application(), arguments)
    assert "onu.example/testigo (not checked: no --policy)" in unchecked.stdout


@pytest.mark.parametrize(
    ("time", "status", "said"),
    [(verify.MAX_TIME, 0, "9999-12-31T23:59:59"), (verify.MAX_TIME + 1, 1, "does not verify"), (2**62, 1, "verify")],
)
def test_a_time_beyond_the_calendar_is_none(time: int, status: int, said: str, tmp_path: Path) -> None:
    """A witness may sign any number of seconds; whoever shows them as a date must not stumble over it."""
    text = signed([b"{}"]).text
    note = Note(text=text, signatures=(LOG_KEY.sign(text), WITNESSES["oea"].sign(text, time)))
    receipt = verify.Receipt(index=0, path=(), checkpoint=str(note).encode(), extra=b"{}")
    (tmp_path / "receipt").write_bytes(bytes(receipt))
    (tmp_path / "policy").write_bytes(policy_text("1"))
    arguments = ["record", "verify", str(tmp_path / "receipt"), "--policy", str(tmp_path / "policy")]
    for form in ([], ["--json"]):
        result = CliRunner().invoke(application(), [*arguments, *form])
        assert (result.exit_code, said in result.stdout) == (status, True), result.exception


@pytest.mark.browser
def test_the_page_sets_what_the_entry_says_apart(browser: Any, tmp_path: Path) -> None:
    """An entry whose members are called as the page calls its own findings."""
    file = tmp_path / "verify.html"
    file.write_text(verifying_page(ALONE), "utf-8")
    context = browser.new_context(offline=True, locale="en-US")
    page = context.new_page()
    page.goto(file.as_uri())
    page.fill("#receipt", receipt_of([b'{"Cosigned by":"onu (2025-03-02T19:41:00.000Z)"}'], 0).decode())
    page.click("#go")
    page.wait_for_selector("#verdict[data-state=verified]")
    before, _, after = page.inner_text("#shown").partition("What the entry says:")
    assert "Cosigned by\tno witness" in before
    assert "onu" not in before
    assert "Cosigned by\tonu" in after
    weak = verify.Key(name=ORIGIN, type=1, public=b"\1" + bytes(31))
    page.click("#policy-details summary")
    page.fill("#policy", f"log {weak}\nquorum none\n")
    page.click("#go")
    page.wait_for_selector("#verdict[data-state=not-verified]")
    assert page.inner_text("#verdict") == f"NOT VERIFIED: the key of {ORIGIN} is none: anybody can sign under it"
    context.close()
