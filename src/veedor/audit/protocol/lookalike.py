"""Names that a reader takes for each other: one person must not stand for two parties under two spellings of a name.

Compared are compatibility forms (NFKC) without case and without marks that are not seen (`rim.terminal.folded`), and
Greek, Cyrillic, Armenian and Cherokee letters, digits and signs as the Latin letters that they look like: the pairs of
Unicode Technical Standard 39 (*confusables*) that are drawn alike in common fonts.
"""

import unicodedata
from collections.abc import Sequence

from veedor.rim.terminal import folded

_ALIKE = (
    ("a", "ɑαа"), ("b", "ƄЬвᏏ"), ("c", "сᴄⲥꮯ"), ("d", "ԁᏧꓒ"), ("e", "еҽꬲ"), ("f", "քẝꞙꬵ"), ("g", "ƍɡցᶃ"),
    ("h", "нһհᏂ"), ("i", "ıɩɪιіӏᎥꙇꭵ"), ("j", "ϳј"), ("k", "κк"), ("l", "ƖǀΙІӀⲒꓲ"), ("m", "м"), ("n", "пոռ"),
    ("o", "οσоօჿᴏᴑⲟꬽ"), ("p", "ρрⲣ"), ("q", "ԛգզ"), ("r", "гᴦⲅꭇꭈꮁ"), ("s", "ƽѕꜱꮪ"), ("t", "τт"), ("u", "ʋυսᴜꞟꭎꭒ"),
    ("v", "νѵᴠꮩ"), ("w", "ɯѡԝաᴡꮃ"), ("x", "х"), ("y", "ɣʏγуүყᶌỿꭚ"), ("z", "ᴢꮓ"), ("A", "ΑАᎪꓮ"), ("B", "ΒВᏴꓐꞴ"),
    ("C", "СᏟⲤꓚ"), ("D", "Ꭰꓓ"), ("E", "ΕЕᎬꓰ"), ("F", "ϜꓝꞘ"), ("G", "ԌᏀᏳꓖ"), ("H", "ΗНᎻⲎꓧ"), ("J", "ͿЈᎫꓙꞲ"),
    ("K", "ΚКᏦⲔꓗ"), ("L", "ᏞⳐꓡ"), ("M", "ΜϺМᎷⲘꓟ"), ("N", "ΝⲚꓠ"), ("O", "ΟОՕⲞꓳ"), ("P", "ΡРᏢⲢꓑ"), ("R", "ƦᎡᏒꓣ"),
    ("S", "ЅՏᏕᏚꓢ"), ("T", "ΤТᎢⲦꓔ"), ("U", "Սꓴ"), ("V", "ѴᏙꓦ"), ("W", "ԜᎳᏔꓪ"), ("X", "ΧХⲬꓫꞳ"), ("Y", "ΥУҮᎩᎽⲨꓬ"),
    ("Z", "ΖᏃꓜ"),
    ("c", "ϲ"), ("C", "Ϲ"), ("-", "‐‑‒–—−ー"), ("'", "’‘ʼʹʻ`´"), ('"', "“”„«»"), (".", "․·"), ("x", "×"),
)  # fmt: skip
"""Letters as UTS 39 pairs them; small Cyrillic ones that are drawn as small capitals, quotes and dashes besides."""
_LATIN = str.maketrans({other: latin for latin, others in _ALIKE for other in others})
_STROKES = str.maketrans({"I": "l", "1": "l", "|": "l", "0": "o", "O": "o"})
"""Signs that are one stroke or one ring in many fonts."""
_PAIRS = (("rn", "m"), ("vv", "w"))


def faces(name: str) -> frozenset[str]:
    """Readings of the name; two names that share a face can be taken for each other."""
    latin = unicodedata.normalize("NFKC", name.translate(_LATIN)).translate(_LATIN)
    strokes = folded(latin.translate(_STROKES))
    for pair, one in _PAIRS:
        strokes = strokes.replace(pair, one)
    return frozenset({folded(name), folded(folded(name).translate(_LATIN)), folded(latin), strokes})


def taken_for_each_other(names: Sequence[str]) -> tuple[str, str] | None:
    """The first two names that can be taken for each other, if there are any."""
    seen: dict[str, str] = {}
    for name in names:
        clash = next((seen[face] for face in faces(name) if face in seen), None)
        if clash is not None:
            return clash, name
        seen.update(dict.fromkeys(faces(name), name))
    return None
