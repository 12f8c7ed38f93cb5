"""What a simulated election is asked to be: its size, electorate, counts, and the faults planted in it."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Literal

from veedor.document import Json
from veedor.errors import VeedorError

FEWEST_STATIONS = 100
MOST_STATIONS = 1_200_000

Order = Literal["geography", "places", "random"]
"""geography: remote and rural places arrive late, and a place's sheets together. places: a place's sheets arrive
together, and neighbouring places too, but towns and countryside alike. random: every order is as likely."""


class Scenario(StrEnum):
    """The fault planted beside ordinary noise: each is the clean election of its seed plus one kind of fault."""

    CLEAN = "clean"
    STUFFING = "stuffing"
    SWITCHING = "switching"
    LATE_ALTERATION = "late_alteration"
    TRANSCRIPTION_ERRORS = "transcription_errors"
    DUPLICATED_SHEETS = "duplicated_sheets"


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """Every dial of a simulation; shares are fractions.

    shares: expected national shares of valid votes, one for each choice in ballot order; adds up to 1.
    turnout, blank, null: expected ballots cast of registered voters; expected blank and null of ballots cast.
    place_spread: factor on the random effects of places on preferences (0: every place votes alike).
    urban_gradient: factor on the difference between urban and rural preferences.
    order: whether the order of arrival is tied to geography.
    snapshots: publications of each count.
    stop_after: share of the sheets arrived when the preliminary count's publication stops; None: it never stops.
    stop_hours: how long it stops. Sheets go on arriving meanwhile.
    missing: share of the sheets that the preliminary count never publishes.
    misread: share of the preliminary count's sheets typed with an error; corrected: share of those put right in a
      later publication.
    withdrawn: share of the preliminary count's sheets withdrawn in a later publication; about half come back.
    altered_votes: votes planted, as a share of all valid votes (stuffing, switching, late_alteration).
    intensity: about how much of what a chosen station has to give is taken (stuffing: of those who stayed at home;
      switching, late_alteration: of the second choice's votes). Raised where the station's votes would not suffice.
    altered_stations: share of stations touched (transcription_errors, duplicated_sheets).
    """

    shares: tuple[float, ...] = (0.462, 0.368, 0.085, 0.05, 0.035)
    turnout: float = 0.84
    blank: float = 0.015
    null: float = 0.035
    place_spread: float = 1.0
    urban_gradient: float = 1.0
    order: Order = "geography"
    snapshots: int = 12
    stop_after: float | None = 0.84
    stop_hours: float = 22.8
    missing: float = 0.03
    misread: float = 0.015
    corrected: float = 0.3
    withdrawn: float = 0.001
    altered_votes: float = 0.01
    intensity: float = 0.5
    altered_stations: float = 0.02

    def __post_init__(self) -> None:
        faults = [
            *(
                f"{name} must lie between 0 and 1, got {value} (5 % is 0.05)"
                for name, value in self._fractions().items()
                if not 0 <= value <= 1
            ),
            *(
                f"{name} must not be negative, got {value}"
                for name, value in (("place_spread", self.place_spread), ("urban_gradient", self.urban_gradient))
                if not 0 <= value < 100
            ),
        ]
        if not 2 <= len(self.shares) <= 12 or any(share <= 0 for share in self.shares):
            faults.append("shares must be 2 to 12 positive numbers")
        elif abs(sum(self.shares) - 1) > 1e-9:
            faults.append(f"shares must add up to 1, got {sum(self.shares)}")
        if self.blank + self.null >= 1:
            faults.append("blank and null together must leave something for valid votes")
        fewest = 1 if self.stop_after is None else 2
        if not fewest <= self.snapshots <= 100:
            faults.append(f"snapshots must lie between {fewest} and 100, got {self.snapshots}")
        if self.stop_after is not None and not 0.05 <= self.stop_after <= 0.95:
            faults.append(f"stop_after must lie between 0.05 and 0.95, got {self.stop_after}")
        if not 0.1 <= self.stop_hours <= 240:
            faults.append(f"stop_hours must lie between 0.1 and 240, got {self.stop_hours}")
        if self.order not in ("geography", "places", "random"):
            faults.append(f"order must be 'geography', 'places' or 'random', got {self.order!r}")
        if faults:
            raise VeedorError("\n".join(faults))

    def _fractions(self) -> dict[str, float]:
        names = ("turnout", "blank", "null", "missing", "misread", "corrected", "withdrawn")
        planted = ("altered_votes", "intensity", "altered_stations")
        return {name: getattr(self, name) for name in (*names, *planted)}


DEFAULT = Parameters()


def parameters_as_json(parameters: Parameters) -> dict[str, Json]:
    """The parameters by name."""
    return {**asdict(parameters), "shares": list(parameters.shares)}


def scenario_named(name: "Scenario | str") -> Scenario:
    """The scenario of that name; an unknown one is an error that lists them."""
    try:
        return Scenario(name)
    except ValueError:
        raise VeedorError(f"no scenario {name!r}; there are {', '.join(Scenario)}") from None


def check_stations(stations: int) -> None:
    """Raise unless an election of this number of stations can be simulated."""
    if not FEWEST_STATIONS <= stations <= MOST_STATIONS:
        raise VeedorError(f"stations must lie between {FEWEST_STATIONS} and {MOST_STATIONS:,}, got {stations:,}")
