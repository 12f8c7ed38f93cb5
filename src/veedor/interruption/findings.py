"""The layers of the question as findings: what was measured, how sure, what else explains it, what it cannot show."""

import math
from fractions import Fraction
from statistics import NormalDist

import numpy as np

from veedor.finding import Finding, Text, Verdict
from veedor.interruption.clock.gaps import LEAST_SECONDS, TIMES
from veedor.interruption.projection.projection import missing_margin
from veedor.interruption.regression.discontinuity import CRITICAL, Jump
from veedor.interruption.regression.trend import Slope
from veedor.interruption.sentences import (
    clock_name,
    jump_sentence,
    lead_words,
    level_sentence,
    placebo_sentence,
    rule_of,
)
from veedor.interruption.study import Study
from veedor.wording import decimal, duration, fill, moment, number, per_cent, points, signed

SHEETS = Text("tally sheets", "actas")
PLACES = Text("places", "lugares")

SIGNIFICANT = 0.05
LEAST_SHUFFLES = 100

GEOGRAPHY = Text(
    "Sheets do not arrive at random: cities transmit before the countryside, near consulates before far ones, and a "
    "place that is late may vote unlike one that is early.",
    "Las actas no llegan al azar: las ciudades transmiten antes que el campo y los consulados cercanos antes que los "
    "lejanos, y un lugar que llega tarde puede votar de otro modo que uno que llega temprano.",
)


def findings_of(study: Study, command: str) -> list[Finding]:
    """One finding for each layer, in the order in which a reader asks. command: what re-derives them."""
    return [
        _gaps(study, command),
        _needed(study, command),
        _missing(study, command),
        _projections(study, command),
        _within(study, command),
        _discontinuity(study, command),
        _placebos(study, command),
        _revisions(study, command),
        _trend(study, command),
    ]


def _gaps(study: Study, command: str) -> Finding:
    zone = study.split.election.zone
    found = [gap for gap in study.gaps if gap.declared is None and gap.count == study.split.count]
    intervals = sum(
        ticks.publications.height - 1
        for ticks in study.clocks
        if ticks.publications is not None and ticks.count == study.split.count
    )
    longest = max(found, key=lambda gap: gap.seconds, default=None)
    if longest is None:
        summary = (
            Text("No interval between publications stands out.", "Ningún intervalo entre publicaciones sobresale.")
            if intervals
            else Text(
                "Not applicable: no clock tells when this count was published.",
                "No aplicable: ningún reloj dice cuándo se publicó este conteo.",
            )
        )
    else:
        summary = fill(
            "The longest stop lasted {length}, from {start} to {end} ({clock}).",
            "La detención más larga duró {length}, del {start} al {end} ({clock}).",
            length=duration(longest.seconds),
            start=moment(longest.start, zone),
            end=moment(longest.end, zone),
            clock=clock_name(study, longest.clock),
        )
        for each in study.unpublished:
            more = fill(
                " Verification or transmission did not stop with it: {sheets} tally sheets had passed the clock "
                "“{clock}” by then and were not in the last publication.",
                " La verificación o transmisión no se detuvo con ella: {sheets} actas habían pasado el reloj "
                "«{clock}» para entonces y no estaban en la última publicación.",
                sheets=number(each.sheets),
                clock=clock_name(study, each.clock),
            )
            summary = Text(summary.en + more.en, summary.es + more.es)
    verdict = Verdict.DOES_NOT_HOLD if found else Verdict.HOLDS if intervals else Verdict.UNDECIDED
    return Finding(
        check="publication_gaps",
        title=Text("Did publication go on without a stop?", "¿Siguió la publicación sin detenerse?"),
        verdict=verdict,
        looked_at=max(intervals, len(found)),
        unit=Text("intervals between ticks of the clocks", "intervalos entre marcas de los relojes"),
        expected=fill(
            "No interval of at least {times} times the clock's median interval and at least {least}.",
            "Ningún intervalo de al menos {times} veces la mediana del reloj y de al menos {least}.",
            times=TIMES,
            least=duration(LEAST_SECONDS),
        ),
        found=len(found),
        summary=summary,
        cannot_show=Text(
            "Why the clock stopped, and what was done meanwhile.",
            "Por qué se detuvo el reloj y qué se hizo mientras tanto.",
        ),
        other_explanations=Text(
            "A preliminary count may be planned to end before all sheets are in; technical faults; nights between "
            "working days.",
            "Un conteo preliminar puede estar planeado para terminar antes de tener todas las actas; fallas técnicas; "
            "noches entre jornadas de trabajo.",
        ),
        command=command,
        effect={"longest_seconds": longest.seconds if longest else 0 if intervals else None},
        items=[
            {
                "clock": gap.clock,
                "from": gap.start.isoformat(),
                "to": gap.end.isoformat(),
                "seconds": gap.seconds,
                "sheets_before": gap.sheets_before,
                "sheets_after": gap.sheets_after,
            }
            for gap in sorted(found, key=lambda gap: -gap.seconds)
        ],
        source=Text(
            "The clocks that the sources give, and the rule stated",
            "Los relojes que dan las fuentes, y la regla enunciada",
        ),
    )


def _needed(study: Study, command: str) -> Finding:
    needed, split = study.needed, study.split
    can_change = split.open.outcome_can_change
    return Finding(
        check="outcome_settled_at_stop",
        title=Text("Was the outcome settled at the stop?", "¿Estaba decidido el resultado al detenerse?"),
        verdict=Verdict.UNDECIDED if can_change is None else Verdict.DOES_NOT_HOLD if can_change else Verdict.HOLDS,
        looked_at=len(split.station),
        unit=SHEETS,
        expected=Text(
            "Whatever valid votes the missing sheets held, the outcome by the rule is the same.",
            "Sean cuales fueren los votos válidos de las actas faltantes, el resultado según la regla es el mismo.",
        ),
        found=int(split.missing.sum()),
        summary=Text(
            "The missing sheets held no valid vote: there was nothing left that could move the lead.",
            "Las actas faltantes no tenían ningún voto válido: no quedaba nada que moviera la ventaja.",
        )
        if needed.lead_needed is None or needed.observed is None
        else fill(
            "With {valid} valid votes still missing, {first} led {second} by {lead}; to end on the line of {line} the "
            "missing votes needed a lead of {needed}. They held {observed}.",
            "Con {valid} votos válidos por contar, {first} aventajaba a {second} por {lead}; para terminar en la línea "
            "de {line}, los votos faltantes necesitaban una ventaja de {needed}. Trajeron {observed}.",
            valid=number(needed.missing_valid),
            first=split.first,
            second=split.second,
            lead=points(needed.lead_counted),
            line=points(needed.line),
            needed=points(needed.lead_needed),
            observed=points(needed.observed),
        ),
        cannot_show=Text(
            "What the missing votes were: only what they would have had to be.",
            "Qué eran los votos faltantes: solo qué habrían tenido que ser.",
        ),
        other_explanations=GEOGRAPHY,
        command=command,
        effect={
            "lead_counted": needed.lead_counted,
            "lead_needed": needed.lead_needed,
            "lead_observed": needed.observed,
            "missing_valid": needed.missing_valid,
            "votes_to_change": split.open.votes_to_change,
        },
        source=fill(
            "Arithmetic on the published sheets; universe: {universe}",
            "Aritmética sobre las actas publicadas; universo: {universe}",
            universe=split.universe,
        ),
    )


def _missing(study: Study, command: str) -> Finding:
    split = study.split
    by_name = {group.name: group for group in study.groups}
    late, whole = by_name["split_late"], by_name["all_late"]
    return Finding(
        check="missing_like_counted",
        title=Text(
            "Did the missing sheets come from the same places as the counted ones?",
            "¿Venían las actas faltantes de los mismos lugares que las contadas?",
        ),
        verdict=Verdict.DOES_NOT_HOLD if whole.sheets else Verdict.HOLDS,
        looked_at=int(split.missing.sum()),
        unit=Text("missing tally sheets", "actas faltantes"),
        expected=Text(
            "Each missing sheet has a counted one in its own finest place.",
            "Cada acta faltante tiene una contada en su mismo lugar.",
        ),
        found=whole.sheets,
        summary=fill(
            "{late} missing sheets lie in places of which others were counted (lead {late_lead}); {whole} in places of "
            "which none was (lead {whole_lead}).",
            "{late} actas faltantes son de lugares de los que otras se contaron (ventaja {late_lead}); {whole}, de "
            "lugares de los que ninguna (ventaja {whole_lead}).",
            late=number(late.sheets),
            late_lead=lead_words(late.lead),
            whole=number(whole.sheets),
            whole_lead=lead_words(whole.lead),
        ),
        cannot_show=Text(
            "Why these places were late.",
            "Por qué estos lugares llegaron tarde.",
        ),
        other_explanations=GEOGRAPHY,
        command=command,
        effect={
            group.name: {"sheets": group.sheets, "valid": group.valid, "lead": group.lead} for group in study.groups
        },
        source="Long, Rosnick, Kharrazian and Cashman (CEPR 2019); Idrobo, Kronick and Rodríguez (2022)",
    )


def _projections(study: Study, command: str) -> Finding:
    """Holds where the lead lies in a hierarchical projection's calibrated 95 % interval, or errs no more at the stop
    than at cuts where nothing happened; undecided where it lies outside and no clock gives such cuts."""
    drawn = [each for each in study.projections if each.sd is not None and each.values == "cut"]
    pooling = [each.calibrated for each in drawn if each.validation is not None and each.calibrated is not None]
    low = min(each.quantiles["0.025"] for each in pooling)
    high = max(each.quantiles["0.975"] for each in pooling)
    observed, alike = drawn[0].observed, drawn[0].observed_alike
    inside = any(each.quantiles["0.025"] <= alike <= each.quantiles["0.975"] for each in pooling)
    ranks = [each.rank for each in study.placebo_cuts]
    stands_out = bool(ranks) and max(ranks) <= SIGNIFICANT
    verdict = Verdict.DOES_NOT_HOLD if stands_out else Verdict.HOLDS if ranks else Verdict.UNDECIDED
    best = min(drawn, key=lambda each: abs(each.unexplained_votes))
    worst = max(study.projections, key=lambda each: abs(each.unexplained_votes))
    line = study.needed.line
    named = [
        fill("{name} {mean}", "{name} {mean}", name=rule_of(study, each), mean=decimal(100 * each.mean, 3))
        for each in study.projections
    ]
    return Finding(
        check="lead_as_projected",
        title=Text(
            "Is the final lead what the counted places announced?",
            "¿Es la ventaja final la que anunciaban los lugares contados?",
        ),
        verdict=Verdict.HOLDS if inside else verdict,
        looked_at=len(study.projections),
        unit=Text("projection rules", "reglas de proyección"),
        expected=fill(
            "With the counted sheets as published, the final lead lies within the calibrated 95 % interval of a "
            "hierarchical projection ({low} to {high}), or no further off than projections at earlier cuts, where "
            "nothing happened.",
            "Con las actas contadas tal como se publicaron, la ventaja final cae dentro del intervalo calibrado del "
            "95 % de una proyección jerárquica ({low} a {high}), o no se aparta más que las proyecciones en cortes "
            "anteriores, donde no pasó nada.",
            low=points(low, 3),
            high=points(high, 3),
        ),
        found=sum(not each.quantiles["0.025"] <= each.observed_alike <= each.quantiles["0.975"] for each in drawn),
        summary=fill(
            "Observed {observed}; projected, in points: {rules}. The difference in the missing sheets' lead is between "
            "{least} and {most} votes, by rule; the line of {line} is {margin} votes away. {placebos}",
            "Observada {observed}; proyectada, en puntos: {rules}. La diferencia en la ventaja de las actas faltantes "
            "es de entre {least} y {most} votos, según la regla; la línea de {line} está a {margin} votos. {placebos}",
            observed=points(observed, 3),
            rules=Text("; ".join(each.en for each in named), "; ".join(each.es for each in named)),
            least=signed(round(best.unexplained_votes)),
            most=signed(round(worst.unexplained_votes)),
            line=points(line, 0),
            margin=signed(_margin_over_line(study)),
            placebos=placebo_sentence(study),
        ),
        uncertainty=Text(
            "The rules differ more from each other than each one's draws do: read the spread over rules, not one "
            "probability. A calibrated interval is as wide as its rule errs on hidden sheets and at earlier cuts. In "
            "simulated elections those of the hierarchical rule hold the truth as often as they say; those of the "
            "donor rules do not where the stop came early, and their own draws hold it far less often.",
            "Las reglas difieren entre sí más que los sorteos de cada una: léase la dispersión entre reglas, no una "
            "probabilidad. Un intervalo calibrado es tan ancho como yerra su regla con actas ocultadas y en cortes "
            "anteriores. En elecciones simuladas, los de la regla jerárquica contienen la verdad tan a menudo como "
            "dicen; los de las reglas con actas donantes no cuando la detención llegó pronto, y sus propios sorteos "
            "la contienen mucho menos.",
        ),
        cannot_show=Text(
            "Whether sheets of late places were filled in as the voters voted: late places can differ from their "
            "neighbours for reasons that geography does not carry.",
            "Si las actas de los lugares tardíos reflejan lo votado: los lugares tardíos pueden diferir de sus vecinos "
            "por razones que la geografía no recoge.",
        ),
        other_explanations=GEOGRAPHY,
        command=command,
        effect={
            "observed": observed,
            "observed_alike": alike,
            "interval_low": low,
            "interval_high": high,
            "unexplained_votes": {f"{each.rule}@{each.values}": each.unexplained_votes for each in study.projections},
            "missing_margin_votes": missing_margin(study.split),
            "margin_over_line_votes": _margin_over_line(study),
        },
        source=fill(
            "Long et al. (CEPR 2019); Rosnick and Wu (2022); universe: {universe}",
            "Long et al. (CEPR 2019); Rosnick and Wu (2022); universo: {universe}",
            universe=study.split.universe,
        ),
    )


def _margin_over_line(study: Study) -> int:
    """Whole votes of lead beyond the fewest that stand on the line; below zero where the lead falls short of them."""
    final = study.split.final.sum(axis=0)
    line = Fraction(study.needed.line).limit_denominator(1_000_000)
    return int(final[0] - final[1]) - math.ceil(line * int(final.sum()))


def _within(study: Study, command: str) -> Finding:
    split = study.split
    finest = split.places.levels[-1]
    level = {each.id: each.name.text for each in split.election.levels}.get(finest, Text(finest, finest))
    raw = next(each for each in study.within if each.of == "lead" and each.level == split.places.levels[0])
    inner = next(each for each in study.within if each.of == "lead" and each.level == finest)
    test = next((each for each in study.shuffles if each.of == "lead" and each.level == finest), None)
    known = inner.estimate is not None and test is not None
    late = next(group for group in study.groups if group.name == "split_late")
    votes = round((inner.estimate or 0.0) / 100.0 * late.valid)
    departs = known and test is not None and test.p_value < SIGNIFICANT
    return Finding(
        check="within_place_change",
        title=Text(
            "Did late sheets differ from the early ones of their own place?",
            "¿Diferían las actas tardías de las tempranas de su mismo lugar?",
        ),
        verdict=(Verdict.DOES_NOT_HOLD if departs else Verdict.HOLDS) if known else Verdict.UNDECIDED,
        looked_at=inner.n if known else 0,
        unit=SHEETS,
        expected=fill(
            "Late minus early lead within one place (level “{finest}”) "
            "no further from zero than shuffling which sheets are late gives.",
            "La ventaja tardía menos la temprana dentro de un mismo lugar (nivel «{finest}») "
            "no más lejos de cero que al barajar cuáles actas "
            "son tardías.",
            finest=level,
        ),
        found=int(departs),
        summary=Text(
            "Too few places hold both late and early sheets: there is nothing to compare.",
            "Demasiado pocos lugares tienen a la vez actas tardías y tempranas: no hay qué comparar.",
        )
        if not known or test is None
        else fill(
            "Late minus early lead: {raw} raw, {inner} within one place (level “{finest}”; "
            "standard error {se}, clustered {clustered}); "
            "over all ways to shuffle which sheets are late, {p} lie as far from zero. Taken at face value "
            "it is {votes} votes of the lead.",
            "Ventaja tardía menos temprana: {raw} en bruto, {inner} dentro de un mismo lugar (nivel «{finest}»; "
            "error estándar {se}, por "
            "conglomerados {clustered}); de todas las formas de barajar cuáles actas son tardías, {p} quedan tan lejos "
            "de cero. Tomada al pie de la letra son {votes} votos de la ventaja.",
            raw=points((raw.estimate or 0.0) / 100),
            inner=points((inner.estimate or 0.0) / 100),
            finest=level,
            se=decimal(inner.se or 0.0, 3),
            clustered=decimal(inner.se_clustered or 0.0, 3),
            p=per_cent(test.p_value, 1),
            votes=signed(votes),
        ),
        uncertainty=None
        if not known or test is None
        else fill(
            "On shuffled sheets the test with robust errors rejects {alarms} of times at 5 %.",
            "Con actas barajadas, la prueba con errores robustos rechaza {alarms} de las veces al 5 %.",
            alarms=per_cent(test.false_alarms, 1),
        ),
        cannot_show=Text(
            "Anything about places of which no sheet was counted before the stop.",
            "Lo que pasó en los lugares de los que no se había contado ninguna acta antes de la detención.",
        ),
        other_explanations=Text(
            "Sheets of one place are not alike: stations are filled by surname or age of registration, and the last "
            "station of a place is often the youngest roll.",
            "Las actas de un lugar no son iguales: las mesas se llenan por apellido o antigüedad de inscripción, y la "
            "última mesa de un lugar suele tener el padrón más joven.",
        ),
        command=command,
        effect={
            "estimate": None if inner.estimate is None else inner.estimate / 100.0,
            "votes": None if inner.estimate is None else votes,
            "own_early_lead_residual_votes": study.own_early.residual_votes,
            "p_value": test.p_value if test else None,
        },
        source="Escobari and Hoover (2020, 2024); Idrobo, Kronick and Rodríguez (2022)",
    )


def _discontinuity(study: Study, command: str) -> Finding:
    """Holds unless, within places, a jump is beyond both its standard error and its placebos at several bandwidths."""
    inner = [jump for jump in study.jumps if jump.within and jump.estimate is not None and jump.se]
    beyond = [jump for jump in inner if _is_beyond(jump, len(inner))]
    raw = [jump.placebo_share for jump in study.jumps if not jump.within and jump.placebo_share is not None]
    largest = max(inner, key=lambda jump: abs((jump.estimate or 0.0) / (jump.se or 1.0)), default=None)
    return Finding(
        check="jump_at_stop",
        title=Text("Is there a jump at the stop?", "¿Hay un salto en la detención?"),
        verdict=(Verdict.DOES_NOT_HOLD if beyond else Verdict.HOLDS) if inner else Verdict.UNDECIDED,
        looked_at=len(inner),
        unit=Text("regressions within places (clock and bandwidth)", "regresiones dentro de lugares (reloj y ancho)"),
        expected=Text(
            "No jump within places that is larger than its standard error allows (corrected for the number of tests) "
            "and than 95 % of the jumps at cuts where nothing happened.",
            "Ningún salto dentro de lugares mayor de lo que permite su error estándar (corregido por el número de "
            "pruebas) y que el 95 % de los saltos en cortes donde no pasó nada.",
        ),
        found=len(beyond),
        summary=jump_sentence(study, largest, float(np.mean(raw)) if raw else None),
        cannot_show=Text(
            "A change that sets in slowly, or one in places of which nothing was counted before.",
            "Un cambio que empieza poco a poco, o uno en lugares de los que antes no se había contado nada.",
        ),
        other_explanations=GEOGRAPHY,
        command=command,
        effect={
            "largest_jump": (largest.estimate or 0.0) / 100.0 if largest else None,
            "raw_placebo_share": float(np.mean(raw)) if raw else None,
        },
        source="Hahn, Todd and Van der Klaauw (2001); Newman (2020); Idrobo, Kronick and Rodríguez (2022)",
    )


def _is_beyond(jump: Jump, tests: int) -> bool:
    t = abs((jump.estimate or 0.0) / (jump.se or 1.0))
    # Bonferroni over the regressions of this study; the placebos guard against wrong standard errors.
    return bool(t > NormalDist().inv_cdf(1 - SIGNIFICANT / 2 / tests)) and (jump.placebo_rank or 0.0) <= SIGNIFICANT


def _placebos(study: Study, command: str) -> Finding:
    """Holds where every test on shuffled or placebo data rejects at most twice as often as it says."""
    shares = {
        **{f"within {each.level} ({each.of})": each.false_alarms for each in study.shuffles if each.of == "lead"},
        **{
            f"jump {jump.clock} {jump.bandwidth:g} {'within' if jump.within else 'raw'}": jump.placebo_share
            for jump in study.jumps
            if jump.placebo_share is not None and jump.placebo_cuts >= 10
        },
        **{
            f"trend {slope.clock} {slope.level}": slope.false_alarms
            for slope in study.slopes
            # A few dozen shuffles would make some of many tests look loud by chance.
            if slope.false_alarms is not None and slope.shuffles >= LEAST_SHUFFLES
        },
    }
    loud = {name: share for name, share in shares.items() if share > 2 * SIGNIFICANT}
    return Finding(
        check="tests_keep_their_level",
        title=Text(
            "Do the tests reject only as often as they say?", "¿Rechazan las pruebas solo tan a menudo como dicen?"
        ),
        verdict=(Verdict.DOES_NOT_HOLD if loud else Verdict.HOLDS) if shares else Verdict.UNDECIDED,
        looked_at=len(shares),
        unit=Text("tests at the 5 % level", "pruebas al nivel del 5 %"),
        expected=Text(
            "On shuffled sheets and at cuts where nothing happened each test rejects in at most 10 % of cases.",
            "Con actas barajadas y en cortes donde no pasó nada, cada prueba rechaza en el 10 % de los casos o menos.",
        ),
        found=len(loud),
        summary=level_sentence(len(loud), list(shares.values())),
        cannot_show=Text(
            "Whether a test that keeps its level would see a change that is there: see the table of power.",
            "Si una prueba que guarda su nivel vería un cambio que existe: véase la tabla de potencia.",
        ),
        other_explanations=Text(
            "Neighbouring sheets in the order of count come from the same places, so they are not independent.",
            "Las actas vecinas en el orden del conteo vienen de los mismos lugares y no son independientes.",
        ),
        command=command,
        effect={"false_alarms": shares},
        source=Text("Permutation of the election's own sheets", "Permutación de las propias actas de la elección"),
    )


def _revisions(study: Study, command: str) -> Finding:
    revised = study.revised
    return Finding(
        check="counted_sheets_unchanged",
        title=Text(
            "Do the sheets published before the stop still say the same?",
            "¿Dicen todavía lo mismo las actas publicadas antes de la detención?",
        ),
        verdict=(Verdict.DOES_NOT_HOLD if revised.sheets else Verdict.HOLDS)
        if revised.looked_at
        else Verdict.UNDECIDED,
        looked_at=revised.looked_at,
        unit=SHEETS,
        expected=Text(
            "The votes, blank and null ballots of each published sheet are those of the universe.",
            "Los votos, blancos y nulos de cada acta publicada son los del universo.",
        ),
        found=revised.sheets,
        summary=Text(
            "Not applicable: no sheet published before the stop is in the universe.",
            "No aplicable: ningún acta publicada antes de la detención está en el universo.",
        )
        if not revised.looked_at
        else fill(
            "{sheets} of {all} sheets differ, {valid} of them in valid votes; the net effect on the lead is {lead} "
            "votes.",
            "{sheets} de {all} actas difieren, {valid} de ellas en votos válidos; el efecto neto en la ventaja es de "
            "{lead} votos.",
            sheets=number(revised.sheets),
            all=number(revised.looked_at),
            valid=number(revised.valid),
            lead=signed(revised.on_lead),
        ),
        cannot_show=Text("Which of two figures is the paper's.", "Cuál de dos cifras es la del papel."),
        other_explanations=Text(
            "A preliminary count is typed in a hurry from photographs; the official one corrects it.",
            "Un conteo preliminar se transcribe con prisa desde fotografías; el oficial lo corrige.",
        ),
        command=command,
        effect={"net": dict(revised.net), "lead": revised.on_lead},
        source=Text("Sheet against sheet", "Acta contra acta"),
    )


def _is_sloped(slope: Slope) -> bool:
    return bool(slope.slope is not None and slope.se and abs(slope.slope / slope.se) > CRITICAL)


def _trend(study: Study, command: str) -> Finding:
    """Holds where most of a slope vanishes within places; undecided where no clock has a slope beyond chance."""
    finest = study.split.places.levels[-1]
    inner = [slope for slope in study.slopes if slope.level == finest and slope.slope is not None and slope.se]
    raw = [slope for slope in study.slopes if slope.level == study.split.places.levels[0] and slope.slope is not None]
    # A slope that chance alone can give has no parts to speak of.
    pairs = [(one, other) for one in inner for other in raw if one.clock == other.clock and _is_sloped(other)]
    explained = [1 - abs((one.slope or 0.0) / (other.slope or 1.0)) for one, other in pairs]
    slow = [one for (one, _), share in zip(pairs, explained, strict=True) if share < 0.5 and _is_sloped(one)]
    return Finding(
        check="trend_between_places",
        title=Text(
            "Did the leader's share move because other places came, or within places?",
            "¿Se movió el porcentaje del primero porque llegaban otros lugares, o dentro de los lugares?",
        ),
        verdict=(Verdict.DOES_NOT_HOLD if slow else Verdict.HOLDS) if explained else Verdict.UNDECIDED,
        looked_at=len(explained),
        unit=Text("clocks by sheets", "relojes por acta"),
        expected=Text(
            "Most of the slope on the order of count vanishes among the sheets of one place.",
            "La mayor parte de la pendiente sobre el orden del conteo desaparece entre las actas de un lugar.",
        ),
        found=len(slow),
        summary=Text(
            "Not applicable: no clock gives the order of single sheets.",
            "No aplicable: ningún reloj da el orden de las actas, una por una.",
        )
        if not inner
        else Text("No clock has a slope beyond chance.", "Ningún reloj tiene una pendiente mayor que el azar.")
        if not explained
        else fill(
            "Among the sheets of one place {share} of the slope vanishes, in the clock where least does.",
            "Entre las actas de un mismo lugar desaparece {share} de la pendiente, en el reloj donde menos desaparece.",
            share=per_cent(min(explained, default=0.0), 0),
        ),
        cannot_show=Text("A change that touched whole places.", "Un cambio que tocó lugares enteros."),
        other_explanations=GEOGRAPHY,
        command=command,
        effect={
            "slopes": [
                {"clock": slope.clock, "level": slope.level, "slope": slope.slope, "se": slope.se}
                for slope in (*raw, *inner)
            ]
        },
        source="OAS (2019); Idrobo, Kronick and Rodríguez (2022)",
    )
