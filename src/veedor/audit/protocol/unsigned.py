"""What nobody signed in an audit's folder, in both languages: what its keeper alone could have changed."""

from dataclasses import dataclass

from veedor.audit.texts import TEXTS
from veedor.finding import Text


@dataclass(frozen=True, kw_only=True)
class Unsigned:
    """One thing that nobody signed, or only somebody whom the plan does not name. file: where it stands."""

    what: str
    file: str
    says: Text


def seed_record() -> Unsigned:
    """A seed of the first form."""
    return Unsigned(
        what="seed",
        file="seed.json",
        says=TEXTS.say("unsigned.seed_record.says"),
    )


def not_logged(origin: str) -> Unsigned:
    """A plan that names a log, and a seed of the first form, which is not there."""
    return Unsigned(
        what="log",
        file="seed.json",
        says=TEXTS.say("unsigned.not_logged.says", origin=origin),
    )


def objection(file: str) -> Unsigned:
    """An objection that carries no signature."""
    return Unsigned(
        what="answer",
        file=file,
        says=TEXTS.say("unsigned.objection.says", file=file),
    )


def answers_unchained(file: str) -> Unsigned:
    """A later answer of the first form, which does not name the one before it."""
    return Unsigned(
        what="answer",
        file=file,
        says=TEXTS.say("unsigned.answers_unchained.says", file=file),
    )


def replaced_plan(file: str) -> Unsigned:
    """A plan of the first form that was replaced: the next one does not name its answers."""
    return Unsigned(
        what="history",
        file=file,
        says=TEXTS.say("unsigned.replaced_plan.says", file=file),
    )


def entry(file: str) -> Unsigned:
    """An entry that nobody signed."""
    return Unsigned(
        what="entry",
        file=file,
        says=TEXTS.say("unsigned.entry.says", file=file),
    )


def entry_of_stranger(file: str, reader: str) -> Unsigned:
    """An entry that somebody signed whose key the plan does not name."""
    return Unsigned(
        what="entry",
        file=file,
        says=TEXTS.say("unsigned.entry_of_stranger.says", file=file, reader=reader),
    )
