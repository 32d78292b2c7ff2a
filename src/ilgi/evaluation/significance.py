"""Whether one model is better than another, or only lucky with the films: paired bootstrap tests, corrected for many.

Every model is measured on the same resamples of the films (`bootstrap_values`), so that what is hard about a resample
is hard for all. The p value of a pair comes from how far its difference lies from zero, in standard errors that the
resamples tell; of many pairs some lie far off by chance, which Holm's correction allows for.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ilgi.errors import InputError


def two_sided_p(value: float, differences: ArrayLike) -> float:
    """Return the p value of "there is no difference", by the normal distribution; in [0, 1].

        p = 2 Φ(-|value| / s),  s the standard deviation of the differences in resamples

    (Efron and Tibshirani 1993, "An Introduction to the Bootstrap", 12.) Counting resamples on the other side of zero
    would do without the normal distribution, but of 1,000 it can't tell a p below 0.002, which forty comparisons make
    0.08.

    Args:
        value: First minus second, on all items.
        differences: (R,) the same on each resample; those that are NaN are left out.

    Raises:
        InputError: None is left.
    """
    d = np.asarray(differences, dtype=np.float64)
    d = d[~np.isnan(d)]
    if not len(d):
        raise InputError("a test needs at least one resample in which both models could be measured")
    spread = float(d.std())
    if spread == 0:
        return 1.0 if value == 0 else 0.0
    return math.erfc(abs(value) / spread / math.sqrt(2.0))


def holm(p_values: Sequence[float]) -> list[float]:
    """Return the p values, corrected for being several: those below α are false with probability at most α in all.

    In rising order the i-th of m is multiplied by m - i + 1, and none may be smaller than the one before (Holm 1979, "A
    simple sequentially rejective multiple test procedure").

    Args:
        p_values: (m,) each in [0, 1].

    Raises:
        InputError: One lies outside.
    """
    p = np.asarray(p_values, dtype=np.float64)
    if not ((p >= 0) & (p <= 1)).all():
        raise InputError("p values lie between 0 and 1")
    order = np.argsort(p, kind="stable")
    factor = len(p) - np.arange(len(p))
    corrected = np.minimum(np.maximum.accumulate(p[order] * factor), 1.0)
    result = np.empty(len(p))
    result[order] = corrected
    return [float(value) for value in result]


def compared_with(
    name: str, values: Mapping[str, float], again: Mapping[str, NDArray[np.float64]], *, level: float = 0.95
) -> dict[str, dict[str, float]]:
    """Compare every model with one of them.

    Args:
        name: The one.
        values: Model → its figure on all items.
        again: Model → (R,) its figure on each resample, the same resamples for all.
        level: The share of resamples that an interval covers.

    Returns:
        Other model → {"value", "low", "high": its figure minus the one's, "p": corrected by Holm over all of them}.
        One that no resample could measure is left out.
    """
    differences = {other: again[other] - again[name] for other in values if other != name}
    others = [other for other, d in differences.items() if not np.isnan(d).all()]
    p_values = holm([two_sided_p(values[other] - values[name], differences[other]) for other in others])
    found: dict[str, dict[str, float]] = {}
    for other, p in zip(others, p_values, strict=True):
        low, high = np.nanquantile(differences[other], [(1 - level) / 2, (1 + level) / 2])
        found[other] = {"value": values[other] - values[name], "low": float(low), "high": float(high), "p": p}
    return found
