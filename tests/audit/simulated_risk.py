"""Every test on simulated wrong outcomes of several shapes: how often does it confirm what is wrong?

Each population is wrong by the least there can be: the mean is exactly that of the null. The share of audits that
confirm must not exceed the risk limit, up to its Monte-Carlo error. Run all of it, with 20,000 audits each and the
tables of the ALPHA paper that are too long for the test suite, with `python -m tests.audit.simulated_risk`; it writes
docs/reference/audit-risk.json.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from tests.audit.builders import units
from veedor.audit.assertions.assertion import Assertion
from veedor.audit.assertions.statements import Statements
from veedor.audit.statistics.ballot_values import comparison_null, comparison_values, expecting, recorded_means
from veedor.audit.statistics.martingale import (
    Bet,
    Floats,
    Null,
    adaptive,
    alternative,
    capped,
    fixed,
    shrink_truncate,
    stopping_times,
    wealth,
)
from veedor.audit.statistics.sheet_comparison import bounds
from veedor.audit.statistics.stratified import Stratum, stratified_risk
from veedor.election import Threshold

LIMITS = (0.01, 0.05, 0.1)
Sampler = Callable[[int, np.random.Generator], Floats]


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """A wrong outcome: what kind of audit, which shape of error, how it is sampled, its null, and the bets to try."""

    kind: str
    shape: str
    sample: Sampler
    null: Null
    bets: dict[str, Bet]


def lead(sheets: int = 200) -> tuple[Floats, Assertion]:
    """Error bounds u_p, in margins, of an assertion on simulated sheets."""
    simulated = units(sheets, shares=(0.46, 0.30, 0.20, 0.02, 0.02))
    assertion = Statements(simulated.contest).leads("ana", "bea", Threshold(at_least=Fraction(1, 10)), "valid")
    return bounds(simulated, assertion, "registered").shares, assertion


def overstated(shape: str, u: Floats, rng: np.random.Generator) -> Floats:
    """Overstatements e_p <= u_p that add up to exactly one margin."""
    order = np.argsort(-u)
    e = np.zeros_like(u)
    if shape == "spread thinly over all sheets":
        e += u / u.sum()
        return e
    if shape == "a third of the sheets, by the same share":
        some = rng.permutation(len(u))[: len(u) // 3]
        e[some] = u[some] / u[some].sum()
        return e
    if shape == "the fewest sheets, and small understatements elsewhere":
        e -= 0.02 * u
    for place in order:
        room = 1 - e.sum()
        e[place] = min(u[place], e[place] + room)
        if e.sum() >= 1 - 1e-12:
            break
    return e


SHEET_SHAPES = (
    "the fewest sheets, wholly wrong",
    "spread thinly over all sheets",
    "a third of the sheets, by the same share",
    "the fewest sheets, and small understatements elsewhere",
)
SHEET_BETS = {
    "Kaplan-Markov": capped(1.0),
    "capped": capped(0.9),
    "adaptive": adaptive(first=0.9, lowest_cap=0.9, highest_cap=0.99),
    "fixed": fixed(0.5),
}


def sheet_audits(draws: int) -> Iterator[Wrong]:
    u, _ = lead()
    total, rng = float(u.sum()), np.random.default_rng(5)
    for shape in SHEET_SHAPES:
        e = overstated(shape, u, rng)
        assert abs(e.sum() - 1) < 1e-9
        assert (e <= u + 1e-12).all()
        x = np.maximum(1 - e / u, 0.0)
        chance = u / u.sum()
        yield Wrong(
            kind="sheets, proportional to error bound",
            shape=shape,
            sample=lambda audits, rng, x=x, chance=chance: x[rng.choice(len(x), (audits, draws), p=chance)],  # type: ignore[misc]
            null=Null(mean=1 - 1 / total, upper=np.inf),
            bets=SHEET_BETS,
        )
        y = np.maximum(1 - e / u.max(), 0.0)
        yield Wrong(
            kind="sheets, equal probability without replacement",
            shape=shape,
            sample=lambda audits, rng, y=y: rng.permuted(np.tile(y, (audits, 1)), axis=1),  # type: ignore[misc]
            null=Null(mean=1 - 1 / (len(u) * float(u.max())), upper=np.inf, size=len(u)),
            bets=SHEET_BETS,
        )


def polling_audits(draws: int) -> Iterator[Wrong]:
    shapes = {
        "a tie": ([0.0, 1.0], [0.5, 0.5], 1.0),
        "a tie, with 60 % blank": ([0.0, 0.5, 1.0], [0.2, 0.6, 0.2], 1.0),
        "a share of exactly 40 %": ([0.0, 1.25], [0.6, 0.4], 1.25),
        "a lead of exactly 10 points": ([0.0, 5 / 11, 10 / 11], [0.3, 0.3, 0.4], 10 / 11),
    }
    for shape, (values, shares, upper) in shapes.items():
        bets = {
            "ALPHA, shrink-truncate": shrink_truncate(0.55, 50),
            "ALPHA, fixed alternative": alternative(0.55),
            "adaptive": adaptive(0.4, 0.6, 0.9),
            "capped": capped(0.3),
        }
        yield Wrong(
            kind="ballot polling, with replacement",
            shape=shape,
            sample=lambda audits, rng, v=values, s=shares: np.array(v)[rng.choice(len(v), (audits, draws), p=s)],  # type: ignore[misc]
            null=Null(mean=0.5, upper=upper),
            bets=bets,
        )
        counts = np.round(np.array(shares) * 500).astype(int)
        population = np.repeat(values, counts)
        yield Wrong(
            kind="ballot polling, without replacement",
            shape=shape,
            sample=lambda audits, rng, p=population: rng.permuted(np.tile(p, (audits, 1)), axis=1),  # type: ignore[misc]
            null=Null(mean=0.5, upper=upper, size=500),
            bets=bets,
        )


def comparison_audits(draws: int) -> Iterator[Wrong]:
    margin, upper = 0.1, 1.0
    shapes = {
        "a tenth overstated by one vote": ([0.5, 0.0], [0.1, 0.9]),
        "a twentieth overstated by two votes": ([1.0, 0.0], [0.05, 0.95]),
        "both ways": ([1.0, 0.5, 0.0, -0.5], [0.05, 0.02, 0.91, 0.02]),
    }
    bets = {
        "Kaplan-Markov": capped(1.0),
        "capped": capped(0.9),
        "adaptive": adaptive(0.9, 0.8, 0.95),
        "ALPHA, expecting two-vote errors": expecting(margin, upper, 0.001),
    }
    for shape, (omegas, shares) in shapes.items():
        omega, share = np.array(omegas), np.array(shares)
        assert abs(omega @ share - margin / 2) < 1e-12
        yield Wrong(
            kind="ballot comparison",
            shape=shape,
            sample=lambda audits, rng, o=omega, s=share: comparison_values(  # type: ignore[misc]
                o[rng.choice(len(o), (audits, draws), p=s)], np.zeros((audits, draws)), margin, upper
            ),
            null=comparison_null(margin, upper, None),
            bets=bets,
        )


def oneaudit_audits(draws: int) -> Iterator[Wrong]:
    """Half the ballots known by the totals of ten batches only; in truth a tie, in all batches or in some."""
    simulated = units(10)
    assertion = Statements(simulated.contest).pairwise("ana", "bea")
    ballots = np.full(10, 100)
    for shape in ("every batch overstated", "two batches overstated"):
        ana, bea = np.full(10, 55), np.full(10, 45)
        totals = np.stack([ana, bea, 0 * ana, 0 * ana, 0 * ana], axis=1)
        recorded = np.repeat(recorded_means(assertion, simulated.contest.choice_ids, totals, ballots), 100)
        change = np.full(10, 5) if shape.startswith("every") else np.array([25, 25] + [0] * 8)
        seen = np.concatenate([np.repeat([1.0, 0.0], [a - c, b + c]) for a, b, c in zip(ana, bea, change, strict=True)])
        x = comparison_values(recorded, seen, 0.1, 1.0)
        assert abs(x.mean() - 0.5) < 1e-12
        yield Wrong(
            kind="ONEAudit",
            shape=shape,
            sample=lambda audits, rng, x=x: x[rng.integers(0, len(x), (audits, draws))],  # type: ignore[misc]
            null=comparison_null(0.1, 1.0, None),
            bets={"ALPHA, shrink-truncate": shrink_truncate(0.52, 50), "adaptive": adaptive(0.4, 0.6, 0.9)},
        )


def wrong_outcomes(draws: int = 400) -> list[Wrong]:
    """All kinds and shapes."""
    return [*sheet_audits(draws), *polling_audits(draws), *comparison_audits(draws), *oneaudit_audits(draws)]


def confirmed(wrong: Wrong, bet: Bet, audits: int, rng: np.random.Generator) -> list[float]:
    """The share of audits that confirm the wrong outcome, at each of LIMITS."""
    met = np.zeros(len(LIMITS))
    for start in range(0, audits, 2000):
        after = wealth(wrong.sample(min(2000, audits - start), rng), wrong.null, bet)
        most = after.max(axis=1)
        met += [(most >= 1 / limit).sum() for limit in LIMITS]
    return [float(number / audits) for number in met]


def stratified_confirmed(method: str, audits: int, rng: np.random.Generator) -> dict[str, list[float]]:
    """Two strata, all the error in one or split; 60 draws in each, risk measured once."""
    u, _ = lead()
    halves = (u[: len(u) // 2], u[len(u) // 2 :])
    found = {}
    for shape, split in {"all in one stratum": (1.0, 0.0), "split evenly": (0.5, 0.5), "3 to 1": (0.75, 0.25)}.items():
        errors = [
            overstated("a third of the sheets, by the same share", h, rng) * s
            for h, s in zip(halves, split, strict=True)
        ]
        risks = []
        for _ in range(audits):
            strata = []
            for half, error in zip(halves, errors, strict=True):
                places = rng.choice(len(half), 60, p=half / half.sum())
                strata.append(Stratum(x=1 - error[places] / half[places], total=float(half.sum())))
            risks.append(stratified_risk(strata, 0.9, "fisher" if method == "fisher" else "product"))
        found[shape] = [float(np.mean(np.array(risks) <= limit)) for limit in LIMITS]
    return found


def allowed(limit: float, audits: int, errors: float = 3.5) -> float:
    """The risk limit and its Monte-Carlo error."""
    return float(limit + errors * np.sqrt(limit * (1 - limit) / audits))


def paper_tables(rng: np.random.Generator, audits: int = 1000) -> list[dict[str, object]]:
    """The rows of the ALPHA paper's table that the test suite leaves out; draws go on until all have stopped."""
    rows = {
        (0.505, 0.505): (102500, 91024, 82757, 79414, 58266), (0.51, 0.51): (24598, 21598, 19577, 18841, 14930),
        (0.52, 0.51): (5547, 4889, 4551, 4490, 4959), (0.52, 0.53): (5594, 4854, 4287, 4091, 4583),
        (0.53, 0.53): (2473, 2192, 1964, 1852, 1717),
    }  # fmt: skip
    found = []
    for (theta, eta), expected in rows.items():
        bets = {f"d{d}": shrink_truncate(eta, d) for d in (10, 100, 500, 1000)} | {"BRAVO": alternative(eta)}
        for (name, bet), paper in zip(bets.items(), expected, strict=True):
            times = []
            for _ in range(audits):
                draws = 4 * max(expected)
                x = (rng.random(draws) < theta).astype(float)
                while not (stopped := int(stopping_times(wealth(x, Null(mean=0.5), bet), 0.05))):
                    x = np.concatenate([x, (rng.random(draws) < theta).astype(float)])
                times.append(stopped)
            error = float(np.std(times) / np.sqrt(audits))
            found.append({
                "theta": theta, "eta": eta, "test": name, "paper": paper,
                "mean": float(np.mean(times)), "standard_error": error,
            })  # fmt: skip
            print(found[-1], flush=True)  # noqa: T201
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--audits", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=20191020)
    parser.add_argument("--tables", action="store_true", help="also the long rows of the ALPHA paper's table")
    parser.add_argument("--out", type=Path, default=Path("docs/reference/audit-risk.json"))
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    rows = []
    for wrong in wrong_outcomes():
        for name, bet in wrong.bets.items():
            rates = confirmed(wrong, bet, options.audits, rng)
            rows.append({"kind": wrong.kind, "shape": wrong.shape, "test": name, "confirmed": rates})
    for method in ("product", "fisher"):
        for shape, rates in stratified_confirmed(method, 1000, rng).items():
            rows.append({"kind": "two strata", "shape": shape, "test": method, "confirmed": rates})
    worst = np.array([row["confirmed"] for row in rows]).max(axis=0).tolist()
    print(f"{len(rows)} combinations; largest shares confirmed at {LIMITS}: {worst}")  # noqa: T201
    document = {
        "command": "python -m tests.audit.simulated_risk", "seed": options.seed, "audits": options.audits,
        "risk_limits": LIMITS, "largest": worst, "rows": rows,
    }  # fmt: skip
    if options.tables:
        document["alpha_paper"] = paper_tables(rng)
    options.out.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
