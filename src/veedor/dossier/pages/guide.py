"""The guided reading: one question a section, each with one figure, one sentence, one link deeper and one command."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from veedor.command import Command
from veedor.dossier.pages.checks import shown_findings
from veedor.dossier.pages.interruption.page import shares_by_outcome
from veedor.dossier.parsed import Parsed
from veedor.dossier.show.language import Language
from veedor.dossier.show.published import Published, lead_points
from veedor.dossier.show.sentences import capital, open_sentence, outcome_name, way

RISK_LIMIT = 0.05


@dataclass(frozen=True, kw_only=True)
class Section:
    """id: the anchor; figure: empty where there is nothing to count; link: a page of the dossier."""

    id: str
    title: str
    figure: str
    sentence: str
    link: str
    link_text: str
    command: str


def sections(published: Published, lang: Language) -> list[Section]:
    """The questions that the results at hand can answer, in the order of reading; the result itself comes before."""
    return [
        _near(published, lang),
        *_stopped(published, lang),
        _missing(published, lang),
        *_projected(published, lang),
        _changed(published, lang),
        _tests(published, lang),
        *_audit(published, lang),
        *_said(published, lang),
        _verify(published, lang),
    ]


def _section(lang: Language, name: str, figure: str, sentence: str, link: str, command: Command | str) -> Section:
    return Section(
        id=name,
        title=lang.say(f"guide.{name}"),
        figure=figure,
        sentence=sentence,
        link=link,
        link_text=lang.say(f"guide.{name}_link"),
        command=str(command),
    )


def _near(published: Published, lang: Language) -> Section:
    count = published.results["count.json"]
    known = [row for row in count["outcome"]["distances"] if row["votes"] is not None]
    moved = [row for row in known if row["how"] == "move"] or known
    command, link = published.command("count"), "count.html#distances"
    if not moved:
        return _section(lang, "near", "", lang.say("guide.near_none"), link, command)
    row = min(moved, key=lambda one: one["votes"])
    to = outcome_name(row["to"], published.contest.rule, published.choices, lang)
    share = lang.percent(row["votes"] / count["valid"]) if count["valid"] else "–"
    sentence = lang.say("overview.nearest", way=way(row, lang), outcome=to, share=share)
    return _section(lang, "near", lang.count_of("unit.votes", row["votes"]), sentence, link, command)


def _stop(published: Published) -> Parsed:
    """The first known stop, or None."""
    return next(iter(published.results["timeline.json"]["interruptions"]), None)


def _study(published: Published) -> Parsed:
    return published.results.get("interruption.json")


def _of_study(published: Published) -> Command | str:
    """The command behind what is said of the stop: the study's own where there is one."""
    study = _study(published)
    return study["findings"][0]["command"] if study else published.command("count").option("--snapshot", "all")


def _deeper(published: Published) -> str:
    if _study(published):
        return "interruption.html"
    return "timeline.html" if len(published.states) > 1 else "count.html"


def _stopped(published: Published, lang: Language) -> list[Section]:
    stop = _stop(published)
    if stop is None:
        return []
    start, end = (dt.datetime.fromisoformat(stop[key]) for key in ("start", "end"))
    seconds = round((end - start).total_seconds())
    figure = lang.say("guide.duration", h=seconds // 3600, m=seconds // 60 % 60, s=seconds % 60)
    sentence = lang.say(
        "guide.stopped_sentence",
        count=published.count_name(stop["count"], lang),
        start=lang.moment(start),
        end=lang.moment(end),
    )
    return [_section(lang, "stopped", figure, sentence, _deeper(published), _of_study(published))]


def _at_stop(published: Published) -> Parsed:
    """The snapshot at which the first known stop began, or None."""
    stop = _stop(published)
    if stop is None:
        return None
    here = (stop["count"], stop["start"])
    return next((state for state in published.states if (state["count"], state["snapshot"]) == here), None)


def _missing(published: Published, lang: Language) -> Section:
    state, count = _at_stop(published), published.results["count.json"]
    leading = published.ranking(2)
    if state is None or state["open"]["sheets"] is None or len(leading) < 2:
        sheets = count["open"]["sheets"]
        figure = lang.count_of("guide.sheets", sheets) if sheets is not None else ""
        return _section(lang, "missing", figure, open_sentence(count, lang), "count.html", published.command("count"))
    first, second = leading
    sentence = lang.say(
        "guide.missing_sentence",
        registered=lang.number(state["open"]["registered"]),
        first=first.id,
        second=second.id,
        lead=lang.number(lead_points(state, first.id, second.id), 2),
    )
    if state["open"]["lead_needed"] is not None:
        sentence += " " + lang.say("guide.missing_needed", needed=lang.number(100 * state["open"]["lead_needed"], 2))
    figure = lang.count_of("guide.sheets", state["open"]["sheets"])
    when = dt.datetime.fromisoformat(state["snapshot"]).strftime("%FT%T")
    command = published.command("count").option("--count", state["count"]).option("--snapshot", when)
    return _section(lang, "missing", figure, sentence, "timeline.html", command)


def _projected(published: Published, lang: Language) -> list[Section]:
    study = _study(published)
    drawn = [one for one in study["projections"] if one["draws"] and one["values"] == "cut"] if study else []
    if not drawn:
        return []
    means = [one["mean"] for one in drawn]
    figure = lang.say("guide.points_range", low=lang.number(100 * min(means), 2), high=lang.number(100 * max(means), 2))
    outcome = published.results["count.json"]["outcome"]
    key = " ".join([outcome["result"], *outcome["choices"]])
    # A donor rule's interval contains the hierarchical rule's around a mean of its own: its draws say no chance.
    hierarchical = [one for one in drawn if one["validation"]]
    chances = [shares[key] for shares in map(shares_by_outcome, hierarchical) if key in shares]
    sentence = lang.say(
        "guide.projected_sentence",
        rules=lang.number(len(drawn)),
        first=study["first"],
        second=study["second"],
        observed=lang.number(100 * drawn[0]["observed"], 2),
    )
    if chances:
        said = outcome_name(outcome, published.contest.rule, published.choices, lang, short=True)
        low = lang.percent(math.floor(1e4 * min(chances)) / 1e4)
        key = "guide.projected_always" if min(chances) == 1 else "guide.projected_chance"
        sentence += " " + lang.say(key, outcome=said, low=low)
        if all(one["calibrated"] for one in hierarchical):
            sentence += " " + lang.say("guide.projected_wide")
    command = _of_study(published)
    return [_section(lang, "projected", figure, sentence, "interruption.html", command)]


def _changed(published: Published, lang: Language) -> Section:
    findings = published.results["check.json"]["findings"]
    shown = {f"{one['command']} {one['anchor']}": one for one in shown_findings(published, lang)}
    pairs = [one for one in findings if one["check"] == "reconciliation" and one["looked_at"]]
    stop = _stop(published)
    wanted = [
        one
        for one in pairs
        if one["effect"]["to"]["count"] == published.count.id
        and stop is not None
        and one["effect"]["from"]["snapshot"] == stop["start"]
    ]
    command = published.command("check").argument("reconciliation")
    chosen = next(iter(wanted or pairs), None)
    if chosen is None:
        apart = [lang.of(one)["summary"] for one in findings if one["check"] == "reconciliation" and _apart(one)]
        said = apart[0] if apart else lang.say("guide.changed_none")
        return _section(lang, "changed", "", said, "checks.html", command)
    summary = lang.of(chosen)["summary"]
    anchor = next((one["anchor"] for one in shown.values() if one["summary"] == summary), "reconciliation")
    figure = lang.count_of("guide.sheets", chosen["effect"]["changed_sheets"])
    sentence = _difference(published, lang, chosen["effect"])
    return _section(lang, "changed", figure, sentence, f"checks.html#{anchor}", command)


def _apart(finding: Parsed) -> bool:
    """True if the two states have no station in common: what the finding asks is then what can be said."""
    return bool(finding["effect"].get("apart"))


def _difference(published: Published, lang: Language, effect: Parsed) -> str:
    """What differs between two snapshots, and what it does to the lead."""
    before, after = (
        lang.say(
            "guide.state",
            count=published.count_name(state["count"], lang),
            when=lang.moment(state["snapshot"]),
        )
        for state in (effect["from"], effect["to"])
    )
    sentence = lang.say("guide.changed_sentence", of=lang.number(effect["compared_sheets"]), before=before, after=after)
    lead = effect.get("lead")
    if lead is None:
        return sentence
    return f"{sentence} " + lang.say(
        "guide.changed_lead",
        first=lead["first"],
        second=lead["second"],
        votes=lang.signed(lead["by_changed_sheets"]),
    )


def _tests(published: Published, lang: Language) -> Section:
    names = ("check.json", "interruption.json", "forensics.json")
    documents = [published.results[name] for name in names if name in published.results]
    verdicts = [finding["verdict"] for document in documents for finding in document["findings"]]
    by = {kind: lang.number(verdicts.count(kind)) for kind in ("does_not_hold", "undecided", "holds")}
    figure = lang.say("guide.tests_figure", n=by["does_not_hold"], all=lang.number(len(verdicts)))
    sentence = lang.say("guide.tests_sentence", holds=by["holds"], undecided=by["undecided"])
    return _section(lang, "tests", figure, sentence, "checks.html", published.command("check"))


def _audit(published: Published, lang: Language) -> list[Section]:
    document = published.results.get("audit.json")
    if document is None:
        return []
    command = published.command("audit", "plan")
    if document["refused"] is not None:
        return [_section(lang, "audit", "", lang.say("guide.audit_none"), "audit.html", command)]
    cost = next((one for one in document["costs"] if one["risk_limit"] == RISK_LIMIT), document["costs"][0])
    sentence = lang.say(
        "guide.audit_sentence",
        limit=lang.percent(cost["risk_limit"], 0),
        ballots=lang.number(cost["expected_ballots"]),
        of=lang.number(document["sheets"]),
    )
    sentence += " " + lang.say("guide.audit_reported" if document.get("audited") else "guide.audit_planned")
    figure = lang.count_of("guide.sheets", cost["draws"])
    return [_section(lang, "audit", figure, sentence, "audit.html", command)]


def _said(published: Published, lang: Language) -> list[Section]:
    document = published.results.get("claims.json")
    if document is None:
        return []
    answers = [claim["answer"] for claim in document["claims"]]
    sentence = lang.say(
        "guide.said_sentence",
        agrees=lang.number(answers.count("agrees")),
        other=lang.number(answers.count("does_not_agree")),
        rest=lang.number(len(answers) - answers.count("agrees") - answers.count("does_not_agree")),
    )
    figure = lang.say("guide.said_figure", n=lang.number(len(answers)))
    return [_section(lang, "said", figure, sentence, "claims.html", published.command("claims"))]


def _verify(published: Published, lang: Language) -> Section:
    raw = published.results["election.json"]["raw"]
    stations = published.results["election.json"]["stations"]
    sentence = lang.say("guide.verify_record" if "record.json" in published.results else "guide.verify_sentence")
    figure = lang.say("guide.verify_figure", stations=lang.number(stations), files=lang.number(len(raw)))
    return _section(lang, "verify", figure, sentence, "station.html", "veedor verify .")


def other_outcomes(published: Published, lang: Language) -> Sequence[Mapping[str, object]]:
    """The nearest other outcomes: one line for each, with the votes to move, add or remove."""
    rows: dict[str, dict[str, object]] = {}
    for row in published.results["count.json"]["outcome"]["distances"]:
        to = capital(outcome_name(row["to"], published.contest.rule, published.choices, lang))
        if row["votes"] is not None:
            rows.setdefault(to, {"to": to, "move": None, "add": None, "remove": None})[row["how"]] = row["votes"]
    return list(rows.values())[:4]
