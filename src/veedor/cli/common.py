"""What every command shares: how an election and its data are opened, and how results are printed."""

import json
import os
import shlex
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from veedor.cli.speech import number, shown
from veedor.cli.texts import TEXTS
from veedor.document import plain
from veedor.rim.terminal import below

if TYPE_CHECKING:
    import datetime as dt

    import polars as pl
    from rich.console import Console
    from rich.text import Text

    from veedor.document import Document, Json, OwnForm
    from veedor.election import Election
    from veedor.errors import Fault
    from veedor.sheets.dataset import Dataset
    from veedor.sheets.fetch import Offer


def elections_completed(incomplete: str) -> list[str]:
    """Completions of ELECTION: bundled elections, and folders here that hold an election.toml."""
    from veedor.election.read import known_elections

    here = [path.parent.as_posix() for path in Path().glob("*/election.toml")]
    return [name for name in sorted({*known_elections(), *here}) if name.startswith(incomplete)]


ElectionArgument = Annotated[
    str,
    typer.Argument(
        metavar="ELECTION",
        help="A folder with election.toml, that file, or the name of a bundled election.",
        autocompletion=elections_completed,
    ),
]
DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data",
        envvar="VEEDOR_DATA",
        help="Folder with the election's files (default: beside its definition, else the cache).",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
ContestOption = Annotated[str | None, typer.Option("--contest", help="Contest ID (default: the first contest).")]
CountOption = Annotated[
    str | None, typer.Option("--count", help="Count ID (default: the last official count, else the last count).")
]
SkipOption = Annotated[
    bool, typer.Option("--skip-bad-rows", help="Continue without rows that cannot be read, and list them.")
]
StrictOption = Annotated[
    bool,
    typer.Option(
        "--strict",
        help="Exit with status 1 if a row or file was left out, a station is written in two ways, figures are absent, "
        "or a question is open.",
    ),
]
SeedOption = Annotated[int, typer.Option("--seed", help="Seed of the random draws.")]
DEFAULT_SEED = 1
"""Of every command."""


def program() -> str:
    """The words that call this program again: those it was called by, or its name if PATH finds the same file."""
    called = Path(sys.argv[0])
    if called.parts[-2:] == ("veedor", "__main__.py"):
        return f"{shlex.quote(sys.executable)} -P -m veedor"
    if called.stem != "veedor":  # another program, such as a test, has this one inside it
        return "veedor"
    found = shutil.which("veedor")
    return "veedor" if found and Path(found).resolve() == called.resolve() else shlex.quote(sys.argv[0])


def open_election(name: str) -> "Election":
    """The election that the argument names."""
    from veedor.election.read import read_election

    return read_election(name)


def open_with_data(name: str, contest: str | None, data: Path | None, *, skip_bad_rows: bool = False) -> "Dataset":
    """The election that the argument names, with the files of --data, else beside its definition, else in the cache."""
    from veedor.sheets.dataset import open_dataset

    dataset = open_dataset(name, contest=contest, data=data, skip_bad_rows=skip_bad_rows, accept=ask_to_download)
    tell_questions(dataset.election)
    return dataset


def ask_to_download(offer: "Offer") -> bool:
    """True if the person at the terminal wants these files; where there is nobody, nobody wants them."""
    if sys.stdin is None or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    say(TEXTS.say("download.not_here", election=offer.election, definition=str(offer.definition)))
    try:
        return typer.confirm(TEXTS.say("download.ask", offer=offer.said), default=False, err=True)
    except typer.Abort:  # no answer is no
        return False


def print_json(document: "Document | OwnForm | Sequence[Document] | Mapping[str, Json]") -> None:
    """One JSON document on standard output."""
    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    shown = check_form(document, plain(document))
    sys.stdout.write(json.dumps(shown, ensure_ascii=not unicode, indent=1, allow_nan=False) + "\n")


def _taken_as_it_is(document: object, shown: "Json") -> "Json":
    return shown


check_form: "Callable[[object, Json], Json]" = _taken_as_it_is
"""Where the tests hold every document that is printed to its schema."""


def console(least: int = 0) -> "Console":
    """The console for tables. In a pipe lines are as long as COLUMNS, else 160 characters, or `least`.

    No text is markup: a place may be called `[red]` or `:smile:`.
    """
    from rich.console import Console

    class Screen(Console):
        """Where nobody reads any more, that is no fault: `main` ends quietly. Rich itself would end with status 1."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return Screen(highlight=False, markup=False, emoji=False, width=None if has_width() else max(160, least))


def for_a_person() -> bool:
    """True if tables go to a terminal."""
    return sys.stdout.isatty()


def has_width() -> bool:
    """True if lines have a width that tables must keep: a terminal's, or the one that COLUMNS asks for."""
    return for_a_person() or os.environ.get("COLUMNS", "").isdecimal()


def titled(title: str, rest: str = "") -> "Text":
    """A title in bold, and what follows it on the line."""
    from rich.text import Text

    return Text.assemble((title, "bold"), rest)


def shown_moment(when: "dt.datetime", election: "Election", *, offset: bool = True) -> str:
    """A time as ISO 8601 in the election's zone; without an offset where the zone is not known."""
    from veedor.wording import is_unknown

    local = when.astimezone(election.zone)
    if is_unknown(local):
        return TEXTS.say("amount.time_unknown")
    return (local if offset and election.zone_known else local.replace(tzinfo=None)).isoformat()


def dim(text: str) -> "Text":
    """Text of lesser weight than what is beside it."""
    from rich.text import Text

    return Text(text, style="dim")


def say(message: str) -> None:
    """A remark for the person at the terminal, on standard error."""
    print(message, file=sys.stderr)


MOST_TOLD = 1_000
"""Rows left out that a terminal is told of one by one."""


def tell_left_out(left_out: Iterable["Fault"], *, listed: bool = False) -> bool:
    """Name every row and file that was left out: nothing is dropped silently. True if there is any.

    listed: the command's JSON lists them all, which is said where they are very many.
    """
    rows = list(left_out)
    files = sum(fault.row is None for fault in rows)
    of_rows = len(rows) - files
    if of_rows:
        say(TEXTS.plural("note.left_out_rows", of_rows))
    if files:
        say(TEXTS.plural("note.left_out_files", files))
    for row in rows[:MOST_TOLD]:
        say(f"  {shown(row.said)}")
    if len(rows) > MOST_TOLD:
        key = "note.more_in_json" if listed else "note.more"
        say(TEXTS.say(key, number=number(len(rows) - MOST_TOLD)))
    return bool(rows)


def tell_rows_absent(figures: int) -> None:
    """Say that choices without a row were read as zero though the layout does not say so."""
    if figures:
        say(TEXTS.plural("note.rows_absent", figures))


def tell_spellings(spellings: "Iterable[pl.DataFrame]") -> list[str]:
    """Name every station that is written in two ways and read as one; the sentences."""
    from veedor.sheets.spellings import clashes, clashing

    read = list(spellings)
    found = [fault.said for fault in clashes(read)]
    if found:
        say(TEXTS.plural("note.spellings", clashing(read)))
    for sentence in found[:MOST_TOLD]:
        say(f"  {shown(sentence)}")
    if len(found) > MOST_TOLD:
        say(TEXTS.say("note.more_in_json", number=number(len(found) - MOST_TOLD)))
    return found


def tell_notes(notes: Iterable[str]) -> list[str]:
    """Say what else whoever uses the sheets should know, each thing once; the sentences."""
    from veedor.rim.terminal import one_line

    found = list(dict.fromkeys(notes))
    for note in found:
        say(one_line(TEXTS.say("note.note", note=note)))
    return found


def tell_questions(election: "Election") -> None:
    """Name every question of the definition that is open: what is shown rests on a guess."""
    from veedor.rim.terminal import one_line

    if election.questions:
        say(TEXTS.plural("note.questions", len(election.questions)))
        for question in election.open_questions:
            say(one_line(f"  {question}"))


Progress = Callable[[int, int], None]


class progress_bar:  # noqa: N801 - reads as a statement: with progress_bar("reading") as step
    """A progress bar on a terminal, nothing in a pipe; the value is called with (done, all)."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.bar: Any = None

    def __enter__(self) -> Progress:
        if not sys.stderr.isatty():
            return lambda done, total: None
        from rich.console import Console
        from rich.progress import Progress as Bar

        # The bar moves the cursor and holds no text from elsewhere: it alone goes below the shield.
        screen = Console(file=below(sys.stderr))
        self.bar = Bar(console=screen, transient=True, redirect_stdout=False, redirect_stderr=False)
        self.bar.start()
        task = self.bar.add_task(self.label, total=None)
        return lambda done, total: self.bar.update(task, completed=done, total=total)

    def __exit__(self, *problem: object) -> None:
        if self.bar is not None:
            self.bar.stop()
