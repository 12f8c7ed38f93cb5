"""Do the tests reject only as often as they say? Shuffled sheets and placebo cuts as a finding."""

from collections.abc import Sequence

from veedor.finding import Finding, Text, Verdict
from veedor.interruption.regression.discontinuity import Jump
from veedor.interruption.regression.shuffles import Shuffled
from veedor.interruption.regression.trend import Slope
from veedor.interruption.sentences import SIGNIFICANT
from veedor.wording import fill, number, per_cent

LEAST_SHUFFLES = 100


def level_finding(
    shuffles: Sequence[Shuffled], jumps: Sequence[Jump], slopes: Sequence[Slope], command: str
) -> Finding:
    """`tests_keep_their_level`: holds where every test on placebo data rejects at most twice as often as it says."""
    shares = {
        **{f"within {each.level} ({each.of})": each.false_alarms for each in shuffles if each.of == "lead"},
        **{
            f"jump {jump.clock} {jump.bandwidth:g} {'within' if jump.within else 'raw'}": jump.placebo_share
            for jump in jumps
            if jump.placebo_share is not None and jump.placebo_cuts >= 10
        },
        **{
            f"trend {slope.clock} {slope.level}": slope.false_alarms
            for slope in slopes
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
