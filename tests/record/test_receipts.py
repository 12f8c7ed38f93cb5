"""Receipts: one, all at once, on paper; verified by the room, by its one file alone, and by a browser."""

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.record.world import LOG_KEY, LOG_KEY_PQ, ORIGIN, WITNESSES, entries, log_at, policy_text, receipt_of, signed
from veedor.record import verify
from veedor.record.errors import DamagedError, LogError, MalformedError, NotVerifiedError
from veedor.record.log import add_signatures
from veedor.record.paper import printed_receipt, verifying_page
from veedor.record.receipts import QR_BYTES, make_receipt, make_receipts, write_receipts
from veedor.record.source import Folder
from veedor.record.verify import Receipt, parse_policy, parse_receipt, verify_receipt

SIZES = [1, 2, 3, 255, 256, 257, 700]
ED25519_POLICY = "\n".join(
    [
        f"log {LOG_KEY.public}",
        f"witness oea {WITNESSES['oea'].public}",
        f"witness onu {WITNESSES['onu'].public}",
        "group both all oea onu",
        "quorum both",
    ]
).encode()


def cosigned_log(folder: Path, size: int) -> Path:
    log = log_at(folder, entries(size))
    add_signatures(log, signed(entries(size), *WITNESSES.values()))
    return log


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
def test_one_by_one_and_all_at_once_they_are_the_same_and_verify(tmp_path: Path, size: int) -> None:
    log = cosigned_log(tmp_path / "log", size)
    policy = parse_policy(policy_text())
    together = dict(make_receipts(Folder(log)))
    assert list(together) == list(range(size))
    for index in {0, 1, size // 2, size - 2, size - 1} & set(range(size)):
        assert bytes(make_receipt(Folder(log), index)) == together[index]
    for index in range(0, size, 1 + size // 50):
        shown = verify_receipt(together[index], policy)
        assert (shown.index, shown.entry, set(shown.witnesses)) == (index, entries(size)[index], set(WITNESSES))


def test_there_is_none_for_an_entry_that_is_not_there(tmp_path: Path) -> None:
    log = log_at(tmp_path / "log", entries(3))
    with pytest.raises(MalformedError, match="entries 0 to 2, there is no entry 3"):
        make_receipt(Folder(log), 3)
    assert list(make_receipts(Folder(log_at(tmp_path / "empty")))) == []


def test_a_log_that_was_altered_gives_none(tmp_path: Path) -> None:
    log = log_at(tmp_path / "log", entries(3))
    bundle = log / "tile" / "entries" / "000.p" / "3"
    bundle.write_bytes(bundle.read_bytes().replace(b'"A":7}', b'"A":8}'))
    for make in (lambda: make_receipt(Folder(log), 1), lambda: list(make_receipts(Folder(log)))):
        with pytest.raises(DamagedError, match=r"tile/entries/000\.p/3 was altered: entry 1"):
            make()


def test_the_entry_may_be_held_apart() -> None:
    policy = parse_policy(policy_text())
    whole = parse_receipt(receipt_of(entries(5), 2))
    bare = bytes(Receipt(index=2, path=whole.path, checkpoint=whole.checkpoint))
    assert verify_receipt(bare, policy, entries(5)[2]).index == 2
    with pytest.raises(NotVerifiedError, match="does not carry its entry"):
        verify_receipt(bare, policy)
    with pytest.raises(NotVerifiedError, match="is not this one"):
        verify_receipt(bare, policy, entries(5)[3])
    with pytest.raises(NotVerifiedError, match="not the one that the receipt carries"):
        verify_receipt(bytes(whole), policy, entries(5)[3])


def test_the_quorum_decides() -> None:
    alone = receipt_of(entries(5), 2, cosigned=False)
    with pytest.raises(NotVerifiedError, match="quorum 'everybody' is not met: of the policy's witnesses, nobody"):
        verify_receipt(alone, parse_policy(policy_text()))
    assert verify_receipt(alone, parse_policy(f"log {LOG_KEY.public}\nquorum none\n".encode())).witnesses == {}
    with pytest.raises(NotVerifiedError, match="names no log"):
        verify_receipt(alone, parse_policy(b"quorum none\n"))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "no quorum line"),
        ("quorum none\nquorum none", "line 6"),
        ("quorum nobody", "line 5"),
        ("group g 3 oea onu\nquorum g", "wanted any, all or 1 to 2"),
        ("group g 0 oea onu\nquorum g", "wanted any, all or 1 to 2"),
        ("group g all oea oea\nquorum g", "in one group only"),
        ("group g any oea\ngroup h any oea\nquorum g", "in one group only"),
        ("group oea any onu\nquorum oea", "its name is taken"),
        ("group none any onu\nquorum none", "line 5"),
        ("witness oea2 {oea}\nquorum none", "there twice"),
        ("log {oea}\nquorum none", "fitting type"),
        ("log {log}\nquorum none", "there twice"),
        ("group g any later\nwitness later {pq}\nquorum g", "named above"),
        ("quorum\u00a0none", "line 5"),
        ("quorum none\r", "control character"),
        ("rubbish", "line 5"),
    ],
)
def test_a_policy_that_is_not_one(line: str, said: str) -> None:
    keys = {name: str(one.public) for name, one in (("oea", WITNESSES["oea"]), ("log", LOG_KEY), ("pq", LOG_KEY_PQ))}
    text = f"# a comment\nlog {keys['log']}\nwitness oea {keys['oea']}\nwitness onu {WITNESSES['onu'].public}\n"
    with pytest.raises(MalformedError, match=said):
        parse_policy((text + line.format(**keys) + "\n").encode())


def test_groups_of_groups() -> None:
    """The example of C2SP tlog-policy: two of X and one of Y."""
    text = "\n".join(
        [
            f"witness {name} {verify.Key(name=name, type=4, public=name.encode() * 16)}"
            for name in ("X1", "X2", "X3", "Y1")
        ]
        + ["group X 2 X1 X2 X3", "group Y any Y1", "group both all X Y", "quorum both"]
    )
    policy = parse_policy(text.encode())
    assert [policy.met_by(signers) for signers in (["X1", "X3", "Y1"], ["X1", "Y1"], ["X1", "X2", "X3"], [])] == [
        True,
        False,
        False,
        False,
    ]


def test_groups_nested_three_thousand_deep_are_judged() -> None:
    """A policy of unknown origin: no depth of groups ends in anything but an answer."""
    key = verify.Key(name="X", type=4, public=b"x" * 32)
    groups = "".join(f"group g{number} all g{number - 1}\n" for number in range(1, 3000))
    policy = parse_policy(f"witness X {key}\ngroup g0 any X\n{groups}quorum g2999\n".encode())
    assert policy.met_by(["X"])
    assert not policy.met_by(["g2998", "Y"])


def test_files_all_or_nothing(tmp_path: Path) -> None:
    log = cosigned_log(tmp_path / "log", 40)
    names = {index: f"station-{index}" for index in range(40)}
    for target in (tmp_path / "receipts", tmp_path / "receipts.zip"):
        assert write_receipts(target, make_receipts(Folder(log), [3, 5]), names) == 2
        with pytest.raises(LogError, match="exists already"):
            write_receipts(target, make_receipts(Folder(log), [3]), names)
    assert sorted(os.listdir(tmp_path / "receipts")) == ["station-3.tlog-proof", "station-5.tlog-proof"]
    with zipfile.ZipFile(tmp_path / "receipts.zip") as archive:
        assert archive.read("station-5.tlog-proof") == bytes(make_receipt(Folder(log), 5))
    for name in ("../out", "a/b", "", ".hidden"):
        with pytest.raises(MalformedError, match="not a file's name"):
            write_receipts(tmp_path / "other", make_receipts(Folder(log), [3]), {3: name})

    def broken() -> Iterator[tuple[int, bytes]]:
        yield 0, b""
        raise DamagedError("half-way")

    with pytest.raises(DamagedError):
        write_receipts(tmp_path / "other", broken(), names)
    assert sorted(os.listdir(tmp_path)) == ["log", "receipts", "receipts.zip"]


@pytest.mark.slow
def test_the_one_file_verifies_alone(tmp_path: Path) -> None:
    """verify.py copied away, without the rest of veedor on the path."""
    shutil.copy(Path(verify.__file__), tmp_path / "verify.py")
    (tmp_path / "receipt").write_bytes(receipt_of(entries(9), 4))
    (tmp_path / "policy").write_bytes(policy_text())
    (tmp_path / "entry").write_bytes(entries(9)[4])
    (tmp_path / "other").write_bytes(entries(9)[5])

    def run(*arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-P", "verify.py", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    status, said = run("receipt", "policy", "entry")
    assert (status, said.splitlines()[0]) == (0, f"verified: entry 4 of 9 in {ORIGIN}, cosigned by oea, onu, partido")
    assert run("receipt", "policy", "other")[0] == 1
    assert run("receipt", "absent")[0] == 2
    assert run("receipt")[0] == 2
    assert "import veedor" not in (tmp_path / "verify.py").read_text()
    assert "from veedor" not in (tmp_path / "verify.py").read_text()


@pytest.mark.slow
def test_the_printed_page_carries_the_whole_receipt(tmp_path: Path) -> None:
    zxingcpp: Any = pytest.importorskip("zxingcpp", reason="reading the QR code back needs zxing-cpp")
    numpy: Any = pytest.importorskip("numpy")
    import segno

    policy = parse_policy(ED25519_POLICY)
    log = cosigned_log(tmp_path / "log", 700)
    receipt = bytes(make_receipt(Folder(log), 345))
    assert len(receipt) > QR_BYTES  # with its ML-DSA-44 cosignature it has no room in a code
    page = printed_receipt(receipt, policy)
    assert "El código no lleva 1 firma que no cabe" in page
    assert "345 / 700" in page
    small = bytes(verify.Receipt(**{**parse_receipt(receipt).__dict__, "checkpoint": _without_pq(receipt)}))
    code = segno.make(small, error="l", boost_error=False, micro=False)
    assert code.svg_inline(border=4, omitsize=True) in page
    pixels = numpy.repeat(numpy.repeat(numpy.array(list(code.matrix_iter(border=4)), dtype=numpy.uint8), 4, 0), 4, 1)
    (read,) = zxingcpp.read_barcodes((1 - pixels) * 255)
    assert bytes(read.bytes) == small
    assert verify_receipt(bytes(read.bytes), policy).index == 345


def _without_pq(receipt: bytes) -> bytes:
    lines = parse_receipt(receipt).checkpoint.decode().splitlines(keepends=True)
    return "".join(line for line in lines if WITNESSES["partido"].name not in line).encode()


def test_the_printed_page_escapes_what_it_shows() -> None:
    made = [b"<script>alert(1)</script>", b"\xff\xfe"]
    assert "<script" not in printed_receipt(receipt_of(made, 0, cosigned=False), None)
    assert "\\xff\\xfe" in printed_receipt(receipt_of(made, 1, cosigned=False), None)
    with pytest.raises(MalformedError, match="a QR code holds 2953"):
        printed_receipt(receipt_of([b"x" * 3000], 0, cosigned=False), None)


@pytest.fixture(scope="module")
def page(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The page as a file, in a browser that is cut off; whatever it would ask of the network is noted."""
    file = tmp_path_factory.mktemp("page") / "verify.html"
    file.write_text(verifying_page(ED25519_POLICY), "utf-8")
    context = browser.new_context(offline=True, locale="en-US")
    opened = context.new_page()
    opened.asked = []
    opened.on("request", lambda request: opened.asked.append(request.url))
    opened.on("pageerror", lambda error: opened.asked.append(str(error)))
    opened.goto(file.as_uri())
    yield opened
    assert opened.asked == [file.as_uri()]
    context.close()


def verdict(page: Any, receipt: bytes) -> tuple[str, str]:
    page.fill("#receipt", receipt.decode())
    page.click("#go")
    page.wait_for_selector("#verdict:not([data-state=waiting])")
    return page.get_attribute("#verdict", "data-state"), page.inner_text("#verdict")


@pytest.mark.browser
@pytest.mark.parametrize("size", SIZES)
def test_the_page_verifies_what_we_verify(page: Any, size: int) -> None:
    made = entries(size)
    for index in {0, size // 2, size - 1}:
        assert verdict(page, receipt_of(made, index)) == (
            "verified",
            "VERIFIED: this entry is in the log, exactly so.",
        )
        assert f"{index} of {size}" in page.inner_text("#shown")
        assert f"station\t{index}" in page.inner_text("#shown")


@pytest.mark.browser
def test_the_page_refuses_what_we_refuse(page: Any) -> None:
    made = entries(13)
    sound = receipt_of(made, 9)
    alone = receipt_of(made, 9, cosigned=False)
    assert verdict(page, alone)[1].startswith("NOT VERIFIED: the quorum is not met: nobody")
    policy = parse_policy(ED25519_POLICY)
    keep = sound.index(WITNESSES["partido"].name.encode())  # neither the page nor this policy looks at that line
    for at in range(0, keep, 11):
        changed = sound[:at] + bytes([sound[at] ^ 1]) + sound[at + 1 :]
        try:
            changed.decode()
        except UnicodeDecodeError:
            continue
        with pytest.raises(verify.RecordError):
            verify_receipt(changed, policy)
        assert verdict(page, changed)[0] == "not-verified", changed
    assert verdict(page, sound)[0] == "verified"


@pytest.mark.browser
def test_the_page_does_not_decide_what_it_cannot_check(page: Any) -> None:
    """All three witnesses are asked for, and one signs with ML-DSA-44."""
    given = page.input_value("#policy")
    page.click("#policy-details summary")
    try:
        page.fill("#policy", policy_text().decode())
        state, said = verdict(page, receipt_of(entries(5), 3))
        assert (state, said.startswith("UNDECIDED: the quorum needs an ML-DSA-44 signature")) == ("undecided", True)
        page.fill("#policy", policy_text("2").decode())
        assert verdict(page, receipt_of(entries(5), 3))[0] == "verified"
        page.fill("#policy", policy_text().decode())
        assert verdict(page, receipt_of(entries(5), 3, cosigned=False))[0] == "not-verified"
    finally:
        page.fill("#policy", given)
        page.click("#policy-details summary")


@pytest.mark.browser
def test_the_page_speaks_spanish_and_takes_a_file(page: Any, tmp_path: Path) -> None:
    file = tmp_path / "x.tlog-proof"
    file.write_bytes(receipt_of(entries(5), 3))
    page.set_input_files("#file", str(file))
    page.click("#language")
    assert page.get_attribute("html", "lang") == "es"
    page.click("#go")
    page.wait_for_selector("#verdict[data-state=verified]")
    assert page.inner_text("#verdict") == "VERIFICADO: esta entrada está en el registro, exactamente así."
    page.click("#language")
    assert page.get_attribute("html", "lang") == "en"


def test_the_page_takes_no_policy_that_is_not_one() -> None:
    with pytest.raises(MalformedError):
        verifying_page(b"rubbish\n")
    assert "</script><script>" not in verifying_page(b"# </script><script>alert(1)\nquorum none\n")
    assert 'id="given-policy">""<' in verifying_page(b"")
