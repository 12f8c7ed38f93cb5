"""Sentences of the audit's page in both languages."""

from veedor.finding import Text

WORDS = {
    "title": Text("Audit", "Auditoría"),
    "dek": Text(
        "What a sample of tally sheets, compared with the paper ones, would have to show to confirm this outcome.",
        "Qué tendría que mostrar una muestra de actas, comparadas con las de papel, para confirmar este resultado.",
    ),
    "dek_done": Text(
        "What was agreed before the seed, which sheets were drawn, what they said, and the risk that is left.",
        "Qué se acordó antes de la semilla, qué actas se sortearon, qué decían y qué riesgo queda.",
    ),
    "refused": Text("No sample can confirm this outcome", "Ninguna muestra puede confirmar este resultado"),
    "assertions": Text("What must be true", "Lo que tiene que ser cierto"),
    "assertions_name": Text(
        "Statements that together make the outcome right; the one that needs most draws first",
        "Afirmaciones que juntas hacen correcto el resultado; primero la que más sorteos necesita",
    ),
    "statement": Text("Statement", "Afirmación"),
    "sum": Text("The sum that shows it", "La suma que lo muestra"),
    "margin": Text("Margin, votes", "Margen, votos"),
    "draws": Text("Sheets drawn", "Actas sorteadas"),
    "costs": Text("What a sample takes", "Cuánto pide una muestra"),
    "costs_name": Text(
        "Sheets drawn with a probability proportional to how much they could be wrong, by risk limit, if none differs",
        "Actas sorteadas con probabilidad proporcional a cuánto podrían errar, por límite de riesgo, sin diferencias",
    ),
    "kinds_name": Text(
        "With expected errors, and for audits of ballots instead of sheets; of ballots one vote is misread in 1,000 and"
        " two in 10,000, either way",
        "Con errores esperados, y para auditorías de papeletas en vez de actas; de las papeletas se lee mal un voto en"
        " 1.000 y dos en 10.000, a favor o en contra",
    ),
    "sheets_errors": Text("Sheets drawn, with errors", "Actas sorteadas, con errores"),
    "compared_ballots": Text("Ballots compared with records", "Papeletas comparadas con registros"),
    "compared_errors": Text("The same, with errors", "Las mismas, con errores"),
    "polled": Text("Ballots read alone, about", "Papeletas leídas solas, cerca de"),
    "oneaudit": Text("With sheet totals (ONEAudit), about", "Con totales de acta (ONEAudit), cerca de"),
    "limit": Text("Risk limit", "Límite de riesgo"),
    "sheets": Text("Different sheets", "Actas distintas"),
    "ballots": Text("Their ballots", "Sus papeletas"),
    "reading": Text(
        "The risk limit is the largest chance that the audit confirms an outcome that is wrong.",
        "El límite de riesgo es la mayor probabilidad de que la auditoría confirme un resultado equivocado.",
    ),
    "undo": Text("How few sheets undo it", "Cuántas actas bastan para cambiarlo"),
    "cannot": Text("What it cannot show", "Qué no puede mostrar"),
    "cannot_text": Text(
        "Comparing sheets with sheets shows that they were transcribed and added up well enough for the outcome."
        " Whether a sheet says what was in its ballot box is seen only where the box is recounted.",
        "Comparar actas con actas muestra que se transcribieron y sumaron lo bastante bien para el resultado."
        " Si un acta dice lo que había en su urna solo se ve donde se recuenta la urna.",
    ),
    "no_audit": Text(
        "These are the figures of a plan; no audit is reported here.",
        "Estas son las cifras de un plan; aquí no se informa de ninguna auditoría.",
    ),
    "findings": Text("What was derived again from its public files", "Qué se derivó de nuevo de sus archivos públicos"),
    "broken": Text(
        "The audit's files do not hold together far enough to show more.",
        "Los archivos de la auditoría no concuerdan lo bastante para mostrar más.",
    ),
    "plan": Text("The plan", "El plan"),
    "planned": Text("Title", "Título"),
    "compared": Text("Each sampled sheet is compared with", "Cada acta de la muestra se compara con"),
    "bound": Text("Error bound of a sheet", "Cota de error de un acta"),
    "bound_registered": Text("its registered voters", "sus personas inscritas"),
    "bound_ballots": Text("its reported ballots", "sus papeletas informadas"),
    "kind": Text("Kind", "Clase"),
    "kind_sheets": Text("tally sheets compared with the paper ones", "actas comparadas con las de papel"),
    "kind_regions": Text(
        "tally sheets compared with the paper ones, a sample in each region",
        "actas comparadas con las de papel, con una muestra en cada región",
    ),
    "kind_ballot_polling": Text("ballots read alone", "papeletas leídas por sí solas"),
    "kind_ballot_comparison": Text(
        "ballots compared with their cast vote records", "papeletas comparadas con sus registros de voto"
    ),
    "kind_oneaudit": Text(
        "ballots compared with the totals of their sheet (ONEAudit)",
        "papeletas comparadas con los totales de su acta (ONEAudit)",
    ),
    "sampling": Text("Sampling", "Muestreo"),
    "proportional_to_error_bound": Text(
        "proportional to the error bound, with replacement", "proporcional a la cota de error, con reemplazo"
    ),
    "equal_probability": Text("equal probability, without replacement", "probabilidad igual, sin reemplazo"),
    "publication": Text("Publication", "Publicación"),
    "rounds": Text("Rounds (draws in all)", "Rondas (sorteos en total)"),
    "hash": Text("SHA-256 of the plan, which all sign", "SHA-256 del plan, que todos firman"),
    "files": Text("Files", "Archivos"),
    "who": Text("Who signed, and who did not", "Quiénes firmaron y quiénes no"),
    "who_name": Text("Answers to the plan, each signature verified", "Respuestas al plan, verificada cada firma"),
    "name": Text("Name", "Nombre"),
    "answer": Text("Answer", "Respuesta"),
    "when": Text("When", "Cuándo"),
    "reason": Text("Reason", "Razón"),
    "signed_seed": Text("Signed the record of the seed", "Firmó la constancia de la semilla"),
    "entered": Text("Who entered what was read", "Quiénes anotaron lo leído"),
    "round": Text("Round", "Ronda"),
    "nobody": Text("nobody signed", "nadie firmó"),
    "unsigned": Text("What nobody signed", "Lo que nadie firmó"),
    "all_signed": Text(
        "Nothing so far: answers, the record of the seed and what was entered are signed.",
        "Nada hasta ahora: las respuestas, la constancia de la semilla y lo anotado están firmados.",
    ),
    "consents": Text("consents", "consiente"),
    "objects": Text("objects", "objeta"),
    "none": Text("no answer", "sin respuesta"),
    "earlier": Text("An earlier plan, which was changed", "Un plan anterior, que se cambió"),
    "seed": Text("The seed and the sample", "La semilla y la muestra"),
    "no_seed": Text("There is no seed yet, and so no sample.", "Aún no hay semilla, ni por tanto muestra."),
    "sample_name": Text("Sampled sheets by place", "Actas de la muestra por lugar"),
    "place": Text("Place", "Lugar"),
    "sampled": Text("Sampled sheets", "Actas en la muestra"),
    "of": Text("Of", "De"),
    "risk": Text("Risk, as sheets came in", "El riesgo, a medida que llegaban las actas"),
    "risk_name": Text(
        "Risk of each statement after all sheets read so far", "Riesgo de cada afirmación tras las actas leídas"
    ),
    "risk_now": Text("Risk", "Riesgo"),
    "met": Text("Limit met after draw", "Límite cumplido tras el sorteo"),
    "overstated": Text("Sheets that overstated it", "Actas que la exageraban"),
    "understated": Text("Sheets that understated it", "Actas que la disminuían"),
    "lost": Text("Missing or unreadable", "Faltantes o ilegibles"),
    "next": Text("Next step", "Siguiente paso"),
    "confirmed": Text("the outcome is confirmed", "el resultado queda confirmado"),
    "next_round": Text("another round", "otra ronda"),
    "full_count": Text("a count of all ballots", "un recuento de todas las papeletas"),
    "needs": Text("What an audit of this outcome takes", "Lo que pide una auditoría de este resultado"),
}
