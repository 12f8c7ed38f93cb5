"""What the guided reading says of the result itself: how close it was, what an audit needs, what was said."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from veedor.dossier.pages.guide.section import Section, section
from veedor.dossier.parsed import Parsed
from veedor.dossier.show.figures import figure
from veedor.dossier.show.language import Language
from veedor.dossier.show.published import Published
from veedor.dossier.show.sentences import capital, choices_with_votes, outcome_name

RISK_LIMIT = 0.05


def near(published: Published, lang: Language) -> Section:
    """The fewest votes that would have brought another outcome."""
    count = published.results["count.json"]
    distances = count["outcome"]["distances"]
    known = [row for row in distances if row["votes"] is not None]
    moved = [row for row in known if row["how"] == "move"] or known
    command, link = published.command("count"), "count.html#distances"
    if not moved:
        return section(lang, "near", "", lang.say("guide.near_none"), link, command)
    row = min(moved, key=lambda one: one["votes"])
    path = f"outcome/distances/{distances.index(row)}/votes"
    taken, given = (choices_with_votes(row[key], lang) for key in ("from", "gives"))
    share = row["votes"] / count["valid"] if count["valid"] else None
    sentence = lang.marked(
        f"guide.near_{row['how']}",
        votes=figure(lang.number(row["votes"]), path, row["votes"]),
        taken=taken,
        given=given,
        outcome=outcome_name(row["to"], published.contest.rule, published.choices, lang),
        share="–" if share is None else figure(lang.percent(share), f"{path}; valid", share, "share"),
    )
    big = figure(lang.count_of("unit.votes", row["votes"]), path, row["votes"])
    return section(lang, "near", big, sentence, link, command)


def audit(published: Published, lang: Language) -> Section | None:
    """What an audit of the outcome by whole sheets would take, with the errors that a plan expects."""
    document = published.results.get("audit.json")
    if document is None:
        return None
    command = published.command("audit", "plan")
    if document["refused"] is not None:
        return section(lang, "audit", "", lang.say("guide.audit_none"), "audit.html", command)
    limits = [cost["risk_limit"] for cost in document["costs"]]
    number = limits.index(RISK_LIMIT) if RISK_LIMIT in limits else 0
    cost, expected = document["costs"][number], document["expected_errors"]
    bare = figure(lang.count_of("guide.sheets", cost["draws"]), f"costs/{number}/draws", cost["draws"])
    of = figure(lang.number(document["sheets"]), "sheets", document["sheets"])
    limit = lang.percent(cost["risk_limit"], 0)
    planned = _planned(expected, cost["risk_limit"], lang) if expected else None
    reported = lang.say("guide.audit_reported" if document.get("audited") else "guide.audit_planned")
    if planned is None:
        sentence = lang.marked("guide.audit_sentence", limit=limit, of=of)
        return section(lang, "audit", bare, sentence + " " + reported, "audit.html", command)
    rates = expected["rates"]
    sentence = lang.marked(
        "guide.audit_with_errors",
        limit=limit,
        of=of,
        share=lang.percent(rates["sheets"], 0),
        ballots=lang.count_of("guide.ballots", rates["ballots"]),
        bare=bare,
    )
    return section(lang, "audit", planned, sentence + " " + reported, "audit.html", command)


def _planned(expected: Parsed, limit: float, lang: Language) -> Markup | None:
    """The sheets within which nine audits in ten end; None where audits did not end in as many cases."""
    for number, row in enumerate(expected["rows"]):
        most = row["sheets"]["percentile_90"]
        if row["risk_limit"] == limit and most is not None and row["sheets"]["confirmed"] == expected["audits"]:
            return figure(
                lang.count_of("guide.sheets", round(most)), f"expected_errors/rows/{number}/sheets/percentile_90", most
            )
    return None


def said(published: Published, lang: Language) -> Section | None:
    """Who spoke, and where what was said stands: no count of answers, which are of different kinds."""
    document = published.results.get("claims.json")
    if document is None or not document["claims"]:
        return None
    sentence = lang.marked(
        "guide.said_sentence",
        speakers=lang.number(len({lang.pick(claim["who"]["name"]) for claim in document["claims"]})),
    )
    return section(lang, "said", "", sentence, "claims.html", published.command("claims"))


def verify(published: Published, lang: Language) -> Section:
    """What anyone can verify."""
    sentence = lang.say("guide.verify_record" if "record.json" in published.results else "guide.verify_sentence")
    return section(lang, "verify", "", sentence, "station.html", "veedor verify .")


def other_outcomes(published: Published, lang: Language) -> Sequence[Mapping[str, object]]:
    """The nearest other outcomes: one line for each, with the votes to move, add or remove."""
    rows: dict[str, dict[str, object]] = {}
    for row in published.results["count.json"]["outcome"]["distances"]:
        to = capital(outcome_name(row["to"], published.contest.rule, published.choices, lang))
        if row["votes"] is not None:
            rows.setdefault(to, {"to": to, "move": None, "add": None, "remove": None})[row["how"]] = row["votes"]
    return list(rows.values())[:4]
