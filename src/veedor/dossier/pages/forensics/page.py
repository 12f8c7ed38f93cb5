"""Forensics: the field's statistical tests, each with its placebo and with what it cannot show."""

from collections.abc import Mapping

from veedor.claims.draws import FORENSICS_DRAWS as DRAWS
from veedor.dossier.input import Opened
from veedor.dossier.pages.forensics.charts import pictures
from veedor.dossier.pages.forensics.mixture import mixture_part
from veedor.dossier.pages.page import Page
from veedor.dossier.parsed import Parsed
from veedor.dossier.show.language import Language
from veedor.dossier.show.published import Published
from veedor.dossier.show.sentences import said
from veedor.finding import Text
from veedor.forensics.findings import findings_of, study_as_json
from veedor.forensics.stations import stations_of
from veedor.forensics.study import study

"""Clean elections of the placebo: the smallest rank is 1 / 20."""
ITEMS_SHOWN = 25

WORDS = {
    "title": Text("Statistical tests", "Pruebas estadísticas"),
    "reading": Text(
        "These tests look for patterns in the figures. None of them can show that a vote was changed, or that none "
        "was. Each was also run on clean elections simulated with the same stations, sizes and places: where it "
        "alarms on those, its alarm here tells nothing, and no verdict is given.",
        "Estas pruebas buscan patrones en las cifras. Ninguna puede demostrar que se cambió un voto, ni que no se "
        "cambió ninguno. Cada una se aplicó también a elecciones limpias simuladas con las mismas mesas, tamaños y "
        "lugares: donde da alarma en ellas, su alarma aquí no dice nada y no se da veredicto.",
    ),
    "caption": Text("All tests; p is corrected for their number", "Todas las pruebas; p corregido por su número"),
    "test": Text("Test", "Prueba"),
    "verdict": Text("Verdict", "Veredicto"),
    "p": Text("p (Benjamini-Hochberg)", "p (Benjamini-Hochberg)"),
    "bonferroni": Text("p (Bonferroni)", "p (Bonferroni)"),
    "alarms": Text("Alarms on clean elections", "Alarmas en elecciones limpias"),
    "expected": Text("Expected", "Lo esperado"),
    "uncertainty": Text("Uncertainty", "Incertidumbre"),
    "other": Text("What else produces it", "Qué más lo produce"),
    "cannot": Text("What it cannot show", "Lo que no puede mostrar"),
    "source": Text("Source", "Fuente"),
    "items": Text("Stations listed, farthest first", "Mesas listadas, la más lejana primero"),
    "station": Text("Polling station", "Mesa"),
    "leader_votes": Text("Leader's votes", "Votos del primero"),
    "expected_votes": Text("Expected from its place", "Esperados según su lugar"),
    "valid": Text("Valid votes", "Votos válidos"),
    "out": Text("Out by", "Se aparta por"),
    "turned_out": Text("Voters who took part", "Votantes"),
    "registered": Text("Registered", "Inscritos"),
    "none": Text("not applicable", "no aplicable"),
    "refused": Text("no figure is given", "no se da cifra"),
    "limits": Text("What no test on this page can show", "Lo que ninguna prueba de esta página puede mostrar"),
    "why": Text("Why there is no figure", "Por qué no hay cifra"),
}

OUT = {
    "share": Text("leader's share", "porcentaje del primero"),
    "turnout": Text("turnout", "participación"),
    "both": Text("both", "ambos"),
}
LIMITS = (
    Text(
        "Who did anything, or why. A pattern has many causes; each test names those that are known.",
        "Quién hizo algo, ni por qué. Un patrón tiene muchas causas; cada prueba nombra las conocidas.",
    ),
    Text(
        "How many votes were changed, or whether the result would be another. The checks of sheets, the projection at "
        "a stop and the audit speak of votes; these tests speak of patterns.",
        "Cuántos votos se cambiaron, ni si el resultado sería otro. Los controles de actas, la proyección en una "
        "pausa y la auditoría hablan de votos; estas pruebas, de patrones.",
    ),
    Text(
        "That nothing was changed. A test that finds nothing has looked for one pattern only, and changes made with "
        "care leave none.",
        "Que nada se cambió. Una prueba que no halla nada solo buscó un patrón, y los cambios hechos con cuidado no "
        "dejan ninguno.",
    ),
    Text(
        "Changes made to whole places: the clean elections of the comparison take each place's turnout and "
        "preferences as they were counted.",
        "Cambios hechos a lugares enteros: las elecciones limpias de la comparación toman la participación y las "
        "preferencias de cada lugar tal como se contaron.",
    ),
)


def forensics_document(opened: Opened) -> Parsed:
    """`veedor forensics ELECTION --placebo 19 --json`."""
    stations = stations_of(opened.table(opened.count.id), opened.election, opened.contest)
    found = study(stations, draws=DRAWS, aside=opened.aside)
    findings = findings_of(found, f"veedor forensics {opened.name} --placebo {DRAWS} --seed {found.seed}")
    return study_as_json(found, findings, election=opened.election.id, contest=opened.contest.id, count=opened.count.id)


def context(published: Published, lang: Language) -> Mapping[str, object]:
    """What the page shows."""
    document = published.results["forensics.json"]
    methods = {row["method"]: row for row in document["methods"]}
    drawn = pictures(methods, lang)
    names = ("title", "summary", "expected", "cannot_show", "other_explanations")
    return {
        "words": {key: lang.pick(text) for key, text in WORDS.items()},
        "dek": lang.pick(
            Text(
                f"{document['tests']} tests were run, each also on {document['placebo_draws']} clean elections.",
                f"Se hicieron {document['tests']} pruebas, cada una también en {document['placebo_draws']} elecciones "
                "limpias.",
            )
        ),
        "findings": [
            {
                **{name: said(finding, name, lang) for name in names},
                "uncertainty": said(finding, "uncertainty", lang) if finding["uncertainty"] else None,
                "anchor": finding["check"],
                "verdict": finding["verdict"],
                "method": methods[finding["check"]],
                "bh": _small(methods[finding["check"]]["p_adjusted_bh"], lang),
                "bonferroni": _small(methods[finding["check"]]["p_adjusted_bonferroni"], lang),
                "pictures": drawn.get(finding["check"], []),
                "items": [{**item, "out": lang.pick(OUT[item["out"]])} for item in finding["items"][:ITEMS_SHOWN]],
                "source": said(finding, "source", lang),
                "command": finding["command"],
            }
            for finding in document["findings"]
        ],
        "limits": [lang.pick(text) for text in LIMITS],
        "command": published.command("forensics", "--placebo", str(DRAWS)),
        "mixture": mixture_part(published.results.get("mixture.json"), lang, published.command("mixture")),
    }


def _small(p: float | None, lang: Language) -> str:
    if p is None:
        return ""
    return f"< {lang.number(0.0001, 4)}" if p < 0.0001 else lang.number(p, 4)


PAGE = Page(
    id="forensics",
    title=Text("Statistics", "Estadística"),
    context=context,
    derive={"forensics.json": forensics_document},
    conclude={"mixture.json": lambda opened, results: opened.mixture},
    shared=True,
)
