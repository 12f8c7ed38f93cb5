"""The assertions that rules are made of: more than, at least, ahead by, and their opposites; with their sentences.

In the formulas W is the claimed winner, X another choice, T the votes that a share is of (valid votes or ballots cast).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from veedor.audit.assertions.assertion import Assertion
from veedor.audit.texts import TEXTS
from veedor.election import Contest, Threshold
from veedor.finding import Text
from veedor.wording import figures

Of = Literal["valid", "cast"]
ONE, ZERO = Fraction(1), Fraction(0)
OF = {"valid": TEXTS.say("statements.of.valid"), "cast": TEXTS.say("statements.of.cast")}


@dataclass(frozen=True)
class Statements:
    """Makes the assertions of one contest."""

    contest: Contest

    def pairwise(self, winner: str, loser: str, *, strict: bool = True) -> Assertion:
        """P: T_W > T_X; `>=` if not strict."""
        key = "statements.more_votes" if strict else "statements.as_many_votes"
        return Assertion(
            label=f"P({winner}, {loser})",
            scores=self._scores({winner: ONE, loser: -ONE}),
            strict=strict,
            sentence=TEXTS.say(key, winner=self._name(winner), loser=self._name(loser)),
        )

    def quotients(self, winner: str, by: int, loser: str, loser_by: int) -> Assertion:
        """H: T_W / by > T_X / loser_by, the winner's last seat before the loser's next (Blom et al. 2021)."""
        first, second = self._name(winner), self._name(loser)
        return Assertion(
            label=f"H({winner}/{by}, {loser}/{loser_by})",
            scores=self._scores({winner: Fraction(1, by), loser: Fraction(-1, loser_by)}),
            sentence=TEXTS.say("statements.quotients", first=first, by=by, second=second, loser_by=loser_by),
        )

    def reaches(self, choice: str, line: Threshold, of: Of, letter: str) -> Assertion:
        """M, F, T: T_W > f T, or >= f T where the line says at least."""
        key = "statements.has.more_than" if line.strict else "statements.has.at_least"
        return self._share(
            f"{letter}({choice})", {choice: ONE}, -line.share, of, line.strict,
            self._says(key, choice, line.share, of),
        )  # fmt: skip

    def misses(self, choice: str, line: Threshold, of: Of, letter: str) -> Assertion:
        """The opposite of `reaches`: T_W <= f T, or < f T where the line says at least."""
        key = "statements.has.at_most" if line.strict else "statements.has.less_than"
        return self._share(
            f"not{letter}({choice})", {choice: -ONE}, line.share, of, not line.strict,
            self._says(key, choice, line.share, of),
        )  # fmt: skip

    def leads(self, winner: str, loser: str, lead: Threshold, of: Of) -> Assertion:
        """D: T_W - T_X >= d T, or > d T where the line says more than."""
        key = "statements.ahead.more_than" if lead.strict else "statements.ahead.at_least"
        return self._share(
            f"D({loser})", {winner: ONE, loser: -ONE}, -lead.share, of, lead.strict,
            self._gap(key, winner, loser, lead.share, of),
        )  # fmt: skip

    def lacks_lead(self, winner: str, loser: str, lead: Threshold, of: Of) -> Assertion:
        """notD: T_W - T_Z < d T, or <= d T where the line says more than."""
        key = "statements.not_ahead.more_than" if lead.strict else "statements.not_ahead.at_least"
        return self._share(
            f"notD({winner}, {loser})", {winner: -ONE, loser: ONE}, lead.share, of, not lead.strict,
            self._gap(key, winner, loser, lead.share, of),
        )  # fmt: skip

    def remainders(self, of: Mapping[str, int], first: str, second: str, seats: int) -> Assertion:
        """R: T_X S / T - a_X < T_W S / T - a_W + 1 for seats a (Blom et al. 2021, section 5.1: largest remainders).

        of: the seats of each choice that takes part; T is the sum of their votes.
        """
        gap = Fraction(of[second] - of[first] + 1, seats)
        scores = {choice: gap if choice in of else ZERO for choice in self.contest.choice_ids}
        scores[first] += ONE
        scores[second] -= ONE
        ahead, one, two = of[second] - of[first] + 1, self._name(first), self._name(second)
        return Assertion(
            label=f"R({first}, {second})",
            scores=scores,
            sentence=TEXTS.say("statements.remainders", two=two, ahead=ahead, one=one),
        )

    def turnout(
        self, line: Threshold, counts: Literal["cast", "valid", "proposal"], proposal: str, *, met: bool
    ) -> Assertion:
        """Q and notQ: ballots cast (valid votes, votes for the proposal) meet a share q of registered voters."""
        sign = 1 if met else -1
        counted = sign * (ONE - line.share)
        other = -sign * line.share
        votes = dict.fromkeys(self.contest.choice_ids, other if counts == "proposal" else counted)
        votes[proposal] = counted
        blank = counted if counts == "cast" else other
        what = {
            "cast": OF["cast"],
            "valid": OF["valid"],
            "proposal": TEXTS.say("statements.votes_for", proposal=self._name(proposal)),
        }[counts]
        strict = line.strict if met else not line.strict
        key = {
            (True, True): "statements.turnout.more_than", (True, False): "statements.turnout.at_least",
            (False, True): "statements.turnout.less_than", (False, False): "statements.turnout.at_most",
        }[met, strict]  # fmt: skip
        return Assertion(
            label="Q" if met else "notQ",
            scores=votes,
            blank=blank,
            null=blank,
            absent=other,
            strict=strict,
            sentence=TEXTS.say(key, what=what, share=per_cent(line.share)),
        )

    def _share(
        self, label: str, scores: Mapping[str, Fraction], others: Fraction, of: Of, strict: bool, sentence: Text
    ) -> Assertion:
        """Scores of the named choices plus `others` for every ballot that T counts."""
        every = {choice: scores.get(choice, ZERO) + others for choice in self.contest.choice_ids}
        blank = others if of == "cast" else ZERO
        return Assertion(label=label, scores=every, blank=blank, null=blank, strict=strict, sentence=sentence)

    def _scores(self, named: Mapping[str, Fraction]) -> dict[str, Fraction]:
        return {choice: named.get(choice, ZERO) for choice in self.contest.choice_ids}

    def _says(self, key: str, choice: str, share: Fraction, of: Of) -> Text:
        return TEXTS.say(key, name=self._name(choice), share=per_cent(share), of=OF[of])

    def _gap(self, key: str, winner: str, loser: str, share: Fraction, of: Of) -> Text:
        return TEXTS.say(key, first=self._name(winner), second=self._name(loser), by=points(share), of=OF[of])

    def _name(self, choice: str) -> Text:
        return next(c.name.text for c in self.contest.choices if c.id == choice)


def per_cent(share: Fraction) -> Text:
    """40 %, 12.5 %, or 2/3 where per cent would not be exact."""
    shown = _hundredths(share)
    return TEXTS.say("statements.per_cent", number=figures(shown)) if shown else Text.same(str(share))


def points(share: Fraction) -> Text:
    """A difference of two shares: 10 percentage points, or 2/3 where points would not be exact."""
    shown = _hundredths(share)
    if shown is None:
        return Text.same(str(share))
    return TEXTS.say("statements.point" if shown == "1" else "statements.points", number=figures(shown))


def _hundredths(share: Fraction) -> str | None:
    """The share times a hundred, with at most three decimals; None where that is not exact."""
    hundred = share * 100
    exact = (places for places in range(4) if (hundred * 10**places).denominator == 1)
    places = next(exact, None)
    return None if places is None else f"{float(hundred):.{places}f}"
