"""A folder that somebody made to break who opens it: a sentence, whatever lies in it; never a trace, never a wait."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.audit import builders, finished
from tests.audit.finished import Audit
from tests.audit.town import veedor
from veedor.audit.formats.cvr import read_records
from veedor.audit.planning.draft import read_terms
from veedor.audit.protocol.consent import record
from veedor.audit.protocol.folder import AuditFolder
from veedor.audit.protocol.status import status_of
from veedor.audit.rounds.draw import draw_round
from veedor.audit.rounds.readings import read_bytes
from veedor.audit.rounds.rounds import assess, enter
from veedor.audit.verified import read_audit
from veedor.audit.verify import NotVerifiedError, verify
from veedor.dossier.pages.audit.standalone import write_forms, write_page
from veedor.errors import VeedorError
from veedor.rim.foreign import read_file

DOCUMENTS = (
    "plan.json",
    "seed.json",
    "round-1/draw.json",
    "round-1/risk.json",
    "round-2/draw.json",
    "round-2/risk.json",
)
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 10**18, 10**30, 1.5, 1e300, "", "x", "9" * 5000, "1e999999999", "\x1b[2J", "\u202e",
    [], [[]], {}, {"a": None}, [None], ["x", 3], {"plan.json": 3}, {"../../etc/passwd": "0" * 64},
    "veedor/audit-plan/1",
)  # fmt: skip


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    return finished.dice(tmp_path_factory.mktemp("kept"))


@pytest.fixture
def audit(kept: Audit, tmp_path: Path) -> Path:
    return Path(shutil.copytree(kept.folder, tmp_path / "audit"))


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where every value of a document stands; of long arrays the first few."""
    found = [path]
    if isinstance(value, dict):
        found += [place for key in value for place in places(value[key], (*path, key))]
    if isinstance(value, list):
        found += [place for at in range(min(len(value), 3)) for place in places(value[at], (*path, at))]
    return found


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    changed = dict(value) if isinstance(value, dict) else list(value)
    changed[path[0]] = replaced(value[path[0]], path[1:], new)
    return changed


def every_command(folder: Path) -> list[Callable[[], object]]:
    """Whatever opens an audit's folder."""
    aside = folder.parent
    return [
        lambda: status_of(folder),
        lambda: draw_round(folder),
        lambda: assess(folder),
        lambda: enter(folder, aside / "one.csv", aside / "two.csv"),
        lambda: record(folder, b"x", None),
        lambda: write_page(folder, aside / "pages"),
        lambda: write_forms(folder, aside / "forms.html", "en"),
        lambda: read_audit(folder),
    ]


@pytest.mark.slow
@given(st.data())
@settings(max_examples=40)
def test_any_value_of_any_document_in_any_other_kind(kept: Audit, tmp_path_factory: Any, data: st.DataObject) -> None:
    """What a check of types lets through is caught by what follows from the rest; a sentence names the file."""
    name = data.draw(st.sampled_from(DOCUMENTS))
    path = kept.folder / name
    before = path.read_bytes()
    document = json.loads(before)
    place = data.draw(st.sampled_from(places(document)))
    new = data.draw(st.sampled_from(VALUES))
    changed = json.dumps(replaced(document, place, new), ensure_ascii=False).encode()
    if json.loads(changed) == document:
        return
    try:
        path.write_bytes(changed)
        with pytest.raises(NotVerifiedError) as found:
            verify(kept.folder)
        assert isinstance(found.value.__cause__, VeedorError) or type(found.value) is NotVerifiedError
        assert not isinstance(found.value.__cause__, TypeError | LookupError | AttributeError | AssertionError)
        with suppress(VeedorError):
            data.draw(st.sampled_from(every_command(kept.folder)))()
    finally:
        path.write_bytes(before)


@pytest.mark.slow
@pytest.mark.parametrize(
    "data",
    [
        b"", b"null", b"[]", b"{}", b"[" * 100_000, b'{"a":' * 100_000, b'{"rests_on": []}', b'{"rests_on": [["x"]]}',
        b'{"format": NaN}', b'{"a": 1, "a": 2}', b"\xff\xfe", b'{"a": ' + b"9" * 5000 + b"}", b"\x00" * 1000,
    ],
)  # fmt: skip
def test_documents_that_are_none(kept: Audit, data: bytes) -> None:
    commands = every_command(kept.folder)
    for number, name in enumerate(DOCUMENTS):
        before = (kept.folder / name).read_bytes()
        try:
            (kept.folder / name).write_bytes(data)
            with pytest.raises(NotVerifiedError, match=name):
                verify(kept.folder)
            with suppress(VeedorError):
                commands[(len(data) + number) % len(commands)]()
        finally:
            (kept.folder / name).write_bytes(before)


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("round-2/interpretations.csv", lambda text: text.rsplit("\n", 2)[0] + "\n", "found no row, wanted"),
        ("round-2/interpretations.csv", lambda text: text.replace(",found,", ",found,1,", 1), "cells"),
        ("round-2/entry-a.csv", lambda text: text.replace(",found,", ",found,x", 1), "whole number"),
        ("manifest.csv", lambda text: text.replace("station", "mesa", 1), "manifest"),
        ("results.csv", lambda text: text + text.splitlines()[-1] + "\n", "results"),
        ("round-1/sample.csv", lambda text: "", "sample.csv"),
        ("round-1/sample.csv", lambda text: "draw\n", "sample.csv is not what the seed gives"),
    ],
)
def test_tables_with_rows_and_cells_that_are_not_right(
    audit: Path, name: str, change: Callable[[str], str], said: str
) -> None:
    """A row missing in what was read: assessing it again says so, and does not end in a KeyError."""
    path = audit / name
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    (audit / "round-2/risk.json").unlink()
    with pytest.raises(NotVerifiedError):
        verify(audit)
    if name == "round-2/interpretations.csv" or said.startswith("sample"):
        with pytest.raises(VeedorError, match=said):
            assess(audit)


def test_a_plan_that_asks_for_more_draws_than_anybody_made(audit: Path) -> None:
    """Ten to the twelve draws would take a year: they are not made to find out that the file does not hold them."""
    folder = AuditFolder(audit)
    from veedor.audit.protocol.plan import parse_plan
    from veedor.audit.rounds import draw

    plan = parse_plan(folder.read("plan.json"))
    many = plan.model_copy(update={"rounds": (10**12, 10**13)})
    with pytest.raises(VeedorError, match="5 draws so far, and the plan asks for 1,000,000,000,000"):
        draw.open_round(folder, 1, many, folder.hash_of("plan.json"))


@pytest.mark.parametrize(
    "command",
    [
        ("verify", "audit"), ("status", "audit"), ("draw", "audit"), ("page", "audit", "--out", "pages"),
        ("assess", "audit"), ("verify", "audit", "--json"), ("consent", "audit", "pipe"),
        ("enter", "audit", "pipe", "pipe2"), ("verify", "audit", "--record", "audit", "--policy", "pipe"),
        ("sign", "audit", "--signatory", "reds", "--key", "key", "--secret", "pipe", "--passphrase", "x"),
        ("statement", "audit", "--signatory", "reds", "--entry", "pipe"), ("draw", "audit", "--policy", "pipe"),
    ],
)  # fmt: skip
def test_no_command_waits_for_a_pipe(audit: Path, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe in the place of any file, and where a command is given a file: exit status 1 or 2 at once."""
    monkeypatch.chdir(audit.parent)
    for name in ("pipe", "pipe2"):
        os.mkfifo(name)
    if "pipe" not in command:
        (audit / "answers/reds-1.txt").unlink()
        os.mkfifo(audit / "answers/reds-1.txt")

    def late(*_: object) -> None:
        raise AssertionError("waited for a pipe")

    signal.signal(signal.SIGALRM, late)
    signal.alarm(20)
    try:
        done = veedor("audit", *command)
    finally:
        signal.alarm(0)
    assert done.exit_code in (1, 2)
    assert "is a pipe" in done.output


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = " + "[" * 20_000, "nests values"),
        (".".join(["a"] * 30_000) + " = 1", "more than 100 dots"),
        ("a = 0x" + "f" * 60_000, "terms"),
        ("a = 1\na = 2", "not TOML"),
        ("x" * (2 << 20), "bytes"),
        ('seed = "dice"', "seed"),
        ("signatories = 3", "signatories"),
        ("quorum = true", "quorum"),
    ],
)
def test_terms_that_are_meant_to_stop_us(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "terms.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(VeedorError, match=said):
        read_terms(path)


@pytest.mark.parametrize(
    "data",
    [
        b'{"Election": ' + b"[" * 50_000, b'{"Election": [3], "CVR": []}',
        b'{"Election": [{"@id": 1, "Contest": 5}], "CVR": 1}',
        b'{"Election": [{"Contest": [{"@id": "mayor", "ContestSelection": 3}]}], "CVR": [{}]}',
        b"9" * 5000 + b"\n1,2\n", b"1\nContest\n", b"a\nb\nc,d\nImprintedId\n",
        b"a\n" + b"," * 30 + b"(" + b" " * 100_000 + b"\nx\nImprintedId," + b"," * 30 + b"\n",
    ],
)  # fmt: skip
def test_records_that_are_meant_to_stop_us(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "records"
    path.write_bytes(data)
    with pytest.raises(VeedorError, match="records"):
        read_records(path, builders.contest())


@pytest.mark.slow
def test_reasons_and_names_do_not_steer_a_screen(tmp_path: Path) -> None:
    """An objection without a signature is anybody's text: it is refused with such a reason, and shown harmless."""
    keys = builders.keys()
    folder = tmp_path / "audit"
    builders.make(folder, builders.terms(builders.signatories(keys)), builders.units(30))
    for reason in ("\x1b[2J\x1b[1;1Hall have consented", "evil \u202e", "two\nlines", "cr\rover", "", " "):
        with pytest.raises(VeedorError, match="reason"):
            builders.objection(folder, "reds", reason)
    builders.objection(folder, "reds", "[red]not [/markup] :smile:")
    assert "[red]not [/markup] :smile:" in veedor("audit", "status", folder).output
    path = folder / "answers/reds-1.txt"
    path.write_text(path.read_text().replace("not [", "\x1b[2J\u202enot ["))  # as another program would write it
    done = subprocess.run(
        [sys.executable, "-m", "veedor", "audit", "status", str(folder)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0
    assert "\\u001b[2J\\u202enot" in done.stdout


def test_a_file_is_read_once(audit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever changes a file while the folder is verified changes nothing: hash and figures are of the same bytes."""
    times: dict[str, int] = {}
    real = read_file

    def counted(path: Path, **more: Any) -> bytes:
        name = str(path)
        times[name] = times.get(name, 0) + 1
        data = real(path, **more)
        if path.suffix != ".sig" and path.exists():
            path.write_bytes(b"another file" * random.Random(1).randrange(9))
        return data

    monkeypatch.setattr("veedor.audit.protocol.folder.read_file", counted)
    steps = verify(audit)
    assert all(step.done for step in steps)
    assert set(times.values()) == {1}
    assert len(times) > 40


@pytest.mark.slow
def test_sizes_that_would_never_end_are_refused_before_the_work(audit: Path) -> None:
    """Choices by the hundred each way, rows by the million, keys and statements of megabytes."""
    from veedor.audit.assertions.from_rule import assertions_for
    from veedor.audit.protocol.plan import parse_plan
    from veedor.audit.tables import table_of
    from veedor.count.totals import Tally
    from veedor.election import LargestRemainder, Plurality

    names = [f"c{number}" for number in range(900)]
    votes = {name: number + 1 for number, name in enumerate(names)}
    tally = Tally(sheets=1, registered=None, votes=votes, blank=0, null=0)
    for rule in (
        Plurality(kind="plurality", seats=450),
        LargestRemainder(kind="largest_remainder", seats=10, quota="hare"),
    ):
        with pytest.raises(VeedorError, match="more than a plan can state"):
            assertions_for(builders.contest(rule, names), tally)
    with pytest.raises(VeedorError, match="more than 10,000,000 rows"):
        table_of(b"\n" * 10_000_001, "it", guarded=True)
    plan = (audit / "plan.json").read_text()
    with pytest.raises(VeedorError, match=r"signatories\.0\.key"):
        parse_plan(plan.replace('"key": "', '"key": "ssh-rsa ' + "A" * 100_000, 1).encode())
    (audit / "answers/reds-1.txt").write_bytes(b"x" * 100_000)
    with pytest.raises(NotVerifiedError, match=r"answers/reds-1\.txt has 100,000 bytes; at most 65,536"):
        verify(audit)


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    keys = builders.keys()
    folder, outside = tmp_path / "audit", tmp_path / "outside"
    outside.mkdir()
    builders.make(folder, builders.terms(builders.signatories(keys)), builders.units(30))
    (folder / "answers").symlink_to(outside)
    with pytest.raises(VeedorError, match="answers is a link"):
        builders.consent(folder, "reds", keys["reds"])
    assert not list(outside.iterdir())


@pytest.mark.parametrize("letter", ["ñ", "\u0661", "\x1f", "\x85"])
def test_signatures_and_keys_with_letters_that_base64_has_not(letter: str) -> None:
    """Python's reader of base64 raises one error for letters beyond ASCII and another else: both are sentences."""
    from veedor.audit.protocol.signing import ARMOR, SignatureError
    from veedor.audit.protocol.signing import verify as verify_signature

    line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGd" + "A" * 40
    armored = f"{ARMOR[0]}\nU1NI{letter}U0lH\n{ARMOR[1]}\n"
    for key, signature in ((line, armored), (line[:-3] + letter, f"{ARMOR[0]}\nU1NIU0lH\n{ARMOR[1]}\n")):
        with pytest.raises(SignatureError):
            verify_signature(key, "text", signature)


def test_what_somebody_names_is_read_from_regular_files_only(tmp_path: Path) -> None:
    for path in (Path("/dev/zero"), tmp_path, tmp_path / "nothing"):
        with pytest.raises(VeedorError):
            read_bytes(path)
