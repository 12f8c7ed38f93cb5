"""Verify a receipt: that one entry is in a log, exactly so, under a checkpoint that a policy accepts.

This file is all there is to it: Python's standard library and `cryptography`, nothing else of veedor. Read it from top
to bottom in ten minutes, or copy it away and run it: `python verify.py STATION.tlog-proof POLICY [ENTRY]`.

What it does, in this order (the functions are marked with these numbers):
  1 read the receipt (C2SP tlog-proof): the entry or its file, its index, the hashes beside its path, the checkpoint
  2 read the checkpoint (C2SP signed-note, tlog-checkpoint): origin, size of the tree, root hash, signatures
  3 check that the log's own key, which the policy binds to that origin, signed it
  4 check the witnesses' cosignatures (C2SP tlog-cosignature) and that they make the policy's quorum (tlog-policy)
  5 hash the entry and walk up the tree (RFC 6962): the walk must end at the signed root

What it leaves to you: that the keys in the policy belong to whom you believe, that the entry says what the sheet on the
wall said, and that no later entry of the log corrects this one.
"""

import base64
import hashlib
import os
import re
import stat
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

ED25519, COSIGNATURE, ML_DSA_44 = 0x01, 0x04, 0x06
"""Signature types: Ed25519 over the text, Ed25519 cosignature, ML-DSA-44 cosignature."""
PUBLIC_KEY_SIZE = {ED25519: 32, COSIGNATURE: 32, ML_DSA_44: 1312}
MAX_NOTE, MAX_SIGNATURES, MAX_ENTRY, MAX_SIZE = 1 << 20, 128, 65535, 2**63 - 1
MAX_TIME = 253402300799
"""The last second of the year 9999: what states a later time states none."""
RECEIPT_HEADER = "c2sp.org/tlog-proof@v1"
FIELD = 2**255 - 19
"""The field of Ed25519 (RFC 8032, section 5.1): a key is a number below it, and a sign in the bit above."""
ORDER_8 = 0x5FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
SMALL_ORDER = (0, 1, FIELD - 1, ORDER_8, FIELD - ORDER_8)
"""The second coordinates of the eight points that, added to themselves eight times, vanish."""


class RecordError(Exception):
    """Something about a log, a receipt or a witness is not as it must be; the text is for people."""


class MalformedError(RecordError):
    """The text is not in the form that its specification asks for."""


class NotVerifiedError(RecordError):
    """The text is well formed, but a signature, a proof or the quorum does not hold."""


def from_base64(text: str, what: str) -> bytes:
    """Bytes of standard base64; only the one spelling that encodes them is accepted (no spare bits, no spaces)."""
    try:
        value = base64.b64decode(text, validate=True)
    except ValueError:
        raise MalformedError(f"{what} is not base64") from None
    if to_base64(value) != text:
        raise MalformedError(f"{what} is not canonical base64")
    return value


def to_base64(value: bytes) -> str:
    """Standard base64 with padding (RFC 4648, section 4)."""
    return base64.b64encode(value).decode("ascii")


def hash_from_base64(text: str, what: str) -> bytes:
    """One SHA-256 hash: exactly 32 bytes."""
    value = from_base64(text, what)
    if len(value) != 32:
        raise MalformedError(f"{what} has {len(value)} bytes, wanted a hash of 32")
    return value


def whole_number(text: str, what: str) -> int:
    """ASCII decimal from 0 to 2^63 - 1 without leading zeros."""
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", text, re.ASCII) or int(text) > MAX_SIZE:
        raise MalformedError(f"{what} must be a decimal number without leading zeros, got {text[:40]!r}")
    return int(text)


# -------------------------------------------------------------------------------- notes and their keys


@dataclass(frozen=True, kw_only=True)
class Signature:
    """One signature line of a note. value: what follows the four bytes of the key id."""

    name: str
    key_id: bytes
    value: bytes

    def __str__(self) -> str:
        return f"— {self.name} {to_base64(self.key_id + self.value)}\n"


@dataclass(frozen=True, kw_only=True)
class Note:
    """A signed note: text (ends in a newline) and its signature lines, not yet checked."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(map(str, self.signatures))


def parse_signatures(text: str) -> tuple[Signature, ...]:
    """Signature lines: em dash, space, key name, space, base64 of key id and signature."""
    if not text.endswith("\n"):
        raise MalformedError("the last signature line does not end in a newline")
    signatures = []
    for line in text[:-1].split("\n"):
        dash, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        if dash != "—" or not name:
            raise MalformedError(f"not a signature line: {line[:60]!r}")
        check_key_name(name)
        value = from_base64(encoded, f"the signature of {name}")
        if len(value) < 5:
            raise MalformedError(f"the signature of {name} is too short")
        signatures.append(Signature(name=name, key_id=value[:4], value=value[4:]))
    if len(signatures) > MAX_SIGNATURES:
        raise MalformedError(f"more than {MAX_SIGNATURES} signatures")
    return tuple(signatures)


def parse_note(data: bytes) -> Note:
    """Step 2: a signed note."""
    text, signatures = split_note(data)
    return Note(text=text, signatures=parse_signatures(signatures))


def split_note(data: bytes) -> tuple[str, str]:
    """A signed note's text and its signature lines. The text may hold blank lines: it ends at the last one."""
    if len(data) > MAX_NOTE:
        raise MalformedError(f"a note of {len(data)} bytes, more than {MAX_NOTE}")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedError("the note is not UTF-8") from None
    if any(char < " " and char != "\n" for char in whole):
        raise MalformedError("the note holds a control character")
    text, blank, signatures = whole.rpartition("\n\n")
    if not blank:
        raise MalformedError("the note has no blank line before its signatures")
    return text + "\n", signatures


def check_key_name(name: str) -> None:
    """A key's name is not empty, is Unicode, and has no Unicode space, no control character and no plus sign."""
    if not name or "+" in name or any(char.isspace() or char < " " or "\ud800" <= char <= "\udfff" for char in name):
        raise MalformedError(f"not a key name: {name[:60]!r} (it may not be empty nor hold spaces or '+')")


@dataclass(frozen=True, kw_only=True)
class Key:
    """A public key: the name and type it signs under, and its bytes. str() is its vkey."""

    name: str
    type: int
    public: bytes

    @property
    def id(self) -> bytes:
        """Key id: SHA-256(name || 0x0A || type || public key)[:4]."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{to_base64(bytes([self.type]) + self.public)}"


def parse_key(vkey: str) -> Key:
    """A vkey: name, '+', key id as 8 hexadecimal digits, '+', base64 of type and public key."""
    parts = vkey.split("+", 2)  # the base64 may hold a "+" too
    if len(parts) != 3 or not re.fullmatch(r"[0-9a-fA-F]{8}", parts[1]):
        raise MalformedError(f"not a vkey (wanted name+id+key): {vkey[:60]!r}")
    check_key_name(parts[0])
    value = from_base64(parts[2], f"the key of {parts[0]}")
    if not value or value[0] not in PUBLIC_KEY_SIZE:
        kind = f"type {value[0]:#04x}" if value else "no type"
        raise MalformedError(f"the key of {parts[0]} has {kind}; known are 0x01, 0x04 (Ed25519) and 0x06 (ML-DSA-44)")
    key = Key(name=parts[0], type=value[0], public=value[1:])
    if len(key.public) != PUBLIC_KEY_SIZE[key.type]:
        raise MalformedError(f"the key of {key.name} has {len(key.public)} bytes, wanted {PUBLIC_KEY_SIZE[key.type]}")
    if key.id.hex() != parts[1].lower():
        raise MalformedError(f"the id of {key.name}'s key is {parts[1]}, but its bytes give {key.id.hex()}")
    if key.type != ML_DSA_44:
        check_ed25519(key.public, f"the key of {key.name}")
    return key


def check_ed25519(public: bytes, what: str) -> None:
    """Refuse a key under which a signature proves nothing, or that can be spelled in two ways.

    Under a point of small order one signature fits every text, or every eighth: whoever holds such a key "signed"
    whatever anybody shows, and can say so.
    """
    y = int.from_bytes(public, "little") % 2**255
    if y >= FIELD or y in SMALL_ORDER:
        raise MalformedError(
            f"{what} is none: a point of small order, or not the one spelling of its point; anybody can sign under it"
        )


def signed_message(key_type: int, name: str, text: str, time: int) -> bytes:
    """The bytes that a signature covers. time: POSIX seconds, 0 for type 0x01, which has none."""
    if key_type == ED25519:
        return text.encode()
    if key_type == COSIGNATURE:
        return f"cosignature/v1\ntime {time}\n{text}".encode()
    checkpoint = parse_checkpoint(text)
    signer, origin = name.encode(), checkpoint.origin.encode()
    if len(signer) > 255 or len(origin) > 255:
        raise MalformedError("a name or origin of more than 255 bytes cannot be cosigned with ML-DSA-44")
    numbers = (0).to_bytes(8, "big") + checkpoint.size.to_bytes(8, "big")  # the whole tree: from 0 to its size
    signer, origin = bytes([len(signer)]) + signer, bytes([len(origin)]) + origin
    return b"subtree/v1\n\0" + signer + time.to_bytes(8, "big") + origin + numbers + checkpoint.root


def verify_signature(key: Key, text: str, signature: Signature) -> int:
    """Check one signature by this key. Returns the time it states (POSIX seconds; 0 where the type has none)."""
    time, value = 0, signature.value
    if key.type != ED25519:
        time, value = int.from_bytes(value[:8], "big"), value[8:]
    try:
        if time > MAX_TIME:
            raise InvalidSignature
        message = signed_message(key.type, key.name, text, time)
        if key.type == ML_DSA_44:
            MLDSA44PublicKey.from_public_bytes(key.public).verify(value, message)
        else:
            Ed25519PublicKey.from_public_bytes(key.public).verify(value, message)
    except (InvalidSignature, ValueError):
        raise NotVerifiedError(f"the signature of {key.name} does not verify") from None
    return time


def verify_note(note: Note, keys: Iterable[Key]) -> dict[Key, int]:
    """Which of the known keys signed the note, and at what time. Unknown keys are ignored, a bad signature is not."""
    known = {(key.name, key.id): key for key in keys}
    signed: dict[Key, int] = {}
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is not None:
            signed[key] = max(verify_signature(key, note.text, signature), signed.get(key, 0))
    if not signed:
        raise NotVerifiedError("no known key signed this")
    return signed


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """The head of a log: whose it is, how many entries its tree has, and the root that binds them all."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "".join(line + "\n" for line in (self.origin, str(self.size), to_base64(self.root), *self.extensions))


def parse_checkpoint(text: str) -> Checkpoint:
    """Step 2: the text of a checkpoint: origin, size, root hash, and lines that mean nothing here."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() or not all(lines):
        raise MalformedError("a checkpoint is at least three lines (origin, size, root hash), none empty")
    size = whole_number(lines[1], "the size of the tree")
    root = hash_from_base64(lines[2], "the root hash")
    return Checkpoint(origin=lines[0], size=size, root=root, extensions=tuple(lines[3:]))


# ---------------------------------------------------------------------------------------------- policy


@dataclass(frozen=True, kw_only=True)
class Group:
    """At least `wanted` of the members must have cosigned."""

    wanted: int
    members: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What a checkpoint needs. A log's key is bound to the origin that is its name. urls: by log origin or witness."""

    logs: tuple[Key, ...]
    witnesses: Mapping[str, Key]
    groups: Mapping[str, Group]
    quorum: str
    urls: Mapping[str, str]

    def met_by(self, signers: Iterable[str]) -> bool:
        """Whether these witnesses make the quorum. Members stand above their group: one pass, any depth."""
        met = {"none", *(name for name in signers if name in self.witnesses)}
        for name, group in self.groups.items():
            if sum(member in met for member in group.members) >= group.wanted:
                met.add(name)
        return self.quorum in met


def parse_policy(data: bytes) -> Policy:
    """A policy file: lines `log`, `witness`, `group` and one `quorum`; `#` begins a comment line."""
    if len(data) > MAX_NOTE:
        raise MalformedError(f"a policy of {len(data)} bytes, more than {MAX_NOTE}")
    if re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", data):
        raise MalformedError("the policy holds a control character")
    logs: list[Key] = []
    witnesses: dict[str, Key] = {}
    groups: dict[str, Group] = {}
    urls: dict[str, str] = {}
    members: set[str] = set()
    names: set[str] = set()
    log_keys: set[bytes] = set()
    witness_keys: set[bytes] = set()
    quorum: str | None = None
    for number, line in enumerate(data.decode("utf-8", "surrogateescape").split("\n"), 1):
        words = re.split(r"[ \t]+", line.strip(" \t"))
        match words:
            case [first, *_] if not first or first.startswith("#"):
                continue
            case ["log", vkey, *url] if len(url) <= 1:
                logs.append(_policy_key(vkey, log_keys, (ED25519, ML_DSA_44), number))
                urls.update(zip([logs[-1].name], url, strict=False))
            case ["witness", name, vkey, *url] if len(url) <= 1 and name not in names and name != "none":
                witnesses[name] = _policy_key(vkey, witness_keys, (COSIGNATURE, ML_DSA_44), number)
                names.add(name)
                urls.update(zip([name], url, strict=False))
            case ["group", name, wanted, *inside] if inside and name not in names and name != "none":
                count = {"any": "1", "all": str(len(inside))}.get(wanted, wanted)
                if not re.fullmatch(r"[1-9][0-9]{0,5}", count, re.ASCII) or int(count) > len(inside):
                    raise MalformedError(f"policy line {number}: wanted any, all or 1 to {len(inside)}, got {wanted!r}")
                if members.intersection(inside) or len(set(inside)) < len(inside) or not names.issuperset(inside):
                    raise MalformedError(f"policy line {number}: members must be named above, and be in one group only")
                members.update(inside)
                groups[name] = Group(wanted=int(count), members=tuple(inside))
                names.add(name)
            case ["quorum", name] if quorum is None and (name == "none" or name in names):
                quorum = name
            case _:
                raise MalformedError(
                    f"policy line {number}: not understood, or its name is taken or not known: {line!r}"
                )
    if quorum is None:
        raise MalformedError("the policy has no quorum line (`quorum none` asks for no witness)")
    return Policy(logs=tuple(logs), witnesses=witnesses, groups=groups, quorum=quorum, urls=urls)


def _policy_key(vkey: str, known: set[bytes], types: Sequence[int], number: int) -> Key:
    key = parse_key(vkey)
    if key.type == ED25519 and COSIGNATURE in types:  # witnesses publish their key so; they cosign under type 0x04
        key = Key(name=key.name, type=COSIGNATURE, public=key.public)
    if key.type not in types or key.public in known:
        raise MalformedError(f"policy line {number}: the key of {key.name} is there twice, or is not of a fitting type")
    known.add(key.public)
    return key


# -------------------------------------------------------------------------------------------- the tree


def leaf_hash(entry: bytes) -> bytes:
    """RFC 6962, section 2.1: SHA-256(0x00 || entry)."""
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962, section 2.1: SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\1" + left + right).digest()


def root_from_path(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """Step 5: the root that the leaf at index of a tree of this size has, given the hashes beside its path.

    RFC 9162, section 2.1.3.2. Exactly as many hashes as the path needs, else NotVerifiedError.
    """
    if not 0 <= index < size:
        raise NotVerifiedError(f"entry {index} is not in a tree of {size}")
    if len(leaf) != 32:
        raise NotVerifiedError("a leaf hash is 32 bytes")
    node, last, here = index, size - 1, leaf
    for beside in path:
        if len(beside) != 32 or last == 0:
            raise NotVerifiedError("the proof has more hashes than the tree has levels, or one that is not 32 bytes")
        if node % 2 or node == last:
            here = node_hash(beside, here)
            while node % 2 == 0:  # on the right edge a node without sibling rises unchanged
                node, last = node // 2, last // 2
        else:
            here = node_hash(here, beside)
        node, last = node // 2, last // 2
    if last != 0:
        raise NotVerifiedError("the proof has fewer hashes than the tree has levels")
    return here


# ----------------------------------------------------------------------------------------- the receipt


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """A receipt as it is written. extra: the entry itself, where the receipt carries it. checkpoint: a signed note."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def __bytes__(self) -> bytes:
        extra = [] if self.extra is None else [f"extra {to_base64(self.extra)}"]
        lines = [RECEIPT_HEADER, *extra, f"index {self.index}", *map(to_base64, self.path), "", ""]
        return "\n".join(lines).encode() + self.checkpoint


def parse_receipt(data: bytes) -> Receipt:
    """Step 1: a `.tlog-proof` text. The checkpoint is kept as it stands; nothing is verified yet."""
    head, blank, checkpoint = data.partition(b"\n\n")
    if len(data) > MAX_NOTE or not blank or not head.isascii():
        raise MalformedError("not a receipt: no blank line before the checkpoint, or too long")
    lines = head.decode("ascii").split("\n")
    if lines.pop(0) != RECEIPT_HEADER:
        raise MalformedError(f"not a receipt: the first line is not {RECEIPT_HEADER!r}")
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = from_base64(lines.pop(0).removeprefix("extra "), "the extra data")
    if not lines or not lines[0].startswith("index "):
        raise MalformedError("the receipt has no line `index N`")
    index = whole_number(lines.pop(0).removeprefix("index "), "the index")
    if len(lines) > 63:
        raise MalformedError("the receipt has more than 63 hashes")
    path = tuple(hash_from_base64(line, "a hash of the proof") for line in lines)
    return Receipt(index=index, path=path, checkpoint=checkpoint, extra=extra)


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What has been shown. witnesses: the time (POSIX seconds) each witness of the policy stated."""

    checkpoint: Checkpoint
    witnesses: Mapping[str, int]
    index: int = 0
    entry: bytes = b""


def verify_checkpoint(data: bytes, policy: Policy) -> Verified:
    """Steps 2 to 4: a checkpoint that a log of the policy signed and that its quorum of witnesses cosigned."""
    note = parse_note(data)
    checkpoint = parse_checkpoint(note.text)
    # 3. The origin must be that of a log in the policy, and one of that log's keys must have signed.
    keys = [key for key in policy.logs if key.name == checkpoint.origin]
    if not keys:
        raise NotVerifiedError(f"the policy names no log {checkpoint.origin!r}")
    verify_note(note, keys)
    # 4. A known witness with a bad signature rejects the whole; the good ones must make the quorum.
    signed = verify_note(note, [*keys, *policy.witnesses.values()])
    witnesses = {name: signed[key] for name, key in policy.witnesses.items() if key in signed}
    if not policy.met_by(witnesses):
        who = ", ".join(sorted(witnesses)) or "nobody"
        raise NotVerifiedError(f"the quorum {policy.quorum!r} is not met: of the policy's witnesses, {who} cosigned")
    return Verified(checkpoint=checkpoint, witnesses=witnesses)


def verify_receipt(data: bytes, policy: Policy, entry: bytes | None = None) -> Verified:
    """Steps 1 to 5. entry: the bytes that must be in the log; without it, those that the receipt itself carries."""
    receipt = parse_receipt(data)
    if entry is None:
        entry = receipt.extra
    if entry is None:
        raise NotVerifiedError("the receipt does not carry its entry: give the entry's file as well")
    if receipt.extra is not None and receipt.extra != entry:
        raise NotVerifiedError("the entry given is not the one that the receipt carries")
    shown = verify_checkpoint(receipt.checkpoint, policy)
    # 5. The extra data counts for nothing by itself: the walk from its hash to the signed root is what shows it.
    root = root_from_path(receipt.index, shown.checkpoint.size, leaf_hash(entry), receipt.path)
    if root != shown.checkpoint.root:
        raise NotVerifiedError(f"entry {receipt.index} of the tree that was signed is not this one")
    return Verified(checkpoint=shown.checkpoint, witnesses=shown.witnesses, index=receipt.index, entry=entry)


# --------------------------------------------------------------------------------------- what is shown

STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 but for tab and newline, DEL, C1
    "\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # direction and no width
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0"  # drawn as nothing
    "\u2028\u2029\ufff0-\ufffb"  # lines, and marks between lines
    "\ud800-\udfff"  # halves of characters
    "\U000e0000-\U000e0fff\U0001d173-\U0001d17a"  # tags, more selectors, beams
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3]"  # joiners of hieroglyphs, overlaps of shorthand
)


def printable(text: str) -> str:
    """The text without what steers a terminal or hides in it, such characters written as in JSON; line ends stay."""

    def escaped(found: re.Match[str]) -> str:
        units = found[0].encode("utf-16-be", "surrogatepass")
        return "".join(f"\\u{int.from_bytes(units[at : at + 2], 'big'):04x}" for at in range(0, len(units), 2))

    return STEERING.sub(escaped, text)


def one_line(text: str) -> str:
    """As printable, on one line: the line end of an entry or a name could begin a line that looks like one of ours."""
    return printable(text).replace("\n", "\\n").replace("\t", "\\t")


def read_file(name: str) -> bytes:
    """A regular file of at most 1 MiB: never a pipe that nobody writes to, nor a device that never ends."""
    descriptor = os.open(name, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise MalformedError(f"{name} is no regular file")
        data = stream.read(MAX_NOTE + 1)
    if len(data) > MAX_NOTE:
        raise MalformedError(f"{name} has more than {MAX_NOTE} bytes")
    return data


def main(arguments: Sequence[str]) -> int:
    """Command line of this file alone: RECEIPT POLICY [ENTRY]. Exit status 0 if verified, 1 if not."""
    if len(arguments) not in (2, 3):
        sys.stderr.write("usage: python verify.py RECEIPT POLICY [ENTRY]\n")
        return 2
    try:
        receipt, policy, *entry = map(read_file, arguments)
        shown = verify_receipt(receipt, parse_policy(policy), *entry)
    except OSError as error:
        sys.stderr.write(one_line(str(error)) + "\n")
        return 2
    except RecordError as error:
        sys.stderr.write(f"NOT VERIFIED: {one_line(str(error))}\n")
        return 1
    signers = ", ".join(shown.witnesses) or "no witness"
    head = shown.checkpoint
    verdict = f"verified: entry {shown.index} of {head.size} in {head.origin}, cosigned by {signers}"
    entry_text = shown.entry.decode("utf-8", "backslashreplace")
    sys.stdout.write(f"{one_line(verdict)}\nentry: {one_line(entry_text)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
