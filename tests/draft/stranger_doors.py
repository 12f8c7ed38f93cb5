"""More awkward files, of kinds that nobody made before: spellings of figures, things beside votes, rows that are none.

Figures are drawn with a seed; right totals are theirs, added up here.
"""

import io
import sys
from collections.abc import Callable
from pathlib import Path

from tests.draft.doors import CANDIDATES, Case, figures, right, text, two_counties, whole

Rows = list[list[object]]


def table(votes: list[list[int]], spell: Callable[[int], object] = int, head: tuple[str, ...] = CANDIDATES) -> Rows:
    """A wide table: station, town, votes."""
    rows: Rows = [["Station", "Town", *head[: len(votes[0])]]]
    for number, row in enumerate(votes):
        rows.append([f"S-{number + 1:03}", ("Ayre", "Bann")[number % 2], *map(spell, row)])
    return rows


def case(votes: list[list[int]], rows: Rows | bytes, name: str = "r.csv", ask: str = "", **more: object) -> Case:
    """The file with these rows, whose votes are right."""
    data = rows if isinstance(rows, bytes) else text(rows)
    must = str(more.get("must", "right"))
    return Case(files={name: data}, votes=right(votes), valid=whole(votes), sheets=len(votes), ask=ask, must=must)


def thousands(seed: int, mark: str, delimiter: str = ";") -> Case:
    """Figures over a thousand with a mark between groups of digits."""
    votes = figures(seed, 10, 3, 4000)
    rows = table(votes, lambda number: f"{number:,}".replace(",", mark))
    return case(votes, text(rows, delimiter), ask=mark, must="refused" if mark == "_" else "right")


def quoted_thousands(seed: int) -> Case:
    """The same with commas, in quotation marks."""
    votes = figures(seed, 10, 3, 4000)
    return case(votes, text(table(votes, lambda number: f'"{number:,}"')))


def decimals(seed: int, tail: str) -> Case:
    """Whole numbers written with decimals."""
    votes = figures(seed, 10)
    return case(votes, text(table(votes, lambda number: f"{number}{tail}"), ";"), ask=tail)


def percentages(seed: int, head: str, comma: bool, sign: str, after: bool) -> Case:
    """A share beside each choice's votes."""
    votes = figures(seed, 12)
    header: list[object] = ["Station", "Town"]
    for name in CANDIDATES[:3]:
        header += [name, head.replace("*", name)] if after else [head.replace("*", name), name]
    rows: Rows = [header]
    for number, row in enumerate(votes):
        cells: list[object] = [f"S-{number + 1:03}", ("Ayre", "Bann")[number % 2]]
        for own in row:
            share = f"{100 * own / sum(row):.2f}{sign}"
            share = share.replace(".", ",") if comma else share
            cells += [own, share] if after else [share, own]
        rows.append(cells)
    return case(votes, text(rows, ";" if comma else ","))


def whole_percentages(seed: int) -> Case:
    """Shares rounded to whole numbers, which look like votes."""
    votes = figures(seed, 12)
    rows: Rows = [["Station", "Town", *(word for name in CANDIDATES[:3] for word in (name, f"{name} %"))]]
    for number, row in enumerate(votes):
        shares = [round(100 * own / sum(row)) for own in row]
        cells = [cell for pair in zip(row, shares, strict=True) for cell in pair]
        rows.append([f"S-{number + 1:03}", ("Ayre", "Bann")[number % 2], *cells])
    return case(votes, rows, ask="%")


def marked_cells(seed: int, mark: str, ask: str) -> Case:
    """A footnote's mark after some of the figures, and the note below."""
    votes = figures(seed, 14)
    rows = table(votes)
    for number in (2, 5, 9):
        rows[number][2 + number % 3] = f"{rows[number][2 + number % 3]}{mark}"
    rows.append([f"{mark} recounted", "", "", "", ""])
    return case(votes, rows, ask=ask, must="refused")


def words_for_none(seed: int, word: str) -> Case:
    """A word for "no figure" in three cells."""
    votes = figures(seed, 14)
    rows = table(votes)
    for number in (3, 6, 11):
        rows[number][3] = word
    return case(votes, rows, ask=word, must="refused")


def negative(seed: int) -> Case:
    """A correction below zero."""
    votes = figures(seed, 12)
    rows = table(votes)
    rows[4][2] = -7
    return case(votes, rows, ask="-7", must="refused")


def encoded(seed: int, encoding: str, delimiter: str = ",") -> Case:
    """Another encoding, with a mark of the order of bytes where it has one."""
    votes = figures(seed, 9)
    return case(votes, text(table(votes), delimiter).decode().encode(encoding))


def two_encodings(seed: int) -> Case:
    """The second half of the file in another encoding."""
    votes = figures(seed, 9)
    rows = table(votes)
    for number, row in enumerate(rows[1:]):
        row[1] = ("Peñón", "Cañada")[number % 2]
    lines = text(rows).decode().splitlines(keepends=True)
    data = b"".join(line.encode("utf-8" if place < 5 else "cp1252") for place, line in enumerate(lines))
    return case(votes, data, ask="row 6", must="refused")


def headings(
    seed: int, above: list[list[object]], below: list[list[object]], ask: str = "", must: str = "right"
) -> Case:
    """Lines above the header and below the table."""
    votes = figures(seed, 11)
    return case(votes, [*above, *table(votes), *below], ask=ask, must=must)


def subtotal_rows(seed: int, label: Callable[[str], list[object]], first: bool) -> Case:
    """A row that sums up each town, before or after its stations, in odd places."""
    votes = figures(seed, 12)
    lines = table(votes)
    rows: Rows = [lines[0]]
    for town in ("Ayre", "Bann"):
        own = [line for line in lines[1:] if line[1] == town]
        sums = [sum(int(str(line[2 + place])) for line in own) for place in range(3)]
        total = [*label(town), *sums]
        rows += [total, *own] if first else [*own, total]
    return case(votes, rows)


def running_totals(seed: int) -> Case:
    """A column with the votes added up so far."""
    votes = figures(seed, 12, 2)
    rows = table(votes)
    rows[0].append("Acumulado")
    sofar = 0
    for row, own in zip(rows[1:], votes, strict=True):
        sofar += sum(own)
        row.append(sofar)
    return case(votes, rows, ask="Acumulado")


def rank_column(seed: int, name: str) -> Case:
    """A column that numbers the rows or ranks them, among the figures."""
    votes = figures(seed, 12)
    rows = table(votes)
    rows[0].insert(2, name)
    for number, row in enumerate(rows[1:]):
        row.insert(2, number + 1)
    return case(votes, rows, ask=name)


def differences(seed: int, name: str) -> Case:
    """A column with the lead of the first over the second."""
    votes = figures(seed, 12)
    rows = table(votes)
    rows[0].append(name)
    for row, own in zip(rows[1:], votes, strict=True):
        row.append(abs(own[0] - own[1]))
    return case(votes, rows, ask=name)


def winner_column(seed: int) -> Case:
    """A column with the winner's name and one with the votes of the winner."""
    votes = figures(seed, 12)
    rows = table(votes)
    rows[0] += ["Winner", "Winner votes"]
    for row, own in zip(rows[1:], votes, strict=True):
        row += [CANDIDATES[own.index(max(own))], max(own)]
    return case(votes, rows, ask="Winner votes")


def roman(seed: int) -> Case:
    """Stations by Roman numerals."""
    votes = figures(seed, 10)
    rows = table(votes)
    for row, name in zip(rows[1:], ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"), strict=True):
        row[0] = name
    return case(votes, rows)


def date_ids(seed: int) -> Case:
    """Stations 1-1 to 3-4, which a spreadsheet made dates of."""
    votes = figures(seed, 12)
    rows = table(votes)
    for number, row in enumerate(rows[1:]):
        row[0] = f"{number % 4 + 1:02}-{('Jan', 'Feb', 'Mar')[number // 4]}"
    return case(votes, rows)


def repeated_in_other_case(seed: int) -> Case:
    """A station twice with the same figures, once in capitals and with a blank more."""
    votes = figures(seed, 8)
    rows = table(votes)
    for number, row in enumerate(rows[1:]):
        row[0] = f"School {chr(65 + number)}"
    again = list(rows[3])
    again[0] = str(again[0]).upper() + " "
    rows.append(again)
    return case(votes, rows, ask="School C", must="asked")


def split_station(seed: int) -> Case:
    """One station's choices over two files: each file has other choices of the same stations."""
    votes = figures(seed, 10, 4)
    one: Rows = [["Station", "Town", *CANDIDATES[:2]]]
    two: Rows = [["Station", "Town", *CANDIDATES[2:]]]
    for number, row in enumerate(votes):
        head = [f"S-{number + 1:03}", ("Ayre", "Bann")[number % 2]]
        one.append([*head, *row[:2]])
        two.append([*head, *row[2:]])
    made = case(votes, one)
    return Case(
        files={"a.csv": text(one), "b.csv": text(two)},
        votes=made.votes,
        valid=made.valid,
        sheets=10,
        ask="b.csv",
        must="refused",
    )


def district_names(seed: int) -> Case:
    """Contests told by office and district together, other candidates in each: nothing is pooled in silence."""
    rows: Rows = [["county", "precinct", "office", "district", "candidate", "votes"]]
    first = figures(seed, 6, 2)
    for office, district, names in (
        ("House", "1", CANDIDATES[:2]),
        ("House", "2", ("Ann Ash", "Bo Birch")),
        ("Senate", "1", ("Cy Cole", "Di Dunn")),
        ("Senate", "2", ("Ed Eel", "Fay Fox")),
    ):
        own = first if names == CANDIDATES[:2] else figures(seed + int(district) + len(office), 6, 2)
        for station, row in enumerate(own):
            rows += [
                [*two_counties(station + 10 * int(district)), office, district, name, number]
                for name, number in zip(names, row, strict=True)
            ]
    return Case(files={"r.csv": text(rows)}, votes=right(first), valid=whole(first), sheets=6, ask="district")


def others_between(seed: int, names: tuple[str, ...], totals: bool) -> Case:
    """Ballots with a name of their own, which the printed total holds beside votes, blank and null ones."""
    votes = figures(seed, 14)
    header: list[object] = ["Mesa", "Municipio", *CANDIDATES[:3], "Blancos", "Nulos", *names]
    rows: Rows = [[*header, "Total votantes"] if totals else header]
    for number, row in enumerate(votes):
        spare = [number % 5, (3 * number) % 4, *((number + place) % 3 for place in range(len(names)))]
        cells: list[object] = [number + 1, ("Alta", "Baja")[number % 2], *row, *spare]
        rows.append([*cells, sum(row) + sum(spare)] if totals else cells)
    return case(votes, rows, ask=names[0])


def blank_rows(seed: int) -> Case:
    """Empty rows between towns, and empty columns at the right."""
    votes = figures(seed, 10)
    rows = [[*row, "", ""] for row in table(votes)]
    rows.insert(4, [""] * 7)
    rows.insert(9, [""] * 7)
    rows += [[""] * 7] * 3
    return case(votes, rows)


def header_again(seed: int) -> Case:
    """The header again in the middle, as where pages were joined."""
    votes = figures(seed, 12)
    rows = table(votes)
    rows.insert(7, list(rows[0]))
    return case(votes, rows, ask="row 8", must="refused")


def workbook(seed: int, how: str) -> Case:
    """A workbook with hidden rows, a hidden worksheet, or cells that are merged."""
    from openpyxl import Workbook

    votes = figures(seed, 12)
    rows = table(votes)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Results"
    for row in rows:
        sheet.append(row)
    if how == "hidden rows":
        for number in (4, 7):
            sheet.row_dimensions[number].hidden = True
    if how == "hidden worksheet":
        other = book.create_sheet("Old")
        for row in table(figures(seed + 1, 12)):
            other.append(row)
        other.sheet_state = "hidden"
    if how == "merged":
        sheet.insert_cols(1)
        sheet.cell(1, 1, "County")
        for first, name in ((2, "Oak"), (8, "Elm")):
            sheet.cell(first, 1, name)
            sheet.merge_cells(start_row=first, end_row=first + 5, start_column=1, end_column=1)
    out = io.BytesIO()
    book.save(out)
    return case(votes, out.getvalue(), "r.xlsx", ask="Old" if how == "hidden worksheet" else "")


def two_header_rows(seed: int) -> Case:
    """Parties above candidates, each over one column."""
    votes = figures(seed, 12)
    rows = table(votes)
    return case(votes, [["", "", "Left", "Right", "Centre"], *rows])


def sums_below(seed: int, label: str) -> Case:
    """A last row of shares in per cent, and one of sums, with a short label."""
    votes = figures(seed, 12)
    sums = [sum(row[place] for row in votes) for place in range(3)]
    rows = table(votes)
    rows += [[label, "", *sums], ["%", "", *(f"{100 * own / sum(sums):.1f}" for own in sums)]]
    return case(votes, rows, ask="row 15", must="refused")


def long_with_shares(seed: int) -> Case:
    """A long file with a share of each beside its votes, and a rank."""
    votes = figures(seed, 8)
    rows: Rows = [["county", "precinct", "candidate", "rank", "percent", "votes"]]
    for station, row in enumerate(votes):
        order = sorted(range(3), key=[-number for number in row].__getitem__)
        rows += [
            [*two_counties(station), CANDIDATES[c], order.index(c) + 1, round(100 * row[c] / sum(row)), row[c]]
            for c in range(3)
        ]
    return case(votes, rows)


def long_with_lines(seed: int) -> Case:
    """A long file with two lines of a candidate and the candidate's own total called by no party."""
    votes = figures(seed, 8)
    rows: Rows = [["county", "precinct", "party", "candidate", "votes"]]
    for station, row in enumerate(votes):
        half = row[0] // 3
        rows += [
            [*two_counties(station), "DEM", CANDIDATES[0], row[0] - half],
            [*two_counties(station), "WOR", CANDIDATES[0], half],
            [*two_counties(station), "", CANDIDATES[0], row[0]],
            [*two_counties(station), "REP", CANDIDATES[1], row[1]],
            [*two_counties(station), "IND", CANDIDATES[2], row[2]],
        ]
    return case(votes, rows, ask=CANDIDATES[0])


CASES: dict[str, Callable[[], Case]] = {
    "thousands with a no-break space": lambda: thousands(301, "\u00a0"),
    "thousands with a thin space": lambda: thousands(302, "\u2009"),
    "thousands with a narrow no-break space": lambda: thousands(303, "\u202f"),
    "thousands with an apostrophe": lambda: thousands(304, "'"),
    "thousands with a curly apostrophe": lambda: thousands(305, "’"),
    "thousands with a dot": lambda: thousands(306, "."),
    "thousands with a space": lambda: thousands(307, " "),
    "thousands with an underscore": lambda: thousands(308, "_"),
    "thousands with quoted commas": lambda: quoted_thousands(309),
    "decimals .00": lambda: decimals(310, ".00"),
    "decimals ,0": lambda: decimals(311, ",0"),
    "decimals ,00": lambda: decimals(312, ",00"),
    "shares after, English": lambda: percentages(313, "% *", False, "", True),
    "shares after, comma and sign": lambda: percentages(314, "* (%)", True, " %", True),
    "shares before": lambda: percentages(315, "pct_*", False, "", False),
    "shares without a name": lambda: percentages(316, "", False, "%", True),
    "whole shares": lambda: whole_percentages(317),
    "figures with an asterisk": lambda: marked_cells(318, "*", "*"),
    "figures with a number in brackets": lambda: marked_cells(319, " (1)", "(1)"),
    "figures with a superscript": lambda: marked_cells(320, "¹", "¹"),
    "figures with a letter": lambda: marked_cells(321, "r", "r'"),
    "n/d": lambda: words_for_none(322, "n/d"),
    "s/i": lambda: words_for_none(323, "S/I"),
    "question mark": lambda: words_for_none(324, "?"),
    "not available": lambda: words_for_none(325, "not available"),
    "en blanco": lambda: words_for_none(326, "no consta"),
    "a word of zero": lambda: words_for_none(327, "cero"),
    "below zero": lambda: negative(328),
    "utf-16 with a mark": lambda: encoded(329, "utf-16"),
    "utf-8 with a mark": lambda: encoded(330, "utf-8-sig", ";"),
    "utf-32": lambda: encoded(331, "utf-32", "\t"),
    "two encodings": lambda: two_encodings(332),
    "titles above, notes below": lambda: headings(
        333,
        [["Results of 4 May", "", "", "", ""], ["", "", "", "", ""]],
        [["", "", "", "", ""], ["Source: board", *[""] * 4]],
    ),
    "a footer of two cells": lambda: headings(334, [], [["Printed", "2030-05-05", "", "", ""]], ask="Printed"),
    "signatures below": lambda: headings(
        335, [], [["", "", "", "", ""], ["President", "Secretary", "", "Member", ""]], ask="Member", must="refused"
    ),
    "subtotals with the town's name first": lambda: subtotal_rows(336, lambda town: [town, town], True),
    "subtotals in the town's column": lambda: subtotal_rows(337, lambda town: ["", f"{town} total"], False),
    "subtotals with an empty station": lambda: subtotal_rows(338, lambda town: ["", town], False),
    "subtotals with dashes": lambda: subtotal_rows(339, lambda town: ["---", town], True),
    "running totals": lambda: running_totals(340),
    "a number of the row among the votes": lambda: rank_column(341, "Nº"),
    "an order among the votes": lambda: rank_column(342, "Orden"),
    "a lead": lambda: differences(343, "Margin"),
    "a difference": lambda: differences(344, "Diferencia"),
    "the winner's votes": lambda: winner_column(345),
    "Roman numerals": lambda: roman(346),
    "dates as stations": lambda: date_ids(347),
    "a station again in capitals": lambda: repeated_in_other_case(348),
    "choices split over two files": lambda: split_station(349),
    "office and district": lambda: district_names(350),
    "impugned within the total": lambda: others_between(351, ("Impugnados",), True),
    "appealed and contested within the total": lambda: others_between(352, ("Recurridos", "Comando"), True),
    "not counted, no total": lambda: others_between(353, ("No computados",), False),
    "empty rows and columns": lambda: blank_rows(354),
    "the header again": lambda: header_again(355),
    "hidden rows": lambda: workbook(356, "hidden rows"),
    "a hidden worksheet": lambda: workbook(357, "hidden worksheet"),
    "merged cells": lambda: workbook(358, "merged"),
    "two header rows": lambda: two_header_rows(359),
    "sums and shares below": lambda: sums_below(360, "Σ"),
    "sums and shares below, a word": lambda: sums_below(361, "Totales"),
    "a long file with shares": lambda: long_with_shares(362),
    "lines and their total": lambda: long_with_lines(363),
}


def main() -> None:
    """Print how each ends, for whoever adds some."""
    import tempfile

    from tests.draft.test_doors import ended

    for name, make in CASES.items():
        with tempfile.TemporaryDirectory() as folder:
            how, why = ended(make(), Path(folder))
        if how != "right":
            sys.stdout.write(f"{how:8} {name}: {why[:260]}\n")


if __name__ == "__main__":
    main()
