"""Predictive checks: elections drawn from the prior and from the posterior, beside this one."""

from dataclasses import dataclass

import numpy as np

from veedor.document import Json
from veedor.forensics.mixture.data import Counts
from veedor.forensics.mixture.simulate import simulate
from veedor.forensics.stations import Floats

BINS = 20
REPLICATES = 40
FIGURES = ("turnout_mean", "turnout_sd", "share_mean", "share_sd", "correlation", "full_turnout", "unanimous")


@dataclass(frozen=True, kw_only=True)
class Predictive:
    """turnout, share: observed stations in BINS bins, and the 5 % and 95 % quantiles of the replicates'.

    figures: for each of FIGURES (observed, mean of replicates, share of replicates at or above the observed).
    """

    replicates: int
    turnout: tuple[Floats, Floats, Floats]
    share: tuple[Floats, Floats, Floats]
    figures: dict[str, tuple[float, float, float]]

    @property
    def off(self) -> tuple[str, ...]:
        """Figures that none of the replicates reaches, or all exceed."""
        return tuple(name for name, (_, _, p) in self.figures.items() if p in (0.0, 1.0))

    def as_json(self) -> dict[str, Json]:
        """As documented in the reference."""
        return {
            "replicates": self.replicates,
            **{
                name: {"observed": seen.tolist(), "low": low.tolist(), "high": high.tolist()}
                for name, (seen, low, high) in (("turnout", self.turnout), ("share", self.share))
            },
            "figures": {
                name: {"observed": seen, "replicated_mean": mean, "share_at_or_above": p}
                for name, (seen, mean, p) in self.figures.items()
            },
            "not_reproduced": list(self.off),
        }


def predictive(
    variant: str, counts: Counts, named: dict[str, Floats], seed: int, replicates: int = REPLICATES
) -> Predictive:
    """named: parameters by name, float[draw, ...]; evenly spaced draws are used."""
    rng = np.random.default_rng(seed)
    total = len(named["pi"])
    drawn = []
    for at in np.linspace(0, total - 1, replicates).round().astype(int):
        made, _ = simulate(variant, {name: values[at] for name, values in named.items()}, counts, rng)
        drawn.append((_histograms(made), _figures(made)))
    seen, figures = _histograms(counts), _figures(counts)
    low, high = np.quantile([histograms for histograms, _ in drawn], [0.05, 0.95], axis=0)
    table = np.array([found for _, found in drawn])
    return Predictive(
        replicates=replicates,
        turnout=(seen[0], low[0], high[0]),
        share=(seen[1], low[1], high[1]),
        figures={
            name: (float(figures[at]), float(table[:, at].mean()), float((table[:, at] >= figures[at]).mean()))
            for at, name in enumerate(FIGURES)
        },
    )


def _shares(counts: Counts) -> tuple[Floats, Floats]:
    valid = counts.registered - counts.abstained
    turnout: Floats = valid / counts.registered
    share: Floats = np.minimum(counts.leading / np.maximum(valid, 1), 1.0)
    return turnout, share


def _histograms(counts: Counts) -> Floats:
    found: Floats = np.stack(
        [np.histogram(values, bins=BINS, range=(0, 1))[0].astype(np.float64) for values in _shares(counts)]
    )
    return found


def _figures(counts: Counts) -> Floats:
    turnout, share = _shares(counts)
    spread = turnout.std() * share.std()
    together = float(((turnout - turnout.mean()) * (share - share.mean())).mean() / spread) if spread > 0 else 0.0
    sides = [turnout.mean(), turnout.std(), share.mean(), share.std(), together, (turnout >= 1).sum()]
    return np.array([*sides, (share >= 1).sum()], dtype=np.float64)
