"""A seed made in public: digits rolled before witnesses, or the secrets of several parties, committed to beforehand.

Nothing here knows what is drawn: an audit's protocol, or any other, says who is a party and keeps the files.

- Digits: as many as were agreed on, each 0 to 9, not all the same.
- Commitment of a party: the hexadecimal SHA256 of "veedor/commit/1" 00 what it is about 00 the id of the party 00
  its secret.
- Joint seed: the hexadecimal SHA256 of "veedor/seed/1" 00 and the secrets in the order of the ids, each followed by a
  zero byte.
"""

import re
from collections.abc import Mapping
from hashlib import sha256

from veedor.draw.texts import SAID
from veedor.errors import VeedorError

SHORTEST_SECRET = 32
SECRET = rf"[!-~]{{{SHORTEST_SECRET},1000}}"
"""Printable ASCII without spaces."""


def check_digits(digits: str, wanted: int) -> None:
    """Raise VeedorError unless these are as many decimal digits as were agreed on, and were rolled."""
    if not (digits.isascii() and digits.isdigit()) or len(digits) != wanted:
        raise VeedorError(SAID.say("seed.number", wanted=wanted, found=len(digits), given=repr(digits[:60])))
    if len(set(digits)) == 1:
        raise VeedorError(SAID.say("seed.all_the_same"))


def check_secret(secret: str) -> None:
    """Raise VeedorError unless it is printable, without spaces, and too long to be guessed from its commitment."""
    if not re.fullmatch(SECRET, secret):
        raise VeedorError(SAID.say("seed.secret", least=SHORTEST_SECRET))


def commitment(about: str, party: str, secret: str) -> str:
    """What a party publishes in place of its secret. about: what the seed is for, such as the hash of a plan."""
    return sha256(b"\0".join([b"veedor/commit/1", about.encode(), party.encode(), secret.encode()])).hexdigest()


def joint_seed(secrets: Mapping[str, str]) -> str:
    """The seed that all secrets, by their party, give together."""
    parts = [b"veedor/seed/1", *(secrets[name].encode() for name in sorted(secrets))]
    return sha256(b"".join(part + b"\0" for part in parts)).hexdigest()
