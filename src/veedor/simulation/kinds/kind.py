"""The dials of a kind of election."""

from dataclasses import dataclass
from typing import Literal

from veedor.errors import VeedorError

Shape = Literal["normal", "exponential", "threshold", "uniform"]
"""How remoteness is spread over places: as a bell; many near and few very far; only the farthest fifth; evenly."""

LEVEL_NAMES: dict[int, tuple[str, ...]] = {
    2: ("region", "precinct"),
    3: ("region", "municipality", "precinct"),
    4: ("region", "municipality", "locality", "precinct"),
    5: ("region", "province", "municipality", "locality", "precinct"),
}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of election. Effects on lateness and on logits are in standard deviations of a place's own trait.

    about: one sentence for people, by language.
    regions: how many there are; stations_per: mean stations of a place, for each level below the region.
    unequal: Pareto exponent of the precincts' sizes (the lower, the more unequal); rolls: of the stations' rolls, None
      where they are of about one size.
    shares: expected shares of valid votes, in ballot order; concentration: of each level's Dirichlet around the level
      above (region first); sheet_concentration: of a sheet around its precinct, None where votes are multinomial.
    remote_votes, remote_late: what remoteness adds to the first choice's logit, and to lateness; remote_levels:
      variance of remoteness by level; remote_shape: its distribution.
    place_late: standard deviations of lateness by level, apart from remoteness; sheet_late: of single sheets.
    urban_late, urban_votes: what the size of the place two levels up adds to lateness, and to the first choice's logit.
    zones: bands of regions that close an hour later each; zone_late: lateness of one band over the one before it.
    strongholds: share of the places above precincts that are one side's; stronghold_votes: what that adds to its logit.
    turnout, turnout_support: mean turnout, and what a point of the leader's share adds to it on the logit scale.
    stop_after: share of the sheets at the stop; snapshots: publications of the count, 0.7 of them before the stop.
    """

    about: dict[str, str]
    regions: int = 9
    stations_per: tuple[float, ...] = (45.0, 6.5)
    unequal: float = 1.6
    rolls: float | None = None
    shares: tuple[float, ...] = (0.47, 0.37, 0.16)
    concentration: tuple[float, ...] = (60.0, 40.0, 60.0)
    sheet_concentration: float | None = 300.0
    remote_votes: float = 0.0
    remote_late: float = 0.0
    remote_levels: tuple[float, ...] = (0.2, 0.4, 0.4)
    remote_shape: Shape = "normal"
    place_late: tuple[float, ...] = (0.2, 0.3, 0.4)
    sheet_late: float = 0.6
    urban_late: float = 0.0
    urban_votes: float = 0.0
    zones: int = 1
    zone_late: float = 0.0
    strongholds: float = 0.0
    stronghold_votes: float = 1.5
    turnout: float = 0.8
    turnout_support: float = 0.0
    stop_after: float = 0.85
    snapshots: int = 13

    def __post_init__(self) -> None:
        depth = len(self.stations_per) + 1
        if depth not in LEVEL_NAMES:
            raise VeedorError(f"a kind has 2 to 5 levels of places, got {depth}")
        for name in ("concentration", "remote_levels", "place_late"):
            if len(getattr(self, name)) != depth:
                raise VeedorError(f"{name} needs one number for each of {depth} levels")
        if not 2 <= len(self.shares) <= 12 or abs(sum(self.shares) - 1) > 1e-9:
            raise VeedorError(f"a kind has 2 to 12 shares that add up to 1, got {self.shares}")

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels of places, broadest first."""
        return LEVEL_NAMES[len(self.stations_per) + 1]
