"""A small election and its parties, for the tests of the audit."""

import csv
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np

from veedor.audit.planning.draft import Terms, draft, replaced_by, write_plan
from veedor.audit.protocol.attestation import attest as keep_attestation
from veedor.audit.protocol.attestation import attestation_statement
from veedor.audit.protocol.consent import answer_statement
from veedor.audit.protocol.consent import record as keep
from veedor.audit.protocol.entry_signatures import Signature, entry_statement
from veedor.audit.protocol.plan import DiceSeed, RecordHead, RiskTest, Signatory
from veedor.audit.protocol.seed import rolled
from veedor.audit.units import Units
from veedor.election import Choice, Contest
from veedor.election.base import Names
from veedor.election.rules import Rule, Threshold, TwoRound
from veedor.record.keys import SigningKey, new_key
from veedor.record.verify import ED25519

NAMES = ("authority", "mission", "reds", "blues")
ROLES = {"authority": "authority", "mission": "observer", "reds": "party", "blues": "party"}

LAW = TwoRound(
    kind="two_round",
    majority=Threshold(more_than=Fraction(1, 2)),
    alternative=Threshold(at_least=Fraction(2, 5)),
    lead=Threshold(at_least=Fraction(1, 10)),
)


def contest(rule: Rule = LAW, choices: Sequence[str] = ("ana", "bea", "cyd")) -> Contest:
    return Contest(
        id="mayor",
        name=Names(en="Mayor", es="Alcaldía"),
        rule=rule,
        choices=tuple(Choice(id=choice, name=Names(en=choice.title())) for choice in choices),
    )


def units(sheets: int = 300, seed: int = 7, shares: Sequence[float] = (0.46, 0.31, 0.19, 0.02, 0.02)) -> Units:
    """Sheets with about 200 registered voters each; shares: of the choices, blank and null among ballots cast."""
    rng = np.random.default_rng(seed)
    registered = rng.integers(150, 241, sheets)
    cast = rng.binomial(registered, 0.85)
    figures = np.array([rng.multinomial(number, shares) for number in cast], dtype=np.int64)
    names = tuple(f"{number:05d}" for number in range(1, sheets + 1))
    places = tuple((f"region {number % 3}", f"place {number % 20:02d}") for number in range(sheets))
    return Units(
        contest=contest(),
        ids=names,
        figures=figures,
        registered=registered.astype(np.int64),
        places=places,
        levels=("region", "place"),
    )


def keys() -> dict[str, SigningKey]:
    return {name: new_key(f"{name}.example.org", ED25519) for name in NAMES}


def signatories(by: dict[str, SigningKey], **lines: str) -> tuple[Signatory, ...]:
    """lines: another public key, as text, in place of a signatory's note key."""
    return tuple(
        Signatory(id=name, name=f"The {name}", role=ROLES[name], key=lines.get(name, str(by[name].public)))  # type: ignore[arg-type]
        for name in NAMES
    )


def terms(who: tuple[Signatory, ...], **more: object) -> Terms:
    seed = DiceSeed(method="dice", who="a child from each school", where="the square", when="Sunday, 10:00")
    values: dict[str, object] = {
        "risk_limit": "5 %",
        "test": RiskTest(name="capped", share=0.9),
        "seed": seed,
        "signatories": who,
        "quorum": 4,
    } | more
    return Terms.model_validate(values)


def make(
    folder: Path,
    chosen: Terms,
    sheets: Units,
    record: RecordHead | None = None,
    election: str = "town",
    count: str = "official",
) -> str:
    """Write the folder of an audit, in place of the plan that is there; returns the plan's hash."""
    plan, contents = draft(
        sheets,
        sheets.contest,
        chosen,
        election=election,
        count=count,
        title=Names(en="The town's audit"),
        record=record,
        replaces=replaced_by(folder),
    )
    return write_plan(folder, plan, contents)


def sign(text: str, key: SigningKey) -> str:
    return str(key.sign(text))


SIGNED, ROLLED_AT, ATTESTED = "2026-03-01T10:00:00-04:00", "2026-03-02T10:00:00-04:00", "2026-03-02T10:20:00-04:00"


def consent(folder: Path, name: str, key: SigningKey, at: str = SIGNED) -> None:
    text = str(answer_statement(folder, name, at=at))
    keep(folder, text.encode(), sign(text, key))


def objection(folder: Path, name: str, reason: str, key: SigningKey | None = None, at: str = SIGNED) -> str:
    """Keep an objection, signed if there is a key; returns its text."""
    text = str(answer_statement(folder, name, at=at, objects=reason))
    keep(folder, text.encode(), None if key is None else sign(text, key))
    return text


def attest(folder: Path, by: Mapping[str, SigningKey], *names: str, at: str = ATTESTED) -> None:
    """Sign the record of the seed; all of them unless named."""
    for name in names or tuple(by):
        text = str(attestation_statement(folder, name, at))
        keep_attestation(folder, text.encode(), sign(text, by[name]))


def seeded(folder: Path, by: Mapping[str, SigningKey], digits: str = "27182818284590452353") -> None:
    """All consent, the seed is rolled, and all sign its record."""
    for name in by:
        consent(folder, name, by[name])
    rolled(folder, digits, who="a child", where="the square", when=ROLLED_AT)
    attest(folder, by)


def entered(folder: Path, data: bytes, name: str, key: SigningKey, at: str = "2026-03-03T10:00:00-04:00") -> Signature:
    """A statement under an entry by a signatory."""
    text = str(entry_statement(folder, data, at=at, signatory=name))
    return Signature(text=text.encode(), signature=sign(text, key))


def entries(folder: Path, number: int, sheets: Units, changes: Mapping[str, Sequence[str]] | None = None) -> bytes:
    """What people read from the sheets of a round: as reported, but for `changes` (status and figures by station)."""
    with (folder / f"round-{number}" / "pull-list.csv").open(encoding="utf-8", newline="") as file:
        stations = [row["station"] for row in csv.DictReader(file)]
    header = ["station", "status", *sheets.contest.choice_ids, "blank", "null"]
    rows = [",".join(header)]
    for station in stations:
        figures = [str(value) for value in sheets.figures[sheets.position[station]]]
        rows.append(",".join([station, *(changes or {}).get(station, ["found", *figures])]))
    for station, row in (changes or {}).items():
        if row[0] == "extra":
            rows.append(",".join([station, *row]))
    return ("\n".join(rows) + "\n").encode()
