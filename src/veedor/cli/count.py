"""veedor count: totals, outcome, how far other outcomes are, and what is still open."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from veedor.cli.common import (
    ContestOption,
    CountOption,
    DataOption,
    ElectionArgument,
    JsonOption,
    SkipOption,
    StrictOption,
    console,
    dim,
    open_with_data,
    print_json,
    progress_bar,
    shown_moment,
    tell_left_out,
    tell_notes,
    tell_rows_absent,
    tell_spellings,
    titled,
)
from veedor.cli.layout import Column, show_table
from veedor.cli.speech import figures, number, shown
from veedor.cli.speech.words import NOTHING, between, paired, per_cent
from veedor.cli.texts import TEXTS
from veedor.rim.terminal import one_line

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from fractions import Fraction

    import polars as pl
    from rich.text import Text

    from veedor.count import Open, State, Tally
    from veedor.election import Contest, Count, Election
    from veedor.sheets.dataset import Dataset
    from veedor.sheets.read import Sheets

SnapshotOption = Annotated[
    str, typer.Option("--snapshot", help="Snapshot time (a prefix is enough), `last`, or `all`.")
]
UniverseOption = Annotated[
    str | None,
    typer.Option(
        "--universe",
        metavar="COUNT|none",
        help="Reference count for what is outstanding, or `none` (default: the official count, if it is another).",
    ),
]
TurnoutOption = Annotated[
    str | None,
    typer.Option("--turnout", metavar="SHARE", help="Turnout of the outstanding sheets, such as 0.88 or '88 %'."),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("count")(count)


def count(
    election: ElectionArgument,
    contest: ContestOption = None,
    which: CountOption = None,
    snapshot: SnapshotOption = "last",
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="LEVEL", help="Also the totals of every place of this level of geography."),
    ] = None,
    universe: UniverseOption = None,
    turnout: TurnoutOption = None,
    data: DataOption = None,
    skip_bad_rows: SkipOption = False,
    strict: StrictOption = False,
    json: JsonOption = False,
) -> None:
    """Add up the sheets: totals, outcome, what is outstanding.

    The outcome follows from the rule in the definition. For every other outcome the fewest votes that bring it are
    shown (its distance, or margin to another outcome).
    """
    share = _share(turnout)
    dataset = open_with_data(election, contest, data, skip_bad_rows=skip_bad_rows)
    counted = dataset.election.count_named(which)
    level = dataset.election.level_named(by).id if by is not None else None
    rest, other = _reference(dataset, counted, universe)
    incomplete = other is not None and tell_left_out(other.left_out)
    if snapshot == "all":
        incomplete |= _all(dataset, counted, (rest, other), share, json=json)
    else:
        when = dataset.snapshot(counted, snapshot)
        incomplete |= _one(dataset, counted, (rest, other), share, when=when, level=level, json=json)
    if strict and (incomplete or dataset.election.questions):
        raise typer.Exit(1)


def _one(
    dataset: "Dataset",
    count: "Count",
    reference: "tuple[Tally | None, Sheets | None]",
    turnout: "Fraction | None",
    *,
    when: "dt.datetime | None",
    level: str | None,
    json: bool,
) -> bool:
    """Show one snapshot; True if something was left out, is absent, or a station is written in two ways."""
    from veedor.count import open_part, statuses_of, tallies_by, tally
    from veedor.sheets import path_to

    election, contest = dataset.election, dataset.contest
    rest, other = reference
    sheets = dataset.sheets(count, when=when)
    incomplete = tell_left_out(sheets.left_out, listed=True)
    read = [sheets] if other is None else [sheets, other]
    spellings = tell_spellings(one.spellings for one in read)
    tell_rows_absent(sum(one.rows_absent for one in read))
    notes = tell_notes(note for one in read for note in one.notes)
    total = tally(sheets.table, contest)
    expected = _expected(count, rest)
    incomplete |= bool(total.absent.figures or (rest is not None and rest.absent.figures))
    part = open_part(
        contest, total, statuses=statuses_of(sheets.table), expected=expected, universe=rest, turnout=turnout
    )
    places = tallies_by(sheets.table, election, contest, level) if level is not None else None
    path = path_to(election, level) if level is not None else ()
    if json:
        from veedor.count import absent_by, count_document, places_of

        listed = places_of(places, path, absent_by(sheets.table, contest, path)) if places is not None else None
        document = count_document(election, contest, count, sheets.when, total, part, expected=expected, places=listed)
        document = replace(
            document,
            files=list(dict.fromkeys(file for one in read for file in one.files)),
            spellings=spellings or None,
            left_out=[str(fault) for fault in sheets.left_out] or None,
            rows_absent=sum(one.rows_absent for one in read) or None,
            notes=notes or None,
        )
        print_json(document)
        return incomplete or bool(spellings)
    _show(election, contest, count, sheets.when, total, part, expected)
    if places is not None:
        _show_places(places, path, contest)
    return incomplete or bool(spellings)


def _share(text: str | None) -> "Fraction | None":
    from veedor.election.rules import fraction_from
    from veedor.errors import VeedorError

    if text is None:
        return None
    try:
        return fraction_from(text)
    except ValueError as error:
        raise VeedorError(f"--turnout: {error}") from None


def _reference(dataset: "Dataset", count: "Count", name: str | None) -> "tuple[Tally | None, Sheets | None]":
    """The tally of the count that says what is open, and its sheets: the official one where another is shown."""
    from veedor.count import tally

    if name == "none":
        return None, None
    other = dataset.election.count_named(name)
    if name is None and (other.id == count.id or other.kind != "official"):
        return None, None
    sheets = dataset.sheets(other)
    return tally(sheets.table, dataset.contest), sheets


def _expected(count: "Count", universe: "Tally | None") -> int | None:
    return count.expected_sheets if count.expected_sheets is not None else (universe.sheets if universe else None)


def _all(
    dataset: "Dataset",
    count: "Count",
    reference: "tuple[Tally | None, Sheets | None]",
    turnout: "Fraction | None",
    *,
    json: bool,
) -> bool:
    """Show every snapshot; True if something was left out, is absent, or a station is written in two ways."""
    from veedor.count import certain_from, series_document, states_of

    with progress_bar(TEXTS.say("progress.reading")) as step:
        series = dataset.series(count, progress=step)
    incomplete = tell_left_out(series.left_out)
    rest, other = reference
    spellings = tell_spellings([series.spellings, *([] if other is None else [other.spellings])])
    notes = tell_notes([*series.notes, *(() if other is None else other.notes)])
    expected = _expected(count, rest)
    states = states_of(series, expected=expected, universe=rest, turnout=turnout)
    incomplete |= any(state.tally.absent.figures for state in states)
    if json:
        files = list(dict.fromkeys([*(one for _, one in series.files), *(other.files if other else ())]))
        document = series_document(dataset.election, dataset.contest, count, states, expected)
        print_json(replace(document, files=files, spellings=spellings or None, notes=notes or None))
    else:
        _show_states(dataset.election, count, states, certain_from(states))
    return incomplete or bool(spellings)


def _per_cent(part: int, whole: int) -> str:
    return per_cent(100 * part / whole, 4) if whole else NOTHING


def _show(
    election: "Election",
    contest: "Contest",
    count: "Count",
    when: "dt.datetime",
    tally: "Tally",
    part: "Open",
    expected: int | None,
) -> None:
    from veedor.count import not_published

    out = console()
    out.print(titled(shown(election.name), f", {shown(contest.name)}"))
    values = {"count": _called(count), "when": shown_moment(when, election), "kept_out": _kept_out(part)}
    if expected is None:
        line = TEXTS.plural("count.sheets", tally.sheets, **values)
    else:
        line = TEXTS.plural("count.sheets_of", expected, sheets=number(tally.sheets), **values)
    out.print(f"{line}\n", soft_wrap=True)
    received = tally.sheets + sum(part.by_status.values())
    if expected is not None and received > expected:
        more = TEXTS.say("count.more_than_expected", received=number(received), expected=number(expected))
        out.print(f"{more}\n", soft_wrap=True)
    _show_totals(contest, tally, not_published(election, count))
    for choice in (choice for choice in tally.lines if not tally.lines_of(choice)):
        added, votes = number(sum(tally.lines[choice].values())), number(tally.votes[choice])
        out.print(f"\n{TEXTS.say('count.lines_differ', choice=choice, added=added, votes=votes)}", soft_wrap=True)
    if tally.other_absent:
        others = ", ".join(figure.id for figure in contest.other)
        out.print(f"\n{TEXTS.plural('count.other_absent', tally.other_absent, others=others)}", soft_wrap=True)
    if tally.absent.figures:
        out.print(f"\n{_absent_words(tally)}", soft_wrap=True)
    _show_outcome(contest, tally)
    _show_labelled("open", _open_words(part))


def _show_totals(contest: "Contest", tally: "Tally", without: "Sequence[str]") -> None:
    """The table of choices and other figures. without: figures that no file of the count has."""
    rows: list[list[str | Text]] = []
    for choice in tally.ranking:
        rows.append([choice, number(tally.votes[choice]), _per_cent(tally.votes[choice], tally.valid)])
        rows += [
            [dim(f"  {one_line(line)}"), number(votes), _per_cent(votes, tally.valid)]
            for line, votes in tally.lines_of(choice).items()
        ]
    figures = {TEXTS.say(f"figure.{name}"): getattr(tally, name) for name in ("valid", "blank", "null")}
    figures |= {figure.id: tally.other[figure.id] for figure in contest.other if figure.of_cast}
    figures[TEXTS.say("figure.cast")] = tally.cast
    figures |= {figure.id: tally.other[figure.id] for figure in contest.other if not figure.of_cast}
    unknown = {TEXTS.say(f"figure.{name}") for name in without}
    rows += [[dim(name), NOTHING if name in unknown else number(value), ""] for name, value in figures.items()]
    registered = number(tally.registered) if tally.registered is not None else NOTHING
    rows.append([dim(TEXTS.say("figure.registered")), registered, ""])
    heads = (
        Column(TEXTS.say("head.choice"), "word"),
        Column(TEXTS.say("head.votes")),
        Column(TEXTS.say("head.of_valid")),
    )
    show_table(heads, rows)


def _show_outcome(contest: "Contest", tally: "Tally") -> None:
    """The rule, what follows from it, and what other outcomes are near."""
    from veedor.count import decide, distances, rule_text

    out, outcome = console(), decide(contest, tally)
    _show_labelled("rule", shown(rule_text(contest)))
    label = TEXTS.say(f"result.{outcome.result}")
    if outcome.result == "elected":
        label = TEXTS.say("count.elected", who=_who(outcome.choices))
    _show_labelled("outcome", label, apart=False)
    indent = " " * _label_width()
    out.print(f"{indent}{shown(outcome.reason)}", soft_wrap=True)
    for line in outcome.lines:
        key = "count.over_line" if line.over_line >= 0 else "count.under_line"
        votes = figures(f"{float(abs(line.over_line)):,.1f}")
        out.print(f"{indent}{TEXTS.say(key, line=TEXTS.say(f'binds.{line.name}'), votes=votes)}", soft_wrap=True)
    near = [distance for distance in distances(contest, tally) if distance.votes is not None]
    if near:
        out.print(titled(f"\n{TEXTS.say('count.other_outcomes')}", TEXTS.say("count.fewest_votes")))
    for distance in near[:12]:
        out.print(f"  {_distance_words(distance)}", soft_wrap=True)


LABELS = ("rule", "outcome", "open")
"""What the lines below the table are about; they are set as a column of its own."""


def _label_width() -> int:
    from rich.cells import cell_len

    return 2 + max(cell_len(TEXTS.say(f"count.label.{name}")) for name in LABELS)


def _show_labelled(name: str, text: str, *, apart: bool = True) -> None:
    """A line with its label in bold. apart: with an empty line before it."""
    from rich.cells import cell_len

    label = TEXTS.say(f"count.label.{name}")
    blanks = " " * (_label_width() - cell_len(label))
    console().print(titled("\n" * apart + label, f"{blanks}{text}"), soft_wrap=True)


def _absent_words(tally: "Tally") -> str:
    """How many figures are absent, in how many sheets, and what they can hold."""
    absent = tally.absent
    parts = [f"{choice} {number(absent.choices[choice].figures)}" for choice in tally.votes if choice in absent.choices]
    others = (("blank", absent.blank), ("null", absent.null))
    parts += [f"{TEXTS.say(f'figure.{name}')} {number(many)}" for name, many in others if many]
    sheets = TEXTS.plural("count.in_sheets", absent.sheets)
    words = [TEXTS.plural("count.absent", absent.figures, sheets=sheets, listed=", ".join(parts))]
    if absent.choices:
        most = TEXTS.say("count.hold_unknown") if absent.high is None else TEXTS.plural("count.hold_most", absent.high)
        bounds = ", ".join(
            TEXTS.say(f"count.bounded.{name}", number=number(many)) for name, many in absent.bounds.items() if many
        )
        words.append(TEXTS.say("count.hold", most=most, bounds=bounds))
        words.append(", ".join(f"{c} {_range(tally, c)}" for c in tally.votes if c in absent.choices) + ".")
    return " ".join(words)


def _range(tally: "Tally", choice: str) -> str:
    low, high = tally.votes_low(choice), tally.votes_high(choice)
    if high is None:
        return TEXTS.say("amount.or_more", number=number(low))
    return number(low) if low == high else between(number(low), number(high))


def _who(choices: "Sequence[str]") -> str:
    return ", ".join(choices) or TEXTS.say("count.nobody")


def _distance_words(distance: object) -> str:
    from veedor.count import Distance

    assert isinstance(distance, Distance)
    assert distance.votes is not None
    to = distance.to
    if to.seats is not None:
        aim = TEXTS.say("count.aim.seats", listed=", ".join(f"{c} {n}" for c, n in to.seats.items() if n))
    elif to.result == "runoff":
        aim = TEXTS.say("count.aim.runoff", who=paired(to.choices))
    else:
        aim = TEXTS.say("count.aim.elected", who=_who(to.choices))
    return TEXTS.say(
        "count.distance",
        votes=f"{number(distance.votes):>12}",
        how=TEXTS.say(f"count.how.{distance.how}"),
        source=TEXTS.say("count.taken", who=", ".join(distance.taken)) if distance.taken else "",
        target=TEXTS.say("count.given", who=", ".join(distance.given)) if distance.given else "",
        aim=aim,
        binds=TEXTS.say(f"binds.{distance.binds}"),
        inexact="" if distance.exact else TEXTS.say("count.inexact"),
    )


WHOSE = ("observers", "party", "parallel", "recount")
"""Kinds of counts that are not the authority's first or final one."""


def _called(count: "Count") -> str:
    """A count's name, and whose it is where it is not the authority's first or final one."""
    name = shown(count.name)
    return TEXTS.say(f"count.whose.{count.kind}", name=name) if count.kind in WHOSE else name


def _kept_out(part: "Open") -> str:
    """The sheets received that are in no total, by status."""
    held = [_of_status(status, many) for status, many in part.by_status.items() if many]
    return TEXTS.say("count.in_no_total", listed=", ".join(held)) if held else ""


def _of_status(status: str, many: int) -> str:
    return TEXTS.say(f"status.{status}", number=number(many))


def _open_words(part: "Open") -> str:
    annulled = part.by_status["annulled"]
    if part.sheets == 0 and not part.valid and part.basis != "absent":
        return TEXTS.plural("count.nothing_but_annulled", annulled) if annulled else TEXTS.say("count.nothing_open")
    if part.basis == "absent":
        words = [TEXTS.say("count.open_absent")]
    else:
        words = [TEXTS.say("count.open_unknown") if part.sheets is None else TEXTS.plural("count.open", part.sheets)]
    held = [_of_status(name, many) for name, many in part.by_status.items() if many and name != "annulled"]
    if held:
        words.append(TEXTS.say("count.received", listed=", ".join(held)))
    if annulled:
        words.append(TEXTS.say("count.not_open", annulled=_of_status("annulled", annulled)))
    if part.registered is not None:
        words.append(TEXTS.plural("count.registered", part.registered))
    if part.valid is not None:
        basis = part.basis if part.basis in ("universe", "turnout") else "most"
        words.append(TEXTS.plural(f"count.valid_{basis}", part.valid))
    words.append(TEXTS.say(f"count.change.{_known(part.outcome_can_change)}"))
    if part.lead_needed is not None:
        points = figures(f"{100 * float(part.lead_needed):.6f}")
        words.append(TEXTS.say("count.lead_needed", points=points))
    return "; ".join(words)


def _known(answer: bool | None) -> str:
    return "unknown" if answer is None else "yes" if answer else "no"


def _show_places(places: "pl.DataFrame", path: tuple[str, ...], contest: "Contest") -> None:
    names = ("sheets", "registered", "cast", "valid", "blank", "null")
    others = tuple(figure.id for figure in contest.other)
    figures = (*names, *(f"other.{other}" for other in others), *(f"votes.{choice}" for choice in contest.choice_ids))
    heads = (*(TEXTS.say(f"figure.{name}") for name in names), *others, *contest.choice_ids)
    columns = [*(Column(level, "name") for level in path), *map(Column, heads)]
    rows = [
        [
            *(one_line(row[level] or NOTHING) for level in path),
            *(NOTHING if row[name] is None else number(row[name]) for name in figures),
        ]
        for row in places.iter_rows(named=True)
    ]
    console().print()
    show_table(columns, rows, heads=len(path))


def _show_states(
    election: "Election", count: "Count", states: "tuple[State, ...]", since: "dt.datetime | None"
) -> None:
    columns = [
        Column(TEXTS.say("head.snapshot"), "word"),
        *(Column(TEXTS.say(key)) for key in ("figure.sheets", "figure.valid", "head.lead", "head.of_valid")),
        Column(TEXTS.say("head.outcome"), "name"),
        Column(TEXTS.say("head.can_change"), "word"),
    ]
    lacking = any(state.tally.absent.figures for state in states)
    columns += [Column(TEXTS.say("head.absent_figures"))] if lacking else []
    rows = [
        [
            shown_moment(state.snapshot, election, offset=False),
            number(state.tally.sheets),
            number(state.tally.valid),
            NOTHING if state.lead is None else number(state.lead),
            NOTHING if state.lead is None else _per_cent(state.lead, state.tally.valid),
            f"{TEXTS.say(f'result.{state.outcome.result}')} {', '.join(state.outcome.choices)}",
            TEXTS.say(f"answer.{_known(state.open.outcome_can_change)}"),
            *([number(state.tally.absent.figures)] if lacking else []),
        ]
        for state in states
    ]
    show_table(columns, rows, title=f"{shown(election.name)}, {_called(count)}")
    out = console()
    if since is None:
        out.print(f"\n{TEXTS.say('count.always_open')}")
    else:
        when = since.astimezone(election.zone).isoformat()
        out.print(f"\n{TEXTS.say('count.certain_from', when=when)}")
