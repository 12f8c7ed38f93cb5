"""The tables of docs/methods/levels.md, from the lines that docs/tables/levels.py has measured."""

from collections.abc import Iterable, Mapping, Sequence

from veedor.document import Json

Row = Mapping[str, Json]
LEVELS = {"50 %": ("0.25", "0.75", 0.5), "80 %": ("0.1", "0.9", 0.8), "95 %": ("0.025", "0.975", 0.95)}
CLOCKS = {"sheets": "every sheet", "snapshots": "snapshots"}
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


def covered(found: Sequence[Row], low: str, high: str) -> list[bool]:
    """Whether each interval holds the truth; quantiles are told as distances from it."""
    return [each["quantiles"][low] <= 0 <= each["quantiles"][high] for each in found]  # type: ignore[index, call-overload, operator]


def coverage(kinds: Mapping[tuple[str, float], Sequence[Row]]) -> str:
    """How often the hierarchical rule's intervals hold the truth, by kind and clock."""
    rows = []
    for (kind, _), lines in kinds.items():
        for clock, name in CLOCKS.items():
            found = [line[clock] for line in lines]
            shares = [share(covered(found, low, high)) for low, high, _ in LEVELS.values()]  # type: ignore[arg-type]
            sd = sum(each["sd"] for each in found) / len(found)  # type: ignore[index, call-overload, misc]
            verdicts = [each["verdicts"]["lead_as_projected"] for each in found]  # type: ignore[index, call-overload]
            said = [share([one == verdict for one in verdicts]) for verdict in ("does_not_hold", "undecided")]
            rows.append([kind, name, str(len(found)), *shares, f"{sd:.2f}", *said])
    heads = ["kind", "clock", "elections", *LEVELS, "mean sd, points", "does not hold", "undecided"]
    return table(heads, rows)


def alarms(kinds: Mapping[tuple[str, float], Sequence[Row]]) -> str:
    """Share of elections in which each finding does not hold, with the clock of every sheet."""
    rows = []
    for (kind, altered), lines in kinds.items():
        verdicts = [line["sheets"]["verdicts"] for line in lines]  # type: ignore[index, call-overload]
        cells = [share([each[check] == "does_not_hold" for each in verdicts]) for check in CHECKS]  # type: ignore[index, call-overload]
        own = [any(each[check] == "does_not_hold" for check in CHECKS) for each in verdicts]  # type: ignore[index, call-overload]
        rows.append([kind, f"{100 * altered:.2f}", str(len(lines)), *cells, share(own)])
    return table(["kind", "votes altered, %", "elections", *CHECKS, "any of these"], rows)
