"""Awkward files, written by code, whose right values are known: each is read right, asked about, or refused."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

Cells = Sequence[Sequence[object]]
CANDIDATES = ("Lía Ortega", "Tom Vance", "Uma Reyes", "Ivo Katz")
NAMES = ("Ortega", "Vance", "Reyes", "Katz")


@dataclass(frozen=True, kw_only=True)
class Case:
    """Files, the votes of each choice (a part of its name, small), valid votes, and what a question must name."""

    files: dict[str, bytes]
    votes: dict[str, int] = field(default_factory=dict)
    valid: int | None = None
    sheets: int | None = None
    ask: str = ""
    must: str = "right"
    """The least that is expected: right, asked (a question that holds `ask`), or refused."""


def text(rows: Cells, delimiter: str = ",", end: str = "\n") -> bytes:
    """A text table."""
    return "".join(delimiter.join(map(str, row)) + end for row in rows).encode()


def figures(seed: int, stations: int, choices: int = 3, most: int = 190) -> list[list[int]]:
    """Votes by station and choice."""
    draw = random.Random(seed)
    return [[draw.randint(12, most) for _ in range(choices)] for _ in range(stations)]


def right(votes: list[list[int]]) -> dict[str, int]:
    """Totals by the family name of each choice."""
    return {NAMES[place].lower(): sum(row[place] for row in votes) for place in range(len(votes[0]))}


def whole(votes: list[list[int]]) -> int:
    """All votes."""
    return sum(map(sum, votes))


def long_rows(
    votes: list[list[int]], place: Callable[[int], tuple[str, str]], more: Callable[[int, int, int], Sequence[object]]
) -> list[list[object]]:
    """Rows of county, precinct, candidate, and what else is said of the votes of each."""
    return [
        [*place(station), CANDIDATES[choice], *more(station, choice, number)]
        for station, row in enumerate(votes)
        for choice, number in enumerate(row)
    ]


def two_counties(station: int) -> tuple[str, str]:
    """County and precinct."""
    return ("Oak", "Elm")[station % 2], f"Ward {station + 1}"


def parts_beside_a_total(seed: int, total: str, ways: Sequence[str], first: bool) -> Case:
    """Columns of ways of voting beside their total, which stands first or last."""
    draw = random.Random(seed)
    votes = figures(seed, 6)

    def more(station: int, choice: int, number: int) -> list[object]:
        cuts = sorted(draw.randint(0, number) for _ in ways[1:])
        parts = [b - a for a, b in zip([0, *cuts], [*cuts, number], strict=True)]
        return [number, *parts] if first else [*parts, number]

    header = ["county", "precinct", "candidate", *([total, *ways] if first else [*ways, total])]
    rows = long_rows(votes, two_counties, more)
    return Case(files={"results.csv": text([header, *rows])}, votes=right(votes), valid=whole(votes), sheets=6)


def sum_of_some(seed: int, name: str, at: int) -> Case:
    """A wide table with a column that sums the smaller choices."""
    votes = figures(seed, 14, 4)
    header: list[object] = ["Station", "Town", *CANDIDATES]
    header.insert(2 + at, name)
    rows = []
    for number, row in enumerate(votes):
        cells: list[object] = [f"S-{number:03}", ("Ayre", "Bann")[number % 2], *row]
        cells.insert(2 + at, row[1] + row[2] + row[3])
        rows.append(cells)
    return Case(files={"results.csv": text([header, *rows])}, votes=right(votes), ask=name)


def total_of_all(seed: int, name: str, at: int, blank: bool) -> Case:
    """A wide table with a column of the sum of all choices, of blank votes too."""
    votes = figures(seed, 12)
    header: list[object] = ["Mesa", "Municipio", *CANDIDATES[:3], *(["Votos en blanco"] if blank else [])]
    header.insert(2 + at, name)
    rows = []
    for number, row in enumerate(votes):
        spare = [number % 4] if blank else []
        cells: list[object] = [number + 1, ("Alta", "Baja")[number % 2], *row, *spare]
        cells.insert(2 + at, sum(row) + sum(spare))
        rows.append(cells)
    return Case(files={"r.csv": text([header, *rows])}, votes=right(votes), valid=whole(votes), sheets=12)


def total_rows(seed: int, word: str, wide: bool, each: bool) -> Case:
    """A row that sums up each county (or all), named by a word."""
    votes = figures(seed, 8)
    counties = [two_counties(station)[0] for station in range(8)]
    groups = ["Oak", "Elm"] if each else ["Oak"]
    rows: list[list[object]] = []
    for county in ("Oak", "Elm"):
        own = [row for row, one in zip(votes, counties, strict=True) if one == county]
        stations = [station for station in range(8) if counties[station] == county]
        sums = [sum(row[choice] for row in own) for choice in range(3)]
        lines = [(f"Ward {station + 1}", row) for station, row in zip(stations, own, strict=True)]
        lines += [(word, sums)] if county in groups else []
        for name, row in lines:
            if wide:
                rows.append([county, name, *row])
            else:
                rows += [[county, name, CANDIDATES[place], number] for place, number in enumerate(row)]
    header = ["county", "precinct", *CANDIDATES[:3]] if wide else ["county", "precinct", "candidate", "votes"]
    return Case(files={"r.csv": text([header, *rows])}, votes=right(votes), valid=whole(votes), sheets=8)


def no_total(seed: int, word: str) -> Case:
    """A row that is called a total and is none: ballots by post, which no station has."""
    votes = figures(seed, 6)
    rows: list[list[object]] = [[f"{number + 1}", *row] for number, row in enumerate(votes[:5])]
    rows.append([word, *votes[5]])
    return Case(
        files={"r.csv": text([["Polling station", *CANDIDATES[:3]], *rows])}, votes=right(votes), valid=whole(votes)
    )


def rounds(seed: int, name: str, words: tuple[str, str]) -> Case:
    """Two rounds in one file."""
    votes = figures(seed, 5)
    again = figures(seed + 1, 5, 2)
    rows: list[list[object]] = [[words[0], *row] for row in long_rows(votes, two_counties, lambda s, c, n: [n])]
    rows += [[words[1], *row] for row in long_rows(again, two_counties, lambda s, c, n: [n])]
    header = [name, "county", "precinct", "candidate", "votes"]
    return Case(files={"r.csv": text([header, *rows])}, votes=right(votes), valid=whole(votes), sheets=5, ask=name)


def modes(seed: int, column: str, total: str, everywhere: bool) -> Case:
    """Rows of ways of voting and of their total; the total everywhere, or the parts."""
    votes = figures(seed, 6)

    def lines(station: int, choice: int, number: int) -> list[list[object]]:
        post = number // 3
        both = [["In person", number - post], ["By post", post], [total, number]]
        if station == 5:
            return both[2:] if everywhere else both[:2]
        return both

    rows = [
        [*two_counties(station), CANDIDATES[choice], *line]
        for station, row in enumerate(votes)
        for choice, number in enumerate(row)
        for line in lines(station, choice, number)
    ]
    header = ["county", "precinct", "candidate", column, "votes"]
    return Case(files={"r.csv": text([header, *rows])}, votes=right(votes), valid=whole(votes), sheets=6, ask=column)


def fusion(seed: int, column: str) -> Case:
    """One candidate on the lines of two parties, and blank votes without a party."""
    votes = figures(seed, 6, 2)
    rows: list[list[object]] = []
    for station, (first, second) in enumerate(votes):
        place = two_counties(station)
        rows += [[*place, "LAB", CANDIDATES[0], first - 9], [*place, "GRN", CANDIDATES[0], 9]]
        rows += [[*place, "CON", CANDIDATES[1], second], [*place, "", "Blanks", station]]
    header = ["county", "precinct", column, "candidate", "votes"]
    return Case(files={"r.csv": text([header, *rows])}, votes=right(votes), valid=whole(votes), sheets=6)


def districts(seed: int, column: str, names: Sequence[str]) -> Case:
    """Other candidates in each district, under one office."""
    votes = figures(seed, 6, 4)
    rows: list[list[object]] = []
    for station, row in enumerate(votes):
        place = station * len(names) // 6
        for choice in (0, 1):
            own = CANDIDATES[choice] if place == 0 else f"Person {place}{choice}"
            rows.append([two_counties(station)[0], f"P{station}", "Assembly", names[place], own, row[choice]])
    first = [row[:2] for station, row in enumerate(votes) if station * len(names) // 6 == 0]
    header = ["county", "precinct", "office", column, "candidate", "votes"]
    return Case(files={"r.csv": text([header, *rows])}, votes=right(first), valid=whole(first), ask=column)


def other_labels(seed: int, labels: Sequence[str]) -> Case:
    """Labels that are no choices among those that are."""
    votes = figures(seed, 6)
    rows: list[list[object]] = []
    for station, row in enumerate(votes):
        rows += [[*two_counties(station), CANDIDATES[place], number] for place, number in enumerate(row)]
        rows += [[*two_counties(station), label, 3 + place] for place, label in enumerate(labels)]
    header = ["county", "precinct", "candidate", "votes"]
    return Case(files={"r.csv": text([header, *rows])}, votes=right(votes), valid=whole(votes), sheets=6)


def total_label(seed: int, label: str, blank: bool) -> Case:
    """A label under which each station has the sum of all others, of blank votes too."""
    votes = figures(seed, 7)
    rows: list[list[object]] = []
    for station, row in enumerate(votes):
        place = two_counties(station)
        rows += [[*place, CANDIDATES[choice], number] for choice, number in enumerate(row)]
        rows += [[*place, "Blank", 4]] if blank else []
        rows.append([*place, label, sum(row) + 4 * blank])
    header = ["county", "precinct", "candidate", "votes"]
    return Case(files={"r.csv": text([header, *rows])}, votes=right(votes), valid=whole(votes), sheets=7)


def unnamed_total(seed: int, word: str, at: int, wide: bool) -> Case:
    """A row of the sum of all others that says it by no known word, or has no name at all."""
    votes = figures(seed, 7)
    sums = [sum(row[choice] for row in votes) for choice in range(3)]
    lines: list[tuple[object, list[int]]] = [(station + 1, row) for station, row in enumerate(votes)]
    lines.insert(at, (word, sums))
    rows: list[list[object]] = [["precinct", *CANDIDATES[:3]]] if wide else [["precinct", "candidate", "votes"]]
    for name, row in lines:
        rows += [[name, *row]] if wide else [[name, CANDIDATES[c], number] for c, number in enumerate(row)]
    return Case(files={"r.csv": text(rows)}, votes=right(votes), valid=whole(votes), sheets=7, ask="all other rows")


def ways_of_each(seed: int, ways: Sequence[str], total: str) -> Case:
    """A wide table with the ways of voting of each choice, and their sum."""
    draw = random.Random(seed)
    votes = figures(seed, 9)
    rows: list[list[object]] = [
        ["Precinct", *(f"{name} {way}" for name in CANDIDATES[:3] for way in (*ways, total))],
    ]
    for station, row in enumerate(votes):
        cells: list[object] = [f"P{station}"]
        for number in row:
            cuts = sorted(draw.randint(0, number) for _ in ways[1:])
            cells += [b - a for a, b in zip([0, *cuts], [*cuts, number], strict=True)] + [number]
        rows.append(cells)
    return Case(files={"r.csv": text(rows)}, votes=right(votes), valid=whole(votes), sheets=9)


def spelled(seed: int, other: str, must: str) -> Case:
    """The first candidate under another spelling in the second county."""
    votes = figures(seed, 6, 2)
    rows: list[list[object]] = [
        [*place, other if choice == 0 and place[0] == "Elm" else CANDIDATES[choice], number]
        for station, row in enumerate(votes)
        for choice, number in enumerate(row)
        for place in [two_counties(station)]
    ]
    header = ["county", "precinct", "candidate", "votes"]
    ask = other.split()[0].lower()
    return Case(files={"r.csv": text([header, *rows])}, votes=right(votes), valid=whole(votes), ask=ask, must=must)


def masked(seed: int, mask: str, wide: bool) -> Case:
    """Small figures are hidden."""
    votes = figures(seed, 9)
    hidden = {(1, 2), (4, 0), (7, 2)}
    cell: list[list[object]] = [
        [mask if (s, c) in hidden else number for c, number in enumerate(row)] for s, row in enumerate(votes)
    ]
    table: list[list[object]]
    if wide:
        rows = [[*two_counties(s), *row] for s, row in enumerate(cell)]
        table = [["county", "precinct", *CANDIDATES[:3]], *rows]
    else:
        long = [[*two_counties(s), CANDIDATES[c], n] for s, row in enumerate(cell) for c, n in enumerate(row)]
        table = [["county", "precinct", "candidate", "votes"], *long]
    kept = [[0 if (s, c) in hidden else number for c, number in enumerate(row)] for s, row in enumerate(votes)]
    return Case(files={"r.csv": text(table)}, votes=right(kept), ask=mask, must="asked")


def named_otherwise(name: str, data: bytes, ask: str) -> Case:
    """Another kind of file than its name says."""
    return Case(files={name: data}, ask=ask, must="refused")


def no_parts_total(seed: int, ways: Sequence[str]) -> Case:
    """One column of votes beside one of a way of voting: no sum decides."""
    votes = figures(seed, 6)
    rows = long_rows(votes, two_counties, lambda s, c, number: [number, number // 4])
    header = ["county", "precinct", "candidate", *ways]
    return Case(files={"r.csv": text([header, *rows])}, votes=right(votes), ask=ways[0], must="asked")


def not_choices(seed: int, name: str) -> Case:
    """Ballots that were contested, beside votes and their printed sum."""
    votes = figures(seed, 12)
    rows = [
        [f"{number + 1}", *row, number % 3, 1 + number % 2, number % 5, sum(row)] for number, row in enumerate(votes)
    ]
    header = ["Mesa", *CANDIDATES[:3], "Votos nulos", name, "Votos en blanco", "Votos válidos"]
    return Case(files={"r.csv": text([header, *rows])}, votes=right(votes), valid=whole(votes), ask=name)


def roll_of_the_place(seed: int, name: str) -> Case:
    """A figure of the whole school that is called like one of the sheet."""
    votes = figures(seed, 16)
    rows = [[f"{n:04}", f"Escuela {n // 4}", 3000 + 7 * (n // 4), *row] for n, row in enumerate(votes)]
    header = ["Acta", "Escuela", name, *CANDIDATES[:3]]
    return Case(files={"r.csv": text([header, *rows])}, votes=right(votes), valid=whole(votes), ask=name, sheets=16)


def two_spellings_of_stations(seed: int, how: Callable[[int], tuple[object, object]]) -> Case:
    """Two files of one election, whose stations are written otherwise."""
    votes = figures(seed, 8)
    files = {}
    for side, name in enumerate(("a.csv", "b.csv")):
        more: list[list[object]] = [["Mesa", *CANDIDATES[:3], *(["Fuente"] if side else [])]]
        more += [[how(n + 1)[side], *row, *(["x"] if side else [])] for n, row in enumerate(votes)]
        files[name] = text(more)
    return Case(files=files, votes=right(votes), ask=str(how(1)[0]), must="asked")


def later_states(seed: int, column: str) -> Case:
    """Two stations twice, the later with other figures."""
    votes = figures(seed, 6)
    rows = [[f"{n + 1:03}", *row, "2031-03-04"] for n, row in enumerate(votes)]
    old = [[f"{n + 1:03}", *(number + 1 for number in votes[n]), "2031-03-01"] for n in (1, 4)]
    header = ["Mesa", *CANDIDATES[:3], column]
    return Case(files={"r.csv": text([header, *old, *rows])}, votes=right(votes), ask=column, must="refused")


def fractions(seed: int) -> Case:
    """Votes that namesakes share."""
    votes = figures(seed, 6)
    rows = [[f"S{n}", *row, f"{n + 3}.25" if n % 2 else n + 3] for n, row in enumerate(votes)]
    return Case(
        files={"r.csv": text([["Station", *CANDIDATES], *rows])}, votes={"katz": 1}, ask="Ivo Katz", must="asked"
    )


def remarks(seed: int, column: str) -> Case:
    """Sheets of which a column says that they are challenged."""
    votes = figures(seed, 12)
    words = ["", "", "", "ERROR MATERIAL"] * 3
    rows = [[f"{n + 1}", "Norte", words[n], 400, *row] for n, row in enumerate(votes)]
    header = ["Mesa", "Departamento", column, "Electores", *CANDIDATES[:3]]
    kept = [row for n, row in enumerate(votes) if not words[n]]
    return Case(files={"r.csv": text([header, *rows])}, votes=right(kept), ask=column, must="asked")


def old_line_ends(seed: int, delimiter: str) -> Case:
    """Line ends of old spreadsheets."""
    votes = figures(seed, 6)
    rows = [[f"S{n}", *row] for n, row in enumerate(votes)]
    data = text([["Station", *CANDIDATES[:3]], *rows], delimiter, "\r")
    return Case(files={"r.csv": data}, votes=right(votes), valid=whole(votes), sheets=6)


def several_members(seed: int, kind: str, folder: Path) -> Case:
    """A zip or a workbook with a table for each region, and something else."""
    import io
    import zipfile

    votes = figures(seed, 9)
    header: list[object] = ["Region", "Station", *CANDIDATES[:3]]
    tables: dict[str, list[list[object]]] = {
        name: [header, *([name, f"{name[0]}{n}", *row] for n, row in enumerate(votes) if n % 3 == place)]
        for place, name in enumerate(("North", "South", "East"))
    }
    stream = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(stream, "w") as archive:
            for name, rows in tables.items():
                archive.writestr(f"{name}.csv", text(rows))
            archive.writestr("places.csv", text([["code", "place"], *([n, f"Place {n}"] for n in range(40))]))
        files = {"all.zip": stream.getvalue()}
    else:
        from openpyxl import Workbook

        book = Workbook()
        book.remove(book.active)
        tables["Notes"] = [["Notes"], ["Made by hand"]]
        for name, rows in tables.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(list(row))
        book.save(folder / "made.xlsx")
        files = {"all.xlsx": (folder / "made.xlsx").read_bytes()}
    ask = "places.csv" if kind == "zip" else "Notes"
    return Case(files=files, votes=right(votes), valid=whole(votes), sheets=9, ask=ask)


CASES: dict[str, Callable[[Path], Case]] = {}


def _add(name: str, make: Callable[..., Case], *words: object) -> None:
    CASES[name] = lambda folder: make(*words)


for place, (total, ways) in enumerate(
    [
        ("votes", ["early_votes", "election_day", "mail"]),
        ("votes", ["machine_votes", "absentee", "provisional"]),
        ("total_votes", ["early_votes", "polling_day_votes", "absentee_votes"]),
        ("Votos", ["Votos presencial", "Votos por correo"]),
        ("total", ["in person", "postal votes", "overseas votes"]),
    ]
):
    for ahead in (True, False):
        _add(f"parts beside {total} {place} {ahead}", parts_beside_a_total, 10 + place, total, ways, ahead)
for place, name in enumerate(["Otros", "Others", "Opposition", "Resto"]):
    _add(f"sum of some: {name}", sum_of_some, 20 + place, name, (4, 0, 1, 4)[place])
for place, name in enumerate(["Total", "TOTAL_VOTOS", "xyz", "Suma"]):
    _add(f"sum of all: {name}", total_of_all, 30 + place, name, (3, 0, 3, 0)[place], place % 2 == 1)
for place, word in enumerate(["Total", "County Total", "CUMULATIVE", "Subtotal", "Grand total", "Totales"]):
    _add(f"total rows {word} long", total_rows, 40 + place, word, False, True)
    _add(f"total rows {word} wide", total_rows, 50 + place, word, True, place % 2 == 0)
for word in ("Total postal votes", "Total exterior"):
    _add(f"no total: {word}", no_total, 60, word)
for name, words in {"round": ("1", "2"), "NR_TURNO": ("1", "2"), "Vuelta": ("Primera", "Segunda")}.items():
    _add(f"rounds in {name}", rounds, 62, name, words)
for everywhere in (True, False):
    _add(f"modes {everywhere}", modes, 64, "mode", "TOTAL", everywhere)
    _add(f"methods {everywhere}", modes, 65, "voting_method", "Total", everywhere)
for column in ("party", "party_name", "Partei"):
    _add(f"fusion {column}", fusion, 70, column)
_add("two districts", districts, 72, "district", ["1", "2"])
_add("three constituencies", districts, 73, "constituency", ["North", "South", "West"])
_add("two contests by state district", districts, 74, "district", ["05", "06"])
_add("labels english", other_labels, 76, ["Blanks", "Voids", "Over Votes", "Exhausted"])
_add("labels spanish", other_labels, 77, ["Votos en blanco", "Votos nulos", "Impugnados"])
_add("labels german", other_labels, 78, ["Ungültige", "Informal", "Undervotes"])
for place, label in enumerate(["Contest Totals", "All candidates", "Sum", "Votes in all"]):
    _add(f"total label {label}", total_label, 120 + place, label, place % 2 == 1)
for place, (word, at) in enumerate([("ALL", 7), ("County", 0), ("", 7), ("Gemeinde", 3)]):
    _add(f"unnamed total {word!r} wide", unnamed_total, 130 + place, word, at, True)
    _add(f"unnamed total {word!r} long", unnamed_total, 134 + place, word, at, False)
_add("ways of each choice", ways_of_each, 138, ["Early", "Election Day", "Absentee"], "Total")
_add("two ways of each choice", ways_of_each, 139, ["presencial", "por correo"], "Votos")
_add("case", spelled, 80, "LÍA ORTEGA", "right")
_add("blanks", spelled, 81, "Lía   Ortega", "right")
_add("no-break", spelled, 82, "Lía\u00a0Ortega", "right")
_add("decomposed", spelled, 83, "Li\u0301a Ortega", "right")
_add("accents", spelled, 84, "Lia Ortega", "asked")
_add("order", spelled, 85, "Ortega Lía", "asked")
for place, mask in enumerate(["*", "***", "<10", "(< 25)", "N/A", "ILEGIBLE"]):
    _add(f"masked {mask} wide", masked, 86 + place, mask, True)
    _add(f"masked {mask} long", masked, 92 + place, mask, False)
_add("html as csv", named_otherwise, "r.csv", b"<!DOCTYPE html><html><body>404, a, b</body></html>\n", "HTML")
_add("pdf as csv", named_otherwise, "r.csv", b"%PDF-1.7\n1 0 obj, 2, 3\n", "PDF")
_add("old spreadsheet as csv", named_otherwise, "r.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "XLS")
_add("text as xlsx", named_otherwise, "r.xlsx", b"Station,A,B\n1,2,3\n", "ending .csv")
_add("list as json", named_otherwise, "r.json", b'[{"mesa": 1, "A": 2}, {"mesa": 2, "A": 3}]', "list of 2")
_add("wrapped json", named_otherwise, "r.json", b'{"data": {"rows": [{"mesa": 1, "A": 2}]}}', ".data.rows")
_add("keyed json", named_otherwise, "r.json", b'{"x1": {"A": 2}, "x2": {"A": 3}}', "to_entries")
_add("no header", named_otherwise, "r.csv", text([[n, 100 + n, n, 2 * n, 7, 9] for n in range(1, 9)], ";"), "row 1")
_add("votes and absentee", no_parts_total, 100, ["votes", "absentee_votes"])
_add("votos and correo", no_parts_total, 101, ["votos", "votos por correo"])
for place, name in enumerate(["Votos impugnados", "Votos recurridos", "No computados", "Challenged ballots"]):
    _add(f"not choices: {name}", not_choices, 102 + place, name)
for name in ("votantes", "Votantes del centro", "turnout"):
    _add(f"roll of the place: {name}", roll_of_the_place, 106, name)
_add("padded", two_spellings_of_stations, 108, lambda n: (f"{n:06}", n))
_add("capitals", two_spellings_of_stations, 109, lambda n: (f"m-{n}a", f"M-{n}A"))
for column in ("last_updated", "Actualizado", "version_fecha"):
    _add(f"later states {column}", later_states, 110, column)
_add("fractions", fractions, 112)
for column in ("observacion", "Remarks", "Observaciones"):
    _add(f"remarks {column}", remarks, 113, column)
for mark in (",", ";", "\t"):
    _add(f"old line ends {mark!r}", old_line_ends, 115, mark)
CASES["members of a zip"] = lambda folder: several_members(116, "zip", folder)
CASES["worksheets"] = lambda folder: several_members(117, "xlsx", folder)


def cut_in_files(seed: int, long: bool, names: Sequence[str], key: str, words: Sequence[str]) -> Case:
    """Votes in one file, roll, blank and null votes in another, places in a third, by the number of the station."""
    votes, places = figures(seed, 40, 4), ("Norte", "Sur", "Este")
    draw = random.Random(seed + 1)
    rest = [(700 + station, draw.randint(0, 9), draw.randint(0, 9)) for station in range(40)]
    numbers = [4000 + 7 * station for station in range(40)]
    if long:
        rows = [[numbers[s], NAMES[c], votes[s][c]] for s in range(40) for c in range(4)]
        first = text([[key, "partido", "votos"], *rows])
    else:
        first = text([[key, *NAMES], *([n, *row] for n, row in zip(numbers, votes, strict=True))])
    beside = [[n, *row, sum(own)] for n, row, own in zip(numbers, rest, votes, strict=True)]
    there = [[n, places[n % 3], f"Escuela {n % 5}"] for n in numbers]
    draw.shuffle(beside)
    draw.shuffle(there)
    files = {
        names[0]: first,
        names[1]: text([[key, *words], *beside]),
        names[2]: text([[key, "provincia", "recinto"], *there]),
    }
    return Case(files=dict(sorted(files.items())), votes=right(votes), valid=whole(votes), sheets=40)


def by_polling_place(seed: int) -> Case:
    """Places by the number of the polling place, which many stations have."""
    votes = figures(seed, 30, 3)
    rows = [[100 + station, 9000 + station // 3, *row] for station, row in enumerate(votes)]
    there = [[9000 + number, ("Norte", "Sur")[number % 2], f"Calle {number}"] for number in range(10)]
    files = {
        "lugares.csv": text([["recinto", "provincia", "direccion"], *there]),
        "votos.csv": text([["mesa", "recinto", *NAMES[:3]], *rows]),
    }
    return Case(files=files, votes=right(votes), valid=whole(votes), sheets=30)


def coded(seed: int) -> Case:
    """Votes by the code of a party in one file, the counters of the same tables in another, as in Argentina in 2019."""
    votes = figures(seed, 20, 3)
    codes = ("135", "136", "87")
    mesas = [f"01{station:05}X" for station in range(20)]
    lines = [[m, "1000", c, v] for m, row in zip(mesas, votes, strict=True) for c, v in zip(codes, row, strict=True)]
    beside = [[m, "1000", word, 1 + n % 4] for n, m in enumerate(mesas) for word in ("VB", "VN", "VR")]
    files = {
        "mesas_totales.dsv": text([["CODIGO_MESA", "CODIGO_CATEGORIA", "CONTADOR", "VALOR"], *beside], "|"),
        "mesas_votos.dsv": text(
            [["CODIGO_MESA", "CODIGO_CATEGORIA", "CODIGO_AGRUPACION", "VOTOS_AGRUPACION"], *lines], "|"
        ),
    }
    files = {name.replace(".dsv", ".txt"): data for name, data in files.items()}
    right_votes = {code: sum(row[place] for row in votes) for place, code in enumerate(codes)}
    return Case(files=files, votes=right_votes, valid=whole(votes), sheets=20, ask="VR")


def two_ways(seed: int, names: Sequence[str], lacking: int) -> Case:
    """Votes on paper in one file, by machine in another, of the same stations; some have no machine."""
    paper, machine = figures(seed, 15), figures(seed + 1, 15 - lacking)
    head = ["Section", *NAMES[:3]]
    files = {
        name: text([head, *([n, *row] for n, row in enumerate(votes, start=1))])
        for name, votes in zip(names, (paper, machine), strict=True)
    }
    both = [[a + b for a, b in zip(one, two, strict=True)] for one, two in zip(paper, machine, strict=False)]
    ask = names[1]
    return Case(
        files=files, votes=right(both), valid=whole(both), sheets=15, ask=ask, must="asked" if lacking else "right"
    )


def states_of_one_name(seed: int) -> Case:
    """The same stations in two files whose names say nothing: asked, or refused with the stations."""
    head = ["Section", *NAMES[:3]]
    files = {
        f"{name}.csv": text([head, *([n, *row] for n, row in enumerate(figures(place, 12), start=1))])
        for place, name in enumerate(("alpha", "beta"), start=seed)
    }
    return Case(files=files, ask="beta.csv", must="refused")


SPANISH = ("inscritos", "blancos", "nulos", "validos")
_add("three files, long", cut_in_files, 140, True, ["votos.csv", "padron.csv", "lugares.csv"], "mesa", SPANISH)
_add("three files, wide", cut_in_files, 141, False, ["c.csv", "b.csv", "a.csv"], "Mesa", SPANISH)
_add(
    "three files, code",
    cut_in_files,
    142,
    True,
    ["a.csv", "b.csv", "c.csv"],
    "CodigoMesa",
    ["Inscritos", "VB", "VN", "Total"],
)
_add(
    "three files, english",
    cut_in_files,
    143,
    False,
    ["a.csv", "b.csv", "c.csv"],
    "station",
    ["roll", "blank", "invalid", "valid"],
)
_add("places by polling place", by_polling_place, 144)
_add("codes and counters", coded, 145)
_add("paper and machine", two_ways, 146, ["paper.csv", "machine.csv"], 0)
_add("papel y maquina", two_ways, 147, ["votos_papel.csv", "votos_maquina.csv"], 0)
_add("paper and some machines", two_ways, 148, ["paper.csv", "machine.csv"], 4)
_add("two files of one name", states_of_one_name, 149)


def sheets_as_json(seed: int, shape: str, total: bool = True) -> Case:
    """JSON of several shapes, of which each sheet is an object."""
    import json

    votes = figures(seed, 12, 3)
    entries: list[dict[str, object]] = []
    for station, row in enumerate(votes):
        own: dict[str, object] = dict(zip(NAMES, row, strict=False))
        if shape == "nested":
            own = {"votos": own}
        if total:
            own |= {"validos": sum(row), "nulos": station % 3}
        entries.append({"mesa": f"{station + 1:06}", **own})
    document: object = entries
    if shape == "wrapped":
        document = {"fecha": "2030-05-05", "total": 12, "data": {"actas": entries}}
    if shape == "by station":
        document = {str(entry.pop("mesa")): entry for entry in entries}
    if shape == "by region":
        document = {"Norte": {"actas": entries[:6]}, "Sur": {"actas": entries[6:]}}
    if shape == "lists":
        document = [
            {
                "mesa": f"{station + 1:06}",
                "votos": [{"partido": name, "votos": number} for name, number in zip(NAMES, row, strict=False)],
            }
            for station, row in enumerate(votes)
        ]
    return Case(files={"r.json": json.dumps(document).encode()}, votes=right(votes), valid=whole(votes), sheets=12)


def a_document_each(seed: int, stations: int, absent: int) -> Case:
    """A document for each station, which only the file's name tells; of some nothing has come yet."""
    import json

    votes = figures(seed, stations, 3)
    files: dict[str, bytes] = {}
    for station, row in enumerate(votes):
        own: dict[str, object] = {"mode": "hhcw", "psu": None}
        own["chart"] = dict(zip(NAMES, row, strict=False)) if station >= absent else None
        own["administrasi"] = {"suara_sah": sum(row), "pemilih_dpt": 700} if station >= absent else None
        files[f"{1105072002001 + station}.json"] = json.dumps(own).encode()
    kept = votes[absent:]
    return Case(files=files, votes=right(kept), valid=whole(kept), sheets=len(kept))


def groups_of_columns(seed: int, before: int, choice: int, more: int, header: bool) -> Case:
    """Columns that repeat for each party without a header: its number, its votes, and their parts."""
    draw = random.Random(seed)
    votes = figures(seed, 20, 3)
    rows: list[list[object]] = []
    for station, row in enumerate(votes):
        cells: list[object] = [f"0101{station:05}", *(station % 2 + 1 for _ in range(before - 1))]
        for label, number in zip((4, 11, 32), row, strict=True):
            cut = draw.randint(0, number)
            own: list[object] = [number, *((cut, number - cut) if more else ())]
            cells += [*own[:choice], label, *own[choice:]]
        rows.append(cells)
    wanted = {label: sum(row[place] for row in votes) for place, label in enumerate(("4", "11", "32"))}
    votes_of = {label: number for label, number in wanted.items() if label != "4"}
    return Case(files={"votes.txt": text(rows, ";")}, votes=votes_of, valid=whole(votes), sheets=20, ask="header")


def titles(seed: int, first: Sequence[str], second: Sequence[str]) -> Case:
    """A header of three rows: choices, contests below each, states below those; sums of districts and of all."""
    votes = figures(seed, 9, 3)
    names = ["Valid", *NAMES[:3]]
    width = len(first) * len(second)
    top = ["Nr", "Name", "Part of", *(cell for name in names for cell in [name, *[""] * (width - 1)])]
    middle = ["", "", "", *(cell for _ in names for word in first for cell in [word, *[""] * (len(second) - 1)])]
    last = ["", "", "", *(word for _ in names for _ in first for word in second)]
    rows: list[list[object]] = [["Results"], [], [*top], [*middle], [*last]]

    def line(number: object, name: str, land: object, own: list[int]) -> list[object]:
        cells = [[figure + 7 * place for place in range(width)] for figure in [sum(own), *own]]
        cells[0] = [sum(column) for column in zip(*cells[1:], strict=True)]
        return [number, name, land, *(figure for group in cells for figure in group)]

    for district, row in enumerate(votes, start=1):
        rows.append(line(f"{district:03}", f"Place {district}", 1 + district // 5, row))
    return Case(
        files={"kerg.csv": text(rows, ";")},
        votes=right(votes),
        valid=whole(votes),
        sheets=9,
        ask=second[0],
        must="asked" if len(first) > 1 else "right",
    )


def many_members(seed: int, kind: str, number: int, folder: Path) -> Case:
    """An archive or a workbook of many tables, one for each region, whose name no column has."""
    import io
    import zipfile

    import xlsxwriter

    tables = [figures(seed + place, 5, 3) for place in range(number)]
    head = ["Mesa", "Inscritos", *NAMES[:3]]
    rows: list[list[list[object]]] = [
        [[*head], *([f"{place:02}-{station}", 700, *row] for station, row in enumerate(votes))]
        for place, votes in enumerate(tables)
    ]
    stream = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(stream, "w") as archive:
            for place, lines in enumerate(rows):
                archive.writestr(f"data/results_{place:02}.csv", text(lines))
    else:
        book = xlsxwriter.Workbook(stream)
        for place, lines in enumerate(rows):
            page = book.add_worksheet(f"Region {place + 1}")
            for line, cells in enumerate(lines):
                page.write_row(line, 0, cells)
        book.close()
    every = [row for votes in tables for row in votes]
    return Case(files={f"all.{kind}": stream.getvalue()}, votes=right(every), valid=whole(every), sheets=len(every))


for place, shape in enumerate(("list", "nested", "wrapped", "by station", "by region", "lists")):
    _add(f"json {shape}", sheets_as_json, 160 + place, shape)
    if shape != "lists":
        _add(f"json {shape}, votes only", sheets_as_json, 170 + place, shape, False)
_add("a document for each station", a_document_each, 180, 30, 0)
_add("a document for each station, some empty", a_document_each, 181, 30, 4)
for place, (before, choice, more) in enumerate([(2, 0, 1), (1, 0, 1), (3, 0, 0), (1, 1, 0), (2, 1, 1)]):
    _add(f"groups {before} {choice} {more}", groups_of_columns, 182 + place, before, choice, more, False)
_add("titles of two contests", titles, 190, ["First votes", "Second votes"], ["Final", "Previous"])
_add("titles of one contest", titles, 191, ["Votes"], ["Number", "%"])
CASES["27 members"] = lambda folder: many_members(192, "zip", 27, folder)
CASES["9 worksheets"] = lambda folder: many_members(193, "xlsx", 9, folder)


def blocks(seed: int, column: str, kind: str) -> Case:
    """A table whose first column names a place in the first row of each block only."""
    import io

    import xlsxwriter

    votes = figures(seed, 12, 3)
    rows: list[list[object]] = [[column, "Mesa", *NAMES[:3], "Total"]]
    rows += [
        [("Norte", "Sur", "Este")[n // 4] if n % 4 == 0 else "", f"M{n}", *row, sum(row)] for n, row in enumerate(votes)
    ]
    data = text(rows)
    if kind == "xlsx":
        stream = io.BytesIO()
        book = xlsxwriter.Workbook(stream)
        page = book.add_worksheet()
        for line, cells in enumerate(rows):
            page.write_row(line, 0, cells)
        book.close()
        data = stream.getvalue()
    case = {f"r.{kind}": data}
    return Case(files=case, votes=right(votes), valid=whole(votes), sheets=12, ask=column, must="asked")


for place, (column, kind) in enumerate([("Region", "xlsx"), ("Provincia", "csv"), ("County", "csv")]):
    _add(f"blocks of {column} {kind}", blocks, 200 + place, column, kind)


def other_digits(seed: int, zero: int, long: bool) -> Case:
    """Figures in the digits of another script."""

    def written(number: int) -> str:
        return "".join(chr(zero + int(digit)) for digit in str(number))

    votes = figures(seed, 9, 3)
    rows: list[list[object]] = [["station", *NAMES[:3], "Total"]]
    rows += [[f"Center {n}", *map(written, row), written(sum(row))] for n, row in enumerate(votes)]
    if long:
        rows = [["station", "candidate", "votes"]]
        rows += [
            [f"Center {n}", name, written(v)]
            for n, row in enumerate(votes)
            for name, v in zip(NAMES, row, strict=False)
        ]
    return Case(files={"r.csv": text(rows)}, votes=right(votes), valid=whole(votes), sheets=9)


for place, zero in enumerate((0x660, 0x6F0, 0x966, 0xFF10)):
    _add(f"digits from {zero:x}", other_digits, 210 + place, zero, place % 2 == 1)


def without_names(seed: int) -> Case:
    """Three files without headers, as Bulgaria publishes them: groups of votes, sections with places, protocols."""
    votes = figures(seed, 14, 3)
    draw = random.Random(seed)
    first: list[list[object]] = []
    rest: list[list[object]] = []
    places: list[list[object]] = []
    for station, row in enumerate(votes):
        number = f"0101000{station:02}"
        cuts = [draw.randint(0, figure) for figure in row]
        groups = [[label, n, cut, n - cut] for label, n, cut in zip((4, 11, 32), row, cuts, strict=True)]
        first.append([number, 1, *(cell for group in groups for cell in group)])
        places.append([number, "01. Blagoevgrad", f"Bansko {station // 3}"])
        rest.append([number, 700 + station, sum(row) + 3, 3, sum(row)])
    files = {"protocols.txt": text(rest, ";"), "sections.txt": text(places, ";"), "votes.txt": text(first, ";")}
    wanted = {"11": sum(row[1] for row in votes), "32": sum(row[2] for row in votes)}
    return Case(
        files=files, votes=wanted, valid=whole(votes), sheets=14, ask="sections.txt: there is no header", must="asked"
    )


def lists_of_names(seed: int) -> Case:
    """A list of candidates in each sheet, under keys that say little."""
    import json

    votes = figures(seed, 10, 3)
    sheets = [
        {
            "id": 100 + station,
            "departamento": ("Norte", "Sur")[station % 2],
            "candidatos": [{"nombre": name, "votos": number} for name, number in zip(CANDIDATES, row, strict=False)],
            "nulos": station % 4,
        }
        for station, row in enumerate(votes)
    ]
    document = json.dumps({"updated": "2030-05-05", "mesas": sheets}).encode()
    return Case(files={"r.json": document}, votes=right(votes), valid=whole(votes), sheets=10)


_add("three files without headers", without_names, 220)
_add("lists of names in json", lists_of_names, 221)
