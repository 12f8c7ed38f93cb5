"""veedor audit: plan an audit, have it signed, draw the sample, measure the risk, verify all of it."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from veedor.cli.audit import steps
from veedor.cli.audit.options import (
    AuditsOption,
    BoundName,
    BoundOption,
    ByBallotsOption,
    ExpectOption,
    OneVoteOverOption,
    OneVoteUnderOption,
    OutOption,
    PolicyOption,
    RecordOption,
    RecordsOption,
    RiskLimitOption,
    SeedOption,
    SheetsOverstatedOption,
    SnapshotOption,
    TermsOption,
    TwoVoteOverOption,
    TwoVoteUnderOption,
)
from veedor.cli.audit.signing import read
from veedor.cli.audit.tables import show_overview
from veedor.cli.common import (
    DEFAULT_SEED,
    ContestOption,
    CountOption,
    DataOption,
    ElectionArgument,
    JsonOption,
    SkipOption,
    open_election,
    open_with_data,
    print_json,
    say,
    tell_left_out,
)
from veedor.cli.help.headings import CommandWithHeadings
from veedor.cli.speech import figures, number
from veedor.cli.speech.words import NOTHING
from veedor.cli.texts import TEXTS

if TYPE_CHECKING:
    from veedor.audit.document import ExpectedOfCount, PlanWritten
    from veedor.audit.planning.expected_errors import Rates
    from veedor.audit.protocol.plan import RecordHead
    from veedor.audit.units import Units
    from veedor.election import Contest, Count, Election
    from veedor.sheets.dataset import Dataset


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(
        name="audit",
        help=(
            "Plan, draw, measure and verify a risk-limiting audit.\n\n"
            "An audit plan that all parties sign before the random seed is drawn, a sample that anyone can draw again, "
            "and a limit on the risk of confirming a wrong outcome."
        ),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    group.command("plan", cls=CommandWithHeadings)(plan)
    group.command("ballots")(ballots)
    group.command("arlo")(arlo)
    group.command("strata")(strata)
    steps.register(group)
    app.add_typer(group)


def plan(
    election: ElectionArgument,
    contest: ContestOption = None,
    count: CountOption = None,
    snapshot: SnapshotOption = None,
    data: DataOption = None,
    bound: BoundOption = BoundName.REGISTERED,
    risk_limit: RiskLimitOption = "5 %",
    terms: TermsOption = None,
    out: OutOption = None,
    record: RecordOption = None,
    policy: PolicyOption = None,
    records: RecordsOption = None,
    sheets_overstated: SheetsOverstatedOption = "1 %",
    by_ballots: ByBallotsOption = 2,
    one_vote_over: OneVoteOverOption = "0.1 %",
    two_vote_over: TwoVoteOverOption = "0.01 %",
    one_vote_under: OneVoteUnderOption = "0.1 %",
    two_vote_under: TwoVoteUnderOption = "0.01 %",
    expect: ExpectOption = None,
    audits: AuditsOption = 2000,
    seed: SeedOption = DEFAULT_SEED,
    skip_bad_rows: SkipOption = False,
    json: JsonOption = False,
) -> None:
    """Estimate the work an audit needs, or write the audit plan.

    With --terms and --out, write the audit plan for signature.
    """
    from veedor.audit.document import PlanDocument
    from veedor.audit.planning.finding import need, plan_command
    from veedor.audit.planning.overview import overview

    _check_options(terms, out, record, policy, records)
    dataset = open_with_data(election, contest, data, skip_bad_rows=skip_bad_rows)
    told, counted = dataset.election, dataset.election.count_named(count)
    units = _units(dataset, counted, snapshot)
    if terms is not None and out is not None:
        fixed = _fixed(record, policy, units, told.id, counted.id)
        _show_written(_write(told, dataset.contest, counted, units, terms, out, fixed, records), told, out, json)
        return
    votes, limit = (one_vote_over, two_vote_over, one_vote_under, two_vote_under), _limit(risk_limit)
    figures = overview(units, bound.value, limit, rates=_rates(sheets_overstated, by_ballots, votes))
    told_by = plan_command(dataset, count=count, snapshot=snapshot, bound=bound.value, risk_limit=limit)
    document = PlanDocument(
        election=told.id,
        count=counted.id,
        figures=figures,
        expected=None if expect is None else _expected(dataset, units, expect, bound, limit, audits, seed),
        findings=(need(figures, None, told_by),),
        open_questions=told.open_questions or None,
    )
    if json:
        print_json(document)
    else:
        show_overview(document)


def _show_written(written: "PlanWritten", election: "Election", out: Path, json: bool) -> None:
    if json:
        print_json(replace(written, open_questions=election.open_questions or None))
    else:
        print(TEXTS.say("audit.plan_written", file=str(out / "plan.json"), hash=written.plan))


def _check_options(
    terms: Path | None, out: Path | None, record: str | None, policy: Path | None, records: Path | None
) -> None:
    """Refuse options that mean something together only."""
    from veedor.errors import VeedorError

    if (terms is None) != (out is None):
        raise VeedorError(TEXTS.say("error.terms_and_out"))
    if records is not None and terms is None:
        raise VeedorError(TEXTS.say("error.records_with_terms"))
    if (record is not None and terms is None) or (policy is not None and record is None):
        raise VeedorError(TEXTS.say("error.record_with_terms"))


def _rates(sheets: str, ballots: int, votes: tuple[str, str, str, str]) -> "Rates":
    """Expected errors. votes: one and two votes over, one and two votes under."""
    from veedor.audit.planning.expected_errors import Rates, rate_of

    one_over, two_over, one_under, two_under = (rate_of(text) for text in votes)
    return Rates(
        sheets=rate_of(sheets),
        ballots=ballots,
        one_over=one_over,
        two_over=two_over,
        one_under=one_under,
        two_under=two_under,
    )


def _expected(
    dataset: "Dataset", units: "Units", count: str, bound: BoundName, limit: float, audits: int, seed: int
) -> "ExpectedOfCount":
    """Simulated audits that find what another count says."""
    import numpy as np

    from veedor.audit.document import ExpectedOfCount
    from veedor.audit.planning.overview import expecting

    other = _units(dataset, dataset.election.count_named(count))
    found = expecting(units, other, bound.value, limit, audits, np.random.default_rng(seed))
    return ExpectedOfCount(count=count, expected=found)


class KindName(StrEnum):
    """Kinds of audits whose units are ballots."""

    POLLING = "polling"
    COMPARISON = "comparison"
    ONEAUDIT = "oneaudit"


def ballots(
    election: ElectionArgument,
    kind: Annotated[KindName, typer.Option("--kind", help="Kind of ballot audit.")],
    drawn: Annotated[
        Path,
        typer.Option(
            "--drawn", help="CSV file of the ballots in the order drawn: ballot, vote (choice, blank, missing), sheet."
        ),
    ],
    records: Annotated[
        Path | None, typer.Option("--records", help="Cast vote records: Dominion or RAIRE CSV, NIST 1500-103 JSON.")
    ] = None,
    manifest_ballots: Annotated[
        int | None,
        typer.Option("--manifest-ballots", min=1, help="Number of ballots in the manifest, if more than reported."),
    ] = None,
    with_replacement: Annotated[
        bool, typer.Option("--with-replacement", help="The ballots were drawn with replacement.")
    ] = False,
    risk_limit: Annotated[str, typer.Option("--risk-limit", help="Risk limit, such as '5 %' or 0.05.")] = "5 %",
    contest: ContestOption = None,
    count: CountOption = None,
    data: DataOption = None,
    skip_bad_rows: SkipOption = False,
    json: JsonOption = False,
) -> None:
    """Measure the risk of each assertion from single ballots.

    Kinds: ballot polling, comparison with cast vote records, or with the totals of their sheets (ONEAudit).
    """
    from veedor.audit.document import BallotsDocument
    from veedor.audit.formats.cvr import read_records
    from veedor.audit.rounds.ballots import assess_ballots, read_drawn

    limit = _limit(risk_limit)
    dataset = open_with_data(election, contest, data, skip_bad_rows=skip_bad_rows)
    chosen, counted = dataset.contest, dataset.election.count_named(count)
    results = assess_ballots(
        kind.value,
        read_drawn(drawn, chosen),
        _units(dataset, counted),
        limit,
        records=None if records is None else read_records(records, chosen),
        ballots=manifest_ballots,
        with_replacement=with_replacement,
    )
    if json:
        document = BallotsDocument(election=dataset.election.id, kind=kind.value, risk_limit=limit, assertions=results)
        print_json(replace(document, open_questions=dataset.election.open_questions or None))
        return
    for one in results:
        risk, met = figures(f"{one.risk:.4g}"), number(one.met_after) if one.met_after else NOTHING
        print(TEXTS.say("audit.risk_met", assertion=one.label, risk=risk, met=met, sentence=one.sentence))


class Combination(StrEnum):
    """Method of combining the regions' evidence."""

    PRODUCT = "product"
    FISHER = "fisher"


def strata(
    election: ElectionArgument,
    level: Annotated[str, typer.Option("--level", help="Level of geography whose places are the strata.")],
    seed: Annotated[
        str | None, typer.Option("--seed", help="Public seed from which each region's sample is drawn.")
    ] = None,
    draws: Annotated[int, typer.Option("--draws", min=1, help="Draws in each region.")] = 50,
    read: Annotated[
        Path | None, typer.Option("--read", help="CSV file of what was read, as for `audit enter`, each sheet once.")
    ] = None,
    method: Annotated[
        Combination, typer.Option("--method", help="How the regions are combined; fisher is valid for one look only.")
    ] = Combination.PRODUCT,
    bound: Annotated[BoundName, typer.Option("--bound", help="What limits the error of a sheet.")] = (
        BoundName.REGISTERED
    ),
    contest: ContestOption = None,
    count: CountOption = None,
    data: DataOption = None,
    skip_bad_rows: SkipOption = False,
    json: JsonOption = False,
) -> None:
    """Sample sheets in each region and measure the risk.

    --seed draws the samples; with --read, print the risk of each assertion.
    """
    from veedor.audit.document import StrataDocument
    from veedor.audit.rounds.readings import read_interpretations
    from veedor.audit.rounds.regions import assess_strata, draw_strata
    from veedor.errors import VeedorError

    if seed is None:
        raise VeedorError(TEXTS.say("error.public_seed"))
    dataset = open_with_data(election, contest, data, skip_bad_rows=skip_bad_rows)
    told = dataset.election
    if level not in told.level_ids:
        raise VeedorError(TEXTS.say("error.no_level", election=told.id, level=level, levels=", ".join(told.level_ids)))
    units = _units(dataset, told.count_named(count))
    depth = told.level_ids.index(level) + 1
    samples = draw_strata(units, bound.value, depth, seed, draws)
    assessed = None
    if read is not None:
        drawn = [station for stations in samples.values() for station in stations]
        found = read_interpretations(read, dataset.contest)
        assessed = assess_strata(units, bound.value, depth, drawn, found, method.value)
    if json:
        document = StrataDocument(election=told.id, samples=samples, assertions=assessed)
        print_json(replace(document, open_questions=told.open_questions or None))
    elif assessed is None:
        for name, stations in samples.items():
            print(f"{name}: {' '.join(stations)}")
    else:
        for one in assessed:
            risk, draws_made = figures(f"{one.risk:.4g}"), TEXTS.plural("audit.draws", one.draws)
            print(TEXTS.plural("audit.risk_of_regions", one.regions, assertion=one.label, risk=risk, draws=draws_made))


def arlo(
    election: ElectionArgument,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for manifest.csv and tallies.csv.")] = None,
    manifest: Annotated[
        Path | None, typer.Option("--manifest", help="Ballot manifest in Arlo's format to read.")
    ] = None,
    tallies: Annotated[
        Path | None, typer.Option("--tallies", help="Batch tallies that belong to the manifest.")
    ] = None,
    risk_limit: Annotated[str, typer.Option("--risk-limit", help="Risk limit, such as '5 %' or 0.05.")] = "5 %",
    contest: ContestOption = None,
    count: CountOption = None,
    data: DataOption = None,
    skip_bad_rows: SkipOption = False,
    json: JsonOption = False,
) -> None:
    """Write or read Arlo's ballot manifest and batch tallies.

    With --out, write the sheets as such files; with --manifest and --tallies, read them and estimate the work an audit
    needs.
    """
    from veedor.audit.formats import arlo as form
    from veedor.audit.protocol.folder import write
    from veedor.errors import VeedorError

    told = open_election(election)
    if out is not None and manifest is None and tallies is None:
        dataset = open_with_data(election, contest, data, skip_bad_rows=skip_bad_rows)
        units = _units(dataset, dataset.election.count_named(count))
        for name, content in (("manifest.csv", form.manifest_bytes(units)), ("tallies.csv", form.tallies_bytes(units))):
            print(write(out, name, content))
        return
    if manifest is None or tallies is None or out is not None:
        raise VeedorError(TEXTS.say("error.arlo"))
    from veedor.audit.document import PlanDocument
    from veedor.audit.planning.overview import overview

    batches = form.read_batches(manifest, tallies, told.contest_named(contest))
    figures = overview(batches, "ballots", _limit(risk_limit))
    document = PlanDocument(election=told.id, count=str(tallies), figures=figures)
    if json:
        print_json(document)
    else:
        show_overview(document)


def _limit(text: str) -> float:
    from veedor.election.rules import fraction_from
    from veedor.errors import VeedorError

    try:
        limit = float(fraction_from(text))
    except ValueError as error:
        raise VeedorError(f"--risk-limit: {error}") from None
    if not 0 < limit < 1:
        raise VeedorError(TEXTS.say("error.risk_limit", found=text))
    return limit


def _units(dataset: "Dataset", count: "Count", snapshot: datetime | None = None) -> "Units":
    from veedor.audit.units import units_from
    from veedor.count import tally

    sheets = dataset.sheets(count, when=snapshot)
    tell_left_out(sheets.left_out)
    absent = tally(sheets.table, dataset.contest).absent
    if absent.figures:
        say(TEXTS.plural("audit.absent", absent.figures, sheets=TEXTS.plural("count.in_sheets", absent.sheets)))
    return units_from(sheets.table, dataset.contest, dataset.election.level_ids)


def _fixed(record: str | None, policy: Path | None, units: "Units", election: str, count: str) -> "RecordHead | None":
    if record is None:
        return None
    from veedor.cli.record.tables import record_errors
    from veedor.ledger.audited_sheets import fixed_by
    from veedor.record.source import source_of
    from veedor.record.verify import parse_policy

    with record_errors():
        rules = None if policy is None else parse_policy(read(policy))
        return fixed_by(source_of(record), rules, units, election, count)


def _write(
    election: "Election",
    contest: "Contest",
    count: "Count",
    units: "Units",
    terms: Path,
    out: Path,
    fixed: "RecordHead | None",
    records: Path | None,
) -> "PlanWritten":
    from veedor.audit.document import PlanWritten
    from veedor.audit.formats.cvr import read_records
    from veedor.audit.planning.draft import draft, read_terms, replaced_by, write_plan
    from veedor.election.base import Names

    replaces = replaced_by(out)
    title = Names(
        en=f"Audit of {election.name.text.en}: {contest.name.text.en}",
        es=f"Auditoría de {election.name.text.es}: {contest.name.text.es}",
    )
    written, contents = draft(
        units,
        contest,
        read_terms(terms),
        election=election.id,
        count=count.id,
        title=title,
        record=fixed,
        replaces=replaces,
        records=None if records is None else read_records(records, contest).votes,
    )
    named = write_plan(out, written, contents)
    if replaces is not None:
        say(TEXTS.say("audit.superseded", hash=replaces[0][:12], folder=str(out / "superseded")))
    return PlanWritten(folder=str(out), plan=named, replaces=replaces and replaces[0], rounds=written.rounds)
