"""One person is not two parties: neither by one key in two spellings, nor by one name in two."""

import base64
import struct
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.audit import builders
from veedor.audit.planning.draft import draft, read_terms
from veedor.audit.protocol.lookalike import taken_for_each_other
from veedor.audit.protocol.plan import Plan, parse_plan, plan_bytes
from veedor.audit.protocol.same_key import identity
from veedor.audit.verify import NotVerifiedError, verify
from veedor.election.base import Names
from veedor.errors import InputError
from veedor.record.keys import new_key
from veedor.record.verify import ED25519, Key

KEYS = builders.keys()


def ssh_line(public: bytes, comment: str = "") -> str:
    """The Ed25519 key in SSH's form (RFC 8709): two fields, each with its length."""
    fields = (b"ssh-ed25519", public)
    blob = b"".join(struct.pack(">I", len(field)) + field for field in fields)
    return f"ssh-ed25519 {base64.b64encode(blob).decode()} {comment}".strip()


def openssh(key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey | Ed25519PublicKey) -> str:
    form = serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    return key.public_bytes(*form).decode()


REDS = KEYS["reds"].public
EC = openssh(ec.generate_private_key(ec.SECP256R1()).public_key())
SAME = {
    "under another name": (str(REDS), str(Key(name="other.example.org", type=ED25519, public=REDS.public))),
    "as an SSH key": (str(REDS), ssh_line(REDS.public)),
    "as an SSH key with a comment": (ssh_line(REDS.public), ssh_line(REDS.public, "blues@server")),
    "ECDSA with another comment": (EC, f"{EC} blues@server"),
    "with other spaces": (ssh_line(REDS.public), ssh_line(REDS.public).replace(" ", "  ")),
}


def planned(**more: object) -> Plan:
    plan, _ = draft(
        builders.units(30), builders.contest(), builders.terms(builders.signatories(KEYS), **more),
        election="town", count="official", title=Names(en="Town"),
    )  # fmt: skip
    return plan


PLAN = plan_bytes(planned()).decode()


def with_lines(**lines: str) -> bytes:
    """The plan with other keys, as whoever writes the file by hand would have it."""
    changed = PLAN
    for name, line in lines.items():
        changed = changed.replace(str(KEYS[name].public), line)
    return changed.encode()


@pytest.mark.parametrize("how", SAME)
def test_one_key_under_two_spellings_is_one_person(how: str) -> None:
    reds, blues = SAME[how]
    assert identity(reds) == identity(blues)
    with pytest.raises(InputError, match="reds and blues have the same key: one person would sign for two"):
        parse_plan(with_lines(reds=reds, blues=blues))


def test_rsa_keys_with_one_modulus_have_one_owner() -> None:
    numbers = rsa.generate_private_key(65537, 2048).public_key().public_numbers()
    other = rsa.RSAPublicNumbers(257, numbers.n).public_key()
    assert identity(openssh(numbers.public_key())) == identity(openssh(other))


def test_keys_of_different_people_are_different() -> None:
    lines = [str(key.public) for key in KEYS.values()] + [EC, ssh_line(new_key("x", ED25519).public.public)]
    assert len({identity(line) for line in lines}) == len(lines)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("The reds", "Тhe reds"),  # Cyrillic Te: 0422 ; 0054 of Unicode's confusables.txt
        ("The reds", "The rеds"),  # 0435 ; 0065
        ("The reds", "Thе rеdѕ"),  # 0455 ; 0073
        ("OMA", "ΟΜΑ"),  # Greek: 039F ; 004F, 039C ; 004D, 0391 ; 0041
        ("The reds", "the  REDS "),
        ("The reds", "The\u00a0reds"),
        ("The reds", "Ｔｈｅ ｒｅｄｓ"),
        ("The reds", "The re\u200bds"),
        ("José", "Jose\u0301"),
        ("Lista 1", "Lista l"),
        ("Lista 1", "Lista I"),
        ("Lista O", "Lista 0"),
        ("corn party", "com party"),
        ("Women's list", "Women’s list"),
        ("Left-wing", "Left‐wing"),
        ("ﬁrst", "first"),
    ],
)
def test_names_that_can_be_taken_for_each_other(one: str, two: str) -> None:
    assert taken_for_each_other([one, "The blues", two]) == (one, two)
    text = PLAN.replace('"name": "The reds"', f'"name": "{one}"').replace('"name": "The blues"', f'"name": "{two}"')
    assert two in text
    with pytest.raises(InputError, match=r"can be taken for each other|that a screen shows"):
        parse_plan(text.encode())


def test_different_names_are_different() -> None:
    names = [
        "Electoral authority", "Observer mission", "The reds", "The blues", "José", "Jose", "Lista 1", "Lista 2",
        "Красные", "Синие", "حزب العمل", "حزب الشعب", "北京", "東京", "Partido A", "Partido B", "MAS-IPSP", "MNR",
    ]  # fmt: skip
    assert taken_for_each_other(names) is None


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\x1b[2J", "\x00", "\x9b", "\n", "\t", "\u200f", "\u2028", ""])
def test_a_name_that_steers_a_screen_is_refused(mark: str) -> None:
    import json

    plan = json.loads(PLAN)
    plan["signatories"][2]["name"] = mark and f"The {mark} reds"
    with pytest.raises(InputError, match=r"signatories\.2\.name"):
        parse_plan(json.dumps(plan).encode())
    plan = json.loads(PLAN)
    plan["seed"]["who"] = mark and f"a {mark} child"
    if mark:
        with pytest.raises(InputError, match=r"seed\.dice\.who"):
            parse_plan(json.dumps(plan).encode())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace('"blues"', '"reds"'), "two signatories have the same id"),
        (lambda text: text.replace('"blues"', '"REDS"'), "the ids 'reds' and 'REDS' can be taken"),
        (lambda text: text.replace('"quorum": 4', '"quorum": 5'), "the quorum is 5"),
        (lambda text: text.replace('"quorum": 4', '"quorum": 4, "readers": ["reds"]'), "two readers"),
        (lambda text: text.replace('"quorum": 4', '"quorum": 4, "readers": ["reds", "reds"]'), "named twice"),
        (
            lambda text: text.replace('"quorum": 4', '"quorum": 4, "readers": ["reds", "greens"]'),
            "not signatories: green",
        ),
        (lambda text: text.replace('"quorum": 4', '"quorum": 1, "quorum": 4'), "the key 'quorum' twice"),
    ],
)
def test_plans_in_which_one_counts_for_two(change: object, said: str) -> None:
    text = change(PLAN)  # type: ignore[operator]
    assert text != PLAN
    with pytest.raises(Exception, match=said):
        parse_plan(text.encode())


def test_the_terms_say_so_already(tmp_path: Path) -> None:
    who = "".join(
        f'[[signatories]]\nid = "{name}"\nname = "The {name}"\nrole = "party"\nkey = "{REDS}"\n' for name in ("a", "b")
    )
    path = tmp_path / "terms.toml"
    path.write_text(
        f'risk_limit = "5 %"\nquorum = 2\n[seed]\nmethod = "dice"\nwho = ""\nwhere = ""\nwhen = ""\n{who}',
        encoding="utf-8",
    )
    with pytest.raises(InputError, match=r"terms\.toml: found a and b have the same key"):
        read_terms(path)


def test_an_audit_that_one_key_signed_twice_does_not_verify(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As one made by a program that compares lines of text: the same SSH key with another comment for two parties."""
    from veedor.audit.protocol import plan

    monkeypatch.setattr(plan, "identity", lambda line: line)
    who = builders.signatories(KEYS, reds=ssh_line(REDS.public, "reds"), blues=ssh_line(REDS.public, "blues"))
    builders.make(tmp_path / "audit", builders.terms(who), builders.units(30))
    verify(tmp_path / "audit")
    monkeypatch.undo()
    with pytest.raises(NotVerifiedError, match="reds and blues have the same key"):
        verify(tmp_path / "audit")
