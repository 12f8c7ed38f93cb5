"""Assertions: linear statements about the votes whose truth together makes an outcome the right one.

After Stark (2020), *Sets of half-average nulls generate risk-limiting audits: SHANGRLA*, and Blom et al. (2021),
*Assertion-based approaches to auditing complex elections*. Every ballot i scores g_i; the assertion says that the sum
of the scores is greater than 0 (or, where the rule says "at least", not less than 0). Everything here is exact.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm

import numpy as np
from numpy.typing import NDArray

from veedor.count.totals import Tally
from veedor.errors import VeedorError
from veedor.finding import Text
from veedor.wording import sum_in_figures

Integers = NDArray[np.int64]
"""An array of whole numbers."""


@dataclass(frozen=True, kw_only=True)
class Assertion:
    """One statement `sum of g > 0` (`>= 0` unless strict) with the sentence that a person can check.

    label: its short name, for instance D(CC).
    scores: g of a ballot for each choice; blank, null: g of a blank and of a null ballot.
    absent: g of a registered voter who did not vote; not 0 only where a rule counts registered voters.
    """

    label: str
    scores: Mapping[str, Fraction]
    blank: Fraction = Fraction(0)
    null: Fraction = Fraction(0)
    absent: Fraction = Fraction(0)
    strict: bool = True
    sentence: Text

    @cached_property
    def lowest(self) -> Fraction:
        """a: the least score of any ballot, below 0."""
        lowest = min(self._all)
        if lowest == 0:
            raise VeedorError(f"{self.label} ({self.sentence.en}) cannot be sampled: no ballot speaks against it")
        return lowest

    @cached_property
    def highest(self) -> Fraction:
        """The greatest score of any ballot."""
        return max(self._all)

    @property
    def upper_bound(self) -> Fraction:
        """u: the greatest value of the assorter h = (g - a) / (-2a)."""
        return (self.highest - self.lowest) / (-2 * self.lowest)

    @property
    def counts_registered(self) -> bool:
        """True if its ballots are all registered voters, those who did not vote too."""
        return self.absent != 0

    def assorter(self, score: Fraction) -> Fraction:
        """h of a ballot with the score g; the assertion is that its mean is greater than one half."""
        return (score - self.lowest) / (-2 * self.lowest)

    def total(self, tally: Tally) -> Fraction:
        """V: the sum of the scores, in votes."""
        missing = set(tally.votes) - set(self.scores)
        assert not missing, f"{self.label} knows no score for {sorted(missing)}"
        votes = sum((self.scores[choice] * votes for choice, votes in tally.votes.items()), Fraction(0))
        total = votes + self.blank * tally.blank + self.null * tally.null
        if self.counts_registered:
            total += self.absent * self._absent(tally)
        return total

    def holds(self, tally: Tally) -> bool:
        """True if the assertion is true of these tally. Exact."""
        total = self.total(tally)
        return total > 0 if self.strict else total >= 0

    def margin(self, tally: Tally, ballots: int) -> Fraction:
        """v = 2 mean(h) - 1 = V / (-a N) over N ballots."""
        return self.total(tally) / (-self.lowest * ballots)

    def whole_scores(self, choices: Iterable[str]) -> tuple[Integers, int]:
        """Scores of the choices in this order, then blank, null, absent, as whole numbers; and their denominator."""
        scores = [*(self.scores[choice] for choice in choices), self.blank, self.null, self.absent]
        scale = lcm(*(score.denominator for score in scores))
        return np.array([int(score * scale) for score in scores], dtype=np.int64), scale

    def arithmetic(self, tally: Tally) -> Text:
        """The sum with its figures, so that anybody can add it up: `9/10 x 2,889,359 - ... = 34,671.9 > 0`."""
        parts: dict[Fraction, int] = {}
        pairs = [(self.scores[choice], votes) for choice, votes in tally.votes.items()]
        pairs += [(self.blank, tally.blank), (self.null, tally.null)]
        if self.counts_registered:
            pairs.append((self.absent, self._absent(tally)))
        for score, votes in pairs:
            if score:
                parts[score] = parts.get(score, 0) + votes
        terms = [f"{'-' if score < 0 else '+'} {abs(score)} × {votes:,}" for score, votes in parts.items()]
        line = " ".join(
            term for _, term in sorted(zip(parts, terms, strict=True), key=lambda pair: -pair[0])
        ).removeprefix("+ ")
        sign = ">" if self.strict else "≥"
        english = f"{line} = {_decimal(self.total(tally))} {sign} 0"
        return sum_in_figures(english)

    def _absent(self, tally: Tally) -> int:
        if tally.registered is None:
            raise VeedorError(f"{self.label} counts registered voters, and no sheet states them")
        return tally.registered - tally.cast

    @property
    def _all(self) -> tuple[Fraction, ...]:
        return (*self.scores.values(), self.blank, self.null, self.absent, Fraction(0))


def _decimal(value: Fraction) -> str:
    """Exact where a few decimals are, else the fraction: 34,671.9 or 10/3."""
    for places in range(5):
        if (value * 10**places).denominator == 1:
            return f"{float(value):,.{places}f}" if abs(value) < 2**50 else str(value)
    return str(value)


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """The assertions that imply an outcome: all of `always`, and one option of each of `either`.

    An option is a set of assertions that hold together. A plan fixes which option it audits before the seed exists.
    """

    always: tuple[Assertion, ...]
    either: tuple[tuple[tuple[Assertion, ...], ...], ...] = ()

    def certifies(self, tally: Tally) -> bool:
        """True if the outcome is the right one for these tally."""
        return all(assertion.holds(tally) for assertion in self.always) and all(
            any(all(assertion.holds(tally) for assertion in option) for option in options) for options in self.either
        )

    def chosen(self, tally: Tally) -> tuple[Assertion, ...]:
        """The assertions to audit: of each choice the option whose closest assertion is the least close.

        Closeness is V / -a, the votes of overstatement that would undo an assertion at its worst ballot.
        """
        chosen = list(self.always)
        for options in self.either:
            chosen.extend(max(options, key=lambda option: closest(option, tally)))
        unique = {assertion.label: assertion for assertion in chosen}
        return tuple(unique.values())

    @property
    def all(self) -> tuple[Assertion, ...]:
        """Every assertion that any option names, each once."""
        options = [assertion for group in self.either for option in group for assertion in option]
        return tuple({assertion.label: assertion for assertion in [*self.always, *options]}.values())


def closest(assertions: Iterable[Assertion], tally: Tally) -> Fraction:
    """The least V / -a among the assertions: negative if one does not hold."""
    return min(assertion.total(tally) / -assertion.lowest for assertion in assertions)
