"""What a method hands back, and what the study knows of a method."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from veedor.document import Json
from veedor.finding import Text
from veedor.forensics.stations import Stations


@dataclass(frozen=True, kw_only=True)
class Measured:
    """statistic against reference; se where the method has one; p_value by the method's own theory, None if by placebo.

    looked_at, found: stations (or pairs); effect: figures of the method; items: stations, worst first; picture: data.
    more: a sentence of further figures. refused: why the method gives no figure here although it applies; then
    statistic and p_value are None and effect holds the diagnostics that say so. ranked: what is compared with the
    placebo's statistics where it is not the statistic itself. memo: what the method keeps for clean elections.
    """

    statistic: float | None
    reference: float | None
    se: float | None
    p_value: float | None
    looked_at: int
    found: int
    effect: Mapping[str, Json]
    picture: Mapping[str, Json]
    items: tuple[Mapping[str, Json], ...] = ()
    items_total: int = 0
    refused: Text | None = None
    more: Text | None = None
    ranked: float | None = None
    memo: object = None


@dataclass(frozen=True, kw_only=True)
class Method:
    """measure: from stations and a seed, None where the method does not apply.

    most_draws: placebo elections that the method is run on at most (0: none); None: all of them.
    default: whether it runs where no method is named.
    counts: whether the statistic is a number of things found, which a normal does not describe where it is small.
    lists: whether it lists stations to look at and is no test: it has no p-value, and its list no verdict.
    on_clean: as measure, on a clean election, given what was measured on this one (a start, fewer repeats, no
    intervals); None: measure does.
    """

    measure: Callable[[Stations, int], Measured | None]
    on_clean: Callable[[Stations, int, Measured], Measured | None] | None = None
    most_draws: int | None = None
    default: bool = True
    counts: bool = False
    lists: bool = False

    def on_clean_election(self, stations: Stations, seed: int, own: Measured) -> Measured | None:
        """Measure a clean election; own: what was measured on the election itself."""
        if self.on_clean is None:
            return self.measure(stations, seed)
        return self.on_clean(stations, seed, own)
