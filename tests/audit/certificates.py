"""The proof by trial that certificates are exact: on random tallies, one outcome is certified, the one the rule gives.

For a rule every outcome that it can give is listed, the certificate of each derived, and all are evaluated on all
tallies at once. What the rule gives is decided by `veedor.count`, which knows nothing of assertions. The tallies are
small where ties and lines are met exactly, and larger where they are nearly met.

Run the whole proof with `python -m tests.audit.certificates`; it writes docs/reference/audit-certificates.json.
"""

import argparse
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.audit.builders import LAW, contest
from veedor.audit.assertions import from_rule
from veedor.audit.assertions.assertion import Assertion, Certificate
from veedor.audit.units import scores
from veedor.count import Tally
from veedor.count.decision import Decision, decision_of
from veedor.election import (
    Contest,
    HighestAverages,
    LargestRemainder,
    Plurality,
    Quorum,
    Supermajority,
    Threshold,
    TwoRound,
)
from veedor.election.rules import Rule

FOUR = ("a", "b", "c", "d")
Whole = NDArray[np.int64]


def at_least(share: str) -> Threshold:
    return Threshold(at_least=Fraction(share))


def more_than(share: str) -> Threshold:
    return Threshold(more_than=Fraction(share))


RULES: dict[str, Rule] = {
    "plurality, one seat": Plurality(kind="plurality"),
    "plurality, two seats": Plurality(kind="plurality", seats=2),
    "majority, else a runoff": TwoRound(kind="two_round"),
    "majority of ballots cast, at least half": TwoRound(kind="two_round", of="cast", majority=at_least("1/2")),
    "majority line of 45 %": TwoRound(kind="two_round", majority=at_least("9/20")),
    "half, or 40 % and 10 points": LAW,
    "45 %, or 40 % and 10 points, more than": TwoRound(
        kind="two_round", majority=more_than("9/20"), alternative=at_least("2/5"), lead=more_than("1/10")
    ),
    "half of cast, or 35 % and 5 points": TwoRound(
        kind="two_round", of="cast", majority=more_than("1/2"), alternative=more_than("7/20"), lead=at_least("1/20")
    ),
    "alternative above the majority line": TwoRound(
        kind="two_round", majority=at_least("2/5"), alternative=at_least("3/5"), lead=at_least("0")
    ),
    "half, or 40 % and any lead": TwoRound(
        kind="two_round", majority=more_than("1/2"), alternative=at_least("2/5"), lead=at_least("0")
    ),
    "two thirds": Supermajority(kind="supermajority", proposal="a", line=at_least("2/3")),
    "half, and half of the registered vote": Supermajority(
        kind="supermajority", proposal="a", quorum=Quorum(at_least=Fraction(1, 2))
    ),
    "half of cast, a quarter of the registered in favour": Supermajority(
        kind="supermajority", proposal="a", of="cast", quorum=Quorum(more_than=Fraction(1, 4), counts="proposal")
    ),
    "D'Hondt, 5 seats": HighestAverages(kind="highest_averages", seats=5),
    "D'Hondt, 5 seats, 10 %": HighestAverages(kind="highest_averages", seats=5, threshold=at_least("1/10")),
    "Sainte-Laguë, 4 seats, more than 5 % of cast": HighestAverages(
        kind="highest_averages", seats=4, divisors="sainte_lague", threshold=more_than("1/20"), of="cast"
    ),
    "largest remainders, 5 seats": LargestRemainder(kind="largest_remainder", seats=5),
    "largest remainders, 4 seats, 10 %": LargestRemainder(
        kind="largest_remainder", seats=4, threshold=at_least("1/10")
    ),
}


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What a trial found. ties: tallies in which lots are drawn, so that nothing may be certified."""

    tallies: int
    outcomes: int
    seen: int
    ties: int
    mismatches: int


def outcomes(town: Contest) -> Iterator[tuple[Decision, Certificate]]:
    """Every outcome that the rule can give, with its certificate; an outcome may come with several certificates."""
    rule, choices = town.rule, town.choice_ids
    if isinstance(rule, Plurality):
        for elected in itertools.combinations(choices, rule.seats):
            yield Decision(result="elected", choices=elected), from_rule.plurality(town, elected)
    elif isinstance(rule, TwoRound):
        for winner in choices:
            yield Decision(result="elected", choices=(winner,)), from_rule.first_round(town, rule, winner)
        for one, two in itertools.combinations(choices, 2):
            yield Decision(result="runoff", choices=(one, two)), from_rule.runoff(town, rule, (one, two))
    elif isinstance(rule, Supermajority):
        others = tuple(choice for choice in choices if choice != rule.proposal)
        for passed in (True, False):
            chosen = (rule.proposal,) if passed else others if len(others) == 1 else ()
            yield Decision(result="elected", choices=chosen), from_rule.supermajority(town, rule, passed=passed)
    else:
        yield from _seat_outcomes(town, rule)


def _seat_outcomes(town: Contest, rule: HighestAverages | LargestRemainder) -> Iterator[tuple[Decision, Certificate]]:
    choices = town.choice_ids
    for split in itertools.product(range(rule.seats + 1), repeat=len(choices)):
        if sum(split) != rule.seats:
            continue
        seats = dict(zip(choices, split, strict=True))
        seated = tuple(choice for choice in choices if seats[choice])
        decision = Decision(result="elected", choices=seated, seats=seats)
        if isinstance(rule, HighestAverages):
            yield decision, from_rule.highest_averages(town, rule, seats)
            continue
        barred = [choice for choice in choices if not seats[choice]] if rule.threshold is not None else []
        for size in range(len(barred) + 1):
            for out in itertools.combinations(barred, size):
                eligible = [choice for choice in choices if choice not in out]
                yield decision, from_rule.largest_remainder(town, rule, seats, eligible)


def holds(assertion: Assertion, town: Contest, figures: Whole, registered: Whole) -> NDArray[np.bool_]:
    """Whether the assertion is true of each tally (row)."""
    total = scores(assertion, town, figures, registered)
    return total > 0 if assertion.strict else total >= 0


def certified(certificate: Certificate, town: Contest, figures: Whole, registered: Whole) -> NDArray[np.bool_]:
    """Whether the certificate is true of each tally (row)."""
    every = np.ones(len(figures), dtype=bool)
    for assertion in certificate.always:
        every &= holds(assertion, town, figures, registered)
    for options in certificate.either:
        some = np.zeros(len(figures), dtype=bool)
        for option in options:
            together = np.ones(len(figures), dtype=bool)
            for assertion in option:
                together &= holds(assertion, town, figures, registered)
            some |= together
        every &= some
    return every


def tallies(number: int, choices: int, rng: np.random.Generator) -> tuple[Whole, Whole]:
    """Random tallies with at least one valid vote: figures[tally, choice + 2] and registered voters."""
    quarter = number // 4
    small = rng.integers(0, 13, (quarter, choices + 2))
    tens = 10 * rng.integers(0, 11, (quarter, choices + 2)) + rng.integers(-1, 2, (quarter, choices + 2))
    shares = rng.dirichlet(np.full(choices + 2, 0.7), quarter)
    large = np.floor(shares * rng.integers(100, 10**6, (quarter, 1))).astype(np.int64)
    rest = number - 3 * quarter
    equal = np.repeat(rng.integers(50, 5000, (rest, 1)), choices + 2, axis=1) + rng.integers(-3, 4, (rest, choices + 2))
    equal[:, -2:] = rng.integers(0, 60, (rest, 2))
    figures = np.maximum(np.concatenate([small, tens, large, equal]), 0).astype(np.int64)
    figures[figures[:, :-2].sum(axis=1) == 0, 0] = 1
    cast = figures.sum(axis=1)
    registered = cast + np.where(
        rng.random(number) < 0.5, cast + rng.integers(-1, 2, number), rng.integers(0, 9, number)
    )
    return figures, np.maximum(registered, cast)


def prove(rule: Rule, number: int, seed: int, choices: tuple[str, ...] = FOUR) -> Proof:
    """Compare what is certified with what the rule gives, on `number` random tallies."""
    if isinstance(rule, Supermajority):
        choices = choices[:2]
    town = contest(rule, choices)
    figures, registered = tallies(number, len(choices), np.random.default_rng(seed))
    known: dict[tuple[object, ...], NDArray[np.bool_]] = {}
    for decision, certificate in outcomes(town):
        now = certified(certificate, town, figures, registered)
        known[decision.key] = known[decision.key] | now if decision.key in known else now
    keys = list(known)
    table = np.stack([known[key] for key in keys])
    found = table.sum(axis=0)
    which = table.argmax(axis=0)
    mismatches = ties = 0
    seen = set()
    for row in range(number):
        numbers = figures[row].tolist()
        tally = Tally(
            sheets=1,
            registered=int(registered[row]),
            votes=dict(zip(choices, numbers, strict=False)),
            blank=numbers[-2],
            null=numbers[-1],
        )
        decision = decision_of(town, tally)
        if decision.result in ("elected", "runoff"):
            seen.add(decision.key)
            mismatches += not (found[row] == 1 and keys[which[row]] == decision.key)
        else:
            ties += 1
            mismatches += int(found[row] != 0)
    return Proof(tallies=number, outcomes=len(keys), seen=len(seen), ties=ties, mismatches=mismatches)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tallies", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=20191020)
    parser.add_argument("--out", type=Path, default=Path("docs/reference/audit-certificates.json"))
    options = parser.parse_args()
    found = {}
    for name, rule in RULES.items():
        proof = prove(rule, options.tallies, options.seed)
        found[name] = proof.__dict__
        print(f"{name}: {proof}")  # noqa: T201
    document = {"command": "python -m tests.audit.certificates", "seed": options.seed, "rules": found}
    options.out.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
