"""Which of the logs, groupings and earlier votes that a definition names are in a folder."""

from pathlib import Path

from veedor.election import Election, PlainTable
from veedor.sheets.publications import inside


def at_hand(election: Election, data: Path) -> Election:
    """The election with only those clocks, groupings and earlier votes whose files are in the folder.

    Raises DefinitionError where one of them is said to lie elsewhere: nothing is asked of a file outside.
    """

    def there(table: PlainTable) -> bool:
        return (data / inside(table.file)).is_file()

    return election.model_copy(
        update={
            "clocks": [
                clock
                for clock in election.clocks
                if all(there(table) for table in (*clock.of_sheets, *clock.of_publications))
            ],
            "groupings": [each for each in election.groupings if there(each)],
            "earlier_votes": [each for each in election.earlier_votes if there(each)],
        }
    )
