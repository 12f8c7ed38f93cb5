"""The texts of an audit, one by one: plan, terms, statements, signatures, what was read, records of ballots."""

import base64
import json
import struct
from collections.abc import Sequence
from functools import cache
from hashlib import sha512
from typing import TYPE_CHECKING, Any, Literal

from tests.fuzz import audits
from tests.fuzz.mutate import after_choice, chosen, one_of, signed, table, toml, tree
from tests.fuzz.overlay import folder_with
from tests.fuzz.target import Mutator, Target, require

if TYPE_CHECKING:
    from veedor.election import Contest


@cache
def town() -> "Contest":
    """The contest of the town."""
    from tests.audit.builders import contest

    return contest()


def _run_plan(data: bytes) -> object:
    from veedor.audit.protocol.plan import parse_plan, plan_bytes

    plan = parse_plan(data)
    again = parse_plan(plan_bytes(plan))
    require(again == plan, "a plan written and read again is the same plan")
    return plan.planned


def _plans() -> list[bytes]:
    return [audits.with_dice()["plan.json"], audits.with_reveal()["plan.json"]]


def _run_terms(data: bytes) -> object:
    """Terms read, and a plan drafted from them as far as they allow one."""
    from tests.audit.builders import units
    from veedor.audit.planning.draft import draft, read_terms
    from veedor.election.base import Names

    with folder_with({"terms.toml": data}) as folder:
        terms = read_terms(folder / "terms.toml")
    sheets = units(audits.SHEETS)
    return draft(sheets, sheets.contest, terms, election="town", count="official", title=Names(en="Audit"))


def _terms() -> list[bytes]:
    from tests.audit.builders import signatories

    who = "".join(
        f'[[signatories]]\nid = "{one.id}"\nname = "{one.name}"\nrole = "{one.role}"\nkey = "{one.key}"\n'
        for one in signatories(audits.keys())
    )
    dice = 'seed = { method = "dice", who = "a child", where = "the square", when = "Sunday" }\n'
    reveal = 'seed = { method = "commit_and_reveal", parties = ["reds", "blues"], where = "x", when = "y" }\n'
    kinds = (
        'risk_limit = "5 %"\nquorum = 4\n' + dice,
        'risk_limit = 0.1\nquorum = 2\nkind = "regions"\nregion_level = "region"\nrounds = [4, 9]\n' + reveal,
        'risk_limit = "1/10"\nquorum = 2\nkind = "ballot_polling"\n' + dice,
        'risk_limit = "1/10"\nquorum = 2\nkind = "oneaudit"\ntest = { name = "adaptive" }\n' + dice,
        'risk_limit = "5 %"\nquorum = 4\nsampling = "equal_probability"\nnumbering = "consistent_sampler"\n' + dice,
    )
    return [(kind + who).encode() for kind in kinds]


TERMS = (
    b"risk_limit", b'"sheets"', b'"regions"', b'"ballot_polling"', b'"ballot_comparison"', b'"oneaudit"', b"test",
    b'"capped"', b'"adaptive"', b'"fixed"', b'"alternative"', b'"shrink_truncate"', b"share", b"weight", b"bound",
    b'"registered"', b"sampling", b"numbering", b"region_level", b"seed", b"digits", b"parties", b"quorum", b"required",
)  # fmt: skip


def _run_statement(data: bytes) -> object:
    """A statement and, after a line of `---`, its signature; the plan is the town's."""
    from veedor.audit.protocol.plan import parse_plan, plan_hash
    from veedor.audit.protocol.signed_statement import check_signed, parse_statement

    text, _, signature = data.partition(b"---\n")
    plan_data = audits.with_dice()["plan.json"]
    require(bytes(parse_statement(text, "x")) == text, "a statement read and written again is the same")
    given = signature.decode("utf-8", "replace") if signature else None
    answer = check_signed(parse_plan(plan_data), plan_hash(plan_data), text, given, "x")
    own = [files for name, files in audits.with_dice().items() if name.endswith(".txt")]
    require(not answer.signed or text in own, "only what a signatory signed counts as signed")
    return answer


def _statements() -> list[bytes]:
    files = audits.with_dice()
    texts = [name for name in files if name.endswith(".txt") and name.replace(".txt", ".sig") in files]
    found = [files[name] + b"---\n" + files[name.replace(".txt", ".sig")] for name in texts]
    return [*found, *(files[name] for name in texts[:1])]


STATEMENT = "I consent.\n"


def _run_signature(data: bytes) -> object:
    """A key on the first line, a signature below it."""
    from veedor.audit.protocol.signing import check_key, verify

    line, _, signature = data.decode("utf-8", "surrogateescape").partition("\n")
    check_key(line)
    verify(line, STATEMENT, signature)
    require(_public_part(line) in _public_parts(), "a signature verifies only under the key that made it")
    return line


def _public_part(key: str) -> bytes:
    """The key's own bytes; its line may spell them in more than one way."""
    parts = key.encode()
    return base64.b64decode(parts.split()[1] if key.startswith(("ssh-", "ecdsa-")) else parts.split(b"+", 2)[2])


@cache
def _public_parts() -> frozenset[bytes]:
    return frozenset(_public_part(seed.decode().partition("\n")[0]) for seed in _signatures())


@cache
def _signatures() -> list[bytes]:
    note = audits.keys()["reds"]
    made = [f"{note.public}\n{note.sign(STATEMENT)}".encode()]
    return [*made, _ssh_ed25519(), _ssh_ecdsa()]


def _field(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


def _armored(key: bytes, kind: bytes, sign: Any) -> bytes:
    """A key and its signature of the statement, as `ssh-keygen -Y sign` writes them."""
    from veedor.audit.protocol.signing import ARMOR, NAMESPACE

    hashed = b"SSHSIG" + b"".join(
        map(_field, (NAMESPACE.encode(), b"", b"sha512", sha512(STATEMENT.encode()).digest()))
    )
    body = b"SSHSIG" + struct.pack(">I", 1)
    body += b"".join(map(_field, (key, NAMESPACE.encode(), b"", b"sha512", _field(kind) + _field(sign(hashed)))))
    lines = [ARMOR[0], base64.b64encode(body).decode(), ARMOR[1], ""]
    return kind + b" " + base64.b64encode(key) + b"\n" + "\n".join(lines).encode()


def _ssh_ed25519() -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.from_private_bytes(bytes([7]) * 32)
    kind = b"ssh-ed25519"
    return _armored(_field(kind) + _field(private.public_key().public_bytes_raw()), kind, private.sign)


def _ssh_ecdsa() -> bytes:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    private = ec.derive_private_key(12345, ec.SECP256R1())
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    kind = b"ecdsa-sha2-nistp256"

    def sign(message: bytes) -> bytes:
        pair = decode_dss_signature(private.sign(message, ec.ECDSA(SHA256(), deterministic_signing=True)))
        return b"".join(_field(b"\0" + number.to_bytes(32, "big")) for number in pair)

    return _armored(_field(kind) + _field(b"nistp256") + _field(point), kind, sign)


def _run_entries(data: bytes) -> object:
    """What was read of sheets, or of ballots; as the first byte says."""
    from pathlib import Path

    from veedor.audit.protocol.plan import parse_plan
    from veedor.audit.rounds.readings import differences, parse_interpretations

    kind, text = chosen(data, ("sheets", "ballots"))
    read = parse_interpretations(text, Path("x.csv"), town(), of_ballots=kind == "ballots")
    require(bool((read.figures >= 0).all()), "no figure that was read is negative")
    if kind == "sheets":
        plan = parse_plan(audits.with_dice()["plan.json"])
        require(differences(read, read, plan) == [], "an entry does not differ from itself")
    return read


def _entries() -> list[bytes]:
    sheets = audits.with_dice()["round-1/entry-a.csv"]
    return [b"\0" + sheets, b"\1ballot,status,vote\n00001-1,found,ana\n00001-2,missing,\n00002-3,extra,blank\n"]


def _run_records(data: bytes) -> object:
    from veedor.audit.formats.cvr import read_records

    with folder_with({"records": data}) as folder:
        records = read_records(folder / "records", town())
    known = {None, *town().choice_ids}
    require(set(records.votes.values()) <= known, "a record's vote is a choice of the contest")
    return records


def _records() -> list[bytes]:
    from tests.audit.test_interchange import DOMINION, NIST, RAIRE

    return [DOMINION.encode(), RAIRE.encode(), json.dumps(NIST).encode()]


def _records_mutator(seeds: Sequence[bytes]) -> Mutator:
    words = (b"ImprintedId", b"Contest", b"mayor", b"ana", b"(Vote For=1)")
    return one_of((2.0, table.table(b",", words, seeds)), (2.0, tree.json_tree((), seeds)))


def _run_batches(data: bytes) -> object:
    """Arlo's manifest and, after a line of `---`, its tallies."""
    from veedor.audit.formats.arlo import read_batches

    manifest, _, tallies = data.partition(b"---\n")
    with folder_with({"manifest.csv": manifest, "tallies.csv": tallies}) as folder:
        units = read_batches(folder / "manifest.csv", folder / "tallies.csv", town())
    require(bool((units.figures >= 0).all()), "no figure of a batch is negative")
    return units


def _batches() -> list[bytes]:
    from tests.audit.builders import units
    from veedor.audit.formats.arlo import manifest_bytes, tallies_bytes

    sheets = units(5)
    documented = (
        b'Container,Tabulator,Batch Name,Number of Ballots\nBox 1,T,B1,"1,000"\n---\n'
        b"Batch Name,Mayor - Bea,Mayor - Ana,Mayor - Cyd\nB1,300,500,100\n"
    )
    return [manifest_bytes(sheets) + b"---\n" + tallies_bytes(sheets), documented]


Compared = Literal["polling", "comparison", "oneaudit"]
KINDS: tuple[Compared, ...] = ("polling", "comparison", "oneaudit")


def _run_drawn(data: bytes) -> object:
    """Ballots drawn, and the risk that they give for one kind of audit, as the first byte says."""
    from fractions import Fraction

    from tests.audit.builders import units
    from veedor.audit.formats.cvr import Records
    from veedor.audit.rounds.ballots import assess_ballots, read_drawn

    name, text = chosen(data, KINDS)
    kind = KINDS[KINDS.index(name)]
    sheets = units(5)
    with folder_with({"drawn.csv": text}) as folder:
        drawn = read_drawn(folder / "drawn.csv", sheets.contest)
    votes = {f"b{number}": choice for number, choice in enumerate(("ana", "ana", "bea", None, "cyd"))}
    records = Records(votes=dict(votes)) if kind == "comparison" else None
    found = assess_ballots(kind, drawn, sheets, float(Fraction(1, 20)), records=records)
    require(all(0 <= one.risk <= 1 for one in found), "a risk lies between 0 and 1")
    return found


def _drawn() -> list[bytes]:
    rows = b"".join(
        b"b%d,%s,%05d\n" % (n, vote, n % 5 + 1) for n, vote in enumerate((b"ana", b"bea", b"blank", b"ana"))
    )
    return [bytes([kind]) + b"ballot,vote,sheet\n" + rows for kind in range(3)]


TARGETS = (
    Target(
        name="plan", run=_run_plan, seeds=_plans, mutator=lambda seeds: tree.json_tree((), seeds), weight=2, share=100
    ),
    Target(name="terms", run=_run_terms, seeds=_terms, mutator=lambda seeds: toml.toml_tree(TERMS, seeds), weight=2),
    Target(
        name="statement",
        run=_run_statement,
        seeds=_statements,
        mutator=lambda seeds: signed.lines((b"answer objects\n", b"reason x\n", b"commitment ", b"---\n"), seeds),
        share=100,
    ),
    Target(
        name="signature",
        run=_run_signature,
        seeds=_signatures,
        mutator=lambda seeds: signed.lines(
            (b"ssh-ed25519 ", b"ssh-rsa ", b"ecdsa-sha2-nistp521 ", b"-----END SSH SIGNATURE-----"), seeds
        ),
        share=150,
    ),
    Target(
        name="entries",
        run=_run_entries,
        seeds=_entries,
        mutator=lambda seeds: after_choice(
            2,
            table.table(
                b",", (b"found", b"missing", b"unreadable", b"extra", b"ana", b"blank"), [seed[1:] for seed in seeds]
            ),
        ),
        share=100,
    ),
    Target(name="ballot-records", run=_run_records, seeds=_records, mutator=_records_mutator, share=100),
    Target(
        name="batches",
        run=_run_batches,
        seeds=_batches,
        mutator=lambda seeds: table.table(b",", (b"Batch Name", b"Number of Ballots", b"---"), seeds),
        share=100,
    ),
    Target(
        name="ballots-drawn",
        run=_run_drawn,
        seeds=_drawn,
        mutator=lambda seeds: after_choice(
            3, table.table(b",", (b"ana", b"blank", b"missing", b"sheet"), [seed[1:] for seed in seeds])
        ),
        share=60,
    ),
)
