"""What the guided reading says of a stop: how long, what was missing, what was projected, what changed."""

import datetime as dt

from markupsafe import Markup

from veedor.command import Command
from veedor.dossier.pages.guide.section import Section, section
from veedor.dossier.pages.guide.study import Study, study_shown
from veedor.dossier.parsed import Parsed
from veedor.dossier.show.figures import figure
from veedor.dossier.show.language import Language
from veedor.dossier.show.permalinks import finding_anchor
from veedor.dossier.show.published import Published, by_lead, lead_points
from veedor.dossier.show.sentences import open_sentence, outcome_name


def stop_of(published: Published) -> Parsed:
    """The first known stop, or None."""
    return next(iter(published.results["timeline.json"]["interruptions"]), None)


def stopped(published: Published, lang: Language) -> Section | None:
    """How long nothing was published."""
    stop = stop_of(published)
    if stop is None:
        return None
    start, end = (dt.datetime.fromisoformat(stop[key]) for key in ("start", "end"))
    seconds = (end - start).total_seconds()
    study = study_shown(published)
    big: str = lang.length(seconds)
    command: Command | str = published.command("count").option("--count", stop["count"]).option("--snapshot", "all")
    if study is not None and study.is_of(stop):
        big, command = figure(big, "stop/from; stop/to", seconds, "seconds"), study.command
    sentence = lang.say(
        "guide.stopped_sentence",
        count=published.count_name(stop["count"], lang),
        start=lang.moment(start),
        end=lang.moment(end),
    )
    deeper = "interruption.html" if study else "timeline.html" if len(published.states) > 1 else "count.html"
    return section(lang, "stopped", big, sentence, deeper, command)


def _at_stop(published: Published) -> Parsed:
    """The snapshot at which the first known stop began, or None."""
    stop = stop_of(published)
    if stop is None:
        return None
    here = (stop["count"], stop["start"])
    return next((state for state in published.states if (state["count"], state["snapshot"]) == here), None)


def missing(published: Published, lang: Language) -> Section:
    """What was missing when publication stopped; else what is missing now."""
    stop, study, state = stop_of(published), study_shown(published), _at_stop(published)
    if stop is not None and study is not None and study.is_of(stop):
        return _missing_of_study(published, study, lang)
    count, leading = published.results["count.json"], published.ranking(2)
    if state is None or state["open"]["sheets"] is None or len(leading) < 2:
        sheets = count["open"]["sheets"]
        big = figure(lang.count_of("guide.sheets", sheets), "open/sheets", sheets) if sheets else ""
        return section(lang, "missing", big, open_sentence(count, lang), "count.html", published.command("count"))
    when = dt.datetime.fromisoformat(state["snapshot"]).strftime("%FT%T")
    command = published.command("count").option("--count", state["count"]).option("--snapshot", when)
    ids, (first, second) = [row["id"] for row in state["choices"]], (choice.id for choice in leading)
    where = f"choices/{ids.index(first)}/votes; choices/{ids.index(second)}/votes; valid"
    points = lead_points(state, first, second)
    parts = [
        _not_published(state["open"]["sheets"], state["sheets"]["expected"], "open/sheets", lang),
        _registered(state["open"]["registered"], "open/registered", lang),
        _led(None if points is None else points / 100, (first, second), where, "lead", lang),
        _needed(state["open"]["lead_needed"], first, "open/lead_needed", lang),
    ]
    big = figure(lang.count_of("guide.sheets", state["open"]["sheets"]), "open/sheets", state["open"]["sheets"])
    return section(lang, "missing", big, _joined(parts), "timeline.html", command)


def _missing_of_study(published: Published, study: Study, lang: Language) -> Section:
    """The same, of the sheets that the study of this stop calls missing."""
    needed, path = study.document["needed"], "needed"
    whole = needed["missing_sheets"] + needed["counted_sheets"]
    sign = -1 if study.turned else 1
    lead, need, held = (
        None if needed[key] is None else sign * needed[key] for key in ("lead_counted", "lead_needed", "lead_observed")
    )
    parts = [
        _not_published(needed["missing_sheets"], whole, f"{path}/missing_sheets", lang),
        _registered(needed["missing_registered"], f"{path}/missing_registered", lang),
        _led(lead, (study.first, study.second), f"{path}/lead_counted", "", lang, turned=study.turned),
    ]
    if needed["line"] and held is not None and not study.turned and by_lead(published):
        observed = figure(lang.number(100 * held, 2), f"{path}/lead_observed", needed["lead_observed"])
        parts += [
            _needed(need, study.first, f"{path}/lead_needed", lang),
            lang.marked("guide.missing_observed", observed=observed),
        ]
    big = figure(
        lang.count_of("guide.sheets", needed["missing_sheets"]), f"{path}/missing_sheets", needed["missing_sheets"]
    )
    deeper = "timeline.html" if len(published.states) > 1 else "interruption.html"
    return section(lang, "missing", big, _joined(parts), deeper, study.command)


def _joined(parts: list[Markup]) -> Markup:
    return Markup(" ").join(part for part in parts if part)


def _not_published(sheets: int, whole: int | None, path: str, lang: Language) -> Markup:
    share = f" ({lang.percent(sheets / whole, 0)})" if whole else ""
    return lang.marked(
        "guide.missing_sentence", sheets=figure(lang.count_of("guide.sheets", sheets), path, sheets), share=share
    )


def _registered(registered: int | None, path: str, lang: Language) -> Markup:
    if registered is None:
        return Markup("")
    return lang.marked("guide.missing_registered", registered=figure(lang.number(registered), path, registered))


def _led(
    lead: float | None, two: tuple[str, str], path: str, how: str, lang: Language, *, turned: bool = False
) -> Markup:
    """Who led then, seen from the one whom the count shown puts first. turned: the document sees it from the other."""
    if lead is None:
        return Markup("")
    found = -lead if turned else lead
    key = "guide.missing_led" if lead >= 0 else "guide.missing_trailed"
    return lang.marked(key, first=two[0], second=two[1], lead=figure(lang.number(100 * abs(lead), 2), path, found, how))


def _needed(needed: float | None, first: str, path: str, lang: Language) -> Markup:
    if needed is None:
        return Markup("")
    return lang.marked("guide.missing_needed", first=first, needed=figure(lang.number(100 * needed, 2), path, needed))


def projected(published: Published, lang: Language) -> Section | None:
    """The spread of the projections, where they say something; else that they say nothing here, and why."""
    study = study_shown(published)
    if study is None or not study.drawn:
        return None
    if not study.tells:
        return section(lang, "projected", "", silent(study, lang), "interruption.html", study.command)
    sentence = lang.marked(
        "guide.projected_sentence",
        first=study.first,
        second=study.second,
        low=study.points(min(study.drawn, key=lambda one: one.low), "low", lang),
        high=study.points(max(study.drawn, key=lambda one: one.high), "high", lang),
        observed=study.observed(lang),
    )
    parts = [sentence, _inside(study, lang), *_chance(published, study, lang), lang.say("guide.projected_wide")]
    means = sorted(study.drawn, key=lambda one: one.mean)
    big = lang.marked(
        "guide.points_range",
        low=study.points(means[0], "mean", lang),
        high=study.points(means[-1], "mean", lang),
    )
    return section(lang, "projected", big, Markup(" ").join(parts), "interruption.html", study.command)


def silent(study: Study, lang: Language) -> Markup:
    """That nothing can be said, and why."""
    missing = figure(
        lang.percent(study.missing_share, 1),
        "needed/missing_sheets; needed/counted_sheets",
        study.missing_share,
        "part",
    )
    if study.mostly_missing:
        return lang.marked("guide.projected_too_little", missing=missing)
    return lang.marked("guide.projected_undecided", missing=missing)


def _inside(study: Study, lang: Language) -> Markup:
    """In how many of the ranges the published lead lies, and on which side of their middles."""
    every = len(study.drawn)
    inside = sum(one.low <= one.observed <= one.high for one in study.drawn)
    above = sum(one.observed > one.mean for one in study.drawn)
    return lang.marked(
        "guide.projected_inside" if inside else "guide.projected_outside",
        inside=lang.number(inside),
        all=lang.number(every),
        above=lang.number(above),
    )


def _chance(published: Published, study: Study, lang: Language) -> list[Markup]:
    """By the method least favourable to the outcome of the count, in how many simulations it comes out."""
    outcome = published.results["count.json"]["outcome"]
    key = " ".join([outcome["result"], *outcome["choices"]])
    chances = sorted(((one.outcomes[key], one) for one in study.drawn if key in one.outcomes), key=lambda each: each[0])
    if not chances:
        return []
    said = outcome_name(outcome, published.contest.rule, published.choices, lang, short=True)
    (least, one), others = chances[0], [share for share, _ in chances[1:]]
    if least == 1:
        return [lang.marked("guide.projected_always", outcome=said)]
    shown = figure(lang.number(100 * least), f"{one.outcomes_path}/{key}", least)
    if others and min(others) >= 0.995:
        return [lang.marked("guide.projected_chance_alone", outcome=said, least=shown)]
    most = lang.number(100 * max(others, default=least))
    return [lang.marked("guide.projected_chance", outcome=said, least=shown, most=most)]


def changed(published: Published, lang: Language) -> Section:
    """What differs between the sheets published before the stop and the count shown."""
    finding = changes_of(published)
    if finding is None:
        findings = published.results["check.json"]["findings"]
        apart = [one for one in findings if one["check"] == "reconciliation" and one["effect"].get("apart")]
        said = lang.of(apart[0])["summary"] if apart else lang.say("guide.changed_none")
        command = published.command("check").argument("reconciliation")
        return section(lang, "changed", "", said, "checks.html", command)
    effect, path = finding["effect"], "findings/reconciliation/effect"
    big = figure(
        lang.count_of("guide.sheets", effect["changed_sheets"]), f"{path}/changed_sheets", effect["changed_sheets"]
    )
    return section(
        lang,
        "changed",
        big,
        change_sentence(published, lang, effect),
        f"checks.html#{finding_anchor(finding)}",
        finding["command"],
    )


def changes_of(published: Published) -> Parsed:
    """The comparison of the sheets published before the stop with the count shown; else the first there is, or None."""
    findings = published.results["check.json"]["findings"]
    pairs = [one for one in findings if one["check"] == "reconciliation" and one["looked_at"]]
    stop = stop_of(published)
    wanted = [
        one
        for one in pairs
        if one["effect"]["to"]["count"] == published.count.id
        and stop is not None
        and one["effect"]["from"]["snapshot"] == stop["start"]
    ]
    return next(iter(wanted or pairs), None)


def change_sentence(published: Published, lang: Language, effect: Parsed) -> Markup:
    """What differs between two snapshots, and what it does to the lead of the one whom the count shown puts first."""
    path, stop = "findings/reconciliation/effect", stop_of(published)
    before = lang.say("guide.before_stop")
    if stop is None or effect["from"]["snapshot"] != stop["start"]:
        before = lang.say("guide.of_state", **_state(published, lang, effect["from"]))
    sentence = lang.marked(
        "guide.changed_sentence",
        n=figure(lang.number(effect["changed_sheets"]), f"{path}/changed_sheets", effect["changed_sheets"]),
        of=figure(lang.number(effect["compared_sheets"]), f"{path}/compared_sheets", effect["compared_sheets"]),
        before=before,
        after=lang.say("guide.state", **_state(published, lang, effect["to"])),
    )
    return sentence + " " + lead_change(published, lang, effect)


def _state(published: Published, lang: Language, state: Parsed) -> dict[str, object]:
    return {"count": published.count_name(state["count"], lang), "when": lang.moment(state["snapshot"])}


def lead_change(published: Published, lang: Language, effect: Parsed) -> Markup:
    """What the changed sheets do to the lead, as "raise", "lower" or "leave"; nothing where there is no lead."""
    lead = effect.get("lead")
    if lead is None:
        return Markup("")
    first, second, votes = lead["first"], lead["second"], lead["by_changed_sheets"]
    if [choice.id for choice in published.ranking(2)] == [second, first]:
        first, second, votes = second, first, -votes
    said = figure(
        lang.count_of("unit.votes", abs(votes)),
        "findings/reconciliation/effect/lead/by_changed_sheets",
        lead["by_changed_sheets"],
    )
    key = "guide.changed_raise" if votes > 0 else "guide.changed_lower" if votes < 0 else "guide.changed_leave"
    return lang.marked(key, first=first, second=second, votes=said)
