"""Sentences that several pages share: an outcome, what is still open, the way to another outcome."""

from collections.abc import Mapping, Sequence

from veedor.dossier.choices import ShownChoice
from veedor.dossier.texts import Language
from veedor.election import Supermajority, TwoRound
from veedor.election.rules import Rule
from veedor.finding import Json, Text


def outcome_name(
    outcome: Mapping[str, Json], rule: Rule, choices: Mapping[str, ShownChoice], lang: Language, *, short: bool = False
) -> str:
    """An outcome as a clause: "Evo Morales (MAS-IPSP) elected in the first round". short: ids instead of names."""
    names = [choice if short else lang.pick(choices[choice].called) for choice in outcome["choices"]]
    result = outcome["result"]
    if result == "elected" and isinstance(rule, Supermajority):
        adopted = rule.proposal in outcome["choices"]
        who = rule.proposal if short else lang.pick(choices[rule.proposal].called)
        return lang.say("outcome.adopted" if adopted else "outcome.not_adopted", who=who)
    if result == "elected" and outcome.get("seats"):
        seats = [f"{choice} {number}" for choice, number in outcome["seats"].items() if number]
        return lang.say("outcome.seats", who=lang.listing(seats))
    form = "one" if len(names) == 1 else "other"
    if result == "elected":
        key = "outcome.elected_first_round" if isinstance(rule, TwoRound) else f"outcome.elected.{form}"
        return lang.say(key, who=lang.listing(names))
    if result == "runoff":
        return lang.say("outcome.runoff", who=lang.listing(names))
    if result == "tie":
        return lang.say("outcome.tie", who=lang.listing(names))
    return lang.say("outcome.undecided")


def headline(outcome: Mapping[str, Json], rule: Rule, choices: Mapping[str, ShownChoice], lang: Language) -> str:
    """The outcome as a page's headline, names without ids where they are people's."""
    plain = [lang.pick(choices[choice].name) for choice in outcome["choices"]]
    if outcome["result"] == "elected" and len(plain) == 1 and not isinstance(rule, Supermajority):
        first_round = isinstance(rule, TwoRound)
        return lang.say("headline.elected_first_round" if first_round else "headline.elected", who=plain[0])
    if outcome["result"] == "runoff":
        return lang.say("headline.runoff", who=lang.listing(plain))
    return lang.say("headline.other", what=outcome_name(outcome, rule, choices, lang))


def way(distance: Mapping[str, Json], lang: Language) -> str:
    """How votes would have to change: "moved from A to B"."""
    how, source, target = distance["how"], distance.get("from"), distance.get("of") or distance.get("to_choice")
    if how == "move" and source and target:
        return lang.say("way.move_between", source=source, target=target)
    who = distance.get("choice") or target or source
    return lang.say(f"way.{how}_who", who=who) if who else lang.say(f"way.{how}")


def open_sentence(count: Mapping[str, Json], lang: Language) -> str:
    """What is still open in a count, and whether it could change the outcome."""
    part = count["open"]
    if not part["sheets"]:
        return lang.say("open.nothing")
    registered = part.get("registered")
    many = lang.count_of("open.sheets", part["sheets"])
    if registered:
        many = lang.say("open.with_registered", sheets=many, registered=lang.number(registered))
    if part["outcome_can_change"] is None:
        return lang.say("open.unknown", sheets=many)
    if not part["outcome_can_change"]:
        return lang.say("open.cannot_change", sheets=many)
    needed = part.get("lead_needed")
    tail = lang.say("open.lead_needed", lead=lang.number(100 * needed, 2)) if isinstance(needed, int | float) else ""
    return " ".join(filter(None, [lang.say("open.can_change", sheets=many), tail]))


def rule_sentence(text: Text, lang: Language) -> str:
    """The rule as a sentence of its own."""
    said = lang.pick(text).strip()
    return f"{said[:1].upper()}{said[1:].rstrip('.')}." if said else ""


def names_of(choices: Sequence[ShownChoice], lang: Language) -> str:
    """Names of choices in a sentence."""
    return lang.listing([lang.pick(choice.called) for choice in choices])
