"""The record as findings: whether it holds the published sheets, and whether its witnesses' quorum signed it.

The record room knows bytes only; what its entries say of an election is looked at here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from veedor.audit.units import Units
from veedor.command import Command
from veedor.document import Json
from veedor.finding import Finding, Text, Verdict
from veedor.ledger.audited_sheets import sheets_not_recorded
from veedor.ledger.ledger import Ledger
from veedor.ledger.texts import TEXTS
from veedor.record.verify import Policy
from veedor.wording import number

COMMAND = Command(words=("report", "ELECTION"), options=("--record", "LOG", "--out", "DIR"))
SOURCE = "RFC 6962; C2SP tlog-checkpoint, tlog-cosignature, tlog-witness"
CORRECTED = TEXTS.say("finding.corrected")


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A checkpoint of the log: its entries, and the witnesses whose cosignature of it was verified."""

    size: int
    witnesses: tuple[str, ...]


def log_finding(
    ledger: Ledger, units: Units | None, *, election: str, count: str, checkpoints: int, command: Command = COMMAND
) -> Finding:
    """`record_log`: the log holds exactly the published sheets. units: None where they cannot be compared."""
    effect: dict[str, Json] = {
        "entries": ledger.size,
        "checkpoints": checkpoints,
        "corrections": len(ledger.corrections),
        "corrections_announced": sum(one.announced for one in ledger.corrections),
        "sheets": None,
        "not_in_the_log": None,
        "only_in_the_log": None,
        "different": None,
    }
    if units is None:
        said = TEXTS.say("finding.log.not_compared")
        return _log(Verdict.UNDECIDED, 0, 0, said, effect, [], command)
    wrong = sheets_not_recorded(ledger, units, election, count)
    missing, extra, different = wrong.values()
    effect |= {
        "sheets": len(units.ids),
        "not_in_the_log": len(missing),
        "only_in_the_log": len(extra),
        "different": len(different),
    }
    items = [{"station": station, "difference": what} for what, stations in wrong.items() for station in stations]
    said = TEXTS.say(
        "finding.log.summary",
        n=number(len(units.ids)),
        different=number(len(different)),
        missing=number(len(missing)),
        extra=number(len(extra)),
        entries=number(ledger.size),
        corrections=number(len(ledger.corrections)),
    )
    verdict = Verdict.DOES_NOT_HOLD if items else Verdict.HOLDS
    return _log(verdict, len(units.ids), len(items), said, effect, items, command)


def _log(
    verdict: Verdict,
    looked_at: int,
    found: int,
    said: Text,
    effect: dict[str, Json],
    items: list[dict[str, str]],
    command: Command,
) -> Finding:
    return Finding(
        check="record_log",
        title=TEXTS.say("finding.log.title"),
        verdict=verdict if looked_at else Verdict.UNDECIDED,
        looked_at=looked_at,
        unit=TEXTS.say("finding.log.unit"),
        expected=TEXTS.say("finding.log.expected"),
        found=found,
        summary=said,
        cannot_show=TEXTS.say("finding.log.cannot_show"),
        other_explanations=CORRECTED,
        command=command,
        effect=effect,
        items=items[:50],
        items_total=len(items),
        source=SOURCE,
    )


def quorum_finding(checkpoints: Sequence[Signed], policy: Policy | None, command: Command = COMMAND) -> Finding:
    """`record_quorum`: each checkpoint bears the policy's quorum of cosignatures. policy: None if none lies there."""
    short = [] if policy is None else [one for one in checkpoints if not policy.met_by(one.witnesses)]
    effect: dict[str, Json] = {
        "checkpoints": len(checkpoints),
        "below_quorum": None if policy is None else len(short),
        "witnesses": None if policy is None else len(policy.witnesses),
        "quorum": None if policy is None else policy.quorum,
        "fewest_cosignatures": min((len(one.witnesses) for one in checkpoints), default=None),
        "last_cosignatures": len(checkpoints[-1].witnesses) if checkpoints else None,
    }
    if policy is None or not checkpoints or not policy.witnesses:
        verdict, looked_at = Verdict.UNDECIDED, 0
        said = TEXTS.say("finding.quorum.no_policy")
    else:
        verdict, looked_at = (Verdict.DOES_NOT_HOLD if short else Verdict.HOLDS), len(checkpoints)
        said = TEXTS.say(
            "finding.quorum.summary",
            n=number(len(checkpoints) - len(short)),
            of=number(len(checkpoints)),
            quorum=policy.quorum,
            witnesses=number(len(policy.witnesses)),
        )
    return Finding(
        check="record_quorum",
        title=TEXTS.say("finding.quorum.title"),
        verdict=verdict,
        looked_at=looked_at,
        unit=TEXTS.say("finding.quorum.unit"),
        expected=TEXTS.say("finding.quorum.expected"),
        found=len(short),
        summary=said,
        cannot_show=TEXTS.say("finding.quorum.cannot_show"),
        other_explanations=TEXTS.say("finding.quorum.other_explanations"),
        command=command,
        effect=effect,
        items=[{"size": one.size, "cosigned_by": list(one.witnesses)} for one in short],
        source=SOURCE,
    )
