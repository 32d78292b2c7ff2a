"""Takes out of affect what tells how many stars a reviewer gave.

A review's feeling is first of all about the film's quality, and films of some genres are liked better than others. What
a model predicts from inputs that tell nothing of the stars, it predicts from the rest of the feeling.
"""

from dataclasses import dataclass

import numpy as np

from ilgi.arrays import FloatMatrix, FloatVector
from ilgi.errors import InputError

_RIDGE = 1e-3


@dataclass(frozen=True, eq=False)
class StarAxis:
    """The direction that predicts stars, and how every column goes along with it."""

    center: FloatVector
    """(A,) the mean of each column."""
    weight: FloatVector
    """(A,) predicted stars are (x - center) · weight, but for a constant."""
    slope: FloatVector
    """(A,) how much each column changes with one predicted star."""

    def apply(self, affect: FloatMatrix) -> FloatMatrix:
        """Return (n, A) without what goes along with the predicted stars: each column is then uncorrelated with them.

        Args:
            affect: (n, A).
        """
        predicted = (affect - self.center) @ self.weight
        return np.asarray(affect - predicted[:, None] * self.slope, dtype=np.float32)


def star_axis(affect: FloatMatrix, stars: FloatVector) -> StarAxis:
    """Return the axis that least squares finds (partialling out; Frisch and Waugh 1933).

    Args:
        affect: (n, A).
        stars: (n,) NaN where none were given.

    Raises:
        InputError: Fewer than two reviews have stars, or all have the same.
    """
    x, y = affect.astype(np.float64), stars.astype(np.float64)
    rated = ~np.isnan(y)
    if rated.sum() < 2 or np.ptp(y[rated]) == 0:
        raise InputError(
            "no stars to take out: name the column of the reviewers' ratings in the recipe (rating_column)"
        )
    center = x[rated].mean(axis=0)
    inner = x[rated] - center
    gram = inner.T @ inner
    # A column that is the sum of others would make the solution grow without bound.
    ridge = _RIDGE * np.trace(gram) / len(gram) * np.eye(len(gram))
    weight = np.linalg.solve(gram + ridge, inner.T @ (y[rated] - y[rated].mean()))
    predicted = (x - center) @ weight
    spread = predicted - predicted.mean()
    total = float(spread @ spread)
    slope = (spread @ (x - x.mean(axis=0))) / total if total > 0 else np.zeros(x.shape[1])
    return StarAxis(center.astype(np.float32), weight.astype(np.float32), slope.astype(np.float32))
