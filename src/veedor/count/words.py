"""Numbers and names inside the sentences of an outcome, in English and Spanish."""

from collections.abc import Iterable
from fractions import Fraction

from veedor.election import Threshold
from veedor.finding import Text


def number(value: int) -> Text:
    """A whole number with its thousands marked: 1,234 in English, 1.234 in Spanish."""
    english = f"{value:,}"
    return Text(english, english.replace(",", "."))


def per_cent(share: Fraction, digits: int = 2) -> Text:
    """A share as per cent; exact ones are written short (40 %, 12.5 %)."""
    hundred = share * 100
    english = str(hundred.numerator) if hundred.denominator == 1 else f"{float(hundred):.{digits}f}"
    return Text(f"{english} %", f"{english.replace('.', ',')} %")


def share_words(share: Fraction) -> Text:
    """A law's share: half, two thirds, or per cent."""
    known = {
        Fraction(1, 2): Text("half", "la mitad"),
        Fraction(1, 3): Text("one third", "un tercio"),
        Fraction(2, 3): Text("two thirds", "dos tercios"),
        Fraction(3, 5): Text("three fifths", "tres quintos"),
        Fraction(3, 4): Text("three quarters", "tres cuartos"),
    }
    plain = per_cent(share, 4)
    return known.get(share) or Text(plain.en, f"el {plain.es}")


def base_words(of: str) -> Text:
    """What a share is a share of."""
    return {
        "valid": Text("valid votes", "los votos válidos"),
        "cast": Text("ballots cast", "los votos emitidos"),
        "registered": Text("registered voters", "los inscritos"),
    }[of]


def line_words(line: Threshold, of: str) -> Text:
    """'more than half of valid votes', 'at least 40 % of ballots cast'."""
    share, base = share_words(line.share), base_words(of)
    if line.strict:
        spanish_base = base.es.replace("los ", "de los ", 1)
        return Text(f"more than {share.en} of {base.en}", f"más de {share.es} {spanish_base}")
    return Text(f"at least {share.en} of {base.en}", f"al menos {share.es} {base.es.replace('los ', 'de los ', 1)}")


def listed(parts: Iterable[str]) -> Text:
    """Names as a list in a sentence."""
    ids = list(parts)
    if len(ids) < 2:
        return Text("".join(ids), "".join(ids))
    head = ", ".join(ids[:-1])
    spanish_and = "e" if ids[-1][:1].lower() == "i" else "y"
    return Text(f"{head} and {ids[-1]}", f"{head} {spanish_and} {ids[-1]}")
