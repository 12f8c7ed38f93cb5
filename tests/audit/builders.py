"""A small election and its parties, for the tests of the audit."""

import csv
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np

from veedor.audit.consent import record as keep
from veedor.audit.consent import statement
from veedor.audit.draft import Terms, draft, write_plan
from veedor.audit.plan import DiceSeed, RecordHead, RiskTest, Signatory, parse_plan, plan_hash
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
    replaces: str | None = None,
    record: RecordHead | None = None,
    election: str = "town",
    count: str = "official",
) -> str:
    """Write the folder of an audit; returns the plan's hash."""
    plan, contents = draft(
        sheets,
        sheets.contest,
        chosen,
        election=election,
        count=count,
        title=Names(en="The town's audit"),
        record=record,
        replaces=replaces,
    )
    return write_plan(folder, plan, contents)


def sign(text: str, key: SigningKey) -> str:
    return str(key.sign(text))


def consent(folder: Path, name: str, key: SigningKey, at: str = "2026-03-01T10:00:00-04:00") -> None:
    data = (folder / "plan.json").read_bytes()
    text = statement(plan_hash(data), parse_plan(data).signatory(name), "consents", at)
    keep(folder, text.encode(), sign(text, key))


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
