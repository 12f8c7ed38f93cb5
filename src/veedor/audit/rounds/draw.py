"""The draw: the sample of a round, from the seed, the plan and the manifest, and nothing else; and its pull list."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from veedor.audit.protocol import folder as files
from veedor.audit.protocol.attestation import attestation_files, attestations, lacking
from veedor.audit.protocol.by_kind import Votes, ballots_of
from veedor.audit.protocol.consent import require_binding
from veedor.audit.protocol.file_models import DRAW_FORM, OLD_DRAW_FORM, SeedRecord, read_draw, read_risk
from veedor.audit.protocol.folder import AuditFolder, check_rests_on, document_bytes, open_plan, rounds_in
from veedor.audit.protocol.plan import Plan
from veedor.audit.protocol.seed import open_seed
from veedor.audit.protocol.seed_entry import check_receipt
from veedor.audit.rounds.regions import region_depth, regions, stratum_seed
from veedor.audit.tables import read_records, read_units, table_of
from veedor.audit.texts import SAID
from veedor.audit.units import Units
from veedor.draw.sampling import ballots, consistent_sampler, equal_probability, proportional
from veedor.errors import VeedorError
from veedor.record.verify import Policy
from veedor.rim.csv_cells import csv_bytes
from veedor.saying import figures

UNLISTED = "unlisted"
"""What ballots without a record are called: unlisted/1, unlisted/2, ..."""


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """One draw. number: its place in the sample, from 1; round: the round that draws it.

    station: its sheet, '' for a ballot known by its record only. ballot: '' where sheets are drawn. ticket: what
    decided its place, '' where the number alone does.
    """

    number: int
    station: str
    ticket: str
    ballot: str = ""
    round: int = 1

    @property
    def unit(self) -> str:
        """The unit that people fetch and read: the sheet or the ballot."""
        return self.ballot or self.station


@dataclass(frozen=True, kw_only=True, eq=False)
class Frame:
    """The sampling frame: the sheets with their weights, and the records where ballots have some."""

    units: Units
    weights: Sequence[int]
    levels: tuple[str, ...]
    records: Votes | None


def read_frame(folder: AuditFolder, plan: Plan) -> Frame:
    """The frame from which the folder's sample is drawn."""
    return folder.once("frame", lambda: _frame(folder, plan))


def _frame(folder: AuditFolder, plan: Plan) -> Frame:
    units, _, weights, levels = read_units(folder, plan)
    records = None if plan.records is None else read_records(folder, plan)
    return Frame(units=units, weights=weights.tolist(), levels=levels, records=records)


def sample(plan: Plan, frame: Frame, seed: str, rounds: int) -> list[Drawn]:
    """The draws of the first `rounds` rounds."""
    sizes = plan.rounds[:rounds]
    if plan.kind == "regions":
        return _of_regions(plan, frame, seed, sizes)
    drawn = _of_ballots(plan, frame, seed, sizes[-1]) if plan.of_ballots else _of_sheets(plan, frame, seed, sizes[-1])
    return [replace(one, round=1 + sum(one.number > size for size in sizes)) for one in drawn]


def _of_sheets(plan: Plan, frame: Frame, seed: str, size: int) -> list[Drawn]:
    ids = frame.units.ids
    if plan.sampling == "proportional_to_error_bound":
        places = proportional(frame.weights, seed, size)
        return [Drawn(number=k, station=ids[place], ticket="") for k, place in enumerate(places, start=1)]
    if plan.numbering == "consistent_sampler":
        numbered = consistent_sampler(ids, seed, size, digits=18)
        return [Drawn(number=k, station=one.unit, ticket=one.number) for k, one in enumerate(numbered, start=1)]
    tickets = equal_probability(ids, seed, size)
    return [Drawn(number=k, station=one.unit, ticket=one.number) for k, one in enumerate(tickets, start=1)]


def _of_ballots(plan: Plan, frame: Frame, seed: str, size: int) -> list[Drawn]:
    """Ballots without replacement: by their record, or as the n-th of the ballots that a sheet reports."""
    places = ballots(ballots_of(frame.units, frame.records), seed, size)
    if frame.records is not None:
        known = list(frame.records)
        named = [known[place] if place < len(known) else f"{UNLISTED}/{place - len(known) + 1}" for place in places]
        return [Drawn(number=k, station="", ticket="", ballot=name) for k, name in enumerate(named, start=1)]
    ends = np.cumsum(np.asarray(frame.weights, dtype=np.int64))
    sheets = np.searchsorted(ends, np.asarray(places, dtype=np.int64), side="right")
    starts = ends - np.asarray(frame.weights, dtype=np.int64)
    return [
        Drawn(
            number=k,
            station=frame.units.ids[sheet],
            ticket="",
            ballot=f"{frame.units.ids[sheet]}/{place - int(starts[sheet]) + 1}",
        )
        for k, (place, sheet) in enumerate(zip(places, sheets.tolist(), strict=True), start=1)
    ]


def _of_regions(plan: Plan, frame: Frame, seed: str, sizes: Sequence[int]) -> list[Drawn]:
    """Each region's own draws, as many as its share of all weights, rounded up; those of a round spread evenly."""
    units, total = frame.units, sum(frame.weights)
    depth = region_depth(plan.region_level or "", frame.levels)
    drawn: list[Drawn] = []
    spread: list[tuple[int, Fraction, str, Drawn]] = []
    for name, places in regions(units, depth).items():
        weights = [frame.weights[place] for place in places]
        share = sum(weights)
        if not share:
            continue
        ends = [-(-size * share // total) for size in sizes]
        for k, place in enumerate(proportional(weights, stratum_seed(seed, name), ends[-1]), start=1):
            number = 1 + sum(k > end for end in ends)
            before = 0 if number == 1 else ends[number - 2]
            one = Drawn(number=0, station=units.ids[places[place]], ticket=f"{name}: {k}", round=number)
            spread.append((number, Fraction(k - before, ends[number - 1] - before), name, one))
    for k, (_, _, _, one) in enumerate(sorted(spread, key=lambda entry: entry[:3]), start=1):
        drawn.append(replace(one, number=k))
    return drawn


def draw_round(folder: Path, policy: Policy | None = None) -> tuple[int, list[Drawn]]:
    """Draw the next round. Refused before the plan binds, the seed is there and its record is signed by a quorum.

    Also before the last round is assessed; and if anything that the later files rest on has changed. policy: who must
    have signed the log's checkpoint, where the plan names a log.
    """
    opened = AuditFolder(folder)
    plan, named = open_plan(opened)
    if not opened.has(files.SEED):
        require_binding(opened, plan, named)
        raise VeedorError(SAID.say("draw.no_seed"))
    seed = open_seed(opened, plan, named)
    _require_attested(opened, plan, named, seed, policy)
    done = rounds_in(opened)
    number = len(done) + 1
    if done:
        if not opened.has(f"round-{done[-1]}/risk.json"):
            raise VeedorError(SAID.say("draw.not_assessed", round=done[-1]))
        assessed = read_risk(opened, done[-1])
        check_rests_on(opened, assessed.rests_on, f"round-{done[-1]}/risk.json", assessed.rests_on)
        if assessed.next.step != "next_round" or number > len(plan.rounds):
            raise VeedorError(SAID.say("draw.other_step", step=SAID.say(f"next_step.{assessed.next.step}")))
    frame = read_frame(opened, plan)
    drawn = sample(plan, frame, seed.seed, number)
    document = _document(opened, plan, seed, number, drawn)
    opened.write(f"round-{number}/sample.csv", sample_bytes(drawn, frame, number))
    opened.write(f"round-{number}/pull-list.csv", pull_list(drawn, frame, number))
    opened.write_new(f"round-{number}/draw.json", document_bytes(document))
    return number, drawn


def _require_attested(
    folder: AuditFolder, plan: Plan, named: str, seed: SeedRecord, policy: Policy | None = None
) -> None:
    """Refuse a seed whose record is not signed by a quorum, or not in the log that the plan names."""
    if seed.old_form:
        return
    reason = lacking(plan, attestations(folder, plan, named, seed))
    if reason:
        raise VeedorError(reason)
    check_receipt(folder, plan, named, policy)


def _document(
    folder: AuditFolder, plan: Plan, seed: SeedRecord, number: int, drawn: Sequence[Drawn]
) -> dict[str, object]:
    """What round-N/draw.json says."""
    new = sum(one.round == number for one in drawn)
    return {
        "format": OLD_DRAW_FORM if seed.old_form else DRAW_FORM,
        "round": number,
        "first_draw": len(drawn) - new + 1,
        "last_draw": len(drawn),
        "rests_on": folder.hashes(_bases(folder, plan, seed, number)),
    }


def _bases(folder: AuditFolder, plan: Plan, seed: SeedRecord, number: int) -> list[str]:
    """The files that a round's draw rests on: what was settled before the seed, the seed, and the round before."""
    names = [files.PLAN, files.MANIFEST, files.RESULTS, *([] if plan.records is None else [files.RECORDS]), files.SEED]
    if not seed.old_form:
        names += [*attestation_files(folder), *([] if plan.record is None else [files.RECEIPT])]
    return [*names, *([f"round-{number - 1}/risk.json"] if number > 1 else [])]


def open_round(folder: AuditFolder, number: int, plan: Plan, named: str) -> list[Drawn]:
    """The draws of rounds 1 to `number`, drawn again from the seed and compared with the file."""
    name = f"round-{number}/draw.json"
    stated, seed = read_draw(folder, number), open_seed(folder, plan, named)
    check_rests_on(folder, stated.rests_on, name, _bases(folder, plan, seed, number))
    _require_attested(folder, plan, named, seed)
    if number > len(plan.rounds):
        raise VeedorError(SAID.say("draw.more_rounds", rounds=len(plan.rounds), file=str(folder / name)))
    # The work must not be more than what the folder holds: a plan may ask for any number of draws.
    rows = sum(folder.read(f"round-{one}/sample.csv").count(b"\n") - 1 for one in range(1, number + 1))
    if rows < plan.rounds[number - 1]:
        raise VeedorError(
            SAID.say(
                "draw.other_number",
                folder=str(folder),
                number=number,
                draws=figures(f"{rows:,}"),
                wanted=figures(f"{plan.rounds[number - 1]:,}"),
            )
        )
    frame = read_frame(folder, plan)
    drawn = folder.once(f"draws {number}", lambda: sample(plan, frame, seed.seed, number))
    if stated.model_dump() != _document(folder, plan, seed, number, drawn):
        raise VeedorError(SAID.say("draw.no_numbers", file=str(folder / name)))
    for file, derive in (("sample.csv", sample_bytes), ("pull-list.csv", pull_list)):
        if not _same_table(folder, f"round-{number}/{file}", derive(drawn, frame, number), plan):
            raise VeedorError(SAID.say("draw.other_sample", folder=str(folder), number=number, file=file))
    return drawn


def _same_table(folder: AuditFolder, name: str, ours: bytes, plan: Plan) -> bool:
    """True if a table is the one that follows, to the byte; under a plan of the first form cells have no guard."""
    data = folder.read(name)
    if data == ours or not plan.old_form:
        return data == ours
    return table_of(data, str(folder / name), guarded=False) == table_of(ours, name, guarded=True)


def sample_bytes(drawn: Sequence[Drawn], frame: Frame, number: int) -> bytes:
    """The draws of the round alone."""
    of_ballots = bool(drawn and drawn[0].ballot)
    rows = (
        [str(one.number), one.station, *([one.ballot] if of_ballots else [one.ticket]), *_place(one, frame)]
        for one in drawn
        if one.round == number
    )
    return csv_bytes(["draw", "station", "ballot" if of_ballots else "ticket", *frame.levels], rows)


def pull_list(drawn: Sequence[Drawn], frame: Frame, number: int) -> bytes:
    """The pull list in the order of the route: place by place, each sheet once, without those already fetched."""
    if drawn and drawn[0].ballot:
        new = sorted((one for one in drawn if one.round == number), key=lambda one: (_place(one, frame), _order(one)))
        rows = ([*_place(one, frame), one.station, one.ballot] for one in new)
        return csv_bytes([*frame.levels, "station", "ballot"], rows)
    fetched = {one.station for one in drawn if one.round < number}
    times = Counter(one.station for one in drawn if one.round == number)
    units = frame.units
    stations = sorted(set(times) - fetched, key=lambda station: (units.places[units.position[station]], station))
    listed = ([*units.places[units.position[station]], station, str(times[station])] for station in stations)
    return csv_bytes([*frame.levels, "station", "times_drawn"], listed)


def _place(one: Drawn, frame: Frame) -> tuple[str, ...]:
    units = frame.units
    return units.places[units.position[one.station]] if one.station else ("",) * len(frame.levels)


def _order(one: Drawn) -> tuple[str, int, str]:
    """Ballots of one sheet by their number in it, others by their name."""
    number = one.ballot.rpartition("/")[2]
    return one.station, int(number) if one.station else 0, one.ballot
