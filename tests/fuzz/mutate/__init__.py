"""Changes to inputs, by what they are made of. All that is left to chance comes from the generator given."""

from collections.abc import Mapping, Sequence
from random import Random

from tests.fuzz.target import Mutator


def one_of(*weighted: tuple[float, Mutator]) -> Mutator:
    """One of several ways, by weight."""
    ways, weights = [way for _, way in weighted], [weight for weight, _ in weighted]

    def mutate(data: bytes, rng: Random) -> bytes:
        return rng.choices(ways, weights)[0](data, rng)

    return mutate


def after_choice(choices: int, inner: Mutator) -> Mutator:
    """For inputs whose first byte says how the rest is read; `choices` ways there are."""

    def mutate(data: bytes, rng: Random) -> bytes:
        first, rest = data[:1] or b"\0", data[1:]
        if rng.random() < 0.15:
            first = bytes([rng.randrange(choices)])
            if rng.random() < 0.5:
                return first + rest
        return first + inner(rest, rng)

    return mutate


def chosen(data: bytes, choices: Sequence[str]) -> tuple[str, bytes]:
    """What the first byte chooses, and the rest."""
    return choices[(data[0] if data else 0) % len(choices)], data[1:]


def with_choices(choices: Sequence[str], seeds: Mapping[str, Sequence[bytes]]) -> list[bytes]:
    """Seeds with the byte before them that chooses how they are read."""
    return [bytes([choices.index(name)]) + seed for name, each in seeds.items() for seed in each]
