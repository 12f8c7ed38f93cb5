"""Sentences of the audit's findings that are the same for every audit."""

from veedor.finding import Text

SHEETS = Text("tally sheets", "actas")
NOT_THE_PAPER = Text(
    "Whether a sheet says what was in its ballot box, and whose the keys are.",
    "Si un acta dice lo que había en su urna, y de quién son las claves.",
)
COPYING = Text(
    "A file that was copied incompletely, or written by another version of the program.",
    "Un archivo copiado a medias, o escrito por otra versión del programa.",
)

TITLES = {
    "audit_results": Text("The sheets under audit are the published ones", "Las actas auditadas son las publicadas"),
    "audit_order": Text("The audit's steps follow one from another", "Los pasos de la auditoría se siguen uno de otro"),
    "audit_consent": Text("Consent to the plan before the seed", "Consentimiento al plan antes de la semilla"),
    "audit_sample": Text("The sample drawn again", "La muestra sorteada de nuevo"),
    "audit_risk": Text("The measured risk", "El riesgo medido"),
}
UNITS = {
    "audit_results": SHEETS,
    "audit_order": Text("steps", "pasos"),
    "audit_consent": Text("signatories", "firmantes"),
    "audit_sample": Text("draws", "sorteos"),
    "audit_risk": Text("sheets read", "actas leídas"),
}
EXPECTED = {
    "audit_results": Text(
        "Every sheet has the same votes in the audit's results and in the published count.",
        "Cada acta tiene los mismos votos en los resultados auditados y en el cómputo publicado.",
    ),
    "audit_order": Text(
        "Results, plan, consent, seed, draw, entries and risk each rest on the ones before, which have not changed.",
        "Resultados, plan, consentimiento, semilla, sorteo, lecturas y riesgo descansan cada uno en los anteriores, sin"
        " cambios.",
    ),
    "audit_consent": Text(
        "Every signatory whose consent the plan requires signed it before the seed existed; the quorum was reached.",
        "Cada firmante que el plan exige lo firmó antes de que existiera la semilla, y se alcanzó el quórum.",
    ),
    "audit_sample": Text(
        "The seed and the manifest give exactly the draws that were published.",
        "La semilla y el manifiesto dan exactamente los sorteos publicados.",
    ),
    "audit_risk": Text(
        "The risk of every statement that the outcome rests on is at or below the plan's limit.",
        "El riesgo de cada afirmación en que descansa el resultado está en el límite del plan o por debajo.",
    ),
}
CANNOT_SHOW = {
    "audit_results": Text("Which of the two changed, and when.", "Cuál de los dos cambió, y cuándo."),
    "audit_order": NOT_THE_PAPER,
    "audit_consent": Text(
        "That a key belongs to the person or body that it is said to be of, or what was said outside the statements.",
        "Que una clave sea de la persona o entidad que se dice, o lo que se dijo fuera de las declaraciones.",
    ),
    "audit_sample": Text(
        "That the seed was made as its record says, beyond the word of those who signed it.",
        "Que la semilla se hizo como dice su constancia, más allá de la palabra de quienes la firmaron.",
    ),
    "audit_risk": Text(
        "What the sheets that were not drawn say, and whether a sheet says what was in its ballot box.",
        "Qué dicen las actas no sorteadas, y si un acta dice lo que había en su urna.",
    ),
}
EXPLANATIONS = {
    "audit_results": Text(
        "The audit is of an earlier published state, or the published count was corrected since.",
        "La auditoría es de un estado publicado anterior, o el cómputo se corrigió después.",
    ),
    "audit_order": COPYING,
    "audit_consent": Text(
        "An answer that is under way, or was given in another form.",
        "Una respuesta que está en camino, o que se dio en otra forma.",
    ),
    "audit_sample": COPYING,
    "audit_risk": Text(
        "Few sheets drawn so far, a close margin, or sheets that are missing or hard to read.",
        "Pocas actas sorteadas hasta ahora, un margen estrecho, o actas que faltan o se leen mal.",
    ),
}
FIELDS: dict[str, tuple[str, ...]] = {
    "audit_results": ("sheets", "differ", "count", "record_origin", "record_size"),
    "audit_order": ("steps_done", "failed_step", "reason", "next", "superseded_plans", "unsigned"),
    "audit_consent": (
        "signatories", "consented", "objected", "unanswered", "required_lacking", "parties", "parties_consented",
        "quorum", "binds", "all_consented", "seed_made", "seed_signed", "seed_signed_ids",
        "consented_ids", "objected_ids", "unanswered_ids",
        "earlier_objections",
    ),
    "audit_sample": ("draws", "sheets", "rounds", "seed", "method", "sampling"),
    "audit_risk": (
        "risk_limit", "assertions", "over_limit", "largest_risk", "largest_risk_label", "draws", "sheets",
        "sheets_overstated", "sheets_missing_or_unreadable", "next_step",
    ),
}  # fmt: skip
"""Every field of each finding's effect: all are there, null where the audit has not come that far."""
