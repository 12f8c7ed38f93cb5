"""Sentences that several pages share: an outcome, what is still open, the way to another outcome."""

from collections.abc import Mapping, Sequence

from veedor.dossier.parsed import Parsed
from veedor.dossier.show.choices import ShownChoice
from veedor.dossier.show.language import Language
from veedor.election import Supermajority, TwoRound
from veedor.election.rules import Rule

HEADS = frozenset({"a", "no", "seats:", "segunda", "empate", "aún", "se", "escaños:", "gana", "ganan"})
"""Words of ours with which an outcome's clause may begin."""


def outcome_name(
    outcome: Mapping[str, Parsed],
    rule: Rule,
    choices: Mapping[str, ShownChoice],
    lang: Language,
    *,
    short: bool = False,
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


def headline(outcome: Mapping[str, Parsed], rule: Rule, choices: Mapping[str, ShownChoice], lang: Language) -> str:
    """The outcome as a page's headline, names without ids where they are people's."""
    plain = [lang.pick(choices[choice].name) for choice in outcome["choices"]]
    if outcome["result"] == "elected" and len(plain) == 1 and not isinstance(rule, Supermajority):
        first_round = isinstance(rule, TwoRound)
        return lang.say("headline.elected_first_round" if first_round else "headline.elected", who=plain[0])
    if outcome["result"] == "runoff":
        return lang.say("headline.runoff", who=lang.listing(plain))
    return lang.say("headline.other", what=outcome_name(outcome, rule, choices, lang))


def capital(text: str) -> str:
    """The text as it stands at the head of a line; an id that begins it stays as it is."""
    first = text.split(" ", 1)[0]
    return text[:1].upper() + text[1:] if first in HEADS else text


def choices_with_votes(votes: Mapping[str, int], lang: Language) -> str:
    """Choices, with their votes where there are several."""
    several = len(votes) > 1
    return lang.listing(
        [f"{choice} ({lang.number(number)})" if several else choice for choice, number in votes.items()]
    )


def open_sentence(count: Mapping[str, Parsed], lang: Language) -> str:
    """The outstanding part of a count, if it could change the outcome, and how many sheets are out for good."""
    annulled = annulled_sentence(count, lang)
    return _open(count, lang) + (f" {annulled}" if annulled else "")


def annulled_sentence(count: Mapping[str, Parsed], lang: Language) -> str:
    """How many sheets are annulled, and so in no total; nothing where none is."""
    annulled = count["open"]["by_status"]["annulled"]
    return lang.count_of("open.annulled", annulled) if annulled else ""


def _open(count: Mapping[str, Parsed], lang: Language) -> str:
    part = count["open"]
    if part["sheets"] is None:
        return lang.say("open.not_known")
    if part["sheets"] == 0 and count["figures_absent"]["figures"]:
        kinds = {None: "open.absent_unknown", False: "open.absent_cannot", True: "open.absent_can"}
        return lang.say(kinds[part["outcome_can_change"]])
    if part["sheets"] == 0:
        return lang.say("open.nothing")
    many = lang.count_of("open.sheets", part["sheets"])
    if part["registered"]:
        many = lang.say("open.with_registered", sheets=many, registered=lang.number(part["registered"]))
    key = {None: "open.unknown", False: "open.cannot_change", True: "open.can_change"}[part["outcome_can_change"]]
    sentence = lang.say(key, sheets=many)
    if part["votes_to_change"] is not None:
        sentence += " " + lang.say("open.votes_to_change", votes=lang.count_of("unit.votes", part["votes_to_change"]))
    return sentence


def absent_sentence(count: Mapping[str, Parsed], lang: Language) -> str:
    """How many figures the counted sheets lack, and the most votes that they hold; nothing where they lack none."""
    absent = count["figures_absent"]
    if not absent["figures"]:
        return ""
    sheets = lang.count_of("absent.sheets", absent["sheets"])
    said = lang.count_of("absent.figures", absent["figures"], sheets=sheets)
    if not absent["by_choice"]:
        return said
    if absent["votes_high"] is None:
        return said + " " + lang.say("absent.no_bound")
    return said + " " + lang.count_of("absent.at_most", absent["votes_high"])


def said(document: Mapping[str, Parsed], key: str, lang: Language) -> str:
    """A sentence of a document of results in the reader's language."""
    return str(lang.of(document)[key])


def rule_sentence(text: str) -> str:
    """The rule as a sentence of its own."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""


def left_out_sentence(page: str, left_out: Sequence[Mapping[str, object]], lang: Language) -> str:
    """Number of rows, and of files without a sheet if there are any, that are in no figure."""
    files = sum(one["row"] is None for one in left_out)
    sentences = [lang.count_of(f"{page}.left_out", len(left_out) - files)] if len(left_out) > files else []
    if files:
        sentences.append(lang.count_of(f"{page}.left_out_files", files))
    return " ".join(sentences)
