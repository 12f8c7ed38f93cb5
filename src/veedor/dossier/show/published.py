"""What pages read: results as JSON, and the names that stand in them. Pages show these figures and make none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from veedor.command import Command
from veedor.dossier.dictionary.columns import Table
from veedor.dossier.parsed import Parsed
from veedor.dossier.show.choices import ShownChoice
from veedor.dossier.show.language import Language
from veedor.election import Contest, Count, Election

SIMULATED = "simulated-"


@dataclass(frozen=True, kw_only=True)
class Published:
    """own: what every command on this contest has. url: where the dossier is published, if that was said.

    results: by the file's name in results/; downloads: every file that a reader may take, by its path. hashes: SHA-256
    of each file that pages are made of. tables: those of tables/; geojson: path and bytes of that of the places.
    """

    election: Election
    contest: Contest
    own: Command
    url: str | None
    count: Count
    choices: Mapping[str, ShownChoice]
    results: Mapping[str, Parsed]
    downloads: Sequence[str]
    hashes: Mapping[str, str]
    tables: Sequence[Table] = ()
    geojson: tuple[str, int] | None = None

    @property
    def states(self) -> list[Parsed]:
        """Every snapshot of every count, each with its count's id."""
        counts = self.results["timeline.json"]["counts"]
        return [{"count": one["count"], **state} for one in counts for state in one["snapshots"]]

    @property
    def simulated(self) -> bool:
        """True if places, parties and votes are invented: `veedor simulate` names its elections so."""
        return self.election.id.startswith(SIMULATED)

    def count_name(self, count_id: str, lang: Language) -> str:
        """A count's name."""
        return next(lang.pick(count.name.text) for count in self.election.counts if count.id == count_id)

    def zone(self, lang: Language) -> str:
        """The election's local time, with its zone's name; where nobody has filled it in, that it is not stated."""
        if not self.election.zone_known:
            return lang.say("time.no_zone")
        return lang.say("time.zone", zone=self.election.timezone)

    def ranking(self, most: int) -> list[ShownChoice]:
        """The choices with the most votes in the count shown."""
        return [self.choices[row["id"]] for row in self.results["count.json"]["choices"][:most]]

    def command(self, *words: str) -> Command:
        """A command of one word or two on this contest: command("audit plan") -> veedor audit plan bolivia-2019."""
        return replace(self.own, words=(*words, *self.own.words))


def turnout(count: Mapping[str, Parsed]) -> float | None:
    """Ballots cast over registered voters of a total."""
    return count["cast"] / count["registered"] if count.get("registered") else None


def shares(count: Mapping[str, Parsed], choices: Sequence[ShownChoice]) -> list[float | None]:
    """The choices' shares of valid votes in a total, in the order asked for."""
    by_id = {row["id"]: row["share_of_valid"] for row in count["choices"]}
    return [by_id[choice.id] for choice in choices]


def lead_points(count: Mapping[str, Parsed], first: str, second: str) -> float | None:
    """First minus second in points of valid votes: from whole votes, so that nothing is rounded twice."""
    votes = {row["id"]: row["votes"] for row in count["choices"]}
    return 100 * (votes[first] - votes[second]) / count["valid"] if count["valid"] else None


def by_lead(published: Published) -> bool:
    """True if the outcome of the count shown hangs on the lead over the second, and not on a majority."""
    lines = {one["line"]: one["met"] for one in published.results["count.json"]["outcome"]["lines"]}
    return "lead" in lines and not lines.get("majority", False)
