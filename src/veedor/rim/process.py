"""How another program is started: never so that the folder somebody stands in decides what runs.

`python -c` and `python -m` put the current folder first among the places that modules are imported from: in a folder of
somebody else's files, a `numpy.py` there would run. Our own modules are therefore run by `python -I` through
`run_module.py`, by its path: no current folder, no PYTHONPATH, no folder of the user's own packages but the one that
this very program lies in.
"""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from veedor.errors import SAID, VeedorError

Process = subprocess.Popen[bytes]

_RUN_MODULE = Path(__file__).resolve().with_name("run_module.py")


def python_command(module: str, *arguments: str) -> list[str]:
    """The command that runs `main()` of one of our modules in a fresh, isolated interpreter."""
    if module.split(".")[0] != "veedor":
        raise ValueError(f"not a module of this program: {module}")
    return [sys.executable, "-I", str(_RUN_MODULE), module, *arguments]


def start(command: Sequence[str]) -> Process | None:
    """A program that is asked and answers through pipes; None where it cannot be started.

    In a process group of its own: who interrupts the terminal interrupts the program that asks, and that one ends it.
    """
    try:
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0)
    except OSError:
        return None


def end(process: Process) -> None:
    """End the program, whatever it is doing; one that ended already is no matter."""
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:  # what was written to it last was never read
                continue
    process.wait()


@dataclass(frozen=True, kw_only=True)
class Ended:
    """The end of a program: its status and the last of its error output."""

    status: int
    said: str


def run(command: Sequence[str], *, seconds: float) -> Ended:
    """Run a program to its end without a shell and without input. VeedorError if it cannot be, or takes longer."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False)
    except OSError as problem:
        raise VeedorError(
            SAID.say("process.not_run", program=command[0], why=problem.strerror or str(problem))
        ) from None
    except subprocess.TimeoutExpired:
        raise VeedorError(SAID.say("process.not_ended", program=command[0], seconds=f"{seconds:g}")) from None
    return Ended(status=done.returncode, said=done.stderr.decode("utf-8", "replace")[-2000:])


def program_named(*names: str) -> str | None:
    """The path of the first of these programs that is installed; never one of the current folder."""
    for name in names:
        found = shutil.which(name)
        if found is not None and Path(found).is_absolute():
            return found
    return None
