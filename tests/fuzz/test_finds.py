"""What the fuzzers ever found ends well now; and each target is tried on its seeds and on some changed inputs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz import finds, limits, supervise
from tests.fuzz.judge import ROOT, Ending
from tests.fuzz.targets import TARGETS

SEED = 1
GROUPS = 2
"""Processes that the targets are shared among: each loads the program once."""


@pytest.mark.slow
def test_every_find_that_is_kept_ends_as_an_input_may(tmp_path: Path) -> None:
    """A value or a refusal in words, in time and memory. A find of a target that is gone goes with it."""
    pairs = list(finds.kept())
    assert {name for name, _ in pairs} <= set(TARGETS), "a find of no target"
    endings = supervise.replayed_pairs(pairs, tmp_path / "scratch")
    bad = [f"{path.parent.name}/{path.name}: {ending}" for path, ending in endings.items() if not ending.allowed]
    assert len(endings) == len(pairs)
    assert not bad, "\n".join(bad)


@pytest.mark.slow
@pytest.mark.parametrize("group", range(GROUPS))
def test_seeds_and_changed_inputs_end_as_they_may(group: int, tmp_path: Path) -> None:
    """The same inputs in every run. One that fails is written beside the finds: mend what it shows, and keep it."""
    names = list(TARGETS)[group::GROUPS]
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.replay", "--share", str(SEED), *names],
        cwd=ROOT,
        env=supervise.environment(tmp_path),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=600,
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    bad = []
    for one in told:
        if "input" in one:
            path = finds.keep(one["target"], one["input"].encode("latin-1"), tmp_path)
            ending = Ending(**{name: one[name] for name in ("kind", "what", "place", "seconds")})
            bad.append(f"{one['target']}: {ending}; the input is {path}")
    assert not bad, "\n".join(bad)
    last = [one["now"] for one in told if "now" in one][-1:]
    assert done.returncode == 0, f"{last}: {done.stderr.decode('utf-8', 'replace')[-3000:]}"
    tried = {one["done"]: one["tried"] for one in told if "done" in one}
    assert set(tried) == set(names)
    assert min(tried.values()) >= 3


def test_an_input_has_seconds_and_a_process_memory() -> None:
    assert 0 < limits.SECONDS <= 60
    assert limits.MEMORY <= 2 << 30
