"""Marks that turn the direction of a text without being seen, made visible: a reader must see what a name holds.

U+202A to U+202E embed or override a direction, U+2066 to U+2069 isolate one (Unicode Standard Annex 9, section 2). With
one of them in a name, what follows it is drawn in another order than it is written: figures and places change on the
page while the file holds the same letters.
"""

from urllib.parse import quote

MARKS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
VISIBLE = {mark: f"[U+{mark:04X}]" for mark in MARKS}
_IN_TEXT = {chr(mark): sign for mark, sign in VISIBLE.items()}
_IN_LINKS = {quote(chr(mark)): quote(sign) for mark, sign in VISIBLE.items()}
_LINKS_START = "%E2%8"
"""How every one of _IN_LINKS starts: a text without it is looked through once, not nine times."""


def marked(text: str) -> str:
    """The text with its code, such as [U+202E], in place of each such mark: the same in page, picture and data."""
    for mark, sign in _IN_TEXT.items():
        text = text.replace(mark, sign)
    if _LINKS_START in text:
        for before, after in _IN_LINKS.items():
            text = text.replace(before, after)
    return text
