"""A count as one JSON document; its keys are described in docs/reference/json-count.md."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import polars as pl

from veedor.count.absent import NOTHING, Absent, not_published
from veedor.count.decision import Contested, Decision, Result
from veedor.count.distance.distance import Distance, distances
from veedor.count.lines import HAS, lines_of
from veedor.count.outcome import Outcome, decide
from veedor.count.outstanding import Basis, Open
from veedor.count.reason import rule_text
from veedor.count.series import State, certain_from
from veedor.count.thresholds import LineState
from veedor.count.totals import Tally
from veedor.document import INLINED, LEFT_OUT, Json, as_json
from veedor.election import Contest, Count, Election
from veedor.languages import others
from veedor.sheets import LINE, OTHER, VOTES
from veedor.sheets.formats.unpack import RawFile


@dataclass(frozen=True, kw_only=True)
class SheetsCounted:
    """Sheets in the totals, of how many expected (null where that is unknown)."""

    expected: int | None
    counted: int


@dataclass(frozen=True, kw_only=True)
class ChoiceVotes:
    """A choice's votes, and their share of the valid votes (null without any).

    votes_low, votes_high: with the least and the most that its absent figures can hold; high is null without a bound.
    lines: its votes by party line, where these are published and add up to them; lines_sum: what the lines add up to
      where that is another figure.
    """

    id: str
    votes: int
    share_of_valid: float | None
    votes_low: int
    votes_high: int | None
    lines: Mapping[str, int] | None = field(default=None, metadata=LEFT_OUT)
    lines_sum: int | None = field(default=None, metadata=LEFT_OUT)


@dataclass(frozen=True, kw_only=True)
class FiguresAbsent:
    """The figures that counted sheets lack: see `Absent`. All of them add nothing to the totals.

    by_choice: how many by choice, those that have some; blank, null: how many of these.
    votes_high: the most valid votes that they hold together, null without a bound.
    bounded_by: sheets by what bounds their absent figures.
    """

    figures: int
    sheets: int
    by_choice: Mapping[str, int]
    blank: int
    null: int
    votes_high: int | None
    bounded_by: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Totals:
    """Totals of the sheets counted; choices: most votes first.

    other: figures with a name of their own, where the contest has some; other_absent: how many of them the sheets lack.
    """

    sheets: SheetsCounted
    registered: int | None
    cast: int
    valid: int
    blank: int
    null: int
    choices: tuple[ChoiceVotes, ...]
    figures_absent: FiguresAbsent
    other: Mapping[str, int] | None = field(default=None, metadata=LEFT_OUT)
    other_absent: int | None = field(default=None, metadata=LEFT_OUT)


@dataclass(frozen=True, kw_only=True)
class DecisionShown:
    """The bare outcome: see `Decision`. seats: where the rule gives seats; tied_for, places, settled: in a tie."""

    result: Result
    choices: tuple[str, ...]
    seats: Mapping[str, int] | None = field(default=None, metadata=LEFT_OUT)
    tied_for: Contested | None = field(default=None, metadata=LEFT_OUT)
    places: int | None = field(default=None, metadata=LEFT_OUT)
    settled: tuple[str, ...] | None = field(default=None, metadata=LEFT_OUT)


@dataclass(frozen=True, kw_only=True)
class LineShown:
    """A line of the rule, a choice's votes beside it, and by how many it lies over the line: see `LineState`."""

    line: str
    choice: str
    of: str
    share: float
    strict: bool
    votes: int
    whole: int
    needed: int
    met: bool
    votes_over_line: float | None


@dataclass(frozen=True, kw_only=True)
class DistanceShown:
    """Distance to another outcome: see `Distance`. from_, gives: votes that each choice loses and gains."""

    to: DecisionShown
    votes: int | None
    how: str
    from_: Mapping[str, int]
    gives: Mapping[str, int]
    binds: str | None
    exact: bool


@dataclass(frozen=True, kw_only=True)
class OutcomeShown:
    """The outcome of the figures stated, its rule in words, its lines and its distances, nearest first.

    within_absent: whether it is the same whatever the absent figures hold.
    """

    rule: str
    rule_text: str
    decision: DecisionShown = field(metadata=INLINED)
    within_absent: bool
    reason: str
    lines: tuple[LineShown, ...]
    distances: tuple[DistanceShown, ...]
    translations: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, kw_only=True)
class OpenShown:
    """The outstanding part; shares are fractions of the outstanding valid votes."""

    sheets: int | None
    not_received: int | None
    by_status: Mapping[str, int]
    registered: int | None
    valid: int | None
    basis: Basis | None
    outcome_can_change: bool | None
    votes_to_change: int | None
    lead_needed: float | None
    share_needed: float | None


@dataclass(frozen=True, kw_only=True)
class PlaceTotals:
    """The totals of one place; path: its names by level, the broadest first."""

    path: Mapping[str, str | None]
    totals: Totals = field(metadata=INLINED)


@dataclass(frozen=True, kw_only=True)
class CountDocument:
    """`veedor count --json`: one state of a count.

    places: with --by; files: that were read, not in a dossier; spellings: stations that are written in two
    ways; left_out: rows left out with --skip-bad-rows; open_questions: those of the definition, where it has any.
    rows_absent: figures that have no row in a long file and were read as 0. not_published: which of blank and null no
    layout of the count has, 0 in the totals. notes: what else was said of the files.
    """

    election: str
    contest: str
    count: str
    snapshot: str | None
    totals: Totals = field(metadata=INLINED)
    outcome: OutcomeShown
    open: OpenShown
    places: Sequence[PlaceTotals] | None = field(default=None, metadata=LEFT_OUT)
    files: Sequence[RawFile] | None = field(default=None, metadata=LEFT_OUT)
    spellings: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)
    left_out: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)
    rows_absent: int | None = field(default=None, metadata=LEFT_OUT)
    open_questions: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)
    not_published: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)
    notes: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)


@dataclass(frozen=True, kw_only=True)
class OutcomeOfState:
    """A snapshot's outcome without its distances."""

    decision: DecisionShown = field(metadata=INLINED)
    within_absent: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class SnapshotShown:
    """One snapshot; lead: votes of the first minus those of the second."""

    snapshot: str
    totals: Totals = field(metadata=INLINED)
    outcome: OutcomeOfState
    lead: int | None
    open: OpenShown


@dataclass(frozen=True, kw_only=True)
class SeriesDocument:
    """`veedor count --snapshot all --json`: every snapshot of a count, oldest first.

    certain_from: the first from which on its outcome could no longer change; null if never. files, spellings,
    open_questions, not_published, notes: as of one state.
    """

    election: str
    contest: str
    count: str
    certain_from: str | None
    snapshots: tuple[SnapshotShown, ...]
    files: Sequence[RawFile] | None = field(default=None, metadata=LEFT_OUT)
    spellings: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)
    open_questions: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)
    not_published: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)
    notes: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)


def count_document(
    election: Election,
    contest: Contest,
    count: Count,
    snapshot: dt.datetime | None,
    tally: Tally,
    open_part: Open,
    *,
    expected: int | None = None,
    places: Sequence[PlaceTotals] | None = None,
) -> CountDocument:
    """One state of a count: totals, outcome with its distances, what is open, and places if given."""
    return CountDocument(
        election=election.id,
        contest=contest.id,
        count=count.id,
        snapshot=None if snapshot is None else snapshot.isoformat(),
        totals=totals_of(tally, expected),
        outcome=outcome_shown(contest, decide(contest, tally), distances(contest, tally)),
        open=open_shown(open_part),
        places=places,
        open_questions=election.open_questions or None,
        not_published=not_published(election, count) or None,
    )


def count_as_json(
    election: Election,
    contest: Contest,
    count: Count,
    snapshot: dt.datetime | None,
    tally: Tally,
    open_part: Open,
    *,
    expected: int | None = None,
    places: Sequence[PlaceTotals] | None = None,
) -> dict[str, Json]:
    """The same as JSON."""
    return as_json(
        count_document(election, contest, count, snapshot, tally, open_part, expected=expected, places=places)
    )


def totals_of(tally: Tally, expected: int | None) -> Totals:
    """Sheets, registered, cast, valid, blank, null, the choices, and the figures that are absent."""
    return Totals(
        sheets=SheetsCounted(expected=expected, counted=tally.sheets),
        registered=tally.registered,
        cast=tally.cast,
        valid=tally.valid,
        blank=tally.blank,
        null=tally.null,
        choices=tuple(
            ChoiceVotes(
                id=c,
                votes=tally.votes[c],
                share_of_valid=_number(tally.share_of_valid(c)),
                votes_low=tally.votes_low(c),
                votes_high=tally.votes_high(c),
                lines=tally.lines_of(c) or None,
                lines_sum=sum(tally.lines[c].values()) if c in tally.lines and not tally.lines_of(c) else None,
            )
            for c in tally.ranking
        ),
        figures_absent=absent_shown(tally),
        other=tally.other or None,
        other_absent=tally.other_absent or None,
    )


def absent_shown(tally: Tally) -> FiguresAbsent:
    """The figures that the sheets of a tally lack."""
    absent = tally.absent
    return FiguresAbsent(
        figures=absent.figures,
        sheets=absent.sheets,
        by_choice={c: absent.choices[c].figures for c in tally.votes if c in absent.choices},
        blank=absent.blank,
        null=absent.null,
        votes_high=absent.high,
        bounded_by={name: number for name, number in absent.bounds.items() if number},
    )


def outcome_shown(contest: Contest, outcome: Outcome, found: Sequence[Distance]) -> OutcomeShown:
    """An outcome. found: its distances, nearest first."""
    rule = rule_text(contest)
    return OutcomeShown(
        rule=contest.rule.kind,
        rule_text=rule.en,
        decision=_decision(outcome),
        within_absent=outcome.within_absent,
        reason=outcome.reason.en,
        lines=tuple(_line(line) for line in outcome.lines),
        distances=tuple(
            DistanceShown(
                to=_decision(distance.to),
                votes=distance.votes,
                how=distance.how,
                from_=distance.taken,
                gives=distance.given,
                binds=distance.binds,
                exact=distance.exact,
            )
            for distance in found
        ),
        translations={code: {"rule_text": rule.to(code), "reason": outcome.reason.to(code)} for code in others()},
    )


def open_shown(part: Open) -> OpenShown:
    """The outstanding part."""
    return OpenShown(
        sheets=part.sheets,
        not_received=part.not_received,
        by_status=part.by_status,
        registered=part.registered,
        valid=part.valid,
        basis=part.basis,
        outcome_can_change=part.outcome_can_change,
        votes_to_change=part.votes_to_change,
        lead_needed=_number(part.lead_needed),
        share_needed=_number(part.share_needed),
    )


def places_of(
    totals: pl.DataFrame, path: Sequence[str], absent: Mapping[tuple[str | None, ...], Absent] | None = None
) -> list[PlaceTotals]:
    """The totals of each place of `tallies_by`; path: the levels that name it; absent: what `absent_by` gives."""
    places = []
    for row in totals.iter_rows(named=True):
        tally = Tally(
            sheets=row["sheets"],
            registered=row["registered"],
            votes={name.removeprefix(VOTES): row[name] for name in totals.columns if name.startswith(VOTES)},
            blank=row["blank"],
            null=row["null"],
            other={name.removeprefix(OTHER): row[name] for name in totals.columns if name.startswith(OTHER)},
            other_cast=row["cast"] - row["valid"] - row["blank"] - row["null"],
            lines=lines_of({name: row[name] for name in totals.columns if name.startswith((LINE, HAS))}),
            absent=(absent or {}).get(tuple(row[level] for level in path), NOTHING),
        )
        places.append(PlaceTotals(path={level: row[level] for level in path}, totals=totals_of(tally, None)))
    return places


def series_document(
    election: Election, contest: Contest, count: Count, states: tuple[State, ...], expected: int | None
) -> SeriesDocument:
    """Every snapshot of a count."""
    since = certain_from(states)
    return SeriesDocument(
        election=election.id,
        contest=contest.id,
        count=count.id,
        certain_from=None if since is None else since.isoformat(),
        snapshots=tuple(
            SnapshotShown(
                snapshot=state.snapshot.isoformat(),
                totals=totals_of(state.tally, expected),
                outcome=OutcomeOfState(
                    decision=_decision(state.outcome),
                    within_absent=state.outcome.within_absent,
                    reason=state.outcome.reason.en,
                ),
                lead=state.lead,
                open=open_shown(state.open),
            )
            for state in states
        ),
        open_questions=election.open_questions or None,
        not_published=not_published(election, count) or None,
    )


def _decision(decision: Decision) -> DecisionShown:
    tie = decision.result == "tie"
    return DecisionShown(
        result=decision.result,
        choices=decision.choices,
        seats=decision.seats,
        tied_for=decision.tied_for if tie else None,
        places=decision.places if tie else None,
        settled=decision.settled if tie else None,
    )


def _line(state: LineState) -> LineShown:
    return LineShown(
        line=state.name,
        choice=state.choice,
        of=state.of,
        share=float(state.line.share),
        strict=state.line.strict,
        votes=state.votes,
        whole=state.whole,
        needed=state.needed,
        met=state.met,
        votes_over_line=_number(state.over_line),
    )


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
