"""Two more pictures of the forensic methods: excess density, and where the listed stations lie."""

import math
from collections.abc import Sequence

from markupsafe import Markup

from veedor.dossier.parsed import Parsed
from veedor.dossier.show.charts import NARROW, Picture, picture
from veedor.dossier.show.language import Language
from veedor.dossier.show.svg import INK, PALE, line, rule, svg, text
from veedor.dossier.texts import TEXTS

NAMED = 5
"""Percentages in excess that are written beside their mark."""
AXIS = TEXTS.say("forensics_maps.axis")
STATIONS = TEXTS.say("forensics_maps.stations")


def excess(density: Sequence[float], ceiling: Sequence[float], lang: Language, title: str, caption: str) -> Picture:
    """Stations by the leader's share, the highest of the resamples dashed, a mark where the election is above it."""
    last = len(density) - 1
    above = [at for at, (seen, most) in enumerate(zip(density, ceiling, strict=True)) if seen > most]
    largest = sorted(above, key=lambda at: ceiling[at] - density[at])[:NAMED]
    said = "; ".join(f"{lang.number(100 * at / last, 1)} %" for at in sorted(largest))

    def draw(width: int) -> Markup:
        left, top, height = 46.0, 34.0, 210.0
        most = max(1.0, *density, *ceiling)

        def x(at: float) -> float:
            return left + at / last * (width - left - 12)

        def y(value: float) -> float:
            return top + height * (1 - value / most)

        parts = [
            line([(x(at), y(value)) for at, value in enumerate(ceiling)], f'stroke="{PALE}" stroke-dasharray="3 2"'),
            line([(x(at), y(value)) for at, value in enumerate(density)], f'stroke="{INK}" stroke-width="1"'),
        ]
        parts += [f'<path d="M{x(at) - 4:.1f} {y(density[at]) - 11:.1f}h8l-4 7z" fill="{INK}"/>' for at in above]
        taken: list[float] = []
        for at in largest:
            if all(abs(x(at) - other) > 42 for other in taken):
                taken.append(x(at))
                parts.append(text(x(at), max(12.0, y(density[at]) - 15), lang.number(100 * at / last, 1)))
        for tick in range(0, 101, 10 if width > NARROW else 25):
            place = x(last * tick / 100)
            parts += [rule(place, top + height, place, top + height + 5)]
            parts += [text(place, top + height + 20, str(tick))]
        parts += [rule(left, top + height, width - 12, top + height), rule(left, top, left, top + height)]
        parts += [
            text(left - 6, top + 5, lang.number(round(most)), "end"),
            text(left - 6, top + height + 4, "0", "end"),
        ]
        parts += [
            text(width - 12, top + height + 40, lang.pick(AXIS), "end"),
            text(0, 14, lang.pick(STATIONS), "start"),
        ]
        return svg(width, top + height + 48, title, parts, said=said)

    return picture(draw, caption)


def places(data: Parsed, lang: Language, title: str, caption: str) -> Picture | None:
    """Dots where stations are, triangles at the listed ones: up for more votes than expected, down for fewer.

    The frame holds nine tenths of the places, so that a few far away do not shrink all others; None without places.
    """
    points: Sequence[Sequence[float]] = data.get("places", [])
    if not points:
        return None
    west, east = _middle([point[0] for point in points])
    south, north = _middle([point[1] for point in points])
    narrow = math.cos(math.radians((south + north) / 2))
    shown = [one for one in data["listed"] if west <= one[0] <= east and south <= one[1] <= north]
    outside = len(data["listed"]) - len(shown)
    several = TEXTS.say("forensics_maps.places.several", outside=outside)
    one = TEXTS.say("forensics_maps.places.one")
    beyond = lang.pick(one if outside == 1 else several)

    def draw(width: int) -> Markup:
        scale = min((width - 20) / max((east - west) * narrow, 0.1), 460 / max(north - south, 0.1))
        height = (north - south) * scale

        def at(point: Sequence[float]) -> tuple[float, float]:
            return 10 + (point[0] - west) * narrow * scale, 10 + (north - point[1]) * scale

        parts = [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="1.2" fill="{PALE}"/>'
            for point in points
            if west <= point[0] <= east and south <= point[1] <= north
            for x, y in [at(point)]
        ]
        for one in shown:
            x, y = at(one)
            shape = f"M{x - 5:.1f} {y + 4:.1f}h10l-5 -9z" if one[2] > 0 else f"M{x - 5:.1f} {y - 4:.1f}h10l-5 9z"
            fill = INK if one[2] > 0 else "#fffefb"
            parts.append(f'<path d="{shape}" fill="{fill}" stroke="{INK}" stroke-width="1.3"/>')
        if outside:
            parts.append(text(10, height + 32, beyond, "start"))
        return svg(width, height + (42 if outside else 22), title, parts, said=f"{len(shown)} + {outside}")

    return picture(draw, caption)


def _middle(values: Sequence[float]) -> tuple[float, float]:
    """Where nine tenths of the values lie, with a margin."""
    order = sorted(values)
    low, high = order[len(order) // 20], order[-1 - len(order) // 20]
    margin = 0.1 * max(high - low, 0.1)
    return low - margin, high + margin
