"""Which of the logs, groupings and earlier votes that a definition names are in a folder."""

from pathlib import Path

from veedor.election import Election


def at_hand(election: Election, data: Path) -> Election:
    """The election with only those clocks, groupings and earlier votes whose files are in the folder."""
    return election.model_copy(
        update={
            "clocks": [
                clock
                for clock in election.clocks
                if all((data / table.file).is_file() for table in (*clock.of_sheets, *clock.of_publications))
            ],
            "groupings": [each for each in election.groupings if (data / each.file).is_file()],
            "earlier_votes": [each for each in election.earlier_votes if (data / each.file).is_file()],
        }
    )
