"""Every target, by name; the order is that of the rooms."""

import importlib

from tests.fuzz.target import Target

MODULES = ("rim", "sheets", "packed", "definitions", "draft", "record", "log", "audit", "audit_folder", "dossier")


def _all() -> dict[str, Target]:
    found: dict[str, Target] = {}
    for module in MODULES:
        for target in importlib.import_module(f"tests.fuzz.targets.{module}").TARGETS:
            assert target.name not in found, target.name
            found[target.name] = target
    return found


TARGETS = _all()


def target_named(name: str) -> Target:
    """The target; also one of those that fail on purpose, with which the harness is tried."""
    if name.startswith("planted-"):
        from tests.fuzz.targets.planted import PLANTED

        return PLANTED[name]
    return TARGETS[name]
