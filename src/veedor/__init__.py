"""veedor: count, check and audit an election from its polling-station tally sheets.

    >>> import veedor
    >>> e = veedor.open_election("bolivia-2019", data="...")
    >>> e.outcome()

What `veedor.__all__` names is stable: it changes only in a new minor version, and a name that goes away warns for at
least one minor version before it does.
"""

# Nothing is imported here: `python -m veedor` runs this before the folder that somebody stands in is left, and would
# find a module of that name there.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from veedor.api import AuditPlan, Comparison, ElectionData, Findings, Forensics, Interruption, open_election
    from veedor.count import Outcome, Tally
    from veedor.election import Election
    from veedor.errors import DefinitionError, InputError, MissingDataError, VeedorError
    from veedor.finding import Finding, Verdict

__version__ = "0.1.0"

__all__ = [
    "AuditPlan",
    "Comparison",
    "DefinitionError",
    "Election",
    "ElectionData",
    "Finding",
    "Findings",
    "Forensics",
    "InputError",
    "Interruption",
    "MissingDataError",
    "Outcome",
    "Tally",
    "VeedorError",
    "Verdict",
    "__version__",
    "open_election",
]

_HOMES = {
    **dict.fromkeys(
        ("AuditPlan", "Comparison", "ElectionData", "Findings", "Forensics", "Interruption", "open_election"),
        "veedor.api",
    ),
    **dict.fromkeys(("Outcome", "Tally"), "veedor.count"),
    **dict.fromkeys(("DefinitionError", "InputError", "MissingDataError", "VeedorError"), "veedor.errors"),
    **dict.fromkeys(("Finding", "Verdict"), "veedor.finding"),
    "Election": "veedor.election",
}
"""Where each public name lives: its module is loaded when the name is first asked for."""


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'veedor' has no attribute {name!r}; it offers {', '.join(__all__)}")
    import importlib

    found: object = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
