"""veedor audit, what people sign: the text of a statement, signing it with a key file, and keeping what was signed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from veedor.cli.common import JsonOption, print_json
from veedor.cli.texts import TEXTS

if TYPE_CHECKING:
    from veedor.audit.protocol.signed_statement import Signed, Statement
    from veedor.document import Document

FolderArgument = Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of the audit.")]
StatementArgument = Annotated[
    Path, typer.Argument(metavar="STATEMENT", help="File with the statement, exactly as it was signed.")
]
SignatureOption = Annotated[
    Path,
    typer.Option("--signature", help="File with its signature: from `ssh-keygen -Y sign`, or a line of a signed note."),
]
WhoOption = Annotated[str, typer.Option("--signatory", help="ID of the signatory in the plan.")]
AtOption = Annotated[
    str | None, typer.Option("--at", help="Time of the statement, ISO 8601 with the offset from UTC (default: now).")
]
ObjectsOption = Annotated[str | None, typer.Option("--objects", help="Object for this reason, instead of consenting.")]
SecretOption = Annotated[
    Path | None, typer.Option("--secret", help="File with a secret to which the statement commits, for the seed.")
]
RevealsOption = Annotated[
    bool, typer.Option("--reveals", help="Reveal the secret instead, once the commitments are closed.")
]
SeedOption = Annotated[
    bool, typer.Option("--seed", help="Sign the record of the seed, as one who was present or took part.")
]
EntryOption = Annotated[
    Path | None, typer.Option("--entry", help="File with what was read from the latest round's sample: sign that.")
]


def register(group: typer.Typer) -> None:
    """Add the commands to the group."""
    for command in (statement, sign, consent, commit, reveal, attest):
        group.command(command.__name__)(command)


def statement(
    folder: FolderArgument,
    signatory: Annotated[str, typer.Option("--signatory", help="ID of the signatory in the plan.")] = "",
    objects: ObjectsOption = None,
    secret_file: SecretOption = None,
    reveals: RevealsOption = False,
    seed: SeedOption = False,
    entry: EntryOption = None,
    reader: Annotated[
        str, typer.Option("--reader", help="With --entry: name of a reader who is not in the plan.")
    ] = "",
    public_key: Annotated[
        Path | None, typer.Option("--public-key", help="With --reader: file with the reader's public key.")
    ] = None,
    at: AtOption = None,
) -> None:
    """Print the text that a person signs.

    Consent (without further options), an objection, a commitment, a secret, the seed's record, or an entry.
    """
    from veedor.errors import VeedorError

    if bool(signatory) == bool(reader):
        raise VeedorError(TEXTS.say("error.signatory_or_reader"))
    if (public_key is not None) != bool(reader) or (reader and entry is None):
        raise VeedorError(TEXTS.say("error.reader"))
    key = "" if public_key is None else _last_line(public_key)
    made = _statement(folder, signatory, objects, secret_file, reveals, seed, entry, at, reader=reader, key=key)
    print(made, end="")


def sign(
    folder: FolderArgument,
    signatory: WhoOption,
    key: Annotated[Path, typer.Option("--key", help="Key file of `veedor record key`.")],
    objects: ObjectsOption = None,
    secret_file: SecretOption = None,
    reveals: RevealsOption = False,
    seed: SeedOption = False,
    entry: EntryOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="With --entry: file for the statement; its signature goes beside it.")
    ] = None,
    at: AtOption = None,
    passphrase: Annotated[
        str,
        typer.Option(
            envvar="VEEDOR_RECORD_PASSPHRASE", prompt=True, hide_input=True, help="Passphrase of the key file."
        ),
    ] = "",
    json: JsonOption = False,
) -> None:
    """Sign a statement with a key of `veedor record key`.

    It is kept in the audit's folder; an entry's statement is written to the file of --out.
    """
    from veedor.audit.document import StatementWritten
    from veedor.errors import VeedorError
    from veedor.record.errors import RecordError
    from veedor.record.keys import load_key

    if (entry is None) != (out is None):
        raise VeedorError(TEXTS.say("error.entry_and_out"))
    made = _statement(folder, signatory, objects, secret_file, reveals, seed, entry, at)
    try:
        signature = str(load_key(key, passphrase).sign(str(made)))
    except RecordError as error:
        raise VeedorError(str(error)) from None
    if out is not None:
        _write_beside(out, str(made), signature)
        _say(
            StatementWritten(statement=str(out), signature=f"{out}.sig"),
            TEXTS.say("audit.statement_written", file=str(out)),
            json,
        )
        return
    _keep(folder, made.kind, bytes(made), signature, json)


def consent(
    folder: FolderArgument,
    text: StatementArgument,
    signature: Annotated[
        Path | None,
        typer.Option(
            "--signature", help="File with its signature: from `ssh-keygen -Y sign`, or a line of a signed note."
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Keep a signatory's signed answer, after verifying it. An objection is kept without a signature too."""
    from veedor.audit.protocol.consent import record

    signed = None if signature is None else read_text(signature)
    say_kept(record(folder, read(text), signed), json)


def commit(
    folder: FolderArgument, text: StatementArgument, signature: SignatureOption, json: JsonOption = False
) -> None:
    """Keep a party's signed commitment to its part of the seed.

    The last one closes the commitments.
    """
    _keep(folder, "commits", read(text), read_text(signature), json)


def reveal(
    folder: FolderArgument, text: StatementArgument, signature: SignatureOption, json: JsonOption = False
) -> None:
    """Keep a party's signed secret; the last one makes the seed."""
    _keep(folder, "reveals", read(text), read_text(signature), json)


def attest(
    folder: FolderArgument, text: StatementArgument, signature: SignatureOption, json: JsonOption = False
) -> None:
    """Keep a signatory's signature under the record of the seed. Without a quorum of them there is no draw."""
    _keep(folder, "attests", read(text), read_text(signature), json)


def _keep(folder: Path, kind: str, text: bytes, signature: str, json: bool) -> None:
    from veedor.audit.document import SeedShown
    from veedor.audit.protocol.attestation import attest as keep_attestation
    from veedor.audit.protocol.commit_reveal import commit as keep_commitment
    from veedor.audit.protocol.consent import record
    from veedor.audit.protocol.seed import reveal as keep_secret

    if kind == "reveals":
        made = keep_secret(folder, text, signature)
        said = TEXTS.say("audit.shown") if made is None else TEXTS.say("audit.seed_made", seed=made.seed)
        _say(SeedShown(seed=None if made is None else made.seed), said, json)
        return
    by_kind = {"commits": keep_commitment, "attests": keep_attestation}
    say_kept(by_kind.get(kind, record)(folder, text, signature), json)


def say_kept(kept: "Signed", json: bool) -> None:
    """Say what was kept in the folder."""
    from veedor.audit.document import StatementKept

    said = kept.statement
    document = StatementKept(signatory=said.signatory, answer=said.kind, at=said.at, signed=kept.signed)
    kept_words = TEXTS.say("audit.kept", who=said.signatory, answer=TEXTS.say(f"audit.answer.{said.kind}"))
    _say(document, kept_words, json)


def _statement(
    folder: Path,
    signatory: str,
    objects: str | None,
    secret_file: Path | None,
    reveals: bool,
    seed: bool,
    entry: Path | None,
    at: str | None,
    *,
    reader: str = "",
    key: str = "",
) -> "Statement":
    """The statement that the options ask for: one kind at a time."""
    from veedor.audit.protocol.attestation import attestation_statement
    from veedor.audit.protocol.commit_reveal import commitment_statement, reveal_statement
    from veedor.audit.protocol.consent import answer_statement
    from veedor.audit.protocol.entry_signatures import entry_statement
    from veedor.errors import VeedorError

    if sum((objects is not None, secret_file is not None, seed, entry is not None)) > 1:
        raise VeedorError(TEXTS.say("error.one_kind"))
    if reveals and secret_file is None:
        raise VeedorError(TEXTS.say("error.reveals"))
    when = time_given(at)
    if entry is not None:
        return entry_statement(folder, read(entry), at=when, signatory=signatory, reader=reader, key=key)
    if seed:
        return attestation_statement(folder, signatory, when)
    if secret_file is not None:
        secret = read(secret_file).decode("ascii", "replace").strip()
        return (reveal_statement if reveals else commitment_statement)(folder, signatory, secret, when)
    return answer_statement(folder, signatory, at=when, objects=objects)


def time_given(text: str | None) -> str:
    """The time that an option gives, which must be one; now if it gives none."""
    from datetime import datetime

    from veedor.audit.protocol.folder import time_of

    if text is None:
        return datetime.now().astimezone().isoformat(timespec="seconds")
    time_of(text)
    return text


def read(path: Path) -> bytes:
    """The bytes of a file that somebody names."""
    from veedor.audit.rounds.readings import read_bytes

    return read_bytes(path)


def read_text(path: Path) -> str:
    """A signature's file."""
    return read(path).decode("utf-8", "replace")


def _last_line(path: Path) -> str:
    lines = read_text(path).strip().splitlines()
    return lines[-1] if lines else ""


def _write_beside(out: Path, text: str, signature: str) -> None:
    from veedor.audit.protocol.folder import write

    write(out.parent, out.name, text.encode())
    write(out.parent, f"{out.name}.sig", signature.encode())


def _say(document: "Document", text: str, json: bool) -> None:
    if json:
        print_json(document)
    else:
        print(text)
