"""Charts of the interruption: leads along a clock, dots with intervals; every value can be read off."""

import datetime as dt
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup, escape

from veedor.dossier.show.charts import DASHES, SHAPES, moments, steps
from veedor.dossier.show.language import Language

LETTER = 12.5
LOOK = (
    "text{font:12.5px sans-serif;fill:#55534e}.strong{fill:#1b1b1a;font-weight:700}.axis{stroke:#1b1b1a}"
    ".grid{stroke:#e9e6de}.line{stroke:#0b5c63;stroke-width:1.5;stroke-dasharray:5 3}.line-name{fill:#0b5c63}"
    ".band{fill:#eeeae0}"
)
"""The page's style for a chart that stands alone."""


@dataclass(frozen=True, kw_only=True)
class Track:
    """A line: (where on the axis, value in points, what to say of it), left to right."""

    name: str
    color: str
    dash: int
    points: tuple[tuple[float, float, str], ...]


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The frame of a chart of tracks. ticks: (where, label); bands: shaded stretches; rule: a line of the law.

    marks: (where, number, what to say): moments that a list beside the chart names by number.
    """

    title: str
    unit: str
    across: str
    ticks: tuple[tuple[float, str], ...]
    bands: tuple[tuple[float, float, str], ...] = ()
    rule: tuple[float, str] | None = None
    marks: tuple[tuple[float, int, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Dot:
    """A row: its value, an interval if it has one, and what to say of it."""

    name: str
    value: float
    low: float | None
    high: float | None
    say: str


def ticks_of_time(first: dt.datetime, last: dt.datetime, most: int, lang: Language) -> tuple[tuple[float, str], ...]:
    """Round moments as places on an axis of seconds."""
    found = []
    for when in moments(first, last, most):
        midnight = (when.hour, when.minute) == (0, 0)
        found.append((when.timestamp(), lang.day_month(when) if midnight else when.strftime("%H:%M")))
    return tuple(found)


def standalone(svg: Markup) -> str:
    """A chart as a file of its own, as a link's address."""
    text = str(svg).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    text = text.replace("<title>", f"<style>{LOOK}</style><title>", 1)
    return "data:image/svg+xml;charset=utf-8," + quote(text)


def tracks_chart(tracks: Sequence[Track], frame: Frame, width: int, lang: Language) -> Markup:
    """Lines along a clock, each named below; thin dots under the pointer say their value."""
    narrow = width < 500
    left, right, top, bottom = 46.0, 12.0, 44.0, 226.0 if narrow else 318.0
    places = [place for track in tracks for place, _, _ in track.points]
    values = [value for track in tracks for _, value, _ in track.points] + ([frame.rule[0]] if frame.rule else [])
    first, last = min(places), max(places)
    low, high = min(*values, 0.0), max(*values, 0.0)
    pad = (high - low or 1) * 0.06
    x = scale(first, last, left, width - right)
    y = scale(low - pad, high + pad, bottom, top)
    parts = []
    for start, end, name in frame.bands:
        begin, stop = x(max(start, first)), x(min(end, last))
        size = f'width="{max(0.0, stop - begin):.1f}" height="{bottom - top}"'
        parts.append(f'<rect x="{begin:.1f}" y="{top}" {size} class="band"><title>{escape(name)}</title></rect>')
    for step in steps(low, high, 5):
        parts += [stroke(left, y(step), width - right, y(step), "axis" if step == 0 else "grid")]
        parts += [text_at(left - 6, y(step) + 4, lang.number(step), anchor="end")]
    for place, label in frame.ticks:
        parts += [stroke(x(place), bottom, x(place), bottom + 4, "axis")]
        parts += [text_at(x(place), bottom + 19, label, anchor="middle")]
    parts += [stroke(left, bottom, width - right, bottom, "axis"), text_at(0, 14, frame.unit)]
    parts += [text_at(width - right, bottom + 38, frame.across, anchor="end")]
    if frame.rule:
        parts += [stroke(left, y(frame.rule[0]), width - right, y(frame.rule[0]), "line")]
        parts += [text_at(width - right, y(frame.rule[0]) - 6, frame.rule[1], kind="line-name", anchor="end")]
    parts += [
        _moment(x(place), top, bottom, number, say) for place, number, say in frame.marks if first <= place <= last
    ]
    below = bottom + 60
    for track in tracks:
        path = " ".join(f"{x(place):.1f},{y(value):.1f}" for place, value, _ in track.points)
        dash = f' stroke-dasharray="{DASHES[track.dash % 4]}"' if DASHES[track.dash % 4] else ""
        parts.append(f'<polyline points="{path}" fill="none" stroke="{track.color}" stroke-width="2"{dash}/>')
        parts += [_dot(x(place), y(value), say) for place, value, say in track.points]
        parts += [f'<path d="M0 {below - 4:.0f}H26" fill="none" stroke="{track.color}" stroke-width="2.5"{dash}/>']
        for name in textwrap.wrap(track.name, int((width - 40) / 7.4)):
            parts += [text_at(34, below, name, kind="strong")]
            below += 17
        below += 3
    said = "; ".join(
        lang.say("chart.from_to", name=track.name, first=track.points[0][2], last=track.points[-1][2])
        for track in tracks
    )
    return svg_of(width, below - 6, frame.title, said, parts)


def dots_chart(
    rows: Sequence[Dot], lines: Sequence[tuple[float, str]], unit: str, title: str, width: int, lang: Language
) -> Markup:
    """One row each: a dot and its interval; lines: values that all rows are read against (observed, the rule)."""
    narrow = width < 500
    left = 8.0 if narrow else min(330.0, 7.4 * max(len(row.name) for row in rows) + 16)
    right, height, top = 16.0, 42 if narrow else 28, 26.0 + 17 * len(lines)
    ends = [end for row in rows for end in (row.value, row.low, row.high) if end is not None]
    ends += [value for value, _ in lines]
    low, high = min(ends), max(ends)
    pad = (high - low or 1) * 0.06
    x = scale(low - pad, high + pad, left, width - right)
    bottom = top + height * len(rows)
    parts = []
    marks = steps(low - pad, high + pad, 4 if narrow else 7)
    digits = 0 if all(mark == int(mark) for mark in marks) else 2 if high - low < 1 else 1
    for step in marks:
        parts += [stroke(x(step), top, x(step), bottom, "grid")]
        parts += [text_at(x(step), bottom + 18, lang.number(step, digits), anchor="middle")]
    for number, (value, name) in enumerate(lines):
        anchor = "end" if x(value) > width * 0.6 else "start"
        parts += [stroke(x(value), top - 17 * (len(lines) - number) + 2, x(value), bottom, "line")]
        shift = -5 if anchor == "end" else 5
        parts += [
            text_at(x(value) + shift, top - 17 * (len(lines) - number) + 12, name, kind="line-name", anchor=anchor)
        ]
    for number, row in enumerate(rows):
        y = top + height * number + (30 if narrow else 14)
        parts += [text_at(left if narrow else 0, y - 13 if narrow else y + 4, row.name, kind="strong")]
        if row.low is not None and row.high is not None:
            parts += [f'<path d="M{x(row.low):.1f} {y}H{x(row.high):.1f}" stroke="#1b1b1a" stroke-width="2.5"/>']
        place = f"translate({x(row.value) - 5:.1f} {y - 5:.1f}) scale(0.83)"
        parts += [f'<path d="{SHAPES[1]}" fill="#1b1b1a" transform="{place}"/>', _dot(x(row.value), y, row.say)]
    parts += [text_at(width - right, bottom + 37, unit, anchor="end")]
    return svg_of(width, bottom + 44, title, "; ".join(row.say for row in rows), parts)


def _moment(x: float, top: float, bottom: float, number: int, say: str) -> str:
    name = text_at(x, top - 4, str(number), kind="strong", anchor="middle")
    return stroke(x, top, x, bottom, "axis") + f"<g><title>{escape(say)}</title>{name}</g>"


def scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    """Values from low to high as places from start to end."""
    span = (high - low) or 1.0
    return lambda value: start + (value - low) / span * (end - start)


def svg_of(width: int, height: float, title: str, description: str, parts: Sequence[str]) -> Markup:
    """A chart with its name and what it shows in words."""
    body = Markup("").join(Markup(part) for part in parts)  # noqa: S704 - parts are made here, their texts escaped
    return Markup(
        '<svg class="chart" viewBox="0 0 {} {:.0f}" role="img" aria-label="{}"><title>{}</title><desc>{}</desc>{}</svg>'
    ).format(width, height, f"{title}. {description}" if description else title, title, description, body)


def text_at(x: float, y: float, text: str, *, kind: str = "", anchor: str = "start") -> str:
    """A line of letters, escaped."""
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{LETTER}" text-anchor="{anchor}"'
    return f'<text {place} class="{kind}">{escape(text)}</text>'


def stroke(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    """A straight line of that class."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def _dot(x: float, y: float, say: str) -> str:
    return (
        f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="6" fill="transparent" data-say="{escape(say)}">'
        f"<title>{escape(say)}</title></circle>"
    )
