"""The assertions that rules are made of: more than, at least, ahead by, and their opposites; with their sentences.

In the formulas W is the claimed winner, X another choice, T the votes that a share is of (valid votes or ballots cast).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from veedor.audit.assertions.assertion import Assertion
from veedor.election import Contest, Threshold
from veedor.finding import Text

Of = Literal["valid", "cast"]
ONE, ZERO = Fraction(1), Fraction(0)
NOTHING = Text("", "")
OF = {"valid": Text("valid votes", "los votos válidos"), "cast": Text("ballots cast", "los votos emitidos")}


@dataclass(frozen=True)
class Statements:
    """Makes the assertions of one contest."""

    contest: Contest

    def pairwise(self, winner: str, loser: str, *, strict: bool = True) -> Assertion:
        """P: T_W > T_X; `>=` if not strict."""
        more = (
            Text("more votes than", "más votos que")
            if strict
            else Text("at least as many votes as", "al menos tantos votos como")
        )
        name = self._name
        return Assertion(
            label=f"P({winner}, {loser})",
            scores=self._scores({winner: ONE, loser: -ONE}),
            strict=strict,
            sentence=Text(
                f"{name(winner).en} has {more.en} {name(loser).en}",
                f"{name(winner).es} tiene {more.es} {name(loser).es}",
            ),
        )

    def quotients(self, winner: str, by: int, loser: str, loser_by: int) -> Assertion:
        """H: T_W / by > T_X / loser_by, the winner's last seat before the loser's next (Blom et al. 2021)."""
        first, second = self._name(winner), self._name(loser)
        return Assertion(
            label=f"H({winner}/{by}, {loser}/{loser_by})",
            scores=self._scores({winner: Fraction(1, by), loser: Fraction(-1, loser_by)}),
            sentence=Text(
                f"the votes of {first.en} divided by {by} are more than those of {second.en} divided by {loser_by}",
                f"los votos de {first.es} entre {by} son más que los de {second.es} entre {loser_by}",
            ),
        )

    def reaches(self, choice: str, line: Threshold, of: Of, letter: str) -> Assertion:
        """M, F, T: T_W > f T, or >= f T where the line says at least."""
        word = Text("more than", "más de") if line.strict else Text("at least", "al menos")
        return self._share(
            f"{letter}({choice})", {choice: ONE}, -line.share, of, line.strict,
            self._says(choice, Text("has", "tiene"), word, line.share, of),
        )  # fmt: skip

    def misses(self, choice: str, line: Threshold, of: Of, letter: str) -> Assertion:
        """The opposite of `reaches`: T_W <= f T, or < f T where the line says at least."""
        word = Text("at most", "como máximo") if line.strict else Text("less than", "menos de")
        return self._share(
            f"not{letter}({choice})", {choice: -ONE}, line.share, of, not line.strict,
            self._says(choice, Text("has", "tiene"), word, line.share, of),
        )  # fmt: skip

    def leads(self, winner: str, loser: str, lead: Threshold, of: Of) -> Assertion:
        """D: T_W - T_X >= d T, or > d T where the line says more than."""
        word = Text("more than", "más de") if lead.strict else Text("at least", "al menos")
        return self._share(
            f"D({loser})", {winner: ONE, loser: -ONE}, -lead.share, of, lead.strict,
            self._gap(winner, loser, word, lead.share, of),
        )  # fmt: skip

    def lacks_lead(self, winner: str, loser: str, lead: Threshold, of: Of) -> Assertion:
        """notD: T_W - T_Z < d T, or <= d T where the line says more than."""
        word = Text("more than", "más de") if lead.strict else Text("at least", "al menos")
        return self._share(
            f"notD({winner}, {loser})", {winner: -ONE, loser: ONE}, lead.share, of, not lead.strict,
            self._gap(winner, loser, word, lead.share, of, Text("not ", "no ")),
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
            sentence=Text(
                f"counted in quotas, {two.en} is less than {ahead} ahead of {one.en}",
                f"contado en cuotas, {two.es} aventaja a {one.es} en menos de {ahead}",
            ),
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
            "proposal": Text(f"votes for {self._name(proposal).en}", f"los votos por {self._name(proposal).es}"),
        }[counts]
        strict = line.strict if met else not line.strict
        words = {
            (True, True): Text("more than", "más del"), (True, False): Text("at least", "al menos el"),
            (False, True): Text("less than", "menos del"), (False, False): Text("at most", "como máximo el"),
        }[met, strict]  # fmt: skip
        return Assertion(
            label="Q" if met else "notQ",
            scores=votes,
            blank=blank,
            null=blank,
            absent=other,
            strict=strict,
            sentence=Text(
                f"{what.en} are {words.en} {per_cent(line.share).en} of registered voters",
                f"{what.es} son {words.es} {per_cent(line.share).es} de las personas inscritas",
            ),
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

    def _says(self, choice: str, verb: Text, word: Text, share: Fraction, of: Of) -> Text:
        name = self._name(choice)
        return Text(
            f"{name.en} {verb.en} {word.en} {per_cent(share).en} of {OF[of].en}",
            f"{name.es} {verb.es} {word.es} {per_cent(share).es} de {OF[of].es}",
        )

    def _gap(self, winner: str, loser: str, word: Text, share: Fraction, of: Of, negation: Text = NOTHING) -> Text:
        first, second = self._name(winner), self._name(loser)
        by = points(share)
        return Text(
            f"{first.en} is {negation.en}ahead of {second.en} by {word.en} {by.en} of {OF[of].en}",
            f"{first.es} {negation.es}aventaja a {second.es} por {word.es} {by.es} de {OF[of].es}",
        )

    def _name(self, choice: str) -> Text:
        return next(c.name.text for c in self.contest.choices if c.id == choice)


def per_cent(share: Fraction) -> Text:
    """40 %, 12.5 %, or 2/3 where per cent would not be exact."""
    shown = _hundredths(share)
    return Text(f"{shown} %", f"{shown} %".replace(".", ",")) if shown else Text(str(share), str(share))


def points(share: Fraction) -> Text:
    """A difference of two shares: 10 percentage points, or 2/3 where points would not be exact."""
    shown = _hundredths(share)
    if shown is None:
        return Text(str(share), str(share))
    one = shown == "1"
    return Text(
        f"{shown} percentage point{'' if one else 's'}",
        f"{shown.replace('.', ',')} punto{'' if one else 's'} porcentual{'' if one else 'es'}",
    )


def _hundredths(share: Fraction) -> str | None:
    """The share times a hundred, with at most three decimals; None where that is not exact."""
    hundred = share * 100
    exact = (places for places in range(4) if (hundred * 10**places).denominator == 1)
    places = next(exact, None)
    return None if places is None else f"{float(hundred):.{places}f}"
