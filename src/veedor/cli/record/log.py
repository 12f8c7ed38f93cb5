"""veedor record: an append-only log of tally sheets that independent witnesses cosign."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from veedor.cli.common import (
    ContestOption,
    CountOption,
    DataOption,
    ElectionArgument,
    JsonOption,
    SkipOption,
    console,
    open_with_data,
    print_json,
    say,
    tell_left_out,
)
from veedor.cli.record.keys import KeyDescriptorOption, KeyOption, PassphraseOption, new_passphrase, signing_keys
from veedor.cli.record.tables import checkpoint_shown, gathered_shown, guarded, read_policy
from veedor.cli.speech import number, shown
from veedor.cli.texts import TEXTS
from veedor.rim.terminal import one_line, printable

LogArgument = Annotated[Path, typer.Argument(metavar="LOG", help="The log's folder.")]
PlaceArgument = Annotated[str, typer.Argument(metavar="LOG", help="The log's folder or address.")]
PolicyOption = Annotated[Path, typer.Option("--policy", help="Policy file: the log's keys, the witnesses, the quorum.")]


class Use(StrEnum):
    """The signer that a key is for."""

    LOG = "log"
    WITNESS = "witness"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    from veedor.cli.record import receipts, serve

    group = typer.Typer(
        help=(
            "Keep tally sheets in a witnessed transparency log.\n\n"
            "An append-only log of tally sheets, whose checkpoints independent witnesses cosign."
        ),
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    for name, command in (
        ("key", key),
        ("init", init),
        ("append", append),
        ("checkpoint", checkpoint),
        ("cosign", cosign),
        *receipts.COMMANDS,
        *serve.COMMANDS,
    ):
        group.command(name)(guarded(command))
    app.add_typer(group, name="record")


def key(
    out: Annotated[Path, typer.Argument(metavar="FILE", help="File to write the encrypted private key to.")],
    name: Annotated[str, typer.Option("--name", help="Name it signs under, such as example.org/log.")],
    use: Annotated[Use, typer.Option("--for", help="Who signs with it: a log or a witness.")] = Use.LOG,
    post_quantum: Annotated[bool, typer.Option("--post-quantum", help="ML-DSA-44 instead of Ed25519.")] = False,
    passphrase_fd: PassphraseOption = None,
    json: JsonOption = False,
) -> None:
    """Make a key; its private half is written encrypted.

    The public half is printed.
    """
    from veedor.cli.documents import KeyDocument
    from veedor.record.keys import new_key, save_key
    from veedor.record.verify import COSIGNATURE, ED25519, ML_DSA_44

    made = new_key(name, ML_DSA_44 if post_quantum else COSIGNATURE if use is Use.WITNESS else ED25519)
    save_key(made, out, new_passphrase(passphrase_fd))
    if json:
        print_json(KeyDocument(file=str(out), vkey=str(made.public)))
    else:
        print(made.public)


def init(
    log: LogArgument,
    origin: Annotated[str, typer.Option("--origin", help="Permanent name of the log: its address without https://.")],
    key: KeyOption = None,
    key_fd: KeyDescriptorOption = None,
    passphrase_fd: PassphraseOption = None,
    json: JsonOption = False,
) -> None:
    """Create a new, empty, signed log."""
    from veedor.cli.documents import InitDocument
    from veedor.record.log import create_log

    head = create_log(log, origin, signing_keys(key, key_fd, passphrase_fd))
    if json:
        print_json(InitDocument(checkpoint=checkpoint_shown(head.checkpoint), keys=list(map(str, head.keys))))
        return
    print(TEXTS.say("record.made", log=str(log), origin=one_line(head.checkpoint.origin)))
    for public in head.keys:
        print(f"log {public}")


def append(
    election: ElectionArgument,
    log: Annotated[Path, typer.Option("--log", help="The log's folder.")],
    count: CountOption = None,
    snapshot: Annotated[
        str | None,
        typer.Option("--snapshot", help="Snapshot time, or `all` for each in turn (default: the last snapshot)."),
    ] = None,
    reason: Annotated[
        str | None, typer.Option("--reason", help="Reason for correcting sheets that the log already has.")
    ] = None,
    images: Annotated[
        Path | None,
        typer.Option("--images", help="Folder of images of the sheets, named by station; hashed, not kept."),
    ] = None,
    contest: ContestOption = None,
    data: DataOption = None,
    skip_bad_rows: SkipOption = False,
    key: KeyOption = None,
    key_fd: KeyDescriptorOption = None,
    passphrase_fd: PassphraseOption = None,
    json: JsonOption = False,
) -> None:
    """Add what a snapshot added or changed, and sign a checkpoint."""
    from veedor.cli.documents import AppendedSnapshot
    from veedor.ledger.publish import append_publications

    dataset = open_with_data(election, contest, data, skip_bad_rows=skip_bad_rows)
    done = append_publications(
        log,
        dataset,
        dataset.election.count_named(count),
        signing_keys(key, key_fd, passphrase_fd),
        snapshot=snapshot,
        reason=reason,
        images=images,
    )
    tell_left_out(fault for one in done for fault in one.left_out)
    if json:
        print_json(
            [
                AppendedSnapshot(
                    snapshot=one.when.isoformat(), added=one.added, checkpoint=checkpoint_shown(one.checkpoint)
                )
                for one in done
            ]
        )
        return
    for one in done:
        size = number(one.checkpoint.size)
        print(TEXTS.plural("record.added", one.added, when=one.when.isoformat(), size=size))


def checkpoint(
    log: PlaceArgument,
    policy: Annotated[
        Path | None, typer.Option("--policy", help="Also verify its signatures under this policy.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Re-read a whole log and show its checkpoint.

    Every tile and entry must be as signed; otherwise each fault is listed and the exit status is 1.
    """
    from veedor.cli.documents import CheckpointDocument
    from veedor.record.reader import faults
    from veedor.record.source import read_checkpoint, source_of
    from veedor.record.verify import parse_checkpoint, parse_note, verify_checkpoint

    source = source_of(log)
    signed = read_checkpoint(source)
    note = parse_note(signed)
    head = parse_checkpoint(note.text)
    signers = [line.name for line in note.signatures]
    if policy is not None:
        rules = read_policy(policy)
        cosigned = verify_checkpoint(signed, rules).witnesses
        signers = [head.origin, *(rules.witnesses[name].name for name in cosigned)]  # whose lines were verified
    found = faults(source, head)
    if json:
        print_json(
            CheckpointDocument(
                checkpoint=checkpoint_shown(head), signers=signers, policy_met=policy is not None, faults=found
            )
        )
    else:
        print(one_line(TEXTS.plural("record.head", head.size, origin=head.origin, root=head.root.hex())))
        signed_by = "record.signed_by" if policy else "record.signed_by_unchecked"
        print(one_line(TEXTS.say(signed_by, signers=", ".join(signers))))
        print(TEXTS.say("record.as_signed") if not found else printable("\n".join(map(shown, found))))
    if found:
        raise typer.Exit(1)


def cosign(
    log: LogArgument,
    policy: PolicyOption,
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, help="Seconds allowed for each witness.")] = 10,
    json: JsonOption = False,
) -> None:
    """Ask the policy's witnesses to cosign the checkpoint.

    Their signatures are added to it. The exit status is 1 without the policy's quorum.
    """
    from rich.table import Table

    from veedor.record.cosign import gather_cosignatures
    from veedor.record.log import add_signatures
    from veedor.record.source import Folder

    gathered = gather_cosignatures(Folder(log), read_policy(policy), seconds=seconds)
    add_signatures(log, gathered.note)
    if json:
        print_json(gathered_shown(gathered))
    else:
        table = Table(*(TEXTS.say(f"record.head_{name}") for name in ("witness", "signed", "says")), title=None)
        for one in gathered.asked:
            table.add_row(
                one_line(one.witness), TEXTS.say("answer.yes" if one.signature else "answer.no"), one_line(one.message)
            )
        console().print(table, markup=False)
        say(TEXTS.plural("record.quorum_met" if gathered.met else "record.quorum_not_met", gathered.checkpoint.size))
    if not gathered.met:
        raise typer.Exit(1)
