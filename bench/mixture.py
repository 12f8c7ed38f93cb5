"""The mixture: processor seconds for each effective draw of pi, against JAGS on the same stations and model."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from bench.data import bolivia_2019
from bench.measure import Result, Skip

STATIONS, SEED = 1000, 1
JAGS_CHAINS, JAGS_BURN, JAGS_KEEP = 2, 400, 800
PUBLISHED = (3 / (5 * 37.1), 101 / (5 * 37.1))
"""Effective draws a second where JAGS is not at hand: 3 and 101, of the worst and the best parameter.

Measured on two cores, at 1,000 stations, with the authors' package: 5,000 iterations, 37.1 s for each thousand of them
(its chains had not converged: R-hat 14.5).
"""
LEAST = 20.0

MODEL = """
model {
  u[1] ~ dunif(0, 1)
  u[2] ~ dunif(0, 1)
  whole <- 1 + u[1] + u[2]
  pi[1] <- 1 / whole
  pi[2] <- u[1] / whole
  pi[3] <- u[2] / whole
  for (e in 1:6) {
    centre[e] ~ dnorm(0, 1)
    spread[e] ~ dexp(5)
    precision[e] <- 1 / spread[e]
  }
  for (j in 1:J) {
    for (e in 1:6) { h[e, j] ~ dnorm(centre[e], precision[e]) }
    state[j] ~ dcat(pi)
    tau[j] <- ilogit(h[1, j])
    nu[j] <- ilogit(h[2, j])
    count[1, j] ~ dbin(0.7 * ilogit(h[3, j]), N[j])
    count[2, j] ~ dbin(0.7 * ilogit(h[4, j]), N[j])
    count[3, j] ~ dbin(0.7 + 0.3 * ilogit(h[5, j]), N[j])
    count[4, j] ~ dbin(0.7 + 0.3 * ilogit(h[6, j]), N[j])
    m[j] <- ifelse(state[j] == 1, 0, min(0.999, ifelse(state[j] == 2, count[1, j], count[3, j]) / N[j]))
    s[j] <- ifelse(state[j] == 1, 0, ifelse(state[j] == 2, count[2, j], count[4, j]) / N[j])
    away[j] <- a[j] / N[j] / (1 - m[j])
    p[j] <- (1 - away[j]) * (nu[j] + s[j] * (1 - nu[j])) + m[j] * away[j]
    a[j] ~ dbin((1 - tau[j]) * (1 - m[j]), N[j])
    w[j] ~ dbin(p[j], N[j])
  }
}
"""

SCRIPT = """
library(rjags)
set.seed(1)
d <- read.csv("data.csv")
start <- function(i) list(state = rep(1, nrow(d)), .RNG.name = "base::Mersenne-Twister", .RNG.seed = i)
before <- proc.time()
given <- list(N = d$N, a = d$a, w = d$w, J = nrow(d))
m <- jags.model("model.txt", given, lapply(1:{chains}, start), n.chains = {chains}, quiet = TRUE)
update(m, {burn}, progress.bar = "none")
x <- coda.samples(m, "pi", {keep}, progress.bar = "none")
spent <- proc.time() - before
for (i in 1:{chains}) write.csv(as.matrix(x[[i]]), paste0("chain", i, ".csv"), row.names = FALSE)
cat(spent["user.self"] + spent["sys.self"], effectiveSize(x), "\n")
"""


def run() -> list[Result]:
    """Seconds for an effective draw: ours may take at most 1 / 20 of theirs.

    First by one measure for both: the smallest of the three fractions' bulk and tail sizes over all chains, which
    falls where chains disagree. Then with JAGS's counted by R's coda, as if its chains agreed: the smallest of three.
    """
    registered, abstained, leading = _stations()
    ours, note = _ours(registered, abstained, leading)
    theirs, alone, peer = _jags(registered, abstained, leading)
    return [
        Result(
            what=f"effective draw of pi, {STATIONS:,} stations ({note})",
            ours=1 / ours,
            theirs=1 / theirs,
            peer=peer,
            most=1 / LEAST,
        ),
        Result(
            what="the same, chains that disagree counted as if they agreed (coda)",
            ours=1 / ours,
            theirs=1 / alone,
            peer="JAGS",
            most=1.0,
        ),
    ]


def _stations() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    from veedor.election.read import read_election
    from veedor.forensics.mixture.data import counts_at, rows_of
    from veedor.forensics.stations import stations_of
    from veedor.sheets.read import read_sheets

    election = read_election("bolivia-2019")
    contest = election.contests[0]
    official = next(count for count in election.counts if count.kind == "official")
    sheets = read_sheets(election, contest, official, bolivia_2019())
    stations = stations_of(sheets.table, election, contest)
    counts = counts_at(stations, rows_of(stations, STATIONS, SEED))
    return counts.registered.astype(int), counts.abstained.astype(int), counts.leading.astype(int)


def _ours(*columns: np.ndarray) -> tuple[float, str]:
    try:
        from veedor.forensics.mixture.backend import prepare

        prepare(chains=4)
    except Exception as missing:
        raise Skip(str(missing)) from missing
    from veedor.forensics.mixture.data import counts_of
    from veedor.forensics.mixture.sampling import Settings
    from veedor.forensics.mixture.study import fit_counts

    found = fit_counts(counts_of(*columns), "qbl", Settings(seed=SEED))
    seen = found.diagnostics
    least = min(seen.ess_bulk, seen.ess_tail)
    return least / found.cpu_seconds, f"R-hat {seen.rhat:.3f}, {least:.0f} in {found.cpu_seconds:.0f} s of processor"


def _jags(*columns: np.ndarray) -> tuple[float, float, str]:
    """Effective draws a second by our measure and by coda's, and what was run."""
    if shutil.which("Rscript") is None:
        return *PUBLISHED, "JAGS, published figures"
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        rows = "\n".join(",".join(map(str, row)) for row in zip(*(c.tolist() for c in columns), strict=True))
        (place / "data.csv").write_text(f"N,a,w\n{rows}\n")
        (place / "model.txt").write_text(MODEL)
        (place / "run.R").write_text(SCRIPT.format(chains=JAGS_CHAINS, burn=JAGS_BURN, keep=JAGS_KEEP))
        done = subprocess.run(
            ["Rscript", "run.R"],
            cwd=place,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )
        if done.returncode != 0:
            return *PUBLISHED, f"JAGS, published figures ({done.stderr.strip().splitlines()[-1][:60]})"
        chains = [np.loadtxt(place / f"chain{i + 1}.csv", delimiter=",", skiprows=1) for i in range(JAGS_CHAINS)]
    seconds, *by_coda = map(float, done.stdout.split()[-4:])
    rhat, least = _agreement(np.stack(chains))
    return (
        least / seconds,
        min(by_coda) / seconds,
        f"JAGS, R-hat {rhat:.2f}, {least:.1f} in {seconds:.0f} s, by coda {min(by_coda):.0f}",
    )


def _agreement(pi: np.ndarray) -> tuple[float, float]:
    """Largest R-hat and smallest effective size, bulk or tail, of the fractions; pi: float[chain, draw, state]."""
    import arviz as az

    each = [np.ascontiguousarray(pi[:, :, state]) for state in range(3)]
    sizes = [float(az.ess(draws, method=method)) for draws in each for method in ("bulk", "tail")]
    return max(float(az.rhat(draws)) for draws in each), min(sizes)
