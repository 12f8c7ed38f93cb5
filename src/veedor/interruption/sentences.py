"""Sentences of the interruption's findings, each in words where there is no figure to give."""

from collections.abc import Sequence

from veedor.finding import Text
from veedor.interruption.projection.projection import Projection
from veedor.interruption.projection.rule_names import rule_name
from veedor.interruption.regression.discontinuity import Jump
from veedor.interruption.study import Study
from veedor.wording import decimal, fill, number, per_cent, points


def clock_name(study: Study, name: str) -> Text:
    """A clock's name for people."""
    return next((ticks.name for ticks in study.clocks if ticks.id == name), Text(name, name))


def rule_of(study: Study, each: Projection) -> Text:
    """A projection's name for people."""
    return rule_name(each.rule, each.values, study.split.election)


def lead_words(lead: float | None) -> Text:
    """A group's lead in points; in words where it holds no valid vote."""
    return Text("none: no valid vote", "ninguna: sin votos válidos") if lead is None else points(lead)


def placebo_sentence(study: Study) -> Text:
    """How the error at the stop compares with those at placebo cuts, for the clock where it stands out least."""
    if not study.placebo_cuts:
        return Text("No clock gives earlier cuts to compare with.", "Ningún reloj da cortes anteriores para comparar.")
    each = max(study.placebo_cuts, key=lambda found: found.rank)
    return fill(
        "At the stop the hierarchical projection errs by {z} of its standard deviations; at {cuts} cuts before it, "
        "where nothing happened, it errs by as much in {rank} of cases (clock {clock}).",
        "En la detención la proyección jerárquica se aparta {z} de sus desviaciones estándar; en {cuts} cortes "
        "anteriores, donde no pasó nada, se aparta otro tanto en {rank} de los casos (reloj {clock}).",
        z=decimal(each.z_at_stop, 1),
        cuts=number(len(each.z)),
        rank=per_cent(each.rank, 0),
        clock=clock_name(study, each.clock),
    )


def jump_sentence(study: Study, largest: Jump | None, share: float | None) -> Text:
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
        clock=clock_name(study, largest.clock),
    )
    if share is None:
        return jump
    return fill(
        "{jump} Without places, {share} of the cuts where nothing happened look “significant” on average.",
        "{jump} Sin lugares, en promedio {share} de los cortes donde no pasó nada parecen «significativos».",
        jump=jump,
        share=per_cent(share, 0),
    )


def level_sentence(loud: int, shares: Sequence[float]) -> Text:
    """How many tests reject too often where nothing happened. shares: each test's false alarms."""
    if not shares:
        return Text(
            "Not applicable: no test could be run on shuffled sheets or at cuts where nothing happened.",
            "No aplicable: ninguna prueba pudo hacerse con actas barajadas ni en cortes donde no pasó nada.",
        )
    most, tests = per_cent(max(shares), 0), number(len(shares))
    if not loud:
        return fill(
            "None of {tests} tests rejects more often than that; the one that rejects most does so in {most} of "
            "placebo cases.",
            "Ninguna de {tests} pruebas rechaza más que eso; la que más rechaza lo hace en {most} de los casos de "
            "placebo.",
            tests=tests,
            most=most,
        )
    return fill(
        "{loud} of {tests} tests reject more often than that; the loudest in {most} of placebo cases. The "
        "“significance” of such a test means little here.",
        "{loud} de {tests} pruebas rechazan más que eso; la más ruidosa, en {most} de los casos de placebo. La "
        "«significación» de una prueba así significa poco aquí.",
        loud=number(loud),
        tests=tests,
        most=most,
    )
