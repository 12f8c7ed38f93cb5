"""How the program ends: its own faults are told from those of the input, and nobody is shown a traceback for a file."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from veedor import cli
from veedor.errors import VeedorError


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (VeedorError("no such file"), 2, "veedor: no such file\n"),
        (MemoryError(), 2, "not enough memory"),
        (RecursionError(), 2, "nests values inside one another"),
        (OSError(28, "No space left on device", "out.csv"), 2, "veedor: out.csv: No space left on device\n"),
        (KeyError("rest"), 70, "a fault of veedor itself"),
    ],
)
def test_how_an_error_ends_the_program(
    error: Exception, status: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(command: str | None) -> None:
        raise error

    monkeypatch.setattr(cli, "application", fails)
    monkeypatch.setattr(sys, "stdout", sys.stdout)  # put back what the program puts a shield before
    monkeypatch.setattr(sys, "stderr", sys.stderr)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    told = capsys.readouterr().err
    assert ended.value.code == status
    assert said in told
    assert ("Traceback" in told) == (status == 70)


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.03, 0.1, 0.2, 0.3, 0.45])
def test_an_early_interruption_is_quiet(tmp_path: Path, seconds: float) -> None:
    """The interpreter's own start is not ours: an interruption in its first milliseconds may end it by the signal."""
    command = [sys.executable, "-P", "-m", "veedor", "demo", "--out", str(tmp_path / "out")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        time.sleep(seconds)
        os.kill(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=60)
    if b"__main__.py" in said or b"Traceback" not in said:  # else the interpreter had not come to our first line
        assert process.returncode in (130, -signal.SIGINT)
        assert b"Traceback" not in said
