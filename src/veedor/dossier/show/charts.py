"""Charts as inline SVG, drawn twice: for a page's width and for a phone's, so that the letters stay readable.

Every chart has a title and a description for those who do not see it, axes with units, and a caption with its source.
Colour never stands alone: lines carry their names and have dashes and markers of their own.
"""

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from veedor.dossier.show.language import Language

WIDE, NARROW = 760, 330
LETTER = 12.5
SHAPES = (
    "M1 1H11V11H1Z",
    "M6 0.5A5.5 5.5 0 1 1 5.99 0.5Z",
    "M6 0.5L11.5 11H0.5Z",
    "M6 0L12 6L6 12L0 6Z",
    "M0.5 1H11.5L6 11.5Z",
    "M4 0.5H8V4H11.5V8H8V11.5H4V8H0.5V4H4Z",
)
"""Outlines in a box of 12 by 12 that tell choices apart without colour; assets/app.js has the same."""

LONGEST = 200.0
"""Room for a line's name at its end."""

DASHES = ("", "6 3", "2 3", "8 3 2 3")


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One chart in both widths, and what stands under it."""

    wide: Markup
    narrow: Markup
    caption: str
    id: str = ""
    heading: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of a chart over time: (moment, value) in order; a gap in time is drawn as it is."""

    name: str
    color: str
    shape: int
    dash: int
    points: tuple[tuple[dt.datetime, float], ...]


@dataclass(frozen=True, kw_only=True)
class Axes:
    """Axes and marks of a chart over time: the value's unit as the axis title, a rule's line, known stops."""

    title: str
    description: str
    unit: str
    rule: tuple[float, str] | None = None
    stops: tuple[tuple[dt.datetime, dt.datetime, str], ...] = ()
    zero: bool = False


def bar(share_of_longest: float, color: str) -> Markup:
    """A bar for a table's row; it repeats the figure beside it and is hidden from readers of the text."""
    width = f"{max(0.0, min(1.0, share_of_longest)) * 100:.2f}"
    return Markup(
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect width="{}" height="10" fill="{}"/></svg>'
    ).format(width, color)


def picture(draw: Callable[[int], Markup], caption: str, *, name: str = "", heading: str = "") -> Picture:
    """The chart that `draw(width)` draws, in both widths."""
    return Picture(wide=draw(WIDE), narrow=draw(NARROW), caption=caption, id=name, heading=heading)


def _svg(width: int, height: float, title: str, description: str, parts: Sequence[str]) -> Markup:
    body = Markup("").join(Markup(part) for part in parts)  # noqa: S704 - parts are made below, their texts escaped
    return Markup(
        '<svg class="chart" viewBox="0 0 {} {:.0f}" role="img" aria-label="{}"><title>{}</title><desc>{}</desc>{}</svg>'
    ).format(width, height, f"{title}. {description}", title, description, body)


def _text(x: float, y: float, text: str, *, kind: str = "", anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{LETTER}" text-anchor="{anchor}"'
    return f'<text {place} class="{kind}">{escape(text)}</text>'


def _stroke(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def _marker(x: float, y: float, shape: int, color: str, size: float) -> str:
    scale = size / 6
    return (
        f'<path d="{SHAPES[shape % len(SHAPES)]}" fill="{escape(color)}" stroke="#fffefb" stroke-width="1.2" '
        f'transform="translate({x - size:.1f} {y - size:.1f}) scale({scale:.2f})"/>'
    )


def steps(low: float, high: float, most: int) -> list[float]:
    """Round values between low and high, at most about `most` of them."""
    span = max(high - low, 1e-9)
    power = 10.0 ** (len(str(int(span))) - 1) if span >= 1 else 1e-9
    sizes = [mantissa * 10.0**exponent for exponent in range(-6, 12) for mantissa in (1, 2, 5)]
    size = next((size for size in sizes if span / size <= most), power)
    first = -(-low // size)
    return [round((first + i) * size, 9) for i in range(int((high - first * size) / size + 1e-9) + 1)]


def digits_of(values: Sequence[float]) -> int:
    """Decimal places that tell neighbouring round values apart."""
    size = values[1] - values[0] if len(values) > 1 else 1.0
    return 0 if size >= 1 else -math.floor(math.log10(size) + 1e-9)


def lead_scale(
    rows: Sequence[tuple[str, float, str]], line: float, line_name: str, width: int, lang: Language, title: str
) -> Markup:
    """Leads in points on one scale, with the line that the rule draws. rows: (name, points, colour)."""
    below = width < 500
    widest = 6.4 * max((len(name) for name, _, _ in rows), default=0) + 14
    left, right = (8.0, 14.0) if below else (min(380.0, widest), 40.0)
    row_height = 46 if below else 34
    top = 34.0
    values = [value for _, value, _ in rows]
    low, high = min(0.0, *values), max(line, *values) * 1.12 + 0.5
    bottom = top + row_height * len(rows)

    def at(value: float) -> float:
        return left + (value - low) / (high - low) * (width - left - right)

    parts = []
    values_shown = steps(low, high, 4 if below else 7)
    for step in values_shown:
        parts += [_stroke(at(step), top, at(step), bottom, "grid")]
        parts += [_text(at(step), bottom + 18, lang.number(step, digits_of(values_shown)), anchor="middle")]
    parts += [_stroke(at(line), top - 8, at(line), bottom, "line")]
    parts += [_text(at(line), top - 15, line_name, kind="line-name", anchor="middle" if not below else "end")]
    for number, (name, value, color) in enumerate(rows):
        y = top + row_height * number + (28 if below else 17)
        parts += [_text(left if below else 0, y - 13 if below else y + 4, name)]
        start, end = sorted((at(0), at(value)))
        parts += [
            f'<rect x="{start:.1f}" y="{y - 4:.1f}" width="{end - start:.1f}" height="8" fill="{escape(color)}"/>'
        ]
        inside = below and at(value) > width - 60
        label = lang.number(value, 2)
        if inside:
            parts += [_text(at(value), y - 13, label, kind="strong", anchor="end")]
        else:
            parts += [_text(at(value) + 8, y + 4, label, kind="strong")]
    parts += [_stroke(at(0), top, at(0), bottom, "axis")]
    parts += [
        _text(
            left if below else width - right,
            bottom + 36,
            lang.say("chart.lead_axis"),
            anchor="start" if below else "end",
        )
    ]
    said = "; ".join(f"{name}: {lang.number(value, 2)}" for name, value, _ in rows)
    return _svg(width, bottom + 44, title, f"{said}. {line_name}.", parts)


_SPANS = [dt.timedelta(minutes=m) for m in (5, 10, 15, 30, 60, 120, 180, 360, 720)]
_DAYS = [dt.timedelta(days=d) for d in (1, 2, 5, 7, 14, 30)]


def moments(first: dt.datetime, last: dt.datetime, most: int) -> list[dt.datetime]:
    """Round moments between the two, in the offset of `first`: whole hours or midnights."""
    span = next((s for s in _SPANS + _DAYS if (last - first) / s <= most), _DAYS[-1])
    start = first.replace(hour=0, minute=0, second=0, microsecond=0)
    number = -(-(first - start) // span)
    found = []
    while (when := start + number * span) <= last:
        found.append(when)
        number += 1
    return found


def time_chart(lines: Sequence[Line], axes: Axes, width: int, lang: Language) -> Markup:
    """Lines over time, each named at its end."""
    below = width < 500
    height, top, bottom = (272.0, 44.0, 226.0) if below else (344.0, 44.0, 298.0)
    widest = max((len(line.name) for line in lines), default=0) * 7.0 + 16
    listed = below or widest > LONGEST  # long names stand under the chart, not at the lines' ends
    left, right = 46.0, (12.0 if listed else max(40.0, widest))
    times = [when for line in lines for when, _ in line.points]
    first, last = min(times), max(times)
    span = max((last - first).total_seconds(), 1.0)
    values = [value for line in lines for _, value in line.points] + ([axes.rule[0]] if axes.rule else [])
    low, high = min([*values, 0.0] if axes.zero else values), max([*values, 0.0] if axes.zero else values)
    pad = (high - low or 1) * 0.07
    low, high = (low if axes.zero and low == 0 else low - pad), high + pad

    def x(when: dt.datetime) -> float:
        return left + (when - first).total_seconds() / span * (width - left - right)

    def y(value: float) -> float:
        return bottom - (value - low) / (high - low) * (bottom - top)

    parts: list[str] = []
    for start, end, name in axes.stops:
        begin, stop = x(max(start, first)), x(min(end, last))
        size = f'width="{max(0.0, stop - begin):.1f}" height="{bottom - top}"'
        parts += [f'<rect x="{begin:.1f}" y="{top}" {size} class="band"/>']
        parts += [_text(begin, top - 7, name)]
    values_shown = steps(low, high, 5)
    for step in values_shown:
        parts += [_stroke(left, y(step), width - right, y(step), "axis" if step == 0 else "grid")]
        parts += [_text(left - 6, y(step) + 4, lang.number(step, digits_of(values_shown)), anchor="end")]
    for when in moments(first, last, 3 if below else 6):
        parts += [_stroke(x(when), bottom, x(when), bottom + 4, "axis")]
        midnight = (when.hour, when.minute) == (0, 0)
        label = lang.day_month(when) if midnight else when.strftime("%H:%M")
        parts += [_text(x(when), bottom + 19, label, anchor="middle")]
    parts += [_stroke(left, bottom, width - right, bottom, "axis"), _text(0, 14, axes.unit)]
    if axes.rule:
        parts += [_stroke(left, y(axes.rule[0]), width - right, y(axes.rule[0]), "line")]
    parts += _lines(lines, x, y, listed=listed)
    if axes.rule:
        parts += [_stroke(width - 26, 10, width, 10, "line")]
        parts += [_text(width - 32, 14, axes.rule[1], kind="line-name", anchor="end")]
    if listed:
        parts += _names_below(lines, height)
        height += 20.0 * len(lines)
    return _svg(width, height, axes.title, axes.description, parts)


def _lines(
    lines: Sequence[Line], x: Callable[[dt.datetime], float], y: Callable[[float], float], *, listed: bool
) -> list[str]:
    parts: list[str] = []
    for line in lines:
        path = " ".join(f"{x(when):.1f},{y(value):.1f}" for when, value in line.points)
        dash = f' stroke-dasharray="{DASHES[line.dash % len(DASHES)]}"' if DASHES[line.dash % len(DASHES)] else ""
        parts += [f'<polyline points="{path}" fill="none" stroke="{escape(line.color)}" stroke-width="2.2"{dash}/>']
        size = 5.0 if len(line.points) < 12 else 3.6
        parts += [_marker(x(when), y(value), line.shape, line.color, size) for when, value in line.points]
    if not listed:
        ends = _apart([y(line.points[-1][1]) + 4 for line in lines], LETTER + 4)
        parts += [
            _text(x(line.points[-1][0]) + 10, end, line.name, kind="strong")
            for line, end in zip(lines, ends, strict=True)
        ]
    return parts


def _names_below(lines: Sequence[Line], start: float) -> list[str]:
    parts: list[str] = []
    for number, line in enumerate(lines):
        y = start + 20 * number
        parts += [_marker(7, y - 4, line.shape, line.color, 5), _text(18, y, line.name, kind="strong")]
    return parts


def _apart(heights: list[float], least: float) -> list[float]:
    """The heights moved down just enough that none is nearer than `least` to another."""
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    moved = list(heights)
    for above, this in pairwise(order):
        moved[this] = max(moved[this], moved[above] + least)
    return moved
