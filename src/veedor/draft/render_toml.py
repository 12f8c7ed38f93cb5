"""A draft definition as TOML text with the evidence of every guess in a comment."""

import json
import re
from collections.abc import Iterable, Sequence

from veedor.draft.combine import CountGuess, Part, Planned, SourceGuess
from veedor.draft.guess.figures import Figures, at_most
from veedor.draft.guess.found import Guess
from veedor.draft.guess.long import LONGEST_LINE
from veedor.draft.open_file import Opened
from veedor.election.definition import LONGEST_QUESTION

WIDTH = 118


def text(value: str) -> str:
    """A TOML string."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def key(name: str) -> str:
    """A TOML key."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else text(name)


def array(values: Iterable[str]) -> str:
    """A TOML array of strings; one value stands alone."""
    found = [text(value) for value in values]
    return found[0] if len(found) == 1 else f"[{', '.join(found)}]"


def source(opened: Opened, *columns: str) -> str:
    """One column, or several in brackets, as the layout calls them."""
    return array(opened.address.get(column, column) for column in columns)


def comment(words: str, indent: str = "# ") -> list[str]:
    """Comment lines; nothing that a file's header holds can end one."""
    clean = "".join(character if character.isprintable() else "?" for character in words)
    lines: list[str] = []
    line = ""
    for word in clean.split(" "):
        if line and len(line) + len(word) + 1 > WIDTH - len(indent):
            lines.append(indent + line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, indent + line]


def rendered(planned: Planned) -> str:
    """The whole file."""
    lines = [
        *comment(f"Draft of an election, made by `veedor new` from {_listed(planned.files)}."),
        *comment("Every guess says what it rests on. Lines with TODO are for you; the file is valid as it stands."),
        "",
        f"id = {text(planned.id)}",
        f"name = {{ en = {text(planned.name)} }} # TODO the election's name, in English and Spanish: {{ en, es }}",
        f"date = {planned.date.isoformat()} # {planned.date_why}",
        'timezone = "UTC" # TODO the time zone of the place, such as "America/La_Paz"',
        "",
        *_levels(planned),
        *_contest(planned),
        *(line for count in planned.counts for line in _count(count)),
        *(line for part in planned.parts for line in _layout(part, planned)),
        *_questions(planned),
    ]
    return "\n".join(line.rstrip() for line in lines).rstrip() + "\n"


def _questions(planned: Planned) -> list[str]:
    if not planned.questions:
        return []
    lines = comment(
        "Open questions: they follow every count, check and table until their tables are taken out of here."
    )
    for question in planned.questions:
        choices = ", ".join(_told(choice) for choice in question.choices)
        lines += ["[[questions]]", f"about = {_told(question.about)}", f"text = {_told(question.text)}"]
        lines += [f"choices = [{choices}]", f"where = {_told(question.where)}", ""]
    return lines


def _told(words: str) -> str:
    """Words that hold texts of the file, as a TOML string on one line that steers no terminal."""
    clean = "".join(character if character.isprintable() else "?" for character in words)
    return text(clean[:LONGEST_QUESTION])


def _listed(files: Sequence[str]) -> str:
    shown = ", ".join(files[:3])
    return shown if len(files) <= 3 else f"{shown} and {len(files) - 3} more"


def _levels(planned: Planned) -> list[str]:
    if not planned.levels:
        none = comment("No column was taken for a place. Levels of geography, broadest first, would stand here:")
        return [*none, '# levels = [{ id = "region", name = { en = "Region" } }]', ""]
    lines = [*comment("Levels of geography, broadest first."), "levels = ["]
    for level in planned.levels:
        spanish = f", es = {text(level.es)}" if level.es != level.en else ""
        lines += comment(f"{level.column!r}: {level.why}", "  # ")
        lines += [f"  {{ id = {text(level.id)}, name = {{ en = {text(level.en)}{spanish} }} }},"]
    return [*lines, "]", ""]


def _contest(planned: Planned) -> list[str]:
    contest = planned.contest
    lines = ["[[contests]]", f"id = {text(planned.contest_id)}"]
    lines += [f"name = {{ en = {text(planned.contest_name)} }} # TODO what is voted on"]
    if contest is not None:
        told = " with ".join(map(repr, contest.columns))
        lines += comment(f"{told} holds {contest.why}. Not taken: {', '.join(contest.others[:20])}.")
    lines += comment("TODO the rule of the law. Most votes win: plurality. A runoff unless one has more than half:")
    lines += ['# rule = { kind = "two_round", majority = { more_than = "50 %" } }', 'rule = { kind = "plurality" }']
    others = {name: named for part in planned.parts for name, named in part.guess.other.items()}
    named = {name: one.column for name, one in others.items()}
    for part in planned.parts:
        named |= part.guess.long.other if part.guess.long is not None else {}
    if named:
        whys = [one.why for one in others.values()]
        lines += comment(whys[0] if whys else "With the votes, blank and null ones these add up to the ballots cast.")
        listed = (
            f"{{ id = {text(name)}, name = {{ en = {text(own)} }}, of_cast = true }}" for name, own in named.items()
        )
        lines += [f"other = [{', '.join(listed)}]"]
    if not planned.choices:
        lines += comment("TODO the choices, one table for each, and their columns under columns.votes below.")
        lines += ["choices = [", '  { id = "choice-1", name = { en = "TODO" } },', "]", ""]
        return lines
    lines += ["choices = ["]
    lines += [
        f"  {{ id = {text(choice)}, name = {{ en = {text(name)} }} }}," for choice, name in planned.choices.items()
    ]
    return [*lines, "]", ""]


def _count(count: CountGuess) -> list[str]:
    lines = ["[[counts]]", f"id = {text(count.id)}", f"kind = {text(count.kind)} # {count.why}"]
    lines += [f"name = {{ en = {text(count.name)} }}"]
    lines += [f"# expected_sheets = {count.sheets} # TODO how many sheets there are when all are counted", ""]
    for found in count.sources:
        lines += ["[[counts.sources]]", *_source(found), ""]
    return lines


def _source(found: SourceGuess) -> list[str]:
    lines = [f"file = {text(found.file)}"] if found.file else [f"files = {text(found.pattern or '')} # {found.why}"]
    if found.member is not None:
        lines.append(f"member = {text(found.member)}")
    if found.time is not None:
        lines.append(f"time = {found.time.isoformat()} # from the file's name")
    elif found.file:
        lines += comment(
            "TODO when it was published, as time = 2030-05-05T21:30:00; without it, the end of election day"
        )
    if found.join is not None:
        lines.append(f"join = {text(found.join)} # more of the sheets of the file above, by their key")
    if found.add:
        lines.append('add = "station" # votes of the same stations, given in another way')
    return [*lines, f"layout = {text(found.layout)}"]


def _layout(part: Part, planned: Planned) -> list[str]:
    guess = part.guess
    opened = guess.opened
    head = f"layouts.{key(part.layout)}"
    lines = [f"[{head}]", f"format = {text(opened.format)}"]
    if opened.format in ("nist-json", "nist-xml"):
        return [*lines, *_nist_contest(part, planned), *_columns(head, part, planned)]
    if opened.format == "csv":
        lines += [f"encoding = {text(opened.encoding)} {_why(opened.evidence, 'encoding')}"]
        lines += [f"delimiter = {text(opened.delimiter)} {_why(opened.evidence, 'delimiter')}"]
    if opened.format in ("csv", "xlsx"):
        lines += [f"header_row = {opened.header_row} {_why(opened.evidence, 'header_row')}"]
        lines += [f"header_rows = {opened.header_rows}"] if opened.header_rows > 1 else []
    if opened.rows is not None:
        lines += [f"rows = {text(opened.rows)} {_why(opened.evidence, 'rows')}"]
    if opened.groups is not None:
        names = ", ".join(map(text, opened.groups.columns))
        lines += [f"groups = {{ first = {opened.groups.first}, columns = [{names}] }}"]
    if opened.fill_down:
        lines += [f"fill_down = {source(opened, *opened.fill_down)}"]
    if opened.sheet is not None:
        lines += [f"sheet = {array(opened.sheets or (opened.sheet,))} {_why(opened.evidence, 'sheet')}"]
    if guess.marks.thousands:
        lines += [f"thousands = {text(guess.marks.thousands)} {_why(guess.marks.evidence, 'thousands')}"]
    if guess.marks.decimal != ".":
        lines += [f"decimal = {text(guess.marks.decimal)} {_why(guess.marks.evidence, 'decimal')}"]
    lines += _absent(guess.marks)
    if guess.time_format:
        lines += [f"time_format = {text(guess.time_format)}"]
    if guess.drop:
        rules = [f"{{ column = {source(opened, column)}, is = {array(words)} }}" for column, words in guess.drop]
        lines += ["# rows that sum others up or are of another round or contest, and notes below the table"]
        lines += [line for one in guess.left_out for line in comment(f"{one.rows:,} rows: {one.rule}")]
        lines += [f"drop = [{', '.join(rules)}]"]
    if guess.contest is not None:
        value = f"{key(planned.contest_id)} = {text(guess.contest.value)}"
        lines += [f"contest = {{ column = {source(opened, *guess.contest.columns)}, values = {{ {value} }} }}"]
    return [*lines, *_columns(head, part, planned), *_long(head, part, planned), *_status(head, guess)]


def _absent(marks: Figures) -> list[str]:
    """Texts for no figure, and those that say the most that it is."""
    bounds = {word: most for word in marks.missing if (most := at_most(word)) is not None}
    lines = []
    if words := [word for word in marks.missing if word not in bounds]:
        lines += [f"missing = {array(['', *words])} {_why(marks.evidence, 'missing')}"]
    if bounds:
        listed = ", ".join(f"{text(word)} = {most}" for word, most in bounds.items())
        lines += [f"at_most = {{ {listed} }} # figures that are absent since they are small"]
    return lines


def _nist_contest(part: Part, planned: Planned) -> list[str]:
    return (
        []
        if part.contest is None
        else [f'contest = {{ column = "ContestId", values = {{ {key(planned.contest_id)} = {text(part.contest)} }} }}']
    )


def _why(evidence: object, name: str) -> str:
    words = evidence.get(name, "") if isinstance(evidence, dict) else ""
    return comment(words)[0] if words and len(comment(words)) == 1 else (comment(words)[0] + " ..." if words else "")


def _columns(head: str, part: Part, planned: Planned) -> list[str]:
    guess = part.guess
    opened = guess.opened
    lines = ["", f"[{head}.columns]"]
    station = guess.station
    if station is None:
        first = guess.opened.header[0] if guess.opened.header else "TODO"
        lines += comment("TODO the column that identifies the station: no column, and no few together, are unique.")
        lines += [f"station = {text(first)}"]
    else:
        lines += comment(("TODO " if station.repeated and station.empty is None else "") + station.why)
        one = len(station.columns) == 1
        empty = f", if_empty = {text(f'(no {station.empty})')}" if station.empty is not None else ""
        lines += [
            f"station = {source(opened, *station.columns)}"
            if one
            else f"station = {{ join = {source(opened, *station.columns)}{empty} }}"
        ]
    for role, named in guess.figures.items():
        lines += [*comment(named.why), f"{role} = {source(opened, named.column)}"]
    if guess.other:
        listed = ", ".join(f"{key(name)} = {source(opened, named.column)}" for name, named in guess.other.items())
        lines += [f"other = {{ {listed} }}"]
    lines += [f"{role} = {source(opened, column)}" for role, column in guess.coordinates.items()]
    if guess.status is not None:
        lines += [f"status = {source(opened, guess.status.column)}"]
    if guess.arrived is not None:
        lines += [*comment(guess.arrived.why), f"arrived = {source(opened, guess.arrived.column)}"]
    if guess.unused:
        lines += comment(f"Not used: {', '.join(map(repr, guess.unused[:40]))}.")
    if part.levels:
        lines += ["", f"[{head}.columns.levels]"]
        lines += [f"{key(level)} = {source(opened, column)}" for level, column in part.levels.items()]
    if part.votes:
        lines += ["", *comment(guess.votes_why), f"[{head}.columns.votes]"]
        for choice, columns in part.votes.items():
            listed = source(opened, *columns)
            listed = listed if len(columns) == 1 else f"{{ sum = {listed}{_lines_of(columns)} }}"
            lines += [f"{key(choice)} = {listed}" + (f" # {part.vote_whys[choice]}" if part.vote_whys[choice] else "")]
    elif guess.long is None and not guess.opened.format.startswith("nist") and part.join is None:
        lines += ["", *comment("TODO the column of each choice's votes."), f"[{head}.columns.votes]"]
        lines += [f"choice-1 = {text(guess.opened.header[-1] if guess.opened.header else 'TODO')}"]
    return [*lines, ""]


def _lines_of(columns: Sequence[str]) -> str:
    """The names of the columns that are added for a choice, as its party lines, where they can be names."""
    names = [" ".join(column.split()) for column in columns]
    if len(set(names)) < len(names) or any(not 0 < len(name) <= LONGEST_LINE for name in names):
        return ""
    return f", lines = {array(names)}"


def _long(head: str, part: Part, planned: Planned) -> list[str]:
    guess, long = part.guess, part.guess.long
    if long is None:
        return []
    lines = [*comment(f"One row for each sheet and choice: {long.why}."), f"[{head}.long]"]
    lines += [f"choice = {source(guess.opened, *long.choice)}", f"votes = {source(guess.opened, long.votes)}"]
    lines += [f"{role} = {array(labels)}" for role, labels in long.special.items()]
    kept = {planned.choice_of[label]: list[str]() for label in long.lines}
    for label, names in long.lines.items():
        kept[planned.choice_of[label]] += names
    if over := [name for name in long.add_over if not kept or name != long.lines_in]:
        lines += [f"add_over = {source(guess.opened, *over)} # rows that are parts of one figure"]
    if kept and long.lines_in is not None:
        listed = ", ".join(f"{key(choice)} = {array(dict.fromkeys(names))}" for choice, names in kept.items())
        lines += ["# party lines of one choice, added up and kept beside its votes"]
        lines += [f"lines_in = {source(guess.opened, long.lines_in)}", f"lines = {{ {listed} }}"]
    if long.other:
        lines += [f"other = {{ {', '.join(f'{key(name)} = {text(label)}' for name, label in long.other.items())} }}"]
    if long.ignore:
        lines += [f"ignore = {array(long.ignore)}"]
    lines += ["", f"[{head}.long.labels]"]
    spellings: dict[str, list[str]] = {}
    for label in long.labels:
        spellings.setdefault(planned.choice_of[label], []).append(label)
    lines += [f"{key(choice)} = {array(labels)}" for choice, labels in spellings.items()]
    if not planned.choices and part.join is None:
        lines += [*comment("TODO the labels of each choice."), 'choice-1 = "TODO"']
    return [*lines, ""]


def _status(head: str, guess: Guess) -> list[str]:
    if guess.status is None:
        return []
    lines = [f"[{head}.status]"]
    for word, status in guess.status_words.items():
        todo = " # TODO counted, observed, withheld, quarantined, annulled or pending?" if status is None else ""
        lines += [f"{text(word)} = {text(status or 'observed')}{todo}"]
    return [*lines, ""]
