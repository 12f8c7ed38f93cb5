"""What nobody signed in an audit's folder, in both languages: what its keeper alone could have changed."""

from dataclasses import dataclass

from veedor.finding import Text
from veedor.wording import fill


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
        says=Text(
            "nobody signed the record of the seed: whoever keeps this folder could have thrown seeds away and rolled"
            " again",
            "nadie firmó la constancia de la semilla: quien guarda esta carpeta pudo desechar semillas y sortear de"
            " nuevo",
        ),
    )


def not_logged(origin: str) -> Unsigned:
    """A plan that names a log, and a seed of the first form, which is not there."""
    return Unsigned(
        what="log",
        file="seed.json",
        says=fill(
            "the record of the seed is not an entry of the log {origin} that the plan names",
            "la constancia de la semilla no es una entrada del registro {origin} que el plan nombra",
            origin=origin,
        ),
    )


def objection(file: str) -> Unsigned:
    """An objection that carries no signature."""
    return Unsigned(
        what="answer",
        file=file,
        says=fill(
            "{file} is an objection without a signature: anybody could have written it, or changed its reason",
            "{file} es una objeción sin firma: cualquiera pudo escribirla o cambiar su razón",
            file=file,
        ),
    )


def answers_unchained(file: str) -> Unsigned:
    """A later answer of the first form, which does not name the one before it."""
    return Unsigned(
        what="answer",
        file=file,
        says=fill(
            "{file} does not name the answer before it: one that stood between them could have been taken away before"
            " the seed",
            "{file} no nombra la respuesta anterior: pudo quitarse una que estuviera entre ambas antes de la semilla",
            file=file,
        ),
    )


def replaced_plan(file: str) -> Unsigned:
    """A plan of the first form that was replaced: the next one does not name its answers."""
    return Unsigned(
        what="history",
        file=file,
        says=fill(
            "the plan after {file} does not name the answers to it: one could have been taken away since",
            "el plan posterior a {file} no nombra las respuestas a este: pudo quitarse alguna desde entonces",
            file=file,
        ),
    )


def entry(file: str) -> Unsigned:
    """An entry that nobody signed."""
    return Unsigned(
        what="entry",
        file=file,
        says=fill(
            "nobody signed {file}: whoever keeps this folder could have changed what was read",
            "nadie firmó {file}: quien guarda esta carpeta pudo cambiar lo leído",
            file=file,
        ),
    )


def entry_of_stranger(file: str, reader: str) -> Unsigned:
    """An entry that somebody signed whose key the plan does not name."""
    return Unsigned(
        what="entry",
        file=file,
        says=fill(
            "{file} is signed by {reader} with a key that the plan does not name: ask {reader} whose it is",
            "{file} está firmado por {reader} con una clave que el plan no nombra: pregunte a {reader} de quién es",
            file=file,
            reader=reader,
        ),
    )
