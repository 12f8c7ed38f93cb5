"""Where the record's commands take private keys and passphrases from; none of it is ever printed."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from veedor.cli.texts import TEXTS

if TYPE_CHECKING:
    from veedor.record.keys import SigningKey

KEY_VARIABLE, PASSPHRASE_VARIABLE = "VEEDOR_RECORD_KEY", "VEEDOR_RECORD_PASSPHRASE"

KeyOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--key",
        help=f"Encrypted key file of `veedor record key`; may be repeated (default: the key in {KEY_VARIABLE}).",
    ),
]
KeyDescriptorOption = Annotated[
    int | None, typer.Option("--key-fd", min=0, help="Open file descriptor from which the private key is read as text.")
]
PassphraseOption = Annotated[
    int | None,
    typer.Option(
        "--passphrase-fd",
        min=0,
        help=f"Open file descriptor with the passphrase (default: {PASSPHRASE_VARIABLE}, else a prompt).",
    ),
]


def signing_keys(files: list[Path] | None, key_descriptor: int | None, passphrase_fd: int | None) -> "list[SigningKey]":
    """The private keys to sign with, from encrypted files, a file descriptor or the environment."""
    from veedor.errors import VeedorError
    from veedor.record.keys import load_key, parse_private_key, secret_from_descriptor

    if files:
        passphrase = _passphrase(passphrase_fd, confirm=False)
        return [load_key(path, passphrase) for path in files]
    text = secret_from_descriptor(key_descriptor) if key_descriptor is not None else os.environ.get(KEY_VARIABLE, "")
    keys = [parse_private_key(word) for word in text.split()]
    if not keys:
        raise VeedorError(TEXTS.say("error.no_key", variable=KEY_VARIABLE))
    return keys


def new_passphrase(passphrase_fd: int | None) -> str:
    """The passphrase for a new key; asked for twice at a terminal."""
    return _passphrase(passphrase_fd, confirm=True)


def _passphrase(descriptor: int | None, *, confirm: bool) -> str:
    from veedor.errors import VeedorError
    from veedor.record.keys import secret_from_descriptor

    if descriptor is not None:
        return secret_from_descriptor(descriptor)
    if PASSPHRASE_VARIABLE in os.environ:
        return os.environ[PASSPHRASE_VARIABLE]
    if not sys.stdin.isatty():
        raise VeedorError(TEXTS.say("error.no_passphrase", variable=PASSPHRASE_VARIABLE))
    answer: str = typer.prompt(TEXTS.say("record.passphrase"), hide_input=True, confirmation_prompt=confirm, err=True)
    return answer
