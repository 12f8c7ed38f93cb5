"""Why a tally gives its outcome: one or two sentences in whole votes, in English and Spanish."""

from veedor.count.decision import Decision, first_round_line
from veedor.count.seats import claims_of, qualified_choices
from veedor.count.thresholds import LineState, line_states
from veedor.count.totals import Tally
from veedor.count.words import base_words, line_words, listed, number, per_cent
from veedor.election import Contest, HighestAverages, LargestRemainder, Plurality, Supermajority, TwoRound
from veedor.finding import Text


def reason_for(contest: Contest, tally: Tally, decision: Decision) -> Text:
    """The reason of a decision; decision is the one that the contest's rule gives for the tally."""
    rule = contest.rule
    if tally.valid == 0:
        return Text("No valid votes are counted.", "No hay votos válidos computados.")
    if isinstance(rule, Plurality):
        return _plurality(rule, tally, decision)
    if isinstance(rule, TwoRound):
        return _two_round(contest, rule, tally, decision)
    if isinstance(rule, Supermajority):
        return _supermajority(contest, rule, tally, decision)
    return _seats(rule, tally, decision)


def rule_text(contest: Contest) -> Text:
    """The contest's rule in words."""
    rule = contest.rule
    if isinstance(rule, Plurality):
        if rule.seats == 1:
            return Text("the choice with the most votes is elected", "gana la opción con más votos")
        seats = rule.seats
        return Text(f"the {seats} choices with the most votes are elected", f"ganan las {seats} opciones con más votos")
    if isinstance(rule, TwoRound):
        return _two_round_rule(rule)
    if isinstance(rule, Supermajority):
        return _supermajority_rule(rule)
    return _seats_rule(rule)


def _two_round_rule(rule: TwoRound) -> Text:
    line = line_words(rule.majority, rule.of)
    english, spanish = f"elected with {line.en}", f"gana con {line.es}"
    if rule.alternative is not None and rule.lead is not None:
        other, lead = line_words(rule.alternative, rule.of), lead_words(rule)
        english += f", or {other.en} and {lead.en}"
        spanish += f", o con {other.es} y {lead.es}"
    return Text(
        f"{english}; otherwise a runoff of the first two", f"{spanish}; si no, segunda vuelta entre los dos primeros"
    )


def lead_words(rule: TwoRound) -> Text:
    """'a lead of at least 10 points over the second'."""
    assert rule.lead is not None
    points = per_cent(rule.lead.share, 4)
    how = Text("more than", "más de") if rule.lead.strict else Text("at least", "al menos")
    english, spanish = points.en.removesuffix(" %"), points.es.removesuffix(" %")
    return Text(
        f"a lead of {how.en} {english} points over the second",
        f"una ventaja de {how.es} {spanish} puntos sobre el segundo",
    )


def _supermajority_rule(rule: Supermajority) -> Text:
    line = line_words(rule.line, rule.of)
    if rule.quorum is None:
        return Text(f"{rule.proposal} is adopted with {line.en}", f"{rule.proposal} se aprueba con {line.es}")
    figure = _quorum_figure_words(rule)
    quorum = line_words(rule.quorum.threshold, "registered")
    return Text(
        f"{rule.proposal} is adopted with {line.en}, if {figure.en} are {quorum.en}",
        f"{rule.proposal} se aprueba con {line.es}, si {figure.es} son {quorum.es}",
    )


def _seats_rule(rule: HighestAverages | LargestRemainder) -> Text:
    method = method_words(rule)
    english, spanish = f"{rule.seats} seats by {method.en}", f"{rule.seats} escaños por {method.es}"
    if rule.threshold is not None:
        line = line_words(rule.threshold, rule.of)
        english, spanish = f"{english}, for choices with {line.en}", f"{spanish}, entre las opciones con {line.es}"
    return Text(english, spanish)


def method_words(rule: HighestAverages | LargestRemainder) -> Text:
    """The name of a method of giving seats."""
    if isinstance(rule, HighestAverages):
        return Text("D'Hondt", "D'Hondt") if rule.divisors == "dhondt" else Text("Sainte-Laguë", "Sainte-Laguë")
    name = rule.quota.capitalize()
    return Text(f"largest remainders ({name} quota)", f"restos mayores (cuota {name})")


def _plurality(rule: Plurality, tally: Tally, decision: Decision) -> Text:
    order, votes = tally.ranking, tally.votes
    who = listed(decision.choices)
    if decision.result == "tie":
        equal = number(votes[decision.choices[0]])
        return Text(
            f"{who.en} have {equal.en} votes each and tie for {_places(decision.places).en}.",
            f"{who.es} tienen {equal.es} votos cada uno y empatan por {_places(decision.places).es}.",
        )
    if rule.seats >= len(order):
        return Text(
            f"There are no more choices than places: {who.en} elected.",
            f"No hay más opciones que cargos: electos {who.es}.",
        )
    last, next_ = order[rule.seats - 1], order[rule.seats]
    lead, of = number(votes[last] - votes[next_]), number(votes[last])
    if rule.seats == 1:
        return Text(
            f"{last} has the most votes, {of.en}, {lead.en} more than {next_}.",
            f"{last} tiene la mayor votación, {of.es} votos, {lead.es} más que {next_}.",
        )
    return Text(
        f"{who.en} have the most votes; {last}, the last of them, has {of.en}, {lead.en} more than {next_}.",
        f"{who.es} tienen las mayores votaciones; {last}, la última de ellas, tiene {of.es} votos, "
        f"{lead.es} más que {next_}.",
    )


def _places(places: int) -> Text:
    return Text("one place", "un cargo") if places == 1 else Text(f"{places} places", f"{places} cargos")


def standing(state: LineState) -> Text:
    """Where votes stand to a line: '2,889,359 votes, at least 40 % of valid votes (2,455,069 needed, 434,290 more)'."""
    votes = number(state.votes)
    if state.name == "lead":
        points = per_cent(state.line.share, 4)
        least, base = ("more than", "más de") if state.line.strict else ("at least", "al menos"), base_words(state.of)
        line = Text(
            f"{least[0]} {points.en.removesuffix(' %')} points of {base.en}",
            f"{least[1]} {points.es.removesuffix(' %')} puntos de {base.es}",
        )
    else:
        line = line_words(state.line, state.of)
    needed = number(state.needed)
    if state.met:
        extra = number(state.past)
        return Text(
            f"{votes.en} votes, {line.en} ({needed.en} needed, {extra.en} more)",
            f"{votes.es} votos, {line.es} (se requieren {needed.es}, tiene {extra.es} más)",
        )
    short = number(-state.past)
    return Text(
        f"{votes.en} votes, not {line.en} ({needed.en} needed, {short.en} fewer)",
        f"{votes.es} votos, no {line.es} (se requieren {needed.es}, faltan {short.es})",
    )


def _two_round(contest: Contest, rule: TwoRound, tally: Tally, decision: Decision) -> Text:
    states = {state.name: state for state in line_states(contest, tally)}
    order = tally.ranking
    first = order[0]
    if decision.result == "tie":
        return _two_round_tie(tally, decision)
    if first_round_line(rule, tally) == "majority":
        text = standing(states["majority"])
        return Text(
            f"{first} has {text.en}: elected in the first round.", f"{first} tiene {text.es}: gana en primera vuelta."
        )
    if len(order) == 1 and decision.result == "elected":
        text = standing(states["alternative"])
        return Text(
            f"{first} has {text.en}: elected in the first round.", f"{first} tiene {text.es}: gana en primera vuelta."
        )
    if len(order) == 1:
        text = standing(states["majority"])
        return Text(
            f"{first} has {text.en}, and there is no second choice to meet in a runoff.",
            f"{first} tiene {text.es}, y no hay otra opción para una segunda vuelta.",
        )
    second = order[1]
    if decision.result == "elected":
        share, lead = standing(states["alternative"]), standing(states["lead"])
        return Text(
            f"{first} has {share.en}, and leads {second} by {lead.en}: elected in the first round.",
            f"{first} tiene {share.es}, y aventaja a {second} por {lead.es}: gana en primera vuelta.",
        )
    share = standing(states["majority"])
    english, spanish = f"{first} has {share.en}", f"{first} tiene {share.es}"
    if "alternative" in states:
        other, lead = standing(states["alternative"]), standing(states["lead"])
        other = Text(other.en.split(" votes, ", 1)[1], other.es.split(" votos, ", 1)[1])
        english += f"; {other.en}; its lead over {second} is {lead.en}"
        spanish += f"; {other.es}; su ventaja sobre {second} es de {lead.es}"
    return Text(
        f"{english}: a runoff of {first} and {second}.", f"{spanish}: segunda vuelta entre {listed(order[:2]).es}."
    )


def _two_round_tie(tally: Tally, decision: Decision) -> Text:
    who, equal = listed(decision.choices), number(tally.votes[decision.choices[0]])
    if decision.tied_for == "office":
        return Text(
            f"{who.en} have {equal.en} votes each and meet the line for the first round: they tie for the office.",
            f"{who.es} tienen {equal.es} votos cada uno y alcanzan la línea de primera vuelta: empatan por el cargo.",
        )
    if decision.settled:
        first = decision.settled[0]
        return Text(
            f"Nobody meets the line for the first round. {first} is in the runoff; {who.en}, with {equal.en} votes "
            "each, tie for the second place in it.",
            f"Nadie alcanza la línea de primera vuelta. {first} pasa a la segunda vuelta; {who.es}, con {equal.es} "
            "votos cada uno, empatan por el segundo lugar.",
        )
    return Text(
        f"Nobody meets the line for the first round. {who.en}, with {equal.en} votes each, tie for the two places in "
        "the runoff.",
        f"Nadie alcanza la línea de primera vuelta. {who.es}, con {equal.es} votos cada uno, empatan por los dos "
        "lugares de la segunda vuelta.",
    )


def _quorum_figure_words(rule: Supermajority) -> Text:
    assert rule.quorum is not None
    if rule.quorum.counts == "proposal":
        return Text(f"the votes for {rule.proposal}", f"los votos por {rule.proposal}")
    return base_words(rule.quorum.counts)


def _supermajority(contest: Contest, rule: Supermajority, tally: Tally, decision: Decision) -> Text:
    states = line_states(contest, tally)
    line = standing(states[0])
    english, spanish = f"{rule.proposal} has {line.en}", f"{rule.proposal} tiene {line.es}"
    if decision.result == "undecided":
        return Text(
            f"{english}; whether the quorum is met cannot be said: the sheets do not state registered voters.",
            f"{spanish}; no se puede decir si se alcanza el quórum: las actas no indican los inscritos.",
        )
    if len(states) > 1:
        figure, quorum = _quorum_figure_words(rule), standing(states[1])
        met = Text("is met", "se alcanza") if states[1].met else Text("is not met", "no se alcanza")
        english += f"; the quorum {met.en}: {figure.en} are {quorum.en}"
        spanish += f"; el quórum {met.es}: {figure.es} son {quorum.es}"
    if decision.choices == (rule.proposal,):
        return Text(f"{english}: adopted.", f"{spanish}: aprobado.")
    return Text(f"{english}: not adopted.", f"{spanish}: no aprobado.")


def _seats(rule: HighestAverages | LargestRemainder, tally: Tally, decision: Decision) -> Text:
    method = method_words(rule)
    if decision.result == "undecided":
        return Text("No choice meets the threshold for seats.", "Ninguna opción alcanza el umbral para escaños.")
    seats = decision.seats or {}
    given = [f"{c} {seats[c]}" for c in tally.ranking if seats[c]]
    if decision.result == "tie":
        who = listed(decision.choices)
        places = Text("the last seat", "el último escaño")
        if decision.places > 1:
            places = Text(f"the last {decision.places} seats", f"los últimos {decision.places} escaños")
        before = Text(f"{listed(given).en}; " if given else "", f"{listed(given).es}; " if given else "")
        return Text(
            f"By {method.en}: {before.en}{who.en} have equal claims to {places.en}.",
            f"Por {method.es}: {before.es}{who.es} tienen igual derecho a {places.es}.",
        )
    last = _last_seat(rule, tally, decision)
    return Text(f"By {method.en}: {listed(given).en}.{last.en}", f"Por {method.es}: {listed(given).es}.{last.es}")


def _last_seat(rule: HighestAverages | LargestRemainder, tally: Tally, decision: Decision) -> Text:
    """Whose seat was the last, and who would have had the next one."""
    seats = decision.seats or {}
    whole = tally.valid if rule.of == "valid" else tally.cast
    qualified = qualified_choices(rule, tally.votes, whole)
    if len(qualified) < 2:
        return Text("", "")
    claim = claims_of(rule, sum(tally.votes[c] for c in qualified))
    last = min((c for c in qualified if seats[c]), key=lambda c: claim(tally.votes[c], seats[c]))
    next_ = max((c for c in qualified if c != last), key=lambda c: claim(tally.votes[c], seats[c] + 1))
    return Text(
        f" The last seat is {last}'s; the next would be {next_}'s.",
        f" El último escaño es de {last}; el siguiente sería de {next_}.",
    )
