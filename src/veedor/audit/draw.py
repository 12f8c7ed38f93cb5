"""The draw: the sample of a round, from the seed, the plan and the manifest, and nothing else; and its pull list."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from veedor.audit import folder as files
from veedor.audit.plan import Plan
from veedor.audit.sampling import consistent_sampler, equal_probability, proportional
from veedor.audit.seed import open_seed
from veedor.audit.units import Units
from veedor.errors import VeedorError


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """One draw. number: its place in the sample, from 1; ticket: '' where sheets are drawn with replacement."""

    number: int
    station: str
    ticket: str


def sample(plan: Plan, units: Units, weights: Sequence[int], seed: str, size: int) -> list[Drawn]:
    """The first `size` draws."""
    if plan.sampling == "proportional_to_error_bound":
        places = proportional(weights, seed, size)
        return [Drawn(number=k, station=units.ids[place], ticket="") for k, place in enumerate(places, start=1)]
    if plan.numbering == "consistent_sampler":
        numbered = consistent_sampler(units.ids, seed, size, digits=18)
        return [Drawn(number=k, station=one.unit, ticket=one.number) for k, one in enumerate(numbered, start=1)]
    tickets = equal_probability(units.ids, seed, size)
    return [Drawn(number=k, station=one.unit, ticket=one.number) for k, one in enumerate(tickets, start=1)]


def draw_round(folder: Path) -> tuple[int, list[Drawn]]:
    """Draw the next round. Refused before the plan binds and the seed is there, and before the last round is assessed.

    Also refused if plan, manifest, results, an answer or the seed is not what the later files rest on.
    """
    plan, plan_hash = files.open_plan(folder)
    if not (folder / files.SEED).exists():
        from veedor.audit.consent import require_binding

        require_binding(folder, plan, plan_hash)
        raise VeedorError("there is no seed yet; it is made in public as the plan says, and there is no preview")
    seed = open_seed(folder, plan, plan_hash)
    done = files.rounds_in(folder)
    number = len(done) + 1
    rests_on = [files.PLAN, files.MANIFEST, files.RESULTS, files.SEED]
    if done:
        last = f"round-{done[-1]}/risk.json"
        if not (folder / last).exists():
            raise VeedorError(f"round {done[-1]} has not been assessed yet (`veedor audit assess`)")
        assessed = files.read_json(folder, last)
        files.check_rests_on(folder, assessed, last)
        if assessed["next"]["step"] != "next_round":
            raise VeedorError(f"the plan's next step is not another round but: {assessed['next']['step']}")
        rests_on.append(last)
    units, _, weights, levels = files.read_units(folder, plan.contest)
    drawn = sample(plan, units, weights.tolist(), str(seed["seed"]), plan.rounds[number - 1])
    _write(folder, number, drawn, units, levels, _earlier(plan, number), rests_on)
    return number, drawn


def open_round(folder: Path, number: int, plan: Plan, plan_hash: str) -> list[Drawn]:
    """The draws of a round, drawn again from the seed and compared with the file."""
    document: dict[str, Any] = files.read_json(folder, f"round-{number}/draw.json")
    files.check_rests_on(folder, document, f"round-{number}/draw.json")
    if not {files.PLAN, files.MANIFEST, files.RESULTS, files.SEED} <= set(document.get("rests_on", {})):
        raise VeedorError(f"{folder}/round-{number}/draw.json does not rest on plan, manifest, results and seed")
    seed = open_seed(folder, plan, plan_hash)
    units, _, weights, levels = files.read_units(folder, plan.contest)
    if number > len(plan.rounds):
        raise VeedorError(f"the plan has {len(plan.rounds)} rounds, and there is a round {number}")
    drawn = sample(plan, units, weights.tolist(), str(seed["seed"]), plan.rounds[number - 1])
    for name, derive in (("sample.csv", sample_bytes), ("pull-list.csv", pull_list)):
        if files.read(folder, f"round-{number}/{name}") != derive(drawn, units, levels, _earlier(plan, number)):
            raise VeedorError(f"{folder}/round-{number}/{name} is not what the seed gives")
    return drawn


def sample_bytes(drawn: Sequence[Drawn], units: Units, levels: Sequence[str], earlier: int) -> bytes:
    """The draws of the round alone, after the `earlier` ones of the rounds before."""
    rows = (
        [str(one.number), one.station, one.ticket, *units.places[units.position[one.station]]]
        for one in drawn[earlier:]
    )
    return files.csv_bytes(["draw", "station", "ticket", *levels], rows)


def pull_list(drawn: Sequence[Drawn], units: Units, levels: Sequence[str], earlier: int) -> bytes:
    """The sheets to fetch in the order of the route: place by place, each once, without those already fetched."""
    fetched = {one.station for one in drawn[:earlier]}
    times = Counter(one.station for one in drawn[earlier:])
    stations = sorted(set(times) - fetched, key=lambda station: (units.places[units.position[station]], station))
    rows = ([*units.places[units.position[station]], station, str(times[station])] for station in stations)
    return files.csv_bytes([*levels, "station", "times_drawn"], rows)


def _write(
    folder: Path,
    number: int,
    drawn: list[Drawn],
    units: Units,
    levels: Sequence[str],
    earlier: int,
    rests_on: Sequence[str],
) -> None:
    document = {
        "format": "veedor/audit-draw/1",
        "round": number,
        "first_draw": earlier + 1,
        "last_draw": len(drawn),
        "rests_on": files.hashes(folder, rests_on),
    }
    files.write(folder, f"round-{number}/sample.csv", sample_bytes(drawn, units, levels, earlier))
    files.write(folder, f"round-{number}/pull-list.csv", pull_list(drawn, units, levels, earlier))
    files.write_new(folder, f"round-{number}/draw.json", files.as_json(document))


def _earlier(plan: Plan, number: int) -> int:
    return 0 if number == 1 else plan.rounds[number - 2]
