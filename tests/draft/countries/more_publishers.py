"""More invented files in the manner of other countries' authorities: other spellings, marks and ways of writing."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import odf.opendocument
import odf.table
import odf.text
import openpyxl
import polars as pl

from tests.draft.countries.ballots import Sheet, invented
from tests.draft.countries.publishers import Published


def _no_blanks(sheets: Sequence[Sheet]) -> list[Sheet]:
    return [replace(sheet, blank=0) for sheet in sheets]


def _grouped(number: int, mark: str) -> str:
    return f"{number:,}".replace(",", mark)


def chile(folder: Path) -> Published:
    """XLSX with a title, a header in two rows with merged cells, and table numbers as texts with leading zeros."""
    sheets = invented(
        51, 40, (30, 28, 12), [("METROPOLITANA", "ÑUÑOA"), ("METROPOLITANA", "MACUL"), ("BIOBÍO", "LOTA")]
    )
    names = ("JARA MARÍA", "KAST JOSÉ", "PARISI FRANCO")
    book = openpyxl.Workbook()
    page = book.active
    page.append(["SERVICIO ELECTORAL"])
    page.append(["Región", "Comuna", "Local", "Mesa", None, "Candidaturas", None, None, "Otros", None, "Total"])
    page.append([None, None, None, "Código", "Electores", *names, "Nulos", "Blancos", "Votos emitidos"])
    for cells in ("A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:H2", "I2:J2"):
        page.merge_cells(cells)
    for s in sheets:
        figures = [s.registered, *s.votes, s.null, s.blank, s.cast]
        page.append([*s.place, f"LICEO {s.number // 4}", f"{s.number:06}", *figures])
    book.save(folder / "mesas.xlsx")
    return folder / "mesas.xlsx", sheets, names


def switzerland(folder: Path) -> Published:
    """Windows-1252, semicolons, an apostrophe between thousands, per cent with a decimal comma, numbers with zeros."""
    sheets = [
        replace(s, registered=9 * s.registered, votes=(7 * s.votes[0], 7 * s.votes[1]))
        for s in invented(52, 40, (50, 48), [("Zürich",), ("Bern",), ("Genève",)])
    ]
    lines = [
        "Kanton;Gemeinde-Nr.;Gemeinde;Stimmberechtigte;Abgegebene Stimmzettel;Leere;Ungültige;Gültige;Ja;Nein;Ja in %"
    ]
    for s in sheets:
        cells = [
            s.place[0],
            f"{s.number:04}",
            f"Gemeinde {s.number}",
            _grouped(s.registered, "'"),
            _grouped(s.cast, "'"),
        ]
        cells += [str(s.blank), str(s.null), *(_grouped(number, "'") for number in (s.valid, *s.votes))]
        lines.append(";".join([*cells, f"{100 * s.votes[0] / s.valid:.2f}".replace(".", ",")]))
    (folder / "abstimmung.csv").write_bytes(("\r\n".join(lines) + "\r\n").encode("cp1252"))
    return folder / "abstimmung.csv", sheets, ("Ja", "Nein")


def honduras(folder: Path) -> Published:
    """JSON lines; identifiers with leading zeros, a time with an offset in each row, a key that is always null."""
    sheets = invented(53, 40, (40, 35, 22), [("Francisco Morazán", "Tegucigalpa"), ("Cortés", "Choloma")])
    names = ("Partido Nacional", "Partido Liberal", "LIBRE")
    with (folder / "actas.jsonl").open("w", encoding="utf-8") as stream:
        for s in sheets:
            row: dict[str, object] = {
                "jrv": f"{s.number:05}",
                "departamento": s.place[0],
                "municipio": s.place[1],
                "nota": None,
            }
            row |= {"carga_electoral": s.registered, **dict(zip(names, s.votes, strict=True))}
            row |= {"blancos": s.blank, "nulos": s.null, "recibida": f"2025-11-30T20:{s.number:02}:11-06:00"}
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
    return folder / "actas.jsonl", sheets, names


def south_africa(folder: Path) -> Published:
    """A row for each party, in columns named in one word: PartyName, PartyVotes; a party with a comma in its name."""
    sheets = _no_blanks(invented(54, 30, (45, 30, 20), [("GAUTENG", "JHB"), ("LIMPOPO", "LIM333")]))
    names = ("AFRICAN CONGRESS", "DEMOCRATIC UNION, THE", "FREEDOM FRONT")
    lines = [
        "ElectoralEvent,Province,Municipality,VDNumber,RegisteredVoters,SpoiltVotes,PartyName,PartyVotes,Generated"
    ]
    for s in sheets:
        head = f"2031 NATIONAL,{s.place[0]},{s.place[1]},{32840000 + s.number},{s.registered},{s.null}"
        lines += [f'{head},"{name}",{votes},2031-05-31 18:00' for name, votes in zip(names, s.votes, strict=True)]
    (folder / "npe.csv").write_text("\n".join(lines) + "\n")
    return folder / "npe.csv", sheets, names


def hungary(folder: Path) -> Published:
    """ODS with names in Hungarian."""
    sheets = _no_blanks(invented(55, 30, (45, 44, 8), [("BUDAPEST",), ("VAS",)]))
    names = ("ALMA", "KÖRTE", "DIÓ")
    header = [
        "Vármegye",
        "Település",
        "Szavazókör",
        "Választópolgárok",
        "Megjelentek",
        "Érvénytelen",
        "Érvényes",
        *names,
    ]
    rows: list[list[object]] = [[*header]]
    for s in sheets:
        place = [s.place[0], f"{s.place[0]} {s.number // 4}", f"{s.number:03}"]
        rows.append([*place, s.registered, s.cast, s.null, s.valid, *s.votes])
    document = odf.opendocument.OpenDocumentSpreadsheet()
    table = odf.table.Table(name="Szavazókörök")
    for row in rows:
        line = odf.table.TableRow()
        for cell in row:
            kind = {"valuetype": "float", "value": str(cell)} if isinstance(cell, int) else {"valuetype": "string"}
            made = odf.table.TableCell(**kind)
            made.addElement(odf.text.P(text=str(cell)))
            line.addElement(made)
        table.addElement(line)
    document.spreadsheet.addElement(table)
    document.save(str(folder / "szavazas.ods"))
    return folder / "szavazas.ods", sheets, names


def costa_rica(folder: Path) -> Published:
    """Tabs, a row for each party, and two ballots of a table under PAPELETA, blank votes among the parties."""
    sheets = invented(56, 25, (30, 28, 20), [("San José", "Escazú"), ("Limón", "Pococí")])
    lines = ["PROVINCIA\tCANTON\tJUNTA\tPAPELETA\tPARTIDO\tVOTOS\tELECTORES"]
    for s in sheets:
        for ballot, more in (("DIPUTADOS", 2), ("PRESIDENTE", 0)):
            figures = {name: votes + more for name, votes in zip(("PLN", "PUSC", "FA"), s.votes, strict=True)}
            figures |= {"VOTOS NULOS": s.null, "VOTOS EN BLANCO": s.blank}
            head = f"{s.place[0]}\t{s.place[1]}\t{s.number}\t{ballot}"
            lines += [f"{head}\t{party}\t{votes}\t{s.registered}" for party, votes in figures.items()]
    (folder / "juntas.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder / "juntas.tsv", sheets, ("PLN", "PUSC", "FA")


def turkey_in_utf16(folder: Path) -> Published:
    """UTF-16 with a byte-order mark, dotted and dotless capitals, a point between thousands."""
    drawn = _no_blanks(invented(57, 40, (50, 48), [("ANKARA", "ÇANKAYA"), ("İZMİR", "BORNOVA")]))
    sheets = [replace(s, registered=s.registered + 2_000, votes=(s.votes[0] + 700, s.votes[1] + 700)) for s in drawn]
    names = ("AYŞE YILMAZ", "MEHMET DEMİR")
    lines = [f"İL;İLÇE;SANDIK NO;KAYITLI SEÇMEN;OY KULLANAN;GEÇERSİZ OY;GEÇERLİ OY;{';'.join(names)}"]
    for s in sheets:
        figures = [_grouped(number, ".") for number in (s.registered, s.cast, s.null, s.valid, *s.votes)]
        lines.append(";".join([*s.place, str(s.number), *figures]))
    (folder / "sandik.csv").write_bytes(("\n".join(lines) + "\n").encode("utf-16"))
    return folder / "sandik.csv", sheets, names


def nigeria(folder: Path) -> Published:
    """Parquet with every figure as a float, the ballots under `Accredited` before the parties, and coordinates."""
    sheets = _no_blanks(invented(58, 40, (40, 35, 22), [("LAGOS", "IKEJA"), ("KANO", "DALA")]))
    names = ("APC", "LP", "PDP")
    columns: dict[str, list[object]] = {"State": [s.place[0] for s in sheets], "LGA": [s.place[1] for s in sheets]}
    columns["PU-Code"] = [f"24/11/{s.number:02}/001" for s in sheets]
    columns["Registered_Voters"] = [float(s.registered) for s in sheets]
    columns["Accredited"] = [float(s.cast) for s in sheets]
    columns |= {name: [float(s.votes[place]) for s in sheets] for place, name in enumerate(names)}
    columns["Rejected"] = [float(s.null) for s in sheets]
    columns |= {"lat": [6.5 + s.number / 100 for s in sheets], "lon": [3.3] * len(sheets)}
    pl.DataFrame(columns).write_parquet(folder / "irev.parquet")
    return folder / "irev.parquet", sheets, names
