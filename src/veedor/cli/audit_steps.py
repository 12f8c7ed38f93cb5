"""veedor audit, the steps after the plan: statements and consent, seed, draw, entries, risk, verification."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from veedor.cli.common import JsonOption, console, print_json

FolderArgument = Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of the audit.")]
WhoOption = Annotated[str, typer.Option("--signatory", help="Id of the signatory, as the plan has it.")]
AtOption = Annotated[str | None, typer.Option("--at", help="Time of the statement; now unless told.")]
StatementArgument = Annotated[Path, typer.Argument(metavar="STATEMENT", help="The statement, as it was signed.")]


def register(group: typer.Typer) -> None:
    """Add the commands to the group."""
    commands = (statement, sign, consent, status, seed, commit, reveal, draw, form, enter, assess, verify, page)
    for command in commands:
        group.command(command.__name__)(command)


def statement(
    folder: FolderArgument,
    signatory: WhoOption,
    objects: Annotated[
        str | None, typer.Option("--objects", help="Reason of an objection, instead of consent.")
    ] = None,
    secret_file: Annotated[
        Path | None, typer.Option("--secret", help="File with a secret: the statement commits to it, for the seed.")
    ] = None,
    at: AtOption = None,
) -> None:
    """Print the text that a signatory signs: consent, an objection, or a commitment."""
    print(_statement(folder, signatory, objects, secret_file, at), end="")


def sign(
    folder: FolderArgument,
    signatory: WhoOption,
    key: Annotated[Path, typer.Option("--key", help="Key file of `veedor record key`.")],
    objects: Annotated[
        str | None, typer.Option("--objects", help="Reason of an objection, instead of consent.")
    ] = None,
    at: AtOption = None,
    passphrase: Annotated[
        str, typer.Option(envvar="VEEDOR_RECORD_PASSPHRASE", prompt=True, hide_input=True, help="Of the key file.")
    ] = "",
    json: JsonOption = False,
) -> None:
    """Sign the plan with a key of `veedor record key` and keep the answer in the audit's folder."""
    from veedor.audit.consent import record
    from veedor.errors import VeedorError
    from veedor.record.errors import RecordError
    from veedor.record.keys import load_key

    text = _statement(folder, signatory, objects, None, at)
    try:
        signature = str(load_key(key, passphrase).sign(text))
    except RecordError as error:
        raise VeedorError(str(error)) from None
    _say_answer(record(folder, text.encode(), signature), json)


def consent(
    folder: FolderArgument,
    text: StatementArgument,
    signature: Annotated[
        Path | None, typer.Option("--signature", help="Its signature: by `ssh-keygen -Y sign`, or a note's line.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Keep a signatory's signed answer, after verifying it. An objection is kept without a signature too."""
    from veedor.audit.consent import record

    signed = None if signature is None else _read(signature).decode("utf-8", "replace")
    _say_answer(record(folder, _read(text), signed), json)


def status(folder: FolderArgument, json: JsonOption = False) -> None:
    """Who has answered what, what the plan still lacks, and how far the audit is."""
    from veedor.audit.status import status_of

    document = status_of(folder)
    if json:
        print_json(document)
        return
    out = console()
    out.print(f"plan sha256 {document['plan']}")
    for one in document["signatories"]:
        out.print(f"  {one['id']}: {one['answer'] or 'no answer'} {one['reason'] or ''}".rstrip())
    for reason in document["lacks"]:
        out.print(f"  lacks: {reason}")
    out.print(f"seed: {document['seed'] or 'none'}; rounds drawn: {document['rounds']}; next: {document['next']}")


def seed(
    folder: FolderArgument,
    digits: Annotated[str, typer.Option("--digits", help="The digits, in the order rolled.")],
    who: Annotated[str, typer.Option("--who", help="Who rolled them.")],
    where: Annotated[str, typer.Option("--where", help="Where.")],
    when: Annotated[str, typer.Option("--when", help="When: ISO 8601 with the offset from UTC.")],
    json: JsonOption = False,
) -> None:
    """Record the digits rolled in public. Refused before the plan binds, and a second time."""
    from veedor.audit.seed import rolled

    document = rolled(folder, digits, who=who, where=where, when=_time(when))
    _say(document, f"seed {document['seed']} recorded; `veedor audit draw` draws the sample", json)


def commit(
    folder: FolderArgument,
    text: StatementArgument,
    signature: Annotated[Path, typer.Option("--signature", help="Its signature.")],
    json: JsonOption = False,
) -> None:
    """Keep a party's signed commitment to its part of the seed."""
    from veedor.audit.seed import commit as keep

    _say_answer(keep(folder, _read(text), _read(signature).decode("utf-8", "replace")), json)


def reveal(
    folder: FolderArgument,
    signatory: WhoOption,
    secret_file: Annotated[Path, typer.Option("--secret", help="File with the secret.")],
    when: Annotated[str, typer.Option("--when", help="When: ISO 8601 with the offset from UTC.")],
    json: JsonOption = False,
) -> None:
    """Show a party's secret; the last one makes the seed."""
    from veedor.audit.seed import reveal as show

    made = show(folder, signatory, _secret(secret_file), when=_time(when))
    text = "shown; others have not shown theirs yet" if made is None else f"seed {made['seed']} recorded"
    _say(made or {"seed": None}, text, json)


def draw(folder: FolderArgument, json: JsonOption = False) -> None:
    """Draw the next round's sample. Refused before all that the plan asks for has happened; there is no preview."""
    from veedor.audit.draw import draw_round

    number, drawn = draw_round(folder)
    sheets = len({one.station for one in drawn})
    document = {"round": number, "draws": len(drawn), "sheets": sheets, "pull_list": f"round-{number}/pull-list.csv"}
    _say(document, f"round {number}: {len(drawn):,} draws, {sheets:,} different sheets in all", json)


def form(
    folder: FolderArgument,
    out: Annotated[Path, typer.Option("--out", help="Page to write: one form for each sheet, to print or fill in.")],
    language: Annotated[str, typer.Option("--language", help="en or es.")] = "es",
) -> None:
    """Write the last round's forms as one page: print it, or fill it in and save what was read as CSV."""
    from veedor.dossier.audit_pages import write_forms

    write_forms(folder, out, language)
    print(f"forms written to {out}")


def enter(
    folder: FolderArgument,
    first: Annotated[Path, typer.Argument(metavar="FIRST", help="What one person read from the sheets, as CSV.")],
    second: Annotated[Path, typer.Argument(metavar="SECOND", help="What another person read from them.")],
    json: JsonOption = False,
) -> None:
    """Take two entries of the last round. Exit status 1, and nothing is kept, where they differ."""
    from veedor.audit.rounds import enter as take

    found = take(folder, first, second)
    lines = [f"{one['station']}, {one['column']}: {one['a']} and {one['b']}" for one in found]
    _say({"differences": found}, "\n".join(lines) if found else "the two entries agree and are kept", json)
    if found:
        raise typer.Exit(1)


def assess(folder: FolderArgument, json: JsonOption = False) -> None:
    """Risk of every assertion after the sheets read so far, and the plan's next step."""
    from veedor.audit.rounds import assess as measure

    document = measure(folder)
    if json:
        print_json(document)
        return
    out = console()
    for one in document["assertions"]:
        out.print(f"{one['label']}: risk {one['risk']:.4g}, {one['sheets_overstated']} sheets overstated it")
    out.print(f"next: {document['next']['step']}")


def verify(
    folder: FolderArgument,
    record: Annotated[
        str | None, typer.Option("--record", help="The log (folder or address) that the plan names: check it too.")
    ] = None,
    policy: Annotated[
        Path | None, typer.Option("--policy", help="Who must have signed the log's checkpoint. Needs --record.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Derive signatures, order of events, sample and risk again from the folder; exit status 1 with the reason."""
    from veedor.audit.verify import NotVerifiedError, check_record
    from veedor.audit.verify import verify as derive
    from veedor.cli.record_shown import record_errors
    from veedor.errors import VeedorError
    from veedor.record.source import source_of
    from veedor.record.verify import parse_policy

    if policy is not None and record is None:
        raise VeedorError("--policy goes with --record")
    with record_errors():
        rules = None if policy is None else parse_policy(policy.read_bytes())
    try:
        steps = derive(folder)
        if record is not None:
            steps.append(check_record(folder, source_of(record), rules))
    except NotVerifiedError as error:
        said = {"verified": False, "step": error.step, "reason": str(error), "findings": _findings(folder, json)}
        _say(said, f"NOT VERIFIED: {error}", json)
        raise typer.Exit(1) from None
    document = {
        "verified": True,
        "steps": [{"name": s.name, "done": s.done, "says": s.says} for s in steps],
        "findings": _findings(folder, json),
    }
    _say(document, "\n".join(f"{s.name}: {s.says}{'' if s.done else ' (open)'}" for s in steps), json)


def _findings(folder: Path, wanted: bool) -> list[dict[str, Any]]:
    """The folder's findings as JSON, where they are wanted and there is a plan that can be read."""
    from veedor.audit.audited import read_audit
    from veedor.audit.findings import findings_of
    from veedor.errors import VeedorError
    from veedor.finding import finding_as_json

    if not wanted:
        return []
    try:
        return [finding_as_json(one) for one in findings_of(read_audit(folder))]
    except VeedorError:
        return []


def page(
    folder: FolderArgument,
    out: Annotated[Path, typer.Option("--out", help="Folder for audit-en.html and audit-es.html.")],
) -> None:
    """Write the audit's page: plan, who signed and who did not, sample on the map, risk, what it does not show."""
    from veedor.dossier.audit_pages import write_page

    for path in write_page(folder, out):
        print(path)


def _statement(folder: Path, signatory: str, objects: str | None, secret_file: Path | None, at: str | None) -> str:
    from veedor.audit.consent import statement as text_of
    from veedor.audit.folder import open_plan
    from veedor.audit.seed import commitment_statement
    from veedor.errors import VeedorError

    plan, named = open_plan(folder)
    when = _time(at) if at is not None else datetime.now().astimezone().isoformat(timespec="seconds")
    if secret_file is not None and objects is not None:
        raise VeedorError("give --objects or --secret, not both")
    if secret_file is not None:
        return commitment_statement(plan, named, signatory, _secret(secret_file), when)
    kind = "consents" if objects is None else "objects"
    return text_of(named, plan.signatory(signatory), kind, when, objects or "")  # type: ignore[arg-type]


def _say_answer(answer: Any, json: bool) -> None:
    document = {"signatory": answer.signatory, "answer": answer.kind, "at": answer.at, "signed": answer.signed}
    _say(document, f"{answer.signatory} {answer.kind}; kept", json)


def _say(document: dict[str, Any], text: str, json: bool) -> None:
    if json:
        print_json(document)
    else:
        print(text)


def _time(text: str) -> str:
    from veedor.audit.folder import time_of

    time_of(text)
    return text


def _secret(path: Path) -> str:
    return _read(path).decode("ascii", "replace").strip()


def _read(path: Path) -> bytes:
    from veedor.audit.folder import read

    return read(path.parent, path.name)
