"""How far an audit is: who has answered what, what the plan lacks, which rounds were drawn, what comes next."""

from pathlib import Path
from typing import Any

from veedor.audit import folder as files
from veedor.audit.consent import answers, lacks
from veedor.audit.seed import open_seed


def status_of(folder: Path) -> dict[str, Any]:
    """The state of an audit's folder, as JSON."""
    plan, named = files.open_plan(folder)
    given = answers(folder, plan, named)
    reasons = lacks(plan, given)
    seeded = (folder / files.SEED).exists()
    rounds = files.rounds_in(folder)
    return {
        "plan": named,
        "signatories": [
            {
                "id": one.id,
                "name": one.name,
                "role": one.role,
                "required": one.required,
                "answer": given[one.id].kind if one.id in given else None,
                "at": given[one.id].at if one.id in given else None,
                "reason": given[one.id].detail or None if one.id in given else None,
                "signed": given[one.id].signed if one.id in given else None,
            }
            for one in plan.signatories
        ],
        "binds": not reasons,
        "lacks": reasons,
        "seed": open_seed(folder, plan, named)["seed"] if seeded else None,
        "rounds": len(rounds),
        "next": _next(folder, bool(reasons), seeded, rounds),
    }


def _next(folder: Path, lacking: bool, seeded: bool, rounds: list[int]) -> str:
    if lacking:
        return "consent"
    if not seeded:
        return "seed"
    if not rounds:
        return "draw"
    last = f"round-{rounds[-1]}"
    if not (folder / last / "interpretations.csv").exists():
        return "enter"
    if not (folder / last / "risk.json").exists():
        return "assess"
    step = files.read_json(folder, f"{last}/risk.json")["next"]["step"]
    return "draw" if step == "next_round" else str(step)
