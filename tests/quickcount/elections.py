"""Definitions of the quick counts whose files lie beside the repository."""

CHOICES_2018 = "".join(
    f'[[choices]]\nid = "{one}"\ncolumns = "{one}"\n' for one in ("AMLO", "RAC", "JAMK", "JHRC", "CNR")
)
STATION_2018 = '["iD_ESTADO", "SECCION", "ID_CASILLA", "TIPO_CASILLA", "EXT_CONTIGUA"]'
FRAME_2018 = """
[frame]
file = "mexico-2018-frame.parquet"
station = "id"
stratum = "estrato"
group = "id_estado"
roll = "ln"
"""


def mexico_2018(reports: str) -> str:
    """The state of one moment; its file has the number of rows first, whatever its ending."""
    return f"""{FRAME_2018}
[sample]
file = "mexico-2018-sample.csv"
station = {STATION_2018}
stratum = "ID_ESTRATO_F"
roll = "LISTA_NOMINAL"
leading_zeros = "drop"
[reports]
file = "{reports}"
format = "counted"
station = {STATION_2018}
total = "TOTAL"
null = "NULOS"
{CHOICES_2018}
"""


def mexico_2018_final(where: str = "", post_strata: str = "") -> str:
    """What the sampled stations said in the end; arrivals.parquet has their IDs as in the frame."""
    return f"""{FRAME_2018}
[sample]
file = "arrivals.parquet"
station = "station"
roll = "LISTA_NOMINAL"
[reports]
file = "arrivals.parquet"
station = "station"
total = "TOTAL_VOTOS_CALCULADOS"
{where}
{post_strata}
""" + "".join(f'[[choices]]\nid = "{one}"\ncolumns = "{one}"\n' for one in ("AMLO", "RAC", "JAMK"))


MEXICO_2012 = """
[sample]
file = "mexico-2012-received.parquet"
station = ["id_estado", "id_distrito", "seccion", "tipo_casilla", "id_casilla", "ext_contigua"]
stratum = "estrato"
roll = "lista_nominal"
[reports]
file = "mexico-2012-received.parquet"
station = ["id_estado", "id_distrito", "seccion", "tipo_casilla", "id_casilla", "ext_contigua"]
where = { remesafinal = 1 }
total = ["pri_pvem", "prd_pt_mc", "pan", "panal", "num_votos_can_nreg", "num_votos_nulos"]
null = "num_votos_nulos"
""" + "".join(f'[[choices]]\nid = "{one}"\ncolumns = "{one}"\n' for one in ("pri_pvem", "prd_pt_mc", "pan", "panal"))

COAHUILA_2017 = """
[frame]
file = "coahuila-2017-final.csv"
station = "id_casilla"
stratum = "ID_DISTRITO_LOCAL"
[sample]
file = "coahuila-2017-sample.csv"
station = "FOLIO"
stratum = "DIST_LOC"
[reports]
file = "coahuila-2017-received.csv"
station = "FOLIO"
roll = "LISTA NOMINAL"
where = { "INCLUIDA EN LA MUESTRA" = "SI" }
total = [
  "PAN", "PRI", "PRD", "PT", "PVEM", "PUDC", "PMC", "PNA", "PSDI", "PPC", "PJ", "PRC", "PCP", "MORENA", "PES",
  "GUERRERO GARCIA JAVIER", "SALINAS VALDEZ LUIS HORACIO", "CANDIDATO INDEPENDIENTE 1", "VOTOS CNR", "VOTOS NULOS",
  "COAL1", "COAL2",
]
null = "VOTOS NULOS"
[[choices]]
id = "PAN"
columns = ["PAN", "PUDC", "PES", "PPC", "COAL2"]
[[choices]]
id = "PRI"
columns = ["PRI", "PVEM", "PNA", "PSDI", "PRC", "PCP", "PJ", "COAL1"]
[[choices]]
id = "MORENA"
columns = "MORENA"
[assumptions]
scale = "regional"
"""

COALITION = [
    *("PRI", "PVEM", "PNA", "ES", "PRI_PVEM_NA_ES", "PRI_PVEM_NA", "PRI_PVEM_ES", "PRI_NA_ES"),
    *("PRI_PVEM", "PRI_NA", "PRI_ES", "PVEM_NA_ES", "PVEM_NA", "PVEM_ES", "NA_ES"),
]
ESTADO_DE_MEXICO_2017 = f"""
[frame]
stations = 18605
[sample]
stations = 1818
[reports]
file = "estado-de-mexico-2017-received-2110.csv"
station = ["DIST_LOC", "SECCION", "TIPO_CASILLA", "ID_CASILLA", "EXT_CONTIGUA"]
roll = "LISTA_NOMINAL"
stratum = "DIST_LOC"
total = "TOTAL_VOTOS"
null = "NULOS"
[[choices]]
id = "Del-Mazo"
columns = {COALITION}
[assumptions]
scale = "regional"
""" + "".join(
    f'[[choices]]\nid = "{one}"\ncolumns = "{one}"\n' for one in ("MORENA", "PRD", "PAN", "PT", "TERESA_CASTELL")
)
