"""How much a prediction moves with the feeling that it was made from: a model that always says "Drama" does not."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ilgi.arrays import FloatMatrix, FloatVector, IntVector
from ilgi.errors import InputError


def mutual_information(first: ArrayLike, second: ArrayLike) -> float:
    """Return how much two labellings of the same rows tell of each other, in bits, corrected for the sample's size.

        I = Σ_ij p_ij log2 (p_ij / (p_i p_j)) - (K_ij - K_i - K_j + 1) / (2 n ln 2)

    K are the numbers of cells that occur. Without the second term (Miller 1955) every finite sample of two labellings
    that have nothing to do with each other would share some information. Never below 0.

    Args:
        first: (n,) whole numbers from 0, such as the emotion that stands out.
        second: (n,) whole numbers from 0, such as the label that comes first.

    Raises:
        InputError: The shapes differ, or there are no rows.
    """
    a, b = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
    if a.shape != b.shape or a.ndim != 1 or not len(a):
        raise InputError("mutual information needs two labellings of the same rows, at least one")
    table = np.zeros((a.max() + 1, b.max() + 1))
    np.add.at(table, (a, b), 1.0)
    n = len(a)
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    i, j = np.nonzero(table)
    p = table[i, j] / n
    plain = float((p * np.log2(p * n * n / (rows[i] * columns[j]))).sum())
    cells = len(i) - np.count_nonzero(rows) - np.count_nonzero(columns) + 1
    return max(0.0, plain - cells / (2.0 * n * float(np.log(2.0))))


def distance_from_prior(p: FloatMatrix, prior: FloatVector | FloatMatrix) -> float:
    """Return the mean Jensen–Shannon distance between predictions and the prior, both scaled to sum to 1; in [0, 1].

        √JS(p, q),  JS = ½ KL(p ‖ m) + ½ KL(q ‖ m) in bits,  m = ½ (p + q)

    0: the answer never moves. Lin 1991, "Divergence measures based on the Shannon entropy"; that its root is a
    distance: Endres and Schindelin 2003.

    Args:
        p: (n, L) predicted probabilities, n ≥ 1.
        prior: (L,) base rates; or (n, L), where predictions come from models with different ones.

    Raises:
        InputError: The shapes don't fit, or there are no rows.
    """
    if p.ndim != 2 or not len(p) or prior.shape not in ((p.shape[1],), p.shape):
        raise InputError("a distance needs at least one row of predictions and a base rate for each label")
    one = _shares(p.astype(np.float64))
    other = np.broadcast_to(_shares(np.atleast_2d(prior.astype(np.float64))), one.shape)
    middle = 0.5 * (one + other)
    divergence = 0.5 * _kl(one, middle) + 0.5 * _kl(other, middle)
    return float(np.sqrt(np.clip(divergence, 0.0, 1.0)).mean())


def lift_by_group(lift: FloatMatrix, group: IntVector, groups: int) -> NDArray[np.float64]:
    """Return (groups, L) the mean lift of each group of rows; NaN for a group without rows.

    Args:
        lift: (n, L) log-odds over the base rate.
        group: (n,) the group of each row, from 0.
        groups: How many there are.
    """
    total = np.zeros((groups, lift.shape[1]))
    np.add.at(total, group, lift.astype(np.float64))
    count = np.bincount(group, minlength=groups)[:, None]
    mean: NDArray[np.float64] = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return mean


def _shares(p: NDArray[np.float64]) -> NDArray[np.float64]:
    total = p.sum(axis=1, keepdims=True)
    # A row of zeros favours nothing.
    shares: NDArray[np.float64] = np.divide(p, total, out=np.full(p.shape, 1.0 / p.shape[1]), where=total > 0)
    return shares


def _kl(p: NDArray[np.float64], q: NDArray[np.float64]) -> NDArray[np.float64]:
    ratio = np.divide(p, q, out=np.ones(p.shape), where=p > 0)
    each: NDArray[np.float64] = (p * np.log2(ratio)).sum(axis=1)
    return each
