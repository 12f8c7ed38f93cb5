"""The mixture's part of the statistics page: its figures where it was run beforehand, else how to run it."""

from collections.abc import Mapping

from markupsafe import Markup

from veedor.dossier.parsed import Parsed
from veedor.dossier.show.charts import Picture, picture
from veedor.dossier.show.language import Language
from veedor.dossier.show.svg import INK, PALE, line, rule, svg, text
from veedor.dossier.texts import TEXTS
from veedor.forensics.mixture import limits as LIMITS  # noqa: N812 - constants only
from veedor.forensics.mixture import texts as MIXTURE  # noqa: N812 - constants only

WORDS = TEXTS.table("forensics_mixture")
OF_A_RUN = ("verdict", "placebo", "off", "rows", "pictures", "diagnostics")
AXIS = TEXTS.say("forensics_mixture.axis")


def mixture_part(document: Parsed | None, lang: Language, command: str) -> Mapping[str, object]:
    """Content of the template. document: results/mixture.json, if there is one."""
    variant = "qbl" if document is None else document["variant"]
    part: dict[str, object] = {
        "title": lang.pick(MIXTURE.TITLE),
        "cannot": lang.pick(MIXTURE.CANNOT),
        "other": lang.pick(MIXTURE.OTHER),
        "expected": lang.pick(MIXTURE.EXPECTED["rn" if variant == "rn" else "qbl"]),
        "source": MIXTURE.SOURCE,
        "words": {key: lang.pick(words) for key, words in WORDS.items()},
    }
    if document is None:
        return part | dict.fromkeys(OF_A_RUN) | {"text": lang.pick(MIXTURE.NOT_RUN), "command": command}
    return part | {
        "verdict": document["verdict"],
        "text": " ".join((_reading(document, lang), lang.pick(MIXTURE.CHANGED[variant]), _run(document, lang))),
        "placebo": _placebo(document, lang),
        "off": _off(document, lang),
        "rows": _rows(document, lang),
        "pictures": [] if document["fractions"] is None else [_intervals(document, lang)],
        "diagnostics": _diagnostics(document["diagnostics"], lang),
        "command": document["command"],
    }


def _reading(document: Parsed, lang: Language) -> str:
    if document["fractions"] is None:
        return lang.pick(TEXTS.say("forensics_mixture.reading"))
    return lang.pick(TEXTS.say("forensics_mixture.reading_2"))


def _run(document: Parsed, lang: Language) -> str:
    stations, chains = lang.number(document["stations"]), document["chains"]
    minutes = lang.number(document["cpu_seconds"] / 60, 1)
    return lang.pick(
        TEXTS.say("forensics_mixture.run", stations=stations, chains=chains, seed=document["seed"], minutes=minutes)
    )


def _placebo(document: Parsed, lang: Language) -> str:
    fractions = [run["fractions"] for run in document["placebo"]]
    outside = [1 - one["none"]["mean"] for one in fractions if one is not None]
    if not fractions:
        return lang.pick(TEXTS.say("forensics_mixture.placebo"))
    if not outside:
        return lang.pick(TEXTS.say("forensics_mixture.placebo_2"))
    low, high = lang.percent(min(outside), 1), lang.percent(max(outside), 1)
    agreed, all_ = lang.number(len(outside)), lang.number(len(fractions))
    said = lang.pick(TEXTS.say("forensics_mixture.placebo_said", all=all_, agreed=agreed, low=low, high=high))
    if len(outside) == len(fractions) >= LIMITS.LEAST_PLACEBO:
        return said
    why = TEXTS.say("forensics_mixture.placebo_why", LEAST_PLACEBO=LIMITS.LEAST_PLACEBO)
    return said + lang.pick(why)


def _off(document: Parsed, lang: Language) -> str:
    """What elections drawn from the fitted model do not have of this one."""
    off = (document["posterior_check"] or {"not_reproduced": []})["not_reproduced"]
    if not off:
        return ""
    named = "; ".join(lang.pick(MIXTURE.FIGURE_NAMES[name]) for name in off)
    return lang.pick(TEXTS.say("forensics_mixture.off", named=named))


def _rows(document: Parsed, lang: Language) -> list[dict[str, str]]:
    if document["fractions"] is None:
        return []
    return [
        {
            "state": lang.pick(name),
            "mean": lang.percent(document["fractions"][state]["mean"], 1),
            "low": lang.percent(document["fractions"][state]["low"], 1),
            "high": lang.percent(document["fractions"][state]["high"], 1),
        }
        for state, name in MIXTURE.STATES.items()
    ]


def _diagnostics(seen: Parsed, lang: Language) -> list[dict[str, str]]:
    rows = [
        ("R-hat", lang.number(seen["rhat"], 3), f"< {lang.number(LIMITS.MOST_RHAT, 2)}"),
        (
            lang.pick(TEXTS.say("forensics_mixture.diagnostics_rows")),
            lang.number(seen["ess_bulk_pi"]),
            f"> {lang.number(LIMITS.LEAST_ESS)}",
        ),
        (
            lang.pick(TEXTS.say("forensics_mixture.diagnostics_rows_2")),
            lang.number(seen["ess_tail_pi"]),
            f"> {lang.number(LIMITS.LEAST_ESS)}",
        ),
        (
            lang.pick(TEXTS.say("forensics_mixture.diagnostics_rows_3")),
            lang.number(seen["divergences"]),
            "0",
        ),
        ("E-BFMI", lang.number(seen["bfmi"], 2), f"> {lang.number(LIMITS.LEAST_BFMI, 1)}"),
    ]
    if seen["pareto_k"] is not None:
        name = lang.pick(TEXTS.say("forensics_mixture.diagnostics_name"))
        rows.append((name, lang.number(seen["pareto_k"], 2), f"< {lang.number(LIMITS.MOST_TAIL, 1)}"))
    return [{"name": name, "here": here, "limit": limit} for name, here, limit in rows]


def _intervals(document: Parsed, lang: Language) -> Picture:
    """A line from the low to the high end of each state's interval, a dot at its mean, dashes at the prior's mean."""
    title = lang.pick(WORDS["fractions"])
    prior = document["prior_mean_none"]
    states = list(MIXTURE.STATES.items())
    before = {state: prior if state == "none" else (1 - prior) / 2 for state, _ in states}

    def draw(width: int) -> Markup:
        left, top, step = 96.0, 12.0, 34.0
        bottom = top + step * len(states)

        def x(share: float) -> float:
            return left + share * (width - left - 16)

        parts = []
        for tick in range(0, 101, 25):
            parts += [rule(x(tick / 100), top, x(tick / 100), bottom, "grid")]
            parts += [text(x(tick / 100), bottom + 20, str(tick))]
        for place, (state, name) in enumerate(states):
            one, y = document["fractions"][state], top + step * (place + 0.5)
            parts += [text(left - 10, y + 4, lang.pick(name), "end")]
            expected = x(before[state])
            parts += [line([(expected, y - 12), (expected, y + 12)], f'stroke="{PALE}" stroke-dasharray="3 2"')]
            parts += [line([(x(one["low"]), y), (x(one["high"]), y)], f'stroke="{INK}" stroke-width="3"')]
            parts += [f'<circle cx="{x(one["mean"]):.1f}" cy="{y:.1f}" r="5" fill="{INK}"/>']
        parts += [text(width - 16, bottom + 40, lang.pick(AXIS), "end")]
        said = "; ".join(f"{row['state']} {row['mean']}" for row in _rows(document, lang))
        return svg(width, bottom + 48, title, parts, said=said)

    caption = TEXTS.say("forensics_mixture.intervals.caption")
    return picture(draw, lang.pick(caption))
