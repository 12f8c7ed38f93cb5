"""Did publication go on? The gaps of the interrupted count's clocks as a finding."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from veedor.finding import Finding, Text, Verdict
from veedor.interruption.clock.clocks import Ticks
from veedor.interruption.clock.gaps import LEAST_SECONDS, TIMES, Gap
from veedor.interruption.clock.unpublished import Unpublished
from veedor.interruption.split import Split
from veedor.wording import duration, fill, moment, number


def clock_name(clocks: Sequence[Ticks], name: str) -> Text:
    """A clock's name for people."""
    return next((ticks.name for ticks in clocks if ticks.id == name), Text(name, name))


def gaps_finding(
    split: Split, clocks: Sequence[Ticks], gaps: Sequence[Gap], unpublished: Sequence[Unpublished], command: str
) -> Finding:
    """`publication_gaps`: holds where no gap of the count's clocks was found by the rule of `gaps`."""
    found = [gap for gap in gaps if gap.declared is None and gap.count == split.count]
    intervals = sum(
        ticks.publications.height - 1
        for ticks in clocks
        if ticks.publications is not None and ticks.count == split.count
    )
    longest = max(found, key=lambda gap: gap.seconds, default=None)
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
        summary=_summary(longest, intervals, clocks, unpublished, split.election.zone),
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


def _summary(
    longest: Gap | None, intervals: int, clocks: Sequence[Ticks], unpublished: Sequence[Unpublished], zone: ZoneInfo
) -> Text:
    if longest is None:
        return (
            Text("No interval between publications stands out.", "Ningún intervalo entre publicaciones sobresale.")
            if intervals
            else Text(
                "Not applicable: no clock tells when this count was published.",
                "No aplicable: ningún reloj dice cuándo se publicó este conteo.",
            )
        )
    summary = fill(
        "The longest stop lasted {length}, from {start} to {end} ({clock}).",
        "La detención más larga duró {length}, del {start} al {end} ({clock}).",
        length=duration(longest.seconds),
        start=moment(longest.start, zone),
        end=moment(longest.end, zone),
        clock=clock_name(clocks, longest.clock),
    )
    for each in unpublished:
        more = fill(
            " Verification or transmission did not stop with it: {sheets} tally sheets had passed the clock "
            "“{clock}” by then and were not in the last publication.",
            " La verificación o transmisión no se detuvo con ella: {sheets} actas habían pasado el reloj "
            "«{clock}» para entonces y no estaban en la última publicación.",
            sheets=number(each.sheets),
            clock=clock_name(clocks, each.clock),
        )
        summary = Text(summary.en + more.en, summary.es + more.es)
    return summary
