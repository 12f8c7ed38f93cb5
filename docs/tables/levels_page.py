"""The tables of docs/methods/levels.md, from levels.json."""

from collections.abc import Iterable, Mapping, Sequence

from levels_summary import CHECKS, CLOCKS, LEVELS, TESTS

Cells = Mapping[str, Mapping[str, object]]


def share(part: float, whole: float, digits: int = 1) -> str:
    """A share as per cent."""
    return f"{100 * part / whole:.{digits}f}" if whole else ""


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join([*lines, *("| " + " | ".join(cells) + " |" for cells in rows)])


def coverage(kinds: Cells) -> str:
    """How often the hierarchical rule's intervals hold the truth, by kind and clock."""
    rows = []
    for kind, clocks in kinds.items():
        for clock, name in CLOCKS.items():
            cell = clocks[clock]
            n = cell["elections"]  # type: ignore[index]
            cells = []
            for level, held in zip(LEVELS, cell["held"], strict=True):  # type: ignore[index]
                low = held / n < level - 2 * (level * (1 - level) / n) ** 0.5
                cells.append(f"**{share(held, n)}**" if low else share(held, n))
            rows.append([kind, name, str(n), *cells, f"{cell['sd']:.2f}", share(cell["beyond"], n)])  # type: ignore[index]
    heads = [f"{100 * level:.0f} %" for level in LEVELS]
    return table(["kind", "clock", "elections", *heads, "mean sd, points", "outside the widest"], rows)


def projected(kinds: Cells, power: Cells) -> str:
    """Share of elections in which `lead_as_projected` does not hold, by kind and share of votes altered."""
    sizes = list(dict.fromkeys(size for cells in power.values() for size in cells))
    rows = []
    for kind, clocks in kinds.items():
        clean, own = clocks["sheets"], power.get(kind, {})
        if clean.get("fails") is None and not own:  # type: ignore[attr-defined]
            continue
        cells = [_with_number(own.get(size)) for size in sizes]
        undecided = share(clean["undecided"], clean["elections"])  # type: ignore[index]
        rows.append([kind, _with_number(clean), _with_number(clocks["snapshots"]), undecided, *cells])
    heads = ["none", "none, snapshots", "undecided", *(f"{100 * float(size):.2f} %" for size in sizes)]
    return table(["kind", *heads], rows)


def _with_number(cell: object) -> str:
    if not isinstance(cell, Mapping) or cell.get("fails") is None:
        return ""
    return f"{share(cell['fails'], cell['elections'])} of {cell['elections']}"


def taken(kinds: Mapping[str, Mapping[str, int]]) -> str:
    """The same by what the projection takes an election for."""
    rows = [[kind, str(cell["elections"]), share(cell["fails"], cell["elections"])] for kind, cell in kinds.items()]
    return table(["taken for", "elections", "lead_as_projected"], rows)


def alarms(kinds: Cells) -> str:
    """Share of elections in which each other finding does not hold, with the clock of every sheet."""
    clean = [(kind, size, cell) for kind, cells in kinds.items() for size, cell in cells.items() if not float(size)]
    planted = [(kind, size, cell) for kind, cells in kinds.items() for size, cell in cells.items() if float(size)]
    rows = [
        [
            kind,
            f"{100 * float(size):.2f}",
            str(cell["elections"]),  # type: ignore[index]
            *(share(cell["fails"][check], cell["elections"]) for check in CHECKS),  # type: ignore[index]
            share(cell["any"], cell["elections"]) if cell["any"] is not None else "",  # type: ignore[index]
        ]
        for kind, size, cell in [*clean, *planted]
    ]
    return table(["kind", "votes altered, %", "elections", *CHECKS, "any of these"], rows)


def of_rooms(findings: Cells, *, tests: bool) -> str:
    """How often each finding does not hold, over all kinds and in the worst."""
    rows = [
        [
            name,
            str(cell["elections"]),
            share(cell["fails"], cell["elections"]),  # type: ignore[arg-type]
            f"{share(cell['worst_share'], 1)} ({cell['worst']})" if cell["fails"] else "",  # type: ignore[arg-type]
        ]
        for name, cell in findings.items()
        if (name in TESTS) is tests
    ]
    return table(["finding by a test" if tests else "finding of fact", "elections", "all kinds", "most, in"], rows)


def any_of_rooms(kinds: Mapping[str, Mapping[str, int]]) -> str:
    """The chance that at least one finding by a test fails in a dossier, by kind."""
    rows = [[kind, str(cell["elections"]), share(cell["fails"], cell["elections"])] for kind, cell in kinds.items()]
    return table(["kind", "elections", "any finding by a test"], rows)
