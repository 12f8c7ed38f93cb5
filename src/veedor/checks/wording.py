"""Lists and probabilities as the checks' sentences write them."""

from veedor.finding import Text
from veedor.wording import figures


def listed(parts: list[Text]) -> Text:
    """Parts in one sentence, separated by commas."""
    return Text.join(", ", parts)


def chance(probability: float) -> Text:
    """A probability for a sentence: three significant digits, with each language's decimal mark."""
    return figures(f"{probability:.3g}")
