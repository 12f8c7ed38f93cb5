"""Signing keys: made, kept encrypted, read from file, environment or file descriptor; never printed, never logged.

As text a private key is `PRIVATE+KEY+name+id+base64(type || seed)`, as Go's sumdb/note writes it. At rest it is one
JSON object, its seed encrypted by ChaCha20-Poly1305 under a key that scrypt makes of a passphrase.
"""

import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from veedor.record.errors import LogError, MalformedError, NotVerifiedError
from veedor.record.files import read_file, write_atomically
from veedor.record.verify import (
    COSIGNATURE,
    ED25519,
    ML_DSA_44,
    Key,
    Signature,
    check_key_name,
    from_base64,
    parse_key,
    signed_message,
    to_base64,
)
from veedor.rim.hostile_json import JsonError, a_count, a_text, an_object, loads_object

PREFIX = "PRIVATE+KEY+"
SEED = 32
SCRYPT = {"n": 1 << 15, "r": 8, "p": 1}
MAX_KEY_FILE = 1 << 16


@dataclass(frozen=True, kw_only=True)
class SigningKey:
    """A private key and the name and type it signs under. Its seed is in no repr, message or log."""

    name: str
    type: int
    seed: bytes = field(repr=False)

    @property
    def public(self) -> Key:
        """The public key, whose str() is the vkey to publish."""
        return Key(name=self.name, type=self.type, public=self._private().public_key().public_bytes_raw())

    def sign(self, text: str, time: int = 0) -> Signature:
        """A signature of a note's text. time: POSIX seconds; type 0x01 states none."""
        message = signed_message(self.type, self.name, text, time)
        stamp = b"" if self.type == ED25519 else time.to_bytes(8, "big")
        value = stamp + self._private().sign(message)
        return Signature(name=self.name, key_id=self.public.id, value=value)

    def _private(self) -> Ed25519PrivateKey | MLDSA44PrivateKey:
        if self.type == ML_DSA_44:
            return MLDSA44PrivateKey.from_seed_bytes(self.seed)
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def new_key(name: str, key_type: int) -> SigningKey:
    """A new key. key_type: ED25519 or ML_DSA_44 for a log, COSIGNATURE or ML_DSA_44 for a witness."""
    check_key_name(name)
    return SigningKey(name=name, type=key_type, seed=secrets.token_bytes(SEED))


def format_private_key(key: SigningKey) -> str:
    """The private key as text: for a secret store, an environment variable or a pipe, not for a file on a server."""
    return f"{PREFIX}{key.name}+{key.public.id.hex()}+{to_base64(bytes([key.type]) + key.seed)}"


def parse_private_key(text: str) -> SigningKey:
    """The inverse of format_private_key. Messages never repeat the text."""
    parts = text.strip("\n").removeprefix(PREFIX).split("+", 2)
    if not text.startswith(PREFIX) or len(parts) != 3:
        raise MalformedError(f"not a private key: wanted {PREFIX}name+id+key")
    check_key_name(parts[0])
    value = from_base64(parts[2], "the private key")
    if len(value) != 1 + SEED or value[0] not in (ED25519, COSIGNATURE, ML_DSA_44):
        raise MalformedError("the private key is of an unknown type, or not 32 bytes long")
    key = SigningKey(name=parts[0], type=value[0], seed=value[1:])
    if key.public.id.hex() != parts[1].lower():
        raise MalformedError(f"the private key of {key.name} does not fit its id {parts[1][:8]}")
    return key


def save_key(key: SigningKey, path: Path, passphrase: str) -> None:
    """Write the key encrypted, readable by its owner alone. An existing file is never replaced."""
    if len(passphrase) < 8:
        raise MalformedError("the passphrase has fewer than 8 characters")
    if path.exists():
        raise LogError(f"{path} exists: a key is never overwritten")
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    vkey = str(key.public)
    cipher = ChaCha20Poly1305(_stretched(passphrase, salt, SCRYPT)).encrypt(nonce, key.seed, vkey.encode())
    content = {
        "veedor_key": 1,
        "vkey": vkey,
        "scrypt": SCRYPT,
        "salt": to_base64(salt),
        "nonce": to_base64(nonce),
        "encrypted_seed": to_base64(cipher),
    }
    write_atomically({path: (json.dumps(content, indent=1) + "\n").encode()}, mode=0o600)


def load_key(path: Path, passphrase: str) -> SigningKey:
    """Read and decrypt a key that save_key wrote."""
    try:
        content = loads_object(read_file(path, MAX_KEY_FILE), str(path))
        vkey, scrypt = parse_key(a_text(content["vkey"], "vkey")), an_object(content["scrypt"], "scrypt")
        salt, nonce, cipher = (
            from_base64(a_text(content[name], name), name) for name in ("salt", "nonce", "encrypted_seed")
        )
        n, r, p = (a_count(scrypt[name], name) for name in ("n", "r", "p"))
    except (JsonError, KeyError, MalformedError):
        raise MalformedError(f"{path} is not a key file of `veedor record key`") from None
    if 0 in (n, r, p) or n & (n - 1) or len(nonce) != 12:
        raise MalformedError(f"{path} is not a key file of `veedor record key`: its scrypt or nonce cannot be")
    if n > 1 << 17 or r > 8 or p > 4:
        raise MalformedError(f"{path} asks for more work than a key file may")
    cost = {"n": n, "r": r, "p": p}
    try:
        seed = ChaCha20Poly1305(_stretched(passphrase, salt, cost)).decrypt(nonce, cipher, str(vkey).encode())
    except (InvalidTag, ValueError):
        raise NotVerifiedError(f"{path}: the passphrase is not the right one, or the file was altered") from None
    if len(seed) != SEED:
        raise MalformedError(f"{path} is not a key file of `veedor record key`: the seed has {len(seed)} bytes")
    key = SigningKey(name=vkey.name, type=vkey.type, seed=seed)
    if key.public != vkey:
        raise MalformedError(f"{path}: the private half of {vkey.name} does not fit its public half")
    return key


def _stretched(passphrase: str, salt: bytes, cost: dict[str, int]) -> bytes:
    return Scrypt(salt=salt, length=32, **cost).derive(passphrase.encode())


def secret_from_descriptor(descriptor: int) -> str:
    """A passphrase or private key's text from an open file descriptor, up to its first newline."""
    try:
        with os.fdopen(descriptor, "rb") as stream:
            return stream.read(MAX_KEY_FILE).split(b"\n")[0].decode()
    except (OSError, ValueError):
        raise LogError(f"file descriptor {descriptor} cannot be read") from None
