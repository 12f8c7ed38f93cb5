"""Cards as PNG, 1200 by 630, drawn without a browser: what messengers and networks show beside a link.

The same words give the same bytes with the same versions of Pillow, FreeType and the font, which the manifest names.
The font comes with a package (the extra `cards`); letters that it lacks are not drawn as boxes: the card is left out.
"""

import io
from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from veedor.dossier.share.card import Bar, Card
from veedor.errors import VeedorError

if TYPE_CHECKING:
    from PIL import ImageDraw
    from PIL.ImageFont import FreeTypeFont

WIDTH, HEIGHT = 1200, 630
EDGE = 64
INK, SOFT, PAPER, ACCENT, TRACK = "#1b1b1a", "#55524a", "#fffefb", "#0b5c63", "#ece9e1"
FONT = "font-source-sans-pro"
COLORS = 64
STEP = 40
"""Pixels by which lines are made narrower while they are as many: so none has a single word at the end."""

LONGEST = 500
"""Characters of a text that are looked at: no line has room for as many."""


def drawn_with() -> str:
    """The packages on which the bytes of cards hang. Raises VeedorError where they are not installed."""
    try:
        from PIL import features

        return f"Pillow {version('pillow')}, FreeType {features.version('freetype2')}, {FONT} {version(FONT)}"
    except (ImportError, PackageNotFoundError):
        raise VeedorError(
            f"cards for shared links need the packages Pillow and {FONT}: "
            "install veedor with the extra `cards`, as `pip install '.[cards]'`"
        ) from None


@cache
def _font(size: int, bold: bool) -> "FreeTypeFont":
    import font_source_sans_pro as files
    from PIL import ImageFont

    path = files.SourceSansProBold if bold else files.SourceSansPro
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


@cache
def _lacks(letter: str) -> bool:
    """True if the font has no such letter: it draws all of these alike."""
    font = _font(24, False)
    return bytes(font.getmask(letter)) == bytes(font.getmask("\uffff"))


def letters_lacking(card: Card) -> str:
    """The letters of a card that the font lacks, in order; empty if it can be drawn."""
    texts = [card.election, card.page, card.headline, card.line, card.state, card.check, *card.became]
    texts += [word for bar in card.bars for word in (bar.name, bar.said)]
    return "".join(sorted({letter for letter in "".join(texts) if not letter.isspace() and _lacks(letter)}))


def png_of(card: Card) -> bytes:
    """The card as a PNG file."""
    from PIL import Image, ImageDraw
    from PIL.PngImagePlugin import PngInfo

    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    _draw(ImageDraw.Draw(image), card)
    said = PngInfo()
    said.add_itxt("Description", card.alt)
    out = io.BytesIO()
    small = image.quantize(COLORS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    small.save(out, "PNG", pnginfo=said, compress_level=6)
    return out.getvalue()


def _draw(draw: "ImageDraw.ImageDraw", card: Card) -> None:
    draw.rectangle((0, 0, WIDTH, 12), fill=ACCENT)
    page = _font(26, True)
    right = page.getlength(card.page)
    _line(draw, card, 40, _fit(card.election, _font(26, False), WIDTH - 2 * EDGE - right - 40), 26, fill=ACCENT)
    draw.text((EDGE if card.rtl else WIDTH - EDGE - right, 40), card.page, font=page, fill=ACCENT)
    y = _lines(draw, card, 92, card.headline, 50, bold=True, most=3, step=56)
    y = _lines(draw, card, y + 8, card.line, 30, most=2, step=37, fill=SOFT)
    foot = HEIGHT - 82
    for text in reversed(card.became[:2]):
        lines = _wrapped(text, _font(26, True), 2)
        foot -= 34 * len(lines) + 4
        for number, line in enumerate(lines):
            _line(draw, card, foot + 34 * number, line, 26, bold=True)
    rows = card.bars[: max(0, int((foot - 14 - y) // 46))]
    for number, bar in enumerate(rows):
        _bar(draw, card, y + 16 + 46 * number, bar, rows)
    draw.line((EDGE, HEIGHT - 74, WIDTH - EDGE, HEIGHT - 74), fill=TRACK, width=2)
    _line(draw, card, HEIGHT - 64, _fit(card.state, _font(22, False)), 22)
    _line(draw, card, HEIGHT - 35, _fit(card.check, _font(19, False)), 19, fill=SOFT)


def _bar(draw: "ImageDraw.ImageDraw", card: Card, y: float, bar: Bar, rows: Sequence[Bar]) -> None:
    """A choice's name, its share as a part of a track that is all valid votes, and the share."""
    name, share = _font(28, False), _font(28, True)
    left, long = 420.0, 580.0
    width = share.getlength(bar.said)
    text = _fit(bar.name, name, left - EDGE - 20)
    if card.rtl:
        draw.text((WIDTH - EDGE - name.getlength(text), y), text, font=name, fill=INK)
        draw.text((EDGE, y), bar.said, font=share, fill=INK)
        end = WIDTH - left
        draw.rectangle((end - long, y + 8, end, y + 30), fill=TRACK)
        draw.rectangle((end - long * bar.share, y + 8, end, y + 30), fill=bar.color)
        return
    draw.text((EDGE, y), text, font=name, fill=INK)
    draw.text((WIDTH - EDGE - width, y), bar.said, font=share, fill=INK)
    draw.rectangle((left, y + 8, left + long, y + 30), fill=TRACK)
    draw.rectangle((left, y + 8, left + long * bar.share, y + 30), fill=bar.color)


def _lines(
    draw: "ImageDraw.ImageDraw",
    card: Card,
    y: float,
    text: str,
    size: int,
    *,
    step: int,
    most: int,
    bold: bool = False,
    fill: str = INK,
) -> float:
    """Draw a text in at most so many lines; where the next one begins."""
    for line in _wrapped(text, _font(size, bold), most):
        _line(draw, card, y, line, size, bold=bold, fill=fill)
        y += step
    return y


def _line(
    draw: "ImageDraw.ImageDraw", card: Card, y: float, text: str, size: int, *, bold: bool = False, fill: str = INK
) -> None:
    font = _font(size, bold)
    x = WIDTH - EDGE - font.getlength(text) if card.rtl else EDGE
    draw.text((x, y), text, font=font, fill=fill)


def _wrapped(text: str, font: "FreeTypeFont", most: int) -> list[str]:
    """The text in as few lines as it needs, about equally long; what has no room in so many ends in an ellipsis."""
    words = [word for word in text[:LONGEST].replace("\n", " ").split(" ") if word]
    lines = _broken(words, font, WIDTH - 2 * EDGE)
    if len(lines) > most:
        return [_fit(line, font) for line in [*lines[: most - 1], " ".join(lines[most - 1 :])]]
    width = WIDTH - 2 * EDGE
    while len(narrower := _broken(words, font, width - STEP)) == len(lines) and width > WIDTH / 2:
        lines, width = narrower, width - STEP
    return [_fit(line, font) for line in lines]


def _broken(words: Sequence[str], font: "FreeTypeFont", width: float) -> list[str]:
    """The words in lines of that width; a word that is wider has a line of its own."""
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _fit(text: str, font: "FreeTypeFont", width: float = WIDTH - 2 * EDGE) -> str:
    """The text, or as much of it as fits before an ellipsis."""
    text = text[:LONGEST].replace("\n", " ")
    if font.getlength(text) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if font.getlength(text[:middle].rstrip() + "…") <= width else (low, middle - 1)
    return text[:low].rstrip() + "…"
