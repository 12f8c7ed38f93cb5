"""Several elections side by side: one chart, each method's statistic against the clean elections of its own place."""

import math
from collections.abc import Mapping, Sequence
from html import escape

from veedor.forensics.about import ABOUT
from veedor.forensics.findings import ForensicsDocument, MethodShown
from veedor.forensics.texts import TEXTS

WIDTH, LEFT, RIGHT, ROW = 760, 190.0, 24.0, 22.0
REACH = 10.0
"""Standard deviations at which the axis ends; farther marks stand at its end with an arrow."""
Row = MethodShown


def deviation(row: Row) -> float | None:
    """Distance of the statistic from the placebo's mean, in its standard deviations; None without a placebo."""
    value = row.statistic if row.ranked is None else row.ranked
    if value is None or row.placebo_mean is None or row.placebo_sd is None:
        return None
    if row.placebo_sd == 0:  # all clean elections alike: beyond any scale, or where they are
        return 0.0 if value == row.placebo_mean else math.copysign(2 * REACH, value - row.placebo_mean)
    return (value - row.placebo_mean) / row.placebo_sd


def chart(documents: Sequence[ForensicsDocument], language: str = "en") -> str:
    """One SVG: a block a method, a line an election. documents: as `study_document` gives, of the same methods."""
    words = {name: text.to(language) for name, text in TEXTS.table("comparison").items()}
    parts, y = [_text(8, 22, words["title"], weight="bold"), _text(8, 42, words["note"], size=12)], 66.0
    said = []
    for number, row in enumerate(documents[0].methods):
        title = ABOUT[row.method].title.to(language)
        parts.append(_text(8, y, title, weight="bold"))
        top = y + 6
        for document in documents:
            y += ROW
            parts += _line(document.election, document.methods[number], y, words)
            said.append(f"{title}, {document.election}: {_value(document.methods[number], words)}")
        parts.insert(0, _band(top, y + 6))
        y += 32
    parts += [_rule(at, 54, y - 22, at == 0) for at in (-10, -5, 0, 5, 10)]
    parts += [_text(_x(at), y - 6, f"{at}", anchor="middle", size=12) for at in (-10, -5, 0, 5, 10)]
    parts.append(_text((LEFT + WIDTH - 150) / 2, y + 14, words["axis"], anchor="middle", size=12))
    height = y + 24
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img" '
        f'aria-label="{escape(words["title"])}" font-family="system-ui, sans-serif" font-size="13" fill="#1d1d1b">'
        f"<title>{escape(words['title'])}</title><desc>{escape('. '.join(said))}</desc>"
        f'<rect width="{WIDTH}" height="{height:.0f}" fill="#fffefb"/>{"".join(parts)}</svg>\n'
    )


def _x(deviations: float) -> float:
    right = WIDTH - 150.0 - RIGHT
    return LEFT + (max(-REACH, min(REACH, deviations)) + REACH) / (2 * REACH) * (right - LEFT)


def _value(row: Row, words: Mapping[str, str]) -> str:
    if not row.applies:
        return words["none"]
    if row.statistic is None:
        return words["refused"]
    return f"{row.statistic:,.4g}, {words[row.verdict]}"


def _line(election: str, row: Row, y: float, words: Mapping[str, str]) -> list[str]:
    parts = [_text(LEFT - 12, y, election, anchor="end"), _text(WIDTH - 160, y, _value(row, words), size=12)]
    at = deviation(row)
    if at is None:
        return parts
    x = _x(at)
    parts.append(f'<line x1="{_x(0):.1f}" y1="{y - 4:.1f}" x2="{x:.1f}" y2="{y - 4:.1f}" stroke="#26364d"/>')
    if row.verdict == "undecided":
        parts.append(
            f'<path d="M{x - 4:.1f} {y - 8:.1f}l8 8m0 -8l-8 8" stroke="#26364d" stroke-width="1.8" fill="none"/>'
        )
    else:
        fill = "#26364d" if row.verdict == "does_not_hold" else "#fffefb"
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y - 4:.1f}" r="4.5" fill="{fill}" stroke="#26364d" stroke-width="1.6"/>'
        )
    if abs(at) > REACH:
        step = 9 if at > 0 else -9
        parts.append(f'<path d="M{x + step:.1f} {y - 8:.1f}l{step / 2:.1f} 4l{-step / 2:.1f} 4z" fill="#26364d"/>')
    return parts


def _band(top: float, bottom: float) -> str:
    size = f'width="{_x(2) - _x(-2):.1f}" height="{bottom - top:.1f}"'
    return f'<rect x="{_x(-2):.1f}" y="{top:.1f}" {size} fill="#ecebe4"/>'


def _rule(at: float, top: float, bottom: float, strong: bool) -> str:
    tone = "#77756c" if strong else "#d9d6ca"
    return f'<line x1="{_x(at):.1f}" y1="{top:.1f}" x2="{_x(at):.1f}" y2="{bottom:.1f}" stroke="{tone}"/>'


def _text(x: float, y: float, text: str, *, anchor: str = "start", size: int = 13, weight: str = "normal") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" font-weight="{weight}">'
        f"{escape(text)}</text>"
    )
