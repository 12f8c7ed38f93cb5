"""Sums and small matrices by NumPy's own reductions, without BLAS or LAPACK.

Those add up in an order that hangs on the machine's kernels and on the number of threads, so that last digits differ;
here the same numbers give the same bits. Many small matrices lie as float[row, column, matrix]: each cell of all of
them is one contiguous array.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SWEEPS = 30
"""Rounds of rotations at most; small matrices need fewer than ten."""


def inner(one: Floats, other: Floats) -> float:
    """The sum of products of two vectors."""
    return float(np.einsum("i,i->", one, other))


def products(rows: Floats, columns: Floats) -> Floats:
    """float[i, j], the sums of products of rows i and j. rows: float[i, unit], columns: float[j, unit]."""
    return np.asarray(np.einsum("iu,ju->ij", rows, columns))


def gram(rows: Floats) -> Floats:
    """float[i, i], the sums of products of float[i, unit] with itself."""
    found = np.zeros((len(rows), len(rows)))
    for index, row in enumerate(rows):
        found[index, index:] = found[index:, index] = np.einsum("u,iu->i", row, rows[index:])
    return found


def sums(codes: NDArray[np.int64], values: Floats, size: int = 0) -> Floats:
    """float[size], the sums of float[unit] by code."""
    return np.bincount(codes, values, size).astype(np.float64, copy=False)


def added_up(codes: NDArray[np.int64], values: Floats, size: int) -> Floats:
    """Sums by code, float[..., size], of float[..., unit]."""
    found = np.empty((*values.shape[:-1], size))
    for row, total in zip(values.reshape(-1, values.shape[-1]), found.reshape(-1, size), strict=True):
        total[:] = np.bincount(codes, row, size)
    return found


def times(one: Floats, other: Floats) -> Floats:
    """The matrix products of float[i, k, matrix] and float[k, j, matrix]."""
    return np.asarray(np.einsum("ikm,kjm->ijm", one, other))


def numbered(rising: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The different values of codes that never fall, and for each code the number of its value among them."""
    new = np.concatenate(([True], rising[1:] != rising[:-1]))[: len(rising)]
    return rising[new], np.cumsum(new) - 1


def transposed(matrices: Floats) -> Floats:
    """Each matrix of float[i, j, matrix] with rows and columns exchanged."""
    return np.swapaxes(matrices, 0, 1)


def inverses(matrices: Floats) -> Floats:
    """Inverses of symmetric float[3, 3, matrix], by cofactors."""
    (a, b, c), (_, d, e), (_, _, f) = matrices
    one, two, three = d * f - e * e, c * e - b * f, b * e - c * d
    four, five, six = a * f - c * c, b * c - a * e, a * d - b * b
    scale = 1.0 / (a * one + b * two + c * three)
    inverse = np.empty_like(matrices)
    for place, cell in zip(
        ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)), (one, two, three, four, five, six), strict=True
    ):
        np.multiply(cell, scale, out=inverse[place])
        inverse[place[::-1]] = inverse[place]
    return inverse


def roots(matrices: Floats) -> Floats:
    """Lower triangular L with L L' = matrix, of positive semi-definite float[n, n, matrix] (Cholesky)."""
    size = len(matrices)
    root = np.zeros_like(matrices)
    for column in range(size):
        left = matrices[column, column] - (root[column, :column] ** 2).sum(axis=0)
        root[column, column] = np.sqrt(np.maximum(left, 0.0))
        below = np.maximum(root[column, column], 1e-150)
        for row in range(column + 1, size):
            mixed = (root[row, :column] * root[column, :column]).sum(axis=0)
            root[row, column] = (matrices[row, column] - mixed) / below
    return root


def lower_solved(lower: Floats, right: Floats) -> Floats:
    """X with L X = right, for each lower triangular L of float[n, n, matrix] and right of float[n, column, matrix]."""
    found = np.empty_like(right)
    for row in range(len(lower)):
        left = right[row] - (lower[row, :row, None] * found[:row]).sum(axis=0)
        found[row] = left / lower[row, row]
    return found


def eigen(matrix: Floats) -> tuple[Floats, Floats]:
    """Eigenvalues float[n] and eigenvectors float[n, n], as columns, of a small symmetric matrix (by Jacobi)."""
    size = len(matrix)
    a = ((matrix + matrix.T) / 2).tolist()
    vectors = np.eye(size).tolist()
    for _ in range(SWEEPS):
        if not any(a[row][column] != 0.0 for row in range(size) for column in range(row)):
            break
        for row in range(size - 1):
            for column in range(row + 1, size):
                _rotate(a, vectors, row, column)
    return np.array([a[index][index] for index in range(size)]), np.array(vectors).reshape(size, size)


def _rotate(a: list[list[float]], vectors: list[list[float]], p: int, q: int) -> None:
    """One rotation that makes a[p][q] zero (Golub and Van Loan, Matrix Computations, 8.5.2)."""
    off = a[p][q]
    if abs(off) <= 1e-17 * (abs(a[p][p] * a[q][q]) ** 0.5) or off == 0.0:
        a[p][q] = a[q][p] = 0.0
        return
    tau = (a[q][q] - a[p][p]) / (2.0 * off)
    t = (1.0 if tau >= 0 else -1.0) / (abs(tau) + (1.0 + tau * tau) ** 0.5)
    c = 1.0 / (1.0 + t * t) ** 0.5
    s = t * c
    for row in a:
        row[p], row[q] = c * row[p] - s * row[q], s * row[p] + c * row[q]
    upper, lower = a[p], a[q]
    a[p] = [c * one - s * other for one, other in zip(upper, lower, strict=True)]
    a[q] = [s * one + c * other for one, other in zip(upper, lower, strict=True)]
    a[p][q] = a[q][p] = 0.0
    for row in vectors:
        row[p], row[q] = c * row[p] - s * row[q], s * row[p] + c * row[q]


def semidefinite(matrix: Floats) -> Floats:
    """The nearest positive semi-definite matrix: negative variances are estimates of none."""
    even = (matrix + matrix.T) / 2
    if definite(even):
        return even
    values, vectors = eigen(even)
    scaled = vectors * np.maximum(values, 0.0)
    return products(scaled, vectors)


def definite(matrix: Floats, least: float = 1e-9) -> bool:
    """True if a small symmetric matrix, scaled to a diagonal of ones, has no pivot below `least` (Cholesky)."""
    a = matrix.tolist()
    size = len(a)
    own = [a[index][index] for index in range(size)]
    if min(own, default=1.0) <= 0.0:
        return False
    for column in range(size):
        pivot = a[column][column]
        if not pivot > least * own[column]:
            return False
        for row in range(column + 1, size):
            factor = a[row][column] / pivot
            for other in range(column + 1, size):
                a[row][other] -= factor * a[column][other]
    return True


def pseudo_inverse(matrix: Floats) -> Floats:
    """Of a small symmetric positive semi-definite matrix; what its columns do not tell apart stays 0."""
    scale = np.sqrt(np.maximum(np.diag(matrix), 0.0))
    by = np.where(scale > 0, 1.0 / np.where(scale > 0, scale, 1.0), 0.0)
    values, vectors = eigen(matrix * by[:, None] * by)
    kept = values > 1e-10 * max(float(values.max(initial=0.0)), 1e-300)
    inverse = np.where(kept, 1.0 / np.where(kept, values, 1.0), 0.0)
    return products(vectors * inverse, vectors) * by[:, None] * by
