"""What became of each change, kept line by line so that a run can be stopped and go on; and the table at the end."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.mutants.changes import Change, sample
from tests.mutants.trials import Outcome


@dataclass
class Results:
    """Outcomes by change. mark: the tree's fingerprint; a change that nobody noticed is known for that tree only."""

    path: Path
    mark: str
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.read()

    def read(self) -> None:
        """What the file holds by now."""
        if not self.path.is_file():
            return
        for line in self.path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            outcome = Outcome(by=entry["by"])
            if outcome.noticed or entry["mark"] == self.mark:
                self.outcomes[entry["key"]] = outcome

    def of(self, source: bytes, change: Change) -> Outcome | None:
        """What became of a change of this source; None if it was not tried."""
        return self.outcomes.get(_key(source, change))

    def add(self, source: bytes, change: Change, outcome: Outcome) -> None:
        """Keep an outcome: one line, written at once, so that several processes may."""
        entry = {"key": _key(source, change), "by": outcome.by, "mark": self.mark}
        with self.path.open("ab", buffering=0) as file:
            file.write(json.dumps(entry).encode() + b"\n")


def _key(source: bytes, change: Change) -> str:
    place = f"{change.start}-{change.end} {change.after}".encode()
    return hashlib.sha256(hashlib.sha256(source).digest() + place).hexdigest()[:24]


def report(root: Path, modules: Sequence[str], each: int, seed: str, results: Results) -> str:
    """A table of the modules, and every change that no test noticed."""
    width = max(map(len, modules), default=0)
    lines = [f"{'module':{width}}  changes  noticed  survivors  not tried"]
    survivors, totals = [], [0, 0, 0, 0]
    for module in modules:
        source = (root / module).read_bytes()
        found = [(change, results.of(source, change)) for change in sample(source, each, f"{seed}/{module}")]
        found.sort(key=lambda one: (one[0].start, one[0].end))
        left = [change for change, outcome in found if outcome is not None and not outcome.noticed]
        noticed = sum(outcome is not None and outcome.noticed for _, outcome in found)
        row = [len(found), noticed, len(left), len(found) - noticed - len(left)]
        totals = [total + number for total, number in zip(totals, row, strict=True)]
        lines.append(_row(module, row, width))
        survivors += [f"- {module}:{change.line} {change.shown(source)}" for change in left]
    tried = totals[0] - totals[3]
    lines.append(_row("all", totals, width))
    lines.append(f"noticed: {100 * totals[1] / tried:.1f} % of {tried} tried" if tried else "nothing was tried")
    return "\n".join([*lines, "", *survivors])


def _row(name: str, numbers: Sequence[int], width: int) -> str:
    changes, noticed, left, open_ones = numbers
    return f"{name:{width}}  {changes:7}  {noticed:7}  {left:9}  {open_ones:9}"
