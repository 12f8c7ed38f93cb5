"""What docs/tables/levels.py has measured, summed up: counts by kind, as levels.json holds them.

That file comes with the package (`veedor.interruption.levels`): findings print their false alarms from it, and the page
is written from it. A kind that has been measured anew takes the place of what was there before.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import NormalDist

from veedor.document import Json

Row = Mapping[str, Json]
Table = dict[str, Json]

LEVELS = (0.5, 0.8, 0.95)
CLOCKS = {"sheets": "every sheet", "snapshots": "snapshots"}
FAILS = "does_not_hold"
CHECKS = ("within_place_change", "jump_at_stop", "trend_between_places")
TESTS = (
    "lead_as_projected",
    *CHECKS,
    "identical_rows",
    "second_digit",
    "last_digit",
    "integer_percentages",
    "klimek",
    "turnout_and_share",
    "resampled_density",
    "repeated_rows",
)
"""Findings whose verdict is by a test; those of the other findings are facts of the count."""

ENOUGH = 60
HIDDEN = 0.25
"""Share of missing sheets of hidden places (`learned.HIDDEN_PLACES`)."""

BENT = 2.0
"""From this many standard errors on a relation is taken to bend (`veedor.interruption.projection.lateness.learned`)."""


def by_kind(rows: Iterable[Row]) -> dict[tuple[str, float], list[Row]]:
    """Lines by kind and share of votes altered, in the order of their first."""
    found: dict[tuple[str, float], list[Row]] = {}
    for row in rows:
        task = row["task"]
        found.setdefault((task["kind"], task["altered"]), []).append(row)  # type: ignore[index, call-overload]
    return found


def read(path: Path) -> Table:
    """The file as it is; empty tables where it is not there yet."""
    empty: Table = {"coverage": {}, "random": {}, "taken_for": {}, "power": {}, "alarms": {}, "findings": {}, "any": {}}
    return {**empty, **(json.loads(path.read_text()) if path.exists() else {})}


def merged(table: Table, parts: Mapping[str, Sequence[Row]]) -> Table:
    """The table with what was measured anew of each part."""
    found: dict[str, dict[str, Json]] = {name: dict(held) for name, held in table.items() if isinstance(held, dict)}  # type: ignore[arg-type]
    for (kind, _), lines in by_kind(parts["coverage"]).items():
        if _takes_over(len(lines), found["coverage"].get(kind, {}).get("sheets")):  # type: ignore[union-attr]
            found["coverage"][kind] = coverage_of(lines)
    if parts["random"]:
        found["random"] = random_of(parts["random"])
    if parts["coverage"]:
        found["taken_for"] = taken_for(parts["coverage"])
    for (kind, altered), lines in by_kind(parts["power"]).items():
        _put(found["power"], kind, altered, _alarm(lines))
    for (kind, altered), lines in by_kind([*parts["interruption"], *parts["altered"]]).items():
        _put(found["alarms"], kind, altered, alarms_of(lines))
    if _takes_over(len(parts["rooms"]), next(iter(found["findings"].values()), None)):
        found["findings"], found["any"] = rooms_of(by_kind(parts["rooms"]))
    return {**table, **found}


def random_of(lines: Sequence[Row]) -> Table:
    """As `coverage_of`, kind by kind, those apart in which many missing sheets are of hidden places."""
    found: Table = {}
    for (kind, _), each in by_kind(lines).items():
        hidden = [line for line in each if line["hidden"] > HIDDEN]  # type: ignore[operator]
        found[kind] = coverage_of([line for line in each if line not in hidden])
        if hidden:
            found[f"{kind}, hidden"] = coverage_of(hidden)
    return found


def _put(held: dict[str, Json], kind: str, altered: float, cell: Table) -> None:
    cells, size = held.setdefault(kind, {}), f"{altered:.4f}"
    assert isinstance(cells, dict)
    if _takes_over(int(cell["elections"]), cells.get(size)):  # type: ignore[arg-type]
        cells[size] = cell


def _takes_over(elections: int, before: Json) -> bool:
    """True if so many elections are enough to take the place of what was measured before."""
    there = before.get("elections", 0) if isinstance(before, dict) else 0
    return elections > 0 and elections >= min(int(there), ENOUGH)  # type: ignore[arg-type]


def _alarm(lines: Sequence[Row]) -> Table:
    return {"elections": len(lines), "fails": sum(line["sheets"]["fails"] for line in lines)}  # type: ignore[call-overload, index, misc]


def coverage_of(lines: Sequence[Row]) -> Table:
    """By clock: how many elections; in how many each interval held; mean sd; how many lay outside the widest; alarms."""
    found: Table = {}
    for clock in CLOCKS:
        each = [line[clock] for line in lines]
        held = [
            sum(abs(one["error"]) <= NormalDist().inv_cdf((1 + level) / 2) * one["sd"] for one in each)  # type: ignore[arg-type, call-overload, index, operator]
            for level in LEVELS
        ]
        found[clock] = {
            "elections": len(each),
            "held": held,
            "sd": round(sum(one["sd"] for one in each) / len(each), 4),  # type: ignore[call-overload, index, misc]
            "beyond": sum(abs(one["error"]) > one["reach"] for one in each),  # type: ignore[arg-type, call-overload, index, operator]
            "fails": sum(one["fails"] for one in each),  # type: ignore[call-overload, index, misc]
            "undecided": len(each) - held[-1] - sum(one["fails"] for one in each),  # type: ignore[call-overload, index, misc]
        }
    return found


def taken_for(lines: Sequence[Row]) -> Table:
    """By what the projection takes an election for: how many, and in how many `lead_as_projected` does not hold."""
    found: dict[str, dict[str, int]] = {name: {"elections": 0, "fails": 0} for name in ("unrelated", "tied", "bending")}
    for line in lines:
        one = line["sheets"]
        bent = one["bend"] * (1 if one["late"] >= 0 else -1) >= BENT  # type: ignore[call-overload, index, operator]
        name = "unrelated" if one["tied"] < 0.5 else "bending" if bent else "tied"  # type: ignore[call-overload, index, operator]
        found[name]["elections"] += 1
        found[name]["fails"] += one["fails"]  # type: ignore[call-overload, index, operator]
    return dict(found)


def alarms_of(lines: Sequence[Row]) -> Table:
    """How many elections, and in how many each of CHECKS does not hold."""
    verdicts = [line["sheets"]["verdicts"] for line in lines]  # type: ignore[index, call-overload]
    return {
        "elections": len(lines),
        "fails": {check: sum(each.get(check) == FAILS for each in verdicts) for check in CHECKS},  # type: ignore[union-attr]
        "any": sum(any(each.get(check) == FAILS for check in CHECKS) for each in verdicts),  # type: ignore[union-attr]
    }


def rooms_of(kinds: Mapping[tuple[str, float], Sequence[Row]]) -> tuple[Table, Table]:
    """Each finding over all kinds and in the worst; and by kind the elections in which any finding by a test fails."""
    verdicts = {kind: [line["verdicts"] for line in lines] for (kind, _), lines in kinds.items()}
    names = dict.fromkeys(name for lines in verdicts.values() for each in lines for name in each)  # type: ignore[union-attr]
    found: Table = {}
    for name in names:
        failed = {kind: sum(each.get(name) == FAILS for each in lines) for kind, lines in verdicts.items()}  # type: ignore[union-attr]
        worst = max(failed, key=lambda kind: failed[kind] / len(verdicts[kind]))
        found[name] = {
            "elections": sum(map(len, verdicts.values())),
            "fails": sum(failed.values()),
            "worst": worst,
            "worst_share": failed[worst] / len(verdicts[worst]),
        }
    any_test: Table = {
        kind: {
            "elections": len(lines),
            "fails": sum(any(each.get(name) == FAILS for name in TESTS) for each in lines),  # type: ignore[union-attr]
        }
        for kind, lines in verdicts.items()
    }
    return found, any_test
