"""When two lines name one key: its numbers are compared, whatever it is called and in whichever form it is written."""

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_ssh_public_key

from veedor.record.verify import parse_key

Identity = tuple[str | int | bytes, ...]


def identity(line: str) -> Identity:
    """The identity of a valid line's key (`signing.check_key`): the same for every spelling of it.

    A note key and an SSH key of the same Ed25519 point are one key; two RSA keys with one modulus have one owner.
    """
    if not line.startswith(("ssh-", "ecdsa-")):
        return ("ed25519", parse_key(line).public)
    key = load_ssh_public_key(line.encode())
    if isinstance(key, Ed25519PublicKey):
        return ("ed25519", key.public_bytes_raw())
    if isinstance(key, rsa.RSAPublicKey):
        return ("rsa", key.public_numbers().n)
    assert isinstance(key, ec.EllipticCurvePublicKey)  # check_key takes no other
    numbers = key.public_numbers()
    return (key.curve.name, numbers.x, numbers.y)
