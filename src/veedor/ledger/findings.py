"""The record as findings: whether it holds the published sheets, and whether its witnesses' quorum signed it.

The record room knows bytes only; what its entries say of an election is looked at here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from veedor.audit.units import Units
from veedor.finding import Finding, Json, Text, Verdict
from veedor.ledger.audited_sheets import sheets_not_recorded
from veedor.ledger.ledger import Ledger
from veedor.record.verify import Policy
from veedor.wording import fill, number

COMMAND = "veedor report ELECTION --record LOG --out DIR"
SOURCE = "RFC 6962; C2SP tlog-checkpoint, tlog-cosignature, tlog-witness"
CORRECTED = Text(
    "The log was read before the last publication was appended, or the count was corrected since.",
    "El registro se leyó antes de añadir la última publicación, o el cómputo se corrigió después.",
)


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A checkpoint of the log: its entries, and the witnesses whose cosignature of it was verified."""

    size: int
    witnesses: tuple[str, ...]


def log_finding(
    ledger: Ledger, units: Units | None, *, election: str, count: str, checkpoints: int, command: str = COMMAND
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
        said = Text(
            "The published sheets have cells without a figure, so that they were not compared with the log.",
            "Las actas publicadas tienen celdas sin cifra, así que no se compararon con el registro.",
        )
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
    said = fill(
        "Of {n} published sheets {different} are not the same in the log and {missing} are not there; {extra} are only"
        " there. The log has {entries} entries and {corrections} visible corrections.",
        "De {n} actas publicadas, {different} no son iguales en el registro y {missing} no están; {extra} están solo"
        " ahí. El registro tiene {entries} entradas y {corrections} correcciones a la vista.",
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
    command: str,
) -> Finding:
    return Finding(
        check="record_log",
        title=Text("The record holds the published sheets", "El registro contiene las actas publicadas"),
        verdict=verdict if looked_at else Verdict.UNDECIDED,
        looked_at=looked_at,
        unit=Text("tally sheets", "actas"),
        expected=Text(
            "Every published sheet is in the log with the same figures, and no other sheet is.",
            "Cada acta publicada está en el registro con las mismas cifras, y ninguna otra.",
        ),
        found=found,
        summary=said,
        cannot_show=Text(
            "That a sheet says what the voters voted, or what was so before the log was begun.",
            "Que un acta diga lo que se votó, ni lo que había antes de empezar el registro.",
        ),
        other_explanations=CORRECTED,
        command=command,
        effect=effect,
        items=items[:50],
        items_total=len(items),
        source=SOURCE,
    )


def quorum_finding(checkpoints: Sequence[Signed], policy: Policy | None, command: str = COMMAND) -> Finding:
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
        said = Text(
            "No policy with witnesses lies beside the log, so that no witness's key is known here.",
            "Junto al registro no hay una política con testigos, así que no se conoce la clave de ninguno.",
        )
    else:
        verdict, looked_at = (Verdict.DOES_NOT_HOLD if short else Verdict.HOLDS), len(checkpoints)
        said = fill(
            "{n} of {of} checkpoints bear cosignatures that make the quorum ({quorum}) of {witnesses} witnesses.",
            "{n} de {of} puntos de control llevan refrendos que hacen el quórum ({quorum}) de {witnesses} testigos.",
            n=number(len(checkpoints) - len(short)),
            of=number(len(checkpoints)),
            quorum=policy.quorum,
            witnesses=number(len(policy.witnesses)),
        )
    return Finding(
        check="record_quorum",
        title=Text("The witnesses' quorum signed the record", "El quórum de testigos firmó el registro"),
        verdict=verdict,
        looked_at=looked_at,
        unit=Text("checkpoints", "puntos de control"),
        expected=Text(
            "Each checkpoint bears verified cosignatures that make the policy's quorum.",
            "Cada punto de control lleva refrendos verificados que hacen el quórum de la política.",
        ),
        found=len(short),
        summary=said,
        cannot_show=Text(
            "That those who hold the witnesses' keys do not depend on one another.",
            "Que quienes tienen las claves de los testigos no dependan unos de otros.",
        ),
        other_explanations=Text(
            "A witness that was out of reach; cosignatures may still be collected.",
            "Un testigo fuera de alcance; los refrendos aún pueden reunirse.",
        ),
        command=command,
        effect=effect,
        items=[{"size": one.size, "cosigned_by": list(one.witnesses)} for one in short],
        source=SOURCE,
    )
