"""Audits of a small town, each carried out to its end with keys that are the same in every run."""

import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tests.fuzz.overlay import Files, files_in

if TYPE_CHECKING:
    from veedor.record.keys import SigningKey

SHEETS = 24
ROLLED = "31415926535897932384"
SECRETS = {"reds": "red" * 12, "blues": "blue" * 10}


@cache
def keys() -> "dict[str, SigningKey]":
    """The signatories' keys."""
    from tests.audit.builders import NAMES
    from veedor.record.keys import SigningKey
    from veedor.record.verify import ED25519

    return {
        name: SigningKey(name=f"{name}.example.org", type=ED25519, seed=bytes([number]) * 32)
        for number, name in enumerate(NAMES, start=1)
    }


def resigned(signature: bytes, text: bytes) -> bytes | None:
    """The same signatory's signature of another text; None where no key of ours made it."""
    name = signature.decode("utf-8", "replace").split(" ")[1:2]
    for key in keys().values():
        if name == [key.name]:
            return str(key.sign(text.decode("utf-8", "replace"))).encode()
    return None


@cache
def with_dice() -> Files:
    """Two plans, an objection, consents, a seed that was rolled and attested, and one round that confirms."""
    from tests.audit import builders

    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "audit"
        who, units = builders.signatories(keys()), builders.units(SHEETS)
        builders.make(folder, builders.terms(who, risk_limit="10 %"), units)
        builders.objection(folder, "blues", "ten per cent is too much", keys()["blues"])
        builders.make(folder, builders.terms(who), units)
        builders.seeded(folder, keys(), ROLLED)
        _round(folder)
        return files_in(folder)


@cache
def with_reveal() -> Files:
    """A plan whose seed two parties made by commitment, and a round that was drawn and not yet read."""
    from tests.audit import builders
    from veedor.audit.protocol.commit_reveal import commit, commitment_statement, reveal_statement
    from veedor.audit.protocol.plan import RevealSeed
    from veedor.audit.protocol.seed import reveal
    from veedor.audit.rounds.draw import draw_round

    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "audit"
        seed = RevealSeed(method="commit_and_reveal", parties=tuple(SECRETS), where="the square", when="Sunday")
        terms = builders.terms(builders.signatories(keys()), seed=seed)
        builders.make(folder, terms, builders.units(SHEETS))
        for name, key in keys().items():
            builders.consent(folder, name, key)
        for name, secret in SECRETS.items():
            text = str(commitment_statement(folder, name, secret, "2026-03-02T09:00:00-04:00"))
            commit(folder, text.encode(), builders.sign(text, keys()[name]))
        for name, secret in SECRETS.items():
            text = str(reveal_statement(folder, name, secret, builders.ROLLED_AT))
            reveal(folder, text.encode(), builders.sign(text, keys()[name]))
        builders.attest(folder, keys())
        draw_round(folder)
        return files_in(folder)


def _round(folder: Path) -> None:
    """Draw a round, read what was drawn twice, each reading signed, and assess."""
    from tests.audit import builders
    from veedor.audit.rounds.draw import draw_round
    from veedor.audit.rounds.rounds import assess, enter

    draw_round(folder)
    data = builders.entries(folder, 1, builders.units(SHEETS))
    one, two = folder.parent / "one.csv", folder.parent / "two.csv"
    for path in (one, two):
        path.write_bytes(data)
    signed = [builders.entered(folder, data, name, keys()[name]) for name in ("mission", "reds")]
    enter(folder, one, two, signed)
    assess(folder)
