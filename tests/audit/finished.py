"""Finished audits with everything in them that can be: what the tests of attacks work on."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.audit import builders
from veedor.audit.planning.draft import Terms
from veedor.audit.protocol.attestation import attest, attestation_statement
from veedor.audit.protocol.commit_reveal import commit, commitment_statement, reveal_statement
from veedor.audit.protocol.consent import answer_statement, record
from veedor.audit.protocol.plan import RecordHead, RevealSeed
from veedor.audit.protocol.seed import reveal, rolled
from veedor.audit.protocol.seed_entry import log_seed
from veedor.audit.rounds.draw import draw_round
from veedor.audit.rounds.rounds import assess, enter
from veedor.audit.units import Units
from veedor.canonical import canonical_json
from veedor.record.keys import SigningKey, new_key
from veedor.record.log import append_entries, create_log
from veedor.record.verify import ED25519, to_base64

SHEETS = builders.units(60)
ROUNDS = [5, 200]
DIGITS, OTHER_DIGITS = "31415926535897932384", "27182818284590452353"
SECRETS = {"reds": "reds-secret-" + "r" * 30, "blues": "blues-secret-" + "b" * 30}
COMMITTED, REVEALED, ATTESTED = (f"2026-03-02T{time}:00-04:00" for time in ("09:00", "10:00", "10:20"))
HOW = RevealSeed(method="commit_and_reveal", parties=("reds", "blues"), where="the square", when="Sunday")


@dataclass(frozen=True)
class Audit:
    """A folder, the keys of its signatories, and the log that its plan names, with that log's key."""

    folder: Path
    keys: Mapping[str, SigningKey]
    log: Path
    log_key: SigningKey


def dice(home: Path) -> Audit:
    """Two rounds, a plan that was replaced, an objection that was answered, a log, readers who sign."""
    audit = begun(home, quorum=4, readers=("mission", "reds"))
    folder, keys = audit.folder, audit.keys
    for name in builders.NAMES:
        builders.consent(folder, name, keys[name], at="2026-03-01T18:00:00-04:00")
    rolled(folder, DIGITS, who="a child", where="the square", when=REVEALED)
    builders.attest(folder, keys)
    log_seed(folder, str(audit.log), lambda: [audit.log_key])
    for number in (1, 2):
        draw_round(folder)
        read(audit, number)
        assess(folder)
    return audit


def secret(home: Path) -> Audit:
    """As `dice`, the seed made of two secrets, and one round; a plan was given up when the blues kept theirs."""
    audit = begun(home, quorum=3, seed=HOW, rounds=[200])
    folder = audit.folder
    _consented_and_committed(audit)
    show(audit, "reds")
    builders.make(
        folder, _terms(audit.keys, quorum=3, seed=HOW, rounds=[200], risk_limit="4 %"), SHEETS, record=_head(audit.log)
    )
    _consented_and_committed(audit)
    for name in ("reds", "blues"):
        show(audit, name)
    builders.attest(folder, audit.keys)
    log_seed(folder, str(audit.log), lambda: [audit.log_key])
    draw_round(folder)
    read(audit, 1)
    assess(folder)
    return audit


def read(audit: Audit, number: int, at: str = "2026-03-03T10:00:00-04:00") -> None:
    """What two readers entered of a round, signed."""
    data = builders.entries(audit.folder, number, SHEETS)
    one, two = (audit.folder.parent / name for name in ("one.csv", "two.csv"))
    for path in (one, two):
        path.write_bytes(data)
    signed = [builders.entered(audit.folder, data, name, audit.keys[name], at) for name in ("mission", "reds")]
    assert enter(audit.folder, one, two, signed) == []


def commits(audit: Audit, name: str, of: str = "", at: str = COMMITTED) -> None:
    """A party commits to a secret; its usual one unless told."""
    text = str(commitment_statement(audit.folder, name, of or SECRETS[name], at))
    commit(audit.folder, text.encode(), builders.sign(text, audit.keys[name]))


def show(audit: Audit, name: str, of: str = "", at: str = REVEALED) -> None:
    """A party shows its secret."""
    text = str(reveal_statement(audit.folder, name, of or SECRETS[name], at))
    reveal(audit.folder, text.encode(), builders.sign(text, audit.keys[name]))


def answers(audit: Audit, name: str, at: str, objects: str | None = None) -> None:
    """A signatory's next answer, signed."""
    text = str(answer_statement(audit.folder, name, at=at, objects=objects))
    record(audit.folder, text.encode(), builders.sign(text, audit.keys[name]))


def attested(audit: Audit, name: str, at: str = ATTESTED) -> None:
    """A signatory signs the record of the seed."""
    text = str(attestation_statement(audit.folder, name, at))
    attest(audit.folder, text.encode(), builders.sign(text, audit.keys[name]))


def begun(home: Path, **more: object) -> Audit:
    """A plan that the blues object to, and the one after it."""
    key = new_key("example.org/town", ED25519)
    audit = Audit(folder=home / "audit", keys=builders.keys(), log=home / "log", log_key=key)
    create_log(audit.log, "example.org/town", [key])
    append_entries(audit.log, [_sheet(number) for number in range(len(SHEETS.ids))], [key])
    head = _head(audit.log)
    values = {"rounds": ROUNDS, **more}
    builders.make(audit.folder, _terms(audit.keys, risk_limit="10 %", **values), SHEETS, record=head)
    builders.consent(audit.folder, "authority", audit.keys["authority"])
    builders.objection(audit.folder, "blues", "ten per cent is too much", audit.keys["blues"])
    builders.make(audit.folder, _terms(audit.keys, **values), SHEETS, record=head)
    answers(audit, "blues", "2026-03-01T12:00:00-04:00", objects="the square is too far")
    return audit


def _terms(keys: Mapping[str, SigningKey], **more: object) -> Terms:
    return builders.terms(builders.signatories(dict(keys)), **more)


def _consented_and_committed(audit: Audit) -> None:
    for name in builders.NAMES:
        builders.consent(audit.folder, name, audit.keys[name], at="2026-03-01T18:00:00-04:00")
    for name in ("reds", "blues"):
        commits(audit, name)


def _sheet(row: int, sheets: Units = SHEETS) -> bytes:
    figures = sheets.figures[row].tolist()
    return canonical_json(
        {
            "type": "sheet",
            "election": "town",
            "contest": "mayor",
            "count": "official",
            "station": sheets.ids[row],
            "votes": dict(zip(sheets.contest.choice_ids, figures, strict=False)),
            "blank": figures[-2],
            "null": figures[-1],
            "registered": int(sheets.registered[row]),
        }
    )


def _head(log: Path) -> RecordHead:
    from veedor.record.log import read_head

    head = read_head(log).checkpoint
    return RecordHead(origin=head.origin, size=head.size, root=to_base64(head.root))
