"""Invented files in the manner of other countries' authorities: columns as they have them, figures by a seed."""

import json
from collections.abc import Sequence
from pathlib import Path

from tests.draft.countries.ballots import Sheet, invented
from tests.draft.countries.workbooks import write_xlsx

Published = tuple[Path, list[Sheet], tuple[str, ...]]
"""The file, the sheets that it was made of, and the names of the choices in the sheets' order."""

NOWHERE: list[tuple[str, ...]] = [("",)]


def _text(path: Path, lines: Sequence[str], encoding: str = "utf-8", ends: str = "\n") -> Path:
    path.write_bytes((ends.join(lines) + ends).encode(encoding))
    return path


def brazil(folder: Path) -> Published:
    """A row for each urn, office and candidate; all cells quoted; candidates without votes have no row."""
    sheets = invented(31, 60, (52, 45), [("RIO BRANCO",), ("XAPURI",)])
    columns = (
        "DT_GERACAO;NR_TURNO;SG_UF;CD_MUNICIPIO;NM_MUNICIPIO;NR_ZONA;NR_SECAO;CD_CARGO_PERGUNTA;DS_CARGO_PERGUNTA;"
        "NR_PARTIDO;SG_PARTIDO;QT_APTOS;QT_COMPARECIMENTO;QT_ABSTENCOES;DS_TIPO_URNA;CD_TIPO_VOTAVEL;DS_TIPO_VOTAVEL;"
        "NR_VOTAVEL;NM_VOTAVEL;QT_VOTOS"
    )
    rows = [columns.split(";")]
    for office, code, added in (("Presidente", "1", 0), ("Governador", "3", 3)):
        for s in sheets:
            figures = {"13": s.votes[0], "22": s.votes[1], "95": s.blank, "96": s.null}
            kinds = {"95": ("2", "Branco", "Branco"), "96": ("3", "Nulo", "Nulo")}
            names = {"13": "LÚCIA", "22": "JOSÉ"}
            town = "1066" if s.place[0] == "RIO BRANCO" else "1120"
            for number, votes in figures.items():
                kind, what, name = kinds.get(number, ("1", "Nominal", names.get(number, "")))
                if votes:
                    head = [
                        "03/10/2022",
                        "1",
                        "AC",
                        town,
                        s.place[0],
                        str(1 + s.number % 2),
                        str(s.number),
                        code,
                        office,
                    ]
                    party = [number if kind == "1" else "-1", "#NULO#" if kind != "1" else f"P{number}"]
                    of_urn = [str(s.registered), str(s.cast), str(s.registered - s.cast), "APURADA"]
                    rows.append([*head, *party, *of_urn, kind, what, number, name, str(votes + added)])
    lines = [";".join(f'"{cell}"' for cell in row) for row in rows]
    return _text(folder / "bweb_1t_AC.csv", lines, "latin-1", "\r\n"), sheets, ("LÚCIA", "JOSÉ")


def kenya(folder: Path) -> Published:
    """A header in two rows whose upper cells are merged, a row of totals, and a signature."""
    sheets = [_without_blank(s) for s in invented(32, 50, (48, 46, 3), [("MOMBASA",), ("MURANG'A",)])]
    rows: list[list[object]] = [["ELECTORAL COMMISSION"], ["DECLARATION OF RESULTS"], []]
    rows.append(
        [
            "County",
            None,
            "CAW",
            "Polling Station",
            None,
            "Registered Voters",
            "Candidates",
            None,
            None,
            "Total Valid Votes",
            "Rejected",
        ]
    )
    rows.append(
        [
            "Code",
            "Name",
            "Name",
            "Code",
            "Name",
            None,
            "Achieng Odhiambo",
            "Baraka Mwangi",
            "Dida Noor",
            None,
            "Ballots",
        ]
    )
    for s in sheets:
        county = 1 if s.place[0] == "MOMBASA" else 21
        station = [f"0010010{s.number:02}01", f"PRIMARY SCHOOL {s.number // 2}"]
        rows.append([county, s.place[0], f"WARD {s.number // 3}", *station, s.registered, *s.votes, s.valid, s.null])
    sums = [sum(s.registered for s in sheets), *(sum(s.votes[n] for s in sheets) for n in range(3))]
    rows.append(["TOTAL", None, None, None, None, *sums, sum(s.valid for s in sheets), sum(s.null for s in sheets)])
    rows += [[None], ["Returning officer: ________"]]
    write_xlsx(folder / "form34.xlsx", "Form 34B", rows)
    return folder / "form34.xlsx", sheets, ("Achieng Odhiambo", "Baraka Mwangi", "Dida Noor")


def peru(folder: Path) -> Published:
    """Blank, null and contested votes as VOTOS_VB, VOTOS_VN, VOTOS_VI; tables that were not set up; annulled ones."""
    sheets = invented(33, 70, (30, 28, 20), [("AMAZONAS", "BAGUA"), ("ÁNCASH", "HUARAZ")])
    lines = ["UBIGEO;DEPARTAMENTO;PROVINCIA;MESA_DE_VOTACION;DESCRIP_ESTADO_ACTA;N_CVAS;N_ELEC_HABIL;"]
    lines[0] += "VOTOS_P1;VOTOS_P2;VOTOS_P3;VOTOS_VB;VOTOS_VN;VOTOS_VI"
    counted = []
    for s in sheets:
        state = {0: "ANULADA", 1: "SIN INSTALAR", 2: "EXTRAVIADA", 3: "COMPUTADA RESUELTA"}.get(
            s.number % 13, "CONTABILIZADA"
        )
        contested = s.number % 2
        figures: list[object] = [s.cast + contested, s.registered, *s.votes, s.blank, s.null, contested]
        if state in ("SIN INSTALAR", "EXTRAVIADA"):
            figures = ["", s.registered, "", "", "", "", "", ""]
        elif state != "ANULADA":
            counted.append(s)
        lines.append(
            f"{140100 + s.number % 5};{s.place[0]};{s.place[1]};{s.number:06};{state};{';'.join(map(str, figures))}"
        )
    return _text(folder / "resultados.csv", lines, "latin-1", "\r\n"), counted, ("VOTOS_P1", "VOTOS_P2", "VOTOS_P3")


def ecuador(folder: Path) -> Published:
    """A row for each candidate, the table's own figures repeated in each; tables known by parish, sex and number."""
    sheets = invented(34, 60, (33, 31, 22), [("AZUAY",), ("LOJA",)])
    names = ("NOBOA PÉREZ, DANILO", "GONZÁLEZ, LUZ", "IZA; LEÓN")
    lines = ["DIGNIDAD_NOMBRE,PROVINCIA_NOMBRE,CANTON_NOMBRE,PARROQUIA_CODIGO,PARROQUIA_NOMBRE,ZONA_NOMBRE,JUNTA_SEXO,"]
    lines[0] += "JUNTA_NUMERO,CANDIDATO_CODIGO,CANDIDATO_NOMBRE,OP_NOMBRE,ELECTORES,VOTOS,BLANCOS,NULOS,SUFRAGANTES"
    for s in sheets:
        n = s.number
        for order, (name, votes) in enumerate(zip(names, s.votes, strict=True)):
            place = f"PRESIDENTE/A,{s.place[0]},C{n % 2},{100 + n % 4},P{n % 4},URBANA,{'FM'[n // 4 % 2]},{n // 8 + 1}"
            lines.append(f'{place},{order},"{name}",MOV {order},{s.registered},{votes},{s.blank},{s.null},{s.cast}')
    return _text(folder / "resultados.csv", lines), sheets, names


def spain(folder: Path) -> Published:
    """Tables known by town, district, section and letter only."""
    sheets = invented(35, 90, (33, 31, 12), [("Adra",), ("Níjar",), ("Berja",)])
    lines = [
        "CCAA;Código provincia;Provincia;Código municipio;Municipio;Distrito;Sección;Mesa;Censo INE;Total votantes;"
    ]
    lines[0] += "Votos a candidaturas;Votos válidos;Votos nulos;Votos en blanco;PP;PSOE;VOX"
    for s in sheets:
        n, turn = s.number, s.number // 3
        table = f"{n % 3 + 1};{s.place[0]};{1 + turn // 10};{1 + turn // 3};{'ABU'[turn % 3]}"
        figures = [s.registered, s.cast, s.valid, s.valid + s.blank, s.null, s.blank, *s.votes]
        lines.append(f"Andalucía;4;Almería;{table};{';'.join(map(str, figures))}")
    return _text(folder / "PROV_04.csv", lines, "latin-1", "\r\n"), sheets, ("PP", "PSOE", "VOX")


def _without_blank(sheet: Sheet) -> Sheet:
    return Sheet(
        number=sheet.number,
        place=sheet.place,
        registered=sheet.registered,
        votes=sheet.votes,
        blank=0,
        null=sheet.null,
    )


def poland(folder: Path) -> Published:
    """UTF-16 with tabs."""
    sheets = [_without_blank(s) for s in invented(36, 60, (45, 40, 10), [("gm. Łąka",), ("gm. Żory",)])]
    names = ("KOWALSKI Jan", "NOWAK Anna", "ŻÓŁĆ Zbigniew")
    lines = ["Kod TERYT\tGmina\tPowiat\tNr komisji\tSiedziba\tLiczba uprawnionych\tKarty ważne\t"]
    lines[0] += "Liczba głosów nieważnych ogółem\tLiczba głosów ważnych ogółem\t" + "\t".join(names)
    for s in sheets:
        hall = '"Szkoła ""Nr 1"""' if s.number % 5 == 0 else "Świetlica"
        figures = [s.registered, s.cast, s.null, s.valid, *s.votes]
        lines.append(f"0201\t{s.place[0]}\tlubiński\t{s.number}\t{hall}\t" + "\t".join(map(str, figures)))
    return _text(folder / "protokoly.csv", lines, "utf-16", "\r\n"), sheets, names


def turkey(folder: Path) -> Published:
    """Boxes whose numbers repeat from one quarter to the next."""
    sheets = [_without_blank(s) for s in invented(37, 60, (48, 44, 5), [("BORNOVA", "MAH 1"), ("ÇİĞLİ", "MAH 2")])]
    names = ("RECEP ÇİÇEK", "MUHARREM ŞEN", "KEMAL IŞIK")
    lines = ["İl Adı,İlçe Adı,Muhtarlık,Sandık No,Kayıtlı Seçmen Sayısı,Oy Kullanan Seçmen Sayısı,Geçersiz Oy Sayısı,"]
    lines[0] += "Geçerli Oy Sayısı," + ",".join(names)
    for s in sheets:
        figures = [s.registered, s.cast, s.null, s.valid, *s.votes]
        lines.append(f"İZMİR,{s.place[0]},{s.place[1]},{1000 + s.number // 2},{','.join(map(str, figures))}")
    return _text(folder / "sandik.csv", lines), sheets, names


def ukraine(folder: Path) -> Published:
    """Windows-1251; the ballots cast stand behind the candidates."""
    sheets = [_without_blank(s) for s in invented(38, 60, (48, 30, 12), NOWHERE)]
    names = ("Зеленський Володимир", "Порошенко Петро", "Тимошенко Юлія")
    lines = ["Номер ОВО;Номер ВД;Кількість виборців, внесених до списку;Кількість бюлетенів, визнаних недійсними;"]
    lines[0] += ";".join(names) + ";Кількість виборців, які взяли участь"
    for s in sheets:
        figures = [s.registered, s.null, *s.votes, s.cast]
        lines.append(f"{1 + s.number % 3};{100_000 + s.number};{';'.join(map(str, figures))}")
    return _text(folder / "vd.csv", lines, "cp1251", "\r\n"), sheets, names


def georgia(folder: Path) -> Published:
    """Georgian letters; nothing sums the votes up."""
    sheets = [_without_blank(s) for s in invented(39, 60, (48, 30, 12), NOWHERE)]
    names = ("5 - ნაციონალური", "41 - ოცნება", "2 - ლელო")
    lines = ["მაჟორიტარული ოლქი,უბანი,ამომრჩეველთა რაოდენობა,ბათილი ბიულეტენი," + ",".join(names)]
    lines += [
        f"{1 + s.number % 3},{s.number // 3 + 1},{s.registered},{s.null},{','.join(map(str, s.votes))}" for s in sheets
    ]
    return _text(folder / "results.csv", lines), sheets, names


def philippines(folder: Path) -> Published:
    """Two contests, and the precinct's own figures in each row."""
    sheets = invented(40, 60, (40, 35, 20), [("CALAMBA",), ("BIÑAN",)])
    names = ("MARCOS, B", "ROBREDO, L", "PACQUIAO, M")
    lines = ["PRECINCT_CODE,PRV_NAME,MUN_NAME,CONTEST_CODE,CONTEST_NAME,CANDIDATE_NAME,VOTES_AMOUNT,NUMBER_VOTERS,"]
    lines[0] += "UNDERVOTE,OVERVOTE"
    for s in sheets:
        for code, contest, added in ((199009, "PRESIDENT", 0), (299009, "VICE PRESIDENT", 5)):
            for name, votes in zip(names, s.votes, strict=True):
                place = f"5403{s.number:04},LAGUNA,{s.place[0]},{code},{contest}"
                lines.append(f'{place},"{name}",{votes + added},{s.registered},{s.blank},{s.null}')
    return _text(folder / "results.csv", lines, ends="\r\n"), sheets, names


def indonesia(folder: Path) -> Published:
    """Objects inside objects."""
    sheets = [_without_blank(s) for s in invented(41, 60, (24, 58, 16), [("ACEH", "KAB 1"), ("ACEH", "KAB 2")])]
    lines = []
    for s in sheets:
        place = {"provinsi": s.place[0], "kabupaten": s.place[1]}
        figures = {
            "suara_sah": s.valid,
            "suara_total": s.cast,
            "pemilih_dpt_j": s.registered,
            "suara_tidak_sah": s.null,
        }
        chart = dict(zip(("100025", "100026", "100027"), s.votes, strict=True))
        sheet = {
            "kode": f"1101{s.number:09}",
            "wilayah": place,
            "tps": s.number,
            "chart": chart,
            "administrasi": figures,
        }
        lines.append(json.dumps({**sheet, "images": ["a.jpg", "b.jpg"], "psu": None, "status_suara": True}))
    return _text(folder / "tps.jsonl", lines), sheets, ("chart.100025", "chart.100026", "chart.100027")


def united_states(folder: Path) -> Published:
    """A row for each candidate and way of voting; under- and overvotes are candidates."""
    sheets = invented(42, 60, (50, 46, 2), [("ADAMS",), ("CLAY",)])
    names = ("DONALD ROE", "JANE DOE", "ANN POE")
    lines = ["precinct,office,party_detailed,mode,votes,candidate,state_po,county_name,stage"]
    for s in sheets:
        figures = dict(zip((*names, "UNDERVOTES", "OVERVOTES"), (*s.votes, s.blank, s.null), strict=True))
        for office, added in (("US PRESIDENT", 0), ("US SENATE", 3)):
            for name, votes in figures.items():
                early, post = votes // 3, votes // 5
                modes = {"EARLY VOTING": early, "ABSENTEE": post, "ELECTION DAY": votes - early - post + added}
                for mode, part in modes.items():
                    lines.append(f"P-{s.number // 2 + 1},{office},,{mode},{part},{name},XX,{s.place[0]},GEN")
    return _text(folder / "2024-xx-precinct-general.csv", lines), sheets, names


def nowhere(folder: Path) -> Published:
    """A language that no list of words knows; the sheets' own sums remain."""
    sheets = [_without_blank(s) for s in invented(43, 60, (45, 40, 10), [("เขต 1",), ("เขต 2",)])]
    lines = ["เขต,หน่วย,ผู้มีสิทธิ,มาใช้สิทธิ,บัตรเสีย,ก,ข,ค,รวม"]
    lines += [
        f"{s.place[0]},{s.number},{s.registered},{s.cast},{s.null},{','.join(map(str, s.votes))},{s.valid}"
        for s in sheets
    ]
    return _text(folder / "t.csv", lines), sheets, ("ก", "ข", "ค")
