"""How one input ended, and whether it may: with a value or a refusal in words; never another error, never slowly."""

import re
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal

from tests.fuzz.overlay import scratch
from tests.fuzz.target import InvariantError, Target

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 5.0
"""Processor time that an input may take."""

Kind = Literal["value", "refused", "raised", "broken", "slow", "died"]
ALLOWED: tuple[Kind, ...] = ("value", "refused")


@dataclass(frozen=True, kw_only=True)
class Ending:
    """kind: what became of the input. what, place: of an error. way: tells one way of ending from the others."""

    kind: Kind
    what: str = ""
    place: str = ""
    seconds: float = 0.0

    @property
    def allowed(self) -> bool:
        """Whether a program may end so on any input."""
        return self.kind in ALLOWED

    @property
    def way(self) -> str:
        """The ending without what is only this input's: figures and quoted pieces."""
        what = self.what if self.kind in ("refused", "broken") else self.what.partition(":")[0]
        return f"{self.kind} {self.place} {_general(what)}"

    def __str__(self) -> str:
        return f"{self.kind}: {self.what[:200]} ({self.place or 'no place'})"


def judge(target: Target, data: bytes) -> Ending:
    """Run the target on the input."""
    from veedor.errors import VeedorError
    from veedor.record.verify import RecordError

    before = time.process_time()
    try:
        target.run(data)
        ending = Ending(kind="value")
    except (VeedorError, RecordError) as error:
        said = str(error)[:2000].replace(str(scratch()), "")
        ending = Ending(kind="refused", what=said, place=type(error).__name__)
    except InvariantError as error:
        ending = Ending(kind="broken", what=str(error), place=target.name)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a panic of a library in Rust is no Exception
        said = " ".join(str(error).split())
        ending = Ending(kind="raised", what=f"{type(error).__name__}: {said[:500]}", place=place_of(error))
    seconds = time.process_time() - before
    if seconds > SECONDS and ending.allowed:
        return Ending(kind="slow", what=f"{seconds:.1f} s of processor time", place=target.name, seconds=seconds)
    return Ending(kind=ending.kind, what=ending.what, place=ending.place, seconds=seconds)


def place_of(error: BaseException) -> str:
    """The innermost line of veedor that the error came through; of the tests where there is none."""
    return _innermost(error.__traceback__, "/src/veedor/") or _innermost(error.__traceback__, "/tests/")


def _innermost(trace: TracebackType | None, part: str) -> str:
    try:
        frames = traceback.extract_tb(trace)
    except RecursionError:
        return "too deep"
    for frame in reversed(frames):
        path = frame.filename.replace("\\", "/")
        if part in path and "/tests/fuzz/" not in path:
            return f"{path[path.rindex(part) + 1 :]}:{frame.lineno} {frame.name}"
    return ""


def place_in_dump(dump: str) -> str:
    """The innermost line of veedor in what `faulthandler` wrote of the thread that was stopped."""
    for path, line, name in re.findall(r'File "([^"]+)", line (\d+) in (\S+)', dump):
        if "/src/veedor/" in path:
            return f"{path[path.rindex('/src/veedor/') + 1 :]}:{line} {name}"
    return ""


def _general(text: str) -> str:
    """A message without what is only this input's."""
    without = re.sub(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", "'…'", text[:400])
    return re.sub(r"[0-9a-f]{16,}|\d+", "0", without)[:160]
