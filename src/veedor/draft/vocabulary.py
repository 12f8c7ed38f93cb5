"""Words by which publishers of several languages call the columns of a results file.

Names are compared without accents, marks and capitals: `plain_words("Nº de Mesa")` is "no de mesa".
Spanish, Portuguese, English, French, Italian, German, Polish, Turkish, Indonesian, Russian, Ukrainian, Georgian.
"""

import re
import unicodedata

ROLES: dict[str, str] = {
    "ignored": r"%|abstenc|abstent|abstain|asten|nichtwahler|porcentaje|porcentual|percent|pourcentage|\bpct\b|https?\b"
    r"|\burl\b",
    "latitude": r"^lat(itud|itude|itudine)?$|\blatitude?\b|^breite$|широта",
    "longitude": r"^(lon|lng|long)(gitud|gitude|itude)?$|\blongitude?\b|^lange$|долгота",
    "arrived": r"\b(fecha|hora|timestamp|arrived|received|recibid[oa]|recepcion|recebimento|horodatage"
    r"|zeitstempel|ora)\b",
    "null": r"\b(nul[oa]s?|nuls?|nulls?|nulle|nulli|nulidad|anulad[oa]s?|viciad[oa]s?|spoil(ed|t)|reject(ed)?"
    r"|invalid[oe]?s?|voids?|informal|ungultige?|over ?votes?"
    r"|niewaznych|gecersiz|tidak sah"
    r"|ervenytelen|ongeldige?|ogiltiga|ugyldige|neplatne|nevazec[ie]|mitatt\w+)\b"
    r"|^(votos )?vn$|недеиствительн|недіисн|ბათილ",
    "blank": r"\b(blancos?|blanks?|brancos?|blancs?|bianche|leere?|under ?votes?|residual votes?)\b|^(votos )?vb$",
    "registered": r"\b(inscrit[oa]s?|empadronad[oa]s?|habilitad[oa]s?|padron|lista nominal|registered|electorate"
    r"|enrolled|eligible|inscrits|eleitores|aptos|eleitorado|wahlberechtigte|elettori|iscritti|censo|registro"
    r"|(?<=. )nominal|electores"
    r"|roll|elec habil|number (of )?voters|uprawnionych|kay[ıi]tl[ıi] secmen|dpt|carga electoral|stimmberechtigte"
    r"|valasztopolgar(ok)?|nevjegyzek\w*|alegatori|kiesgerechtigden|rostberattigade|stemmeberettigede|aanioikeutetut"
    r"|zapsani volici|birac[ai])\b|ამომრჩეველთა|εγγεγραμμ"
    r"|виборців,? внесених|число избирателеи,? (внесенных|включенных)|избирателеи в списк",
    "valid": r"\b(valid[oa]s?|exprimes|gultige?|valide?|validi|positivos"
    r"|g[łl]osow waznych|gecerli|suara sah|ervenyes|geldige|giltiga|gyldige|platne|vazec[ie])\b"
    r"|(^| )деиствительных",
    "cast": r"\b(emitid[oa]s?|cast|votantes?|votants|votanti|turnout|comparecimento|abgegeben\w*|wahler|voted|votaron"
    r"|escrutad[oa]s?|total|totale|insgesamt|sum[ae]?|gesamt|cvas"
    r"|oy kullanan|suara total|accredited|megjelentek?|odevzdane)\b|взяли участь",
    "other": r"^(votos )?vi$|число|кількість|бюл+етен|удостоверен"
    r"|\b(kart[ay]?|boletas?|papeletas?|sobrantes?|sobres|firmas|personas|ballots?|bulletins"
    r"|stimmzettel|schede|cedulas)\b",
    "status": r"\b(estado( del)?( acta)?|status|statut|estatus|situacion|situacao|stato"
    r"|contabilizada|computada|counted)\b|статус",
    "contest": r"\b(cargos?|eleccion(es)?|candidaturas?|contest|office|race|election|(?<!bureau de )scrutin"
    r"|pleito|elezione|wahl"
    r"|dignidad)\b",
    "choice": r"\b(opcion(es)?|partidos?|agrupacion(es)?|listas?|candidat[oae]?s?|party|parties|choice|option"
    r"|candidates?|parti|nuance|partei|sigla|organizacion politica|partito|votavel)\b"
    r"|парти|кандидат",
    "votes": r"\b(votos?|votes|conteo|cantidad|voix|stimmen|voti|count|anzahl)\b|голос",
    "part": r"^(voting |vote |ballot )?(mode|method|channel)$|^(vote|ballot) type$|^modalidad( de voto)?$"
    r"|counting group",
    "station": r"\b(mesas?|casillas?|actas?|urnas?|jrv|junta|secoes|secao|polling stations?|stations?|precinct|bureau"
    r"|b vote|voting table|wahlbezirk|sezione|uik|uic|ballot box|box|stimmbezirk|wahllokal"
    r"|komisji|sandık|sandik|tps)\b|уик|участ(ок|к)|дільниц|\bвд\b|უბან|უბნ",
}
"""Role of a column -> what its plain words may hold; the first that fits is taken. other: figures that are no votes."""

LEVELS: dict[str, tuple[str, str, str]] = {
    "country": (r"\b(pais|country|paese|land|pays)\b|страна", "Country", "País"),
    "region": (r"\b(region|regione|regiao)\b|регион|субъект", "Region", "Región"),
    "state": (r"\b(estado|state|entidad|uf|bundesland|id estado)\b", "State", "Estado"),
    "department": (r"\b(departamento|department|departement|depto|dep)\b", "Department", "Departamento"),
    "province": (r"\b(provincia|province|provinsi|prov|prv|wojewodztwo|il adı)\b", "Province", "Provincia"),
    "county": (r"\b(county|condado|kreis|landkreis|canton|powiat|kabupaten)\b", "County", "Condado"),
    "municipality": (
        r"\b(municipio|municipality|municipal|comune|gemeinde|alcaldia|muni|mun|gmina)\b",
        "Municipality",
        "Municipio",
    ),
    "commune": (r"\b(comuna|commune)\b", "Commune", "Comuna"),
    "city": (r"\b(ciudad|city|cidade|ville|stadt)\b", "City", "Ciudad"),
    "constituency": (
        r"\b(constituency|circunscripcion|circonscription|distrito electoral|wahlkreis|riding|ово)\b|округ|ოლქ",
        "Constituency",
        "Circunscripción",
    ),
    "town": (r"\b(town|township|pueblo|villa|telepules)\b", "Town", "Pueblo"),
    "district": (
        r"\b(distrito|district|lga|local government area|bezirk|municipality section|ilce|ilce adı)\b|раион",
        "District",
        "Distrito",
    ),
    "locality": (r"\b(localidad|locality|localidade|loc|bairro|barrio|village|poblado)\b", "Locality", "Localidad"),
    "parish": (r"\b(parroquia|parish|freguesia|paroisse)\b", "Parish", "Parroquia"),
    "ward": (r"\b(ward|quartier|caw|brgy|barangay)\b", "Ward", "Barrio"),
    "zone": (r"\b(zonas?|zone)\b", "Zone", "Zona"),
    "circuit": (r"\b(circuito|circuit)\b", "Circuit", "Circuito"),
    "section": (r"\b(seccion|section)\b", "Section", "Sección"),
    "commission": (r"\b(tik|tic|comision|commission)\b|^тик|комисси", "Electoral commission", "Comisión electoral"),
    "precinct": (
        r"\b(recinto|reci|precinct|local de votacion|local votacion|polling place|polling center"
        r"|centro de votacion|centro|escuela|establecimiento|colegio|lieu|lugar|plesso|school|puesto|venue"
        r"|local de votacao)\b",
        "Polling place",
        "Recinto",
    ),
}
"""Level id -> (what a column's plain words may hold, English name, Spanish name), broadest first."""

CODES = (
    r"^(id|cod|codigo|code|nro|num|numero|number|clave|cve|cd|nr|kod|kode)\b|^no? de\b"
    r"|\b(id|codigo|code|cod|kod)$|(?<=. )(no|nr)$"
)
"""A column that numbers what another one names."""

STATUS_WORDS: dict[str, str] = {
    "counted": r"comput|contabiliz|contad|counted|escrutad|tallied|valida|normal|complet|publicad|aprobad|verificad"
    r"|final|totalizad|apurad|^ok$|correct",
    "annulled": r"anul|annul|nullif|cancel|invalid",
    "observed": r"observad|observed|inconsisten|disput|contest|impugn",
    "withheld": r"retenid|withheld|held|suspend",
    "quarantined": r"cuarentena|quarantin",
    "pending": r"pend|no instalad|sin instalar|extraviad|siniestrad|no entregad|no recibid|not"
    r"|sin acta|falta|missing|espera|wait|no contabilizad|por ",
}
"""Status -> what an authority's word for it may hold; the first that fits, from the last to the first."""

FLAGS = {"1": "counted", "0": "withheld", "true": "counted", "false": "withheld"}
"""What a column that says only whether a sheet was counted says of it."""

ROUND = r"\b(turno|round|tour|vuelta|wahlgang|ronda|runde|turno eleitoral)\b"
"""A column that says in which round of an election the votes were given."""

OTHERS = r"\b(otr[oa]s|others?|resto|rest|remaining|demais|outros|sonstige|andere|autres|altri|opposition|oposicion)\b"
"""A column that is called after the choices that have none of their own."""

UPDATED = r"updated|actualiza|\bversion\b|revision|modified|modificad"
"""A column that says when a row was written: it tells two states of one sheet apart, and no two stations."""

WAYS = (
    r"\b(absent\w*|early|mail|machine|affidavit|provisional|election day|polling day|postal"
    r"|in person|advance\w*|emergency"
    r"|anticipad\w*|correo|presencial|briefwahl|exterior|overseas|military|special)\b"
)
"""Ways of voting: the figures of each are parts of one figure."""

REMARKS = r"\b(observaci(on|ones)|remarks?|comments?|comentarios?|notes?|notas?|incidencias?|motivo|bemerkung(en)?)\b"
"""What somebody wrote about a sheet: no place."""

THE_REST = (
    r"^(votos? )?(otr[oa]s|others?|outr[oa]s|autres|altri|andere|ubrige|sonstige|resto|rest|demas|прочие)"
    r"( votos| votes)?$"
)
"""A column of the ballots that no other column holds; in small letters without accents."""

CANDIDATE = r"candidat|votavel|choice|opcion|option|кандидат"
"""A column of choices that names persons or answers, rather than the parties that put them up."""

BELOW = (
    r"<|fewer than|less than|under|below|menos (?:de|que)|menor (?:a|que)|inferior a|moins de|weniger als|unter|meno di"
)
UP_TO = (
    r"<\s*=|=\s*<|≤|⩽|up to|at most|no more than|hasta|a lo sumo|m[aá]ximo"
    r"|jusqu'?[aà]|au plus|bis zu|h[oö]chstens|at[eé]"
)
SMALL = (
    (rf"^\(?\s*(?:{UP_TO})\s*(\d{{1,4}})\s*\)?$", 0),
    (rf"^\(?\s*(?:{BELOW})\s*(\d{{1,4}})\s*\)?$", 1),
    (r"^\(?\s*[01]\s*(?:-|–|—|to|a|bis|\.\.)\s*(\d{1,4})\s*\)?$", 0),
    (r"^\(?\s*(\d{1,4})\s*(?:or fewer|or less|o menos|ou moins|oder weniger)\s*\)?$", 0),
)
"""Marks for a small figure that is not given, and by how much the most that it can be is less than their last number;
in small letters."""

MASKED = r"^(\*+|x{1,3}|\.{2,})$|" + "|".join(pattern for pattern, _ in SMALL)
"""A figure that was hidden because it is small; in small letters."""

BALLOTS = r"^(tipo (de )?)?(papeletas?|boletas?|ballots?|nivel|position|puesto|corporacion)( type)?$"
"""A column of texts that may tell contests apart by the paper they are voted on."""

PRESIDENT = r"presiden|prasident|gobernador|governor|mayor|alcald"
"""The contest that is meant where a file holds several."""

ABSENT = (
    "-",
    "--",
    "–",
    "—",
    "n/a",
    "na",
    "nan",
    "null",
    "none",
    "ilegible",
    "illegible",
    "illisible",
    "s/d",
    "sin dato",
    "n.d.",
    "nd",
    ".",
    "#n/a",
    "sin datos",
    "no data",
    "missing",
)
"""Texts that mean "no figure here"."""

PRELIMINARY = r"trep\b|prep\b|prelim|provis|rapid|quick|unofficial|conteo rapido"
CYRILLIC_LATIN = [
    "а",
    "a",
    "б",
    "b",
    "в",
    "v",
    "г",
    "g",
    "д",
    "d",
    "е",
    "e",
    "ё",
    "e",
    "ж",
    "zh",
    "з",
    "z",
    "и",
    "i",
    "й",
    "i",
    "к",
    "k",
    "л",
    "l",
    "м",
    "m",
    "н",
    "n",
    "о",
    "o",
    "п",
    "p",
    "р",
    "r",
    "с",
    "s",
    "т",
    "t",
    "у",
    "u",
    "ф",
    "f",
    "х",
    "kh",
    "ц",
    "ts",
    "ч",
    "ch",
    "ш",
    "sh",
    "щ",
    "shch",
    "ъ",
    "_",
    "ы",
    "y",
    "ь",
    "_",
    "э",
    "e",
    "ю",
    "yu",
    "я",
    "ya",
]
CYRILLIC = dict(zip(CYRILLIC_LATIN[::2], CYRILLIC_LATIN[1::2], strict=True))
"""How Russian letters are written in ids."""


LONGEST = 300
"""Characters of a name that are looked at."""


def number_at_end(name: str) -> str:
    """The digits that a name ends in, if it does."""
    return name[len(name.rstrip("0123456789")) :]


def plain_words(name: str) -> str:
    """The name's words in small letters, without accents, with one space for everything that is no letter or digit."""
    name = name[:LONGEST]
    bare = "".join(part for part in unicodedata.normalize("NFKD", name) if not unicodedata.combining(part))
    bare = re.sub(r"(?<=[a-zа-я])(?=[A-ZА-Я])", " ", bare).casefold().replace("ß", "ss")
    return re.sub(r"[^\w%,]+|_", " ", bare).replace(",", ", ").replace("  ", " ").strip(" ,")


def role_of(name: str) -> str | None:
    """The role that a column's name speaks for, if any."""
    words = plain_words(name)
    if "%" in name:
        return "ignored"
    return next((role for role, pattern in ROLES.items() if re.search(pattern, words)), None)


FILLERS = frozenset(
    [
        "voto",
        "votos",
        "vote",
        "votes",
        "voix",
        "stimmen",
        "voti",
        "en",
        "de",
        "del",
        "la",
        "los",
        "of",
        "the",
        "total",
        "totales",
        "no",
        "num",
        "numero",
        "number",
        "papeletas",
        "boletas",
        "ballots",
        "ballot",
        "bulletins",
        "schede",
        "qt",
        "qtd",
    ]
)
"""Words beside the one that tells what a column is; any other may be a name."""


def names_somebody(name: str, role: str) -> int:
    """Number of words in a column's name that neither speak for the role nor are fillers: `Luis Blanco` has one."""
    words = re.sub(ROLES[role], " ", plain_words(name)).split()
    return sum(word not in FILLERS for word in words)


def level_of(name: str) -> str | None:
    """The level of geography that a column's name speaks for, if any."""
    words = plain_words(name)
    return next((level for level, (pattern, _, _) in LEVELS.items() if re.search(pattern, words)), None)


def is_code(name: str) -> bool:
    """True if the name says that the column numbers things."""
    return re.search(CODES, plain_words(name)) is not None


def status_of(word: str, column: str = "") -> str | None:
    """Our status for an authority's word, if it is known. column: `Contabilizada`, say, whose words are 1 and 0."""
    words = plain_words(word)
    if words in FLAGS and re.search(STATUS_WORDS["counted"], plain_words(column)):
        return FLAGS[words]
    found = [status for status, pattern in STATUS_WORDS.items() if re.search(pattern, words)]
    return found[-1] if found else None


def slug(name: str, taken: set[str], fallback: str) -> str:
    """An id for a name: ASCII letters, digits, `_`, `.`, `-`; never one that is taken."""
    name = re.sub(r"^\s*\d+\s*[.)]\s+", "", name[:LONGEST])
    latin = "".join(_latin(character) for character in unicodedata.normalize("NFKD", name))
    base = re.sub(r"[^A-Za-z0-9_.]+", "-", latin).strip("-_.")[:48] or fallback
    found, number = base, 2
    while found in taken:
        found, number = f"{base}-{number}", number + 1
    taken.add(found)
    return found


def _latin(character: str) -> str:
    if unicodedata.combining(character):
        return ""
    if character.lower() not in CYRILLIC:
        return character
    letters = CYRILLIC[character.lower()].replace("_", "")
    return letters.capitalize() if character.isupper() else letters
