"""The sum of products that the slope rests on: the same bits however many threads BLAS has."""

import math
import os
import subprocess
import sys

import numpy as np
import pytest

from veedor.forensics.methods.association import _product

PROGRAM = """
import numpy as np
from veedor.forensics.methods.association import _product
x, y = np.random.default_rng(3).normal(size=(2, 34_529))
print(repr(_product(x, y)))
"""


@pytest.mark.parametrize("size", [0, 1, 10_001, 34_529])
def test_it_is_the_sum_of_products(size: int) -> None:
    x, y = np.random.default_rng(size).normal(size=(2, size))
    exact = math.fsum(float(a) * float(b) for a, b in zip(x, y, strict=True))
    assert _product(x, y) == pytest.approx(exact, rel=1e-11, abs=1e-12)


@pytest.mark.slow
def test_the_bits_are_the_same_on_one_processor_and_on_all() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    alone = {**environment, "OPENBLAS_NUM_THREADS": "1"}
    printed = {
        subprocess.run([sys.executable, "-c", PROGRAM], env=env, capture_output=True, check=True).stdout
        for env in (environment, alone)
    }
    assert len(printed) == 1
