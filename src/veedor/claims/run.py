"""The rooms that claims are bound to, run as their own commands run them."""

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from veedor.audit.document import audit_document
from veedor.checks import CheckInputs, run_checks
from veedor.claims.draws import FORENSICS_DRAWS, INTERRUPTION_DRAWS, SEED
from veedor.claims.model import Claims
from veedor.count import count_as_json, open_part, statuses_of, tally
from veedor.election import Contest, Count, Election
from veedor.errors import VeedorError
from veedor.finding import Finding, Json, finding_as_json
from veedor.forensics.findings import findings_of as forensics_findings
from veedor.forensics.stations import stations_of
from veedor.forensics.study import study as forensics_study
from veedor.interruption.findings import findings_of
from veedor.interruption.study import study
from veedor.ledger.document import record_document
from veedor.rim.unchanged import ChangedError
from veedor.sheets.at_hand import at_hand
from veedor.sheets.read import read_series, read_sheets

Documents = dict[str, list[dict[str, Json]]]


def results_for(
    claims: Claims,
    election: Election,
    contest: Contest,
    data: Path,
    *,
    name: str,
    skip_bad_rows: bool = False,
    record: Path | None = None,
    audit: Path | None = None,
) -> Documents:
    """What the bound rooms say today, by room. Rooms that no claim names do not run; one that cannot is left out.

    record, audit: folders of the sheets' log and of their audit; what is bound to one that is None is not at hand.
    """
    wanted = {condition.room for claim in claims.claims for condition in claim.conditions}
    found: Documents = {}
    if "count" in wanted:
        found["count"] = [
            _count(election, contest, one, data, name=name, skip_bad_rows=skip_bad_rows) for one in counts_named(claims)
        ]
    if "checks" in wanted:
        series = {
            count.id: read_series(election, contest, count, data, skip_bad_rows=skip_bad_rows)
            for count in election.counts
        }
        inputs = CheckInputs(election=election, contest=contest, series=series, name=name)
        found["checks"] = documents(run_checks(inputs))
    if "interruption" in wanted:
        with _if_it_can():  # no stop to study, as in a dossier that says so
            found["interruption"] = _interruption(election, contest, data, name=name, skip_bad_rows=skip_bad_rows)
    if "forensics" in wanted:
        with _if_it_can():
            found["forensics"] = _forensics(election, contest, data, name=name, skip_bad_rows=skip_bad_rows)
    if "audit" in wanted:
        found["audit"] = _audit(election, contest, data, name=name, skip_bad_rows=skip_bad_rows, folder=audit)
    if "record" in wanted and record is not None:
        shown = shown_count(election)
        sheets = read_sheets(election, contest, shown, data, skip_bad_rows=skip_bad_rows)
        document = record_document(record, sheets.table, contest, election=election.id, count=shown.id)
        found["record"] = document["findings"]
    return found


@contextmanager
def _if_it_can() -> Iterator[None]:
    """A room that cannot run is left out; not so where files are others than those the other rooms read."""
    try:
        yield
    except ChangedError:
        raise
    except VeedorError:
        return


def _interruption(
    election: Election, contest: Contest, data: Path, *, name: str, skip_bad_rows: bool
) -> list[dict[str, Json]]:
    whole = study(
        at_hand(election, data), contest, data, draws=INTERRUPTION_DRAWS, seed=SEED, skip_bad_rows=skip_bad_rows
    )
    return documents(findings_of(whole, f"veedor interruption {name} --draws {INTERRUPTION_DRAWS} --seed {SEED}"))


def _forensics(
    election: Election, contest: Contest, data: Path, *, name: str, skip_bad_rows: bool
) -> list[dict[str, Json]]:
    sheets = read_sheets(election, contest, shown_count(election), data, skip_bad_rows=skip_bad_rows)
    found = forensics_study(stations_of(sheets.table, election, contest), draws=FORENSICS_DRAWS)
    command = f"veedor forensics {name} --placebo {FORENSICS_DRAWS} --seed {found.seed}"
    return documents(forensics_findings(found, command))


def _audit(
    election: Election, contest: Contest, data: Path, *, name: str, skip_bad_rows: bool, folder: Path | None
) -> list[dict[str, Json]]:
    def table(count: str) -> pl.DataFrame:
        return read_sheets(election, contest, _known(election, count), data, skip_bad_rows=skip_bad_rows).table

    shown, called = shown_count(election).id, str(folder or "FOLDER")
    document = audit_document(election, contest, shown, table, name=name, folder=folder, shown_folder=called)
    findings: list[dict[str, Json]] = document["findings"]
    return findings


def shown_count(election: Election) -> Count:
    """The last official count; else the last there is."""
    official = [count for count in election.counts if count.kind == "official"]
    return (official or list(election.counts))[-1]


def documents(findings: Iterable[Finding]) -> list[dict[str, Json]]:
    """Findings as the JSON that claims are bound to."""
    return [finding_as_json(finding) for finding in findings]


def counts_named(claims: Claims) -> list[str]:
    """The counts, or `count@time`, that claims are bound to, each once."""
    named = [each.finding for claim in claims.claims for each in claim.conditions if each.room == "count"]
    return list(dict.fromkeys(named))


def _count(
    election: Election, contest: Contest, named: str, data: Path, *, name: str, skip_bad_rows: bool
) -> dict[str, Json]:
    """A count's state as one entry that claims can be bound to: its JSON, and the name it was called by."""
    count, when, command = state_named(election, named, name)
    sheets = read_sheets(election, contest, count, data, when=when, skip_bad_rows=skip_bad_rows)
    total, statuses = tally(sheets.table, contest), statuses_of(sheets.table)
    part = open_part(contest, total, statuses=statuses, expected=count.expected_sheets)
    document = count_as_json(election, contest, count, sheets.when, total, part, expected=count.expected_sheets)
    return count_entry(document, named, command)


def state_named(election: Election, named: str, name: str) -> tuple[Count, dt.datetime | None, str]:
    """The count, the moment (None for the last published state) and the command behind `id` or `id@local time`."""
    count_id, _, moment = named.partition("@")
    count = _known(election, count_id)
    try:
        when = dt.datetime.fromisoformat(moment).replace(tzinfo=election.zone) if moment else None
    except ValueError:
        raise VeedorError(f"a claim is bound to {named!r}; after @ stands a time such as 2019-10-20T19:40:57") from None
    snapshot = f" --snapshot {moment}" if moment else ""
    return count, when, f"veedor count {name} --count {count_id}{snapshot}"


def count_entry(document: dict[str, Json], named: str, command: str) -> dict[str, Json]:
    """A state of a count under the name that claims call it by."""
    outcome = document["outcome"]
    spanish = outcome.get("translations", {}).get("es", {}).get("reason", outcome["reason"])
    return {
        **document,
        "check": named,
        "command": command,
        "summary": outcome["reason"],
        "translations": {"es": {"summary": spanish}},
    }


def _known(election: Election, count_id: str) -> Count:
    for count in election.counts:
        if count.id == count_id:
            return count
    known = ", ".join(count.id for count in election.counts)
    raise VeedorError(f"a claim is bound to the count {count_id!r}; the definition has {known}")
