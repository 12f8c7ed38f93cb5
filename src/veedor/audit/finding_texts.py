"""Sentences of the audit's findings that are the same for every audit."""

from veedor.audit.texts import TEXTS

SHEETS = TEXTS.say("finding_texts.sheets")
NOT_THE_PAPER = TEXTS.say("finding_texts.not_the_paper")
COPYING = TEXTS.say("finding_texts.copying")

TITLES = {
    "audit_results": TEXTS.say("finding_texts.titles.audit_results"),
    "audit_order": TEXTS.say("finding_texts.titles.audit_order"),
    "audit_consent": TEXTS.say("finding_texts.titles.audit_consent"),
    "audit_sample": TEXTS.say("finding_texts.titles.audit_sample"),
    "audit_risk": TEXTS.say("finding_texts.titles.audit_risk"),
}
UNITS = {
    "audit_results": SHEETS,
    "audit_order": TEXTS.say("finding_texts.units.audit_order"),
    "audit_consent": TEXTS.say("finding_texts.units.audit_consent"),
    "audit_sample": TEXTS.say("finding_texts.units.audit_sample"),
    "audit_risk": TEXTS.say("finding_texts.units.audit_risk"),
}
EXPECTED = {
    "audit_results": TEXTS.say("finding_texts.expected.audit_results"),
    "audit_order": TEXTS.say("finding_texts.expected.audit_order"),
    "audit_consent": TEXTS.say("finding_texts.expected.audit_consent"),
    "audit_sample": TEXTS.say("finding_texts.expected.audit_sample"),
    "audit_risk": TEXTS.say("finding_texts.expected.audit_risk"),
}
CANNOT_SHOW = {
    "audit_results": TEXTS.say("finding_texts.cannot_show.audit_results"),
    "audit_order": NOT_THE_PAPER,
    "audit_consent": TEXTS.say("finding_texts.cannot_show.audit_consent"),
    "audit_sample": TEXTS.say("finding_texts.cannot_show.audit_sample"),
    "audit_risk": TEXTS.say("finding_texts.cannot_show.audit_risk"),
}
EXPLANATIONS = {
    "audit_results": TEXTS.say("finding_texts.explanations.audit_results"),
    "audit_order": COPYING,
    "audit_consent": TEXTS.say("finding_texts.explanations.audit_consent"),
    "audit_sample": COPYING,
    "audit_risk": TEXTS.say("finding_texts.explanations.audit_risk"),
}
FIELDS: dict[str, tuple[str, ...]] = {
    "audit_results": ("sheets", "differ", "count", "record_origin", "record_size"),
    "audit_order": ("steps_done", "failed_step", "reason", "next", "superseded_plans", "unsigned"),
    "audit_consent": (
        "signatories", "consented", "objected", "unanswered", "required_lacking", "parties", "parties_consented",
        "quorum", "binds", "all_consented", "seed_made", "seed_signed", "seed_signed_ids",
        "consented_ids", "objected_ids", "unanswered_ids",
        "earlier_objections",
    ),
    "audit_sample": ("draws", "sheets", "rounds", "seed", "method", "sampling"),
    "audit_risk": (
        "risk_limit", "assertions", "over_limit", "largest_risk", "largest_risk_label", "draws", "sheets",
        "sheets_overstated", "sheets_missing_or_unreadable", "next_step",
    ),
}  # fmt: skip
"""Every field of each finding's effect: all are there, null where the audit has not come that far."""
