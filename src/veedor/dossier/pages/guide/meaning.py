"""What stands out, in three lines by meaning: each count alone, counts beside each other, what is unexplained.

Findings are of different kinds, and some are of one fact seen twice: no total of them would mean anything.
"""

from dataclasses import dataclass

from markupsafe import Markup

from veedor.dossier.pages.guide.stop import change_sentence, changes_of
from veedor.dossier.pages.guide.study import study_shown
from veedor.dossier.parsed import Parsed
from veedor.dossier.show.figures import figure
from veedor.dossier.show.language import Language
from veedor.dossier.show.permalinks import finding_anchor
from veedor.dossier.show.published import Published, by_lead


@dataclass(frozen=True, kw_only=True)
class Line:
    """id, head: what it is about; sentence: what was found, which the command gives; link: where to read on."""

    id: str
    head: str
    sentence: str
    link: str
    command: str


def lines(published: Published, lang: Language) -> list[Line]:
    """The lines that these results have something to say for."""
    made = [_alone(published, lang), _between(published, lang), _unexplained(published, lang)]
    return [line for line in made if line is not None]


def _alone(published: Published, lang: Language) -> Line | None:
    """What the checks of the count shown, looked at by itself, say: by name where any departs."""
    own = [one for one in published.results["check.json"]["findings"] if _is_of_one(one, published.count.id)]
    looked = [one for one in own if one["looked_at"]]
    if not looked:
        return None
    depart = [lang.of(one)["title"] for one in looked if one["verdict"] == "does_not_hold"]
    open_ones = [lang.of(one)["title"] for one in looked if one["verdict"] == "undecided"]
    parts = [lang.say("meaning.some", listed="; ".join(depart)) if depart else lang.say("meaning.none")]
    if open_ones:
        parts.append(lang.say("meaning.unclear", listed="; ".join(open_ones)))
    return Line(
        id="alone",
        head=lang.say("meaning.alone", count=published.count_name(published.count.id, lang)),
        sentence=" ".join(parts),
        link="checks.html",
        command=str(published.command("check")),
    )


def _is_of_one(finding: Parsed, count: str) -> bool:
    """True if a check looked at that count alone."""
    effect = finding["effect"]
    return "from" not in effect and effect.get("count", count) == count


def _between(published: Published, lang: Language) -> Line | None:
    finding = changes_of(published)
    if finding is None:
        return None
    return Line(
        id="between",
        head=lang.say("meaning.between"),
        sentence=change_sentence(published, lang, finding["effect"]),
        link=f"checks.html#{finding_anchor(finding)}",
        command=finding["command"],
    )


def _unexplained(published: Published, lang: Language) -> Line | None:
    """What no projection explains, in votes, beside the votes that another outcome would have needed."""
    study = study_shown(published)
    if study is None or not study.drawn:
        return None
    if not study.tells:
        key = "meaning.too_little" if study.mostly_missing else "meaning.undecided"
        said = lang.say(key)
    else:
        said = _votes(published, lang)
    return Line(
        id="unexplained",
        head=lang.say("meaning.unexplained"),
        sentence=said,
        link="interruption.html",
        command=study.command,
    )


def _votes(published: Published, lang: Language) -> Markup:
    study = study_shown(published)
    assert study is not None
    ordered = sorted(study.drawn, key=lambda one: one.unexplained)
    said = lang.marked(
        "meaning.votes",
        least=study.votes(ordered[0], lang),
        most=study.votes(ordered[-1], lang),
        first=study.first,
        second=study.second,
    )
    effect = study.finding["effect"]
    margin = effect["margin_over_line_votes"]
    if margin is None or study.turned or not by_lead(published):
        return said
    path = "findings/lead_as_projected/effect/margin_over_line_votes"
    key = "meaning.over" if margin >= 0 else "meaning.under"
    votes = figure(lang.count_of("unit.votes", abs(margin)), path, margin)
    return said + " " + lang.marked(key, votes=votes)
