"""Is the final lead what the counted places announced? The projections as a finding."""

import math
from collections.abc import Sequence
from fractions import Fraction

from veedor.finding import Finding, Text, Verdict
from veedor.interruption.clock.clocks import Ticks
from veedor.interruption.clock.finding import clock_name
from veedor.interruption.needed_lead import Needed
from veedor.interruption.projection.placebo_cuts import PlaceboCuts
from veedor.interruption.projection.projection import Projection, missing_margin
from veedor.interruption.projection.rule_names import rule_name
from veedor.interruption.sentences import GEOGRAPHY, SIGNIFICANT
from veedor.interruption.split import Split
from veedor.wording import decimal, fill, number, per_cent, points, signed

UNCERTAINTY = Text(
    "The rules differ more from each other than each one's draws do: read the spread over rules, not one "
    "probability. A calibrated interval is as wide as its rule errs on hidden sheets and at earlier cuts. In "
    "simulated elections those of the hierarchical rule hold the truth as often as they say; those of the "
    "donor rules do not where the stop came early, and their own draws hold it far less often.",
    "Las reglas difieren entre sí más que los sorteos de cada una: léase la dispersión entre reglas, no una "
    "probabilidad. Un intervalo calibrado es tan ancho como yerra su regla con actas ocultadas y en cortes "
    "anteriores. En elecciones simuladas, los de la regla jerárquica contienen la verdad tan a menudo como "
    "dicen; los de las reglas con actas donantes no cuando la detención llegó pronto, y sus propios sorteos "
    "la contienen mucho menos.",
)


def projections_finding(
    split: Split,
    needed: Needed,
    clocks: Sequence[Ticks],
    projections: Sequence[Projection],
    cuts: Sequence[PlaceboCuts],
    command: str,
) -> Finding:
    """`lead_as_projected`: holds where the lead lies in a hierarchical projection's calibrated 95 % interval.

    Or where it errs no more at the stop than at cuts where nothing happened; undecided where it lies outside and no
    clock gives such cuts.
    """
    drawn = [each for each in projections if each.sd is not None and each.values == "cut"]
    pooling = [each.calibrated for each in drawn if each.validation is not None and each.calibrated is not None]
    low = min(each.quantiles["0.025"] for each in pooling)
    high = max(each.quantiles["0.975"] for each in pooling)
    observed, alike = drawn[0].observed, drawn[0].observed_alike
    inside = any(each.quantiles["0.025"] <= alike <= each.quantiles["0.975"] for each in pooling)
    ranks = [each.rank for each in cuts]
    stands_out = bool(ranks) and max(ranks) <= SIGNIFICANT
    verdict = Verdict.DOES_NOT_HOLD if stands_out else Verdict.HOLDS if ranks else Verdict.UNDECIDED
    return Finding(
        check="lead_as_projected",
        title=Text(
            "Is the final lead what the counted places announced?",
            "¿Es la ventaja final la que anunciaban los lugares contados?",
        ),
        verdict=Verdict.HOLDS if inside else verdict,
        looked_at=len(projections),
        unit=Text("projection rules", "reglas de proyección"),
        expected=_expected(low, high),
        found=sum(not each.quantiles["0.025"] <= each.observed_alike <= each.quantiles["0.975"] for each in drawn),
        summary=_summary(split, needed, projections, drawn, _placebo_sentence(clocks, cuts)),
        uncertainty=UNCERTAINTY,
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
            "unexplained_votes": {f"{each.rule}@{each.values}": each.unexplained_votes for each in projections},
            "missing_margin_votes": missing_margin(split),
            "margin_over_line_votes": _margin_over_line(split, needed),
        },
        source=fill(
            "Long et al. (CEPR 2019); Rosnick and Wu (2022); universe: {universe}",
            "Long et al. (CEPR 2019); Rosnick and Wu (2022); universo: {universe}",
            universe=split.universe,
        ),
    )


def _expected(low: float, high: float) -> Text:
    return fill(
        "With the counted sheets as published, the final lead lies within the calibrated 95 % interval of a "
        "hierarchical projection ({low} to {high}), or no further off than projections at earlier cuts, where "
        "nothing happened.",
        "Con las actas contadas tal como se publicaron, la ventaja final cae dentro del intervalo calibrado del "
        "95 % de una proyección jerárquica ({low} a {high}), o no se aparta más que las proyecciones en cortes "
        "anteriores, donde no pasó nada.",
        low=points(low, 3),
        high=points(high, 3),
    )


def _summary(
    split: Split, needed: Needed, projections: Sequence[Projection], drawn: Sequence[Projection], placebos: Text
) -> Text:
    """What was observed and projected. drawn: the projections with draws, at the cut's values."""
    best = min(drawn, key=lambda each: abs(each.unexplained_votes))
    worst = max(projections, key=lambda each: abs(each.unexplained_votes))
    line = needed.line
    named = [
        fill(
            "{name} {mean}",
            "{name} {mean}",
            name=rule_name(each.rule, each.values, split.election),
            mean=decimal(100 * each.mean, 3),
        )
        for each in projections
    ]
    return fill(
        "Observed {observed}; projected, in points: {rules}. The difference in the missing sheets' lead is between "
        "{least} and {most} votes, by rule; the line of {line} is {margin} votes away. {placebos}",
        "Observada {observed}; proyectada, en puntos: {rules}. La diferencia en la ventaja de las actas faltantes "
        "es de entre {least} y {most} votos, según la regla; la línea de {line} está a {margin} votos. {placebos}",
        observed=points(drawn[0].observed, 3),
        rules=Text("; ".join(each.en for each in named), "; ".join(each.es for each in named)),
        least=signed(round(best.unexplained_votes)),
        most=signed(round(worst.unexplained_votes)),
        line=points(line, 0),
        margin=signed(_margin_over_line(split, needed)),
        placebos=placebos,
    )


def _margin_over_line(split: Split, needed: Needed) -> int:
    """Whole votes of lead beyond the fewest that stand on the line; below zero where the lead falls short of them."""
    final = split.final.sum(axis=0)
    line = Fraction(needed.line).limit_denominator(1_000_000)
    return int(final[0] - final[1]) - math.ceil(line * int(final.sum()))


def _placebo_sentence(clocks: Sequence[Ticks], cuts: Sequence[PlaceboCuts]) -> Text:
    """How the error at the stop compares with those at placebo cuts, for the clock where it stands out least."""
    if not cuts:
        return Text("No clock gives earlier cuts to compare with.", "Ningún reloj da cortes anteriores para comparar.")
    each = max(cuts, key=lambda found: found.rank)
    return fill(
        "At the stop the hierarchical projection errs by {z} of its standard deviations; at {cuts} cuts before it, "
        "where nothing happened, it errs by as much in {rank} of cases (clock {clock}).",
        "En la detención la proyección jerárquica se aparta {z} de sus desviaciones estándar; en {cuts} cortes "
        "anteriores, donde no pasó nada, se aparta otro tanto en {rank} de los casos (reloj {clock}).",
        z=decimal(each.z_at_stop, 1),
        cuts=number(len(each.z)),
        rank=per_cent(each.rank, 0),
        clock=clock_name(clocks, each.clock),
    )
