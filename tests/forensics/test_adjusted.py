"""Adjusted p-values against SciPy's, which the room does not load because it takes most of a second."""

import subprocess
import sys

import numpy as np
import pytest
from scipy.stats import false_discovery_control

from veedor.forensics.multiple_testing import benjamini_hochberg


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_the_same_as_scipy(size: int) -> None:
    p = np.random.default_rng(size).random(size) ** 3
    assert benjamini_hochberg(p) == pytest.approx(false_discovery_control(p), abs=1e-15)


@pytest.mark.slow
def test_the_room_does_not_load_scipy_stats() -> None:
    code = "import veedor.forensics.study, sys; print('scipy.stats' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout.strip() == b"False"
