"""Outcome rules as data: what a law says about votes, in exact fractions. veedor.count decides by them."""

import re
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from veedor.election.base import Identifier, Table

Base = Literal["valid", "cast", "registered"]
"""What a share is a share of: valid votes, ballots cast, or registered voters."""

MOST_SEATS = 1_000
"""No assembly elected by lists has as many; seats are given one after the other."""

LONGEST_SHARE = 60
"""Characters of a share; `2/3` has three."""

_SHARE = re.compile(r"(\d++(?:\.\d++)?+)\s*+(%|points?|/\s*+(\d++))?")


def fraction_from(value: object) -> Fraction:
    """'40 %', '10 points', '2/3', '0.4' or 0.4 as an exact fraction between 0 and 1."""
    if isinstance(value, Fraction):
        fraction = value
    elif isinstance(value, bool):
        raise ValueError("wanted a share such as '40 %'")
    elif isinstance(value, (int, float, Decimal)):
        if (
            not Decimal(value).is_finite() or not -20 < Decimal(value).adjusted() < 20
        ):  # the exact fraction of 1e-999999999 fills the memory
            raise ValueError(f"a share lies between 0 and 1, got {value}")
        fraction = Fraction(str(value))
    elif isinstance(value, str) and len(value) < LONGEST_SHARE and (match := _SHARE.fullmatch(value.strip())):
        number, unit, divisor = match.groups()
        if divisor is not None:
            if int(divisor) == 0:
                raise ValueError("a share cannot be divided by 0")
            fraction = Fraction(number) / int(divisor)
        else:
            fraction = Fraction(number) / (100 if unit else 1)
    else:
        raise ValueError("wanted a share such as '40 %', '10 points', '2/3' or 0.4")
    if not 0 <= fraction <= 1:
        raise ValueError(f"a share lies between 0 and 1, got {value} (40 per cent is '40 %' or 0.4)")
    return fraction


Share = Annotated[Fraction, BeforeValidator(fraction_from)]


class Threshold(Table):
    """A line to reach: `{ at_least = "40 %" }` or to pass: `{ more_than = "50 %" }`; exactly one of the two."""

    at_least: Share | None = None
    more_than: Share | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> "Threshold":
        if (self.at_least is None) == (self.more_than is None):
            raise ValueError("give exactly one of at_least and more_than")
        return self

    @property
    def share(self) -> Fraction:
        """The line itself."""
        share = self.at_least if self.at_least is not None else self.more_than
        assert share is not None
        return share

    @property
    def strict(self) -> bool:
        """True if the line must be passed, not only reached."""
        return self.more_than is not None

    def met(self, part: int, whole: int) -> bool:
        """True if part, in whole votes, meets this line of whole. Exact."""
        left, right = part * self.share.denominator, self.share.numerator * whole
        return left > right if self.strict else left >= right


class Plurality(Table):
    """The `seats` choices with the most votes are elected."""

    kind: Literal["plurality"]
    seats: int = Field(default=1, ge=1, le=MOST_SEATS)


class TwoRound(Table):
    """Elected in the first round by the majority line, or by the alternative line and a lead; else a runoff of two.

    Bolivia 2009, article 166: more than half, or at least 40 % and at least 10 points ahead of the second.
    """

    kind: Literal["two_round"]
    of: Literal["valid", "cast"] = "valid"
    majority: Threshold = Threshold(more_than=Fraction(1, 2))
    alternative: Threshold | None = None
    lead: Threshold | None = None

    @model_validator(mode="after")
    def _alternative_and_lead(self) -> "TwoRound":
        if (self.alternative is None) != (self.lead is None):
            raise ValueError("alternative and lead come together: 'at least 40 %' needs 'and 10 points ahead'")
        return self


class Quorum(Table):
    """A referendum counts only if ballots cast (or votes for the proposal) meet a share of registered voters."""

    at_least: Share | None = None
    more_than: Share | None = None
    counts: Literal["cast", "valid", "proposal"] = "cast"

    @property
    def threshold(self) -> Threshold:
        """The quorum as a line of registered voters."""
        return Threshold(at_least=self.at_least, more_than=self.more_than)

    @model_validator(mode="after")
    def _one_of_two(self) -> "Quorum":
        if (self.at_least is None) == (self.more_than is None):
            raise ValueError("give exactly one of at_least and more_than")
        return self


class Supermajority(Table):
    """A proposal passes if it meets the line of valid votes (or ballots cast), and the quorum if there is one."""

    kind: Literal["supermajority"]
    proposal: Identifier
    of: Literal["valid", "cast"] = "valid"
    line: Threshold = Threshold(more_than=Fraction(1, 2))
    quorum: Quorum | None = None


class HighestAverages(Table):
    """Seats by D'Hondt or Sainte-Laguë, for choices that meet the threshold."""

    kind: Literal["highest_averages"]
    seats: int = Field(ge=1, le=MOST_SEATS)
    divisors: Literal["dhondt", "sainte_lague"] = "dhondt"
    threshold: Threshold | None = None
    of: Literal["valid", "cast"] = "valid"


class LargestRemainder(Table):
    """Seats by quotas and largest remainders (Hare or Droop), for choices that meet the threshold."""

    kind: Literal["largest_remainder"]
    seats: int = Field(ge=1, le=MOST_SEATS)
    quota: Literal["hare", "droop"] = "hare"
    threshold: Threshold | None = None
    of: Literal["valid", "cast"] = "valid"


Rule = Annotated[Plurality | TwoRound | Supermajority | HighestAverages | LargestRemainder, Field(discriminator="kind")]
