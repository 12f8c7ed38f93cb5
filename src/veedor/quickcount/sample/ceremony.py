"""The sample drawn in public and kept secret: from a seed that all see and a salt that is committed to before it.

1. The plan is the SHA-256 of the canonical JSON of what decides the draw: the frame's stations with their strata, and
   how many are drawn of each. Before the seed is rolled the mission publishes it, and its commitment to a salt:
   `veedor.draw.seed.commitment` about the plan, by the party `mission`.
2. The seed is rolled in public. With the salt it gives the seed of the tickets, SHA-256("veedor/quickcount/1" 00 seed
   00 salt) in hexadecimal digits: nobody can choose it any more, and only the mission knows it.
3. Of each stratum the stations with the smallest tickets are drawn (`veedor.draw.sampling.equal_probability`).
4. The commitment to the sample, SHA-256("veedor/sample/1" 00 salt 00 the bytes of its file), goes out with the seed.
5. After the night the salt is published: anybody draws the sample again and compares both commitments.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from veedor.canonical import canonical_json
from veedor.draw.sampling import equal_probability
from veedor.draw.seed import check_secret, commitment
from veedor.errors import VeedorError
from veedor.rim.csv_cells import csv_bytes

PARTY = "mission"
HEADER = ("station", "stratum", "roll")


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A station of the frame. roll: registered voters, None where the frame does not say."""

    station: str
    stratum: str
    roll: int | None


def plan_of(frame: Sequence[Listed], sizes: Mapping[str, int]) -> str:
    """The hash that both sides name: of the frame's stations and strata, in any order, and of the sizes."""
    stations = sorted([one.station, one.stratum] for one in frame)
    return sha256(canonical_json({"frame": stations, "sizes": dict(sizes)})).hexdigest()


def salt_commitment(plan: str, salt: str) -> str:
    """What is published before the seed is rolled. Raises VeedorError for a salt that could be guessed."""
    check_secret(salt)
    return commitment(plan, PARTY, salt)


def ticket_seed(seed: str, salt: str) -> str:
    """Seed of the tickets: neither side alone decides it."""
    if not seed.strip() or "\0" in seed:
        raise VeedorError("the seed is empty, or holds a zero byte: give the digits that were rolled")
    return sha256(b"\0".join([b"veedor/quickcount/1", seed.encode(), salt.encode()])).hexdigest()


def draw(frame: Sequence[Listed], sizes: Mapping[str, int], seed: str, salt: str) -> list[Listed]:
    """The sample, stratum by stratum in the order of sizes, in the order of the tickets."""
    check_secret(salt)
    by_stratum: dict[str, dict[str, Listed]] = {stratum: {} for stratum in sizes}
    for one in frame:
        by_stratum[one.stratum][one.station] = one
    tickets = ticket_seed(seed, salt)
    return [
        by_stratum[stratum][ticket.unit]
        for stratum, size in sizes.items()
        for ticket in equal_probability(list(by_stratum[stratum]), tickets, size)
    ]


def sample_bytes(sample: Sequence[Listed]) -> bytes:
    """The sample's file: CSV in the columns of HEADER."""
    return csv_bytes(HEADER, ([one.station, one.stratum, "" if one.roll is None else str(one.roll)] for one in sample))


def sample_commitment(salt: str, content: bytes) -> str:
    """What is published with the seed."""
    return sha256(b"\0".join([b"veedor/sample/1", salt.encode(), content])).hexdigest()
