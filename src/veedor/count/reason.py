"""Why a tally gives its outcome: one or two sentences in whole votes, in every language."""

from veedor.count.decision import Decision, first_round_line
from veedor.count.seats import claims_of, qualified_choices
from veedor.count.texts import TEXTS
from veedor.count.thresholds import LineState, line_states
from veedor.count.totals import Tally
from veedor.count.words import base_words, hundredths, line_words, listed, number, of_base_words
from veedor.election import Contest, HighestAverages, LargestRemainder, Plurality, Supermajority, TwoRound
from veedor.finding import Text


def reason_for(contest: Contest, tally: Tally, decision: Decision) -> Text:
    """The reason of a decision; decision is the one that the contest's rule gives for the tally."""
    rule = contest.rule
    if tally.valid == 0:
        return TEXTS.say("plurality.no_votes")
    if isinstance(rule, Plurality):
        return _plurality(rule, tally, decision)
    if isinstance(rule, TwoRound):
        return _two_round(contest, rule, tally, decision)
    if isinstance(rule, Supermajority):
        return _supermajority(contest, rule, tally, decision)
    return _seats(rule, tally, decision)


def absent_reason(reason: Text, tally: Tally) -> Text:
    """The reason of an outcome that absent figures could change: the sentence of those stated, and that it is open."""
    absent = tally.absent
    figures, sheets = TEXTS.plural("absent.figures", absent.figures), TEXTS.plural("absent.sheets", absent.sheets)
    return TEXTS.say("absent.could_change", reason=reason, figures=figures, sheets=sheets)


def rule_text(contest: Contest) -> Text:
    """The contest's rule in words."""
    rule = contest.rule
    if isinstance(rule, Plurality):
        return TEXTS.plural("rule.plurality", rule.seats)
    if isinstance(rule, TwoRound):
        return _two_round_rule(rule)
    if isinstance(rule, Supermajority):
        return _supermajority_rule(rule)
    return _seats_rule(rule)


def _two_round_rule(rule: TwoRound) -> Text:
    line = line_words(rule.majority, rule.of)
    if rule.alternative is None or rule.lead is None:
        return TEXTS.say("rule.two_round", line=line)
    return TEXTS.say("rule.two_round_or", line=line, other=line_words(rule.alternative, rule.of), lead=lead_words(rule))


def lead_words(rule: TwoRound) -> Text:
    """'a lead of at least 10 points over the second'."""
    assert rule.lead is not None
    key = "rule.lead_more_than" if rule.lead.strict else "rule.lead_at_least"
    return TEXTS.say(key, points=hundredths(rule.lead.share, 4))


def _supermajority_rule(rule: Supermajority) -> Text:
    line = line_words(rule.line, rule.of)
    if rule.quorum is None:
        return TEXTS.say("rule.supermajority", proposal=rule.proposal, line=line)
    figure = _quorum_figure_words(rule)
    quorum = line_words(rule.quorum.threshold, "registered")
    return TEXTS.say("rule.supermajority_quorum", proposal=rule.proposal, line=line, figure=figure, quorum=quorum)


def _seats_rule(rule: HighestAverages | LargestRemainder) -> Text:
    method = method_words(rule)
    if rule.threshold is None:
        return TEXTS.say("rule.seats", seats=rule.seats, method=method)
    line = line_words(rule.threshold, rule.of)
    return TEXTS.say("rule.seats_threshold", seats=rule.seats, method=method, line=line)


def method_words(rule: HighestAverages | LargestRemainder) -> Text:
    """The name of a method of giving seats."""
    if isinstance(rule, HighestAverages):
        return TEXTS.say("method.dhondt" if rule.divisors == "dhondt" else "method.sainte_lague")
    return TEXTS.say("method.largest_remainders", name=rule.quota.capitalize())


def _plurality(rule: Plurality, tally: Tally, decision: Decision) -> Text:
    order, votes = tally.ranking, tally.votes
    who = listed(decision.choices)
    if decision.result == "tie":
        equal = number(votes[decision.choices[0]])
        places = TEXTS.plural("plurality.places", decision.places)
        return TEXTS.say("plurality.tie", who=who, equal=equal, places=places)
    if rule.seats >= len(order):
        return TEXTS.say("plurality.all_elected", who=who)
    last, next_ = order[rule.seats - 1], order[rule.seats]
    lead, of = number(votes[last] - votes[next_]), number(votes[last])
    if rule.seats == 1:
        return TEXTS.say("plurality.most_votes", last=last, of=of, lead=lead, next=next_)
    return TEXTS.say("plurality.most_votes_several", who=who, last=last, of=of, lead=lead, next=next_)


def standing(state: LineState) -> Text:
    """Votes against a threshold: '2,889,359 votes, at least 40 % of valid votes (2,455,069 needed, 434,290 more)'."""
    return TEXTS.say("standing.votes", votes=number(state.votes), line=_against_line(state))


def _against_line(state: LineState) -> Text:
    """The line, and how far votes are from it: 'at least 40 % of valid votes (2,455,069 needed, 434,290 more)'."""
    if state.name == "lead":
        key = "standing.lead_more_than" if state.line.strict else "standing.lead_at_least"
        line = TEXTS.say(key, points=hundredths(state.line.share, 4), of=of_base_words(state.of))
    else:
        line = line_words(state.line, state.of)
    needed = number(state.needed)
    if state.met:
        return TEXTS.say("standing.met", line=line, needed=needed, extra=number(state.past))
    return TEXTS.say("standing.not_met", line=line, needed=needed, short=number(-state.past))


def _two_round(contest: Contest, rule: TwoRound, tally: Tally, decision: Decision) -> Text:
    states = {state.name: state for state in line_states(contest, tally)}
    order = tally.ranking
    first = order[0]
    if decision.result == "tie":
        return _two_round_tie(tally, decision)
    if first_round_line(rule, tally) == "majority":
        return TEXTS.say("two_round.first_round", first=first, line=standing(states["majority"]))
    if len(order) == 1 and decision.result == "elected":
        return TEXTS.say("two_round.first_round", first=first, line=standing(states["alternative"]))
    if len(order) == 1:
        return TEXTS.say("two_round.no_second", first=first, line=standing(states["majority"]))
    second = order[1]
    if decision.result == "elected":
        share, lead = standing(states["alternative"]), standing(states["lead"])
        return TEXTS.say("two_round.first_round_lead", first=first, share=share, second=second, lead=lead)
    share, both = standing(states["majority"]), listed(order[:2])
    if "alternative" not in states:
        return TEXTS.say("two_round.runoff", first=first, share=share, both=both)
    other, lead = _against_line(states["alternative"]), standing(states["lead"])
    return TEXTS.say(
        "two_round.runoff_lead", first=first, share=share, other=other, second=second, lead=lead, both=both
    )


def _two_round_tie(tally: Tally, decision: Decision) -> Text:
    who, equal = listed(decision.choices), number(tally.votes[decision.choices[0]])
    if decision.tied_for == "office":
        return TEXTS.say("two_round.tie_office", who=who, equal=equal)
    if decision.settled:
        return TEXTS.say("two_round.tie_second", first=decision.settled[0], who=who, equal=equal)
    return TEXTS.say("two_round.tie_both", who=who, equal=equal)


def _quorum_figure_words(rule: Supermajority) -> Text:
    assert rule.quorum is not None
    if rule.quorum.counts == "proposal":
        return TEXTS.say("supermajority.votes_for", proposal=rule.proposal)
    return base_words(rule.quorum.counts)


def _supermajority(contest: Contest, rule: Supermajority, tally: Tally, decision: Decision) -> Text:
    states = line_states(contest, tally)
    has = TEXTS.say("supermajority.has", proposal=rule.proposal, line=standing(states[0]))
    if decision.result == "undecided":
        return TEXTS.say("supermajority.unknown_quorum", has=has)
    if len(states) > 1:
        key = "supermajority.quorum_met" if states[1].met else "supermajority.quorum_not_met"
        has = TEXTS.say(key, has=has, figure=_quorum_figure_words(rule), quorum=standing(states[1]))
    adopted = decision.choices == (rule.proposal,)
    return TEXTS.say("supermajority.adopted" if adopted else "supermajority.not_adopted", has=has)


def _seats(rule: HighestAverages | LargestRemainder, tally: Tally, decision: Decision) -> Text:
    method = method_words(rule)
    if decision.result == "undecided":
        return TEXTS.say("seats.none")
    seats = decision.seats or {}
    given = [f"{c} {seats[c]}" for c in tally.ranking if seats[c]]
    if decision.result == "tie":
        who, places = listed(decision.choices), TEXTS.plural("seats.last_seats", decision.places)
        if not given:
            return TEXTS.say("seats.tie", method=method, who=who, places=places)
        return TEXTS.say("seats.tie_after", method=method, given=listed(given), who=who, places=places)
    ends = _last_seat(rule, tally, decision)
    if ends is None:
        return TEXTS.say("seats.given", method=method, given=listed(given))
    return TEXTS.say("seats.given_last", method=method, given=listed(given), last=ends[0], next=ends[1])


def _last_seat(rule: HighestAverages | LargestRemainder, tally: Tally, decision: Decision) -> tuple[str, str] | None:
    """Whose seat was the last, and who would have had the next one; None with fewer than two choices for seats."""
    seats = decision.seats or {}
    whole = tally.valid if rule.of == "valid" else tally.cast
    qualified = qualified_choices(rule, tally.votes, whole)
    if len(qualified) < 2:
        return None
    claim = claims_of(rule, sum(tally.votes[c] for c in qualified))
    last = min((c for c in qualified if seats[c]), key=lambda c: claim(tally.votes[c], seats[c]))
    next_ = max((c for c in qualified if c != last), key=lambda c: claim(tally.votes[c], seats[c] + 1))
    return last, next_
