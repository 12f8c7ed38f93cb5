"""How many stations each report stands for; strata with no report or with one, and cells with too few, by named rules.

- A stratum without a report is estimated by the other strata of its group together: their stations grow in proportion
  (`shared`). Where a whole group is empty, all groups stand in.
- Of a stratum with one report no error can be computed: for the error it is paired with the next stratum that has
  reports, of its group where there is one (`paired`), or its error is taken as zero if that was asked for (`zero`).
- A post-stratum with too few reports is merged with the next one of the same broader cell, the last with the one before
  it; a broader cell that still has too few is merged in the same way, and so on (`merged`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from veedor.document import LEFT_OUT
from veedor.errors import VeedorError
from veedor.quickcount.frame import Frame
from veedor.quickcount.night import Night

Single = Literal["pair", "zero"]
Rule = Literal["shared", "left_out", "paired", "zero", "merged"]


@dataclass(frozen=True, kw_only=True)
class Collapsed:
    """A stratum that was not taken as it is: its reports, the rule, and the strata that it was taken together with."""

    stratum: str
    received: int
    rule: Rule
    with_: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)


@dataclass(frozen=True, kw_only=True)
class Weighting:
    """What each report stands for.

    cell: int[report], of weights; weight: float[report], stations of the election; group: int[report], of the error
    (pairs of cells are one); fraction: float[group], share of the stations that reported; stations, roll: [cell].
    """

    cell: npt.NDArray[np.int64]
    weight: npt.NDArray[np.float64]
    group: npt.NDArray[np.int64]
    fraction: npt.NDArray[np.float64]
    stations: npt.NDArray[np.float64]
    roll: npt.NDArray[np.float64] | None
    collapsed: tuple[Collapsed, ...]
    strata: int
    received: int
    empty: int


def weigh(night: Night, *, single: Single = "pair", minimum: int | None = None, empty: bool = True) -> Weighting:
    """Weights by the rules above. minimum: reports of a cell below which it is merged; empty: share what is empty."""
    frame = night.frame
    reports = np.bincount(night.place, minlength=len(frame.keys))
    merged = _merged(frame, reports, minimum) if minimum is not None else [[at] for at in range(len(frame.keys))]
    cell_of = np.empty(len(frame.keys), dtype=np.int64)
    for number, members in enumerate(merged):
        cell_of[members] = number
    stations = np.bincount(cell_of, weights=frame.stations).astype(np.float64)
    roll = None if frame.roll is None else np.bincount(cell_of, weights=frame.roll)
    cell = cell_of[night.place]
    held = np.bincount(cell, minlength=len(merged))
    groups = [frame.groups[members[0]] for members in merged]
    names = [_name(frame, members) for members in merged]
    grown = _grown(stations, held, groups) if empty else np.ones(len(merged))
    pairs = _pairs(held, groups) if single == "pair" else list(range(len(merged)))
    group: npt.NDArray[np.int64] = np.array(pairs)[cell]
    represented = np.bincount(np.array(pairs), weights=np.where(held > 0, stations * grown, 0.0), minlength=len(merged))
    reported = np.bincount(group, minlength=len(merged))
    fraction = reported / np.maximum(represented, 1.0) if frame.known else np.zeros(len(merged))
    return Weighting(
        cell=cell,
        weight=(stations * grown / np.maximum(held, 1))[cell],
        group=group,
        fraction=np.minimum(fraction, 1.0),
        stations=stations * grown,
        roll=None if roll is None else roll * grown,
        collapsed=(
            *_merges(frame, reports, merged),
            *_emptied(names, held, groups, shared=empty),
            *_singles(names, held, pairs),
        ),
        strata=len(frame.keys),
        received=int((reports > 0).sum()),
        empty=int((reports == 0).sum()),
    )


def _grown(
    stations: npt.NDArray[np.float64], held: npt.NDArray[np.int64], groups: Sequence[str]
) -> npt.NDArray[np.float64]:
    """float[cell], by how much a cell with reports grows to stand for those of its group that have none."""
    grown = np.ones(len(held))
    names = np.array(groups)
    for name in sorted(set(names[held == 0])):
        mine = names == name
        there = float(stations[mine & (held > 0)].sum())
        if there > 0:
            grown[mine & (held > 0)] = float(stations[mine].sum()) / there
    stand = float((stations * grown)[held > 0].sum())
    if stand == 0:
        raise VeedorError("no report: there is nothing to estimate from")
    return grown * float(stations.sum()) / stand


def _pairs(held: npt.NDArray[np.int64], groups: Sequence[str]) -> list[int]:
    """For each cell the first cell of the set in which its error is computed."""
    first = list(range(len(held)))
    there = [at for at in range(len(held)) if held[at] > 0]
    for place, at in enumerate(there):
        if held[at] != 1 or sum(first[one] == first[at] for one in there) > 1:
            continue
        beside = [*there[place + 1 : place + 2], *there[max(place - 1, 0) : place]]
        mine = [one for one in beside if groups[one] == groups[at]] or beside
        if mine:
            old, new = sorted((first[at], first[mine[0]]), reverse=True)
            first = [new if one == old else one for one in first]
    return first


def _merged(frame: Frame, reports: npt.NDArray[np.int64], minimum: int) -> list[list[int]]:
    """Cells merged along the fixed tree of their columns, the finest first; each with at least `minimum` reports."""
    cells = [[at] for at in range(len(frame.keys))]
    for depth in range(len(frame.columns) - 1, -1, -1):
        families: dict[tuple[str, ...], list[list[int]]] = {}
        for members in cells:
            families.setdefault(frame.keys[members[0]][:depth], []).append(members)
        cells = [members for family in families.values() for members in _joined(family, reports, minimum)]
    return cells


def _joined(family: list[list[int]], reports: npt.NDArray[np.int64], minimum: int) -> list[list[int]]:
    """Cells of one broader cell: one with too few takes in the next, the last is taken in by the one before it."""
    joined: list[list[int]] = []
    for members in family:
        if joined and reports[joined[-1]].sum() < minimum:
            joined[-1] = [*joined[-1], *members]
        else:
            joined.append(list(members))
    if len(joined) > 1 and reports[joined[-1]].sum() < minimum:
        last = joined.pop()
        joined[-1] = [*joined[-1], *last]
    return joined


def _name(frame: Frame, members: Sequence[int]) -> str:
    return " + ".join(" × ".join(frame.keys[at]) for at in members)


def _merges(frame: Frame, reports: npt.NDArray[np.int64], merged: Sequence[Sequence[int]]) -> list[Collapsed]:
    return [
        Collapsed(
            stratum=_name(frame, [at]),
            received=int(reports[at]),
            rule="merged",
            with_=[_name(frame, [one]) for one in members if one != at],
        )
        for members in merged
        if len(members) > 1
        for at in members
    ]


def _where(held: npt.NDArray[np.int64], number: int) -> list[int]:
    return [at for at in range(len(held)) if held[at] == number]


def _emptied(
    names: Sequence[str], held: npt.NDArray[np.int64], groups: Sequence[str], *, shared: bool
) -> list[Collapsed]:
    if not shared:
        return [Collapsed(stratum=names[at], received=0, rule="left_out") for at in _where(held, 0)]
    found = []
    for at in _where(held, 0):
        mine = [names[one] for one in range(len(names)) if held[one] > 0 and groups[one] == groups[at]]
        stand = mine or [names[one] for one in range(len(names)) if held[one] > 0]
        found.append(Collapsed(stratum=names[at], received=0, rule="shared", with_=stand))
    return found


def _singles(names: Sequence[str], held: npt.NDArray[np.int64], pairs: Sequence[int]) -> list[Collapsed]:
    found = []
    for at in _where(held, 1):
        others = [names[one] for one in range(len(names)) if held[one] > 0 and pairs[one] == pairs[at] and one != at]
        rule: Rule = "paired" if others else "zero"
        found.append(Collapsed(stratum=names[at], received=1, rule=rule, with_=others or None))
    return found
