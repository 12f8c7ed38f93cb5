"""Keys that prove nothing are refused wherever a key is read; SSH signatures are read as strictly as OpenSSH does."""

import base64
import hashlib
import json
import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.record.world import LOG_KEY, ORIGIN, WITNESSES, log_at
from veedor.audit.protocol import signing
from veedor.record.errors import MalformedError
from veedor.record.log import read_head
from veedor.record.service.witness import read_logs
from veedor.record.verify import COSIGNATURE, ED25519, Key, parse_key, parse_policy

FIELD = 2**255 - 19
D = -121665 * pow(121666, -1, FIELD) % FIELD
ORDER = 2**252 + 27742317777372353535851937790883648493
Point = tuple[int, int]


def plus(one: Point, other: Point) -> Point:
    """RFC 8032, section 5.1: addition of two points, in affine coordinates."""
    (x1, y1), (x2, y2) = one, other
    both = D * x1 * x2 * y1 * y2 % FIELD
    x3 = (x1 * y2 + y1 * x2) * pow(1 + both, -1, FIELD)
    y3 = (y1 * y2 + x1 * x2) * pow(1 - both, -1, FIELD)
    return x3 % FIELD, y3 % FIELD


def times(number: int, point: Point) -> Point:
    result = (0, 1)
    while number:
        if number % 2:
            result = plus(result, point)
        point = plus(point, point)
        number //= 2
    return result


def point_of(y: int) -> Point | None:
    """RFC 8032, section 5.1.3: a point with this second coordinate, if the curve has one."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, FIELD) % FIELD
    x = pow(square, (FIELD + 3) // 8, FIELD)
    if (x * x - square) % FIELD:
        x = x * pow(2, (FIELD - 1) // 4, FIELD) % FIELD
    return None if (x * x - square) % FIELD else (x, y)


def torsion() -> set[Point]:
    """The points that vanish when added to themselves eight times: any point times the group's large prime order."""
    for y in range(2, 100):
        point = point_of(y)
        if point is not None:
            generator = times(ORDER, point)
            found = {times(number, generator) for number in range(8)}
            if len(found) == 8:
                return found
    raise AssertionError("half of all points have a part of order eight")


def encoded(x: int, y: int) -> bytes:
    return (y | (x & 1) << 255).to_bytes(32, "little")


SMALL = sorted(encoded(*point) for point in torsion())
SPELLED_TWICE = sorted({(y + FIELD | sign << 255).to_bytes(32, "little") for y in range(19) for sign in (0, 1)})
NEGATIVE_ZERO = [encoded(1, 1), encoded(1, FIELD - 1)]
"""x is 0 in both, and has a sign: RFC 8032, section 5.1.3, step 4 refuses them."""
WEAK = [*SMALL, *SPELLED_TWICE, *NEGATIVE_ZERO]


def test_the_list_is_whole() -> None:
    assert (len(SMALL), len(SPELLED_TWICE)) == (8, 38)
    assert all(times(8, point) == (0, 1) for point in torsion())


def test_one_signature_fits_every_text_under_such_a_key() -> None:
    """Why: the library itself does not mind."""
    neutral = encoded(0, 1)
    for text in (b"I consent to the plan", b"I object to the plan"):
        Ed25519PublicKey.from_public_bytes(neutral).verify(neutral + bytes(32), text)


@pytest.mark.parametrize("public", WEAK, ids=bytes.hex)
def test_a_weak_key_is_refused_wherever_a_note_key_is_read(public: bytes, tmp_path: Path) -> None:
    log, witness = (Key(name="w.example", type=kind, public=public) for kind in (ED25519, COSIGNATURE))
    for vkey in (str(log), str(witness)):
        with pytest.raises(MalformedError, match=r"the key of w\.example is none"):
            parse_key(vkey)
    for policy in (f"log {log}", f"witness w {log}", f"witness w {witness}"):
        with pytest.raises(MalformedError, match="is none"):
            parse_policy(f"{policy}\nquorum none\n".encode())
    logs = tmp_path / "logs.toml"
    logs.write_text(f'[[log]]\norigin = "w.example"\nkeys = ["{log}"]\n')
    with pytest.raises(MalformedError, match=r"logs\.toml: the key of w\.example is none"):
        read_logs(logs)
    with pytest.raises(signing.SignatureError, match="is none"):
        signing.check_key(str(log))
    with pytest.raises(signing.SignatureError, match="is none"):
        signing.verify(str(log), "text\n", f"— w.example {base64.b64encode(log.id + public + bytes(32)).decode()}\n")
    ssh = b"".join(struct.pack(">I", len(part)) + part for part in (b"ssh-ed25519", public))
    with pytest.raises(signing.SignatureError):
        signing.check_key(f"ssh-ed25519 {base64.b64encode(ssh).decode()} weak")


def test_a_weak_key_in_a_log_s_description_is_refused(tmp_path: Path) -> None:
    log = log_at(tmp_path / "log")
    weak = Key(name=ORIGIN, type=ED25519, public=SMALL[0])
    (log / "log.json").write_text(json.dumps({"origin": ORIGIN, "keys": [str(weak)]}))
    with pytest.raises(MalformedError, match="is none"):
        read_head(log)


def test_sound_keys_are_taken() -> None:
    for key in (LOG_KEY, *WITNESSES.values()):
        assert parse_key(str(key.public)) == key.public


# SSH signatures, PROTOCOL.sshsig and RFC 4253, 5656, 8332, 8709.

TEXT = "veedor-audit v1\nplan x\nconsents\n"


def field(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


def armored(public: bytes, inner: bytes) -> str:
    blob = b"SSHSIG" + struct.pack(">I", 1) + b"".join(map(field, (public, b"veedor-audit", b"", b"sha512", inner)))
    return f"-----BEGIN SSH SIGNATURE-----\n{base64.b64encode(blob).decode()}\n-----END SSH SIGNATURE-----\n"


def signed_bytes() -> bytes:
    digest = hashlib.sha512(TEXT.encode()).digest()
    return b"SSHSIG" + b"".join(map(field, (b"veedor-audit", b"", b"sha512", digest)))


def number(value: int) -> bytes:
    return field(value.to_bytes(value.bit_length() // 8 + 1, "big"))


Made = tuple[str, bytes, bytes, bytes]
"""The key as a line, its blob, the signature's algorithm, and its value."""


def of_ed25519() -> Made:
    key = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\1")
    line = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    return line.decode(), base64.b64decode(line.split()[1]), b"ssh-ed25519", key.sign(signed_bytes())


def of_ecdsa() -> Made:
    key = ec.derive_private_key(7, ec.SECP256R1())
    line = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    value = b"".join(map(number, decode_dss_signature(key.sign(signed_bytes(), ec.ECDSA(SHA256())))))
    return line.decode(), base64.b64decode(line.split()[1]), b"ecdsa-sha2-nistp256", value


def of_rsa() -> Made:
    key = rsa.generate_private_key(65537, 2048)
    line = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    value = key.sign(signed_bytes(), PKCS1v15(), SHA256())
    return line.decode(), base64.b64decode(line.split()[1]), b"rsa-sha2-256", value


MAKERS = {"ed25519": of_ed25519, "ecdsa": of_ecdsa, "rsa": of_rsa}


def openssh_takes(folder: Path, line: str, signature: str) -> bool:
    """What ssh-keygen says of it."""
    (folder / "allowed").write_text(f"somebody {line}\n")
    (folder / "signature").write_text(signature)
    command = ["ssh-keygen", "-Y", "verify", "-f", "allowed", "-I", "somebody", "-n", "veedor-audit", "-s", "signature"]
    done = subprocess.run(command, cwd=folder, input=TEXT.encode(), capture_output=True, check=False)
    return done.returncode == 0


@pytest.mark.parametrize("kind", MAKERS)
def test_ssh_signatures_are_read_to_the_last_byte(kind: str, tmp_path: Path) -> None:
    line, public, algorithm, value = MAKERS[kind]()
    sound = field(algorithm) + field(value)
    wrong = {
        "another algorithm": field(b"ssh-dss") + field(value),
        "no algorithm": field(b"") + field(value),
        "bytes after the signature": sound + b"\0",
        "bytes after the value": field(algorithm) + field(value + b"\0"),
    }
    signing.verify(line, TEXT, armored(public, sound))
    for why, inner in wrong.items():
        with pytest.raises(signing.SignatureError):
            signing.verify(line, TEXT, armored(public, inner))
        if shutil.which("ssh-keygen") is not None:
            assert not openssh_takes(tmp_path, line, armored(public, inner)), why
    if shutil.which("ssh-keygen") is not None:
        assert openssh_takes(tmp_path, line, armored(public, sound))


def test_an_ecdsa_signature_names_the_curve_of_its_key() -> None:
    key = ec.derive_private_key(7, ec.SECP256R1())
    line, public, _, _ = of_ecdsa()
    value = b"".join(map(number, decode_dss_signature(key.sign(signed_bytes(), ec.ECDSA(SHA384())))))
    inner = field(b"ecdsa-sha2-nistp384") + field(value)
    with pytest.raises(signing.SignatureError, match="not of this text"):
        signing.verify(line, TEXT, armored(public, inner))
