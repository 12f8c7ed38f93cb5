"""The results under audit and the record: a plan names a checkpoint only if the log under it holds these sheets."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from veedor.audit.protocol import folder as files
from veedor.audit.protocol.folder import AuditFolder, audit_folder, open_plan
from veedor.audit.protocol.plan import Plan, RecordHead
from veedor.audit.protocol.seed_entry import check_only, check_receipt, seed_entry, seeds_in
from veedor.audit.tables import read_units
from veedor.audit.units import Units, reported
from veedor.audit.verify import NotVerifiedError, Step, at_step
from veedor.election import IN_TOTALS, Contest
from veedor.errors import VeedorError
from veedor.ledger.ledger import Ledger, read_ledger
from veedor.ledger.texts import SAID
from veedor.record.errors import RecordError
from veedor.record.merkle import leaf_hash, root_of_hashes
from veedor.record.reader import read_entries, verified_entries
from veedor.record.source import Source, read_checkpoint
from veedor.record.verify import Policy, parse_checkpoint, parse_note, to_base64, verify_checkpoint
from veedor.saying import joined, message_of

FIGURES = ("registered", "blank", "null", "valid", "cast")
LARGEST = 2**53
"""More than any figure of a sheet."""

NAMED = 5
"""How many stations a refusal names; the rest are counted."""


def fixed_by(source: Source, policy: Policy | None, units: Units, election: str, count: str) -> RecordHead:
    """The head of a log whose sheets are those under audit; VeedorError, with the stations, where they are not.

    Every entry is re-read and must give the checkpoint's root. policy: who must have signed; None leaves that open.
    """
    try:
        data = read_checkpoint(source)
        if policy is not None:
            verify_checkpoint(data, policy)
        head = parse_checkpoint(parse_note(data).text)
        entries = verified_entries(source, head)
    except RecordError as error:
        raise VeedorError(message_of(error)) from None
    _require_same_sheets(entries, units, election, count, source.name)
    return RecordHead(origin=head.origin, size=head.size, root=to_base64(head.root))


def still_fixed_by(
    source: Source, policy: Policy | None, stated: RecordHead, units: Units, election: str, count: str
) -> list[bytes]:
    """Every entry of a log that began as the tree which a plan names and holds these sheets; it may have grown."""
    try:
        data = read_checkpoint(source)
        if policy is not None:
            verify_checkpoint(data, policy)
        head = parse_checkpoint(parse_note(data).text)
        if head.origin != stated.origin or head.size < stated.size:
            raise VeedorError(
                SAID.say(
                    "audited.other_tree",
                    name=source.name,
                    origin=repr(head.origin),
                    size=head.size,
                    wanted=repr(stated.origin),
                    at=stated.size,
                )
            )
        entries = list(read_entries(source, head.size))
    except RecordError as error:
        raise VeedorError(message_of(error)) from None
    leaves = [leaf_hash(entry) for entry in entries]
    for size, root in ((head.size, to_base64(head.root)), (stated.size, stated.root)):
        if to_base64(root_of_hashes(leaves[:size])) != root:
            raise VeedorError(SAID.say("audited.other_root", name=source.name, size=size))
    _require_same_sheets(entries[: stated.size], units, election, count, source.name)
    return entries


def check_record(folder: Path | AuditFolder, source: Source, policy: Policy | None) -> Step:
    """Check that the plan's log holds the sheets under audit, and this folder's seed as the plan's only one.

    NotVerifiedError if not. policy: who must have signed the log's checkpoint.
    """
    with at_step("record"):
        opened = audit_folder(folder)
        plan, named = open_plan(opened)
        units, *_ = read_units(opened, plan)
        if plan.record is None:
            raise NotVerifiedError(SAID.say("audited.no_checkpoint"))
        entries = still_fixed_by(source, policy, plan.record, units, plan.election, plan.count)
        of = plan.record
        says = SAID.say("audited.hold", size=of.size, origin=of.origin, sheets=len(units.ids))
        seed = _seed_in(opened, plan, named, entries, policy, source.name)
        return Step(name=SAID.say("audited.step"), done=True, says=joined("", (says, seed)))


def _seed_in(folder: AuditFolder, plan: Plan, named: str, entries: list[bytes], policy: Policy | None, log: str) -> str:
    """In words: is this folder's seed the only one of the plan in the log?"""
    assert plan.record is not None
    there = seeds_in(entries, named)
    if not folder.has(files.SEED):
        if there:
            raise NotVerifiedError(SAID.say("audited.seed_there", log=log, entry=min(there)))
        return ""
    check_only(there, seed_entry(folder, named), plan.record, log)
    if not folder.has(files.RECEIPT):
        if there:
            raise NotVerifiedError(
                SAID.say("audited.no_receipt", file=str(folder / files.RECEIPT), log=log, entry=min(there))
            )
        return SAID.say("audited.seed_not_in_it")
    index = check_receipt(folder, plan, named, policy)
    if index not in there:
        raise NotVerifiedError(SAID.say("audited.not_at", file=str(folder / files.RECEIPT), index=str(index), log=log))
    return SAID.say("audited.seed_in_it", index=str(index))


def _require_same_sheets(entries: Sequence[bytes], units: Units, election: str, count: str, name: str) -> None:
    wrong = sheets_not_recorded(read_ledger(entries), units, election, count)
    kinds = {what.replace(" ", "_"): _named(stations) for what, stations in wrong.items() if stations}
    said = joined("; ", (SAID.say(f"audited.{what}", stations=stations) for what, stations in kinds.items()))
    if said:
        raise VeedorError(SAID.say("audited.other_sheets", name=name, which=said))


def sheets_not_recorded(ledger: Ledger, units: Units, election: str, count: str) -> dict[str, list[str]]:
    """Stations whose votes, blank, null and registered voters the record does not hold as the sheets have them.

    Of the sheets that are in the totals, by kind of difference: not in the record, only there, or not the same there.
    """
    scope = (election, units.contest.id, count)
    recorded = {
        key[3]: standing.content
        for key, standing in ledger.standing.items()
        if key[:3] == scope and standing.content.get("status", IN_TOTALS[0]) in IN_TOTALS
    }
    rows = zip(units.ids, units.figures.tolist(), units.registered.tolist(), strict=True)
    ours = {station: (figures, registered) for station, figures, registered in rows}
    theirs = _figures(recorded, units.contest)
    return {
        "not in the record": [station for station in ours if station not in recorded],
        "only in the record": [station for station in recorded if station not in ours],
        "not as in the record": [
            station for station, figures in ours.items() if station in recorded and figures != theirs.get(station)
        ],
    }


def _figures(recorded: Mapping[str, Any], contest: Contest) -> dict[str, tuple[list[int], int]]:
    """Figures and roll of the record's sheets as an audit takes them; none of a sheet with votes for others."""
    choices = contest.choice_ids
    known = {station: sheet for station, sheet in recorded.items() if _fits(sheet, choices)}
    columns = {
        **{f"votes.{choice}": [sheet["votes"].get(choice) for sheet in known.values()] for choice in choices},
        **{name: [sheet.get(name) for sheet in known.values()] for name in FIGURES},
    }
    kinds = dict.fromkeys(columns, pl.Int64)
    table = pl.DataFrame({"station": list(known), **columns}, schema={"station": pl.String, **kinds})
    figures = reported(table, contest).rows()
    rolls = table["registered"].fill_null(0).to_list()
    return {station: (list(own), roll) for station, own, roll in zip(known, figures, rolls, strict=True)}


def _fits(sheet: Any, choices: Sequence[str]) -> bool:
    """Whether its votes are for these choices, and its figures ones that a sheet can have."""
    figures = [*sheet["votes"].values(), *(sheet[name] for name in FIGURES if name in sheet)]
    return set(sheet["votes"]) <= set(choices) and all(
        type(figure) is int and 0 <= figure < LARGEST for figure in figures
    )


def _named(stations: Sequence[str]) -> str:
    shown = ", ".join(stations[:NAMED])
    return shown if len(stations) <= NAMED else SAID.say("audited.and_more", names=shown, n=len(stations) - NAMED)
