"""veedor audit, the steps after the plan: seed, draw, entries, risk, verification."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from veedor.cli.audit import signing
from veedor.cli.audit.signing import FolderArgument, read, read_text, time_given
from veedor.cli.common import JsonOption, print_json
from veedor.cli.record.keys import KeyDescriptorOption, KeyOption, PassphraseOption, signing_keys
from veedor.cli.speech import figures, number
from veedor.cli.texts import TEXTS

if TYPE_CHECKING:
    from veedor.audit.protocol.folder import AuditFolder
    from veedor.document import Document, OwnForm
    from veedor.finding import Finding
    from veedor.record.verify import Policy

PolicyOption = Annotated[
    Path | None,
    typer.Option("--policy", help="Policy file: who must have signed the checkpoint of the log that the plan names."),
]


def register(group: typer.Typer) -> None:
    """Add the commands to the group."""
    signing.register(group)
    for name, command in (
        ("status", status),
        ("seed", seed),
        ("log-seed", log_seed),
        ("draw", draw),
        ("form", form),
        ("enter", enter),
        ("assess", assess),
        ("verify", verify),
        ("page", page),
    ):
        group.command(name)(command)


def status(folder: FolderArgument, json: JsonOption = False) -> None:
    """Show answers, what the plan still lacks, and the next step."""
    from veedor.audit.protocol.status import status_of

    document = status_of(folder)
    if json:
        print_json(document)
        return
    print(TEXTS.say("audit.plan_hash", hash=document.plan))
    for one in document.signatories:
        answer = TEXTS.say(f"audit.answer.{one.answer or 'none'}")
        signed = TEXTS.say("audit.signed_seed") if one.signed_seed else ""
        print(f"  {one.id}: {' '.join(filter(None, (answer, one.reason)))}{signed}")
    for reason in document.lacks:
        print(TEXTS.say("audit.lacks", reason=reason))
    step = TEXTS.say(f"audit.step.{document.next.replace('-', '_')}")
    seed_words = document.seed or TEXTS.say("audit.no_seed")
    print(TEXTS.say("audit.status", seed=seed_words, rounds=number(document.rounds), next=step))


def seed(
    folder: FolderArgument,
    digits: Annotated[str, typer.Option("--digits", help="The digits, in the order rolled.")],
    who: Annotated[str, typer.Option("--who", help="Who rolled them.")],
    where: Annotated[str, typer.Option("--where", help="Where they were rolled.")],
    when: Annotated[str, typer.Option("--when", help="When they were rolled: ISO 8601 with the offset from UTC.")],
    json: JsonOption = False,
) -> None:
    """Record the digits rolled in public. Refused before the plan binds, and a second time."""
    from veedor.audit.protocol.seed import rolled

    made = rolled(folder, digits, who=who, where=where, when=time_given(when))
    said = TEXTS.say("audit.seed_rolled", seed=made.seed)
    _say(made, said, json)


def log_seed(
    folder: FolderArgument,
    log: Annotated[str, typer.Option("--log", help="The log that the plan names: its folder or address.")],
    key: KeyOption = None,
    key_fd: KeyDescriptorOption = None,
    passphrase_fd: PassphraseOption = None,
    json: JsonOption = False,
) -> None:
    """Append the seed's record to the plan's log; keep the receipt.

    Nothing is appended if the log already has it.
    """
    from veedor.audit.document import SeedLogged
    from veedor.audit.protocol.seed_entry import log_seed as append
    from veedor.cli.record.tables import record_errors

    with record_errors():
        index = append(folder, log, lambda: signing_keys(key, key_fd, passphrase_fd))
    _say(SeedLogged(log=log, index=index), TEXTS.say("audit.seed_logged", index=str(index), log=log), json)


def draw(folder: FolderArgument, policy: PolicyOption = None, json: JsonOption = False) -> None:
    """Draw the next round's sample.

    Refused until everything the plan requires has happened; there is no preview.
    """
    from veedor.audit.document import DrawDocument
    from veedor.audit.rounds.draw import draw_round

    turn, drawn = draw_round(folder, _policy(policy))
    sheets = len({one.station for one in drawn})
    pull_list = f"round-{turn}/pull-list.csv"
    document = DrawDocument(round=turn, draws=len(drawn), sheets=sheets, pull_list=pull_list)
    draws = TEXTS.plural("audit.draws", len(drawn))
    _say(document, TEXTS.plural("audit.round", sheets, round=str(turn), draws=draws), json)


def form(
    folder: FolderArgument,
    out: Annotated[Path, typer.Option("--out", help="File for the page, with one form per sheet.")],
    language: Annotated[str, typer.Option("--language", help="Language of the forms: en or es.")] = "es",
) -> None:
    """Write the latest round's forms as one page.

    Print it, or fill it in and save what was read as CSV.
    """
    from veedor.dossier.pages.audit.standalone import write_forms

    write_forms(folder, out, language)
    print(TEXTS.say("audit.forms", file=str(out)))


def enter(
    folder: FolderArgument,
    first: Annotated[Path, typer.Argument(metavar="FIRST", help="CSV file of what one person read from the sheets.")],
    second: Annotated[Path, typer.Argument(metavar="SECOND", help="CSV file of what another person read from them.")],
    first_statement: Annotated[
        Path | None,
        typer.Option(
            "--first-statement", help="Signed statement for the first entry; its signature is beside it, in FILE.sig."
        ),
    ] = None,
    second_statement: Annotated[
        Path | None, typer.Option("--second-statement", help="The same for the second entry, by another person.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Record two independent entries for the latest round.

    If they differ, nothing is saved and the exit status is 1.
    """
    from veedor.audit.document import EnterDocument
    from veedor.audit.protocol.entry_signatures import Signature
    from veedor.audit.rounds.rounds import enter as take

    signed = [
        None if path is None else Signature(text=read(path), signature=read_text(path.with_name(f"{path.name}.sig")))
        for path in (first_statement, second_statement)
    ]
    found = take(folder, first, second, signed)
    lines = [TEXTS.say("audit.differ", station=one.station, column=one.column, a=one.a, b=one.b) for one in found]
    agree = TEXTS.say("audit.agree" if any(signed) else "audit.agree_unsigned")
    _say(EnterDocument(differences=found), "\n".join(lines) if found else agree, json)
    if found:
        raise typer.Exit(1)


def assess(folder: FolderArgument, json: JsonOption = False) -> None:
    """Measure each assertion's risk; show the plan's next step."""
    from veedor.audit.rounds.rounds import assess as measure

    document = measure(folder)
    if json:
        print_json(document)
        return
    for one in document.assertions:
        risk = figures(f"{one.risk:.4g}")
        print(TEXTS.plural("audit.assessed", one.sheets_overstated, assertion=one.label, risk=risk))
    print(TEXTS.say("audit.next", step=TEXTS.say(f"audit.step.{document.next.step}")))


def verify(
    folder: FolderArgument,
    record: Annotated[
        str | None, typer.Option("--record", help="Also check the log that the plan names: its folder or address.")
    ] = None,
    policy: Annotated[
        Path | None,
        typer.Option("--policy", help="Policy file: who must have signed the log's checkpoint; with --record."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Verify the whole audit again from its folder.

    Signatures, order of events, sample and risk are derived again. If one does not hold, the exit status is 1 and the
    reason is printed.
    """
    from veedor.audit.document import NotVerified, VerifiedDocument
    from veedor.audit.protocol.folder import AuditFolder
    from veedor.audit.verified import step_shown
    from veedor.audit.verify import NotVerifiedError
    from veedor.audit.verify import verify as derive
    from veedor.errors import VeedorError
    from veedor.ledger.audited_sheets import check_record
    from veedor.record.source import source_of

    if policy is not None and record is None:
        raise VeedorError(TEXTS.say("error.policy_with_record"))
    rules = _policy(policy)
    opened = AuditFolder(folder)  # every file is read once, whatever is asked of it
    try:
        steps = derive(opened)
        if record is not None:
            steps.append(check_record(opened, source_of(record), rules))
    except NotVerifiedError as error:
        said = NotVerified(step=error.step, reason=str(error), findings=_findings(opened, json))
        _say(said, TEXTS.say("audit.not_verified", reason=error.said), json)
        raise typer.Exit(1) from None
    unsigned = [one for step in steps for one in step.unsigned]
    document = VerifiedDocument(
        steps=tuple(step_shown(one) for one in steps),
        unsigned=tuple(unsigned),
        findings=_findings(opened, json),
    )
    lines = [TEXTS.say("audit.done" if s.done else "audit.open", step=s.name, says=s.says) for s in steps]
    lines += [TEXTS.say("audit.unsigned", what=one.says) for one in unsigned]
    _say(document, "\n".join(lines), json)


def _policy(path: Path | None) -> "Policy | None":
    from veedor.cli.record.tables import record_errors
    from veedor.record.verify import parse_policy

    with record_errors():
        return None if path is None else parse_policy(read(path))


def _findings(folder: "AuditFolder", wanted: bool) -> "list[Finding]":
    """The folder's findings, where they are wanted and there is a plan that can be read."""
    from veedor.audit.findings import findings_of
    from veedor.audit.verified import read_audit
    from veedor.errors import VeedorError

    if not wanted:
        return []
    try:
        return findings_of(read_audit(folder))
    except VeedorError:
        return []


def page(
    folder: FolderArgument,
    out: Annotated[Path, typer.Option("--out", help="Folder for audit-en.html and audit-es.html.")],
) -> None:
    """Write the audit's page in English and Spanish.

    The plan, who signed and who did not, the sample on the map, the risk, and what it does not show.
    """
    from veedor.dossier.pages.audit.standalone import write_page

    for path in write_page(folder, out):
        print(path)


def _say(document: "Document | OwnForm", text: str, json: bool) -> None:
    if json:
        print_json(document)
    else:
        print(text)
