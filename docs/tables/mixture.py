"""python docs/tables/mixture.py calibration|known|stations [NUMBER]: sections of docs/methods/mixture-table.md.

calibration: elections drawn from the prior, each fitted; ranks of the truth among the draws must be uniform. known:
NUMBER elections of 1,000 stations drawn from each variant with known fractions. Variants may be named after NUMBER.
stations: bolivia-2019 itself (VEEDOR_DATA), NUMBER stations or all. The placebo is that of the command itself,
`veedor mixture bolivia-2019 --stations 200 --warmup 150 --draws 350 --placebo 19`.
Each prints its section with seed, versions and processor seconds.
"""

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from veedor.forensics.mixture.backend import prepare, versions

SEED, SIZE, STATIONS = 1, 150, 60
BINS = 8


def calibration(number: int, variants: Sequence[str]) -> None:
    """Simulation-based calibration (Talts et al. 2018) of the variants on elections of 60 stations.

    Not of rn: its prior's means, N(0, 10^2), mostly lie far outside the shares' range, and it is a density of shares,
    which counts of 150 voters round.
    """
    from scipy.stats import chisquare

    print(f"## Calibration: {number} elections of {STATIONS} stations of {SIZE} voters, drawn from the prior\n")
    print(f"Seed {SEED}, one chain, 63 thinned draws each; p of a chi-square test over {BINS} bins of ranks.\n")
    print("| variant | parameter | p | ranks in bins |\n|---|---|---|---|")
    for variant in variants or ("bl", "qbl"):
        before = time.process_time()
        for name, ranks in sorted(ranks_of(variant, number).items()):
            bins = np.histogram(ranks, bins=BINS, range=(0, 64))[0]
            print(f"| {variant} | {name} | {chisquare(bins).pvalue:.3f} | {' '.join(map(str, bins))} |", flush=True)
        print(f"\n{variant}: {time.process_time() - before:.0f} s of processor.\n", flush=True)


def ranks_of(variant: str, number: int) -> dict[str, list[int]]:
    """The truth's rank, 0 to 63, among 63 draws, for every parameter."""
    import jax
    import jax.numpy as jnp

    from veedor.forensics.mixture.data import counts_of
    from veedor.forensics.mixture.models.model import VARIANTS, Model
    from veedor.forensics.mixture.sampling import Runner, Settings
    from veedor.forensics.mixture.simulate import simulate

    kind = VARIANTS[VARIANTS.index(variant)]  # type: ignore[arg-type]
    rolls = np.full(STATIONS, SIZE, dtype=np.int64)
    empty = Model(variant=kind, counts=counts_of(rolls, rolls, 0 * rolls))
    settings = Settings(chains=1, warmup=150, draws=252, seed=SEED)
    runner = Runner(empty, settings)
    found: dict[str, list[int]] = {}
    for election in range(number):
        truth = empty.layout.draw(jax.random.PRNGKey(1000 + election))
        named = {name: np.asarray(value) for name, value in empty.layout.named(truth).items()}
        counts, _ = simulate(variant, named, empty.counts, np.random.default_rng((SEED, election)))
        draws = runner.run(Model(variant=kind, counts=counts), election)
        seen = {name: np.asarray(v)[0, 3::4] for name, v in empty.layout.named(jnp.asarray(draws.x)).items()}
        for name, values in seen.items():
            columns, truths = values.reshape(len(values), -1), named[name].reshape(-1)
            for at, drawn in enumerate(truths):
                own = f"{name}[{at}]" if len(truths) > 1 else name
                found.setdefault(own, []).append(int((columns[:, at] < drawn).sum()))
        print(f"{variant} {election + 1}/{number}", file=sys.stderr, flush=True)
    return found


FRACTIONS = np.array([0.8, 0.15, 0.05])
MEANS = np.array([1.2, -0.4, 0.0, -0.3, 0.2, 0.3])
TRUTH = {
    "qbl": {"pi": FRACTIONS, "alpha": MEANS, "b": np.array([0.15, 0.3, 0.1, 0.15, 0.1, 0.1])},
    "bl": {"pi": FRACTIONS, "alpha": MEANS},
    "rn": {
        "pi": FRACTIONS,
        "mu_tau": np.array(0.7),
        "mu_nu": np.array(0.4),
        "mu_iota": np.array(0.35),
        "mu_chi": np.array(0.85),
        "sigma_tau": np.array(0.06),
        "sigma_nu": np.array(0.08),
        "sigma_iota": np.array(0.06),
        "exponent": np.array(1.5),
    },
}


def known(number: int, variants: Sequence[str]) -> None:
    """Elections of 1,000 stations of 200 voters drawn from the variants with the fractions of TRUTH."""
    from veedor.forensics.mixture.data import counts_of
    from veedor.forensics.mixture.models.model import VARIANTS
    from veedor.forensics.mixture.sampling import Settings
    from veedor.forensics.mixture.simulate import simulate
    from veedor.forensics.mixture.study import fit_counts

    rolls = np.full(1000, 200, dtype=np.int64)
    print("## Known fractions: 1,000 stations of 200 voters drawn from the model\n")
    print(f"Drawn with the fractions {', '.join(f'{pi:.2f}' for pi in FRACTIONS)}.\n")
    print(
        "| variant, seed | states drawn | trusted | none | incremental | extreme | R-hat | ESS of pi | s of processor |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for variant in variants or ("qbl", "bl", "rn"):
        kind, runner = VARIANTS[VARIANTS.index(variant)], None  # type: ignore[arg-type]
        for seed in range(1, max(number, 1) + 1):
            rng = np.random.default_rng((SEED, seed))
            counts, states = simulate(variant, TRUTH[variant], counts_of(rolls, rolls, 0 * rolls), rng)
            drawn = ", ".join(f"{share:.3f}" for share in np.bincount(states, minlength=3) / len(states))
            found = fit_counts(counts, kind, Settings(seed=SEED), runner=runner)
            runner = found.runner
            _row(f"{variant}, {seed} | {drawn}", found)


def stations_of_bolivia(number: int, _: Sequence[str]) -> None:
    """The election itself."""
    from veedor.forensics.mixture.data import counts_at, rows_of
    from veedor.forensics.mixture.sampling import Settings
    from veedor.forensics.mixture.study import fit_counts

    stations = _bolivia()
    rows = rows_of(stations, number or None, SEED)
    print(f"## bolivia-2019: {len(rows):,} stations\n")
    print("| seed | trusted | none | incremental | extreme | R-hat | ESS of pi | s of processor |")
    print("|---|---|---|---|---|---|---|---|")
    found = fit_counts(counts_at(stations, rows), "qbl", Settings(seed=SEED))
    _row(str(SEED), found)
    seen = found.diagnostics
    print(
        f"\nRows after thinning {found.draws.rows:,}; modes {[round(m, 1) for m in found.draws.modes]}; Pareto k ",
        end="",
    )
    print(f"{seen.pareto_k}; {found.wall_seconds:.0f} s by the clock; versions {versions()}.")
    for failure in seen.failures:
        print(f"\n{failure.en}")


def _row(seed: str, found: object) -> None:
    from veedor.forensics.mixture.study import Fitted

    assert isinstance(found, Fitted)
    cells = [f"{f.mean:.3f} ({f.low:.3f} to {f.high:.3f})" if found.trusted else "-" for f in found.fractions()]
    seen = found.diagnostics
    least = min(seen.ess_bulk, seen.ess_tail)
    print(
        f"| {seed} | {'yes' if found.trusted else 'no'} | {' | '.join(cells)} | {seen.rhat:.3f} | {least:.0f} | "
        f"{found.cpu_seconds:.0f} |",
        flush=True,
    )


def _bolivia():  # type: ignore[no-untyped-def]
    from veedor.election.read import read_election
    from veedor.forensics.stations import stations_of
    from veedor.sheets.fetch import folder_of_data
    from veedor.sheets.read import read_sheets

    election = read_election("bolivia-2019")
    contest = election.contests[0]
    official = next(count for count in election.counts if count.kind == "official")
    data = os.environ.get("VEEDOR_DATA")
    folder = folder_of_data(election, definition="bolivia-2019", data=Path(data) if data else None)
    return stations_of(read_sheets(election, contest, official, folder).table, election, contest)


if __name__ == "__main__":
    prepare(chains=4)
    work = {"calibration": calibration, "known": known, "stations": stations_of_bolivia}[sys.argv[1]]
    work(int(sys.argv[2]) if len(sys.argv) > 2 else 0, sys.argv[3:])
