"""veedor new: a draft election.toml for files of unknown making."""

import shlex
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from veedor.cli.common import JsonOption, print_json, program, progress_bar, say
from veedor.cli.texts import TEXTS
from veedor.rim.terminal import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from veedor.cli.documents import NewDocument
    from veedor.draft.draft import Draft
    from veedor.election import Question


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("new")(new)


def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder for the new election.toml.")],
    files: Annotated[
        list[Path], typer.Option("--from", metavar="FILE", help="A results file to inspect; may be repeated.")
    ],
    more: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE", help="More files, after the first of --from.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Take the first answer to every question of the draft.")] = False,
    ask_nothing: Annotated[
        bool, typer.Option("--ask-nothing", help="Ask nothing: write the questions into the definition.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Draft an election.toml from results files.

    Inspect results files in any supported format and write a commented draft into DIR.
    """
    from veedor.draft.draft import write_draft

    with ExitStack() as stack:
        step = stack.enter_context(progress_bar(TEXTS.say("progress.drafting")))

        def asked(question: "Question") -> str | None:
            stack.close()  # no bar over the question
            return _asked(question)

        answer = _first if yes else None if ask_nothing or json or not _person() else asked
        draft = write_draft(folder, [*files, *(more or ())], answer, step)
    if json:
        print_json(_document(draft, folder))
    else:
        _show(draft, folder)


def _document(draft: "Draft", folder: Path) -> "NewDocument":
    """A draft as `--json` prints it."""
    from veedor.cli.documents import CountTried, NewDocument, QuestionShown

    return NewDocument(
        election=draft.election.id,
        file=str(folder / "election.toml"),
        data=str(draft.folder),
        todo=draft.todo,
        counts=[
            CountTried(id=one.count, sheets=one.sheets, valid=one.valid, problem=one.problem or None)
            for one in draft.tried
        ],
        columns=draft.columns,
        rows_left_out=draft.left_out,
        not_read=draft.not_read,
        questions=[
            QuestionShown(about=one.about, text=one.text, choices=one.choices, where=one.where)
            for one in draft.questions
        ],
        notes=draft.notes,
    )


def _show(draft: "Draft", folder: Path) -> None:
    """A draft for a person: what was found, then what is left to do and to answer, then the next command."""
    print(one_line(TEXTS.say("new.wrote", file=str(folder / "election.toml"))))
    for line in (*_found(draft), *_to_look_at(draft)):
        print(one_line(f"  {line}"))
    words = [str(folder), *(() if draft.folder == folder.resolve() else ("--data", str(draft.folder)))]
    print(one_line(TEXTS.say("new.then", command=f"{program()} count {shlex.join(words)}")))


def _found(draft: "Draft") -> "Iterator[str]":
    levels = draft.election.level_ids
    yield TEXTS.say("new.levels", levels=", ".join(levels)) if levels else TEXTS.say("new.no_levels")
    yield TEXTS.say("new.choices", choices=", ".join(draft.election.contests[0].choice_ids))
    for one in draft.tried:
        sheets = TEXTS.plural("count.in_sheets", one.sheets)
        yield f"{one.count}: " + (one.problem or TEXTS.plural("new.read", one.valid, sheets=sheets))


def _to_look_at(draft: "Draft") -> "Iterator[str]":
    yield from (TEXTS.say("new.todo", text=todo) for todo in draft.todo)
    for rows in draft.left_out:
        yield TEXTS.plural("new.left_out", rows.rows, file=rows.file, rule=rows.rule)
    for part in draft.not_read:
        name = " ".join(word for word in (part.file, part.member, part.worksheet) if word)
        yield TEXTS.say("new.not_read", name=name, why=part.why)
    yield from (TEXTS.say("note.note", note=note) for note in draft.notes)
    yield from (TEXTS.say("new.question", text=question.text) for question in draft.questions)


def _person() -> bool:
    """Whether somebody sits at a terminal who can be asked."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def _first(question: "Question") -> str | None:
    return question.choices[0] if question.choices else None


def _asked(question: "Question") -> str | None:
    """The answer that the person at the terminal picks; None where the question stays open."""
    say(one_line(question.text))
    for number, choice in enumerate(question.choices, start=1):
        say(one_line(f"  {number}  {choice}"))
    words = typer.prompt(TEXTS.say("new.ask"), default="", show_default=False, err=True)
    number = int(words) if words.strip().isdecimal() else 0
    return question.choices[number - 1] if 0 < number <= len(question.choices) else None
