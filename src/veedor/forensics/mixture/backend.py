"""JAX is loaded only when the mixture is asked for; without it the error names the extra."""

import contextlib
import importlib
import os
import warnings
from pathlib import Path

from veedor.errors import MissingExtraError, VeedorError

NEEDED = ("jax", "numpyro", "arviz")
DEVICES = ("cpu", "gpu")


def require() -> None:
    """Raise VeedorError, with the remedy, where a package of the extra is missing.

    Loaded from a folder of ours: ArviZ and Matplotlib take their settings from the current one, whoever filled it.
    """
    for name in NEEDED:
        try:
            with warnings.catch_warnings(), contextlib.chdir(Path(__file__).parent):
                warnings.simplefilter("ignore")
                importlib.import_module(name)
        except ImportError as missing:
            raise MissingExtraError(f"the mixture needs {name}, which is not installed", extra="bayes") from missing


def prepare(*, chains: int = 1, device: str = "cpu") -> None:
    """Float64, the device, and on a CPU one thread of control a chain. Call it before anything else uses JAX.

    A process that has used JAX before keeps its devices: chains then run one after another, with the same numbers.
    """
    if device not in DEVICES:
        raise VeedorError(f"no device {device!r}; there are {', '.join(DEVICES)}")
    flags = os.environ.get("XLA_FLAGS", "")
    if device == "cpu" and "xla_force_host_platform_device_count" not in flags:
        os.environ["XLA_FLAGS"] = f"{flags} --xla_force_host_platform_device_count={chains}".strip()
    require()
    import jax

    jax.config.update("jax_enable_x64", True)
    try:
        jax.config.update("jax_default_device", jax.devices(device)[0])
    except RuntimeError as absent:
        raise VeedorError(f"JAX finds no {device} here; use --device cpu") from absent


def versions() -> dict[str, str]:
    """Versions of the packages that made the numbers."""
    return {name: str(importlib.import_module(name).__version__) for name in ("jax", "numpyro", "arviz")}
