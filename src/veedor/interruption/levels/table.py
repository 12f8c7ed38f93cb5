"""False alarms of findings by a test: levels.json, which `python docs/tables/levels.py write` makes.

Every figure is of elections in which nothing was altered, of the kinds of `veedor simulate` and the demo's own; by kind
in docs/methods/levels.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import BaseModel

from veedor.document import Json

FILE = Path(__file__).parent / "levels.json"

PAGE = "methods/levels.md"
VERDICT, TAKEN, OTHERS, DOSSIER = (
    "the-projections-verdict",
    "by-what-the-projection-takes-an-election-for",
    "false-alarms-and-power-of-the-interruptions-other-findings",
    "every-finding-of-a-dossier",
)
"""Headings of the page, as addresses have them."""

PROJECTED = "lead_as_projected"
CLEAN = "0.0000"


class _Count(BaseModel):
    elections: int
    fails: int | None


class _Finding(_Count):
    worst: str
    worst_share: float


class _Alarms(BaseModel):
    elections: int
    fails: Mapping[str, int]


class _File(BaseModel):
    """The parts of levels.json that are read here."""

    tests: tuple[str, ...]
    coverage: Mapping[str, Mapping[str, _Count]]
    taken_for: Mapping[str, _Count]
    alarms: Mapping[str, Mapping[str, _Alarms]]
    findings: Mapping[str, _Finding]
    any: Mapping[str, _Count]


@dataclass(frozen=True, kw_only=True)
class Level:
    """How often a finding does not hold on simulated elections without altered votes.

    elections, fails: how many there were, and in how many it did not hold; taken_for: what the projection took all of
    them for; None: of every kind. worst, worst_share: the simulated kind in which it is most often, and how often.
    row: the part of the documentation's pages that has it.
    """

    check: str
    elections: int
    fails: int
    taken_for: str | None
    worst: str
    worst_share: float
    row: str

    @property
    def share(self) -> float:
        """Share of the elections in which it did not hold."""
        return self.fails / self.elections

    def as_json(self) -> dict[str, Json]:
        """As a finding's `effect` has it under `simulated_false_alarms`."""
        return {
            "share": self.share,
            "elections": self.elections,
            "taken_for": self.taken_for,
            "worst_kind": self.worst,
            "worst_share": self.worst_share,
            "row": self.row,
        }


def level_of(check: str, taken_for: str | None = None) -> Level | None:
    """The level of a finding by its name; None where none was measured, as for findings of fact.

    taken_for: the projection's `kind` of this election, which only its own verdict depends on.
    """
    held = _read()
    if check == PROJECTED:
        return _projected(held, taken_for)
    by_kind = {
        kind: _Count(elections=cells[CLEAN].elections, fails=cells[CLEAN].fails[check])
        for kind, cells in held.alarms.items()
        if CLEAN in cells and check in cells[CLEAN].fails
    }
    if by_kind:
        return _level(check, by_kind, OTHERS)
    found = held.findings.get(check) if check in held.tests else None
    if found is None or found.fails is None:
        return None
    return Level(
        check=check,
        elections=found.elections,
        fails=found.fails,
        taken_for=None,
        worst=found.worst,
        worst_share=found.worst_share,
        row=f"{PAGE}#{DOSSIER}",
    )


def family_level() -> Level | None:
    """The chance that any finding by a test does not hold in a whole dossier of a clean election."""
    return _level("any", _read().any, DOSSIER)


def _projected(held: _File, taken_for: str | None) -> Level | None:
    by_kind = {kind: cells["sheets"] for kind, cells in held.coverage.items() if cells["sheets"].fails is not None}
    found, own = _level(PROJECTED, by_kind, VERDICT), held.taken_for.get(taken_for or "")
    if found is None or own is None or own.fails is None or not own.elections:
        return found
    return Level(
        check=PROJECTED,
        elections=own.elections,
        fails=own.fails,
        taken_for=taken_for,
        worst=found.worst,
        worst_share=found.worst_share,
        row=f"{PAGE}#{TAKEN}",
    )


def _level(check: str, by_kind: Mapping[str, _Count], heading: str) -> Level | None:
    known = {kind: (cell.fails, cell.elections) for kind, cell in by_kind.items() if cell.fails is not None}
    if not known:
        return None
    worst = max(known, key=lambda kind: known[kind][0] / known[kind][1])
    return Level(
        check=check,
        elections=sum(elections for _, elections in known.values()),
        fails=sum(fails for fails, _ in known.values()),
        taken_for=None,
        worst=worst,
        worst_share=known[worst][0] / known[worst][1],
        row=f"{PAGE}#{heading}",
    )


@cache
def _read() -> _File:
    return _File.model_validate_json(FILE.read_bytes())
