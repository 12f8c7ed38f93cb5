"""The release rule: which sentences may be said tonight, by a rule that was fixed before the polls closed.

"A leads B" holds where the interval with late shift of their difference is above zero, enough of the sample has
reported, over all and in each group, and the same was so in each of the last takes; it does not hold where that
interval is below zero under the same conditions; else it is undecided, and why is said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from veedor.canonical import canonical_json
from veedor.errors import VeedorError
from veedor.finding import Text, Verdict
from veedor.quickcount.definition import Assumptions, QuickCount, ReleaseTable
from veedor.quickcount.estimate import Settings, estimate
from veedor.quickcount.night import Night
from veedor.quickcount.notes import TEXTS
from veedor.wording import per_cent


@dataclass(frozen=True, kw_only=True)
class Take:
    """The first reports of the night: how many, and the difference with its interval with late shift, as fractions."""

    received: int
    difference: float
    shift: Sequence[float]


@dataclass(frozen=True, kw_only=True)
class SentenceShown:
    """A sentence "first leads second": its verdict, why it is undecided, and the takes, the latest first."""

    first: str
    second: str
    verdict: Verdict
    reasons: Sequence[Text]
    takes: Sequence[Take]


@dataclass(frozen=True, kw_only=True)
class ReleaseDocument:
    """`veedor quickcount release --json`. rule: SHA-256 of the rule, to publish before the polls close."""

    election: str
    rule: str
    received: int
    planned: int
    sentences: Sequence[SentenceShown]


def rule_hash(rule: ReleaseTable, assumptions: Assumptions) -> str:
    """SHA-256 of the canonical JSON of the rule and of what is assumed of the missing."""
    leads = [[one.first, one.second] for one in rule.leads]
    fixed: dict[str, object] = {
        "received": str(rule.received),
        "takes": rule.takes,
        "reports": rule.reports,
        "leads": leads,
    }
    fixed |= {"scale": assumptions.scale, "shift": str(assumptions.shift)}
    return sha256(canonical_json(fixed)).hexdigest()


def release(quick: QuickCount, night: Night, settings: Settings, *, election: str) -> ReleaseDocument:
    """Every sentence of `[release]` on what has arrived. Raises VeedorError without that table."""
    rule = quick.release
    if rule is None:
        raise VeedorError("quickcount.toml has no [release]: the sentences, and what must be so to say them")
    shared = _too_little(rule, night)
    nights = _takes(rule, night)
    if len(nights) < rule.takes:
        known = night.by_time is not None
        why = (
            TEXTS.say("release.few_takes", takes=rule.takes, reports=rule.reports)
            if known
            else TEXTS.say("release.no_times", takes=rule.takes, reports=rule.reports)
        )
        shared.append(why)
    documents = [estimate(quick, one, settings, election=election) for one in nights]
    sentences = []
    for lead in rule.leads:
        takes = []
        for document in documents:
            gap = next(one for one in document.differences if {one.first, one.second} == {lead.first, lead.second})
            sign = 1 if gap.first == lead.first else -1
            shift = sorted(sign * limit for limit in gap.shift)
            takes.append(Take(received=document.received, difference=sign * gap.share, shift=shift))
        sentences.append(_sentence(lead.first, lead.second, takes, shared))
    return ReleaseDocument(
        election=election,
        rule=rule_hash(rule, quick.assumptions),
        received=night.received,
        planned=night.planned,
        sentences=sentences,
    )


def _sentence(first: str, second: str, takes: Sequence[Take], shared: Sequence[Text]) -> SentenceShown:
    reasons = list(shared)
    above = [take.shift[0] > 0 for take in takes]
    below = [take.shift[1] < 0 for take in takes]
    if not (above[0] or below[0]):
        reasons.append(TEXTS.say("release.within"))
    elif not (all(above) or all(below)):
        reasons.append(TEXTS.say("release.unstable"))
    verdict = Verdict.UNDECIDED if reasons else Verdict.HOLDS if above[0] else Verdict.DOES_NOT_HOLD
    return SentenceShown(first=first, second=second, verdict=verdict, reasons=reasons, takes=takes)


def _too_little(rule: ReleaseTable, night: Night) -> list[Text]:
    """Why too little has arrived: of the whole sample, or of groups of strata."""
    wanted = float(rule.received) / 100
    reasons = []
    if night.received < wanted * night.planned:
        share = per_cent(night.received / night.planned, 1)
        reasons.append(TEXTS.say("release.received", share=share, wanted=per_cent(wanted, 0)))
    here = [night.frame.groups[place] for place in night.place]
    short = [name for name, planned in night.planned_groups.items() if here.count(name) < wanted * planned]
    if short and len(night.planned_groups) > 1:
        named = Text.same(", ".join(short[:10]) + (", ..." if len(short) > 10 else ""))
        reasons.append(TEXTS.plural("release.groups", len(short), named=named, wanted=per_cent(wanted, 0)))
    return reasons


def _takes(rule: ReleaseTable, night: Night) -> list[Night]:
    """The night as it is, and as it was `reports` reports before, and so on; without times only as it is."""
    if night.by_time is None:
        return [night]
    sizes = [night.received - back * rule.reports for back in range(rule.takes)]
    return [night, *(night.first(size) for size in sizes[1:] if size >= 2)]
