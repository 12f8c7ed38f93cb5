"""Overview: the outcome, and a guided reading of everything else, one question a section."""

from collections.abc import Mapping
from fractions import Fraction

from markupsafe import Markup

from veedor.dossier.derive import results as rooms
from veedor.dossier.pages.checks import shown_findings
from veedor.dossier.pages.guide import lines, sections
from veedor.dossier.pages.page import Page
from veedor.dossier.parsed import Parsed
from veedor.dossier.show import charts
from veedor.dossier.show.documents import aftermath
from veedor.dossier.show.figures import figure
from veedor.dossier.show.language import Language
from veedor.dossier.show.published import Published, by_lead, lead_points, shares, turnout
from veedor.dossier.show.sentences import (
    absent_sentence,
    capital,
    headline,
    left_out_sentence,
    open_sentence,
    outcome_name,
    rule_sentence,
    said,
)
from veedor.dossier.texts import TEXTS
from veedor.election import TwoRound


def result_rows(published: Published, lang: Language) -> list[dict[str, object]]:
    """The choices of the count shown, most votes first, with their bars."""
    rows = published.results["count.json"]["choices"]
    most = max((row["votes"] for row in rows), default=0) or 1
    return [
        {
            "choice": published.choices[row["id"]],
            "votes": row["votes"],
            "share": row["share_of_valid"],
            "bar": charts.bar(row["votes"] / most, published.choices[row["id"]].color),
        }
        for row in rows
    ]


def state_rows(published: Published, lang: Language, states: list[Parsed]) -> list[dict[str, object]]:
    """Totals of snapshots as lines of a table."""
    leading = published.ranking(2)
    rows = []
    for state in states:
        expected = state["sheets"]["expected"]
        rows.append(
            {
                "name": published.count_name(state["count"], lang),
                "when": lang.moment(state["snapshot"]),
                "sheets": state["sheets"]["counted"],
                "missing": None
                if expected is None
                else max(0, expected - state["sheets"]["counted"] - _annulled(state)),
                "progress": state["sheets"]["counted"] / expected if expected else None,
                "registered": state["registered"],
                "cast": state["cast"],
                "turnout": turnout(state),
                "shares": shares(state, leading),
                "lead": lead_points(state, leading[0].id, leading[1].id) if len(leading) > 1 else None,
                "outcome": capital(
                    outcome_name(state["outcome"], published.contest.rule, published.choices, lang, short=True)
                ),
                "open": open_short(state, lang),
                "needed": _points(state["open"]["lead_needed"]),
            }
        )
    return rows


def _annulled(state: Parsed) -> int:
    """Sheets that are out of the totals for good: they are not missing."""
    return int(state["open"]["by_status"]["annulled"])


def _points(share: float | None) -> float | None:
    return None if share is None else 100 * share


def open_short(state: Mapping[str, Parsed], lang: Language) -> str:
    """In a word or two: can the outcome still change?"""
    can = state["open"]["outcome_can_change"]
    return lang.say("open.short_unknown" if can is None else "open.short_yes" if can else "open.short_no")


def telling_states(published: Published) -> list[Parsed]:
    """The snapshots that the overview lists: around known stops, and the last of each count."""
    states = published.states
    stops = {
        (stop["count"], when)
        for stop in published.results["timeline.json"]["interruptions"]
        for when in (stop["start"], stop["end"])
    }
    last = {state["count"]: state["snapshot"] for state in states}
    return [s for s in states if last[s["count"]] == s["snapshot"] or (s["count"], s["snapshot"]) in stops]


def dek(published: Published, lang: Language) -> Markup:
    """The figures under the headline, with the count and the moment that they are of."""
    count = published.results["count.json"]
    first = count["choices"][0]
    second = count["choices"][1] if len(count["choices"]) > 1 else None
    state = lang.marked(
        "overview.state",
        count=published.count_name(count["count"], lang),
        when=lang.moment(count["snapshot"]),
        sheets=_sheets(count, lang),
    )
    if second is None or not count["valid"]:
        return state
    lead = lead_points(count, first["id"], second["id"]) or 0.0
    return lang.marked(
        "overview.dek",
        share=figure(lang.percent(first["share_of_valid"]), "choices/0/share_of_valid", first["share_of_valid"]),
        lead=figure(lang.number(lead, 2), "choices/0/votes; choices/1/votes; valid", lead / 100, "lead"),
        second=lang.pick(published.choices[second["id"]].called),
        state=state,
    )


def _sheets(count: Parsed, lang: Language) -> Markup:
    """How many sheets are in, of how many, and how many are annulled."""
    expected, counted = count["sheets"]["expected"], count["sheets"]["counted"]
    which = (
        "overview.sheets_all" if expected == counted else "overview.sheets_part" if expected else "overview.sheets_only"
    )
    if expected and counted + sum(count["open"]["by_status"].values()) > expected:
        which = "overview.sheets_over"
    sheets = lang.marked(
        which,
        n=figure(lang.number(counted), "sheets/counted", counted),
        of=figure(lang.number(expected), "sheets/expected", expected) if expected else "",
    )
    if _annulled(count):
        annulled = figure(lang.number(_annulled(count)), "open/by_status/annulled", _annulled(count))
        sheets += lang.marked("overview.sheets_annulled", n=annulled)
    return sheets


def _scale(published: Published, lang: Language) -> charts.Picture | None:
    rule = published.contest.rule
    leading = published.ranking(2)
    if not isinstance(rule, TwoRound) or rule.lead is None or rule.of != "valid" or len(leading) < 2:
        return None
    line = float(100 * Fraction(rule.lead.share))
    first, second = leading
    rows = []
    for state in telling_states(published):
        lead = lead_points(state, first.id, second.id)
        if lead is not None:
            name = f"{published.count_name(state['count'], lang)}, {lang.short_moment(state['snapshot'])}"
            rows.append((name, lead, first.color))
    title = lang.say("chart.lead_title", first=first.id, second=second.id)
    line_name = lang.say("chart.lead_line", n=lang.number(line))
    return charts.picture(
        lambda width: charts.lead_scale(rows, line, line_name, width, lang, title),
        lang.say("chart.lead_caption", first=first.id, second=second.id, n=lang.number(line)),
    )


NOTES = {
    (): "overview.result_note",
    ("blank",): "overview.result_note_blank",
    ("null",): "overview.result_note_null",
    ("blank", "null"): "overview.result_note_both",
}
"""The sentence under the result, by which of blank and null votes no file of the election has."""


def _result_note(count: Parsed, lang: Language) -> str:
    """What the shares are of, and the blank and null votes beside them where these are published."""
    key = NOTES[tuple(count.get("not_published") or ())]
    return lang.say(key, **{name: lang.number(count[name]) for name in ("valid", "blank", "null")})


def context(published: Published, lang: Language) -> Mapping[str, object]:
    """Content of the overview."""
    count = published.results["count.json"]
    left_out = published.results["election.json"]["left_out"]
    return {
        "contest": lang.pick(published.contest.name.text),
        "headline": attributed(published, lang),
        "dek": dek(published, lang),
        "rows": result_rows(published, lang),
        "count": count,
        "rule": rule_sentence(said(count["outcome"], "rule_text", lang)),
        "reason": said(count["outcome"], "reason", lang),
        "scale": _scale(published, lang),
        "sections": sections(published, lang),
        "lines": lines(published, lang),
        "aftermath": aftermath(published.results["election.json"], lang, all_of_them=False),
        "absent": absent_sentence(count, lang),
        "result_note": _result_note(published.results["count.json"], lang),
        "other_figures": others_sentence(published, lang),
        "open": open_sentence(count, lang),
        "states": state_rows(published, lang, telling_states(published)),
        "leading": published.ranking(2),
        "left_out": left_out_sentence("overview", left_out, lang) if left_out else "",
        "departing": [one for one in shown_findings(published, lang) if one["verdict"] == "does_not_hold"],
        "command": published.command("count"),
    }


def others_sentence(published: Published, lang: Language) -> str:
    """The figures with a name of their own, which are no part of the shares; nothing where there are none."""
    count, figures = published.results["count.json"], published.contest.other
    listed = [f"{lang.pick(one.name.text)} {lang.number(count['other'][one.id])}" for one in figures]
    said = [lang.say("overview.others", listed=lang.listing(listed))] if listed else []
    if count.get("other_absent"):
        said.append(lang.count_of("overview.others_absent", count["other_absent"]))
    return " ".join(said)


def attributed(published: Published, lang: Language) -> str:
    """The outcome as a headline that says whose count it is: by the official tally sheets, or by whoever counted.

    Where absent figures could change it, it is the outcome of the figures stated, and says so.
    """
    outcome = published.results["count.json"]["outcome"]
    questions = published.results["election.json"].get("open_questions", [])
    plain = outcome["within_absent"] and not questions and published.count.kind == "official"
    threshold = first_round(published, lang)
    said = threshold and lang.say(f"headline.{'official_' if plain else ''}{threshold[0]}", **threshold[1])
    if not said or not plain:
        said = _whose(published, said or headline(outcome, published.contest.rule, published.choices, lang), lang)
    return lang.say("headline.simulated", what=said) if published.simulated else said


def _whose(published: Published, said: str, lang: Language) -> str:
    """The outcome with whose count it is of, and what could change it."""
    outcome = published.results["count.json"]["outcome"]
    questions = published.results["election.json"].get("open_questions", [])
    what = said if outcome["within_absent"] else lang.say("headline.of_figures_stated", what=said)
    if questions:
        what = lang.count_of("headline.with_questions", len(questions), what=what)
    whose = published.count.authority or lang.pick(published.count.name.text)
    return lang.say(f"headline.by_{published.count.kind}", what=what, whose=whose)


def first_round(published: Published, lang: Language) -> tuple[str, dict[str, str]] | None:
    """What a win in the first round hangs on, with its threshold; None where nobody won so, or by another rule."""
    count, rule, leading = published.results["count.json"], published.contest.rule, published.ranking(2)
    outcome = count["outcome"]
    if not isinstance(rule, TwoRound) or outcome["result"] != "elected" or len(leading) < 2 or rule.of != "valid":
        return None
    who = lang.pick(leading[0].name)
    if by_lead(published) and rule.lead is not None:
        line = float(100 * Fraction(rule.lead.share))
        lead = lead_points(count, leading[0].id, leading[1].id)
        values = {"lead": lang.number(lead, 2), "line": lang.number(line, 0 if line == int(line) else 1)}
        return "by_lead", {"who": who, **values}
    share, line = count["choices"][0]["share_of_valid"], float(rule.majority.share)
    return "by_majority", {"who": who, "share": lang.percent(share, 1), "line": lang.percent(line, 0)}


PAGE = Page(
    id="index",
    title=TEXTS.say("overview_page.page.title"),
    context=context,
    derive={"count.json": rooms.count_document},
    scripts=("tree.js",),
    required=True,
)
