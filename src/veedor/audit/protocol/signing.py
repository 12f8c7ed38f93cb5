"""Signatures of the parties: Ed25519 in the C2SP signed-note form, or an SSH signature made by `ssh-keygen -Y sign`.

A plan names each signatory's public key as one line of text: a note key (`name+id+base64`) or an SSH public key
(`ssh-ed25519 AAAA...`, also ECDSA and RSA of at least 2048 bits). What is signed is always a short text that a person
can read, see `statement`.
"""

import base64
import struct
from dataclasses import dataclass
from hashlib import sha256, sha512

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm
from cryptography.hazmat.primitives.serialization import load_ssh_public_key

from veedor.audit.texts import SAID
from veedor.errors import VeedorError
from veedor.record.verify import ED25519, Note, RecordError, check_ed25519, parse_key, parse_signatures, verify_note
from veedor.saying import message_of

NAMESPACE = "veedor-audit"
"""What `ssh-keygen -Y sign -n` is given: a signature for another purpose does not count here."""

ARMOR = ("-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----")
CURVE_HASHES: dict[bytes, tuple[str, HashAlgorithm]] = {
    b"ecdsa-sha2-nistp256": ("secp256r1", SHA256()),
    b"ecdsa-sha2-nistp384": ("secp384r1", SHA384()),
    b"ecdsa-sha2-nistp521": ("secp521r1", SHA512()),
}
"""By the algorithm's name as SSH writes it: the curve's name here, and the hash that goes with it (RFC 5656)."""
RSA_HASHES: dict[bytes, HashAlgorithm] = {b"rsa-sha2-256": SHA256(), b"rsa-sha2-512": SHA512()}
SMALLEST_RSA = 2048


class SignatureError(VeedorError):
    """A signature that is not one, or not of this text by this key."""


def check_key(key: str) -> None:
    """Refuse a line that is no key of either kind."""
    if _is_ssh(key):
        _blob_of(key)
        _ssh_key(key)
        return
    try:
        if parse_key(key).type != ED25519:
            raise SignatureError(SAID.say("key.for_checkpoints", key=key[:40]))
    except RecordError as error:
        raise SignatureError(SAID.say("key.not_public", why=str(error))) from None


def verify(key: str, statement: str, signature: str) -> None:
    """Raise SignatureError unless `signature` is one of `statement` by `key`. All are text."""
    if signature.lstrip().startswith(ARMOR[0]):
        if not _is_ssh(key):
            raise SignatureError(SAID.say("key.note_wanted"))
        _verify_ssh(key, statement.encode(), signature)
        return
    if _is_ssh(key):
        raise SignatureError(SAID.say("key.ssh_wanted"))
    try:
        verify_note(Note(text=statement, signatures=parse_signatures(signature)), [parse_key(key)])
    except RecordError as error:
        raise SignatureError(message_of(error)) from None


def _is_ssh(key: str) -> bool:
    return key.startswith(("ssh-", "ecdsa-"))


def _ssh_key(key: str) -> Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey:
    try:
        loaded = load_ssh_public_key(key.encode())
    except (ValueError, UnsupportedAlgorithm, NotImplementedError) as error:  # the last: a point in its short form
        raise SignatureError(SAID.say("key.not_ssh", why=str(error))) from None
    if isinstance(loaded, rsa.RSAPublicKey) and loaded.key_size < SMALLEST_RSA:
        raise SignatureError(SAID.say("key.too_short", bits=loaded.key_size, least=SMALLEST_RSA))
    if not isinstance(loaded, Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        raise SignatureError(SAID.say("key.other_kind"))
    if isinstance(loaded, Ed25519PublicKey):
        try:
            check_ed25519(loaded.public_bytes_raw(), "the SSH public key")
        except RecordError as error:
            raise SignatureError(message_of(error)) from None
    return loaded


@dataclass(frozen=True, kw_only=True)
class _SshSignature:
    """The fields of an armored SSH signature (OpenSSH, PROTOCOL.sshsig)."""

    public: bytes
    namespace: bytes
    reserved: bytes
    digest: bytes
    signature: bytes


def _verify_ssh(key: str, message: bytes, armored: str) -> None:
    # 1. The blob: magic, version, public key, namespace, reserved, hash algorithm, signature.
    parts = _parse_ssh(armored)
    # 2. It must be by the key that the plan names, for this purpose.
    if parts.public != _blob_of(key):
        raise SignatureError(SAID.say("key.another"))
    if parts.namespace.decode("utf-8", "replace") != NAMESPACE:
        raise SignatureError(SAID.say("key.other_purpose", namespace=NAMESPACE))
    digests = {b"sha256": sha256, b"sha512": sha512}
    if parts.digest not in digests:
        raise SignatureError(SAID.say("key.unknown_hash"))
    # 3. What was signed: magic, namespace, reserved, hash algorithm, hash of the message.
    hashed = digests[parts.digest](message).digest()
    signed = b"SSHSIG" + b"".join(_field(v) for v in (parts.namespace, parts.reserved, parts.digest, hashed))
    kind, rest = _take(parts.signature)
    value, rest = _take(rest)
    _check_end(rest)
    try:
        _verify_with(_ssh_key(key), kind, value, signed)
    except (InvalidSignature, ValueError):
        raise SignatureError(SAID.say("key.other_text")) from None


def _blob_of(key: str) -> bytes:
    """The bytes of an SSH public key's line, whose fields white space of ASCII parts."""
    try:
        return base64.b64decode(key.encode().split()[1], validate=True)
    except (ValueError, IndexError):
        raise SignatureError(SAID.say("key.ssh_not_base64")) from None


def _verify_with(
    key: Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey, kind: bytes, value: bytes, signed: bytes
) -> None:
    if isinstance(key, Ed25519PublicKey):
        if kind != b"ssh-ed25519":
            raise InvalidSignature
        key.verify(value, signed)
    elif isinstance(key, rsa.RSAPublicKey):
        if kind not in RSA_HASHES:
            raise InvalidSignature
        key.verify(value, signed, padding.PKCS1v15(), RSA_HASHES[kind])
    else:
        curve, digest = CURVE_HASHES.get(kind, ("", SHA256()))
        if curve != key.curve.name:
            raise InvalidSignature
        r, rest = _take(value)
        s, rest = _take(rest)
        _check_end(rest)
        both = encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))
        key.verify(both, signed, ec.ECDSA(digest))


def _check_end(rest: bytes) -> None:
    if rest:
        raise SignatureError(SAID.say("key.bytes_after"))


def _parse_ssh(armored: str) -> _SshSignature:
    lines = [line.strip() for line in armored.strip().splitlines()]
    if len(armored) > 1 << 16 or lines[0] != ARMOR[0] or lines[-1] != ARMOR[1]:
        raise SignatureError(SAID.say("key.no_ssh_signature"))
    try:
        blob = base64.b64decode("".join(lines[1:-1]), validate=True)
    except ValueError:  # a letter that is none of ASCII's is no binascii.Error
        raise SignatureError(SAID.say("key.signature_not_base64")) from None
    if blob[:10] != b"SSHSIG" + struct.pack(">I", 1):
        raise SignatureError(SAID.say("key.other_version"))
    fields = []
    rest = blob[10:]
    for _ in range(5):
        value, rest = _take(rest)
        fields.append(value)
    _check_end(rest)
    public, namespace, reserved, digest, signature = fields
    return _SshSignature(public=public, namespace=namespace, reserved=reserved, digest=digest, signature=signature)


def _field(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


def _take(data: bytes) -> tuple[bytes, bytes]:
    """One length-prefixed field, and what follows it."""
    if len(data) < 4:
        raise SignatureError(SAID.say("key.cut_short"))
    (length,) = struct.unpack(">I", data[:4])
    if len(data) < 4 + length:
        raise SignatureError(SAID.say("key.cut_short"))
    return data[4 : 4 + length], data[4 + length :]
