"""Pictures of the forensic methods: fingerprint, digit bars, comb of whole percentages."""

import math
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from veedor.dossier.pages.forensics.maps import STATIONS, excess, places
from veedor.dossier.parsed import Parsed
from veedor.dossier.show.charts import NARROW, Picture, picture
from veedor.dossier.show.language import Language
from veedor.dossier.show.svg import INK, rule, svg, text
from veedor.dossier.texts import TEXTS
from veedor.finding import Text


def _box(x: float, y: float, width: float, height: float, shade: float = 1.0) -> str:
    size = f'width="{width:.1f}" height="{height:.1f}"'
    return f'<rect x="{x:.1f}" y="{y:.1f}" {size} fill="{INK}" fill-opacity="{shade:.2f}"/>'


TURNOUT = TEXTS.say("forensics_charts.turnout")
SHARE = TEXTS.say("forensics_charts.share")

COUNTS = TEXTS.say("forensics_charts.counts")
DIGIT = TEXTS.say("forensics_charts.digit")


HIGHEST = TEXTS.say("forensics_charts.highest", n="{n}", at="{at}")


def _densest(counts: Sequence[Sequence[int]], lang: Language) -> str:
    """Where most stations lie, for those who do not see the picture."""
    bins, every = len(counts), sum(sum(row) for row in counts)
    most, i, j = max((value, i, j) for i, row in enumerate(counts) for j, value in enumerate(row))
    where = {"turnout": lang.percent((i + 0.5) / bins, 0), "share": lang.percent((j + 0.5) / bins, 0)}
    return lang.say("forensics_charts.densest", n=lang.number(most), all=lang.number(every), **where)


def fingerprint(counts: Sequence[Sequence[int]], lang: Language, title: str, caption: str) -> Picture:
    """Stations by turnout (across) and the leader's share (up), darker where more; marginals on top and right."""

    said = _densest(counts, lang)

    def draw(width: int) -> Markup:
        side = min(width - 120.0, 460.0)
        left, top, bins = 46.0, 62.0, len(counts)
        cell, most = side / bins, max(1, *(value for row in counts for value in row))
        parts = []
        for i, row in enumerate(counts):
            for j, value in enumerate(row):
                if value:
                    shade = 0.12 + 0.88 * math.log1p(value) / math.log1p(most)
                    parts += [_box(left + i * cell, top + side - (j + 1) * cell, cell, cell, shade)]
        across, up = [sum(row) for row in counts], [sum(column) for column in zip(*counts, strict=True)]
        for i, value in enumerate(across):
            high = 36 * value / max(1, *across)
            parts += [_box(left + i * cell, top - 6 - high, cell, high, 0.6)]
        for j, value in enumerate(up):
            parts += [_box(left + side + 6, top + side - (j + 1) * cell, 36 * value / max(1, *up), cell, 0.6)]
        for tick in (0, 25, 50, 75, 100):
            at = side * tick / 100
            parts += [
                text(left + at, top + side + 18, str(tick)),
                text(left - 6, top + side - at + 4, str(tick), "end"),
            ]
        parts += [rule(left, top + side, left + side, top + side), rule(left, top, left, top + side)]
        parts += [
            text(left + side, top + side + 38, lang.pick(TURNOUT), "end"),
            text(0, 14, lang.pick(SHARE), "start"),
        ]
        return svg(width, top + side + 46, title, parts, said=said)

    return picture(draw, caption)


def digits(counts: Sequence[int], expected: Sequence[float], lang: Language, title: str, caption: str) -> Picture:
    """Bars of the share of each digit with 95 per cent intervals; dashes where the reference puts them."""
    total = max(1, sum(counts))
    shares = [value / total for value in counts]
    said = "; ".join(f"{d}: {lang.percent(share, 1)}" for d, share in enumerate(shares))

    def draw(width: int) -> Markup:
        left, top, height = 46.0, 32.0, 200.0
        most = max(*shares, *expected) * 1.2
        step = (width - left - 10) / 10
        parts = []
        for tick in (0.0, 0.05, 0.10, 0.15, 0.2):
            if tick <= most:
                y = top + height * (1 - tick / most)
                parts += [rule(left, y, width - 10, y, "grid"), text(left - 6, y + 4, lang.percent(tick, 0), "end")]
        for d, (share, wanted) in enumerate(zip(shares, expected, strict=True)):
            x, high = left + d * step, height * share / most
            half = height * 1.96 * math.sqrt(share * (1 - share) / total) / most
            parts += [_box(x + step * 0.18, top + height - high, step * 0.64, high, 0.35)]
            parts += [rule(x + step / 2, top + height - high - half, x + step / 2, top + height - high + half)]
            y = top + height * (1 - wanted / most)
            parts += [rule(x + 2, y, x + step - 2, y, "line"), text(x + step / 2, top + height + 18, str(d))]
        parts += [
            text(0, 14, lang.pick(COUNTS), "start"),
            text(width - 10, top + height + 38, lang.pick(DIGIT), "end"),
        ]
        return svg(width, top + height + 46, title, parts, said=said)

    return picture(draw, caption)


def comb(counts: Sequence[int], lang: Language, title: str, caption: str) -> Picture:
    """Stations in bins of 0.1 per cent, from 50 to 100 per cent (from 70 on a phone)."""

    def draw(width: int) -> Markup:
        left, top, height = 46.0, 32.0, 180.0
        low = 500 if width > NARROW else 700
        shown = counts[low:1001]
        most = max(1, *shown)
        step = (width - left - 10) / len(shown)
        points = " ".join(f"{left + i * step:.1f},{top + height * (1 - v / most):.1f}" for i, v in enumerate(shown))
        parts = [f'<polyline points="{points}" fill="none" stroke="#26364d" stroke-width="1"/>']
        for tick in range(low, 1001, 50 if width > NARROW else 100):
            x = left + (tick - low) * step
            parts += [rule(x, top + height, x, top + height + 5), text(x, top + height + 20, str(tick // 10))]
        parts += [
            rule(left, top + height, width - 10, top + height),
            text(left - 6, top + 6, lang.number(most), "end"),
            text(0, 14, lang.pick(STATIONS), "start"),
            text(width - 10, top + height + 40, title, "end"),
        ]
        most_at = low + shown.index(most) if most in shown else low
        said = lang.pick(HIGHEST).format(n=lang.number(most), at=lang.percent(most_at / 1000, 1))
        return svg(width, top + height + 48, title, parts, said=said)

    return picture(draw, caption)


def pictures(methods: Mapping[str, Parsed], lang: Language) -> dict[str, list[Picture]]:
    """The pictures of each method that has some."""
    found: dict[str, list[Picture]] = {}
    data = {name: row["picture"] for name, row in methods.items() if row["applies"]}
    if "turnout_and_share" in data:
        title = lang.pick(TEXTS.say("forensics_charts.pictures.title"))
        text = TEXTS.say("forensics_charts.pictures.text")
        found["turnout_and_share"] = [
            fingerprint(data["turnout_and_share"]["fingerprint"], lang, title, lang.pick(text))
        ]
    benford = [sum(math.log10(1 + 1 / (10 * k + d)) for k in range(1, 10)) for d in range(10)]
    text = TEXTS.say("forensics_charts.pictures.text_2")
    for name, expected in (("second_digit", benford), ("last_digit", [0.1] * 10)):
        if name in data:
            title = lang.pick(TEXTS.say("forensics_charts.pictures.title_2"))
            found[name] = [digits(data[name]["digits"], expected, lang, title, lang.pick(text))]
    if "integer_percentages" in data:
        found["integer_percentages"] = [
            comb(data["integer_percentages"][key], lang, lang.pick(name), lang.pick(_below(name)))
            for key, name in (("comb_turnout", TURNOUT), ("comb_result", RESULT))
        ]
    return found | _further(data, lang)


def _further(data: Mapping[str, Parsed], lang: Language) -> dict[str, list[Picture]]:
    found: dict[str, list[Picture]] = {}
    if "density" in data.get("resampled_density", {}):
        title = lang.pick(TEXTS.say("forensics_charts.further.title"))
        text = TEXTS.say("forensics_charts.further.text")
        row = data["resampled_density"]
        found["resampled_density"] = [excess(row["density"], row["ceiling"], lang, title, lang.pick(text))]
    title = lang.pick(TEXTS.say("forensics_charts.further.title_2"))
    text = TEXTS.say("forensics_charts.further.text_2")
    drawn = places(data.get("local_outliers", {}), lang, title, lang.pick(text))
    if drawn is not None:
        found["local_outliers"] = [drawn]
    return found


RESULT = TEXTS.say("forensics_charts.result")


def _below(name: Text) -> Text:
    return TEXTS.say("forensics_charts.below", name=name)
