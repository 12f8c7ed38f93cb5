"""The answers as findings and as one JSON object."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from veedor.command import Command
from veedor.document import LEFT_OUT, Json, as_json
from veedor.finding import Finding, Text, Verdict
from veedor.forensics.about import ABOUT, About
from veedor.forensics.registry import METHODS
from veedor.forensics.stations import Stations
from veedor.forensics.study import LEVEL, Answer, Study
from veedor.forensics.texts import TEXTS
from veedor.wording import decimal, number, per_cent

MOST_ALARMS = 0.15
"""A method that alarms on more of the clean placebo elections than this gives no verdict on this election."""

UNIT = TEXTS.say("finding.unit")


def findings_of(study: Study, command: Command) -> list[Finding]:
    """One finding for each method, in the order of METHODS. command: with what says which sheets.

    The methods, the clean elections and the seed are added to it: what one method's p is after correction depends on
    the other methods that ran.
    """
    whole = _whole(study, command)
    return [_finding(study, answer, whole) for answer in study.answers]


def _whole(study: Study, command: Command) -> Command:
    ran = [answer.method for answer in study.answers]
    default = [name for name, method in METHODS.items() if method.default]
    named = command if ran == default else command.argument(*ran)
    return named.option("--placebo", study.draws).option("--seed", study.seed)


def verdict_of(answer: Answer) -> Verdict:
    """Undecided where the method does not apply or alarms on clean elections; else by the corrected p-value.

    An alarm must also stand out from the placebo's, else undecided; a rank among draws is at least 1 / (draws + 1). A
    list of stations to look at is no verdict: it holds where nothing is listed, else it is undecided.
    """
    if METHODS[answer.method].lists and answer.measured is not None and answer.measured.statistic == 0:
        return Verdict.HOLDS
    if answer.measured is None or answer.p_bh is None or answer.alarm_rate is None or answer.p_placebo is None:
        return Verdict.UNDECIDED
    if answer.alarm_rate > MOST_ALARMS:
        return Verdict.UNDECIDED
    if answer.p_bh > LEVEL:
        return Verdict.HOLDS
    return Verdict.DOES_NOT_HOLD if answer.p_placebo <= LEVEL else Verdict.UNDECIDED


def _finding(study: Study, answer: Answer, command: Command) -> Finding:
    about, measured, lists = ABOUT[answer.method], answer.measured, METHODS[answer.method].lists
    return Finding(
        check=answer.method,
        title=about.title,
        verdict=verdict_of(answer),
        looked_at=measured.looked_at if measured else 0,
        unit=UNIT,
        expected=about.expected,
        found=measured.found if measured else 0,
        summary=with_left_out(_summary(answer, about), study.stations),
        cannot_show=about.cannot,
        other_explanations=about.other,
        command=command,
        effect={"leader": study.stations.choices[study.stations.leader], **(measured.effect if measured else {})},
        uncertainty=_uncertainty(study, answer) if measured and measured.statistic is not None and not lists else None,
        items=measured.items if measured else (),
        items_total=measured.items_total if measured else 0,
        source=about.source,
    )


def with_left_out(summary: Text, stations: Stations) -> Text:
    """A summary, and how many sheets were left out because they lack a figure, or are totals of a whole place."""
    for key, sheets in (("left_out", stations.left_out), ("whole_places", stations.whole_places)):
        summary = summary + TEXTS.plural(f"finding.{key}", sheets) if sheets else summary
    return summary


def _summary(answer: Answer, about: About) -> Text:
    measured = answer.measured
    if measured is None:
        return TEXTS.say("finding.not_applicable", needs=about.needs)
    if measured.statistic is None:
        why = measured.refused or about.needs
        return TEXTS.say("finding.no_figure", why=why)
    said = TEXTS.say(
        "finding.figure",
        what=about.statistic.map(str.capitalize),
        value=decimal(measured.statistic, about.digits),
        stations=number(measured.looked_at),
    )
    if measured.more is not None:
        said = TEXTS.say("finding.with_more", said=said, more=measured.more)
    if METHODS[answer.method].lists:
        said = said + TEXTS.say("finding.listed")
    if answer.placebo_mean is None or answer.placebo_sd is None:
        return said
    if measured.ranked is not None:
        more = TEXTS.say("finding.averaged", ranked=decimal(measured.ranked, about.digits))
        said = said + more
    more = TEXTS.say(
        "finding.clean",
        mean=decimal(answer.placebo_mean, about.digits),
        sd=decimal(answer.placebo_sd, about.digits + 1),
    )
    said = said + more
    if answer.alarm_rate is None or answer.alarm_rate <= MOST_ALARMS:
        return said
    more = TEXTS.say("finding.alarms", rate=per_cent(answer.alarm_rate, 0))
    return said + more


def _p(value: float | None) -> Text:
    if value is None:
        return TEXTS.say("finding.p_unknown")
    if value < 0.0001:
        return TEXTS.say("finding.p_small")
    plain = decimal(value, 4)
    return TEXTS.say("finding.p_value", plain=plain)


def _uncertainty(study: Study, answer: Answer) -> Text:
    return TEXTS.say(
        "finding.uncertainty_text",
        p=_p(answer.p_value),
        tests=study.tests,
        bh=_p(answer.p_bh),
        bonferroni=_p(answer.p_bonferroni),
        draws=study.draws,
        placebo=_p(answer.p_placebo),
        rate=per_cent(answer.alarm_rate, 0) if answer.alarm_rate is not None else TEXTS.say("finding.uncertainty.rate"),
    )


@dataclass(frozen=True, kw_only=True)
class MethodShown:
    """One method's answer: its statistic, among the placebo's clean elections, and corrected for the number of tests.

    applies: False where there is nothing to measure; refused: why no figure is given. reference: what the statistic
    would be without a departure; ranked: what is ranked among clean elections, where it is not the statistic.
    effect, picture: figures of the method's own, described with it.
    """

    method: str
    applies: bool
    refused: str | None
    statistic: float | None
    ranked: float | None
    reference: float | None
    standard_error: float | None
    looked_at: int
    found: int
    p_value: float | None
    p_placebo: float | None
    p_adjusted_bh: float | None
    p_adjusted_bonferroni: float | None
    placebo_alarm_rate: float | None
    placebo_mean: float | None
    placebo_sd: float | None
    verdict: Verdict
    effect: Mapping[str, Json]
    picture: Mapping[str, Json]


@dataclass(frozen=True, kw_only=True)
class ForensicsDocument:
    """`veedor forensics --json` of one election. level: of every test; placebo_draws: clean elections.

    stations_left_out: sheets that lack a figure, and are not among the stations. open_questions: of the definition.
    """

    election: str
    contest: str
    count: str
    leader: str
    stations: int
    stations_left_out: int
    tests: int
    placebo_draws: int
    seed: int
    level: float = LEVEL
    methods: tuple[MethodShown, ...]
    findings: tuple[Finding, ...]
    open_questions: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)


@dataclass(frozen=True, kw_only=True)
class ForensicsDocuments:
    """`veedor forensics --json` of several elections."""

    elections: Sequence[ForensicsDocument]


def study_document(
    study: Study, findings: Sequence[Finding], *, election: str, contest: str, count: str
) -> ForensicsDocument:
    """Every figure of the study; `findings` are those of `findings_of`."""
    return ForensicsDocument(
        election=election,
        contest=contest,
        count=count,
        leader=study.stations.choices[study.stations.leader],
        stations=len(study.stations.names),
        stations_left_out=study.stations.left_out,
        tests=study.tests,
        placebo_draws=study.draws,
        seed=study.seed,
        methods=tuple(_method(answer) for answer in study.answers),
        findings=tuple(findings),
    )


def study_as_json(
    study: Study, findings: Sequence[Finding], *, election: str, contest: str, count: str
) -> dict[str, Json]:
    """The same as JSON."""
    return as_json(study_document(study, findings, election=election, contest=contest, count=count))


def _method(answer: Answer) -> MethodShown:
    measured = answer.measured
    return MethodShown(
        method=answer.method,
        applies=measured is not None,
        refused=measured.refused.en if measured and measured.refused else None,
        statistic=measured.statistic if measured else None,
        ranked=measured.ranked if measured else None,
        reference=measured.reference if measured else None,
        standard_error=measured.se if measured else None,
        looked_at=measured.looked_at if measured else 0,
        found=measured.found if measured else 0,
        p_value=answer.p_value,
        p_placebo=answer.p_placebo,
        p_adjusted_bh=answer.p_bh,
        p_adjusted_bonferroni=answer.p_bonferroni,
        placebo_alarm_rate=answer.alarm_rate,
        placebo_mean=answer.placebo_mean,
        placebo_sd=answer.placebo_sd,
        verdict=verdict_of(answer),
        effect=measured.effect if measured else {},
        picture=measured.picture if measured else {},
    )
