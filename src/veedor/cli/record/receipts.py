"""veedor record prove, verify, print, page: receipts, from the log to whoever wants to check one."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from veedor.cli.common import JsonOption, print_json
from veedor.cli.record.tables import checkpoint_shown, iso, read_policy, verified_shown
from veedor.cli.speech import number
from veedor.cli.texts import TEXTS
from veedor.rim.terminal import one_line

if TYPE_CHECKING:
    from veedor.ledger.ledger import Ledger

PolicyOption = Annotated[Path, typer.Option("--policy", help="Policy file: the log's keys, the witnesses, the quorum.")]
OutOption = Annotated[Path, typer.Option("--out", help="File to write; must not exist yet.")]


def prove(
    log: Annotated[str, typer.Argument(metavar="LOG", help="The log's folder or address.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write (with --all, a folder or a .zip); must not exist yet.")
    ] = None,
    station: Annotated[str | None, typer.Option("--station", help="Station whose sheet to prove.")] = None,
    index: Annotated[int | None, typer.Option("--index", min=0, help="Number of the entry to prove.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="A receipt for each sheet that no later entry replaces.")
    ] = False,
    since: Annotated[
        int | None, typer.Option("--since", min=0, help="Prove that the log extends its tree of this size.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Write receipts (inclusion proofs) or a consistency proof."""
    from veedor.cli.documents import ReceiptsWritten
    from veedor.errors import VeedorError
    from veedor.record import receipts
    from veedor.record.source import source_of

    if sum((station is not None, index is not None, everything, since is not None)) != 1:
        raise VeedorError(TEXTS.say("error.one_of_receipts"))
    source = source_of(log)
    if since is not None:
        _print_consistency(log, since, json)
        return
    if out is None:
        raise VeedorError(TEXTS.say("error.receipt_out"))
    if everything:
        names = _names(log)
        done = receipts.write_receipts(out, receipts.make_receipts(source, sorted(names)), names)
    else:
        chosen = index if index is not None else _index_of(log, station or "")
        _write_new(out, bytes(receipts.make_receipt(source, chosen)))
        done = 1
    if json:
        print_json(ReceiptsWritten(receipts=done, out=str(out)))
    else:
        print(TEXTS.plural("record.receipts", done, file=str(out)))


def verify(
    receipt: Annotated[Path, typer.Argument(metavar="RECEIPT", help="The receipt's file (.tlog-proof).")],
    policy: PolicyOption,
    entry: Annotated[Path | None, typer.Option("--entry", help="File that must equal the entry byte for byte.")] = None,
    json: JsonOption = False,
) -> None:
    """Verify a receipt offline.

    Exit status: 0 if it verifies, 1 if not, 2 if a file is not what it should be.
    """
    from veedor.cli.documents import ReceiptRefused
    from veedor.record.errors import NotVerifiedError
    from veedor.record.files import read_file
    from veedor.record.verify import MAX_NOTE, verify_receipt

    rules = read_policy(policy)
    try:
        given = None if entry is None else read_file(entry, MAX_NOTE)
        shown = verify_receipt(read_file(receipt, MAX_NOTE), rules, given)
    except NotVerifiedError as error:
        if json:
            print_json(ReceiptRefused(reason=str(error)))
        else:
            print(one_line(TEXTS.say("audit.not_verified", reason=str(error))))
        raise typer.Exit(1) from None
    if json:
        print_json(verified_shown(shown))
        return
    head = shown.checkpoint
    index, size = str(shown.index), number(head.size)
    print(one_line(TEXTS.say("record.verified", index=index, size=size, origin=head.origin)))
    for name, time in shown.witnesses.items():
        print(one_line(TEXTS.say("record.cosigned", witness=name, when=iso(time))))
    print(one_line(TEXTS.say("record.entry", entry=shown.entry.decode("utf-8", "backslashreplace"))))


def print_page(
    receipt: Annotated[Path, typer.Argument(metavar="RECEIPT", help="The receipt's file (.tlog-proof).")],
    out: OutOption,
    policy: Annotated[
        Path | None, typer.Option("--policy", help="Keep only signatures that this policy knows, where space is short.")
    ] = None,
) -> None:
    """Make a page to print, with the receipt as a QR code."""
    from veedor.record.files import read_file
    from veedor.record.paper import printed_receipt
    from veedor.record.verify import MAX_NOTE

    rules = None if policy is None else read_policy(policy)
    _write_new(out, printed_receipt(read_file(receipt, MAX_NOTE), rules).encode())
    print(out)


def page(
    out: OutOption,
    policy: Annotated[Path | None, typer.Option("--policy", help="Policy that the page carries.")] = None,
) -> None:
    """Make an HTML page that verifies receipts offline.

    It is one file that works in a browser without a network.
    """
    from veedor.record.files import read_file
    from veedor.record.paper import verifying_page
    from veedor.record.verify import MAX_NOTE

    _write_new(out, verifying_page(b"" if policy is None else read_file(policy, MAX_NOTE)).encode())
    print(out)


COMMANDS = (("prove", prove), ("verify", verify), ("print", print_page), ("page", page))


def _write_new(path: Path, data: bytes) -> None:
    from veedor.errors import VeedorError
    from veedor.record.files import write_atomically

    if path.exists():
        raise VeedorError(TEXTS.say("error.exists", file=str(path)))
    write_atomically({path: data})


def _names(log: str) -> dict[int, str]:
    """A file's name for the entry of each station that stands; with its count where the log holds several."""
    from veedor.errors import VeedorError
    from veedor.ledger.ledger import receipt_names

    names = receipt_names(_ledger(log))
    if not names:
        raise VeedorError(TEXTS.say("error.no_sheets", log=log))
    return names


def _index_of(log: str, station: str) -> int:
    from veedor.errors import VeedorError

    standing = [one for key, one in _ledger(log).standing.items() if key[3] == station]
    if not standing:
        raise VeedorError(TEXTS.say("error.no_standing", log=log, station=repr(station)))
    if len(standing) > 1:
        indices = ", ".join(str(one.index) for one in standing)
        raise VeedorError(TEXTS.say("error.several", log=log, station=repr(station), indices=indices))
    return standing[0].index


def _ledger(log: str) -> "Ledger":
    from veedor.ledger.ledger import read_ledger
    from veedor.record.reader import verified_entries
    from veedor.record.source import read_checkpoint, source_of
    from veedor.record.verify import parse_checkpoint, parse_note

    source = source_of(log)
    head = parse_checkpoint(parse_note(read_checkpoint(source)).text)
    return read_ledger(verified_entries(source, head))


def _print_consistency(log: str, since: int, json: bool) -> None:
    from veedor.cli.documents import ConsistencyDocument
    from veedor.errors import VeedorError
    from veedor.record.merkle import consistency_proof
    from veedor.record.reader import node_reader
    from veedor.record.source import read_checkpoint, source_of
    from veedor.record.verify import parse_checkpoint, parse_note, to_base64

    source = source_of(log)
    head = parse_checkpoint(parse_note(read_checkpoint(source)).text)
    if since > head.size:
        raise VeedorError(TEXTS.plural("error.shorter", head.size, log=log, since=number(since)))
    proof = [to_base64(one) for one in consistency_proof(since, head.size, node_reader(source, head.size))]
    if json:
        print_json(ConsistencyDocument(since=since, checkpoint=checkpoint_shown(head), proof=proof))
    else:
        print("\n".join(proof))
