"""Is there a jump at the stop? The discontinuities as a finding."""

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

from veedor.finding import Finding, Text, Verdict
from veedor.interruption.clock.clocks import Ticks
from veedor.interruption.clock.finding import clock_name
from veedor.interruption.regression.discontinuity import Jump
from veedor.interruption.sentences import GEOGRAPHY, SIGNIFICANT
from veedor.wording import decimal, fill, per_cent, points


def jump_finding(clocks: Sequence[Ticks], jumps: Sequence[Jump], command: str) -> Finding:
    """`jump_at_stop`: holds unless, within places, a jump is beyond both its standard error and its placebos."""
    inner = [jump for jump in jumps if jump.within and jump.estimate is not None and jump.se]
    beyond = [jump for jump in inner if _is_beyond(jump, len(inner))]
    raw = [jump.placebo_share for jump in jumps if not jump.within and jump.placebo_share is not None]
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
        summary=_summary(clocks, largest, float(np.mean(raw)) if raw else None),
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


def _summary(clocks: Sequence[Ticks], largest: Jump | None, share: float | None) -> Text:
    """The largest jump within places, and how often cuts where nothing happened look like one."""
    if largest is None:
        return Text(
            "Not applicable: no clock gives the order of enough single sheets on both sides of the stop to measure a "
            "jump within places.",
            "No aplicable: ningún reloj da el orden de suficientes actas, una por una, a ambos lados de la detención "
            "para medir un salto dentro de lugares.",
        )
    jump = fill(
        "The largest jump within places is {jump} (standard error {se}; clock {clock}).",
        "El mayor salto dentro de lugares es de {jump} (error estándar {se}; reloj {clock}).",
        jump=points((largest.estimate or 0.0) / 100),
        se=decimal(largest.se or 0.0),
        clock=clock_name(clocks, largest.clock),
    )
    if share is None:
        return jump
    return fill(
        "{jump} Without places, {share} of the cuts where nothing happened look “significant” on average.",
        "{jump} Sin lugares, en promedio {share} de los cortes donde no pasó nada parecen «significativos».",
        jump=jump,
        share=per_cent(share, 0),
    )
