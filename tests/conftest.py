"""What every room's tests share."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

# Shared runners are slow at odd moments: a deadline would make tests fail for reasons that are not theirs.
settings.register_profile("veedor", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
settings.load_profile("veedor")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with real elections and expected values; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("VEEDOR_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"needs the real elections and expected values in {folder}, which is not there")
    return folder
