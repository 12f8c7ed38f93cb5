"""An audit's folder read for others: what its page and its findings need, whether or not it verifies."""

from dataclasses import dataclass, field
from pathlib import Path

from veedor.audit.protocol import folder as files
from veedor.audit.protocol.folder import AuditFolder, audit_folder
from veedor.audit.protocol.plan import Plan, parse_plan
from veedor.audit.protocol.unsigned import Unsigned
from veedor.audit.report import Report, report_of
from veedor.audit.tables import read_units
from veedor.audit.units import Units
from veedor.audit.verify import NotVerifiedError, Step, verify
from veedor.document import INLINED
from veedor.errors import VeedorError


@dataclass(frozen=True, kw_only=True)
class StepShown:
    """One thing that was derived again. done: whether the audit has come that far."""

    name: str
    done: bool
    says: str


@dataclass(frozen=True, kw_only=True)
class VerifiedReport:
    """The report, what was derived again, why it does not verify (None where it does), and what nobody signed."""

    report: Report = field(metadata=INLINED)
    verified: tuple[StepShown, ...]
    not_verified: str | None
    unsigned: tuple[Unsigned, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Audited:
    """An audit's folder, derived again.

    report: what its page shows; units: the sheets under audit; None where the folder does not hold together.
    steps: what was derived again; failed: the step that does not follow, and the reason.
    """

    plan: Plan
    report: VerifiedReport | None
    units: Units | None
    steps: tuple[Step, ...] = ()
    failed: tuple[str, str] | None = None

    @property
    def unsigned(self) -> tuple[Unsigned, ...]:
        """The parts that are unsigned, in the order of the steps."""
        return tuple(one for step in self.steps for one in step.unsigned)

    def fails_at(self, *steps: str) -> str | None:
        """The reason, if one of these steps is the one that does not follow; `sample` and `risk` mean any round's."""
        if self.failed is None:
            return None
        name, reason = self.failed
        return reason if name in steps or name.rpartition(" ")[2] in steps else None


def read_audit(folder: Path | AuditFolder) -> Audited:
    """Derive a folder's audit again. VeedorError only where it has no plan that can be read."""
    opened = audit_folder(folder)
    plan = parse_plan(opened.read(files.PLAN), files.PLAN)
    steps: tuple[Step, ...] = ()
    failed = None
    try:
        steps = tuple(verify(opened))
    except NotVerifiedError as error:
        failed = (error.step, str(error).replace(f"{folder}/", ""))
    try:
        report = VerifiedReport(
            report=report_of(opened),
            verified=tuple(step_shown(step) for step in steps),
            not_verified=None if failed is None else failed[1],
            unsigned=tuple(one for step in steps for one in step.unsigned),
        )
        units = read_units(opened, plan)[0]
    except (VeedorError, LookupError, TypeError, ValueError, ArithmeticError):
        return Audited(plan=plan, report=None, units=None, steps=steps, failed=failed)
    return Audited(plan=plan, report=report, units=units, steps=steps, failed=failed)


def step_shown(step: Step) -> StepShown:
    """The step without what nobody signed."""
    return StepShown(name=step.name, done=step.done, says=step.says)


def sheets_that_differ(ours: Units, published: Units) -> list[str]:
    """Stations whose figures or registered voters are not the same in both, or that only one of the two has."""
    both = [
        {
            station: (figures, registered)
            for station, figures, registered in zip(one.ids, one.figures.tolist(), one.registered.tolist(), strict=True)
        }
        for one in (ours, published)
    ]
    return [station for station in dict.fromkeys([*both[0], *both[1]]) if both[0].get(station) != both[1].get(station)]
