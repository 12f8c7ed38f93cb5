"""The tables of docs/methods/levels.md, from the lines that docs/tables/levels.py has measured."""

from collections.abc import Iterable, Mapping, Sequence
from statistics import NormalDist

from veedor.document import Json

Row = Mapping[str, Json]
LEVELS = (0.5, 0.8, 0.95)
CLOCKS = {"sheets": "every sheet", "snapshots": "snapshots"}
FAILS = "does_not_hold"
CHECKS = ("lead_as_projected", "within_place_change", "jump_at_stop", "trend_between_places")


def by_kind(rows: Iterable[Row]) -> dict[tuple[str, float], list[Row]]:
    """Lines by kind and share of votes altered, in the order of their first."""
    found: dict[tuple[str, float], list[Row]] = {}
    for row in rows:
        task = row["task"]
        found.setdefault((task["kind"], task["altered"]), []).append(row)  # type: ignore[index, call-overload]
    return found


def share(values: Sequence[bool], digits: int = 1) -> str:
    """A share as per cent."""
    return f"{100 * sum(values) / len(values):.{digits}f}" if values else ""


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join([*lines, *("| " + " | ".join(cells) + " |" for cells in rows)])


def coverage(kinds: Mapping[tuple[str, float], Sequence[Row]]) -> str:
    """How often the hierarchical rule's intervals hold the truth, by kind and clock."""
    rows = []
    for (kind, _), lines in kinds.items():
        for clock, name in CLOCKS.items():
            found = [line[clock] for line in lines]
            far = [abs(each["error"]) for each in found]  # type: ignore[index, call-overload, arg-type]
            cells = []
            for level in LEVELS:
                reach = NormalDist().inv_cdf((1 + level) / 2)
                held = [error <= reach * each["sd"] for error, each in zip(far, found, strict=True)]  # type: ignore[index, call-overload, operator]
                low = sum(held) / len(held) < level - 2 * (level * (1 - level) / len(held)) ** 0.5
                cells.append(f"**{share(held)}**" if low else share(held))
            sd = sum(each["sd"] for each in found) / len(found)  # type: ignore[index, call-overload, misc]
            beyond = [error > each["reach"] for error, each in zip(far, found, strict=True)]  # type: ignore[index, call-overload, operator]
            rows.append([kind, name, str(len(found)), *cells, f"{sd:.2f}", share(beyond)])
    return table(
        [
            "kind",
            "clock",
            "elections",
            *(f"{100 * level:.0f} %" for level in LEVELS),
            "mean sd, points",
            "outside the widest",
        ],
        rows,
    )


def alarms(kinds: Mapping[tuple[str, float], Sequence[Row]]) -> str:
    """Share of elections in which each finding does not hold, with the clock of every sheet."""
    rows = []
    for (kind, altered), lines in kinds.items():
        verdicts = [line["sheets"]["verdicts"] for line in lines]  # type: ignore[index, call-overload]
        cells = [share([each[check] == FAILS for each in verdicts if check in each]) for check in CHECKS]  # type: ignore[index, call-overload]
        own = [any(each.get(check) == FAILS for check in CHECKS) for each in verdicts]  # type: ignore[union-attr]
        rows.append([kind, f"{100 * altered:.2f}", str(len(lines)), *cells, share(own)])
    return table(["kind", "votes altered, %", "elections", *CHECKS, "any of these"], rows)


TESTS = (
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


def of_rooms(kinds: Mapping[tuple[str, float], Sequence[Row]], *, tests: bool) -> str:
    """How often each finding does not hold, over all kinds and in the worst."""
    verdicts = {kind: [line["verdicts"] for line in lines] for (kind, _), lines in kinds.items()}
    names = dict.fromkeys(name for lines in verdicts.values() for each in lines for name in each)  # type: ignore[union-attr]
    rows = []
    for name in names:
        if (name in TESTS) is not tests:
            continue
        failed = {kind: [each.get(name) == FAILS for each in lines] for kind, lines in verdicts.items()}  # type: ignore[union-attr]
        every = [one for lines in failed.values() for one in lines]
        worst = max(failed, key=lambda kind: sum(failed[kind]) / len(failed[kind]))
        rows.append([name, str(len(every)), share(every), f"{share(failed[worst])} ({worst})" if any(every) else ""])
    return table(["finding by a test" if tests else "finding of fact", "elections", "all kinds", "most, in"], rows)


def any_of_rooms(kinds: Mapping[tuple[str, float], Sequence[Row]]) -> str:
    """The chance that at least one finding by a test fails in a dossier, by kind."""
    rows = []
    for (kind, _), lines in kinds.items():
        failed = [any(line["verdicts"].get(name) == FAILS for name in TESTS) for line in lines]  # type: ignore[union-attr]
        rows.append([kind, str(len(lines)), share(failed)])
    return table(["kind", "elections", "any finding by a test"], rows)
