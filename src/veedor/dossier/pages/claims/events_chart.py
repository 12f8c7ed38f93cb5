"""A strip of reported events along the days: one line for each account, as long as its time is uncertain."""

import textwrap
from collections.abc import Sequence

from markupsafe import Markup, escape

from veedor.dossier.pages.claims.events import Row
from veedor.dossier.pages.interruption.charts import Frame, scale, stroke, svg_of, text_at
from veedor.dossier.show.charts import SHAPES
from veedor.dossier.show.language import Language

LINE = 14
"""Height of one account's line."""
WIDEST = 40
"""Letters of a name beside its lines; more go on below."""
LEAST = 4.0
"""The shortest bar that can be seen."""


def events_chart(rows: Sequence[Row], frame: Frame, width: int, lang: Language) -> Markup:
    """Names at the left, or above their lines where it is narrow; a bar is a stretch, a diamond a moment."""
    narrow = width < 500
    room = int((width - 16) / 7.2) if narrow else WIDEST
    names = [textwrap.wrap(_label(row), room) for row in rows]
    left = 8.0 if narrow else 7.9 * max(len(line) for name in names for line in name) + 16
    right, top = 14.0, 24.0
    first = min(told.start for row in rows for told in row.told)
    last = max(told.end for row in rows for told in row.told)
    x = scale(first, last, left, width - right)
    heights = [
        LINE * len(row.told) + 10 + 16 * len(name) if narrow else max(LINE * len(row.told) + 14, 16 * len(name) + 12)
        for row, name in zip(rows, names, strict=True)
    ]
    bottom = top + sum(heights)
    parts = []
    for start, end, said in frame.bands:
        begin, stop = x(max(start, first)), x(min(end, last))
        size = f'width="{max(LEAST, stop - begin):.1f}" height="{bottom - top}"'
        parts.append(f'<rect x="{begin:.1f}" y="{top}" {size} class="band"><title>{escape(said)}</title></rect>')
    for place, label in frame.ticks:
        parts += [stroke(x(place), top, x(place), bottom, "grid")]
        parts += [text_at(x(place), bottom + 18, label, anchor="middle")]
    y = top
    for row, name, height in zip(rows, names, heights, strict=True):
        parts += [text_at(left if narrow else 0, y + 14 + 16 * at, part, kind="strong") for at, part in enumerate(name)]
        for number, told in enumerate(row.told):
            line = y + (12 + 16 * len(name) if narrow else 10) + LINE * number
            parts.append(_mark(x(told.start), x(told.end), line, f"{row.name}: {told.say}"))
        y += height
    parts += [text_at(width - right, bottom + 37, frame.across, anchor="end")]
    words = "; ".join(f"{row.name}: {' / '.join(told.say for told in row.told)}" for row in rows)
    return svg_of(width, bottom + 44, frame.title, words, parts)


def _label(row: Row) -> str:
    return f"{row.number}  {row.name}"


def _mark(start: float, end: float, y: float, say: str) -> str:
    middle = (start + end) / 2
    point = (
        f'<circle class="dot" cx="{middle:.1f}" cy="{y:.1f}" r="7" fill="transparent" data-say="{escape(say)}">'
        f"<title>{escape(say)}</title></circle>"
    )
    if start == end:
        place = f"translate({start - 5:.1f} {y - 5:.1f}) scale(0.83)"
        return f'<path d="{SHAPES[3]}" fill="#b0413e" transform="{place}"/>{point}'
    size = f'width="{max(LEAST, end - start):.1f}" height="7"'
    return f'<rect x="{start:.1f}" y="{y - 3.5:.1f}" {size} fill="#0b5c63" fill-opacity="0.75"/>{point}'
