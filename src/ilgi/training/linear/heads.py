"""Fitting one head of the linear emotion model: weights for the features, and one intercept per data set.

Data sets differ in how often an emotion occurs (a seventh of ISEAR is shame; of Reddit, next to nothing). An intercept
of its own lets each source have its base rate, so that the weights only learn what tells texts of one source apart.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from ilgi.arrays import IntVector
from ilgi.errors import TrainingError
from ilgi.training.linear.design import Design
from ilgi.training.linear.lbfgs import Vector, minimise

Matrix = NDArray[np.float64]
Loss = Literal["logistic", "softmax", "squared"]


def _logistic(z: Matrix, y: Matrix) -> tuple[Vector, Matrix]:
    return (np.logaddexp(0.0, z) - y * z).sum(axis=1), 1.0 / (1.0 + np.exp(-z)) - y


def _softmax(z: Matrix, y: Matrix) -> tuple[Vector, Matrix]:
    z = z - z.max(axis=1, keepdims=True)
    log_total = np.log(np.exp(z).sum(axis=1, keepdims=True))
    return ((log_total - z) * y).sum(axis=1), np.exp(z - log_total) - y


def _squared(z: Matrix, y: Matrix) -> tuple[Vector, Matrix]:
    return 0.5 * ((z - y) ** 2).sum(axis=1), z - y


_LOSSES: Final[dict[Loss, Callable[[Matrix, Matrix], tuple[Vector, Matrix]]]] = {
    "logistic": _logistic,
    "softmax": _softmax,
    "squared": _squared,
}


@dataclass(frozen=True, eq=False)
class Head:
    """One fitted head of C columns over K features."""

    weights: Matrix
    """(C, K)."""
    intercepts: Matrix
    """(C, S) one per column and source."""
    iterations: int
    """How many steps the fit took."""


def fit_head(
    design: Design,
    targets: Matrix,
    source: IntVector,
    *,
    loss: Loss,
    row_weights: Vector,
    sources: int,
    l2: float,
    iterations: int,
) -> Head:
    """Return the head that minimises Σ rows weight · loss + l2/2 · ‖weights‖²; intercepts are not penalised.

    Args:
        design: (n, K).
        targets: (n, C): C = 1 for "logistic" (in [0, 1]) and "squared", shares that sum to 1 for "softmax".
        source: (n,) data set of each row, 0 to sources - 1.
        loss: Which loss.
        row_weights: (n,) how much each row counts.
        sources: S.
        l2: Strength of the penalty, in rows.
        iterations: Steps of L-BFGS at most.

    Raises:
        TrainingError: The loss is not finite.
    """
    n, k = design.shape
    c = targets.shape[1]
    evaluate = _LOSSES[loss]

    def value_and_gradient(x: Vector) -> tuple[float, Vector]:
        weights, intercepts = x[: c * k].reshape(c, k), x[c * k :].reshape(c, sources)
        scores = np.stack([design.times(w) for w in weights], axis=1) + intercepts.T[source]
        values, residuals = evaluate(scores, targets)
        residuals *= row_weights[:, None]
        gradient = np.empty_like(x)
        for j in range(c):
            gradient[j * k : (j + 1) * k] = design.transposed_times(residuals[:, j]) + l2 * weights[j]
            at = c * k + j * sources
            gradient[at : at + sources] = np.bincount(source, weights=residuals[:, j], minlength=sources)
        return float((values * row_weights).sum()) + 0.5 * l2 * float((weights**2).sum()), gradient

    start = np.concatenate([np.zeros(c * k), _first_intercepts(targets, source, row_weights, sources, loss).ravel()])
    x, steps = minimise(value_and_gradient, start, iterations=iterations)
    if not np.isfinite(x).all():
        raise TrainingError(f"a {loss} head is not finite after {steps} steps of {n} rows: raise l2")
    return Head(x[: c * k].reshape(c, k), x[c * k :].reshape(c, sources), steps)


def source_means(targets: Matrix, source: IntVector, row_weights: Vector, sources: int, *, prior: float) -> Matrix:
    """Return (C, S) mean target per source, with two rows at `prior` added so that no mean is 0 or 1."""
    weight = np.bincount(source, weights=row_weights, minlength=sources) + 2.0
    sums = [np.bincount(source, weights=row_weights * y, minlength=sources) for y in targets.T]
    return (np.stack(sums) + 2.0 * prior) / weight


def _first_intercepts(targets: Matrix, source: IntVector, row_weights: Vector, sources: int, loss: Loss) -> Matrix:
    mean = source_means(targets, source, row_weights, sources, prior=0.5 if loss == "logistic" else 1 / 4)
    if loss == "logistic":
        return np.log(mean / (1.0 - mean))
    return np.log(mean) if loss == "softmax" else mean
