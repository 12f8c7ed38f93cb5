"""Numbers and names inside the sentences of an outcome, in every language."""

from collections.abc import Iterable
from fractions import Fraction

from veedor.count.texts import TEXTS
from veedor.election import Threshold
from veedor.finding import Text
from veedor.wording import figures, number

SHARES = {
    Fraction(1, 2): "share.half",
    Fraction(1, 3): "share.third",
    Fraction(2, 3): "share.two_thirds",
    Fraction(3, 5): "share.three_fifths",
    Fraction(3, 4): "share.three_quarters",
}


def hundredths(share: Fraction, digits: int = 2) -> Text:
    """A share times a hundred; exact ones are written short (40, 12.5)."""
    hundred = share * 100
    return figures(str(hundred.numerator) if hundred.denominator == 1 else f"{float(hundred):.{digits}f}")


def per_cent(share: Fraction, digits: int = 2) -> Text:
    """A share as per cent; exact ones are written short (40 %, 12.5 %)."""
    return TEXTS.say("share.per_cent", number=hundredths(share, digits))


def share_words(share: Fraction) -> Text:
    """A law's share: half, two thirds, or per cent."""
    if share in SHARES:
        return TEXTS.say(SHARES[share])
    return TEXTS.say("share.the_per_cent", number=hundredths(share, 4))


def base_words(of: str) -> Text:
    """The whole that a share is of: valid, cast or registered."""
    return TEXTS.say(f"base.{of}")


def of_base_words(of: str) -> Text:
    """The whole that a share is of, as it follows the share: 'of valid votes'."""
    return TEXTS.say(f"of_base.{of}")


def line_words(line: Threshold, of: str) -> Text:
    """'more than half of valid votes', 'at least 40 % of ballots cast'."""
    share, base = share_words(line.share), of_base_words(of)
    if line.strict:
        return TEXTS.say("line.more_than", share=share, of=base)
    return TEXTS.say("line.at_least", share=share, of=base)


def listed(parts: Iterable[str]) -> Text:
    """Names as a list in a sentence. Some languages join otherwise before a name that begins with i."""
    ids = list(parts)
    if len(ids) < 2:
        return Text.same("".join(ids))
    key = "listed.before_i" if ids[-1][:1].lower() == "i" else "listed.plain"
    return TEXTS.say(key, first=", ".join(ids[:-1]), last=ids[-1])


__all__ = [
    "base_words",
    "hundredths",
    "line_words",
    "listed",
    "number",
    "of_base_words",
    "per_cent",
    "share_words",
]
