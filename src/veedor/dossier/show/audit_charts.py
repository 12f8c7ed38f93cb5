"""Pictures of an audit: the sample on the map, and risk falling as sheets come in."""

from collections.abc import Mapping, Sequence
from math import log10
from typing import Any

from markupsafe import Markup, escape

from veedor.dossier.show.charts import DASHES, LETTER, NARROW, WIDE, Picture, picture, steps
from veedor.dossier.show.language import Language
from veedor.dossier.texts import TEXTS

COLORS = ("#0b5c63", "#8a6d3b", "#6b4c8a", "#b0413e")
LINES = 4
"""Different lines drawn in the chart of risk: those of the assertions with the greatest risk."""
LOWEST = 1e-6
SAMPLED, OTHERS = "#b0413e", "#b9b4a7"

WORDS = TEXTS.table("audit_chart")


def sample_map(points: Mapping[str, Sequence[Any]], lang: Language) -> Picture | None:
    """Places as dots, those with sampled sheets large."""
    places = list(zip(points["latitude"], points["longitude"], points["sheets"], strict=True))
    inside = [one for one, here in zip(places, points["drawn"], strict=True) if here]
    if not inside:
        return None
    (south, north), (west, east) = ((min(axis), max(axis)) for axis in list(zip(*inside, strict=True))[:2])
    label = f"{lang.number(sum(bool(one[2]) for one in places))} / {lang.number(len(places))} {lang.pick(WORDS['map'])}"

    def draw(width: int) -> Markup:
        side = min(width, 560) - 12
        scale = side / max(east - west, north - south, 1e-6)
        high = max((north - south) * scale, 20.0)

        def dots(sampled: bool) -> str:
            at = dict.fromkeys(
                f"M{(x - west) * scale + 6:.1f} {high - (y - south) * scale + 6:.1f}h0"
                for y, x, sheets in inside
                if bool(sheets) == sampled
            )
            return "".join(at)

        body = "".join(
            f'<path d="{dots(sampled)}" fill="none" stroke="{color}" stroke-width="{size}" stroke-linecap="round"/>'
            for sampled, color, size in ((False, OTHERS, 2.2), (True, SAMPLED, 6.4))
            if dots(sampled)
        )
        return _svg(width, high + 12, label, body)

    return picture(draw, lang.pick(WORDS["map_caption"]))


def risk_chart(risk: Mapping[str, Any], lang: Language) -> Picture:
    """Risk after each draw, on a scale of tenths, hundredths, ...; with the risk limit as a line."""
    worst = sorted(risk["assertions"], key=lambda one: -float(one["risk"]))
    lines = [(values, _labels(labels, lang)) for values, labels in _different(worst)[:LINES]]
    draws = max(len(values) - 1 for values, _ in lines)
    lowest = max(min(min(values) for values, _ in lines), LOWEST)
    floor = min(-2, -int(-log10(lowest) + 0.999))
    limit = float(risk["risk_limit"])
    said = "; ".join(f"{labels}: {lang.percent(values[-1], 2)}" for values, labels in lines)

    def draw(width: int) -> Markup:
        left, right, top, bottom = 62.0, 10.0, 20.0, 250.0 if width > NARROW else 210.0

        def x(number: float) -> float:
            return left + number / max(draws, 1) * (width - left - right)

        def y(value: float) -> float:
            return top + max(log10(max(value, LOWEST)), floor) / floor * (bottom - top)

        parts = []
        for power in range(floor, 1):
            parts += [_rule(left, y(10.0**power), width - right, "grid")]
            parts += [_text(left - 6, y(10.0**power) + 4, lang.percent(10.0**power, max(0, -power - 2)), "end")]
        parts += [_rule(left, y(limit), width - right, "line")]
        parts += [
            _text(left + 6, y(limit) + 16, f"{lang.pick(WORDS['limit'])}: {_limit(limit, lang)}", "start", "line-name")
        ]
        for number, (values, labels) in enumerate(lines):
            path = " ".join(f"{x(k):.1f},{y(value):.1f}" for k, value in _corners(values))
            color, dash = COLORS[number % len(COLORS)], DASHES[number % len(DASHES)]
            stroke = f'stroke="{color}" stroke-width="2.2"' + (f' stroke-dasharray="{dash}"' if dash else "")
            parts += [f'<polyline points="{path}" fill="none" {stroke}/>']
            down = bottom + 44 + 20 * number
            parts += [
                f'<line x1="0" x2="24" y1="{down - 4}" y2="{down - 4}" {stroke}/>',
                _text(32, down, labels, kind="strong"),
            ]
        axis = f"{lang.pick(WORDS['axis'])}: {lang.number(draws)}"
        parts += [_text(left, bottom + 20, "0", "middle"), _text(width - right, bottom + 20, axis, "end")]
        return _svg(width, bottom + 50 + 20 * len(lines), lang.pick(WORDS["risk"]), "".join(parts), said=said)

    return picture(draw, lang.pick(WORDS["risk_caption"]))


def cost_chart(document: Mapping[str, Any], lang: Language) -> Picture:
    """Sheets drawn at each risk limit: if none differs, and with errors, on average and at the 90th percentile."""
    names = [lang.pick(WORDS[name]) for name in ("no_error", "mean", "percentile_90")]
    limits = [float(one["risk_limit"]) for one in document["costs"]]
    rows = (document["expected_errors"] or {"rows": []})["rows"]
    lines: list[list[float | None]] = [
        [float(one["draws"]) for one in document["costs"]],
        [row["sheets"]["mean"] for row in rows],
        [row["sheets"]["percentile_90"] for row in rows],
    ]
    most = max(value for line in lines for value in line if value is not None)
    said = "; ".join(
        f"{name}: "
        + ", ".join(
            f"{_limit(limit, lang)} {lang.number(value)}"
            for limit, value in zip(limits, line, strict=False)
            if value is not None
        )
        for name, line in zip(names, lines, strict=True)
    )

    def draw(width: int) -> Markup:
        left, right, top, bottom = 62.0, 16.0, 14.0, 240.0 if width > NARROW else 200.0

        def x(place: int) -> float:
            return left + 14 + place / max(len(limits) - 1, 1) * (width - left - right - 14)

        def y(value: float) -> float:
            return bottom - value / most * (bottom - top)

        parts = []
        for tick in steps(0, most, 5):
            parts += [_rule(left, y(tick), width - right, "axis" if tick == 0 else "grid")]
            parts += [_text(left - 6, y(tick) + 4, lang.number(tick), "end")]
        for place, limit in enumerate(limits):
            parts += [_text(x(place), bottom + 20, _limit(limit, lang), "middle")]
        for number, line in enumerate(lines):
            known = [(x(place), y(value)) for place, value in enumerate(line) if value is not None]
            color, dash = COLORS[number], DASHES[number]
            stroke = f'stroke="{color}" stroke-width="2.2"' + (f' stroke-dasharray="{dash}"' if dash else "")
            path = " ".join(f"{a:.1f},{b:.1f}" for a, b in known)
            parts += [f'<polyline points="{path}" fill="none" {stroke}/>']
            parts += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3.2" fill="{color}"/>' for a, b in known]
            down = bottom + 68 + 20 * number
            parts += [f'<line x1="0" x2="24" y1="{down - 4}" y2="{down - 4}" {stroke}/>']
            parts += [_text(32, down, names[number], kind="strong")]
        parts += [_text(width - right, bottom + 40, lang.pick(WORDS["limits"]), "end")]
        return _svg(width, bottom + 78 + 20 * (len(lines) - 1), lang.pick(WORDS["costs"]), "".join(parts), said=said)

    return picture(draw, _errors_said(document["expected_errors"], lang))


def _errors_said(expected: Mapping[str, Any] | None, lang: Language) -> str:
    if expected is None:
        return lang.pick(WORDS["costs"])
    rates = expected["rates"]
    share, many = lang.percent(rates["sheets"], 1), lang.number(rates["ballots"])
    audits, bet = lang.number(expected["audits"]), lang.number(expected["share_of_largest_bet"], 1)
    return lang.pick(TEXTS.say("audit_chart.errors_said", share=share, many=many, audits=audits, bet=bet))


def _limit(limit: float, lang: Language) -> str:
    return lang.percent(limit, 0 if float(f"{100 * limit:g}").is_integer() else 1)


def _corners(values: Sequence[float]) -> list[tuple[int, float]]:
    """The draws at which a line changes its value, as steps, so that a flat stretch is two points."""
    kept = [(0, values[0])]
    for number in range(1, len(values)):
        if values[number] != values[number - 1] or number == len(values) - 1:
            kept += [(number - 1, values[number - 1])] if kept[-1][0] != number - 1 else []
            kept += [(number, values[number])]
    return kept


def _labels(labels: Sequence[str], lang: Language) -> str:
    """The first label, and how many more have the same line."""
    more = lang.say("audit_chart.more", n=len(labels) - 1)
    return labels[0] if len(labels) == 1 else f"{labels[0]} {more}"


def _different(worst: Sequence[Mapping[str, Any]]) -> list[tuple[list[float], list[str]]]:
    """Lines that differ, each with the labels of the assertions that it is the line of."""
    lines: list[tuple[list[float], list[str]]] = []
    for one in worst:
        values = [1.0, *one["risk_after_each_draw"]]
        for other, labels in lines:
            if other == values:
                labels.append(str(one["label"]))
                break
        else:
            lines.append((values, [str(one["label"])]))
    return lines


def _rule(x1: float, y: float, x2: float, kind: str) -> str:
    return f'<line x1="{x1:.1f}" x2="{x2:.1f}" y1="{y:.1f}" y2="{y:.1f}" class="{kind}"/>'


def _text(x: float, y: float, text: str, anchor: str = "start", kind: str = "") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{LETTER}" text-anchor="{anchor}"'
    return f'<text {place} class="{kind}">{escape(text)}</text>'


def _svg(width: float, height: float, label: str, body: str, *, said: str = "") -> Markup:
    name = f"{label}. {said}" if said else label
    return Markup(  # noqa: S704 - numbers and escaped texts only
        f'<svg class="chart" viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{escape(name)}">'
        f"<title>{escape(label)}</title>{body}</svg>"
    )


__all__ = ["WIDE", "cost_chart", "risk_chart", "sample_map"]
