"""The rooms that claims are bound to, run as their own commands run them."""

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from veedor.audit.document import audit_document
from veedor.checks import CheckInputs, run_checks
from veedor.claims.bound_to import of_audit, of_record, with_projections
from veedor.claims.draws import FORENSICS_DRAWS, INTERRUPTION_DRAWS, SEED
from veedor.claims.model import Claims
from veedor.command import Command
from veedor.count import count_document, open_part, statuses_of, tally
from veedor.count.as_json import CountDocument
from veedor.document import Json, as_json
from veedor.election import Count, Election
from veedor.errors import VeedorError
from veedor.finding import Finding, finding_as_json
from veedor.forensics.findings import findings_of as forensics_findings
from veedor.forensics.stations import stations_of
from veedor.forensics.study import study as forensics_study
from veedor.interruption.as_json import study_as_json
from veedor.interruption.findings import findings_of, study_command
from veedor.interruption.study import study
from veedor.ledger.document import record_document
from veedor.rim.unchanged import ChangedError
from veedor.sheets.dataset import Dataset

Documents = dict[str, list[dict[str, Json]]]

WHOLE_SERIES = {"checks", "interruption"}
"""Rooms that look at every snapshot."""


def results_for(
    claims: Claims, dataset: Dataset, *, record: Path | None = None, audit: Path | None = None
) -> Documents:
    """Results of the bound rooms today, by room. Rooms that no claim names do not run; one that cannot is left out.

    record, audit: folders of the sheets' log and of their audit; what is bound to one that is None is not at hand.
    """
    wanted = {condition.room for claim in claims.claims for condition in claim.conditions}
    found: Documents = {}
    if wanted & WHOLE_SERIES:
        dataset.read()  # first, so that no room after it reads a single state of them again
    if "count" in wanted:
        found["count"] = [_count(dataset, one) for one in counts_named(claims)]
    if "checks" in wanted:
        found["checks"] = documents(run_checks(CheckInputs(dataset=dataset)))
    if "interruption" in wanted:
        with _if_it_can():  # no stop to study, as in a dossier that says so
            found["interruption"] = _interruption(dataset)
    if "forensics" in wanted:
        with _if_it_can():
            found["forensics"] = _forensics(dataset)
    if "audit" in wanted:
        document = audit_document(dataset, folder=audit, shown_folder=str(audit or "FOLDER"))
        report = None if document.report is None else as_json(document.report)
        found["audit"] = of_audit(documents(document.findings), report)
    if "record" in wanted and record is not None:
        log = record_document(record, dataset)
        found["record"] = of_record(documents(log.findings), [log.origin, *log.keys])
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


def _interruption(dataset: Dataset) -> list[dict[str, Json]]:
    whole = study(dataset.at_hand(), draws=INTERRUPTION_DRAWS, seed=SEED)
    found = findings_of(whole, study_command(dataset, draws=INTERRUPTION_DRAWS, seed=SEED))
    document = study_as_json(whole, found, draws=INTERRUPTION_DRAWS, seed=SEED)
    return with_projections(documents(found), document)


def _forensics(dataset: Dataset) -> list[dict[str, Json]]:
    stations = stations_of(dataset.table(), dataset.election, dataset.contest)
    found = forensics_study(stations, draws=FORENSICS_DRAWS)
    return documents(forensics_findings(found, dataset.command("forensics")))


def documents(findings: Iterable[Finding]) -> list[dict[str, Json]]:
    """Findings as the JSON that claims are bound to."""
    return [finding_as_json(finding) for finding in findings]


def counts_named(claims: Claims) -> list[str]:
    """The counts, or `count@time`, that claims are bound to, each once."""
    named = [each.finding for claim in claims.claims for each in claim.conditions if each.room == "count"]
    return list(dict.fromkeys(named))


def _count(dataset: Dataset, named: str) -> dict[str, Json]:
    """A count's state as one entry that claims can be bound to: its JSON, and the name it was called by."""
    count, when, command = state_named(dataset, named)
    sheets = dataset.sheets(count, when=when)
    total, statuses = tally(sheets.table, dataset.contest), statuses_of(sheets.table)
    part = open_part(dataset.contest, total, statuses=statuses, expected=count.expected_sheets)
    document = count_document(
        dataset.election, dataset.contest, count, sheets.when, total, part, expected=count.expected_sheets
    )
    return count_entry(document, named, command)


def state_named(dataset: Dataset, named: str) -> tuple[Count, dt.datetime | None, Command]:
    """The count, the moment (None for the last snapshot) and the command behind `id` or `id@local time`."""
    election = dataset.election
    count_id, _, moment = named.partition("@")
    count = _known(election, count_id)
    try:
        when = dt.datetime.fromisoformat(moment).replace(tzinfo=election.zone) if moment else None
    except ValueError:
        raise VeedorError(f"a claim is bound to {named!r}; after @ stands a time such as 2019-10-20T19:40:57") from None
    return count, when, dataset.command("count").option("--count", count_id).option("--snapshot", moment or None)


def count_entry(document: CountDocument, named: str, command: Command) -> dict[str, Json]:
    """A state of a count under the name that claims call it by."""
    outcome = document.outcome
    translations: dict[str, Json] = {code: {"summary": said["reason"]} for code, said in outcome.translations.items()}
    return {
        **as_json(document),
        "check": named,
        "command": str(command),
        "summary": outcome.reason,
        "translations": translations,
    }


def _known(election: Election, count_id: str) -> Count:
    for count in election.counts:
        if count.id == count_id:
            return count
    known = ", ".join(count.id for count in election.counts)
    raise VeedorError(f"a claim is bound to the count {count_id!r}; the definition has {known}")
