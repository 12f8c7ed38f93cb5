"""The rules of projection in plain words, and how often each one's range held the truth when it was tested."""

from collections.abc import Mapping

from veedor.dossier.pages.interruption.sentences import WORDS
from veedor.dossier.parsed import Parsed
from veedor.dossier.show.language import Language
from veedor.dossier.show.published import Published
from veedor.interruption.projection.rule_names import rule_name

HIDDEN = ("random", "late_like", "cuts")
"""What was hidden in a test, in the order of the table."""

TESTS = {"random": "calibration_random", "late_like": "calibration_late", "cuts": "calibration_cuts"}


def name_of(published: Published, lang: Language, each: Parsed) -> str:
    """A rule's technical name."""
    return lang.pick(rule_name(each["rule"], each["values"], published.election))


def plain_name(lang: Language, each: Parsed) -> str:
    """What a rule does, in words that need no course in statistics."""
    key = f"plain.{each['rule']}"
    said = lang.pick(WORDS[key if key in WORDS else "plain.earlier"])
    return said if each["values"] != "final" else f"{said}, {lang.pick(WORDS['plain.final'])}"


def calibrations(document: Parsed, lang: Language) -> dict[str, object] | None:
    """Each rule and test, and how often the 50, 80 and 95 % range held the truth; None where none was tested."""
    rows = [
        {"rule": plain_name(lang, each), "test": lang.pick(WORDS[TESTS[one["hidden"]]]), "shares": one["coverage"]}
        for each in document["projections"]
        if each["validation"] is not None
        for one in sorted(each["validation"]["coverage"], key=lambda one: HIDDEN.index(one["hidden"]))
    ]
    if not rows:
        return None
    widths: Mapping[str, float] = rows[0]["shares"]
    heads = [lang.pick(WORDS["calibration_range"]).format(n=lang.percent(float(width), 0)) for width in widths]
    return {"heads": heads, "rows": [{**row, "shares": list(row["shares"].values())} for row in rows]}
