"""The seed: made in public after the plan binds, once, so that nobody can choose it alone.

Dice: at least 20 decimal digits rolled before witnesses, written down with who, where and when. Commit and reveal:
each party publishes SHA256("veedor/commit/1" 00 plan hash 00 its id 00 its secret), signed; when all have, each shows
its secret; the seed is the hexadecimal SHA256 of "veedor/seed/1" 00 and the secrets in the order of the ids, each
followed by a zero byte.
"""

import re
from hashlib import sha256
from pathlib import Path
from typing import Any

from veedor.audit import folder as files
from veedor.audit.consent import Answer, check, require_binding, statement
from veedor.audit.plan import DiceSeed, Plan, RevealSeed
from veedor.errors import VeedorError

SHORTEST_SECRET = 32


def commitment(plan_hash: str, signatory: str, secret: str) -> str:
    """What a party publishes in place of its secret."""
    return sha256(b"\0".join([b"veedor/commit/1", plan_hash.encode(), signatory.encode(), secret.encode()])).hexdigest()


def joint_seed(secrets: dict[str, str]) -> str:
    """The seed that all secrets give together."""
    parts = [b"veedor/seed/1", *(secrets[name].encode() for name in sorted(secrets))]
    return sha256(b"".join(part + b"\0" for part in parts)).hexdigest()


def check_secret(secret: str) -> None:
    """A secret is printable text without spaces, long enough that nobody can guess it from its commitment."""
    if len(secret) < SHORTEST_SECRET or not re.fullmatch(r"[\x21-\x7e]+", secret):
        raise VeedorError(f"a secret is at least {SHORTEST_SECRET} printable characters without spaces")


def rolled(folder: Path, digits: str, *, who: str, where: str, when: str) -> dict[str, Any]:
    """Record the digits rolled. Refused before the plan binds, if there is a seed, or if the digits are too few."""
    plan, plan_hash = files.open_plan(folder)
    _refuse_second(folder)
    given = require_binding(folder, plan, plan_hash)
    if not isinstance(plan.seed, DiceSeed):
        raise VeedorError("the plan says that the seed is made by commit and reveal")
    if not (digits.isascii() and digits.isdigit()) or len(digits) != plan.seed.digits:
        raise VeedorError(f"the plan asks for {plan.seed.digits} digits, got {len(digits)} characters: {digits[:60]!r}")
    if len(set(digits)) == 1:
        raise VeedorError("all digits are the same: these were not rolled")
    return _write(folder, plan_hash, given, digits, {"method": "dice", "who": who, "where": where, "when": when}, ())


def commit(folder: Path, text: bytes, signature: str) -> Answer:
    """Record a party's signed commitment. Refused before the plan binds and once any secret has been shown."""
    plan, plan_hash = files.open_plan(folder)
    _refuse_second(folder)
    require_binding(folder, plan, plan_hash)
    answer = check(plan, plan_hash, text, signature, "the statement")
    if answer.kind != "commits" or answer.signatory not in _parties(plan):
        raise VeedorError("not a commitment by one of the parties that the plan names for the seed")
    if any((folder / "seed").glob("*.secret")):
        raise VeedorError("a secret has been shown already: no commitment can be taken any more")
    name = f"seed/{answer.signatory}.commit"
    files.write_new(folder, f"{name}.sig", signature.encode())
    files.write_new(folder, f"{name}.txt", text)
    return answer


def reveal(folder: Path, signatory: str, secret: str, *, when: str) -> dict[str, Any] | None:
    """Show a party's secret. Refused before all have committed. The last one makes the seed, which is returned."""
    plan, plan_hash = files.open_plan(folder)
    _refuse_second(folder)
    given = require_binding(folder, plan, plan_hash)
    committed = commitments(folder, plan, plan_hash)
    missing = [name for name in _parties(plan) if name not in committed]
    if missing:
        raise VeedorError(f"not all have committed yet: {', '.join(missing)}")
    if signatory not in committed:
        raise VeedorError(f"{signatory} is not one of the parties that make the seed: {', '.join(_parties(plan))}")
    check_secret(secret)
    if commitment(plan_hash, signatory, secret) != committed[signatory]:
        raise VeedorError(f"this is not the secret that {signatory} committed to")
    files.write_new(folder, f"seed/{signatory}.secret", secret.encode())
    shown = _secrets(folder, plan)
    if len(shown) < len(committed):
        return None
    names = [f"seed/{name}{end}" for name in sorted(shown) for end in (".commit.txt", ".commit.sig", ".secret")]
    how = {"method": "commit_and_reveal", "when": when}
    return _write(folder, plan_hash, given, joint_seed(shown), how, tuple(names))


def commitments(folder: Path, plan: Plan, plan_hash: str) -> dict[str, str]:
    """The commitment of each party that made one, its signature verified."""
    found = {}
    for name in _parties(plan):
        file = f"seed/{name}.commit.txt"
        if (folder / file).exists():
            signature = files.read(folder, f"seed/{name}.commit.sig").decode("utf-8", "replace")
            answer = check(plan, plan_hash, files.read(folder, file), signature, file)
            if answer.kind != "commits" or answer.signatory != name:
                raise VeedorError(f"{folder / file} is not the commitment of {name}")
            found[name] = answer.detail
    return found


def open_seed(folder: Path, plan: Plan, plan_hash: str) -> dict[str, Any]:
    """The seed's document, checked again: what it rests on, that the plan bound, and that the secrets give the seed."""
    document = files.read_json(folder, files.SEED)
    files.check_rests_on(folder, document, files.SEED)
    given = require_binding(folder, plan, plan_hash)
    wanted = {files.PLAN, *_answer_files(folder, given)}
    if not wanted <= set(document.get("rests_on", {})):
        raise VeedorError(f"{folder / files.SEED} does not rest on the plan and on every answer to it")
    value = document.get("seed")
    if isinstance(plan.seed, DiceSeed):
        good = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) == plan.seed.digits
    else:
        committed, shown = commitments(folder, plan, plan_hash), _secrets(folder, plan)
        good = (
            set(shown) == set(_parties(plan)) == set(committed)
            and all(commitment(plan_hash, name, secret) == committed[name] for name, secret in shown.items())
            and value == joint_seed(shown)
        )
    if not good:
        raise VeedorError(f"{folder / files.SEED}: the seed is not what the plan's way of making it gives")
    return document


def commitment_statement(plan: Plan, plan_hash: str, signatory: str, secret: str, at: str) -> str:
    """The text that a party signs to commit to its secret."""
    check_secret(secret)
    return statement(plan_hash, plan.signatory(signatory), "commits", at, commitment(plan_hash, signatory, secret))


def _write(
    folder: Path, plan_hash: str, given: dict[str, Answer], value: str, how: dict[str, str], more: tuple[str, ...]
) -> dict[str, Any]:
    names = [files.PLAN, *_answer_files(folder, given), *more]
    document = {
        "format": "veedor/audit-seed/1",
        "seed": value,
        **how,
        "plan": plan_hash,
        "rests_on": files.hashes(folder, names),
    }
    files.write_new(folder, files.SEED, files.as_json(document))
    return document


def _answer_files(folder: Path, given: dict[str, Answer]) -> list[str]:
    names = [name for answer in given.values() for name in (answer.file, answer.file.removesuffix(".txt") + ".sig")]
    return [name for name in names if (folder / name).exists()]


def _refuse_second(folder: Path) -> None:
    if (folder / files.SEED).exists():
        raise VeedorError("there is a seed already; a second one is never taken")


def _parties(plan: Plan) -> tuple[str, ...]:
    if not isinstance(plan.seed, RevealSeed):
        raise VeedorError("the plan says that the seed is rolled")
    return plan.seed.parties


def _secrets(folder: Path, plan: Plan) -> dict[str, str]:
    return {
        name: files.read(folder, f"seed/{name}.secret").decode("ascii", "replace")
        for name in _parties(plan)
        if (folder / f"seed/{name}.secret").exists()
    }
