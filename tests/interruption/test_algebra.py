"""Small matrices and sums against NumPy's own linear algebra."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from veedor.interruption.algebra import (
    added_up,
    eigen,
    gram,
    inner,
    inverses,
    numbered,
    products,
    pseudo_inverse,
    roots,
    semidefinite,
    times,
    transposed,
)

SEEDS = st.integers(0, 2**32)


def _positive(seed: int, size: int, many: int) -> np.ndarray:
    """float[many, size, size], symmetric and positive definite, of very unequal scales."""
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(many, size, size + 2)) * rng.lognormal(0, 1, (many, size, 1))
    return np.asarray(root @ np.swapaxes(root, 1, 2))


@given(seed=SEEDS)
def test_inverses_and_roots(seed: int) -> None:
    matrices = _positive(seed, 3, 5)
    here = np.moveaxis(matrices, 0, -1)
    assert np.moveaxis(inverses(here), -1, 0) == pytest.approx(np.linalg.inv(matrices), rel=1e-6, abs=1e-9)
    assert np.moveaxis(roots(here), -1, 0) == pytest.approx(np.linalg.cholesky(matrices), rel=1e-7, abs=1e-9)
    assert np.moveaxis(times(here, transposed(here)), -1, 0) == pytest.approx(matrices @ matrices, rel=1e-9)


@given(seed=SEEDS, size=st.integers(1, 6))
def test_eigenvalues(seed: int, size: int) -> None:
    matrix = _positive(seed, size, 1)[0] - _positive(seed + 1, size, 1)[0]
    values, vectors = eigen(matrix)
    largest = np.abs(values).max()
    assert np.sort(values) == pytest.approx(np.linalg.eigvalsh(matrix), abs=1e-10 * largest)
    assert vectors @ np.diag(values) @ vectors.T == pytest.approx(matrix, abs=1e-10 * largest)
    assert vectors.T @ vectors == pytest.approx(np.eye(size), abs=1e-12)


def test_a_diagonal_matrix_and_one_of_zeros() -> None:
    assert eigen(np.diag([3.0, 1.0]))[0].tolist() == [3.0, 1.0]
    assert eigen(np.zeros((3, 3)))[0].tolist() == [0.0, 0.0, 0.0]


@given(seed=SEEDS)
def test_pseudo_inverses(seed: int) -> None:
    matrix = _positive(seed, 3, 1)[0]
    singular = np.zeros((4, 4))
    singular[:3, :3] = matrix
    expected = np.zeros((4, 4))
    expected[:3, :3] = np.linalg.inv(matrix)
    assert pseudo_inverse(singular) == pytest.approx(expected, rel=1e-6, abs=1e-9)


def test_a_column_told_twice_is_told_once() -> None:
    """Two equal columns: least squares gives each half of the slope, as the smallest solution does."""
    x = np.array([1.0, 2.0, 3.0, 4.0])
    both = np.stack([x, x])
    slopes = pseudo_inverse(gram(both)) @ products(both, np.array([2.0 * x]))
    assert slopes[:, 0] == pytest.approx([1.0, 1.0])


def test_negative_variances_are_estimates_of_none() -> None:
    assert semidefinite(np.diag([2.0, -1.0, 0.5])) == pytest.approx(np.diag([2.0, 0.0, 0.5]), abs=1e-12)
    definite = _positive(1, 3, 1)[0]
    assert semidefinite(definite) == pytest.approx(definite)


def test_sums() -> None:
    rng = np.random.default_rng(3)
    rows, codes = rng.normal(size=(3, 200)), rng.integers(0, 5, 200)
    assert gram(rows) == pytest.approx(rows @ rows.T)
    assert inner(rows[0], rows[1]) == pytest.approx(rows[0] @ rows[1])
    expected = np.stack([rows[:, codes == code].sum(axis=1) for code in range(6)], axis=1)
    assert added_up(codes, rows, 6) == pytest.approx(expected)
    values, position = numbered(np.array([2, 2, 5, 9, 9]))
    assert values.tolist() == [2, 5, 9]
    assert position.tolist() == [0, 0, 1, 2, 2]
