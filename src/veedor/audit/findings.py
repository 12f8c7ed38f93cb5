"""An audit's folder as findings: results, order of events, consent, sample, risk.

They do not stop at a folder that does not verify: what does not follow becomes a finding that does not hold.
"""

from collections.abc import Mapping, Sequence

from veedor.audit.finding_texts import CANNOT_SHOW, EXPECTED, EXPLANATIONS, FIELDS, TITLES, UNITS
from veedor.audit.protocol.unsigned import Unsigned
from veedor.audit.report import Report
from veedor.audit.texts import TEXTS
from veedor.audit.units import Units
from veedor.audit.verified import Audited, sheets_that_differ
from veedor.command import Command
from veedor.document import Json, as_json, plain
from veedor.finding import Finding, Text, Verdict
from veedor.wording import number, per_cent

COMMAND = Command(words=("audit", "verify", "FOLDER"))
SHOWN = 50
NOT_SO_FAR = TEXTS.say("finding.not_so_far")
BEFORE = TEXTS.say("finding.before")


def findings_of(audited: Audited | None, published: Units | None = None, command: Command = COMMAND) -> list[Finding]:
    """The findings of an audit; undecided ones, about nothing, where there is none.

    published: the sheets of the count that the plan names, as they stand now; None where it is not at hand.
    """
    if audited is None:
        said = TEXTS.say("finding.findings_of.said")
        return [_finding(check, Verdict.UNDECIDED, 0, 0, said, {}, (), command) for check in FIELDS]
    return [
        _results(audited, published, command),
        _order(audited, command),
        _consent(audited, command),
        _sample(audited, command),
        _risk(audited, command),
    ]


def _finding(
    check: str,
    verdict: Verdict,
    looked_at: int,
    found: int,
    summary: Text,
    effect: Mapping[str, Json],
    items: Sequence[Mapping[str, Json]],
    command: Command,
) -> Finding:
    assert set(effect) <= set(FIELDS[check]), check
    return Finding(
        check=check,
        title=TITLES[check],
        verdict=verdict,
        looked_at=looked_at,
        unit=UNITS[check],
        expected=EXPECTED[check],
        found=found,
        summary=summary,
        cannot_show=CANNOT_SHOW[check],
        other_explanations=EXPLANATIONS[check],
        command=command,
        effect={**dict.fromkeys(FIELDS[check]), **effect},
        items=items[:SHOWN],
        items_total=len(items),
        source="Stark 2009, 2020, 2023; Bañuelos and Stark 2012",
    )


def _failed(check: str, reason: str, looked_at: int, effect: Mapping[str, Json], command: Command) -> Finding:
    said = TEXTS.say("finding.failed.said", why=reason)
    return _finding(check, Verdict.DOES_NOT_HOLD, looked_at, 1, said, effect, (), command)


def _results(audited: Audited, published: Units | None, command: Command) -> Finding:
    """Whether the sheets under audit are the published ones."""
    plan = audited.plan
    effect: dict[str, Json] = {"sheets": plan.reported.sheets, "count": plan.count}
    if plan.record is not None:
        effect |= {"record_origin": plan.record.origin, "record_size": plan.record.size}
    if published is None or audited.units is None:
        said = TEXTS.say("finding.results.absent")
        return _finding("audit_results", Verdict.UNDECIDED, 0, 0, said, effect, (), command)
    differ = [{"station": station} for station in sheets_that_differ(audited.units, published)]
    said = TEXTS.say("finding.results.compared", n=number(len(audited.units.ids)), m=number(len(differ)))
    verdict = Verdict.DOES_NOT_HOLD if differ else Verdict.HOLDS
    effect["differ"] = len(differ)
    return _finding("audit_results", verdict, len(audited.units.ids), len(differ), said, effect, differ, command)


def _order(audited: Audited, command: Command) -> Finding:
    report = _report(audited)
    effect: dict[str, Json] = {
        "steps_done": sum(step.done for step in audited.steps),
        "next": report.status.next if report else None,
        "superseded_plans": len(report.earlier_plans) if report else None,
    }
    if audited.failed is not None:
        step, reason = audited.failed
        return _failed(
            "audit_order", f"{step}: {reason}", 1, {**effect, "failed_step": step, "reason": reason}, command
        )
    effect["unsigned"] = len(audited.unsigned)
    said = TEXTS.say("finding.order.said", n=number(len(audited.steps)), loose=_loose(audited.unsigned))
    items: list[dict[str, Json]] = [
        {
            "step": step.name,
            "done": step.done,
            "says": step.says,
            "unsigned": [plain(one.says) for one in step.unsigned],
        }
        for step in audited.steps
    ]
    return _finding("audit_order", Verdict.HOLDS, len(audited.steps), 0, said, effect, items, command)


def _report(audited: Audited) -> Report | None:
    return None if audited.report is None else audited.report.report


def _loose(unsigned: Sequence[Unsigned]) -> Text:
    """What nobody signed, as sentences after another one."""
    if not unsigned:
        return Text.same("")
    return TEXTS.say("finding.loose", says=Text.join("; ", (one.says for one in unsigned)))


def _consent(audited: Audited, command: Command) -> Finding:
    plan, report = audited.plan, _report(audited)
    wrong = audited.fails_at("consent", "seed", "history")
    if report is None or wrong is not None:
        why = wrong or (audited.failed[1] if audited.failed else "")
        effect: dict[str, Json] = {"signatories": len(plan.signatories), "quorum": plan.quorum}
        return _failed("audit_consent", why, len(plan.signatories), effect, command)
    status = report.status
    ids = {
        answer: [one.id for one in status.signatories if one.answer == answer]
        for answer in ("consents", "objects", None)
    }
    parties = [one for one in status.signatories if one.role == "party"]
    agreed, binds = len(ids["consents"]), status.binds
    effect = {
        "signatories": len(plan.signatories),
        "consented": agreed,
        "objected": len(ids["objects"]),
        "unanswered": len(ids[None]),
        "required_lacking": sum(one.required and one.answer != "consents" for one in status.signatories),
        "parties": len(parties),
        "parties_consented": sum(one.answer == "consents" for one in parties),
        "quorum": plan.quorum,
        "binds": binds,
        "all_consented": agreed == len(plan.signatories),
        "seed_made": status.seed is not None,
        "seed_signed": sum(one.signed_seed is not None for one in status.signatories),
        "seed_signed_ids": [one.id for one in status.signatories if one.signed_seed is not None],
        "consented_ids": ids["consents"],
        "objected_ids": ids["objects"],
        "unanswered_ids": ids[None],
        "earlier_objections": sum(answer.answer == "objects" for old in report.earlier_plans for answer in old.answers),
    }
    said = TEXTS.say(
        "finding.consent.answers",
        n=number(agreed),
        of=number(len(plan.signatories)),
        objected=number(len(ids["objects"])),
        none=number(len(ids[None])),
        quorum=number(plan.quorum),
        binding=TEXTS.say("finding.consent.binds") if binds else TEXTS.say("finding.consent.not_yet"),
    )
    verdict = Verdict.HOLDS if binds else Verdict.DOES_NOT_HOLD if ids["objects"] else Verdict.UNDECIDED
    items: list[dict[str, Json]] = [
        {
            **{key: value for key, value in as_json(one).items() if key not in ("id", "name")},
            "signatory": one.id,
            "name": one.name,
        }
        for one in status.signatories
    ]
    others = len(plan.signatories) - agreed
    return _finding("audit_consent", verdict, len(plan.signatories), others, said, effect, items, command)


def _sample(audited: Audited, command: Command) -> Finding:
    plan, report = audited.plan, _report(audited)
    wrong = audited.fails_at("sample")
    effect: dict[str, Json] = {"method": plan.seed.method, "sampling": plan.sampling}
    if wrong is not None:
        return _failed("audit_sample", wrong, 1, effect, command)
    draws = report.sample.draws if report else 0
    if report is None or not draws or audited.fails_at("files", *_BEFORE_SAMPLE) is not None:
        said = BEFORE if audited.failed else NOT_SO_FAR
        return _finding("audit_sample", Verdict.UNDECIDED, 0, 0, said, effect, (), command)
    effect |= {
        "draws": draws,
        "sheets": report.sample.sheets,
        "rounds": report.status.rounds,
        "seed": report.status.seed,
    }
    said = TEXTS.say("finding.sample.said", n=number(draws), sheets=number(report.sample.sheets))
    return _finding("audit_sample", Verdict.HOLDS, draws, 0, said, effect, (), command)


_BEFORE_SAMPLE = ("plan", "history", "consent", "seed")


def _risk(audited: Audited, command: Command) -> Finding:
    plan, report = audited.plan, _report(audited)
    wrong, limit = audited.fails_at("risk"), float(plan.risk_limit)
    effect: dict[str, Json] = {"risk_limit": limit, "assertions": len(plan.assertions)}
    if wrong is not None:
        return _failed("audit_risk", wrong, 1, effect, command)
    risk = report.risk if report else None
    if risk is None or audited.failed is not None:
        said = BEFORE if audited.failed else NOT_SO_FAR
        return _finding("audit_risk", Verdict.UNDECIDED, 0, 0, said, effect, (), command)
    bound = {one.label: one.total_error_bound or 0.0 for one in plan.assertions}
    worst = max(risk.assertions, key=lambda one: (one.risk, bound[one.label]))
    over = sum(one.risk > limit for one in risk.assertions)
    effect |= {
        "over_limit": over,
        "largest_risk": worst.risk,
        "largest_risk_label": worst.label,
        "draws": risk.draws,
        "sheets": risk.sheets,
        "sheets_overstated": max(one.sheets_overstated for one in risk.assertions),
        "sheets_missing_or_unreadable": max(one.sheets_missing_or_unreadable for one in risk.assertions),
        "next_step": risk.next.step,
    }
    said = TEXTS.say(
        "finding.risk.said",
        n=number(risk.sheets),
        risk=per_cent(worst.risk),
        label=worst.label,
        limit=per_cent(limit, 0 if (100 * limit).is_integer() else 2),
        over=number(over),
        of=number(len(risk.assertions)),
        next=NEXT[risk.next.step],
    )
    named = {one.label: one.sentence.text for one in plan.assertions}
    items: list[dict[str, Json]] = [
        {
            "assertion": one.label,
            "sentence": plain(named[one.label]),
            **{
                key: value
                for key, value in one.model_dump(mode="json").items()
                if key not in ("label", "risk_after_each_draw")
            },
        }
        for one in sorted(risk.assertions, key=lambda one: -one.risk)
    ]
    verdict = Verdict.HOLDS if risk.next.step == "confirmed" else Verdict.UNDECIDED
    return _finding("audit_risk", verdict, risk.sheets, over, said, effect, items, command)


NEXT = {
    "confirmed": TEXTS.say("finding.next.confirmed"),
    "next_round": TEXTS.say("finding.next.next_round"),
    "full_count": TEXTS.say("finding.next.full_count"),
}
