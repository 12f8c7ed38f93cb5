"""Invented results files in the manner of several countries, with the totals that they were made of."""

import random
from pathlib import Path

Totals = dict[str, int]


def strange(folder: Path) -> tuple[Path, Totals]:
    """Latin-1, semicolons, thousands marks, a title above the header, a row of totals below; Spanish."""
    draw = random.Random(5)
    names = ["Lista A - Águila", "Lista B", "Independientes por Ñuñoa"]
    totals = dict.fromkeys(["sheets", "registered", "blank", "null", *names], 0)
    lines = ["Resultados definitivos - Elección de alcaldes", ""]
    lines.append(
        f"Mesa;Provincia;Comuna;Local de votación;Electores habilitados;{';'.join(names)};Blancos;Nulos;Emitidos"
    )
    towns = {"Ñuñoa": ["San José", "El Alto"], "Aysén": ["Coyhaique", "Chile Chico"], "Maule": ["Curicó", "Talca"]}
    for province, communes in towns.items():
        for commune in communes:
            for number in range(40):
                votes = [draw.randint(0, 1200) for _ in names]
                blank, null = draw.randint(0, 30), draw.randint(0, 20)
                cast = sum(votes) + blank + null
                registered = cast + draw.randint(0, 900)
                totals["sheets"] += 1
                figures = {
                    "registered": registered,
                    "blank": blank,
                    "null": null,
                    **dict(zip(names, votes, strict=True)),
                }
                for name, figure in figures.items():
                    totals[name] += figure
                places = f"M-{totals['sheets']:04d};{province};{commune};Escuela N° {number // 4 + 1}"
                lines.append(f"{places};{';'.join(map(_dotted, [registered, *votes, blank, null, cast]))}")
    sums = [totals["registered"], *(totals[name] for name in names), totals["blank"], totals["null"]]
    lines.append(f"TOTAL;;;;{';'.join(map(_dotted, [*sums, sum(sums[1:])]))}")
    path = folder / "resultados-2024-10-27.csv"
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("latin-1"))
    return path, totals


def _dotted(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def argentine(folder: Path) -> tuple[Path, Totals]:
    """Long, several contests, choices in one column and the kinds of votes in another."""
    draw = random.Random(6)
    parties = ["UNION DEL SUR", "AVANZA", "JUNTOS"]
    kinds = {"EN BLANCO": "blank", "NULO": "null", "IMPUGNADO": "", "RECURRIDO": ""}
    totals = dict.fromkeys(["sheets", "registered", "blank", "null", *parties], 0)
    lines = ["año,cargo_nombre,distrito_nombre,seccion_nombre,circuito_id,mesa_id,mesa_electores"]
    lines[0] += ",agrupacion_nombre,lista_numero,votos_tipo,votos_cantidad"
    for district in ("Norte", "Sur"):
        for section in ("Este", "Oeste"):
            for table in range(1, 31):
                registered = draw.randint(300, 350)
                totals["sheets"] += 1
                totals["registered"] += registered
                for office in ("PRESIDENTE Y VICE", "DIPUTADO NACIONAL"):
                    start = f"2030,{office},{district},{district} {section},{table // 5:04d},{table:05d}X,{registered}"
                    for party in parties:
                        votes = draw.randint(0, 80)
                        lines.append(f"{start},{party},,POSITIVO,{votes}")
                        totals[party] += votes if office.startswith("P") else 0
                    for kind, role in kinds.items():
                        votes = draw.randint(0, 5)
                        lines.append(f"{start},,,{kind},{votes}")
                        if role and office.startswith("P"):
                            totals[role] += votes
    path = folder / "ResultadosElectorales.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path, totals


def french(folder: Path) -> tuple[Path, Totals]:
    """Windows-1252, decimal commas, numbered groups of columns with the name in one and the votes in another."""
    draw = random.Random(7)
    names = ["ARTHAUD", "LE PEN", "MACRON"]
    totals = dict.fromkeys(["sheets", "registered", "blank", "null", *names], 0)
    header = "Code du département;Libellé du département;Code de la commune;Libellé de la commune;Code du b.vote;"
    header += "Inscrits;Abstentions;% Abs/Ins;Votants;% Vot/Ins;Blancs;Nuls;Exprimés;% Exp/Ins;"
    header += ";".join(f"N°Panneau {one};Sexe {one};Nom {one};Voix {one};% Voix/Ins {one}" for one in (1, 2, 3))
    lines = [header]
    for code, department in (("01", "Ain – Est"), ("02", "Aisne"), ("2A", "Corse-du-Sud")):
        for commune in range(1, 12):
            for office in range(1, 4):
                votes = [draw.randint(0, 300) for _ in names]
                blank, null = draw.randint(0, 9), draw.randint(0, 9)
                valid = sum(votes)
                cast = valid + blank + null
                registered = cast + draw.randint(1, 100)
                row = [code, department, f"{commune:03d}", f"Commune {code}{commune}", f"{office:04d}", registered]
                row += [registered - cast, _percent(registered - cast, registered), cast, _percent(cast, registered)]
                row += [blank, null, valid, _percent(valid, registered)]
                for number, name in enumerate(names):
                    row += [number + 1, "MF"[number % 2], name, votes[number], _percent(votes[number], registered)]
                lines.append(";".join(map(str, row)))
                figures = {"sheets": 1, "registered": registered, "blank": blank, "null": null}
                for key, figure in {**figures, **dict(zip(names, votes, strict=True))}.items():
                    totals[key] += figure
    path = folder / "resultats-par-bureau.txt"
    path.write_bytes("\n".join(lines).encode("cp1252"))
    return path, totals


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}".replace(".", ",")


def mexican(folder: Path) -> tuple[Path, Totals]:
    """Vertical bars, three title lines, a byte-order mark, coalition columns, dashes where a sheet is missing."""
    draw = random.Random(8)
    names = ["PAN", "PRI", "PRD", "MORENA", "PAN_PRI_PRD", "PAN_PRI", "CANDIDATO/A NO REGISTRADO/A"]
    totals = dict.fromkeys(["sheets", "registered", "null", *names], 0)
    lines = ["PROGRAMA DE RESULTADOS ELECTORALES PRELIMINARES", "ELECCION DE GOBERNATURA", "06/06/2021 23:55", ""]
    lines.append(
        "CLAVE_ACTA|ID_ESTADO|ESTADO|ID_DISTRITO_LOCAL|DISTRITO_LOCAL|SECCION|ID_CASILLA|TIPO_CASILLA|EXT_CONTIGUA|"
        f"{'|'.join(names)}|NULOS|TOTAL_VOTOS_CALCULADO|LISTA_NOMINAL|OBSERVACIONES|CONTABILIZADA"
    )
    for district in range(1, 4):
        for number in range(1, 21):
            for box in (1, 2):
                section = 100 * district + number
                start = f"'08{section}B{box}|8|CHIHUAHUA|{district}|DISTRITO {district}|{section}|{box}|B|0"
                totals["sheets"] += 1
                totals["registered"] += 700
                if number == 7 and box == 2:
                    lines.append(f"{start}|{'|'.join(['-'] * 9)}|700|SIN ACTA|0")
                    continue
                votes, null = [draw.randint(0, 90) for _ in names], draw.randint(0, 9)
                lines.append(f"{start}|{'|'.join(map(str, [*votes, null, sum(votes) + null]))}|700||1")
                totals["null"] += null
                for name, figure in zip(names, votes, strict=True):
                    totals[name] += figure
    path = folder / "GUB_PREP_2021.csv"
    path.write_text("\ufeff" + "\n".join(lines) + "\n", encoding="utf-8")
    return path, totals


def english(folder: Path) -> tuple[Path, Totals]:
    """A small English file without anything odd, with statuses and times."""
    totals = {"sheets": 3, "registered": 0, "null": 0, "Ada Stone": 0, "Ben Rivers": 0}
    lines = ["Polling station,District,Registered voters,Ada Stone,Ben Rivers,Rejected ballots,Status,Received at"]
    rows = [
        ("A-1", "North", 410, 120, 98, 4, "Counted", "2030-05-05 18:31:00"),
        ("A-2", "North", 388, 101, 133, 2, "Counted", "2030-05-05 18:40:10"),
        ("B-1", "South", 502, 210, 95, 0, "Counted", "2030-05-05 19:02:55"),
        ("B-2", "South", 470, 11, 12, 0, "Annulled", "2030-05-05 19:05:00"),
    ]
    for row in rows:
        lines.append(",".join(map(str, row)))
        if row[6] == "Counted":
            for name, figure in zip(["registered", "Ada Stone", "Ben Rivers", "null"], row[2:6], strict=True):
                totals[name] += int(figure)
    path = folder / "results.csv"
    path.write_text("\n".join(lines) + "\n")
    return path, totals
