"""Record: the log's checkpoints over time, who cosigned them, receipts, and how to verify one by hand."""

from collections.abc import Mapping

from veedor.dossier.derive.record import record_document
from veedor.dossier.pages.page import Page
from veedor.dossier.show.language import Language
from veedor.dossier.show.published import Published
from veedor.finding import Text

WORDS = {
    "title": Text("Record", "Registro"),
    "dek": Text(
        "An append-only log of the tally sheets. Each checkpoint binds every sheet published until then: none of them"
        " can change afterwards without its showing.",
        "Un registro de las actas al que solo se puede añadir. Cada punto de control ata todas las actas publicadas"
        " hasta entonces: ninguna puede cambiar después sin que se note.",
    ),
    "afterwards": Text(
        "This log was made afterwards, from the published files. It shows what those files say and that they do not"
        " change from now on; it shows nothing about the time before it was made.",
        "Este registro se hizo después, a partir de los archivos publicados. Muestra lo que esos archivos dicen y que"
        " no cambian de aquí en adelante; no muestra nada sobre el tiempo anterior a su creación.",
    ),
    "equal": Text(
        "The sheets in the log add up to the published totals.",
        "Las actas del registro suman los totales publicados.",
    ),
    "different": Text(
        "The sheets in the log do not add up to the published totals.",
        "Las actas del registro no suman los totales publicados.",
    ),
    "no_policy": Text(
        "No policy lies beside this log, so no witness's key is known here and no cosignature is shown.",
        "Junto a este registro no hay una política, así que aquí no se conoce la clave de ningún testigo ni se muestra"
        " ningún refrendo.",
    ),
    "checkpoints": Text("Checkpoints over time", "Puntos de control en el tiempo"),
    "checkpoints_name": Text(
        "Each publication in the log, and who cosigned its checkpoint; signatures were verified when this page was"
        " made",
        "Cada publicación en el registro y quién refrendó su punto de control; las firmas se verificaron al hacer esta"
        " página",
    ),
    "published": Text("Published", "Publicado"),
    "entries": Text("Entries", "Entradas"),
    "root": Text("Root hash (SHA-256)", "Hash raíz (SHA-256)"),
    "cosigned": Text("Cosigned by", "Refrendado por"),
    "nobody": Text("no witness", "ningún testigo"),
    "log": Text("The log", "El registro"),
    "origin": Text("Origin", "Origen"),
    "key": Text("Key", "Clave"),
    "corrections": Text("Visible corrections and withdrawals", "Correcciones y retiros a la vista"),
    "receipts": Text("Receipts", "Recibos"),
    "receipts_text": Text(
        "Each station's page offers its receipt: a small text with which anyone shows, without a network, that the"
        " sheet is in the log, exactly so.",
        "La página de cada mesa ofrece su recibo: un texto breve con el que cualquiera muestra, sin red, que el acta"
        " está en el registro, exactamente así.",
    ),
    "page": Text("Verify a receipt in this browser", "Verificar un recibo en este navegador"),
    "hand": Text("How to verify by hand", "Cómo verificar a mano"),
    "hand_text": Text(
        "With the receipt of a station and the policy (the keys of the log and of its witnesses, from a source of your"
        " own), on any machine with Python:",
        "Con el recibo de una mesa y la política (las claves del registro y de sus testigos, de una fuente propia), en"
        " cualquier máquina con Python:",
    ),
    "steps": Text(
        "It hashes the entry, walks up the tree by the hashes in the receipt to the root, and checks the signatures of"
        " the log and the witnesses over that root. The formats are public (C2SP, RFC 6962); other programs check the"
        " same.",
        "Calcula el hash de la entrada, sube por el árbol con los hashes del recibo hasta la raíz y comprueba las"
        " firmas del registro y de los testigos sobre esa raíz. Los formatos son públicos (C2SP, RFC 6962); otros"
        " programas comprueban lo mismo.",
    ),
    "cannot": Text("What it cannot show", "Qué no puede mostrar"),
    "cannot_text": Text(
        "That a sheet says what the voters voted; that no sheet was left out before it was published; that those who"
        " hold the witnesses' keys do not depend on one another.",
        "Que un acta diga lo que votaron los electores; que ninguna acta se dejó fuera antes de publicarse; que quienes"
        " tienen las claves de los testigos no dependan unos de otros.",
    ),
}


def context(published: Published, lang: Language) -> Mapping[str, object]:
    """What the page shows."""
    document = published.results["record.json"]
    rows = [
        {
            **row,
            "when": lang.moment(row["published"]),
            "who": [f"{one['witness']} ({lang.moment(one['time'])})" for one in row["cosigned"]],
        }
        for row in document["checkpoints"]
    ]
    return {"words": {name: lang.pick(text) for name, text in WORDS.items()}, "record": document, "rows": rows}


PAGE = Page(
    id="record",
    title=WORDS["title"],
    context=context,
    derive={"record.json": record_document},
    applies=lambda published: "record.json" in published.results,
    required=True,
    cached=False,
)
