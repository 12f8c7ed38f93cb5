"""What an opponent publishes: files and definitions made to break the reader end with status 2 and in words."""

import io
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.draft.countries.program import Program
from tests.draft.countries.test_wide_files import PLAIN

HEADER = "Commune;Bureau;Inscrits;Blancs;Nuls;a;b\n"
DEFINITION = PLAIN.replace("VOTES_A", "a").replace("VOTES_B", "b")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small election."""
    (tmp_path / "votes.csv").write_text(HEADER + "X;1;100;0;0;30;20\nX;2;90;1;0;20;10\n")
    (tmp_path / "election.toml").write_text(DEFINITION)
    return tmp_path


def test_a_zero_byte_in_a_name_is_a_fault_of_its_row(folder: Path, veedor: Program) -> None:
    (folder / "votes.csv").write_bytes(HEADER.encode() + b"X;1;100;0;0;30;20\nX\0;2;90;1;0;20;10\n")
    answer = veedor("count", folder)
    assert answer.status == 2
    assert "votes.csv, row 3: found a byte of value 0 after 'X'" in answer.err
    count = veedor.count(folder, "--skip-bad-rows")
    assert (count["valid"], len(count["left_out"])) == (50, 1)


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf", b"\n\n\n", b" ; ;\n"])
def test_a_file_without_a_header_is_named_and_nothing_is_drafted(tmp_path: Path, veedor: Program, data: bytes) -> None:
    (tmp_path / "votes.csv").write_bytes(data)
    answer = veedor("new", tmp_path / "my", "--from", tmp_path / "votes.csv")
    assert (answer.status, "votes.csv" in answer.err) == (2, True)
    assert not (tmp_path / "my").exists()


def test_a_cell_longer_than_any_name_does_not_stop_the_draft(tmp_path: Path, veedor: Program) -> None:
    rows = "".join(f"{n},{n + 3},7\n" for n in range(40))
    (tmp_path / "votes.csv").write_text("Mesa,Ana,Blas\n" + rows + '99,"' + "x" * 200_000 + '",1\n')
    answer = veedor("new", tmp_path / "my", "--from", tmp_path / "votes.csv")
    assert answer.status == 0, answer.err
    assert "row 42" in answer.out
    assert len(answer.out) < 2_000


@pytest.mark.slow
@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("a = " + "[" * 50_000 + "]" * 50_000, "inside one another"),
        ("a = " + "9" * 5_000, "a word or number of 5000 characters"),
        ("".join(f"k{number} = 1\n" for number in range(20_000)), "'k0'"),
    ],
    ids=["nested without end", "a number of thousands of digits", "thousands of unknown keys"],
)
def test_a_definition_made_to_break_is_refused_in_few_words(
    folder: Path, veedor: Program, written: str, told: str
) -> None:
    (folder / "election.toml").write_text(written)
    answer = veedor("count", folder)
    assert (answer.status, told in answer.err) == (2, True)
    assert len(answer.err) < 20_000


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ('{ kind = "highest_averages", seats = 1000000000 }', "less than or equal to 1000"),
        ('{ kind = "largest_remainder", seats = 1000000000 }', "less than or equal to 1000"),
        ('{ kind = "two_round", majority = { more_than = 1e-999999999 } }', "between 0 and 1"),
        ('{ kind = "two_round", majority = { more_than = 1e999999999 } }', "between 0 and 1"),
        ('{ kind = "two_round", majority = { more_than = nan } }', "between 0 and 1"),
    ],
)
def test_a_rule_that_nobody_can_compute_is_refused(folder: Path, veedor: Program, rule: str, told: str) -> None:
    (folder / "election.toml").write_text(DEFINITION.replace('{ kind = "two_round" }', rule))
    answer = veedor("count", folder)
    assert answer.status == 2
    assert "contests[1].rule" in answer.err
    assert told in answer.err


def test_a_terminal_that_knows_only_ascii(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from veedor.cli import main

    toml = folder / "election.toml"
    toml.write_text(DEFINITION.replace('"Plain"', '"Elección de Ñuñoa"').replace('"Ana"', '"Ána"'), encoding="utf-8")
    for options, wanted in (((), "Elecci\\xf3n"), (("--by", "x"), "Elecci"), (("--json",), '"election": "plain"')):
        stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
        monkeypatch.setattr(sys, "stdout", stream)
        monkeypatch.setattr(sys, "argv", ["veedor", "count", str(folder), *options])
        with pytest.raises(SystemExit) as stop:
            main()
        stream.flush()
        text = stream.buffer.getvalue().decode("ascii")
        assert stop.value.code in (0, 2), text
        assert options == ("--by", "x") or wanted in text


@pytest.mark.slow
@pytest.mark.parametrize(
    "redirected", ["| head -c 5", ">&-", "--json >&- 2>&-", "> /dev/full"], ids=["head", "closed", "both", "full"]
)
def test_outputs_that_close_or_fill_are_no_reason_for_a_trace(folder: Path, redirected: str) -> None:
    if shutil.which("bash") is None or not Path("/dev/full").exists():
        pytest.skip("needs bash and /dev/full")
    shell = f"set -o pipefail; {sys.executable} -m veedor check {folder} {redirected}"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=False)
    assert done.returncode == (2 if "full" in redirected else 0), done.stderr
    assert "Traceback" not in done.stderr
