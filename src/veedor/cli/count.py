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
from veedor.rim.terminal import one_line

if TYPE_CHECKING:
    import datetime as dt
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

    with progress_bar("reading") as step:
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
    return f"{100 * part / whole:.4f} %" if whole else "-"


def _show(
    election: "Election",
    contest: "Contest",
    count: "Count",
    when: "dt.datetime",
    tally: "Tally",
    part: "Open",
    expected: int | None,
) -> None:
    from veedor.count import decide, distances, rule_text

    out = console()
    out.print(titled(election.name.en, f", {contest.name.en}"))
    of = f" of {expected:,}" if expected is not None else ""
    kept_out = _kept_out(part)
    out.print(
        f"{_called(count)}, {shown_moment(when, election)}: {tally.sheets:,}{of} sheets{kept_out}\n",
        soft_wrap=True,
    )
    received = tally.sheets + sum(part.by_status.values())
    if expected is not None and received > expected:
        out.print(f"More stations than expected: {received:,}, and {expected:,} are expected.\n", soft_wrap=True)
    rows: list[list[str | Text]] = [
        [choice, f"{tally.votes[choice]:,}", _per_cent(tally.votes[choice], tally.valid)] for choice in tally.ranking
    ]
    figures = {"valid": tally.valid, "blank": tally.blank, "null": tally.null}
    figures |= {figure.id: tally.other[figure.id] for figure in contest.other if figure.of_cast}
    figures["cast"] = tally.cast
    figures |= {figure.id: tally.other[figure.id] for figure in contest.other if not figure.of_cast}
    rows += [[dim(name), f"{number:,}", ""] for name, number in figures.items()]
    rows.append([dim("registered"), f"{tally.registered:,}" if tally.registered is not None else "-", ""])
    show_table([Column("choice", "word"), Column("votes"), Column("of valid")], rows)
    if tally.other_absent:
        others = ", ".join(figure.id for figure in contest.other)
        many = "1 figure is" if tally.other_absent == 1 else f"{tally.other_absent:,} figures are"
        out.print(f"\n{many} absent among {others}, and nothing is added for it.", soft_wrap=True)
    if tally.absent.figures:
        out.print(f"\n{_absent_words(tally)}", soft_wrap=True)
    outcome = decide(contest, tally)
    out.print(titled("\nRule", f"     {rule_text(contest).en}"), soft_wrap=True)
    label = outcome.result if outcome.result != "elected" else "elected: " + (", ".join(outcome.choices) or "nobody")
    out.print(titled("Outcome", f"  {label}"), soft_wrap=True)
    out.print(f"         {outcome.reason.en}", soft_wrap=True)
    for line in outcome.lines:
        side = "over" if line.over_line >= 0 else "under"
        out.print(f"         {line.name}: {float(abs(line.over_line)):,.1f} votes {side} the line", soft_wrap=True)
    near = [distance for distance in distances(contest, tally) if distance.votes is not None]
    if near:
        out.print(titled("\nOther outcomes", ", and the fewest votes that bring them"))
    for distance in near[:12]:
        out.print(f"  {_distance_words(distance)}", soft_wrap=True)
    out.print(titled("\nOpen", f"     {_open_words(part)}"), soft_wrap=True)


BOUNDED = {
    "valid": "by printed valid votes",
    "cast": "by printed ballots cast",
    "registered": "by registered voters",
    "nothing": "by nothing",
}


def _absent_words(tally: "Tally") -> str:
    """How many figures are absent, in how many sheets, and what they can hold."""
    absent = tally.absent
    figures = "1 figure is absent" if absent.figures == 1 else f"{absent.figures:,} figures are absent"
    verb = "adds" if absent.figures == 1 else "add"
    sheets = "1 sheet" if absent.sheets == 1 else f"{absent.sheets:,} sheets"
    parts = [f"{choice} {absent.choices[choice].figures:,}" for choice in tally.votes if choice in absent.choices]
    parts += [f"{name} {number:,}" for name, number in (("blank", absent.blank), ("null", absent.null)) if number]
    words = [f"{figures} in {sheets}, and {verb} nothing above: {', '.join(parts)}."]
    if absent.choices:
        most = "an unknown number of" if absent.high is None else f"at most {absent.high:,}"
        bounds = ", ".join(f"{BOUNDED[name]} in {number:,}" for name, number in absent.bounds.items() if number)
        words.append(f"They hold {most} valid votes (bounded {bounds}):")
        words.append(", ".join(f"{c} {_range(tally, c)}" for c in tally.votes if c in absent.choices) + ".")
    return " ".join(words)


def _range(tally: "Tally", choice: str) -> str:
    low, high = tally.votes_low(choice), tally.votes_high(choice)
    if high is None:
        return f"{low:,} or more"
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


VERBS = {"move": "moved", "remove": "removed", "add": "added"}


def _distance_words(distance: object) -> str:
    from veedor.count import Distance

    assert isinstance(distance, Distance)
    to = distance.to
    if to.seats is not None:
        aim = "seats " + ", ".join(f"{c} {n}" for c, n in to.seats.items() if n)
    elif to.result == "runoff":
        aim = f"runoff of {' and '.join(to.choices)}"
    else:
        aim = f"elected {', '.join(to.choices) or 'nobody'}"
    source = f" from {', '.join(distance.taken)}" if distance.taken else ""
    target = f" to {', '.join(distance.given)}" if distance.given else ""
    bound = "" if distance.exact else " (fewer may do)"
    return f"{distance.votes:>12,} {VERBS[distance.how]}{source}{target}: {aim}, bound by {distance.binds}{bound}"


WHOSE = {
    "observers": " (observers' count)",
    "party": " (a party's count)",
    "parallel": " (a parallel count)",
    "recount": " (a recount)",
}


def _called(count: "Count") -> str:
    """A count's name, and whose it is where it is not the authority's first or final one."""
    return count.name.en + WHOSE.get(count.kind, "")


def _kept_out(part: "Open") -> str:
    """The sheets received that are in no total, by status."""
    listed = [f"{number:,} {status}" for status, number in part.by_status.items() if number]
    return f"; in no total: {', '.join(listed)}" if listed else ""


def _open_words(part: "Open") -> str:
    annulled = part.by_status["annulled"]
    if part.sheets == 0 and not part.valid and part.basis != "absent":
        if not annulled:
            return "nothing: every expected sheet is counted"
        many = "1 sheet is" if annulled == 1 else f"{annulled:,} sheets are"
        return f"nothing: {many} annulled and in no total, every other expected sheet is counted"
    sheets = "an unknown number of sheets" if part.sheets is None else f"{part.sheets:,} sheets"
    words = ["absent figures of counted sheets" if part.basis == "absent" else sheets]
    held = [f"{number:,} {status}" for status, number in part.by_status.items() if number and status != "annulled"]
    if held:
        words.append(f"received but not counted: {', '.join(held)}")
    if annulled:
        words.append(f"not open: {annulled:,} annulled")
    if part.registered is not None:
        words.append(f"{part.registered:,} registered voters")
    if part.valid is not None:
        basis = {"universe": "as the other count has them", "turnout": "at the stated turnout"}
        words.append(f"{part.valid:,} valid votes {basis.get(part.basis or '', 'at most')}")
    known = {True: "they can still change the outcome", False: "they cannot change the outcome"}
    change = part.outcome_can_change
    words.append("whether they can change the outcome is unknown" if change is None else known[change])
    if part.lead_needed is not None:
        words.append(f"lead needed among them for the line: {100 * float(part.lead_needed):.6f} points")
    return "; ".join(words)


def _show_places(places: "pl.DataFrame", path: tuple[str, ...], contest: "Contest") -> None:
    names = ("sheets", "registered", "cast", "valid", "blank", "null")
    others = tuple(figure.id for figure in contest.other)
    figures = (*names, *(f"other.{other}" for other in others), *(f"votes.{choice}" for choice in contest.choice_ids))
    columns = [*(Column(level, "name") for level in path), *map(Column, (*names, *others, *contest.choice_ids))]
    rows = [
        [
            *(one_line(row[level] or "-") for level in path),
            *("-" if row[name] is None else f"{row[name]:,}" for name in figures),
        ]
        for row in places.iter_rows(named=True)
    ]
    console().print()
    show_table(columns, rows, heads=len(path))


def _show_states(
    election: "Election", count: "Count", states: "tuple[State, ...]", since: "dt.datetime | None"
) -> None:
    columns = [
        Column("snapshot", "word"),
        *map(Column, ("sheets", "valid", "lead", "of valid")),
        Column("outcome", "name"),
        Column("can change", "word"),
    ]
    lacking = any(state.tally.absent.figures for state in states)
    columns += [Column("absent figures")] if lacking else []
    known = {True: "yes", False: "no", None: "unknown"}
    rows = [
        [
            shown_moment(state.snapshot, election, offset=False),
            f"{state.tally.sheets:,}",
            f"{state.tally.valid:,}",
            "-" if state.lead is None else f"{state.lead:,}",
            "-" if state.lead is None else _per_cent(state.lead, state.tally.valid),
            f"{state.outcome.result} {', '.join(state.outcome.choices)}",
            known[state.open.outcome_can_change],
            *([f"{state.tally.absent.figures:,}"] if lacking else []),
        ]
        for state in states
    ]
    show_table(columns, rows, title=f"{election.name.en}, {_called(count)}")
    out = console()
    if since is None:
        out.print("\nAs far as these snapshots show, the outcome could still change at each of them.")
    else:
        out.print(f"\nThe outcome could no longer change from {since.astimezone(election.zone).isoformat()} on.")
